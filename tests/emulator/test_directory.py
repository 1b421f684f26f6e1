"""People, groups, roles, licences and the recycle bin."""

import httpx
import pytest

from tests.emulator.conftest import client_of, code, make, names
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.configurations import make_assignment
from xtsync_tui.emulator.people import MOBILE_METHOD
from xtsync_tui.emulator.seed import CONTOSO, EXCHANGE, FABRIKAM, group_named, person, sku
from xtsync_tui.emulator.state import Tenant

pytestmark = pytest.mark.anyio

NEW = {
    "accountEnabled": True,
    "displayName": "New Person",
    "mailNickname": "new",
    "userPrincipalName": "new@contoso.com",
    "passwordProfile": {"password": "x"},
}


@pytest.fixture
def source(emulator: Emulator) -> Tenant:
    return emulator.world.tenants[CONTOSO]


async def test_the_organization_is_a_list_of_one_with_its_domains(contoso: httpx.AsyncClient) -> None:
    query = "$select=id,displayName,verifiedDomains"
    (found,) = (await contoso.get(f"/organization?{query}")).json()["value"]
    assert set(found) == {"id", "displayName", "verifiedDomains"}
    assert [domain["name"] for domain in found["verifiedDomains"] if domain["isDefault"]] == ["contoso.com"]


async def test_the_licences_show_p1_and_p2(contoso: httpx.AsyncClient, fabrikam: httpx.AsyncClient) -> None:
    async def plans(client: httpx.AsyncClient) -> set[str]:
        rows = (await client.get("/subscribedSkus")).json()["value"]
        return {plan["servicePlanName"] for row in rows for plan in row["servicePlans"]}

    assert {"AAD_PREMIUM", "AAD_PREMIUM_P2"} <= await plans(contoso)
    assert "AAD_PREMIUM_P2" not in await plans(fabrikam)


async def test_roles_are_held_by_the_administrators(fabrikam: httpx.AsyncClient) -> None:
    rows = (await fabrikam.get("/me/transitiveMemberOf/graph.directoryRole")).json()["value"]
    assert {
        "displayName": "Security Administrator",
        "roleTemplateId": "194ae4cb-b126-40b2-bd5b-6091b380977d",
    } in [{name: row[name] for name in ("displayName", "roleTemplateId")} for row in rows]
    me = (await fabrikam.get("/me")).json()["id"]
    assigned = await fabrikam.get(f"/roleManagement/directory/roleAssignments?$filter=principalId eq '{me}'")
    assert len(assigned.json()["value"]) == len(rows)


async def test_memberships_are_direct_or_through_other_groups(
    contoso: httpx.AsyncClient, source: Tenant
) -> None:
    path = f"/users/{person(source, 'priya.nair')['id']}"
    direct = await contoso.get(f"{path}/memberOf/microsoft.graph.group")
    assert names(direct) == ["Sales EMEA", "All staff"]
    deep = await contoso.get(f"{path}/transitiveMemberOf/microsoft.graph.group")
    assert set(names(deep)) == {"Sales EMEA", "Sales", "All staff"}
    mixed = (await contoso.get("/me/memberOf")).json()["value"]
    assert {row["@odata.type"] for row in mixed} == {
        "#microsoft.graph.directoryRole",
        "#microsoft.graph.group",
    }


async def test_members_are_direct_and_of_both_types(contoso: httpx.AsyncClient, source: Tenant) -> None:
    path = f"/groups/{group_named(source, 'Sales')['id']}"
    rows = (await contoso.get(f"{path}/members?$select=displayName,userPrincipalName")).json()["value"]
    assert {"@odata.type": "#microsoft.graph.group", "displayName": "Sales EMEA"} in rows
    assert "Priya Nair" not in [row["displayName"] for row in rows]
    people = await contoso.get(f"{path}/members/microsoft.graph.user")
    assert len(people.json()["value"]) == len(rows) - 1
    assert "Priya Nair" in names(await contoso.get(f"{path}/transitiveMembers/graph.user"))
    assert names(await contoso.get(f"{path}/members/microsoft.graph.group")) == ["Sales EMEA"]
    eventual = {"ConsistencyLevel": "eventual"}
    assert (await contoso.get(f"{path}/members/$count", headers=eventual)).text == str(len(rows))


