"""The two directories as the engine reads them: pages of source users, and target users looked up."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from xtsync_tui.emulator.records import alternative_id, source_record, target_user
from xtsync_tui.emulator.state import Document, Tenant
from xtsync_tui.engine.decision import TargetUser, User

SMALL_PAGE = 4
MOST_PAGES = 100
FOREVER = "9999"


def page_size(people: int) -> int:
    """Return how many people make a page: small enough to watch a small tenant, and never very many pages.

    Not documented: what a page of the service is.
    """
    return max(SMALL_PAGE, -(-people // MOST_PAGES))


class Assignments:
    """Who is assigned to the service principal, as it stands when a cycle or an on-demand run begins.

    ``until``, a time stamp, leaves out younger assignments: they have not reached the service yet
    [provision-on-demand].
    """

    def __init__(self, tenant: Tenant, service_principal_id: str, until: str = FOREVER) -> None:
        self._tenant = tenant
        roles = _roles(tenant.service_principals.get(service_principal_id, {}))
        found = [
            a
            for a in tenant.assignments.values()
            if a["resourceId"] == service_principal_id and a.get("createdDateTime", "") <= until
        ]
        self.direct = {a["principalId"]: _with_role(a, roles) for a in found if a["principalType"] == "User"}
        self._group_roles = {
            a["principalId"]: _with_role(a, roles)
            for a in found
            if a["principalType"] == "Group"
            and tenant.groups.get(a["principalId"], {}).get("securityEnabled")
        }
        self._members = {group: set(tenant.members.get(group, ())) for group in self._group_roles}
        self._nested = set(_below(tenant, self._group_roles))

    def groups(self, user_id: str) -> list[str]:
        """Return the assigned groups with the person as direct member."""
        return [group for group, members in self._members.items() if user_id in members]

    def user(self, document: Document, *, deleted: bool) -> User:
        """Return a person as the engine sees them."""
        user_id = document["id"]
        groups = self.groups(user_id)
        direct = user_id in self.direct
        with_role = self.direct.get(user_id, False) or any(self._group_roles[group] for group in groups)
        entitled = direct or bool(groups)
        return User(
            user_id,
            source_record(self._tenant, document, deleted=deleted, entitled=with_role),
            direct=direct,
            groups=groups,
            nested=user_id in self._nested and not entitled,
            has_role=with_role,
            member=document.get("userType", "Member") == "Member",
            deleted=deleted,
        )

    def people(self) -> Iterator[str]:
        """Yield the ids of all who are assigned, some more than once."""
        yield from self.direct
        for members in self._members.values():
            yield from members


def _roles(principal: Document) -> frozenset[str]:
    return frozenset(role["id"] for role in principal.get("appRoles", ()) if role.get("isEnabled"))


def _with_role(assignment: Document, roles: frozenset[str]) -> bool:
    # The bare default access does not count where the application has roles
    # [application-provisioning-config-problem-no-users-provisioned].
    return assignment.get("appRoleId") in roles or not roles


def _below(tenant: Tenant, groups: Iterable[str]) -> Iterator[str]:
    """Yield the members of the groups inside ``groups``: they do not count, and people wonder why."""
    waiting = [m for group in groups for m in tenant.members.get(group, ()) if m in tenant.groups]
    seen: set[str] = set()
    while waiting:
        group = waiting.pop()
        if group in seen:
            continue
        seen.add(group)
        members = tenant.members.get(group, ())
        yield from members
        waiting += [member for member in members if member in tenant.groups]


class _Page(Sequence[User]):
    """People who are read one by one: a hundred at once would hold the event loop."""

    def __init__(self, source: "SourceSide", ids: list[str]) -> None:
        self._source = source
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> User: ...

    @overload
    def __getitem__(self, index: slice) -> list[User]: ...

    def __getitem__(self, index: int | slice) -> User | list[User]:
        """Return one person, or some."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        user_id = self._ids[index]
        return self._source.get(user_id) or User(user_id, {}, purged=True)


