"""Tokens in the operating system's keyring, through the ``keyring`` library.

One text is kept in pieces under a manifest, because the Windows Credential Manager takes 2,560 bytes an
entry, in UTF-16. A new text goes into the pieces of the other generation and is read back before the manifest
names it: a process that is killed in between leaves the old text in force.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import keyring.backend
import keyring.errors
from keyring.backend import KeyringBackend

from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.blocking import within
from xtsync_tui.graph.auth.stores import Opened
from xtsync_tui.private_file import locked, make_private_folder

SERVICE = "xtsync:v1"
_VERSION = 1
_PIECE = 1000
_MOST_PIECES = 64
T = TypeVar("T")


class KeyringStore:
    """Texts in ``backend``, each answer within ``limit`` seconds; the lock file is in ``folder``."""

    def __init__(self, backend: KeyringBackend, folder: Path, limit: float) -> None:
        self._backend = backend
        self._limit = limit
        make_private_folder(folder)
        self._lock = folder / "keyring.lock"

    def read(self, entry: str) -> str | None:
        """Return the text of ``entry``, None if it is not there, incomplete or of another version."""
        with locked(self._lock):
            return self._read(entry)

    def write(self, entry: str, text: str) -> None:
        """Write the pieces, read them back, name them in the manifest, then drop the old ones."""
        with locked(self._lock):
            manifest = self._manifest(entry)
            old = manifest.get("generation") if manifest else None
            new = 1 if old == 0 else 0
            pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
            for number, piece in enumerate(pieces):
                self._set(_piece_name(entry, new, number), piece)
            if "".join(self._get(_piece_name(entry, new, n)) or "" for n in range(len(pieces))) != text:
                self._drop_pieces(entry, new)
                raise StoreFailed(
                    f"{title_of(self._backend)} does not give back what it was given",
                    "It may cut long entries.",
                    "Choose another store: the setting token_store.",
                )
            self._set(
                entry,
                json.dumps(
                    {"version": _VERSION, "generation": new, "pieces": len(pieces), "digest": _digest(text)}
                ),
            )
            self._drop_pieces(entry, new, len(pieces))
            self._drop_pieces(entry, 1 - new)

    def delete(self, entry: str) -> None:
        """Drop the manifest first, then the pieces of both generations."""
        with locked(self._lock):
            self._delete(entry)
            for generation in (0, 1):
                self._drop_pieces(entry, generation)

    def _read(self, entry: str) -> str | None:
        manifest = self._manifest(entry)
        if manifest is None:
            return None
        count = min(int(manifest.get("pieces", 0)), _MOST_PIECES)
        pieces = [self._get(_piece_name(entry, manifest["generation"], n)) for n in range(count)]
        text = "".join(piece or "" for piece in pieces)
        return text if _digest(text) == manifest.get("digest") else None

    def _manifest(self, entry: str) -> dict[str, int | str] | None:
        try:
            manifest = json.loads(self._get(entry) or "null")
        except ValueError:
            return None
        return manifest if isinstance(manifest, dict) and manifest.get("version") == _VERSION else None

    def _drop_pieces(self, entry: str, generation: int, start: int = 0) -> None:
        for number in range(start, _MOST_PIECES):
            if not self._delete(_piece_name(entry, generation, number)):
                return

    def _get(self, name: str) -> str | None:
        return self._limited(lambda: self._backend.get_password(SERVICE, name))

    def _set(self, name: str, text: str) -> None:
        self._limited(lambda: self._backend.set_password(SERVICE, name, text))

    def _delete(self, name: str) -> bool:
        try:
            self._limited(lambda: self._backend.delete_password(SERVICE, name))
        except _NotThere:
            return False
        return True

    def _limited(self, call: Callable[[], T]) -> T:
        try:
            return within(self._limit, call)
        except TimeoutError:
            raise StoreFailed(
                f"{title_of(self._backend)} did not answer in {self._limit:g} s",
                "It is locked, or there is no desktop to unlock it on.",
                "Unlock it, or choose another store: the setting token_store.",
            ) from None
        except keyring.errors.PasswordDeleteError as error:
            raise _NotThere from error
        except keyring.errors.KeyringLocked:
            raise StoreFailed(
                f"{title_of(self._backend)} is locked", "", "Unlock it, or choose another store."
            ) from None
        except Exception as error:  # noqa: BLE001 - a back end is anybody's code and raises anything
            # Only the kind of error is told: what a back end says may quote what it was given.
            raise StoreFailed(
                f"{title_of(self._backend)} cannot be used",
                type(error).__name__,
                "xtsync auth doctor says more.",
            ) from None


class _NotThere(Exception):
    """There is nothing to delete."""


def open_keyring(folder: Path, limit: float) -> Opened:
    """Return the keyring of this machine after a trial; raises StoreFailed if there is none that works."""
    backend = usable_backend(limit)
    store = KeyringStore(backend, folder, limit)
    name, text = f"probe-{secrets.token_hex(4)}", "x" * _PIECE
    store.write(name, text)
    found = store.read(name)
    store.delete(name)
    if found != text:
        raise StoreFailed(f"{title_of(backend)} forgets what it was given")
    return Opened(store, "keyring", title_of(backend))


def usable_backend(limit: float) -> KeyringBackend:
    """Return the back end that ``keyring`` would take, unless it keeps nothing or keeps it in plain text.

    Raises StoreFailed if none is left.
    """
    try:
        chosen = within(limit, keyring.get_keyring)
    except TimeoutError:
        raise StoreFailed(f"The keyring did not answer in {limit:g} s") from None
    members = getattr(chosen, "backends", None)
    candidates = list(members) if members is not None else [chosen]
    refused = [one for one in candidates if _module(one).startswith("keyrings.alt")]
    empty = [one for one in candidates if _module(one).endswith((".fail", ".null"))]
    usable = [one for one in candidates if one not in refused + empty]
    if usable:
        return usable[0]
    if refused:
        raise StoreFailed("The keyring of this machine is a file of keyrings.alt", "It is not used.")
    raise StoreFailed("No secret store on this machine", "Usual on servers.")


def title_of(backend: KeyringBackend) -> str:
    """Return what ``backend`` is called, as ``SecretService Keyring``."""
    return str(backend.name)


def _module(backend: KeyringBackend) -> str:
    return type(backend).__module__


def _piece_name(entry: str, generation: int | str, number: int) -> str:
    return f"{entry}#{generation}.{number}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
