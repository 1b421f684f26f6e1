"""Files that only their owner reads: written whole or not at all, one process at a time."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from xtsync_tui.errors import StoreFailed


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` with mode 0700 unless it is there; raises StoreFailed where that is not possible."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFailed(
            f"{folder} cannot be made", error.strerror or "", "Check the folder's rights."
        ) from error


def check_private(path: Path) -> None:
    """Raise StoreFailed if others could read or have put ``path`` there: a link, another owner, open rights.

    A path that does not exist is fine. Windows has no such modes: its profile folders are private already.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        raise StoreFailed(f"{path} is a link", "It is not followed.", "Remove it and sign in again.")
    if sys.platform == "win32":
        return
    if found.st_uid != os.geteuid():
        raise StoreFailed(
            f"{path} belongs to somebody else", "It is not used.", "Remove it and sign in again."
        )
    if found.st_mode & 0o077:
        mode, right = stat.S_IMODE(found.st_mode), "0700" if stat.S_ISDIR(found.st_mode) else "0600"
        raise StoreFailed(
            f"{path} is open to other users", f"Its mode is {mode:04o}.", f"chmod {right} it, or remove it."
        )


def read_private(path: Path) -> bytes | None:
    """Return what ``path`` holds, None if it is not there; raises StoreFailed as ``check_private`` does."""
    check_private(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreFailed(f"{path} cannot be read", error.strerror or "") from error
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` in ``path`` with mode 0600: after a crash it holds the old content or the new one.

    Raises StoreFailed if it cannot be written.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreFailed(
            f"{path} cannot be written",
            error.strerror or "",
            "Nothing was changed. Check the folder's rights.",
        ) from error
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes out of the block for which they use the same lock file ``path``.

    The system drops the lock of a process that ends, so that a crash blocks nobody.
    """
    check_private(path)
    make_private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
