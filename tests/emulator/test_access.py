import httpx
import pytest

from tests.emulator.conftest import code
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM

pytestmark = pytest.mark.anyio

POLICY = "/policies/crossTenantAccessPolicy"
PARTNERS = f"{POLICY}/partners"
PARTNER = f"{PARTNERS}/{CONTOSO}"
SYNCHRONIZATION = f"{PARTNER}/identitySynchronization"


@pytest.fixture
async def partnered(fabrikam: httpx.AsyncClient) -> httpx.AsyncClient:
    response = await fabrikam.post(PARTNERS, json={"tenantId": CONTOSO, "@odata.type": "#x"})
    assert response.status_code == 201
    return fabrikam


async def test_a_new_partner_inherits_everything(partnered: httpx.AsyncClient) -> None:
    partner = (await partnered.get(PARTNER)).json()
    context = partner.pop("@odata.context")
    assert context.endswith("#policies/crossTenantAccessPolicy/partners/$entity")
    assert partner == {
        "tenantId": CONTOSO,
        "isServiceProvider": None,
        "isInMultiTenantOrganization": False,
        "inboundTrust": None,
        "b2bCollaborationOutbound": None,
        "b2bCollaborationInbound": None,
        "b2bDirectConnectOutbound": None,
        "b2bDirectConnectInbound": None,
        "tenantRestrictions": None,
        "crossCloudMeetingConfiguration": {"inboundAllowed": None, "outboundAllowed": None},
        "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
    }


async def test_a_partner_is_added_once(partnered: httpx.AsyncClient) -> None:
    response = await partnered.post(PARTNERS, json={"tenantId": CONTOSO.upper()})
    assert code(response) == (409, "Request_MultipleObjectsWithSameKeyValue")
    message = "Another object with the same value for property tenantId already exists."
    assert response.json()["error"]["message"] == message


@pytest.mark.parametrize("tenant", ["", "contoso.com", FABRIKAM])
async def test_a_partner_is_another_tenant_by_its_id(fabrikam: httpx.AsyncClient, tenant: str) -> None:
    assert code(await fabrikam.post(PARTNERS, json={"tenantId": tenant})) == (400, "Request_BadRequest")


async def test_a_patch_of_one_side_keeps_the_other(partnered: httpx.AsyncClient) -> None:
    for side in ("inboundAllowed", "outboundAllowed"):
        patch = {"automaticUserConsentSettings": {side: True, "@odata.type": "#x"}}
        response = await partnered.patch(PARTNER, json=patch)
        assert (response.status_code, response.content) == (204, b"")
    partner = (await partnered.get(PARTNER)).json()
    assert partner["automaticUserConsentSettings"] == {"inboundAllowed": True, "outboundAllowed": True}


@pytest.mark.parametrize("wrong", ["yes", {"inboundAllowed": "yes"}, {"inboundAllowed": 1}])
async def test_a_switch_is_on_off_or_inherited(partnered: httpx.AsyncClient, wrong: object) -> None:
    patch = {"inboundTrust": None, "automaticUserConsentSettings": wrong}
    assert code(await partnered.patch(PARTNER, json=patch)) == (400, "Request_BadRequest")
    partner = (await partnered.get(PARTNER)).json()
    assert partner["automaticUserConsentSettings"] == {"inboundAllowed": None, "outboundAllowed": None}


async def test_a_part_of_the_default_keeps_the_rest(fabrikam: httpx.AsyncClient) -> None:
    patch = {"inboundTrust": {"isMfaAccepted": True}}
    assert (await fabrikam.patch(f"{POLICY}/default", json=patch)).status_code == 204
    trust = (await fabrikam.get(f"{POLICY}/default")).json()["inboundTrust"]
    assert trust == {
        "isMfaAccepted": True,
        "isCompliantDeviceAccepted": False,
        "isHybridAzureADJoinedDeviceAccepted": False,
    }


async def test_null_goes_back_to_inheriting(partnered: httpx.AsyncClient) -> None:
    await partnered.patch(PARTNER, json={"inboundTrust": {"isMfaAccepted": True}})
    await partnered.patch(PARTNER, json={"inboundTrust": None})
    assert (await partnered.get(PARTNER)).json()["inboundTrust"] is None


async def test_an_unknown_property_and_an_unknown_partner_are_refused(partnered: httpx.AsyncClient) -> None:
    assert code(await partnered.patch(PARTNER, json={"colour": 1})) == (400, "Request_BadRequest")
    assert code(await partnered.get(f"{PARTNERS}/{FABRIKAM}")) == (404, "Request_ResourceNotFound")


