from datetime import timedelta

import httpx
import pytest

from tests.emulator.conftest import code, names
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.configurations import REPLICATION, TEMPLATE
from xtsync_tui.emulator.seed import CONTOSO, group_named, person
from xtsync_tui.emulator.state import Document, Tenant

pytestmark = pytest.mark.anyio

INSTANTIATE = f"/applicationTemplates/{TEMPLATE}/instantiate"
LISTED = f"/servicePrincipals?$filter=applicationTemplateId eq '{TEMPLATE}'"


@pytest.fixture
def source(emulator: Emulator) -> Tenant:
    return emulator.world.tenants[CONTOSO]


@pytest.fixture
async def made(emulator: Emulator, contoso: httpx.AsyncClient) -> Document:
    response = await contoso.post(INSTANTIATE, json={"displayName": "To Fabrikam"})
    assert response.status_code == 201
    emulator.clock.advance(REPLICATION)
    body: Document = response.json()
    return body


async def test_a_configuration_has_an_application_and_a_service_principal(made: Document) -> None:
    application, principal = made["application"], made["servicePrincipal"]
    assert application["appId"] == principal["appId"]
    assert application["id"] != principal["id"]
    for document in (application, principal):
        assert document["applicationTemplateId"] == TEMPLATE
        (role,) = document["appRoles"]
        assert (role["displayName"], role["value"], role["origin"]) == ("msiam_access", None, "Application")
    assert principal["appRoleAssignmentRequired"] is True
    assert principal["tags"] == ["WindowsAzureActiveDirectoryIntegratedApp"]
    assert "metadata=aad2aadsync" in principal["homepage"]
    assert application["signInAudience"] == "AzureADMyOrg"


async def test_a_configuration_is_found_only_after_some_seconds(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    made = (await contoso.post(INSTANTIATE, json={"displayName": "To Fabrikam"})).json()
    principal = f"/servicePrincipals/{made['servicePrincipal']['id']}"
    application = f"/applications/{made['application']['id']}"
    for path in (principal, application, f"{principal}/appRoleAssignedTo"):
        assert code(await contoso.get(path)) == (404, "Request_ResourceNotFound")
    assert (await contoso.get(LISTED)).json()["value"] == []
    emulator.clock.advance(REPLICATION - timedelta(microseconds=1))
    assert (await contoso.get(LISTED)).json()["value"] == []
    emulator.clock.advance(timedelta(microseconds=1))
    assert names(await contoso.get(LISTED)) == ["To Fabrikam"]
    assert (await contoso.get(application)).status_code == 200


async def test_only_the_template_of_the_gallery_is_there(contoso: httpx.AsyncClient) -> None:
    assert (await contoso.get(f"/applicationTemplates/{TEMPLATE}")).json()["id"] == TEMPLATE
    assert code(await contoso.get("/applicationTemplates/x")) == (404, "Request_ResourceNotFound")
    response = await contoso.post("/applicationTemplates/x/instantiate", json={"displayName": "a"})
    assert code(response) == (404, "Request_ResourceNotFound")
    assert code(await contoso.post(INSTANTIATE, json={"displayName": " "})) == (400, "Request_BadRequest")


async def test_a_configuration_is_renamed(contoso: httpx.AsyncClient, made: Document) -> None:
    path = f"/servicePrincipals/{made['servicePrincipal']['id']}"
    assert (await contoso.patch(path, json={"displayName": "Other"})).status_code == 204
    assert (await contoso.get(path)).json()["displayName"] == "Other"
    assert code(await contoso.patch(path, json={"appId": "x"})) == (400, "Request_BadRequest")


async def test_a_service_principal_is_found_by_app_id_but_an_app_id_is_no_object_id(
    contoso: httpx.AsyncClient, made: Document
) -> None:
    app_id = made["application"]["appId"]
    found = await contoso.get(f"/servicePrincipals(appId='{app_id}')?$select=id")
    assert found.json()["id"] == made["servicePrincipal"]["id"]
    jobs = await contoso.get(f"/servicePrincipals(appId='{app_id}')/synchronization/jobs")
    assert jobs.json()["value"] == []
    assert code(await contoso.get(f"/servicePrincipals/{app_id}")) == (404, "Request_ResourceNotFound")


async def test_deleting_the_application_takes_the_service_principal_along(
    contoso: httpx.AsyncClient, source: Tenant, made: Document
) -> None:
    principal = made["servicePrincipal"]["id"]
    source.jobs[principal] = {}
    path = f"/applications(appId='{made['application']['appId']}')"
    assert (await contoso.get(path)).json()["id"] == made["application"]["id"]
    assert (await contoso.delete(path)).status_code == 204
    assert code(await contoso.get(f"/servicePrincipals/{principal}")) == (404, "Request_ResourceNotFound")
    assert code(await contoso.delete(path)) == (404, "Request_ResourceNotFound")
    assert principal not in source.jobs
    deleted = await contoso.get("/directory/deletedItems/microsoft.graph.servicePrincipal")
    assert [row["id"] for row in deleted.json()["value"]] == [principal]


async def test_a_person_and_a_group_are_assigned_and_unassigned(
    contoso: httpx.AsyncClient, source: Tenant, made: Document
) -> None:
    principal = made["servicePrincipal"]
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    for object_id in (person(source, "lena.fischer")["id"], group_named(source, "Sales")["id"]):
        body = {
            "@odata.type": "#microsoft.graph.appRoleAssignment",
            "principalId": object_id,
            "resourceId": principal["id"],
            "appRoleId": principal["appRoles"][0]["id"],
        }
        assert (await contoso.post(path, json=body)).status_code == 201
        assert code(await contoso.post(path, json=body)) == (400, "Request_BadRequest")
    rows = (await contoso.get(path)).json()["value"]
    assert [(row["principalDisplayName"], row["principalType"]) for row in rows] == [
        ("Lena Fischer", "User"),
        ("Sales", "Group"),
    ]
    assert (await contoso.get(f"{path}?$filter=startswith(principalDisplayName,'Sal')")).json()[
        "value"
    ] == rows[1:]
    mine = await contoso.get("/users/lena.fischer@contoso.com/appRoleAssignments")
    assert mine.json()["value"] == rows[:1]
    before = source.revision
    assert (await contoso.delete(f"{path}/{rows[0]['id']}")).status_code == 204
    assert source.changed_since(before) == [rows[0]["principalId"]]
    assert code(await contoso.delete(f"{path}/{rows[0]['id']}")) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"principalId": "nobody"}, (404, "Request_ResourceNotFound")),
        ({"resourceId": "other"}, (400, "Request_BadRequest")),
        ({"appRoleId": "00000000-0000-0000-0000-000000000000"}, (400, "Request_BadRequest")),
    ],
)
async def test_an_assignment_that_cannot_be_is_refused(
    contoso: httpx.AsyncClient, source: Tenant, made: Document, change: Document, expected: tuple[int, str]
) -> None:
    principal = made["servicePrincipal"]
    body = {
        "principalId": person(source, "lena.fischer")["id"],
        "resourceId": principal["id"],
        "appRoleId": principal["appRoles"][0]["id"],
        **change,
    }
    response = await contoso.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=body)
    assert code(response) == expected
