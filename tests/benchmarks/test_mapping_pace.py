"""How fast users are decided with the default mappings: run with ``pytest tests/benchmarks -s``."""

import tracemalloc
from collections.abc import Iterator
from time import process_time

import pytest

from tests.engine.world import Person, make_rules
from xtsync_tui.engine.cycle import plan
from xtsync_tui.engine.decision import Action, Link, TargetUser, User
from xtsync_tui.engine.default_schema import DIRECT

ON_DEMAND = 0.5
"""Users a second through the on-demand API: 5 requests in 10 seconds."""

ENOUGH = 20_000
RULES = make_rules()


def make_users(count: int) -> Iterator[User]:
    """Yield assigned users with a value for each default mapping."""
    fixed = {name: f"{name} value" for name in DIRECT}
    for number in range(count):
        user_id = f"u{number}"
        record = {
            **fixed,
            "objectId": user_id,
            "netId": f"net{number}",
            "alternativeSecurityIds": "None",
            "accountEnabled": "True",
            "IsSoftDeleted": "False",
            "displayName": f"User {number}",
            "userPrincipalName": f"user{number}@contoso.com",
            "mail": f"user{number}@contoso.com",
            "manager": "u0",
        }
        yield User(user_id, record, direct=True)


class Empty:
    """A target without users: everybody is created."""

    def get(self, target_id: str) -> TargetUser | None:  # noqa: ARG002
        return None

    def find(self, attribute: str, value: str) -> list[TargetUser]:  # noqa: ARG002
        return []


class Same(Empty):
    """A target where everybody is there already with one old value: everybody is updated."""

    def __init__(self) -> None:
        first = next(make_users(1))
        created = RULES.mapping.creation(first.record)
        record = {change.attribute: change.new for change in created}
        self.person = TargetUser("t", Person({**record, "city": "Old"}).record)

    def get(self, target_id: str) -> TargetUser | None:  # noqa: ARG002
        return self.person


def pace(count: int, target: Empty) -> float:
    """Return the users decided a second of processor time, import of the records not counted."""
    users = list(make_users(count))
    links = {user.id: Link("t") for user in users} if isinstance(target, Same) else {}
    best = 0.0
    for _ in range(3 if count <= 10_000 else 1):
        began = process_time()
        actions = {decision.action for _, decision in plan(RULES, users, links, target)}
        best = max(best, count / (process_time() - began))
        assert actions == {Action.UPDATE if links else Action.CREATE}
    return best


@pytest.mark.parametrize("target", [Empty(), Same()], ids=["create", "update"])
def test_default_mappings_for_20_000_users_a_second_whatever_their_number(target: Empty) -> None:
    paces = {count: pace(count, target) for count in (1_000, 10_000, 100_000)}
    for count, users in paces.items():
        ratio = users / ON_DEMAND
        print(f"{count:>7,} users: {users:>7,.0f} users/s, {ratio:,.0f} times the on-demand API")  # noqa: T201
    assert min(paces.values()) > ENOUGH
    assert max(paces.values()) < 3 * min(paces.values())


def test_memory_of_a_streamed_plan_does_not_grow() -> None:
    peaks = []
    for count in (1_000, 20_000):
        tracemalloc.start()
        for _ in plan(RULES, make_users(count), {}, Empty()):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