class SourceSide:
    """The people of the source as of now: all of them, or those that changed since a watermark.

    A watermark is a revision number of the tenant. What changes from now on belongs to the next cycle.
    """

    def __init__(self, tenant: Tenant, assignments: Assignments, managed: Iterable[str]) -> None:
        self._tenant = tenant
        self._assignments = assignments
        self._managed = managed
        self._mark = str(tenant.revision)
        self._found: dict[str | None, list[str]] = {}

    def mark(self) -> str:
        """Return the watermark of now."""
        return self._mark

    def total_pages(self, watermark: str | None) -> int:
        """Return how many pages there are since ``watermark``, all of them for None. At least one is read."""
        return max(1, -(-len(self._ids(watermark)) // self.size(watermark)))

    def size(self, watermark: str | None) -> int:
        """Return how many people are on a page."""
        return page_size(len(self._ids(watermark)))

    def pages(self, watermark: str | None) -> Iterator[Sequence[User]]:
        """Yield the people page by page, each read when it is asked for."""
        ids, size = self._ids(watermark), self.size(watermark)
        for start in range(0, max(1, len(ids)), size):
            yield _Page(self, ids[start : start + size])

    def get(self, user_id: str) -> User | None:
        """Return one person, also a soft-deleted one; None when it is purged."""
        if user := self._tenant.users.get(user_id):
            return self._assignments.user(user, deleted=False)
        if user := self._tenant.deleted_users.get(user_id):
            return self._assignments.user(user, deleted=True)
        return None

    def _ids(self, watermark: str | None) -> list[str]:
        if watermark not in self._found:
            everyone = watermark is None
            self._found[watermark] = (
                list(self._tenant.users) if everyone else self._changed(int(watermark or 0))
            )
        return self._found[watermark]

    def _changed(self, revision: int) -> list[str]:
        """Return the people that changed, that entered an assigned group, or lost what entitled them."""
        changed = self._tenant.changed_since(revision)
        groups = [object_id for object_id in changed if object_id in self._tenant.groups]
        people = [object_id for object_id in changed if object_id not in self._tenant.groups]
        if groups:
            entitled = set(self._assignments.people())
            people += [m for group in groups for m in self._tenant.members.get(group, ())]
            people += [user_id for user_id in self._managed if user_id not in entitled]
        known = (self._tenant.users, self._tenant.deleted_users, self._managed)
        return [person for person in dict.fromkeys(people) if any(person in each for each in known)]


class TargetSide:
    """The users of the target, found by the alternative security id that redemption gave them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._index: dict[str, tuple[str, ...]] = {}
        self._indexed = -1

    def get(self, target_id: str) -> TargetUser | None:
        """Return the user with this id, also a soft-deleted one; None when it is gone for good."""
        return target_user(self._tenant, target_id)

    def find(self, attribute: str, value: str) -> list[TargetUser]:
        """Return the users, not soft-deleted, whose ``attribute`` has ``value``.

        Only alternativeSecurityIds can match in cross-tenant synchronization.
        """
        if attribute != "alternativeSecurityIds":
            return []
        if self._indexed != len(self._tenant.alternative_ids):
            self._reindex()
        live = (target_id for target_id in self._index.get(value, ()) if target_id in self._tenant.users)
        return [user for target_id in live if (user := self.get(target_id))]

    def add(self, target_id: str, guest_net_id: str) -> None:
        """Note the alternative security id of a guest who has just redeemed."""
        ids = self._tenant.alternative_ids
        in_step = self._indexed == len(ids) and target_id not in ids
        ids[target_id] = guest_net_id
        if in_step:
            self._enter(target_id, guest_net_id)
        else:
            self._indexed = -1

    def _reindex(self) -> None:
        self._index, self._indexed = {}, 0
        for target_id, guest_net_id in self._tenant.alternative_ids.items():
            self._enter(target_id, guest_net_id)

    def _enter(self, target_id: str, guest_net_id: str) -> None:
        key = alternative_id(guest_net_id)
        self._index[key] = (*self._index.get(key, ()), target_id)
        self._indexed += 1
