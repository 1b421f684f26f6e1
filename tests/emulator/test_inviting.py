"""Guests who are invited by mail, as an administrator of the target does it by hand."""

import httpx
import pytest

from tests.emulator.conftest import code
from tests.emulator.sync import Pair

pytestmark = pytest.mark.anyio

ANNA = {
    "invitedUserEmailAddress": "anna@woodgrove.example",
    "invitedUserDisplayName": "Anna",
    "inviteRedirectUrl": "https://myapps.microsoft.com",
}


async def test_an_invited_guest_waits_for_the_redemption(fabrikam: httpx.AsyncClient) -> None:
    answer = await fabrikam.post("/invitations", json=ANNA)
    assert answer.status_code == 201
    invitation = answer.json()
    assert invitation["status"] == "PendingAcceptance"
    path = f"/users/{invitation['invitedUser']['id']}?$select=displayName,userPrincipalName,externalUserState"
    guest = (await fabrikam.get(path)).json()
    assert (guest["displayName"], guest["externalUserState"]) == ("Anna", "PendingAcceptance")
    assert guest["userPrincipalName"] == "anna_woodgrove.example#EXT#@fabrikam.onmicrosoft.com"
    again = (await fabrikam.post("/invitations", json=ANNA)).json()
    assert again["invitedUser"] == invitation["invitedUser"]


async def test_an_invitation_that_cannot_be_is_refused(fabrikam: httpx.AsyncClient) -> None:
    member = {**ANNA, "invitedUserEmailAddress": "ben.okoro@fabrikam.com"}
    assert code(await fabrikam.post("/invitations", json=member)) == (400, "Request_BadRequest")
    assert code(await fabrikam.post("/invitations", json={})) == (400, "Request_BadRequest")
    await fabrikam.patch("/policies/authorizationPolicy", json={"allowInvitesFrom": "none"})
    assert code(await fabrikam.post("/invitations", json=ANNA)) == (403, "Forbidden")


async def test_the_service_finds_and_redeems_who_was_invited_by_hand() -> None:
    pair = Pair()
    address = pair.home("zoe.mueller")["mail"]
    body = {**ANNA, "invitedUserEmailAddress": address}
    made = (await pair.target.post("/invitations", json=body)).json()["invitedUser"]["id"]
    await pair.start()
    guest = pair.fabrikam.users[made]
    assert guest["externalUserState"] == "Accepted"
    assert pair.job.state.links[pair.home("zoe.mueller")["id"]].target_id == made
