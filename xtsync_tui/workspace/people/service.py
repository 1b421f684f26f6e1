"""What the People screen asks for: search, one person judged, and the writes that help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import guests
from xtsync_tui.model import Assignment, Json, Side
from xtsync_tui.workspace.assigning import assign, unassign
from xtsync_tui.workspace.mappings.trial import Bench
from xtsync_tui.workspace.people import gates
from xtsync_tui.workspace.people.compared import Compared, Judged, compared, judge
from xtsync_tui.workspace.people.finding import Found, home_of, search
from xtsync_tui.workspace.people.gates import Gate
from xtsync_tui.workspace.people.reading import PersonReading, read_person
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup import Outcome, PersonAnswers
from xtsync_tui.workspace.setup.scope import everyone
from xtsync_tui.workspace.setup.setup import Progress, silent

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

ON_DEMAND = 11
"""The step of the set-up that provisions one person."""


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

    async def home_of(self, target_id: str) -> str:
        """Return the id in SOURCE of somebody of TARGET; raises InvalidInput for nobody."""
        found = await home_of(self.workspace, target_id)
        if found is None:
            name = self.workspace.side(Side.SOURCE).name
            raise InvalidInput(f"Not from {name}", "Nobody in SOURCE has this name or address.", "")
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
        judged = judge(reading, self._bench)
        return PersonView(reading, self._gates(reading, judged), compared(reading, judged), judged)

    def _bench(self, schema: Json) -> Bench:
        source, target = self.workspace.side(Side.SOURCE), self.workspace.side(Side.TARGET)
        return Bench(schema, self.workspace.now, source.domain, target.initial_domain)

    def _gates(self, reading: PersonReading, judged: Judged) -> tuple[Gate, ...]:
        scope = judged.rules.scope if judged.rules else None
        return (
            gates.found_gate(reading),
            gates.member_gate(reading),
            gates.enabled_gate(reading),
            gates.sms_gate(reading, self.sms_off(reading)),
            gates.assigned_gate(reading, self.assigning(reading)),
            gates.filters_gate(scope, judged.record, reading),
            gates.clash_gate(reading, self.restoring(reading)),
            gates.connection_gate(reading),
            gates.job_gate(reading),
        )

    # Writes ------------------------------------------------------------------------------------------

    def sms_off(self, reading: PersonReading) -> tuple[Planned, ...]:
        """Return the write that switches SMS sign-in off."""
        why_not = Undo(why_not="SMS sign-in has to be switched on again in SOURCE, by hand.")
        request = guests.disable_sms_sign_in(reading.id)
        return (Planned(Side.SOURCE, request, "SMS sign-in off", why_not),)

    def assigning(self, reading: PersonReading) -> tuple[Planned, ...]:
        """Return the write that assigns the person directly, none without a configuration."""
        found = reading.facts.found
        if found is None:
            return ()
        return (assign(self.workspace.clients, found.service_principal, reading.id, "assign"),)

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
        return (unassign(self.workspace.clients, found.service_principal, direct, "unassign"),)

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

    def restoring(self, reading: PersonReading) -> tuple[Planned, ...]:
        """Return the write that brings the person back from the bin of TARGET, none when not there."""
        if isinstance(reading.binned, XtSyncError) or not reading.binned:
            return ()
        why_not = Undo(why_not="Delete the person again in TARGET, by hand.")
        return (Planned(Side.TARGET, guests.restore(reading.binned[0].id), "restore", why_not),)

    def provisioning(self, reading: PersonReading) -> tuple[Planned, ...]:
        """Return the request that provisions the person now; raises InvalidInput without a job."""
        return self.workspace.setup.prepare(ON_DEMAND, PersonAnswers(reading.id, reading.name))

    async def provision(self, reading: PersonReading, progress: Progress = silent) -> Outcome:
        """Provision the person now."""
        answers = PersonAnswers(reading.id, reading.name)
        return await self.workspace.setup.do(ON_DEMAND, answers, progress)