async def test_members_come_and_go_and_the_service_hears_of_it(
    contoso: httpx.AsyncClient, source: Tenant
) -> None:
    group, priya = group_named(source, "Sales")["id"], person(source, "priya.nair")["id"]
    path, before = f"/groups/{group}/members", source.revision
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{priya}"}
    assert (await contoso.post(f"{path}/$ref", json=link)).status_code == 204
    assert source.changed_since(before) == [group, priya]
    assert code(await contoso.post(f"{path}/$ref", json=link)) == (400, "Request_BadRequest")
    assert (await contoso.delete(f"{path}/{priya}/$ref")).status_code == 204
    assert priya not in source.members[group]
    assert code(await contoso.delete(f"{path}/{priya}/$ref")) == (404, "Request_ResourceNotFound")
    nobody = {"@odata.id": "https://graph.microsoft.com/v1.0/users/nobody"}
    assert code(await contoso.post(f"{path}/$ref", json=nobody)) == (404, "Request_ResourceNotFound")
    assert code(await contoso.post(f"{path}/$ref", json={})) == (400, "Request_BadRequest")


async def test_a_dynamic_group_takes_no_members_by_hand(contoso: httpx.AsyncClient, source: Tenant) -> None:
    group, lena = group_named(source, "Sales DE")["id"], person(source, "lena.fischer")["id"]
    assert code(await contoso.delete(f"/groups/{group}/members/{lena}/$ref")) == (400, "Request_BadRequest")


async def test_a_user_is_changed_and_the_service_hears_of_it(
    contoso: httpx.AsyncClient, source: Tenant
) -> None:
    lena, before = person(source, "lena.fischer")["id"], source.revision
    assert (await contoso.patch(f"/users/{lena}", json={"department": "Board"})).status_code == 204
    assert (await contoso.get(f"/users/{lena}?$select=department")).json()["department"] == "Board"
    assert source.changed_since(before) == [lena]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"colour": "red"},
        {"userPrincipalName": "lena@nowhere.example"},
        {"userPrincipalName": "TOM.BAKER@contoso.com"},
    ],
)
async def test_a_change_that_a_user_cannot_have_is_refused(
    contoso: httpx.AsyncClient, change: dict[str, str]
) -> None:
    response = await contoso.patch("/users/lena.fischer@contoso.com", json=change)
    assert code(response) == (400, "Request_BadRequest")


async def test_a_user_is_created_deleted_and_restored(contoso: httpx.AsyncClient, source: Tenant) -> None:
    missing = {name: value for name, value in NEW.items() if name != "mailNickname"}
    assert code(await contoso.post("/users", json=missing)) == (400, "Request_BadRequest")
    created = await contoso.post("/users", json=NEW)
    assert created.status_code == 201
    user = created.json()["id"]
    source.members[group_named(source, "Sales")["id"]].append(user)
    assert (await contoso.delete(f"/users/{user}")).status_code == 204
    assert code(await contoso.get(f"/users/{user}")) == (404, "Request_ResourceNotFound")
    assert user not in source.members[group_named(source, "Sales")["id"]]
    bin_ = "/directory/deletedItems"
    assert names(await contoso.get(f"{bin_}/microsoft.graph.user")) == ["New Person"]
    restored = await contoso.post(f"{bin_}/{user}/restore")
    assert (restored.status_code, restored.json()["@odata.type"]) == (200, "#microsoft.graph.user")
    assert (await contoso.get(f"/users/{user}?$select=deletedDateTime")).json()["deletedDateTime"] is None
    assert code(await contoso.post(f"{bin_}/{user}/restore")) == (404, "Request_ResourceNotFound")


async def test_a_restored_user_has_the_groups_and_assignments_of_before() -> None:
    emulator = make("configured")
    source = emulator.world.tenants[CONTOSO]
    user, sales = person(source, "lena.fischer")["id"], group_named(source, "Sales")["id"]
    principal = next(iter(source.service_principals.values()))
    assignment = make_assignment(emulator.world, source, user, principal)
    async with client_of(emulator, emulator.tenants[0]["token"]) as client:
        await client.delete(f"/users/{user}")
        assert user not in source.members[sales]
        assert assignment["id"] not in source.assignments
        await client.post(f"/directory/deletedItems/{user}/restore")
    assert user in source.members[sales]
    assert source.assignments[assignment["id"]] == assignment
    assert not source.ties


