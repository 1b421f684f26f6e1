"""The form of one profile: two tenants, how to sign in to each, and how careful to be with them."""

from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.settings import Profile, TenantSettings, Way
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.widgets.form import Choice, Field, Press
from xtsync_tui.ui.widgets.trouble import sentences
from xtsync_tui.workspace.profiles import Profiles, writing

WAYS = (
    (Way.BROWSER.value, "browser"), (Way.DEVICE_CODE.value, "device code"),
    (Way.CERTIFICATE.value, "certificate"), (Way.SECRET.value, "secret"),
    (Way.MANAGED_IDENTITY.value, "identity"), (Way.AZURE_CLI.value, "CLI"),
)  # fmt: skip
CLOUDS = (("public", "public"), ("usgov", "US Government"), ("dod", "US DoD"), ("china", "China"))
WRITING = (("write", "write"), ("PROTECTED", "PROTECTED"), ("read-only", "read-only"))
_NOTHING = TenantSettings(tenant="")
_NEW = Profile(name="", source=_NOTHING, target=_NOTHING)
_ID = "7f3c0a51-0000-0000-0000-00000000b2e4"


class ProfileForm(Modal[str | None]):
    """Makes a profile, or changes one; dismissed with its name, "" when left."""

    HELP = """\
# A profile

Tenants are named by their id or one of their domains. The application (client) id is the one that this tenant
knows: the README says how to register it.

PROTECTED asks for the tenant's name before each write; read-only sends none. Nothing here is a secret:
certificates and secrets come from the environment. `f2` keeps the profile, `esc` leaves.
"""
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("send", "Save", show=False),
    ]  # fmt: skip

    def __init__(self, profiles: Profiles, profile: Profile | None = None) -> None:
        super().__init__()
        self.profiles = profiles
        self.before = profile

    def compose(self) -> ComposeResult:
        """Yield the fields, what is wrong with them, and the buttons."""
        old = self.before or _NEW
        clouds = CLOUDS if old.cloud in dict(CLOUDS) else (*CLOUDS, (old.cloud, old.cloud))
        with Vertical(classes="dialog") as box:
            box.border_title = f"Profile {clean(old.name)}" if self.before else "A new profile"
            with VerticalScroll(id="form", can_focus=False):
                if self.before is None:
                    yield Field("Name", "name", hint="fabrikam-prod")
                for side, tenant, hint in (
                    ("SOURCE", old.source, "contoso.com"),
                    ("TARGET", old.target, "fabrikam.com"),
                ):
                    low = side.casefold()
                    yield Field(
                        f"{side} tenant", f"{low}-tenant", tenant.tenant, hint=f"id or domain: {hint}"
                    )
                    yield Field("  application id", f"{low}-client", tenant.client_id, hint=_ID)
                    yield Choice("  sign in by", f"{low}-way", WAYS, tenant.way.value)
                yield Choice("Cloud", "cloud", clouds, old.cloud)
                yield Choice("Writing", "writing", WRITING, writing(old))
                yield Static(
                    "read-only sends no write; PROTECTED asks for the tenant's name first", classes="hint"
                )
            yield Static(id="fault", markup=False)
            with Horizontal(id="buttons"):
                yield Press("Cancel", "cancel")
                yield Press("Save", "send")
                yield Label("f2 Save", id="send-words", markup=False)

    def profile(self) -> Profile:
        """Return the profile as the form stands."""
        old = self.before or _NEW
        writes = self._choice("writing")
        return msgspec.structs.replace(
            old,
            name=old.name or self._field("name"),
            source=self._tenant("source"),
            target=self._tenant("target"),
            cloud=self._choice("cloud"),
            read_only=writes == "read-only",
            protected=writes == "PROTECTED",
        )

    def _tenant(self, side: str) -> TenantSettings:
        return TenantSettings(
            tenant=self._field(f"{side}-tenant"),
            client_id=self._field(f"{side}-client"),
            way=Way(self._choice(f"{side}-way")),
        )

    def _field(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _choice(self, name: str) -> str:
        return self.query_one(f"#{name}", Choice).value

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.query_one("#fault", Static).update("")

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#send")
    def action_send(self) -> None:
        """Keep the profile, or say what is wrong with it."""
        profile = self.profile()
        try:
            (self.profiles.save if self.before else self.profiles.add)(profile)
        except XtSyncError as error:
            self.query_one("#fault", Static).update(Content("\n").join(sentences(error)))
            return
        self.dismiss(profile.name)

    @on(Button.Pressed, "#cancel")
    def action_back(self) -> None:
        """Leave; nothing is kept."""
        self.dismiss("")
