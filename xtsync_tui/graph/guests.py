"""People in the target who came from the source, and the repairs for those who did not arrive."""

from collections.abc import AsyncIterator, Sequence

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.directory import PAGE, PERSON, USERS
from xtsync_tui.graph.paths import builders, path, quoted
from xtsync_tui.model import PhoneMethod, Request, User

# Not documented: which permission restoring needs; it is taken to be that of deleting.
RESTORE = ("User.DeleteRestore.All",)
PHONES = ("UserAuthenticationMethod.ReadWrite.All",)
MOBILE = "3179e48a-750b-4051-897c-87b9720928f7"
"""The id of everybody's mobile phone method [phoneAuthenticationMethod]."""


def invited_name(user_principal_name: str) -> str:
    """Return how an external person's user principal name begins in the target: ``a_contoso.com#EXT#``."""
    return user_principal_name.replace("@", "_") + "#EXT#"


async def counterparts(client: GraphClient, person: User) -> tuple[User, ...]:
    """Return the target's users who are ``person`` by invitation name or by mail address.

    One of them is usual; two mean that the address is taken by somebody else.
    """
    asked = asks_counterparts(person.user_principal_name or "", person.mail or "")
    return await client.collect(asked, User) if asked else ()


def asks_counterparts(account: str, mail: str, select: Sequence[str] = PERSON) -> Request | None:
    """Return the request for the target's users who are this person; None for nobody who has a name."""
    tests = [f"startswith(userPrincipalName,{quoted(invited_name(account))})"] if account else []
    if mail:
        tests.append(f"mail eq {quoted(mail)}")
    address = path(builders().users, filter=" or ".join(tests), select=list(select))
    return Request(method="GET", path=address, scopes=USERS) if tests else None


async def deleted_users(client: GraphClient) -> AsyncIterator[tuple[User, ...]]:
    """Yield the people deleted in the last 30 days, who can still be restored."""
    deleted = builders().directory.deleted_items.graph_user
    address = path(deleted, select=[*PERSON, "deletedDateTime"], top=PAGE)
    async for page in client.pages(Request(method="GET", path=address, scopes=USERS), User):
        yield page


async def phone_methods(client: GraphClient, user_id: str) -> tuple[PhoneMethod, ...]:
    """Return the phones of a person; one with SMS sign-in ready keeps the person out of synchronization."""
    methods = builders().users.by_user_id(user_id).authentication.phone_methods
    return await client.collect(Request(method="GET", path=path(methods), scopes=PHONES), PhoneMethod)


def disable_sms_sign_in(user_id: str, method_id: str = MOBILE) -> Request:
    """Take SMS sign-in away from a person, who then has to sign in another way."""
    methods = builders().users.by_user_id(user_id).authentication.phone_methods
    method = methods.by_phone_authentication_method_id(method_id)
    return Request(method="POST", path=path(method.disable_sms_sign_in), scopes=PHONES)


def restore(user_id: str) -> Request:
    """Bring a deleted person back."""
    deleted = builders().directory.deleted_items.by_directory_object_id(user_id)
    return Request(method="POST", path=path(deleted.restore), scopes=RESTORE)
