import httpx
import pytest

from tests.emulator.conftest import code

pytestmark = pytest.mark.anyio

GUESTS = "/policies/authorizationPolicy"
LEAVING = "http://emulator/beta/policies/externalIdentitiesPolicy"


async def test_who_may_invite_guests_is_read_and_changed(fabrikam: httpx.AsyncClient) -> None:
    assert (await fabrikam.get(GUESTS)).json()["allowInvitesFrom"] == "everyone"
    assert (await fabrikam.patch(GUESTS, json={"allowInvitesFrom": "none"})).status_code == 204
    assert (await fabrikam.get(GUESTS)).json()["allowInvitesFrom"] == "none"


@pytest.mark.parametrize("change", [{"allowInvitesFrom": "nobody"}, {"colour": 1}, {"id": "x"}])
async def test_a_guest_setting_that_is_none_is_refused(fabrikam: httpx.AsyncClient, change: object) -> None:
    assert code(await fabrikam.patch(GUESTS, json=change)) == (400, "Request_BadRequest")


async def test_whether_external_users_may_leave_is_read_and_changed(fabrikam: httpx.AsyncClient) -> None:
    assert (await fabrikam.get(LEAVING)).json()["allowExternalIdentitiesToLeave"] is True
    change = {"allowExternalIdentitiesToLeave": False}
    assert (await fabrikam.patch(LEAVING, json=change)).status_code == 204
    assert (await fabrikam.get(LEAVING)).json()["allowExternalIdentitiesToLeave"] is False
    for wrong in ({"allowExternalIdentitiesToLeave": "no"}, {"displayName": "x"}):
        assert code(await fabrikam.patch(LEAVING, json=wrong)) == (400, "Request_BadRequest")


async def test_the_source_administrator_may_not_change_the_guest_setting(contoso: httpx.AsyncClient) -> None:
    response = await contoso.patch(GUESTS, json={"allowInvitesFrom": "none"})
    assert code(response) == (403, "Authorization_RequestDenied")
