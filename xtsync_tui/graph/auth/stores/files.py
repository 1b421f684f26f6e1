"""Tokens in files of the state folder: encrypted under a key from elsewhere, or plain when asked for."""

import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.stores import PLAINTEXT_WARNING, Opened
from xtsync_tui.graph.auth.stores.kernel import drop_key, read_key, write_key
from xtsync_tui.private_file import check_private, locked, make_private_folder, read_private, write_private

_MAGIC = b"xtsync\x01"
_NONCE = 12
_KEY = 32
_KERNEL_NAME = "xtsync:v1"
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_SCRYPT_MEMORY = 64 * 1024 * 1024
_SHORTEST_PASSPHRASE = 12


class PlainFiles:
    """Texts in files of ``folder``, one an entry, mode 0600; file names tell nothing of the entry."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_private_folder(folder)
        check_private(folder)

    def read(self, entry: str) -> str | None:
        """Return the text of ``entry``."""
        with locked(self._folder / "lock"):
            content = read_private(self._path(entry))
        return None if content is None else self._open(content, entry)

    def write(self, entry: str, text: str) -> None:
        """Write the file anew, whole."""
        with locked(self._folder / "lock"):
            check_private(self._path(entry))
            write_private(self._path(entry), self._seal(text, entry))

    def delete(self, entry: str) -> None:
        """Remove the file."""
        with locked(self._folder / "lock"):
            self._path(entry).unlink(missing_ok=True)

    def _path(self, entry: str) -> Path:
        return self._folder / hashlib.sha256(entry.encode()).hexdigest()[:32]

    def _seal(self, text: str, entry: str) -> bytes:  # noqa: ARG002 - the encrypted form binds the entry
        return text.encode()

    def _open(self, content: bytes, entry: str) -> str | None:  # noqa: ARG002
        return content.decode("utf-8", "replace")


class SealedFiles(PlainFiles):
    """Texts under AES-256-GCM; the entry's name is bound in, so that files cannot be swapped.

    ``key`` gives the key, None if it is gone; ``new_key`` makes one.
    """

    def __init__(
        self, folder: Path, key: Callable[[], bytes | None], new_key: Callable[[], bytes] | None = None
    ) -> None:
        super().__init__(folder)
        self._key = key
        self._new_key = new_key

    def _seal(self, text: str, entry: str) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key() or (self._new_key() if self._new_key else None)
        if key is None:
            raise StoreFailed("The key of the token file is gone", "", "Sign in again.")
        nonce = secrets.token_bytes(_NONCE)
        return _MAGIC + nonce + AESGCM(key).encrypt(nonce, text.encode(), _MAGIC + entry.encode())

    def _open(self, content: bytes, entry: str) -> str | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key()
        body = content.removeprefix(_MAGIC)
        if key is None or body == content:
            return None  # the key went with a reboot, or another version wrote this: sign in again
        try:
            text = AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], _MAGIC + entry.encode())
        except (InvalidTag, ValueError):
            return None
        return text.decode()


def open_kernel(folder: Path) -> Opened:
    """Return the store whose key is in the Linux kernel's keyring; raises StoreFailed where there is none."""
    trial = f"{_KERNEL_NAME}:trial"
    write_key(trial, b"x")
    if read_key(trial) != b"x":
        raise StoreFailed("The kernel keyring forgets what it was given")
    drop_key(trial)

    def new_key() -> bytes:
        key = secrets.token_bytes(_KEY)
        write_key(_KERNEL_NAME, key)
        return key

    store = SealedFiles(folder / "kernel", lambda: read_key(_KERNEL_NAME), new_key)
    return Opened(store, "kernel", "encrypted file, key in the kernel keyring until reboot")


def open_passphrase(folder: Path, ask: Callable[[bool], str] | None) -> Opened:
    """Return the store whose key is made from a passphrase, asking for it at once.

    Raises StoreFailed if nobody can be asked, or the passphrase is wrong or too short.
    """
    if ask is None:
        raise StoreFailed(
            "The token file needs its passphrase", "Nobody can be asked here.", "Use a terminal, or memory."
        )
    folder = folder / "passphrase"
    make_private_folder(folder)
    check_private(folder)
    path = folder / "salt.json"
    content = read_private(path)
    key = _new_passphrase(path, ask(True)) if content is None else _passphrase_key(content, ask(False), path)
    return Opened(SealedFiles(folder, lambda: key), "passphrase", "encrypted file, opened with a passphrase")


def open_plaintext(folder: Path) -> Opened:
    """Return the store that protects nothing."""
    return Opened(PlainFiles(folder / "plaintext"), "plaintext", "plain file", PLAINTEXT_WARNING)


def _new_passphrase(path: Path, passphrase: str) -> bytes:
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise StoreFailed("The passphrase is too short", f"It needs {_SHORTEST_PASSPHRASE} characters.")
    salt = secrets.token_bytes(16)
    key = _derive(passphrase, salt, _SCRYPT)
    record = {"version": 1, "salt": salt.hex(), **_SCRYPT, "check": _check(key)}
    write_private(path, json.dumps(record).encode())
    return key


def _passphrase_key(content: bytes, passphrase: str, path: Path) -> bytes:
    try:
        record = json.loads(content)
        salt, check = bytes.fromhex(record["salt"]), record["check"]
        cost = {name: int(record[name]) for name in _SCRYPT}
    except (ValueError, KeyError, TypeError) as error:
        raise StoreFailed(
            f"{path} is damaged", "", "Remove its folder and sign in again: only tokens are in it."
        ) from error
    key = _derive(passphrase, salt, cost)
    if not secrets.compare_digest(_check(key), check):
        raise StoreFailed("The passphrase is wrong", "", "Try again, or remove the store and sign in again.")
    return key


def _derive(passphrase: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=_KEY, maxmem=_SCRYPT_MEMORY, **cost)


def _check(key: bytes) -> str:
    return hashlib.sha256(b"xtsync check" + key).hexdigest()
