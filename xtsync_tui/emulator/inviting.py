"""``POST /invitations``: a person who invites a guest by mail, who has then to redeem the invitation.

The shape is that of the invitation resource. Not documented with the pages this emulator follows: the
refusals' status and code.
"""

from xtsync_tui.emulator.auth import needs
from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.errors import Refusal, bad_request
from xtsync_tui.emulator.invitations import NOBODY_INVITES, PENDING, REFUSED
from xtsync_tui.emulator.routing import Answer, Context, Route
from xtsync_tui.emulator.seed import add, guest
from xtsync_tui.emulator.state import Document

INVITE = needs("User.Invite.All User.ReadWrite.All Directory.ReadWrite.All")
REDEEM_URL = "https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem"


def _invited(context: Context, address: str, name: str) -> Document:
    """Return the guest with this address, who may have been invited before.

    Raises:
        Refusal: 400, when the address is that of a member.
    """
    tenant = context.tenant
    wanted = address.casefold()
    for user in tenant.users.values():
        if wanted in (str(user.get("mail")).casefold(), user["userPrincipalName"].casefold()):
            if user.get("creationType") == "Invitation":
                return user
            raise bad_request(
                f"The invited user already exists in the directory as object ID: {user['id']}. "
                "They can use that account to sign in to shared apps and resources."
            )
    home = {"id": "", "displayName": name or address}
    made = guest(context.world, tenant, home, address=address, accepted=False, created=stamp(context.now))
    add(tenant, made)
    return made


async def invite(context: Context) -> Answer:
    """Invite a guest."""
    body = context.document()
    address = str(body.get("invitedUserEmailAddress") or "")
    if "@" not in address or not body.get("inviteRedirectUrl"):
        raise bad_request("invitedUserEmailAddress and inviteRedirectUrl are required for an invitation.")
    if context.tenant.authorization_policy.get("allowInvitesFrom") == NOBODY_INVITES:
        raise Refusal(403, "Forbidden", REFUSED["AzureActiveDirectoryForbidden"])
    invited = _invited(context, address, str(body.get("invitedUserDisplayName") or ""))
    answer = {
        "id": context.world.new_id(),
        "inviteRedeemUrl": REDEEM_URL,
        "invitedUserDisplayName": body.get("invitedUserDisplayName"),
        "invitedUserType": "Guest",
        "invitedUserEmailAddress": address,
        "sendInvitationMessage": body.get("sendInvitationMessage") is True,
        "resetRedemption": False,
        "inviteRedirectUrl": body["inviteRedirectUrl"],
        "status": "Completed" if invited.get("externalUserState") != PENDING else PENDING,
        "invitedUserMessageInfo": None,
        "invitedUser": {"id": invited["id"]},
    }
    return context.entity("invitations/$entity", answer, 201)


def routes() -> list[Route]:
    """Return the one route."""
    return [Route("POST", "/invitations", invite, INVITE)]
