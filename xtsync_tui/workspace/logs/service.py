"""What the Logs screen asks: one log at a time, what came since, and one person in all of them.

Every log allows 5 requests in 10 s for a tenant [throttling-limits]: the tenants are asked one after the
other, and a reading stops after a few pages and says so.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import guests, logs
from xtsync_tui.model import AuditEvent, ProvisioningEvent, Side, User
from xtsync_tui.workspace.logs.lines import (
    Ask,
    Gap,
    Line,
    Log,
    LogView,
    Outcome,
    Person,
    audit_line,
    merged,
    provisioning_line,
    tells_twice,
)
from xtsync_tui.workspace.logs.repair import Explanation, explain, repair
from xtsync_tui.workspace.people.finding import MARK, home_of

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup import Cause

PAGES = 4
"""Pages of a log that one reading takes at most."""

TURNS, WINDOW = 4, 10.0
"""Requests in so many seconds that this sends by itself; the fifth is left to the other screens."""

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


class LogDesk:
    """The logs of both tenants."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self._asked: dict[Side, deque[float]] = {side: deque(maxlen=TURNS) for side in Side}

    async def read(self, log: Log, ask: Ask, progress: Progress | None = None) -> LogView:
        """Read one log, the newest rows first; raises what kept it from being read."""
        now = self.workspace.now()
        lines, complete = await self._lines(log, ask, now - ask.since, progress)
        self.workspace.mark_read("logs")
        return LogView(ask, tuple(lines), ((log, self.workspace.now()),), complete)

    async def more(self, log: Log, view: LogView) -> LogView:
        """Read what came since; rows that come late find their place."""
        now = self.workspace.now()
        newest = view.lines[0].at if view.lines else view.read_at
        oldest = now - view.ask.since
        since = max(min(newest, view.read_at) - LATE, oldest)
        lines, complete = await self._lines(log, view.ask, since, None)
        self.workspace.mark_read("logs")
        kept = merged(lines, view.lines, oldest)
        return LogView(view.ask, kept, ((log, self.workspace.now()),), view.complete and complete)

    async def timeline(self, person: Person, ask: Ask) -> LogView:
        """Read everything about one person, one tenant after the other; what cannot be read is a gap."""
        since = self.workspace.now() - ask.since
        lines: list[Line] = []
        read: list[tuple[Log, datetime]] = []
        gaps: list[Gap] = []
        for log in Log:
            try:
                found = [line async for line in self._about(log, person, since)]
            except XtSyncError as error:
                gaps.append(Gap(log, error))
                continue
            read.append((log, self.workspace.now()))
            lines += [line for line in found if ask.outcome in {None, line.outcome}]
            person = _told(person, found)
        self.workspace.mark_read("logs", failed=bool(gaps))
        if not read and gaps:
            raise gaps[0].error
        rows = merged(lines, (), since)
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

    async def _lines(
        self, log: Log, ask: Ask, since: datetime, progress: Progress | None
    ) -> tuple[list[Line], bool]:
        lines: list[Line] = []
        pages = 0
        try:
            async for page in self._pages(log, ask, since):
                lines += page
                pages += 1
                if progress is not None:
                    progress(len(lines))
                if pages == PAGES:
                    break
        except XtSyncError:
            self.workspace.mark_read("logs", failed=True)
            raise
        full = pages == PAGES and len(lines) >= PAGES * logs.PAGE
        if ask.outcome is not None:
            lines = [line for line in lines if line.outcome is ask.outcome]
        return lines, not full

    async def _pages(self, log: Log, ask: Ask, since: datetime) -> AsyncIterator[list[Line]]:
        await self._turn(log.side)
        if log is Log.PROVISIONING:
            async for events in self._provisioning(ask.outcome, since):
                yield [provisioning_line(event) for event in events]
                await self._turn(log.side)
            return
        async for audited in logs.audit_events(self.workspace.client(log.side), since=since):
            yield [audit_line(event, log) for event in audited]
            await self._turn(log.side)

    async def _turn(self, side: Side) -> None:
        """Wait until another request to the logs of a tenant is within the limit, and count it."""
        asked, now = self._asked[side], self.workspace.monotonic
        if len(asked) == TURNS and (left := asked[0] + WINDOW - now()) > 0:
            await self.workspace.pause(left)
        asked.append(now())

    def _provisioning(
        self, outcome: Outcome | None, since: datetime, source_id: str = ""
    ) -> AsyncIterator[tuple[ProvisioningEvent, ...]]:
        return logs.provisioning_events(
            self.workspace.client(Side.SOURCE),
            since=since,
            source_id=source_id,
            status=_STATUS.get(outcome, "") if outcome else "",
            action="stagedDelete" if outcome is Outcome.HELD else "",
        )

    async def _about(self, log: Log, person: Person, since: datetime) -> AsyncIterator[Line]:
        """Yield the rows of one log about a person."""
        if log is Log.PROVISIONING:
            if person.source_id:
                await self._turn(log.side)
                async for events in self._provisioning(None, since, person.source_id):
                    for event in events:
                        yield provisioning_line(event)
            return
        ids = {person.source_id} if log is Log.SOURCE_AUDIT else await self._target_ids(person)
        for one in ids - {""}:
            await self._turn(log.side)
            client = self.workspace.client(log.side)
            audited: AsyncIterator[tuple[AuditEvent, ...]] = logs.audit_events(
                client, since=since, target_id=one
            )
            async for page in audited:
                for line in (audit_line(event, log) for event in page):
                    if not tells_twice(line):
                        yield line

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