async def test_synchronization_is_put_once_and_patched_after(partnered: httpx.AsyncClient) -> None:
    assert code(await partnered.get(SYNCHRONIZATION)) == (404, "Request_ResourceNotFound")
    body = {"userSyncInbound": {"isSyncAllowed": True}}
    assert code(await partnered.patch(SYNCHRONIZATION, json=body)) == (404, "Directory_ObjectNotFound")
    assert (await partnered.put(SYNCHRONIZATION, json=body)).status_code == 204
    again = await partnered.put(SYNCHRONIZATION, json=body)
    assert code(again) == (409, "Request_MultipleObjectsWithSameKeyValue")
    assert again.json()["error"]["details"][0]["code"] == "ConflictingObjects"
    assert (await partnered.patch(SYNCHRONIZATION, json={"displayName": "Contoso"})).status_code == 204
    found = (await partnered.get(SYNCHRONIZATION)).json()
    assert (found["tenantId"], found["displayName"], found["userSyncInbound"]) == (
        CONTOSO,
        "Contoso",
        {"isSyncAllowed": True},
    )


async def test_synchronization_needs_its_partner(fabrikam: httpx.AsyncClient) -> None:
    assert code(await fabrikam.put(SYNCHRONIZATION, json={})) == (404, "Directory_ObjectNotFound")


async def test_groups_are_synchronized_by_beta_only(partnered: httpx.AsyncClient) -> None:
    body = {"groupSyncInbound": {"isSyncAllowed": True}}
    await partnered.put(SYNCHRONIZATION, json={})
    assert code(await partnered.patch(SYNCHRONIZATION, json=body)) == (400, "Request_BadRequest")
    assert (await partnered.patch(f"http://emulator/beta{SYNCHRONIZATION}", json=body)).status_code == 204


async def test_partners_are_listed_with_what_is_selected_and_expanded(partnered: httpx.AsyncClient) -> None:
    query = "$select=tenantId&$expand=identitySynchronization"
    rows = (await partnered.get(f"{PARTNERS}?{query}")).json()["value"]
    assert rows == [{"tenantId": CONTOSO, "identitySynchronization": None}]
    assert code(await partnered.get(f"{PARTNERS}?$filter=tenantId eq 'x'")) == (400, "Request_BadRequest")
    assert code(await partnered.get(f"{PARTNERS}?$select=colour")) == (400, "Request_BadRequest")


async def test_a_partner_goes_only_after_its_synchronization(partnered: httpx.AsyncClient) -> None:
    await partnered.put(SYNCHRONIZATION, json={})
    assert code(await partnered.delete(PARTNER)) == (400, "Request_BadRequest")
    assert (await partnered.delete(SYNCHRONIZATION)).status_code == 204
    assert (await partnered.delete(PARTNER)).status_code == 204
    assert (await partnered.get(PARTNERS)).json()["value"] == []


async def test_the_default_is_the_services_until_it_is_changed_and_after_a_reset(
    fabrikam: httpx.AsyncClient,
) -> None:
    default = f"{POLICY}/default"
    before = (await fabrikam.get(default)).json()
    assert before["isServiceDefault"] is True
    assert before["b2bCollaborationInbound"]["applications"]["targets"][0]["target"] == "AllApplications"
    patch = {"automaticUserConsentSettings": {"inboundAllowed": True}}
    assert (await fabrikam.patch(default, json=patch)).status_code == 204
    changed = (await fabrikam.get(default)).json()
    assert (changed["isServiceDefault"], changed["automaticUserConsentSettings"]["inboundAllowed"]) == (
        False,
        True,
    )
    assert (await fabrikam.post(f"{default}/resetToSystemDefault")).status_code == 204
    assert (await fabrikam.get(default)).json() == before


async def test_the_policy_itself_can_be_renamed(fabrikam: httpx.AsyncClient) -> None:
    assert (await fabrikam.patch(POLICY, json={"displayName": "Ours"})).status_code == 204
    assert (await fabrikam.get(POLICY)).json()["displayName"] == "Ours"


@pytest.mark.parametrize(
    "call",
    [
        f"ByTenantId(tenantId='{CONTOSO}')",
        "ByDomainName(domainName='Contoso.com')",
        "ByDomainName(domainName='contoso.onmicrosoft.com')",
    ],
)
async def test_a_tenant_is_found_by_id_and_by_domain(fabrikam: httpx.AsyncClient, call: str) -> None:
    found = (await fabrikam.get(f"/tenantRelationships/findTenantInformation{call}")).json()
    assert found == {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.tenantInformation",
        "tenantId": CONTOSO,
        "federationBrandName": None,
        "displayName": "Contoso",
        "defaultDomainName": "contoso.com",
    }


async def test_an_unknown_tenant_is_not_found(fabrikam: httpx.AsyncClient) -> None:
    call = "/tenantRelationships/findTenantInformationByDomainName(domainName='nowhere.example')"
    assert code(await fabrikam.get(call)) == (404, "Directory_ObjectNotFound")
