"""What the Mappings screen asks a pair of tenants for; it keeps the draft and the people that were read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread

from xtsync_tui.engine.values import Record, Value
from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Json, ParsedExpression, Side
from xtsync_tui.workspace.journal import Entry
from xtsync_tui.workspace.mappings.changes import Change, changes, merged, same, three_ways
from xtsync_tui.workspace.mappings.crowd import Crowd, read_crowd
from xtsync_tui.workspace.mappings.draft import Draft, begin, imported
from xtsync_tui.workspace.mappings.effects import Effects, effects
from xtsync_tui.workspace.mappings.reading import MappingsReading, read, refreshed
from xtsync_tui.workspace.mappings.saving import (
    JobTurned,
    Overtaken,
    Saved,
    begin_cycle,
    full_cycle,
    overtaken,
    restore_defaults,
    save,
)
from xtsync_tui.workspace.mappings.trial import Bench, bench_of
from xtsync_tui.workspace.mappings.unfinished import Unfinished, unfinished
from xtsync_tui.workspace.setup.partners import culprit
from xtsync_tui.workspace.setup.reading import Cause

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

OLD = timedelta(minutes=5)
"""After which people are read again before it is shown what saving does to them."""


class Mappings:
    """The mappings of one configuration at a time; ``draft`` outlives screens and readings.

    ``crowd`` are the people on whom a draft is tried, None until they were read.
    """

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.reading: MappingsReading | None = None
        self.crowd: Crowd | None = None
        self.draft: Draft | None = None
        self._of = ""
        self._began = workspace.now()
        """When the schema was read from which the draft began."""
        self._changes: tuple[Draft, tuple[Change, ...]] | None = None
        self._effects: tuple[Draft, Crowd, Effects] | None = None

    @property
    def opened(self) -> MappingsReading:
        """The configuration that was read; raises InvalidInput before that."""
        if self.reading is None:
            raise InvalidInput("The mappings were not read yet", "", "r reads them.")
        return self.reading

    @property
    def current(self) -> Draft:
        """The draft, without changes when there are none; raises InvalidInput before anything was read."""
        return self.draft or begin(self.opened.schema)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the draft changes."""
        draft = self.draft
        if draft is None:
            return ()
        if self._changes is None or self._changes[0] is not draft:
            self._changes = draft, changes(draft.base, draft.document) if draft.edited else ()
        return self._changes[1]

    # Reading -------------------------------------------------------------------------------------------

    async def read(self, wanted: str = "") -> MappingsReading:
        """Read the configuration in use; a draft of the same one is kept as it is."""
        try:
            reading = await read(self.workspace, wanted or self._of)
        except InvalidInput:
            # Nothing failed: there is no configuration, no job, or one has to be chosen.
            self.workspace.mark_read("mappings")
            raise
        except XtSyncError:
            self.workspace.mark_read("mappings", failed=True)
            raise
        self.workspace.mark_read("mappings")
        if reading.configuration.id != self._of:
            self.draft, self.crowd = None, None
        self._of = reading.configuration.id
        self.reading = reading
        draft = self.draft
        if draft is None or not draft.edited or same(draft.document, reading.schema):
            self.draft, self._began = begin(reading.schema), reading.at
        return reading

    async def look_again(self, progress: Callable[[int], None]) -> None:
        """Read again what saving depends on beside the schema: settings, job, and people read long ago."""
        reading = await refreshed(self.workspace, self.opened)
        if self._is_open(reading):
            self.reading = replace(reading, schema=self.opened.schema, at=self.opened.at)
        await self.keep_people(progress)

    async def keep_people(self, progress: Callable[[int], None]) -> None:
        """Read the people unless that was done a short time ago."""
        if self.crowd is None or self.workspace.now() - self.crowd.at > OLD:
            await self.read_people(progress)

    async def read_people(self, progress: Callable[[int], None]) -> Crowd:
        """Read the people of the configuration that was read."""
        reading = self.opened
        crowd = await read_crowd(
            self.workspace, reading.configuration.id, reading.schema, progress, sync_all=reading.sync_all
        )
        if self._is_open(reading):
            self.crowd = crowd
        return crowd

    def _is_open(self, reading: MappingsReading) -> bool:
        """Whether the configuration of ``reading`` is still the one that is edited."""
        return self._of == reading.configuration.id

    # The draft -----------------------------------------------------------------------------------------

    def keep(self, draft: Draft) -> None:
        """Keep a draft until it is saved or given up."""
        self.draft = draft if draft.edited else replace(draft, undoes=0)

    def forget(self) -> None:
        """Give up the draft: the next reading begins another one."""
        self.draft = None

    def rebase(self, draft: Draft) -> None:
        """Keep a draft on a schema that was read since: its base is what is saved now."""
        self._began = self.workspace.now()
        self.reading = replace(self.opened, schema=draft.base, at=self._began)
        self.keep(draft)

    @property
    def stopped(self) -> Cause | None:
        """What keeps a cycle from writing anybody, as far as the set-up was read; None for nothing."""
        setup = self.workspace.setup
        if setup.reading is None or setup.facts.found is None or self.reading is None:
            return None
        ours = setup.facts.found.service_principal.id == self.reading.configuration.id
        return culprit(setup.facts) if ours else None

    @property
    def overtaken(self) -> Overtaken | None:
        """What somebody else saved since the draft began, as far as it was read; None for nothing."""
        draft = self.draft
        if draft is None or self.reading is None or draft.base is self.reading.schema or not draft.edited:
            return None
        return overtaken(draft, self.reading.schema, self._began)

    def take_back(self, entry: Entry) -> Overtaken | None:
        """Make a draft that takes back what ``entry`` changed, and nothing that was changed after it.

        Nothing is sent. Where the same was changed since, both stand in what is returned, to be chosen from.
        Raises InvalidInput when there is a draft already, when nothing is left to take back, or when another
        configuration is open.
        """
        reading = self.opened
        if self.changes:
            raise InvalidInput("There is a draft of this configuration", "", "Save or undo it first.")
        if not entry.request.path.startswith(f"/servicePrincipals/{reading.configuration.id}/"):
            detail = "It is not open here, or it was deleted since."
            raise InvalidInput("That change is of another configuration", detail)
        # Restoring the defaults sends no schema: what it left is taken to be what is there now.
        left, live = entry.request.body or reading.schema, reading.schema
        draft = Draft(left, entry.before, undoes=entry.id)
        rows = three_ways(draft, live)
        if any(row.conflict for row in rows):
            detail = "What it changed was changed again since: choose what the draft shall hold."
            return Overtaken(draft, live, detail, title="Take back a change")
        back = merged(draft, live, {row.key for row in rows if row.is_yours})
        if not changes(live, back.document):
            raise InvalidInput("Nothing is left to take back", "What it changed is as it was before.")
        self.rebase(back)
        return None

    # Trying it -----------------------------------------------------------------------------------------

    def bench(self, schema: Json) -> Bench:
        """Return what mappings are tried with."""
        return bench_of(self.workspace, schema)

    async def effects(self, draft: Draft | None = None) -> Effects | None:
        """Return what a full cycle by a draft does to people, by the own one unless another is given.

        None before people were read. It is worked out in a thread: many people must not hold up a key.
        """
        wanted, crowd = draft or self.current, self.crowd
        if crowd is None:
            return None
        known = self._effects
        if known is None or known[0] is not wanted or known[1] is not crowd:
            bench, sync_all = self.bench(wanted.document), self.opened.sync_all
            found = await anyio.to_thread.run_sync(partial(effects, wanted, crowd, bench, sync_all=sync_all))
            self._effects = known = wanted, crowd, found
        if draft is None and wanted is not self.current:
            # The own one was edited meanwhile: nobody may be shown what another one does.
            return await self.effects()
        return known[2]

    async def ask(self, text: str, record: Record) -> tuple[ParsedExpression, Value]:
        """Have the service evaluate ``text`` for the person with ``record``; it writes nothing."""
        properties = dict(record)
        request = schemas.parse_expression(self.opened.configuration.id, self.opened.job.id, text, properties)
        answer = schemas.parsed(await self.workspace.client(Side.SOURCE).send(request))
        values = tuple(value for value in answer.evaluation_result if value)
        return answer, values[0] if len(values) == 1 else values or None

    # Saving --------------------------------------------------------------------------------------------

    @property
    def unfinished(self) -> Unfinished | None:
        """What is left of a save that did not come to its end; nothing while something is written."""
        if self.reading is None or self.workspace.writer.activity is not None:
            return None
        return unfinished(self.workspace.journal, self.reading)

    async def save(self, draft: Draft) -> Saved:
        """Save ``draft``; afterwards it is the base of whatever the draft is by then.

        Raises Overtaken, JobTurned and others; what was seen then is what is read.
        """
        before = self.draft
        with self._seeing(self.opened) as reading:
            saved = await save(self.workspace, reading, draft, self._began)
        if self._is_open(reading):
            # Whoever left the dialog may have gone on editing while it was on its way.
            later = draft if self.draft is before or self.draft is None else self.draft
            self.rebase(replace(later, base=draft.document, undoes=0))
        return saved

    async def start_cycle(self) -> Saved:
        """Begin the full cycle that a save did not begin."""
        return await begin_cycle(self.workspace, full_cycle(self.opened))

    async def defaults(self) -> Draft:
        """Return the draft that the service's default mappings would be; nothing is kept of it."""
        reading = self.opened
        default = await schemas.default(self.workspace.client(Side.SOURCE), reading.configuration.id)
        return imported(begin(reading.schema), default)

    async def restore_defaults(self) -> Saved:
        """Bring back the service's default mappings, and begin a full cycle; the draft is given up.

        Raises Overtaken, JobTurned and others; what was seen then is what is read.
        """
        with self._seeing(self.opened) as reading:
            saved = await restore_defaults(self.workspace, reading)
        if self._is_open(reading):
            self.forget()
        return saved

    @contextmanager
    def _seeing(self, reading: MappingsReading) -> Iterator[MappingsReading]:
        """Take what a save found to be otherwise than it was read for what is read now."""
        try:
            yield reading
        except Overtaken as found:
            if self._is_open(reading):
                self.reading = replace(self.opened, schema=found.live, at=self.workspace.now())
            raise
        except JobTurned as found:
            if self._is_open(reading):
                self.reading = replace(self.opened, job=found.job)
            raise
