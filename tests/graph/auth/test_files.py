"""Tokens in files: encrypted under a key from elsewhere, whole, and for one reader."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.graph.auth.support import run_python
from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.stores import PLAINTEXT_WARNING, MemoryStore, open_store
from xtsync_tui.graph.auth.stores.files import SealedFiles
from xtsync_tui.graph.auth.stores.kernel import drop_key, read_key, write_key

ENTRY = "public|tenant|client|account"
TEXT = "a refresh token " * 150
PASSPHRASE = "correct horse battery"


def kernel_keyring_works() -> str:
    """Return why the kernel keyring cannot be tested, ``""`` if it can."""
    try:
        write_key("xtsync:test", b"x")
        drop_key("xtsync:test")
    except StoreFailed as error:
        return f"{error.title} ({error.detail})"
    return ""


WHY_NOT = kernel_keyring_works()
needs_kernel = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@pytest.fixture
def kernel_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the test a kernel key of its own."""
    name = "xtsync:test:key"
    monkeypatch.setattr("xtsync_tui.graph.auth.stores.files._KERNEL_NAME", name)
    yield name
    if read_key(name) is not None:
        drop_key(name)


def sealed(folder: Path, key: bytes | None = b"k" * 32) -> SealedFiles:
    return SealedFiles(folder, lambda: key)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


def test_nothing_of_the_text_or_its_name_is_on_the_disk(tmp_path: Path) -> None:
    store = sealed(tmp_path / "s")
    store.write(ENTRY, TEXT)

    (path,) = files_in(tmp_path)
    assert b"refresh" not in path.read_bytes()
    assert "tenant" not in path.name
    assert store.read(ENTRY) == TEXT


def test_the_same_text_is_never_written_the_same(tmp_path: Path) -> None:
    store = sealed(tmp_path / "s")
    store.write(ENTRY, TEXT)
    (path,) = files_in(tmp_path)
    before = path.read_bytes()
    store.write(ENTRY, TEXT)

    assert path.read_bytes() != before


@pytest.mark.parametrize("key", [None, b"o" * 32])
def test_without_its_key_a_text_means_sign_in_again(tmp_path: Path, key: bytes | None) -> None:
    sealed(tmp_path / "s").write(ENTRY, TEXT)

    assert sealed(tmp_path / "s", key).read(ENTRY) is None


def test_a_file_that_was_changed_or_put_in_place_of_another_is_not_read(tmp_path: Path) -> None:
    store = sealed(tmp_path / "s")
    store.write(ENTRY, TEXT)
    (path,) = files_in(tmp_path)
    store.write("another", "text")
    other = next(found for found in files_in(tmp_path) if found != path)

    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    assert store.read(ENTRY) is None
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert store.read(ENTRY) is None
    path.write_bytes(b"xtsync\x02" + content[7:])
    assert store.read(ENTRY) is None


def test_a_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    store = sealed(tmp_path / "s")
    store.write(ENTRY, TEXT)
    (path,) = files_in(tmp_path)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StoreFailed, match="is a link"):
        store.read(ENTRY)
    with pytest.raises(StoreFailed, match="is a link"):
        store.write(ENTRY, "x")


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir(mode=0o755)
    with pytest.raises(StoreFailed, match="open to other users"):
        sealed(tmp_path / "s")


def test_deleting_forgets(tmp_path: Path) -> None:
    store = sealed(tmp_path / "s")
    store.write(ENTRY, TEXT)
    store.delete(ENTRY)
    store.delete(ENTRY)

    assert store.read(ENTRY) is None
    assert files_in(tmp_path) == []


def test_several_writers_and_readers_never_see_a_part(tmp_path: Path) -> None:
    sealed(tmp_path / "s").write(ENTRY, "0" * 3000)

    def turn(number: int) -> set[str]:
        store = sealed(tmp_path / "s")
        store.write(ENTRY, str(number) * 3000)
        return set(store.read(ENTRY) or "nothing")

    with ThreadPoolExecutor(4) as threads:
        assert all(len(seen) == 1 for seen in threads.map(turn, range(10)))


