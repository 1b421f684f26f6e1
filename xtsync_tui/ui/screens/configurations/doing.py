"""What can be done to a configuration, from the list as well as from its page."""

from collections.abc import Sequence

from textual import work
from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import iso
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.configurations import text
from xtsync_tui.ui.screens.setup.text import tested_words
from xtsync_tui.workspace.asked import asked_about
from xtsync_tui.workspace.configurations.reading import Configuration, Whole


class Doing(FrameScreen):
    """A screen with one selected configuration, and the keys that are about it."""

    @property
    def one(self) -> Configuration | None:
        """The selected configuration."""
        raise NotImplementedError

    @property
    def whole(self) -> Whole | None:
        """The selected configuration whole, None until it was read."""
        raise NotImplementedError

    @property
    def within(self) -> int:
        """The cells that a tab has as text, 0 while that is not known."""
        raise NotImplementedError

    def done(self, words: str) -> None:
        """Say what was done, and read again."""
        raise NotImplementedError

    def tab_text(self, whole: Whole, tab: str) -> Content:
        """Return a tab as text."""
        now, configurations = self.workspace.now(), self.workspace.configurations
        match tab:
            case "users":
                if isinstance(whole.assigned, XtSyncError):
                    return Content(clean(str(whole.assigned), 1000))
                return text.users(whole.assigned)
            case "settings":
                return text.settings_text(configurations.settings(whole.one), now, self.within)
            case "actions":
                return text.actions(whole)
            case "technical":
                return text.technical(whole)
            case _:
                return self._overview(whole, hints=True)

    def _overview(self, whole: Whole, *, hints: bool) -> Content:
        now, configurations = self.workspace.now(), self.workspace.configurations
        settings, tested = configurations.settings(whole.one), configurations.tested(whole.one)
        domain, within = self.workspace.side(Side.TARGET).domain, self.within if hints else 0
        return text.overview(whole, settings, tested, self.names, domain, now, within, hints=hints)

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        one = self.one
        if action in _NEED_ONE and one is None:
            return "No configuration is selected. n makes one."
        if action in _NEED_WHOLE and self.whole is None:
            return "It is still being read."
        if action in {"test", "logs"} and one is not None and not one.has_job:
            return "There is no job yet: Setup, step 6, makes it."
        if action == "compare" and len(self.workspace.configurations.rows) < 2:
            return "There is only one configuration."
        if action == "logs" and not self.has_mode("logs"):
            return "The logs have no screen yet."
        return super().refusal(action)

    # Keys ----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="dialog")
    async def action_new(self) -> None:
        """Make a configuration."""
        from xtsync_tui.ui.screens.configurations.dialogs import NewDialog

        if await self.open_dialog(NewDialog(self.workspace.configurations)):
            self.done("✓ created: enter goes on in Setup, step 6")

    def action_edit(self) -> None:
        """Rename the configuration."""
        self._rename()

    @work(exclusive=True, group="dialog")
    async def _rename(self) -> None:
        from xtsync_tui.ui.screens.configurations.dialogs import RenameDialog

        if self.whole is None:
            return
        dialog = RenameDialog(self.whole, self.workspace.configurations)
        if await self.open_dialog(dialog):
            self.done("✓ renamed")

    def action_delete(self) -> None:
        """Delete the configuration, after saying what stays behind."""
        self._delete()

    @work(exclusive=True, group="dialog")
    async def _delete(self) -> None:
        from xtsync_tui.ui.screens.configurations.dialogs import DeleteDialog

        one = self.one
        if one is None:
            return
        try:
            plan = await self.workspace.configurations.plan_deletion(one)
        except XtSyncError as error:
            self.say(f"✗ {error.title}: it cannot be told what would be deleted.")
            return
        if await self.open_dialog(DeleteDialog(plan, text.target(one))):
            self.deleted()
        else:
            self.done("")

    def deleted(self) -> None:
        """Go on after the configuration is gone."""
        self.done("✓ deleted")

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Test the connection."""
        if self.one is None:
            return
        self.say("▶ testing the connection")
        try:
            test = await self.workspace.configurations.test(self.one)
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
            return
        self.done(tested_words(test))

    async def action_logs(self) -> None:
        """Go to the log rows of the configuration."""
        if self.one is not None:
            await self.xtsync.go("logs", f"configuration:{self.one.id}")

    @work(exclusive=True, group="dialog")
    async def action_compare(self) -> None:
        """Compare with another configuration."""
        from xtsync_tui.ui.screens.choose import choose
        from xtsync_tui.ui.screens.configurations.comparing import comparison
        from xtsync_tui.ui.screens.page import TextPage

        configurations, mine = self.workspace.configurations, self.whole
        if mine is None:
            return
        others = [(row.id, row.name) for row in configurations.rows if row.id != mine.one.id]
        chosen = await choose(self.xtsync, "Compare with", others)
        other = next((row for row in configurations.rows if row.id == chosen), None)
        if other is None:
            return
        try:
            theirs = await configurations.whole(other)
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
            return
        title = f"{clean(mine.one.name, 30)} and {clean(other.name, 30)}"
        body = comparison(mine, theirs, configurations.settings)
        self.app.push_screen(TextPage(title, body))

    @work(exclusive=True, group="dialog")
    async def action_import_file(self) -> None:
        """Assign from a CSV file, with a preview and a file of results."""
        from xtsync_tui.ui.screens.configurations.importing import import_assignments

        if self.whole is not None:
            words = await import_assignments(self, self.whole)
            if words:
                self.done(words)

    async def go_on_in_setup(self, one: Configuration) -> None:
        """Go on with a half-built configuration where Setup makes its job."""
        if not any(row.is_ours for row in self.workspace.configurations.rows):
            self.workspace.journal.note("configuration", {"id": one.id}, self.workspace.now())
        await self.xtsync.go("setup", f"configuration:{one.id}")

    # What can be taken along ----------------------------------------------------------------------------

    def copies(self) -> list[tuple[str, str]]:
        """Return the overview as text, the name and the ids."""
        if self.one is None:
            return super().copies()
        name = clean(self.one.name)
        about = name
        if self.whole is not None:
            about = f"{name}, read {iso(self.whole.at)}\n\n{self._overview(self.whole, hints=False).plain}"
        return [("overview", about), ("name", name), ("service principal id", self.one.id)]

    def requests(self) -> Sequence[Request]:
        """Return the requests that the configuration was read with."""
        return asked_about(self.workspace.log.exchanges, self.one.id) if self.one else ()

    def raw(self) -> str:
        """Return ids and the job as Graph wrote it."""
        return text.technical(self.whole).plain if self.whole else ""


_NEED_ONE = {"open", "edit", "delete", "test", "logs", "compare", "import_file", "technical"}
_NEED_WHOLE = {"edit", "compare", "import_file", "technical"}
