"""What of this machine matters to a sign-in: one finding a line, for ``auth doctor`` and the first page."""

import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.stores import KEYRING_LIMIT, open_store
from xtsync_tui.graph.auth.surroundings import can_open_browser, is_remote
from xtsync_tui.graph.clouds import Cloud

_WORST_SKEW = 300
"""Seconds by which this clock may be off. Source: the tolerance of Entra for the times in a token."""

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``fine`` False asks for attention and ``hint`` then says what helps."""

    name: str
    fine: bool
    text: str
    hint: str = ""


def examine(
    choice: str,
    folder: Path,
    port: int,
    cloud: Cloud,
    environment: Mapping[str, str] = os.environ,
    now: Callable[[], float] = time.time,
) -> list[Finding]:
    """Return every finding; blocks for some seconds. ``choice``, ``folder`` are those of ``open_store``."""
    return [
        tokens(choice, folder),
        keyring(folder),
        d_bus(environment),
        kernel_keyring(folder),
        browser(environment),
        redirect_port(port),
        terminal(environment),
        clipboard(environment),
        proxy(environment),
        clock(cloud, now),
    ]


def tokens(choice: str, folder: Path) -> Finding:
    """Say where tokens are kept."""
    if choice == "passphrase":
        return Finding("Tokens", True, "encrypted file, opened with a passphrase")
    try:
        opened = open_store(choice, folder)
    except StoreFailed as error:
        return Finding("Tokens", False, error.title, error.hint)
    if opened.name == "memory":
        return Finding("Tokens", False, f"{opened.title}: sign in at each start. {opened.reason}".strip())
    return Finding("Tokens", opened.name != "plaintext", opened.title, opened.reason)


def keyring(folder: Path, limit: float = KEYRING_LIMIT) -> Finding:
    """Say which keyring there is, after a trial."""
    try:
        return Finding("Keyring", True, open_store("keyring", folder, limit=limit).title)
    except StoreFailed as error:
        return _unusable("Keyring", error)


def kernel_keyring(folder: Path) -> Finding:
    """Say whether the kernel can hold a key."""
    try:
        open_store("kernel", folder)
    except StoreFailed as error:
        return _unusable("Kernel keyring", error)
    return Finding("Kernel keyring", True, "can hold a key until the next reboot")


def _unusable(name: str, error: StoreFailed) -> Finding:
    return Finding(name, False, " ".join(filter(None, (f"{error.title}.", error.detail))), error.hint)


def d_bus(environment: Mapping[str, str]) -> Finding:
    """Say whether there is a session bus, over which a Linux keyring is reached."""
    if not sys.platform.startswith("linux"):
        return Finding("D-Bus", True, "not needed here")
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return Finding("D-Bus", True, "session bus at DBUS_SESSION_BUS_ADDRESS")
    hint = "Without one no keyring of the desktop can be reached; a login over SSH often has none."
    return Finding("D-Bus", False, "no session bus", hint)


def browser(environment: Mapping[str, str]) -> Finding:
    """Say whether a browser of this machine is in front of the person."""
    if can_open_browser(environment):
        return Finding("Browser", True, "opens here")
    why = "SSH login" if is_remote(environment) else "no display"
    return Finding("Browser", True, f"none: {why}. Sign-in shows an address or a code.")


def redirect_port(port: int) -> Finding:
    """Say whether the port is free to which the browser comes back."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        hint = "Close what uses it, or choose another one: the setting redirect_port."
        return Finding("Redirect port", False, f"{port}: {error.strerror}", hint)
    return Finding("Redirect port", True, f"{port} is free")


def terminal(environment: Mapping[str, str]) -> Finding:
    """Say what the terminal is."""
    kind = environment.get("TERM", "")
    colours = (
        "true colour" if environment.get("COLORTERM") in {"truecolor", "24bit"} else "256 colours or fewer"
    )
    if kind in {"", "dumb"}:
        return Finding("Terminal", False, f"TERM is {kind or 'not set'}", "The screens need a terminal.")
    return Finding("Terminal", True, f"{kind}, {colours}")


def clipboard(environment: Mapping[str, str]) -> Finding:
    """Say how text is copied; whether a terminal obeys the request cannot be asked."""
    local = next((tool for tool in ("pbcopy", "wl-copy", "xclip", "clip.exe") if shutil.which(tool)), "")
    if local and not is_remote(environment):
        return Finding("Clipboard", True, f"through the terminal; {local} is here too")
    inside = "tmux needs set-clipboard on" if environment.get("TMUX") else ""
    return Finding("Clipboard", True, "through the terminal, not confirmed", inside)


def proxy(environment: Mapping[str, str]) -> Finding:
    """Say which proxy is used, without the password that may be in its address."""
    found = [f"{name}={_without_password(environment[name])}" for name in _PROXIES if environment.get(name)]
    return Finding("Proxy", True, ", ".join(found) or "none")


def clock(cloud: Cloud, now: Callable[[], float]) -> Finding:
    """Say how far this clock is from that of the sign-in service: a wrong one spoils every token."""
    import ssl

    import httpx

    trust = ssl.create_default_context(cafile=cloud.authority or None)
    try:
        answer = httpx.head(cloud.login, verify=trust, timeout=_SECONDS)
        skew = now() - parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (httpx.TransportError, KeyError, ValueError) as error:
        hint = "Check the network and the proxy."
        return Finding("Clock", False, f"{cloud.login} did not say the time ({type(error).__name__})", hint)
    text = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} {urlsplit(cloud.login).netloc}"
    return Finding(
        "Clock", abs(skew) < _WORST_SKEW, text, "" if abs(skew) < _WORST_SKEW else "Set the clock."
    )


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else address
