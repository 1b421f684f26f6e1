"""A secret in the Linux kernel's keyring of this user: no disk, gone at the next reboot.

Through libkeyutils where it is installed, else by the numbers of the system calls.
"""

import ctypes
import errno
import os
import platform
import sys

from xtsync_tui.errors import StoreFailed

_USER_KEYRING = -4
_PROCESS_KEYRING = -2
_LINK, _UNLINK, _SEARCH, _READ = 8, 9, 10, 11
_NUMBERS = {"x86_64": (248, 250), "aarch64": (217, 219)}
"""The system calls add_key and keyctl. Source: the Linux kernel's system call tables."""


def read_key(name: str) -> bytes | None:
    """Return the secret called ``name``, None if there is none (any more); raises StoreFailed."""
    try:
        key = _keyctl(_SEARCH, _reachable(), b"user", name.encode(), 0)
        size = _keyctl(_READ, key, None, 0, 0)
        buffer = ctypes.create_string_buffer(size)
        _keyctl(_READ, key, buffer, size, 0)
    except OSError as error:
        if error.errno in {errno.ENOKEY, errno.EKEYEXPIRED, errno.EKEYREVOKED, errno.EACCES}:
            return None
        raise _unusable(error) from error
    return buffer.raw


def write_key(name: str, secret: bytes) -> None:
    """Keep ``secret`` under ``name``; raises StoreFailed."""
    try:
        add_key, _ = _calls()
        _checked(_libc().syscall(add_key, b"user", name.encode(), secret, len(secret), _reachable()))
    except OSError as error:
        raise _unusable(error) from error


def drop_key(name: str) -> None:
    """Forget the secret called ``name``, which is there; raises StoreFailed."""
    try:
        _keyctl(_UNLINK, _keyctl(_SEARCH, _reachable(), b"user", name.encode(), 0), _USER_KEYRING, 0, 0)
    except OSError as error:
        raise _unusable(error) from error


def _reachable() -> int:
    # A key can be read only by a process whose own keyrings lead to it, and a login need not have linked it.
    _keyctl(_LINK, _USER_KEYRING, _PROCESS_KEYRING, 0, 0)
    return _USER_KEYRING


def _calls() -> tuple[int, int]:
    calls = _NUMBERS.get(platform.machine()) if sys.platform == "linux" else None
    if calls is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return calls


def _keyctl(*arguments: object) -> int:
    _, keyctl = _calls()
    return _checked(_libc().syscall(keyctl, *arguments))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _unusable(error: OSError) -> StoreFailed:
    return StoreFailed("The kernel keyring cannot be used", error.strerror or "", "Choose another store.")