async def test_a_deleted_user_is_purged_for_good(contoso: httpx.AsyncClient, source: Tenant) -> None:
    user = person(source, "tom.baker")["id"]
    await contoso.delete(f"/users/{user}")
    path = f"/directory/deletedItems/{user}"
    assert (await contoso.get(path)).json()["displayName"] == "Tom Baker"
    assert (await contoso.delete(path)).status_code == 204
    assert code(await contoso.get(path)) == (404, "Request_ResourceNotFound")
    assert code(await contoso.delete(path)) == (404, "Request_ResourceNotFound")


async def test_a_manager_is_read_expanded_set_and_removed(contoso: httpx.AsyncClient) -> None:
    path = "/users/lena.fischer@contoso.com"
    assert (await contoso.get(f"{path}/manager")).json()["displayName"] == "Jonas Weber"
    shown = (await contoso.get(f"{path}?$select=id&$expand=manager($select=displayName)")).json()
    assert shown["manager"] == {"@odata.type": "#microsoft.graph.user", "displayName": "Jonas Weber"}
    ana = (await contoso.get("/me")).json()["id"]
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{ana}"}
    assert (await contoso.put(f"{path}/manager/$ref", json=link)).status_code == 204
    assert (await contoso.get(f"{path}/manager")).json()["displayName"] == "Ana Lopes"
    assert (await contoso.delete(f"{path}/manager/$ref")).status_code == 204
    assert code(await contoso.get(f"{path}/manager")) == (404, "Request_ResourceNotFound")
    assert code(await contoso.delete(f"{path}/manager/$ref")) == (404, "Request_ResourceNotFound")


async def test_signing_in_by_text_message_is_found_and_taken_away(
    contoso: httpx.AsyncClient, source: Tenant
) -> None:
    tom = person(source, "tom.baker")["id"]
    phones = f"/users/{tom}/authentication/phoneMethods"
    (found,) = (await contoso.get(phones)).json()["value"]
    assert (found["id"], found["smsSignInState"]) == (MOBILE_METHOD, "ready")
    assert (await contoso.post(f"{phones}/{MOBILE_METHOD}/disableSmsSignIn")).status_code == 204
    assert (await contoso.get(phones)).json()["value"][0]["smsSignInState"] == "notEnabled"
    assert code(await contoso.post(f"{phones}/x/disableSmsSignIn")) == (404, "Request_ResourceNotFound")


async def test_the_last_sign_in_needs_a_premium_licence(
    emulator: Emulator, contoso: httpx.AsyncClient, fabrikam: httpx.AsyncClient
) -> None:
    query = "/users?$select=id,signInActivity&$top=1"
    assert (await contoso.get(query)).status_code == 200
    world = emulator.world
    world.tenants[FABRIKAM].subscribed_skus = [sku(world, "BASIC", world.new_id(), [EXCHANGE], 9)]
    refused = await fabrikam.get(query)
    assert code(refused) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


async def test_the_contact_that_clashes_is_listed(fabrikam: httpx.AsyncClient) -> None:
    found = await fabrikam.get("/contacts?$filter=mail eq 'nora.quinn@contoso.com'")
    assert names(found) == ["Nora Quinn (Contoso)"]


async def test_groups_are_picked_by_name_and_kind(contoso: httpx.AsyncClient) -> None:
    query = {"$search": '"displayName:sal"', "$filter": "securityEnabled eq true", "$count": "true"}
    found = await contoso.get("/groups", params=query, headers={"ConsistencyLevel": "eventual"})
    assert set(names(found)) == {"Sales", "Sales EMEA", "Sales DE"}
    dynamic = await contoso.get("/groups?$filter=groupTypes/any(t:t eq 'DynamicMembership')")
    assert names(dynamic) == ["Sales DE"]
    eventual = {"ConsistencyLevel": "eventual"}
    assert (await contoso.get("/groups/$count", headers=eventual)).text == "6"
    assert code(await contoso.get("/groups/nobody")) == (404, "Request_ResourceNotFound")


def test_a_renamed_or_deleted_user_is_found_by_the_new_name_only(source: Tenant) -> None:
    lena = person(source, "lena.fischer")
    lena["userPrincipalName"] = "lena.weber@contoso.com"
    source.touch(lena["id"])
    assert source.user_named("lena.fischer@contoso.com") is None
    assert source.user_named("Lena.Weber@contoso.com") is lena
    del source.users[lena["id"]]
    assert source.user_named("lena.weber@contoso.com") is None
