"""The first page: which pair of tenants, and what this machine can do for a sign-in."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.settings import Way
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import ago, facts, muted, shown, state
from xtsync_tui.ui.screens.base import TOO_SMALL, FrameScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.frame import KeyFooter, ProductLine, StatusLine
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widgets.trouble import Trouble
from xtsync_tui.workspace.profiles import Noticed, ProfileRow, Profiles

LABEL = 12
HERE = "This machine"
FIRST = "enter opens demo · n makes a profile for your own tenants"


class ProfilesScreen(FrameScreen):
    """All profiles; enter opens one."""

    MODE = "profiles"
    TITLE = "Profiles"
    HELP = """\
# Profiles

A profile is one source and one target tenant, how to sign in to each, and how careful to be with them.

- **enter** opens the selected profile; another one that is open is closed first.
- **n** makes a profile, **e** changes it, **d** takes it out of the list.
- **L** signs out: the tokens on this machine are forgotten. The tenant revokes what it gave out.

They are in `profiles.toml` in the configuration folder, and `xtsync profile` changes them without a screen.
"""
    AFTER = ()
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open"), key("new"), key("edit"), key("delete"), key("sign_out"),
    ]  # fmt: skip

    noticed: tuple[Noticed, ...] | None = None

    def compose(self) -> ComposeResult:
        """Yield the question, the list, what is selected, and what this machine can do."""
        columns: tuple[Column[ProfileRow], ...] = (
            Column("Profile", lambda row: row.name, width=19),
            Column("SOURCE", lambda row: row.source, width=14, grow=True, tint="$x-source"),
            Column("TARGET", lambda row: row.target, width=12, grow=True, tint="$x-target"),
            Column("Writing", lambda row: row.writing, _writing, width=12),
            Column("Last used", lambda row: row.used, self._used, width=9),
        )
        yield Label(TOO_SMALL, id="too-small")
        yield ProductLine()
        with Vertical(id="body"):
            yield Static(" Which pair of tenants?", id="question", markup=False)
            yield Table(columns, lambda row: row.name, empty="No profile. n makes one.", id="profiles")
            yield Static(id="about", markup=False)
            yield Static(id="machine", markup=False)
        yield Trouble()
        yield Input(id="filter", compact=True)
        yield StatusLine()
        yield KeyFooter()

    @property
    def profiles(self) -> Profiles:
        """The profiles of this machine."""
        found = self.xtsync.profiles
        if found is None:
            raise XtSyncError("This demo has no profiles", "", "xtsync opens them.")
        return found

    def on_mount(self) -> None:
        """Show the list at once, and the machine when it was looked at."""
        self.show_profiles()
        self._look()

    def on_screen_resume(self) -> None:
        """Show the list as it is now."""
        super().on_screen_resume()
        self.show_profiles()

    def on_resize(self) -> None:
        """Draw the rules for the new width."""
        self._show_about()
        self._show_machine()

    def show_profiles(self, name: str = "") -> None:
        """List the profiles with the cursor on ``name``, else on the one that is open."""
        try:
            rows = self.profiles.rows()
        except XtSyncError as error:
            self._table.set_message(state(f"✗ {error.title}") + f"\n{error.detail}\n{error.hint}")
            return
        first = self._table.row is None
        self._table.set_rows(rows)
        if name or first:
            self._table.select(name or self.xtsync.profile_name)
        self._show_about()
        self.refresh_bindings()

    @property
    def _table(self) -> Table[ProfileRow]:
        return self.query_one("#profiles", Table)

    @work
    async def _look(self) -> None:
        await self.xtsync.painted()
        self.noticed = await self.profiles.machine()
        self._show_machine()

    @on(Table.Moved, "#profiles")
    def _show_about(self) -> None:
        row = self._table.row
        self.standing = _opens(row) if len(self._table.all_rows) > 1 else FIRST
        head = rule(row.name if row else "", self.app.size.width)
        text = _about(row, self.profiles) if row else Content("")
        self.query_one("#about", Static).update(head + "\n" + text)
        self.refresh_frame()
        self.refresh_bindings()

    def _show_machine(self) -> None:
        rows = [("  " + each.name, _noticed(each)) for each in self.noticed or ()]
        text = facts(rows, LABEL + 2) if rows else muted("  … looking for a secret store")
        self.query_one("#machine", Static).update(rule(HERE, self.app.size.width) + "\n" + text)

    def _used(self, row: ProfileRow) -> Content:
        if row.used is not None:
            return Content(ago(row.used, self.xtsync.wall()))
        return Content("built in" if row.is_demo else "never")

    def status_right(self) -> str:
        """Return nothing: no request is sent from here."""
        return ""

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        name = action.partition("(")[0].rpartition(".")[2]
        row = self._table.row if self.is_mounted and self.query("#profiles") else None
        if name in {"edit", "delete"} and row is not None and row.is_demo:
            return "The demo is built in."
        if name == "sign_out" and row is not None and row.profile is None:
            return "The demo needs no sign-in: xtsync demo --sign-in has one."
        if name == "sign_out" and row is not None and not self._signed_in(row):
            return "Nobody is signed in here."
        if name in {"filter", "export", "request"}:
            return "Not on this page."
        if name == "mode_at" and not self.xtsync.profile_name:
            return "Open a profile first: enter."
        return super().refusal(action)

    def _signed_in(self, row: ProfileRow) -> bool:
        """Return whether somebody is; also when the file does not say: then signing out tells why."""
        try:
            return row.profile is not None and any(self.profiles.accounts(row.profile).values())
        except XtSyncError:
            return True

    # What is done ------------------------------------------------------------------------------------

    async def action_back(self) -> None:
        """Go back to the profile that is open."""
        if self.xtsync.profile_name:
            self.xtsync.switch_mode(self.xtsync.modes[0].id)

    @on(Table.Opened, "#profiles")
    def _open(self, event: Table.Opened) -> None:
        self.xtsync.open_profile(event.row.name)

    @work
    async def action_new(self) -> None:
        """Make a profile."""
        from xtsync_tui.ui.screens.profile_form import ProfileForm

        self._saved(await self.open_dialog(ProfileForm(self.profiles)))

    @work
    async def action_edit(self) -> None:
        """Change the selected profile."""
        from xtsync_tui.ui.screens.profile_form import ProfileForm

        row = self._table.row
        if row is not None and row.profile is not None:
            self._saved(await self.open_dialog(ProfileForm(self.profiles, row.profile)))

    def _saved(self, name: str | None) -> None:
        if name:
            self.show_profiles(name)
            opened = name == self.xtsync.profile_name
            self.say(f"✓ {name} is kept. enter opens it" + (" as it is now." if opened else "."))

    @work
    async def action_delete(self) -> None:
        """Take the selected profile out of the list, after asking."""
        from xtsync_tui.ui.screens.choose import choose

        row = self._table.row
        if row is None:
            return
        if row.name == self.xtsync.profile_name:
            self.say("This profile is open. Open another one first.")
            return
        ways = [("keep", "Keep it"), ("remove", "Take it out; its tenants stay signed in")]
        if await choose(self.xtsync, f"Take {row.name} out of the list?", ways) == "remove":
            self._try(lambda: self.profiles.remove(row.name), f"✓ {row.name} is removed.")

    @work
    async def action_sign_out(self) -> None:
        """Forget tokens of the selected profile: of both sides, or of one."""
        from xtsync_tui.ui.screens.choose import choose

        row = self._table.row
        if row is None or row.profile is None:
            return
        ways = [
            ("both", "Both sides"),
            ("source", f"SOURCE {row.source}"),
            ("target", f"TARGET {row.target}"),
        ]
        chosen = await choose(self.xtsync, f"Sign out of {row.name}", ways)
        if not chosen:
            return
        sides = tuple(Side) if chosen == "both" else (Side(chosen),)
        try:
            await self.xtsync.pairing.sign_out(row.profile, sides)
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
            return
        self._show_about()
        names = " and ".join(side.name for side in sides)
        self.say(f"✓ Signed out of {names} on this machine. Its portal revokes what it gave out.")

    def _try(self, change: Callable[[], None], done: str) -> None:
        try:
            change()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        else:
            self.show_profiles()
            self.say(done)


def _writing(row: ProfileRow) -> Content:
    return (
        Content.styled(row.writing, "bold $x-warning") if row.writing == "PROTECTED" else shown(row.writing)
    )


def _noticed(each: Noticed) -> Content:
    return Content(clean(each.text)) if each.fine else state(f"! {clean(each.text)}")


def _opens(row: ProfileRow | None) -> str:
    """Return what enter does, and what the profile then does about writes."""
    if row is None:
        return ""
    careful = {"PROTECTED": ": each write asks for the tenant's name", "read-only": ": it sends no write"}
    return f"enter opens {row.name}{careful.get(row.writing, '')}"


def _by(way: Way) -> str:
    """Return ``device code``."""
    return way.replace("-", " ")


def _about(row: ProfileRow, profiles: Profiles) -> Content:
    if row.profile is None:
        return Content(
            "  Two made-up tenants inside this program. No sign-in, no network.\n"
            "  Everything works as with real ones; nothing leaves this machine."
        )
    try:
        accounts = profiles.accounts(row.profile)
    except XtSyncError as error:
        return state(f"✗ {error.title}")
    sides = ((Side.SOURCE, row.profile.source), (Side.TARGET, row.profile.target))
    lines = [
        (f"  {side.name}", f"{tenant.tenant} · by {_by(tenant.way)} · {accounts[side] or 'not signed in'}")
        for side, tenant in sides
    ]
    return facts([*lines, ("  Cloud", row.profile.cloud)], LABEL + 2)
