"""What the Configs screen asks for."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from xtsync_tui.errors import GraphError, NotFound, Rejected, XtSyncError
from xtsync_tui.graph import configurations, credentials
from xtsync_tui.model import Job, Side
from xtsync_tui.workspace import people_files
from xtsync_tui.workspace.configurations import bulk, deleting, writes
from xtsync_tui.workspace.configurations.bulk import Result
from xtsync_tui.workspace.configurations.deleting import Deletion
from xtsync_tui.workspace.configurations.reading import (
    Assigned,
    Configuration,
    Whole,
    read_configurations,
    read_whole,
)
from xtsync_tui.workspace.configurations.settings import Setting, settings
from xtsync_tui.workspace.people_files import Line
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.answers import Principal, SettingsAnswers
from xtsync_tui.workspace.setup.reading import ConnectionTest
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

LISTED_WITHIN = 15
"""Seconds that a new configuration can need to be listed."""


class Configurations:
    """The configurations of the source; ``rows`` are those of the last reading."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.rows: tuple[Configuration, ...] = ()

    async def read(self) -> tuple[Configuration, ...]:
        """Read the list."""
        self.rows = await read_configurations(self.workspace)
        return self.rows

    async def whole(self, one: Configuration) -> Whole:
        """Read one with all that belongs to it."""
        return await read_whole(self.workspace, one)

    def settings(self, one: Configuration) -> tuple[Setting, ...]:
        """Return its settings, as known."""
        return settings(one, self.workspace.journal)

    def tested(self, one: Configuration) -> ConnectionTest | None:
        """Return the last connection test from here, None without one."""
        note = self.workspace.journal.noted("test" if one.is_ours else f"test {one.id}")
        if note is None:
            return None
        return ConnectionTest(note.at, note.value["passed"], note.value["code"], note.value["detail"])

    async def test(self, one: Configuration) -> ConnectionTest:
        """Have the service test the saved connection; that of this pair is explained by both tenants."""
        if one.is_ours:
            return await self.workspace.setup.test()
        code, said = "", "Connected."
        job = one.job.id if isinstance(one.job, Job) else ""
        try:
            await self.workspace.client(Side.SOURCE).send(credentials.validate_saved(one.id, job))
        except (Rejected, NotFound) as error:
            code, said = error.code or str(error.status), error.message
        now = self.workspace.now()
        self.workspace.journal.note(f"test {one.id}", {"passed": not code, "code": code, "detail": said}, now)
        return ConnectionTest(now, not code, code, said)

    # Writes ------------------------------------------------------------------------------------------

    def suggested_name(self) -> str:
        """Return ``Contoso to Fabrikam``, "" when there is one of this name."""
        source, target = (self.workspace.side(side).name for side in (Side.SOURCE, Side.TARGET))
        name = f"{source} to {target}"
        return "" if any(one.name == name for one in self.rows) else name

    def creating(self, name: str) -> tuple[Planned, ...]:
        """Return the write that makes one; raises InvalidInput."""
        return writes.creating(self.workspace.clients, self.rows, name)

    async def create(self, name: str, progress: Callable[[str], None]) -> str:
        """Make one, wait until it can be read, and return its object id."""
        (written,) = await self.send(self.creating(name))
        answer = written.answer or {}
        sp = str((answer.get("servicePrincipal") or {}).get("id") or "")
        if self.workspace.journal.noted("configuration") is None and not any(
            one.is_ours for one in self.rows
        ):
            self.workspace.journal.note("configuration", {"id": sp}, self.workspace.now())
        for _ in range(LISTED_WITHIN // 5):
            found = await configurations.configurations(self.workspace.client(Side.SOURCE))
            if any(one.id == sp for one in found):
                break
            progress("Created, not listed yet: the list can need 15 s")
            await self.workspace.pause(5)
        return sp

    def renaming(self, whole: Whole, name: str) -> tuple[Planned, ...]:
        """Return the writes that rename it; raises InvalidInput."""
        return writes.renaming(self.workspace.clients, whole, self.rows, name)

    def scoping(self, one: Configuration, *, everyone: bool) -> tuple[Planned, ...]:
        """Return the writes that change who is in scope."""
        return writes.scoping(self.workspace.clients, one, everyone=everyone)

    def notifying(self, one: Configuration, mail: str, threshold: int | None) -> tuple[Planned, ...]:
        """Return the write that saves mail and threshold; raises InvalidInput."""
        return writes.notifying(self.workspace.clients, one, SettingsAnswers(mail, threshold))

    def notifications(self, one: Configuration) -> tuple[str, int | None]:
        """Return mail and threshold as a form begins with them: as saved, else one's own address and 500."""
        known = {} if isinstance(one.secrets, XtSyncError) else one.secrets
        if not known.get(credentials.NOTIFICATIONS):
            return self.workspace.side(Side.SOURCE).mail, 500
        saved = credentials.notifications(known)
        return (
            saved.recipients if saved.enabled else "",
            saved.delete_threshold_value if saved.delete_threshold_enabled else None,
        )

    def assigning(self, whole: Whole, who: Iterable[Principal]) -> tuple[Planned, ...]:
        """Return one write for each who is not assigned yet."""
        return writes.assigning(self.workspace.clients, whole, who)

    def unassigning(self, one: Configuration, rows: Iterable[Assigned]) -> tuple[Planned, ...]:
        """Return one write for each assignment that goes."""
        return writes.unassigning(self.workspace.clients, one, rows)

    async def send(self, planned: Sequence[Planned]) -> tuple[Written, ...]:
        """Send writes in order; raises what stopped them."""
        written = await self.workspace.writer.send_all(planned)
        failed = next((one for one in written if not one.done), None)
        if failed is not None:
            raise failed.error or GraphError("Not known whether it happened", failed.entry.note)
        return written

    # Deleting ----------------------------------------------------------------------------------------

    async def plan_deletion(self, one: Configuration) -> Deletion:
        """Return what deleting would send now."""
        return await deleting.plan_deletion(self.workspace, one)

    async def delete(self, one: Configuration) -> tuple[Written, ...]:
        """Delete what is left of it; raises how far it came when it stops."""
        return await deleting.delete(self.workspace, one)

    # From a file -------------------------------------------------------------------------------------

    async def match_file(
        self, whole: Whole, name: str, progress: people_files.Progress = lambda *_: None
    ) -> tuple[Line, ...]:
        """Return who is meant by each line of the CSV file called ``name``; raises InvalidInput."""
        return await self.match(whole, await people_files.read_file(name), progress)

    async def match(
        self, whole: Whole, text: str, progress: people_files.Progress = lambda *_: None
    ) -> tuple[Line, ...]:
        """Return who is meant by each line of a CSV file; raises InvalidInput."""
        return await bulk.match(self.workspace, whole, people_files.names_in(text), progress)

    def importing(self, whole: Whole, lines: Iterable[Line]) -> tuple[Planned, ...]:
        """Return one write for each line that matches."""
        return bulk.planned(self.workspace, whole, lines)

    async def assign_all(
        self, whole: Whole, lines: Sequence[Line], progress: Callable[[str], None]
    ) -> tuple[Result, ...]:
        """Assign every line that matches; return what became of each."""
        return await bulk.assign_all(self.workspace, whole, lines, progress)
