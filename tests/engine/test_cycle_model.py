"""Random histories: whatever happens, two quiet cycles bring the target to what the rules say."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.engine.world import DOMAIN, MemoryTarget, Person, World, clause, make_rules, make_user
from xtsync_tui.engine.cycle import CycleResult, Export
from xtsync_tui.engine.decision import Action, LinkState, User
from xtsync_tui.engine.job import ResetScope, restart
from xtsync_tui.engine.mapping import external_name

NAMES = ("anna", "bert", "cleo", "dana")
DEPARTMENTS = ("Sales", "IT", None)
names = st.sampled_from(NAMES)


class Provisioning(RuleBasedStateMachine):
    """One job, four people, and everything that may happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(make_rules())
        self.world.target = MemoryTarget(fails=self._fails)
        self.world.target.people["stranger"] = Person({"displayName": "Stranger"})
        self.failing: set[str] = set()
        self.sales_only = False
        self.left: set[str] = set()

    def _fails(self, export: Export) -> str | None:
        return "InternalServerError" if export.user.id in self.failing else None

    @initialize()
    def everybody_joins(self) -> None:
        self.world.source.put(*(make_user(name) for name in NAMES))

    def _edit(self, name: str, **changes: str | None) -> None:
        user = self.world.source.users.get(name)
        if user:
            self.world.source.put(user._replace(record={**user.record, **changes}))

    @rule(name=names, department=st.sampled_from(DEPARTMENTS))
    def move(self, name: str, department: str | None) -> None:
        self._edit(name, department=department)

    @rule(name=names, enabled=st.booleans())
    def enable(self, name: str, enabled: bool) -> None:
        self._edit(name, accountEnabled=str(enabled))

    @rule(name=names, manager=st.sampled_from((*NAMES, None)))
    def report_to(self, name: str, manager: str | None) -> None:
        self._edit(name, manager=manager)

    @rule(name=names, direct=st.booleans())
    def assign(self, name: str, direct: bool) -> None:
        user = self.world.source.users.get(name)
        if user:
            self.world.source.put(user._replace(direct=direct))

    @rule(name=names, deleted=st.booleans())
    def delete_or_restore(self, name: str, deleted: bool) -> None:
        user = self.world.source.users.get(name)
        if user:
            self.world.source.put(user._replace(deleted=deleted))

    @rule(name=names)
    def purge(self, name: str) -> None:
        if name in self.world.source.users:
            self.world.source.purge(name)

    @rule(sales_only=st.booleans())
    def change_filter(self, sales_only: bool) -> None:
        self.sales_only = sales_only
        groups = [clause("department", "EQUALS", "Sales")] if sales_only else []
        self.world.rules = make_rules(*groups)
        restart(self.world.state)

    @rule(name=names)
    def fail_or_heal(self, name: str) -> None:
        self.failing ^= {name}

    @rule(
        scope=st.sampled_from(
            (ResetScope.WATERMARK, ResetScope.ESCROWS | ResetScope.WATERMARK, ResetScope.FULL)
        )
    )
    def start_over(self, scope: ResetScope) -> None:
        # Breaking the links while someone is soft-deleted or has left leaves that target user to itself.
        states = {link.state for link in self.world.state.links.values()}
        if ResetScope.CONNECTOR_DATA_STORE in scope and states - {LinkState.ACTIVE}:
            return
        if ResetScope.CONNECTOR_DATA_STORE in scope and set(self.world.state.links) - set(self._inside()):
            return
        restart(self.world.state, scope)

    @rule(threshold=st.sampled_from((None, 1, 2)))
    def hold(self, threshold: int | None) -> None:
        self.world.threshold = threshold

    @rule()
    def allow_deletes(self) -> None:
        restart(self.world.state, ResetScope.FORCE_DELETES)

    @rule()
    def cycle(self) -> None:
        self._adds_up(self.world.cycle())

    @rule()
    def settle(self) -> None:
        # Failed changes wait ever longer, and a manager who comes later is linked by a restart only.
        restarts = bool(self.failing or self.world.state.escrows)
        self.failing.clear()
        self.world.threshold = None
        if restarts:
            restart(self.world.state)
        for _ in range(2):
            self._adds_up(self.world.cycle())
        self._agrees(managers=restarts)
        self.world.cycle()
        assert not self.world.written

    def _adds_up(self, result: CycleResult) -> None:
        counters = result.counters
        removed_or_failed = counters.exports - counters.exported
        assert removed_or_failed <= counters.escrowed_raw
        assert counters.exported == len(self.world.target.writes)
        assert counters.escrowed == len(self.world.state.escrows)
        assert counters.entitled_for_provisioning <= counters.entitled <= counters.imported
        users = {write.user.id for write in self.world.target.writes}
        assert len(users) <= counters.exported
        assert counters.held == len(self.world.state.held)
        assert counters.held == len([row for row in self.world.noted if row.staged])
        told = counters.exports + len(self.world.noted)
        assert told >= counters.imported

    def _inside(self) -> dict[str, User]:
        return {
            user.id: user
            for user in self.world.source.users.values()
            if user.direct
            and not user.deleted
            and (not self.sales_only or user.record.get("department") == "Sales")
        }

    def _agrees(self, *, managers: bool) -> None:
        links, inside = self.world.state.links, self._inside()
        for name, user in inside.items():
            if name not in links:
                assert user.record["accountEnabled"] == "False"
                continue
            person = self.world.person(name)
            assert not person.deleted
            assert person.record["accountEnabled"] == user.record["accountEnabled"]
            assert person.record["userPrincipalName"] == external_name(f"{name}@contoso.com", DOMAIN)
            if user.record.get("department"):
                assert person.record["department"] == user.record["department"]
            manager = user.record.get("manager")
            if managers and isinstance(manager, str) and manager in inside and manager in links:
                assert person.record["manager"] == links[manager].target_id
        for name in set(links) - set(inside):
            if links[name].state is not LinkState.LEFT:
                assert self.world.person(name).deleted

    @invariant()
    def nobody_is_there_twice(self) -> None:
        ids = [
            person.record["alternativeSecurityIds"]
            for person in self.world.target.people.values()
            if "alternativeSecurityIds" in person.record and not person.deleted
        ]
        assert len(ids) == len(set(ids))

    @invariant()
    def strangers_are_left_alone(self) -> None:
        assert self.world.target.people["stranger"].record == {"displayName": "Stranger"}
        touched = {write.decision.target_id for write in self.world.target.writes}
        assert "stranger" not in touched

    @invariant()
    def only_removals_reach_users_out_of_scope(self) -> None:
        for write in self.world.target.writes:
            if not write.decision.in_scope:
                assert write.decision.action in {Action.SOFT_DELETE, Action.HARD_DELETE}


Provisioning.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestProvisioning = Provisioning.TestCase
