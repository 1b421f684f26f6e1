"""The unmodified msgraph-sdk works against the emulator, with its typed models."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.application_templates.item.instantiate.instantiate_post_request_body import (
    InstantiatePostRequestBody,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.cross_tenant_access_policy_configuration_partner import (
    CrossTenantAccessPolicyConfigurationPartner as Partner,
)
from msgraph.generated.models.cross_tenant_identity_sync_policy_partner import (
    CrossTenantIdentitySyncPolicyPartner,
)
from msgraph.generated.models.cross_tenant_user_sync_inbound import CrossTenantUserSyncInbound
from msgraph.generated.models.inbound_outbound_policy_configuration import InboundOutboundPolicyConfiguration
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from tests.emulator.conftest import client_of
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.configurations import REPLICATION, TEMPLATE
from xtsync_tui.emulator.people import MOBILE_METHOD
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, group_named, person

pytestmark = pytest.mark.anyio


class Bearer(AuthenticationProvider):
    def __init__(self, token: str) -> None:
        self.token = token

    async def authenticate_request(
        self,
        request: RequestInformation,
        additional_authentication_context: dict[str, Any] | None = None,  # noqa: ARG002 - kiota's signature
    ) -> None:
        request.headers.add("Authorization", f"Bearer {self.token}")


def sdk(http: httpx.AsyncClient, token: str) -> GraphServiceClient:
    adapter = GraphRequestAdapter(Bearer(token), client=http)
    adapter.base_url = "http://emulator/v1.0"
    return GraphServiceClient(request_adapter=adapter)


@pytest.fixture
async def source(emulator: Emulator) -> AsyncIterator[GraphServiceClient]:
    async with client_of(emulator, "") as http:
        yield sdk(http, emulator.tenants[0]["token"])


@pytest.fixture
async def target(emulator: Emulator) -> AsyncIterator[GraphServiceClient]:
    async with client_of(emulator, "") as http:
        yield sdk(http, emulator.tenants[1]["token"])


async def test_who_and_where_am_i(source: GraphServiceClient) -> None:
    me = await source.me.get()
    assert me is not None
    assert me.user_principal_name == "ana.lopes@contoso.com"
    roles = await source.me.transitive_member_of.graph_directory_role.get()
    assert roles is not None
    assert "Security Administrator" in [role.display_name for role in roles.value or []]
    finder = source.tenant_relationships.find_tenant_information_by_domain_name_with_domain_name(
        "fabrikam.com"
    )
    found = await finder.get()
    assert found is not None
    assert found.tenant_id == FABRIKAM


async def test_a_partner_is_made_and_allowed_to_synchronize(target: GraphServiceClient) -> None:
    policy = target.policies.cross_tenant_access_policy
    await policy.partners.post(Partner(tenant_id=CONTOSO))
    partner = policy.partners.by_cross_tenant_access_policy_configuration_partner_tenant_id(CONTOSO)
    await partner.patch(
        Partner(automatic_user_consent_settings=InboundOutboundPolicyConfiguration(inbound_allowed=True))
    )
    allowed = CrossTenantUserSyncInbound(is_sync_allowed=True)
    await partner.identity_synchronization.put(
        CrossTenantIdentitySyncPolicyPartner(user_sync_inbound=allowed)
    )
    query = policy.partners.PartnersRequestBuilderGetQueryParameters(expand=["identitySynchronization"])
    listed = await policy.partners.get(RequestConfiguration(query_parameters=query))
    assert listed is not None
    (found,) = listed.value or []
    assert found.automatic_user_consent_settings is not None
    assert found.automatic_user_consent_settings.inbound_allowed is True
    assert found.identity_synchronization is not None
    assert found.identity_synchronization.user_sync_inbound is not None
    assert found.identity_synchronization.user_sync_inbound.is_sync_allowed is True


async def test_a_refusal_arrives_with_its_code(target: GraphServiceClient) -> None:
    await target.policies.cross_tenant_access_policy.partners.post(Partner(tenant_id=CONTOSO))
    with pytest.raises(ODataError) as refused:
        await target.policies.cross_tenant_access_policy.partners.post(Partner(tenant_id=CONTOSO))
    assert refused.value.response_status_code == 409
    assert refused.value.error is not None
    assert refused.value.error.code == "Request_MultipleObjectsWithSameKeyValue"
    assert refused.value.error.inner_error is not None
    assert refused.value.error.inner_error.request_id


async def test_a_configuration_is_made_and_a_person_assigned(
    emulator: Emulator, source: GraphServiceClient
) -> None:
    template = source.application_templates.by_application_template_id(TEMPLATE)
    made = await template.instantiate.post(InstantiatePostRequestBody(display_name="To Fabrikam"))
    assert made is not None
    principal = made.service_principal
    assert principal is not None
    assert principal.id is not None
    assert principal.app_roles is not None
    emulator.clock.advance(REPLICATION)
    lena = person(emulator.world.tenants[CONTOSO], "lena.fischer")["id"]
    assigned = source.service_principals.by_service_principal_id(principal.id).app_role_assigned_to
    await assigned.post(
        AppRoleAssignment(
            principal_id=UUID(lena), resource_id=UUID(principal.id), app_role_id=principal.app_roles[0].id
        )
    )
    listed = await assigned.get()
    assert listed is not None
    assert [row.principal_display_name for row in listed.value or []] == ["Lena Fischer"]


async def test_people_are_searched_and_paged(source: GraphServiceClient) -> None:
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        search='"displayName:le"', select=["id", "displayName"], count=True, top=1
    )
    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("ConsistencyLevel", "eventual")
    page = await source.users.get(configuration)
    assert page is not None
    assert page.value
    assert page.odata_next_link
    following = RequestConfiguration[Any]()
    following.headers.add("ConsistencyLevel", "eventual")
    second = await source.users.with_url(page.odata_next_link).get(following)
    assert second is not None
    assert second.value
    assert second.value[0].id != page.value[0].id


async def test_members_and_phones_are_changed(emulator: Emulator, source: GraphServiceClient) -> None:
    contoso = emulator.world.tenants[CONTOSO]
    sales, tom = group_named(contoso, "Sales")["id"], person(contoso, "tom.baker")["id"]
    ana = person(contoso, "ana.lopes")["id"]
    members = source.groups.by_group_id(sales).members
    link = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{ana}")
    await members.ref.post(link)
    assert ana in contoso.members[sales]
    await members.by_directory_object_id(ana).ref.delete()
    assert ana not in contoso.members[sales]
    phones = source.users.by_user_id(tom).authentication.phone_methods
    await phones.by_phone_authentication_method_id(MOBILE_METHOD).disable_sms_sign_in.post()
    assert contoso.phone_methods[tom][0]["smsSignInState"] == "notEnabled"
