"""What the People screen asks for: search, one person judged, and the writes that help."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.engine.decision import EXPORTS, Action
from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Assignment, Json, Side
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.assigning import assign, unassign
from xtsync_tui.workspace.mappings.trial import Bench, bench_of
from xtsync_tui.workspace.people import gates, pair_gates
from xtsync_tui.workspace.people.compared import Compared, Judged, compared, judge
from xtsync_tui.workspace.people.finding import Found, at_home, search
from xtsync_tui.workspace.people.gates import Gate
from xtsync_tui.workspace.people.reading import PersonReading, read_person
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.repairs import Repair, Somebody
from xtsync_tui.workspace.setup.scope import everyone

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

BEFORE_A_WRITE = ("clash", "connection", "job")
"""The gates that do not decide about the person, but keep the service from writing."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person, judged: the gates in the order of the service and the attributes side by side."""

    reading: PersonReading
    gates: tuple[Gate, ...]
    rows: tuple[Compared, ...]
    judged: Judged

    @property
    def shut(self) -> tuple[Gate, ...]:
        """The gates that keep the person out."""
        return tuple(gate for gate in self.gates if gate.symbol == gates.SHUT)

    @property
    def leaves(self) -> bool:
        """Whether a cycle would delete the account in TARGET, evaluated here."""
        decision = self.judged.decision
        return decision is not None and decision.action is Action.SOFT_DELETE

    @property
    def next_cycle(self) -> datetime | None:
        """When the next cycle begins, None while none is due or that cannot be told."""
        return pair_gates.next_cycle(self.reading)

    @property
    def outcome(self) -> str:
        """What a cycle would do, evaluated here, with the gates of both tenants that are still in its way."""
        decision = self.judged.decision
        waits = [gate.title for gate in self.shut if gate.key in BEFORE_A_WRITE]
        if not waits or decision is None or decision.action not in EXPORTS or self.reading.pending:
            return self.judged.outcome
        return f"{self.judged.outcome}, once {' and '.join(waits)} {'are' if len(waits) > 1 else 'is'} open"

    @property
    def is_there(self) -> bool | None:
        """Whether the person is in TARGET; None when it cannot be told."""
        there = self.reading.there
        return None if isinstance(there, XtSyncError) else there is not None

    def gate(self, key: str) -> Gate:
        """Return the gate with this key."""
        return next(gate for gate in self.gates if gate.key == key)


class People:
    """People of the pair."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace

    async def search(self, side: Side, text: str) -> tuple[Found, ...]:
        """Return the people of one side whose name or address begins so."""
        return await search(self.workspace, side, text)

    async def at_home(self, there: Found) -> str:
        """Return the id in SOURCE of somebody found in TARGET; raises InvalidInput for nobody."""
        found = await at_home(self.workspace, there)
        if found is None:
            name = self.workspace.side(Side.SOURCE).name
            words = f"Nobody in SOURCE {name} has the name or the address of {there.name or there.account}."
            raise InvalidInput(f"Not from {name}", words)
        return found.id

    async def person(
        self,
        user_id: str,
        *,
        fresh: bool = False,
        before: PersonReading | None = None,
        so_far: Callable[[PersonView], None] | None = None,
    ) -> PersonView:
        """Read one person of SOURCE and judge what was read; ``before`` lends phones and log rows.

        ``so_far`` is told of each part that came while others are on their way.
        """

        def judged_so_far(reading: PersonReading) -> None:
            if so_far is not None:
                so_far(self._judged(reading))

        told = judged_so_far if so_far else None
        return self._judged(
            await read_person(self.workspace, user_id, fresh=fresh, before=before, so_far=told)
        )

    def _judged(self, reading: PersonReading) -> PersonView:
        judged = judge(reading, self.bench)
        return PersonView(reading, self._gates(reading, judged), compared(reading, judged), judged)

    def bench(self, schema: Json) -> Bench:
        """Return what the mappings of a schema are tried with."""
        return bench_of(self.workspace, schema)

    def _gates(self, reading: PersonReading, judged: Judged) -> tuple[Gate, ...]:
        scope = judged.rules.scope if judged.rules else None
        return (
            gates.found_gate(reading),
            gates.member_gate(reading),
            gates.enabled_gate(reading),
            gates.sms_gate(reading, repairs.sms_off([_somebody(reading)])),
            gates.assigned_gate(reading, self.assigning(reading)),
            gates.filters_gate(scope, judged.record, reading),
            gates.clash_gate(reading, self.restoring(reading)),
            pair_gates.connection_gate(reading),
            pair_gates.job_gate(reading),
        )

    # Writes ------------------------------------------------------------------------------------------

    def assigning(self, reading: PersonReading) -> Repair | None:
        """Return the repair that assigns the person directly, None without a configuration."""
        found = reading.facts.found
        if found is None:
            return None
        why = f"assign: {reading.name}"
        planned = assign(self.workspace.clients, found.service_principal, reading.id, why)
        return repairs.assigning(_somebody(reading), planned)

    def direct(self, reading: PersonReading) -> Assignment | None:
        """Return the direct assignment of the person, None without one."""
        found = reading.facts.found
        assigned = () if found is None or isinstance(found.assignments, XtSyncError) else found.assignments
        return next((one for one in assigned if one.principal_id == reading.id), None)

    def unassigning(self, reading: PersonReading) -> tuple[Planned, ...]:
        """Return the write that takes the direct assignment away, none without one."""
        found, direct = reading.facts.found, self.direct(reading)
        if found is None or direct is None:
            return ()
        why = f"unassign: {reading.name}"
        return (unassign(self.workspace.clients, found.service_principal, direct, why),)

    def still_in(self, reading: PersonReading) -> str:
        """Return what keeps the person in scope without the direct assignment, "" for nothing."""
        found = reading.facts.found
        if (
            found is None
            or isinstance(found.assignments, XtSyncError)
            or isinstance(reading.groups, XtSyncError)
        ):
            return ""
        if everyone(found):
            return "because all users are"
        own = {group.id for group in reading.groups}
        names = [one.principal_display_name or "" for one in found.assignments if one.principal_id in own]
        return f"through {' and '.join(names)}" if names else ""

    def restoring(self, reading: PersonReading) -> Repair | None:
        """Return the repair that brings the person back from the bin of TARGET, None when not there."""
        if isinstance(reading.binned, XtSyncError) or not reading.binned:
            return None
        return repairs.restoring(reading.binned[:1])


def _somebody(reading: PersonReading) -> Somebody:
    return Somebody(reading.id, reading.name, reading.account)
