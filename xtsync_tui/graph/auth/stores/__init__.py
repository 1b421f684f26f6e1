"""Where tokens are kept, and how the best place of this machine is found.

=============  ================================================================================
``keyring``    the secret store of the desktop: Secret Service, Keychain, Credential Manager
``kernel``     an encrypted file, its key in the Linux kernel's keyring until the next reboot
``passphrase`` an encrypted file, its key made from what the person types once a run
``memory``     nowhere: sign in at each start
``plaintext``  a file that anything running as this user can read; only when asked for
=============  ================================================================================

None of them stops code that runs as the same user: short sessions and few permissions do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from xtsync_tui.errors import StoreFailed

KEYRING_LIMIT = 3.0
"""Seconds that a secret service may take for one answer. A locked one without a desktop never answers."""

PLAINTEXT_WARNING = "Tokens are in a plain file: whoever can read it can act as you."


class SecretStore(Protocol):
    """Keeps short texts by name. Every method blocks and raises StoreFailed."""

    def read(self, entry: str) -> str | None:
        """Return what is kept under ``entry``, None if there is nothing, or nothing that can be used."""
        ...

    def write(self, entry: str, text: str) -> None:
        """Keep ``text`` under ``entry``: afterwards it holds the old text or the new one, never a part."""
        ...

    def delete(self, entry: str) -> None:
        """Forget ``entry``; one that is not there is fine."""
        ...


class MemoryStore:
    """Keeps secrets until the program ends."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def read(self, entry: str) -> str | None:
        """Return the text of ``entry``."""
        return self._texts.get(entry)

    def write(self, entry: str, text: str) -> None:
        """Keep ``text``."""
        self._texts[entry] = text

    def delete(self, entry: str) -> None:
        """Forget ``entry``."""
        self._texts.pop(entry, None)


@dataclass(frozen=True, slots=True)
class Opened:
    """The store in use: its name in the table above, what it is called on this machine, and why this one."""

    store: SecretStore
    name: str
    title: str
    reason: str = ""


def open_store(
    choice: str,
    folder: Path,
    ask_passphrase: Callable[[bool], str] | None = None,
    limit: float = KEYRING_LIMIT,
) -> Opened:
    """Return the store ``choice`` (a setting: ``auto`` or a name above), its files below ``folder``.

    ``auto`` never asks and never writes plain text: keyring, else kernel, else memory. ``ask_passphrase`` is
    called with True if the passphrase is new. Blocks. Raises StoreFailed if a store that was asked for by
    name cannot be used: another one is never taken in its place.
    """
    from xtsync_tui.graph.auth.stores import files, keyrings

    match choice:
        case "keyring":
            return keyrings.open_keyring(folder, limit)
        case "kernel":
            return files.open_kernel(folder)
        case "passphrase":
            return files.open_passphrase(folder, ask_passphrase)
        case "plaintext":
            return files.open_plaintext(folder)
        case "memory":
            return Opened(MemoryStore(), "memory", "memory only", "Chosen in the settings.")
    reasons = []
    attempts = (partial(keyrings.open_keyring, folder, limit), partial(files.open_kernel, folder))
    for attempt in attempts:
        try:
            return attempt()
        except StoreFailed as error:
            reasons.append(f"{error.title}: {error.detail}" if error.detail else error.title)
    return Opened(MemoryStore(), "memory", "memory only", " ".join(reasons))
