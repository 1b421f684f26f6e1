"""The set-up of one pair: read it, prepare a step, do a step, do the rest."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import anyio

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json, ProvisioningEvent, Side, TenantInformation
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import asking
from xtsync_tui.workspace.setup.ahead import ahead, answers_of
from xtsync_tui.workspace.setup.answers import Answers, Principal
from xtsync_tui.workspace.setup.connecting import test as test_connection
from xtsync_tui.workspace.setup.doing import perform
from xtsync_tui.workspace.setup.facts import Area, Facts
from xtsync_tui.workspace.setup.found import CycleView, GroupView, MappingRow
from xtsync_tui.workspace.setup.gather import ROWS_AGE, gather, gather_again, note_name, read_rows
from xtsync_tui.workspace.setup.outcome import Outcome
from xtsync_tui.workspace.setup.prerequisites import missing_cause
from xtsync_tui.workspace.setup.reading import Cause, ConnectionTest, SetupReading, StepReading, StepState
from xtsync_tui.workspace.setup.register import HANDLERS, OPEN, judge
from xtsync_tui.workspace.setup.suggesting import suggest, suggest_person

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

Progress = Callable[[str], None]
"""Takes one line of text that says what is being waited for."""


def silent(_: str) -> None:
    """Take a line and show it nowhere."""


class Setup:
    """The fifteen steps for one pair of tenants. ``reading`` is the last one, None before the first.

    ``configuration`` is the object id of another one than the pair's own, "" for that: there can be several.
    """

    def __init__(self, workspace: "Workspace", configuration: str = "") -> None:
        self.workspace = workspace
        self.configuration = configuration
        self.reading: SetupReading | None = None
        self._facts: Facts | None = None
        # One reading after the other: an older one must not replace what was read after a write.
        self._reading = anyio.Lock()
        self._rows: dict[str, tuple[float, tuple[ProvisioningEvent, ...]]] = {}

    @property
    def facts(self) -> Facts:
        """What the last reading brought; raises InvalidInput before the first one."""
        if self._facts is None:
            raise InvalidInput("Nothing was read yet", "", "Read the set-up first.")
        return self._facts

    async def read(self, progress: Progress = silent) -> SetupReading:
        """Read everything from both tenants; a part that fails makes its steps "cannot tell"."""
        progress("reading both tenants")
        async with self._reading:
            return self._keep(await gather(self.workspace, self.configuration))

    async def refresh(self, areas: Area = Area.ALL) -> Facts:
        """Read again what the steps change, not who is signed in or the licences."""
        async with self._reading:
            before = self._facts
            if before is not None and before.source.id and before.target.id:
                self._keep(await gather_again(self.workspace, before, areas, self.configuration), areas)
            else:
                self._keep(await gather(self.workspace, self.configuration))
            return self.facts

    async def look_again(self, number: int) -> Facts:
        """Read again what step ``number`` depends on and changes."""
        return await self.refresh(HANDLERS[number].areas)

    def _keep(self, facts: Facts, areas: Area = Area.ALL) -> SetupReading:
        self._facts = facts
        self.reading = judge(self.workspace.clients, facts)
        failed = StepState.CANNOT_TELL in [step.state for step in self.reading.steps]
        if failed or areas is Area.ALL:  # else the oldest part is as old as it was
            self.workspace.mark_read("setup", failed=failed)
        return self.reading

    async def newest_rows(self, sp: str) -> tuple[ProvisioningEvent, ...]:
        """Return the newest rows of the provisioning log, at most 15 seconds old."""
        now = self.workspace.monotonic()
        kept = self._rows.get(sp)
        if kept is None or now - kept[0] > ROWS_AGE:
            kept = self._rows[sp] = (now, await read_rows(self.workspace.client(Side.SOURCE), sp))
        return kept[1]

    def forget_rows(self) -> None:
        """Read the log anew next time: something was just provisioned."""
        self._rows.clear()

    def note(self, name: str, value: Json) -> None:
        """Keep what leaves no trace in Graph."""
        name = note_name(name, self.configuration)
        self.workspace.journal.note(name, value, self.workspace.now())

    @property
    def has_job(self) -> bool:
        """Whether there is a job, as far as was read."""
        return self._facts is not None and self._facts.job is not None

    @property
    def text_signers(self) -> frozenset[str]:
        """The ids of those who were found to sign in by SMS: the service leaves them out."""
        known = self._facts.text_signers if self._facts is not None else ()
        return frozenset(user.id for user in known)

    def defaults(self, number: int) -> Answers:
        """Return what the dialog of a step begins with."""
        return HANDLERS[number].defaults(self.facts)

    async def suggest(self, number: int) -> Answers:
        """Return answers with which a step can be done unasked: a suitable person where one is needed."""
        return await suggest(self.workspace, self.facts, number)

    def prepare(self, number: int, answers: Answers) -> tuple[Planned, ...]:
        """Return what doing a step would send; raises InvalidInput that names the field."""
        return HANDLERS[number].prepare(self.workspace.clients, self.facts, answers)

    async def do(self, number: int, answers: Answers, progress: Progress = silent) -> Outcome:
        """Do a step: look again, send, and read what became of it.

        Raises:
            InvalidInput: an answer cannot be used; nothing was sent.
            ReadOnly: the profile does not write; nothing was sent.
        """
        return await perform(self, number, answers, progress)

    def rest(self) -> tuple[StepReading, ...]:
        """Return the steps that are not done, those that are not needed among them."""
        steps = self.reading.steps if self.reading else ()
        return tuple(one for one in steps if one.state is not StepState.DONE)

    def ahead(self, person: Principal | None) -> dict[int, tuple[Planned, ...]]:
        """Return what the rest sends, by step, each as if the ones before were done, with ``person``."""
        reading = self.reading
        return dict(ahead(self.workspace.clients, self.facts, reading, person)) if reading else {}

    async def suggest_person(self) -> Principal:
        """Return somebody to do the rest with; raises InvalidInput when nobody suitable is found."""
        return await suggest_person(self.workspace, self.facts)

    async def do_rest(
        self,
        progress: Progress = silent,
        person: Principal | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> AsyncIterator[Outcome]:
        """Do what is left, in order, unasked; end after the first that is not done, and once ``is_stopped``.

        ``person`` is whom it assigns and provisions, None for a suggested one. Between two steps only what
        the steps change is read; everything is read at the end.
        """
        await self.read(progress)
        for number in range(1, len(HANDLERS)):
            reading = (self.reading or await self.read())[number]
            if reading.state.settled:
                continue
            if is_stopped():
                break
            outcome = self._held_up(reading)
            if outcome is None:
                progress(f"step {number}: {reading.step.title}")
                # The step before has just read what it changed: once between two steps is enough.
                answers = answers_of(self.facts, number, person) if person else await self.suggest(number)
                outcome = await perform(self, number, answers, progress, just_read=True)
            yield outcome
            if not outcome.done:
                return
        await self.refresh()

    def _held_up(self, reading: StepReading) -> Outcome | None:
        """Return why a step cannot be done now: a role, a licence, something unread or undone before it."""
        missing = next((need for need in reading.needs if need.held is False and need.kind != "scope"), None)
        if missing is not None:
            cause: Cause | None = missing_cause(self.facts, missing)
        elif reading.state in OPEN:
            return None
        else:
            cause = reading.cause
        return Outcome(reading.number, False, f"step {reading.number}: {reading.words}", cause=cause)

    async def test(self) -> ConnectionTest:
        """Ask the service whether it can connect, and which setting is in its way if not."""
        await self.look_again(6)
        found = await test_connection(self)
        await self.refresh()
        return found

    async def resolve_tenant(self, text: str, seen_by: Side = Side.TARGET) -> TenantInformation:
        """Return the tenant with this id or domain; raises InvalidInput for none."""
        return await asking.resolve_tenant(self.workspace, text, seen_by)

    async def search_people(self, text: str) -> tuple[Principal, ...]:
        """Return people of the source whose name or address begins so."""
        return await asking.search_people(self.workspace, text)

    async def search_groups(self, text: str) -> tuple[Principal, ...]:
        """Return groups of the source whose name begins so."""
        return await asking.search_groups(self.workspace, text)

    async def members_and_nested(self, group_id: str) -> GroupView:
        """Return who comes with a group, and which groups inside it are not followed."""
        return await asking.members_and_nested(self.workspace, group_id)

    async def assigned(self) -> tuple[Principal, ...]:
        """Return who is assigned now."""
        return asking.assigned(self.facts)

    async def mappings(self) -> tuple[MappingRow, ...]:
        """Return the attribute mappings of people."""
        return asking.mappings(self.facts)

    async def cycle(self) -> CycleView:
        """Return the job now, with the newest rows of the log; raises InvalidInput without a job."""
        await self.refresh()
        return asking.cycle(self.facts)
