"""What can be done to the mappings of a configuration as a whole, whatever tab is open."""

from typing import TYPE_CHECKING

from textual import work

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.panel import stakes
from xtsync_tui.ui.screens.mappings.raw import document_text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.workspace.mappings.changes import Part, changes
from xtsync_tui.workspace.mappings.draft import Draft, imported
from xtsync_tui.workspace.mappings.effects import Effects
from xtsync_tui.workspace.mappings.reading import MappingsReading
from xtsync_tui.workspace.mappings.saving import Overtaken, Saved

if TYPE_CHECKING:
    from xtsync_tui.workspace.journal import Entry
    from xtsync_tui.workspace.mappings.service import Mappings

WORKING = "… working out who is created, changed and removed"
TAKEN_BACK = "Taken back in the draft: c lists what that changes, f2 shows what it does. Nothing was sent."
SCHEMA = "schema"
RESTORED = "defaults restored"


class Doing(ReadingScreen[MappingsReading]):
    """The screen of the mappings, and the keys that are about the whole draft."""

    _preparing = False
    """Whether a dialog that saves is on its way: what it says has to be read first."""
    saved_words = ""
    """How the last save ended: f2 once more says it again."""

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return self.workspace.mappings

    def settle(self) -> None:
        """End what is typed in a tab: the draft holds it."""
        raise NotImplementedError

    def show_draft(self) -> None:
        """Show the draft, and what is left of the last save."""
        raise NotImplementedError

    def progress(self, count: int) -> None:
        """Say how many people were read so far, 0 for none."""
        raise NotImplementedError

    # Saving --------------------------------------------------------------------------------------------

    @work
    async def action_send(self) -> None:
        """Show what saving does, and save; what somebody else saved meanwhile comes first."""
        from xtsync_tui.ui.screens.mappings.save import SaveDialog

        if self._preparing:
            self.say(WORKING)
            return
        if (found := self.own.overtaken) is not None:
            self._show_three(found)
            return
        self.settle()
        outcome = await self.open_dialog(SaveDialog(self.own, await self._prepare()))
        self._saved(outcome, "saved")

    async def _prepare(self) -> Effects | None:
        """Read again what saving depends on, and work out what it does; None when people were not read."""
        self._preparing = True
        self.say(WORKING)
        try:
            await self.own.look_again(self.progress)
        except XtSyncError as error:
            # What was read before is shown with its age, and saving looks once more.
            self.say(f"? Not read again: {clean(error.title)}")
        else:
            self.say("")
        finally:
            self.progress(0)
        try:
            return await self.own.effects()
        finally:
            self._preparing = False

    def _saved(self, outcome: Saved | Overtaken | None, what: str) -> None:
        """Show how a save ended."""
        self.show_draft()
        if isinstance(outcome, Overtaken):
            if what == RESTORED:
                self.say(f"! {outcome.title}: nothing was restored. D shows what that does now.")
            else:
                self._show_three(outcome)
        elif outcome is not None:
            self.load()
            self.saved_words = text.saved(outcome, what)
            self.say(self.saved_words)

    def _show_three(self, found: Overtaken) -> None:
        from xtsync_tui.ui.screens.mappings.overtaken import OvertakenScreen

        def came_back(_: object) -> None:
            self.show_draft()
            if screen.kept and screen.takes_back:
                self.say(TAKEN_BACK)

        screen = OvertakenScreen(found)
        self.xtsync.writes.looked_at()
        self.app.push_screen(screen, came_back)

    @work
    async def action_restart(self) -> None:
        """Begin the full cycle that a save did not begin."""
        from xtsync_tui.ui.screens.mappings.cycle import CycleDialog

        outcome = await self.open_dialog(CycleDialog())
        if outcome is not None:
            self.show_draft()
            self.say("✓ full cycle started")

    @work
    async def action_defaults(self) -> None:
        """Bring back the service's default mappings, filters with them."""
        from xtsync_tui.ui.screens.mappings.defaults import DefaultsDialog

        if self._preparing or self.own.reading is None:
            return
        await self._prepare()
        draft, found = await self._defaults()
        # The template has ids and notes of its own: what the service makes of them is not known.
        rows = changes(draft.base, draft.document) if draft is not None else ()
        shown = tuple(change for change in rows if change.part is not Part.REST)
        self._saved(await self.open_dialog(DefaultsDialog(self.own, shown, found)), RESTORED)

    async def _defaults(self) -> tuple[Draft | None, Effects | None]:
        """Return the draft that the defaults would be and what it does, None for what cannot be told."""
        try:
            draft = await self.own.defaults()
        except XtSyncError as error:
            self.say(f"? The defaults cannot be read: {clean(error.title)}")
            return None, None
        return draft, await self.own.effects(draft)

    # The draft -----------------------------------------------------------------------------------------

    def take_back(self, entry: "Entry") -> None:
        """Make a draft that takes back a change of the journal; nothing is sent."""
        try:
            found = self.own.take_back(entry)
        except InvalidInput as error:
            self.say(" ".join(part for part in (f"{error.title}.", error.detail, error.hint) if part))
            return
        if found is not None:
            self._show_three(found)
            return
        self.show_draft()
        self.say(TAKEN_BACK)

    @work
    async def action_import_file(self) -> None:
        """Put a document from a file into the draft; what it changes is shown before it is saved."""
        from xtsync_tui.ui.screens.mappings.importing import ImportDialog

        document = await self.open_dialog(ImportDialog(text.draft_words(len(self.own.changes))))
        if document is not None and self.own.draft is not None:
            self.own.keep(imported(self.own.draft, document))
            self.show_draft()
            told = "Imported into the draft: c lists what it changes, nothing was sent."
            self.say(told if self.own.changes else "The file is the same as what is saved.")

    def action_compare(self) -> None:
        """List what the draft changes."""
        from xtsync_tui.ui.screens.page import TextPage

        found = self.own.changes
        self.app.push_screen(
            TextPage("Changes, not saved", text.change_lines(found), text.draft_words(len(found)))
        )

    @work
    async def action_why(self) -> None:
        """List everybody whom the full cycle of the draft moves."""
        from xtsync_tui.ui.screens.mappings.who import WhoScreen

        found = await self.own.effects()
        if found is not None and self.is_current:
            self.app.push_screen(WhoScreen(found, stakes(self.own.opened)))

    @work
    async def action_export(self) -> None:
        """Write the schema to a file, or what is listed."""
        from xtsync_tui.ui.screens.choose import choose

        way = SCHEMA
        if self.table is not None:
            ways = [(SCHEMA, "The whole schema (JSON), which I imports again"), ("list", "What is listed")]
            way = await choose(self.xtsync, "Export", ways)
        if way == SCHEMA:
            stamp = self.workspace.now().strftime("%Y%m%d-%H%M%S")
            self.xtsync.save(document_text(self.own.current.document), f"xtsync-schema-{stamp}.json")
        elif way:
            super().action_export()