def test_two_processes_at_once_leave_the_text_of_one(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from xtsync_tui.graph.auth.stores.files import SealedFiles
store = SealedFiles(Path(sys.argv[1]), lambda: b"k" * 32)
for _ in range(30):
    store.write("entry", sys.argv[2] * 3000)
    assert len(set(store.read("entry"))) == 1
"""
    with ThreadPoolExecutor(2) as threads:
        for done in threads.map(lambda letter: run_python(program, str(tmp_path / "s"), letter), "ab"):
            assert done.returncode == 0, done.stderr
    assert sealed(tmp_path / "s").read("entry") in {"a" * 3000, "b" * 3000}


def test_a_process_killed_while_it_writes_leaves_a_whole_text(tmp_path: Path) -> None:
    sealed(tmp_path / "s").write("entry", "old")
    program = """
import os, signal, sys
from pathlib import Path
from xtsync_tui.graph.auth.stores.files import SealedFiles
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
SealedFiles(Path(sys.argv[1]), lambda: b"k" * 32).write("entry", "new")
"""
    assert run_python(program, str(tmp_path / "s")).returncode == -9

    store = sealed(tmp_path / "s")
    assert store.read("entry") == "old"
    store.write("entry", "newer")
    assert store.read("entry") == "newer"


def test_the_passphrase_opens_what_it_closed(tmp_path: Path) -> None:
    asked = []

    def ask(new: bool) -> str:
        asked.append(new)
        return PASSPHRASE

    open_store("passphrase", tmp_path, ask).store.write(ENTRY, TEXT)

    assert open_store("passphrase", tmp_path, ask).store.read(ENTRY) == TEXT
    assert asked == [True, False]


def test_a_wrong_passphrase_is_said_before_anything_is_written(tmp_path: Path) -> None:
    open_store("passphrase", tmp_path, lambda _: PASSPHRASE)
    with pytest.raises(StoreFailed, match="The passphrase is wrong"):
        open_store("passphrase", tmp_path, lambda _: "another passphrase")


def test_a_passphrase_has_a_length(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="too short"):
        open_store("passphrase", tmp_path, lambda _: "short")


def test_without_anybody_to_ask_there_is_no_passphrase(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="needs its passphrase"):
        open_store("passphrase", tmp_path)


@needs_kernel
def test_the_kernel_holds_the_key_of_the_file(tmp_path: Path, kernel_key: str) -> None:
    open_store("kernel", tmp_path).store.write(ENTRY, TEXT)
    assert open_store("kernel", tmp_path).store.read(ENTRY) == TEXT

    drop_key(kernel_key)
    assert open_store("kernel", tmp_path).store.read(ENTRY) is None


@needs_kernel
@pytest.mark.usefixtures("kernel_key")
def test_after_a_reboot_the_next_sign_in_is_kept_under_a_new_key(tmp_path: Path, kernel_key: str) -> None:
    store = open_store("kernel", tmp_path).store
    store.write(ENTRY, "before")
    drop_key(kernel_key)
    store.write(ENTRY, "after")

    assert store.read(ENTRY) == "after"


def test_an_architecture_whose_calls_are_unknown_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "vax")
    with pytest.raises(StoreFailed, match="kernel keyring cannot be used"):
        open_store("kernel", tmp_path)


def test_plain_text_is_never_chosen_and_warns_when_asked_for(tmp_path: Path) -> None:
    opened = open_store("plaintext", tmp_path)
    opened.store.write(ENTRY, TEXT)

    assert opened.reason == PLAINTEXT_WARNING
    assert open_store("plaintext", tmp_path).store.read(ENTRY) == TEXT
    assert files_in(tmp_path)[0].stat().st_mode & 0o077 == 0


def test_with_nothing_usable_the_memory_is_taken_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())  # type: ignore[no-untyped-call]
    monkeypatch.setattr("platform.machine", lambda: "vax")
    opened = open_store("auto", tmp_path)

    assert opened.name == "memory"
    assert opened.reason.startswith("No secret store on this machine")
    assert files_in(tmp_path) == []
    assert isinstance(opened.store, MemoryStore)
    opened.store.write(ENTRY, TEXT)
    assert opened.store.read(ENTRY) == TEXT
    opened.store.delete(ENTRY)
    assert opened.store.read(ENTRY) is None
