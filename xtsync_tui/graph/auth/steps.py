"""The events of a sign-in, in the order in which they come: what a screen or the command line shows."""

from dataclasses import dataclass
from datetime import datetime

from xtsync_tui.errors import SignInFailed
from xtsync_tui.settings import Way


@dataclass(frozen=True, slots=True)
class Waiting:
    """The sign-in has begun: the service is being asked."""

    way: Way


@dataclass(frozen=True, slots=True)
class BrowserAddress:
    """A page to open in a browser; it comes back to ``port`` of this machine's loopback.

    ``opened`` says that a browser of this machine was opened. Otherwise ``ssh_command`` is what to run on
    the computer that has the browser, so that the port leads here.
    """

    address: str
    port: int
    ssh_command: str
    opened: bool


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A code to enter at ``address`` until ``expires_at`` (UTC); asked for every ``interval`` seconds."""

    code: str
    address: str
    expires_at: datetime
    interval: int

    def __repr__(self) -> str:
        return f"DeviceCode(address={self.address!r}, expires_at={self.expires_at!r})"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The end: ``account`` is in, in the tenant ``tenant_id``, with ``scopes`` (bare names)."""

    account: str
    tenant_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The end: nobody signed in. ``error.ways`` are other ways that can help."""

    error: SignInFailed


Step = Waiting | BrowserAddress | DeviceCode | SignedIn | Failed
