"""What the Mappings screen asks a pair of tenants for; it keeps the draft and the people that were read."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from xtsync_tui.engine.values import Record, Value
from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Json, ParsedExpression, Side
from xtsync_tui.workspace.mappings.changes import same
from xtsync_tui.workspace.mappings.crowd import Crowd, read_crowd
from xtsync_tui.workspace.mappings.draft import Draft, begin
from xtsync_tui.workspace.mappings.reading import MappingsReading, read
from xtsync_tui.workspace.mappings.saving import Saved, begin_cycle, carry_out, full_cycle, restore, save
from xtsync_tui.workspace.mappings.trial import Bench
from xtsync_tui.workspace.mappings.unfinished import Unfinished, unfinished

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


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
            self.draft = begin(reading.schema)
        return reading

    def keep(self, draft: Draft) -> None:
        """Keep a draft until it is saved or given up."""
        self.draft = draft

    def forget(self) -> None:
        """Give up the draft: the next reading begins another one."""
        self.draft = None

    def rebase(self, draft: Draft) -> None:
        """Keep a draft on a schema that was read since: its base is what is saved now."""
        self.reading = replace(self.opened, schema=draft.base, at=self.workspace.now())
        self.draft = draft

    async def read_people(self, progress: Callable[[int], None]) -> Crowd:
        """Read the people of the configuration that was read."""
        self.crowd = await read_crowd(self.workspace, self.opened, progress)
        return self.crowd

    def bench(self, schema: Json) -> Bench:
        """Return what mappings are tried with."""
        target, source = self.workspace.side(Side.TARGET), self.workspace.side(Side.SOURCE)
        names = self.crowd.names if self.crowd else {}
        return Bench(schema, self.workspace.now, source.domain, target.initial_domain, names)

    @property
    def unfinished(self) -> Unfinished | None:
        """What is left of a save that did not come to its end; nothing while something is written."""
        if self.reading is None or self.workspace.writer.activity is not None:
            return None
        return unfinished(self.workspace.journal, self.reading)

    async def save(self, draft: Draft) -> Saved:
        """Save ``draft``; afterwards it is the base of the next one. Raises Overtaken and others."""
        saved = await save(self.workspace, self.opened, draft)
        self.rebase(begin(draft.document))
        return saved

    async def start_cycle(self) -> Saved:
        """Begin the full cycle that a save did not begin."""
        return await begin_cycle(self.workspace, full_cycle(self.opened))

    async def restore_defaults(self) -> Saved:
        """Bring back the service's default mappings, and begin a full cycle; the draft is given up."""
        saved = await carry_out(self.workspace, restore(self.workspace, self.opened))
        self.forget()
        return saved

    async def ask(self, text: str, record: Record) -> tuple[ParsedExpression, Value]:
        """Have the service evaluate ``text`` for the person with ``record``; it writes nothing."""
        properties = dict(record)
        request = schemas.parse_expression(self.opened.configuration.id, self.opened.job.id, text, properties)
        answer = schemas.parsed(await self.workspace.client(Side.SOURCE).send(request))
        values = tuple(value for value in answer.evaluation_result if value)
        return answer, values[0] if len(values) == 1 else values or None
