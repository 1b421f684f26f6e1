"""Users, their managers and their phone methods."""

from collections.abc import Mapping, Sequence
from typing import Any

from xtsync_tui.emulator.auth import AUTHENTICATION_ADMINISTRATOR, USER_ADMINISTRATOR, needs
from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.entities import PHONE_METHOD, USER
from xtsync_tui.emulator.errors import Refusal, bad_request, denied, not_found
from xtsync_tui.emulator.limits import REPORTS
from xtsync_tui.emulator.listing import Expander, count, listing, one, view
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route
from xtsync_tui.emulator.state import Document, Tenant

READ_USERS = needs("User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All")
WRITE_USERS = needs("User.ReadWrite.All Directory.ReadWrite.All", [USER_ADMINISTRATOR])
DELETE_USERS = needs("User.ReadWrite.All User.DeleteRestore.All", [USER_ADMINISTRATOR])
PHONES = needs(
    "UserAuthenticationMethod.ReadWrite.All UserAuthMethod-Phone.ReadWrite.All",
    [AUTHENTICATION_ADMINISTRATOR],
)

MOBILE_METHOD = "3179e48a-750b-4051-897c-87b9720928f7"
"""The id of the mobile phone method, the same for everybody."""

_FIXED = frozenset(
    {
        "id",
        "createdDateTime",
        "creationType",
        "deletedDateTime",
        "identities",
        "proxyAddresses",
        "signInActivity",
    }
)
_WRITABLE = frozenset(USER.properties) - _FIXED
_REQUIRED = ("accountEnabled", "displayName", "mailNickname", "userPrincipalName")


def premium(tenant: Tenant) -> bool:
    """Return whether ``tenant`` has Entra ID P1 or P2, by the names of its service plans."""
    plans = [plan["servicePlanName"] for sku in tenant.subscribed_skus for plan in sku["servicePlans"]]
    return not {"AAD_PREMIUM", "AAD_PREMIUM_P2"}.isdisjoint(plans)


def person_of(context: Context) -> Document:
    """Return the user of the path, the one signed in for ``/me``.

    Raises:
        Refusal: 404.
    """
    name = context.ids.get("user", context.grant.user_id)
    found = context.tenant.user_named(name)
    if found is None:
        raise not_found(name)
    return found


def expanders(context: Context) -> Mapping[str, Expander]:
    """Return the navigation properties of a user that ``$expand`` knows."""
    tenant = context.tenant

    def manager(user: Document, names: Sequence[str]) -> Any:
        found = tenant.users.get(tenant.managers.get(user["id"], ""))
        return {"@odata.type": "#microsoft.graph.user", **view(found, USER, names)} if found else None

    return {"manager": manager}


def _check_activity(context: Context) -> None:
    """Refuse ``signInActivity`` where it cannot be read: it needs its own scope and a premium licence."""
    if "signInActivity" not in context.query.get("select") + context.query.get("filter"):
        return
    if "AuditLog.Read.All" not in context.grant.scopes:
        raise denied()
    if not premium(context.tenant):
        raise Refusal(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
        )


async def users(context: Context) -> Answer:
    """List the users."""
    _check_activity(context)
    return await listing(context, context.tenant.listed_users(), USER, "users", expanders(context))


async def user_count(context: Context) -> Answer:
    """Count the users."""
    return await count(context, context.tenant.listed_users(), USER)


async def user(context: Context) -> Answer:
    """Return one user."""
    _check_activity(context)
    return one(context, person_of(context), USER, "users/$entity", expanders(context))


def _checked(context: Context, changes: Document, keep: str = "") -> Document:
    """Return ``changes`` that a user may have; ``keep`` is the id of the user that is changed.

    Raises:
        Refusal: 400 for an unknown or fixed property, a foreign domain or a name that is taken.
    """
    changes.pop("passwordProfile", None)
    for name in changes:
        if name not in _WRITABLE and not name.startswith("extension_"):
            raise bad_request(f"Invalid property '{name}'.")
    if changes.get("userPrincipalName") is not None:
        _check_name(context.tenant, str(changes["userPrincipalName"]), keep)
    return changes


def _check_name(tenant: Tenant, name: str, keep: str) -> None:
    if name.partition("@")[2].lower() not in (tenant.domain, tenant.initial_domain):
        raise bad_request(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the "
            "verified domain names in your organization."
        )
    holder = tenant.user_named(name)
    if holder is not None and holder["id"] != keep:
        raise bad_request("Another object with the same value for property userPrincipalName already exists.")


async def create(context: Context) -> Answer:
    """Create a member of the tenant."""
    changes = context.document()
    missing = [name for name in (*_REQUIRED, "passwordProfile") if name not in changes]
    if missing:
        raise bad_request(f"A value is required for property '{missing[0]}' of resource 'User'.")
    created: Document = {
        "id": context.world.new_id(),
        "createdDateTime": stamp(context.now),
        "userType": "Member",
        **_checked(context, changes),
    }
    context.tenant.users[created["id"]] = created
    context.tenant.touch(created["id"])
    return context.entity("users/$entity", view(created, USER), 201)


