"""What the Logs screen asks: one log at a time, what came since, what is older, and one person in all.

Every log allows 5 requests in 10 s for a tenant [throttling-limits], to which the clients keep: the tenants
are asked one after the other, and a reading stops after a few pages and says so.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from xtsync_tui.errors import Cancelled, XtSyncError
from xtsync_tui.graph import guests, logs
from xtsync_tui.model import ProvisioningEvent, Side, User
from xtsync_tui.workspace.logs.explaining import Explanation, explain
from xtsync_tui.workspace.logs.lines import (
    KEPT,
    Ask,
    Gap,
    Line,
    Log,
    LogView,
    Outcome,
    Person,
    audit_line,
    configuration_of,
    merged,
    provisioning_line,
    tells_twice,
)
from xtsync_tui.workspace.logs.repair import repair
from xtsync_tui.workspace.people.finding import MARK, home_of

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup import Cause

PAGES = 4
"""Pages of a log that one reading takes at most."""

LATE = timedelta(minutes=5)
"""How far back a later look goes again. Not documented: how late a row can come."""

Progress: TypeAlias = Callable[[int], None]
"""Takes the number of rows read so far."""

_STATUS = {
    Outcome.SUCCESS: "success",
    Outcome.FAILED: "failure",
    Outcome.SKIPPED: "skipped",
    Outcome.WARNING: "warning",
}
_RESULTS = {Outcome.SUCCESS: ("success",), Outcome.FAILED: ("failure", "timeout")}
"""An audit log knows of nothing that is skipped or held [directoryAudit]."""


class LogDesk:
    """The logs of both tenants."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace

    async def read(self, log: Log, ask: Ask, progress: Progress | None = None) -> LogView:
        """Read one log, the newest rows first; raises what kept it from being read."""
        lines, complete = await self._lines(log, ask, self.workspace.now() - ask.since, progress)
        return LogView(ask, tuple(lines), self._read(log), complete)

    async def more(self, log: Log, view: LogView) -> LogView:
        """Read what came since; rows that come late find their place.

        Where more came than one reading takes, the newest rows alone are returned: a view has no holes.
        """
        oldest = self.workspace.now() - view.ask.since
        newest = view.lines[0].at if view.lines else view.read_at
        since = max(min(newest, view.read_at) - LATE, oldest)
        lines, reached = await self._lines(log, view.ask, since, None)
        if not reached and not (view.lines and lines and lines[-1].at <= newest):
            return LogView(view.ask, tuple(lines), self._read(log), complete=False)
        kept = merged(lines, view.lines, oldest)
        most = max(KEPT, len(view.lines))
        return LogView(view.ask, kept[:most], self._read(log), view.complete and len(kept) <= most)

    async def older(self, log: Log, view: LogView, progress: Progress | None = None) -> LogView:
        """Read on from the last row of ``view``, within its range."""
        if not view.lines:
            return view
        # Times are asked for in whole seconds: the second of the last row is read again.
        until = view.lines[-1].at + timedelta(seconds=1)
        oldest = self.workspace.now() - view.ask.since
        lines, complete = await self._lines(log, view.ask, oldest, progress, until)
        return replace(view, lines=merged(lines, view.lines, oldest), complete=complete)

    async def timeline(self, person: Person, ask: Ask) -> LogView:
        """Read everything about one person, one tenant after the other; what cannot be read is a gap."""
        since = self.workspace.now() - ask.since
        lines: list[Line] = []
        read: list[tuple[Log, datetime]] = []
        gaps: list[Gap] = []
        for log in Log:
            try:
                found = [line async for line in self._about(log, person, since)]
                if log is Log.SOURCE_AUDIT:
                    found += await self._changes({configuration_of(line) for line in lines}, since)
            except XtSyncError as error:
                gaps.append(Gap(log, error))
                continue
            read.append((log, self.workspace.now()))
            lines += found
            person = _told(person, found)
        self.workspace.mark_read("logs", failed=bool(gaps))
        if not read and gaps:
            raise gaps[0].error
        rows = merged((line for line in lines if ask.outcome in {None, line.outcome}), (), since)
        return LogView(ask, rows, tuple(read), person=person, gaps=tuple(gaps))

    async def person_of(self, line: Line) -> Person:
        """Return whom a row is about, on both sides as far as it can be told."""
        source_id = line.person_id
        if not source_id and line.target_id:
            home = await home_of(self.workspace, line.target_id)
            source_id = home.id if home else ""
        return Person(line.person, source_id, line.target_id, "" if MARK in line.account else line.account)

    def explain(self, line: Line) -> Explanation | None:
        """Return why a row is not a success, and what repairs it."""
        return explain(line)

    async def repair(self, line: Line) -> "Cause":
        """Return the requests that repair a row; raises InvalidInput when none do."""
        return await repair(self.workspace, line)

    # Reading -------------------------------------------------------------------------------------------

    def _read(self, log: Log) -> tuple[tuple[Log, datetime]]:
        self.workspace.mark_read("logs")
        return ((log, self.workspace.now()),)

    async def _lines(
        self,
        log: Log,
        ask: Ask,
        since: datetime,
        progress: Progress | None,
        until: datetime | None = None,
    ) -> tuple[list[Line], bool]:
        """Return the newest rows of a time, and whether these are all of it."""
        lines: list[Line] = []
        pages = 0
        try:
            async for page in self._pages(log, ask.outcome, since, until):
                lines += page
                pages += 1
                if progress is not None:
                    progress(len(lines))
                if pages == PAGES:
                    break
        except XtSyncError as error:
            if not isinstance(error, Cancelled):
                self.workspace.mark_read("logs", failed=True)
            raise
        return lines, len(lines) < PAGES * logs.PAGE

    async def _pages(
        self, log: Log, outcome: Outcome | None, since: datetime, until: datetime | None
    ) -> AsyncIterator[list[Line]]:
        if log is Log.PROVISIONING:
            async for events in self._provisioning(outcome, since, until):
                yield [provisioning_line(event) for event in events]
            return
        results = () if outcome is None else _RESULTS.get(outcome)
        if results is None:
            return
        client = self.workspace.client(log.side)
        async for audited in logs.audit_events(client, since=since, until=until, results=results):
            yield [audit_line(event, log) for event in audited]

    def _provisioning(
        self,
        outcome: Outcome | None,
        since: datetime,
        until: datetime | None = None,
        source_id: str = "",
    ) -> AsyncIterator[tuple[ProvisioningEvent, ...]]:
        return logs.provisioning_events(
            self.workspace.client(Side.SOURCE),
            since=since,
            until=until,
            source_id=source_id,
            status=_STATUS.get(outcome, "") if outcome else "",
            action="stagedDelete" if outcome is Outcome.HELD else "",
        )

    async def _about(self, log: Log, person: Person, since: datetime) -> AsyncIterator[Line]:
        """Yield the rows of one log about a person."""
        if log is Log.PROVISIONING:
            if person.source_id:
                async for events in self._provisioning(None, since, source_id=person.source_id):
                    for event in events:
                        yield provisioning_line(event)
            return
        ids = {person.source_id} if log is Log.SOURCE_AUDIT else await self._target_ids(person)
        for one in ids - {""}:
            client = self.workspace.client(log.side)
            async for page in logs.audit_events(client, since=since, target_id=one):
                for line in (audit_line(event, log) for event in page):
                    if not tells_twice(line):
                        yield line

    async def _changes(self, configurations: set[str], since: datetime) -> list[Line]:
        """Return what people changed at the configurations that wrote to a person: it can be the cause."""
        client = self.workspace.client(Side.SOURCE)
        return [
            audit_line(event, Log.SOURCE_AUDIT)
            for one in sorted(configurations - {""})
            async for page in logs.audit_events(
                client, since=since, target_id=one, activities=logs.CONFIGURATION_CHANGES
            )
            for event in page
        ]

    async def _target_ids(self, person: Person) -> set[str]:
        """Return the person's ids in TARGET: the one the log names, else by the name of an invitation."""
        if person.target_id or not person.account:
            return {person.target_id}
        home = User(id=person.source_id, user_principal_name=person.account)
        found = await guests.counterparts(self.workspace.client(Side.TARGET), home)
        return {user.id for user in found}


def _told(person: Person, lines: list[Line]) -> Person:
    """Return the person with what the rows add: account and id in TARGET."""
    target_id = person.target_id or next((line.target_id for line in lines if line.target_id), "")
    account = person.account or next(
        (line.account for line in lines if line.log is not Log.TARGET_AUDIT and line.account), ""
    )
    name = person.name or next((line.person for line in lines if line.person), "")
    return Person(name, person.source_id, target_id, account)