async def change(context: Context) -> Answer:
    """Change a user."""
    found = person_of(context)
    found.update(_checked(context, context.document(), found["id"]))
    context.tenant.touch(found["id"])
    return NO_CONTENT


async def delete(context: Context) -> Answer:
    """Move a user to the recycle bin, with the groups and assignments that a restored one has again."""
    tenant, user_id = context.tenant, person_of(context)["id"]
    groups = [group_id for group_id, members in tenant.members.items() if user_id in members]
    held = {key: row for key, row in tenant.assignments.items() if row["principalId"] == user_id}
    for group_id in groups:
        tenant.members[group_id].remove(user_id)
    for key in held:
        del tenant.assignments[key]
    tenant.ties[user_id] = (groups, held)
    tenant.deleted_users[user_id] = {**tenant.users.pop(user_id), "deletedDateTime": stamp(context.now)}
    tenant.touch(user_id, *groups)
    return NO_CONTENT


def tie_again(tenant: Tenant, user_id: str) -> None:
    """Put a restored user back into the groups and assignments of before, as far as they still exist."""
    groups, held = tenant.ties.pop(user_id, ([], {}))
    for group_id in groups:
        if group_id in tenant.groups:
            tenant.members.setdefault(group_id, []).append(user_id)
            tenant.touch(group_id)
    resources = tenant.service_principals
    tenant.assignments |= {key: row for key, row in held.items() if row["resourceId"] in resources}


async def manager(context: Context) -> Answer:
    """Return the manager of a user."""
    tenant, user_id = context.tenant, person_of(context)["id"]
    found = tenant.users.get(tenant.managers.get(user_id, ""))
    if found is None:
        raise not_found("manager")
    answer = one(context, found, USER, "directoryObjects/$entity")
    answer.body["@odata.type"] = "#microsoft.graph.user"
    return answer


def referenced(context: Context) -> str:
    """Return the id that a ``$ref`` body points to.

    Raises:
        Refusal: 400, when the body is no reference.
    """
    link = context.request.body.get("@odata.id") if isinstance(context.request.body, dict) else None
    if not isinstance(link, str):
        raise bad_request("Invalid URL format specified in @odata.id for the reference.")
    return link.rstrip("/").rpartition("/")[2]


async def set_manager(context: Context) -> Answer:
    """Give a user a manager."""
    user_id, manager_id = person_of(context)["id"], referenced(context)
    if manager_id not in context.tenant.users:
        raise not_found(manager_id)
    context.tenant.managers[user_id] = manager_id
    context.tenant.touch(user_id)
    return NO_CONTENT


async def remove_manager(context: Context) -> Answer:
    """Take the manager of a user away."""
    user_id = person_of(context)["id"]
    if context.tenant.managers.pop(user_id, None) is None:
        raise not_found("manager")
    context.tenant.touch(user_id)
    return NO_CONTENT


async def phone_methods(context: Context) -> Answer:
    """List the phones that a user can sign in with."""
    user_id = person_of(context)["id"]
    kind = f"users('{user_id}')/authentication/phoneMethods"
    return await listing(context, context.tenant.phone_methods.get(user_id, []), PHONE_METHOD, kind)


async def disable_sms(context: Context) -> Answer:
    """Take away signing in by a text message."""
    user_id, method_id = person_of(context)["id"], context.ids["method"]
    methods = context.tenant.phone_methods.get(user_id, [])
    found = next((method for method in methods if method["id"] == method_id), None)
    if found is None:
        raise not_found(method_id)
    found["smsSignInState"] = "notEnabled"
    context.tenant.touch(user_id)
    return NO_CONTENT


def routes() -> list[Route]:
    """Return the calls about people."""
    person = "/users/{user}"
    phones = f"{person}/authentication/phoneMethods"
    return [
        Route("GET", "/users", users, READ_USERS),
        Route("POST", "/users", create, WRITE_USERS),
        Route("GET", "/users/$count", user_count, READ_USERS),
        Route("GET", person, user, READ_USERS),
        Route("PATCH", person, change, WRITE_USERS),
        Route("DELETE", person, delete, DELETE_USERS),
        Route("GET", f"{person}/manager", manager, READ_USERS),
        Route("PUT", f"{person}/manager/$ref", set_manager, WRITE_USERS),
        Route("DELETE", f"{person}/manager/$ref", remove_manager, WRITE_USERS),
        Route("GET", phones, phone_methods, PHONES, REPORTS),
        Route("POST", f"{phones}/{{method}}/disableSmsSignIn", disable_sms, PHONES, REPORTS),
    ]
