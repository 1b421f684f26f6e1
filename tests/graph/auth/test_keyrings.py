"""Tokens in a keyring: whole or not at all, within a time, and never in plain text."""

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.graph.auth.backends import Hanging, Memory, Talkative
from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.stores import open_store
from xtsync_tui.graph.auth.stores.keyrings import SERVICE, KeyringStore

LONG = "".join(f"{number:05}" for number in range(536))
ENTRY = "public|tenant|client|account"


@pytest.fixture
def restored() -> Iterator[None]:
    before = keyring.core._keyring_backend
    yield
    keyring.core._keyring_backend = before


def use(backend: KeyringBackend) -> None:
    keyring.core._keyring_backend = backend  # type: ignore[assignment]


def test_a_text_comes_back_whole_and_in_small_pieces(tmp_path: Path) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)

    store.write(ENTRY, LONG)

    assert store.read(ENTRY) == LONG
    assert max(len(piece.encode("utf-16-le")) for piece in backend.kept.values()) <= 2560


def test_an_entry_that_was_never_written_is_nothing(tmp_path: Path) -> None:
    assert KeyringStore(Memory(), tmp_path, 3).read(ENTRY) is None


def test_a_shorter_text_leaves_nothing_of_the_longer_one(tmp_path: Path) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)
    for text in (LONG, "short", LONG, "b"):
        store.write(ENTRY, text)

    assert store.read(ENTRY) == "b"
    assert len(backend.kept) == 2


def test_deleting_leaves_nothing(tmp_path: Path) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)
    store.write(ENTRY, LONG)
    store.delete(ENTRY)
    store.delete(ENTRY)

    assert backend.kept == {}


@pytest.mark.parametrize("writes", range(4))
def test_a_write_that_is_cut_off_leaves_the_old_text(tmp_path: Path, writes: int) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)
    store.write(ENTRY, "old" + LONG)
    backend.dies_after = writes
    with pytest.raises(KeyboardInterrupt):
        store.write(ENTRY, "new" + LONG)

    backend.dies_after = 100
    assert store.read(ENTRY) == "old" + LONG
    store.write(ENTRY, "newer")
    assert store.read(ENTRY) == "newer"
    assert len(backend.kept) == 2


def test_a_back_end_that_cuts_is_found_out_and_the_old_text_stays(tmp_path: Path) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)
    store.write(ENTRY, "old")
    backend.limit = 200

    with pytest.raises(StoreFailed, match="does not give back"):
        store.write(ENTRY, LONG)
    assert store.read(ENTRY) == "old"


def test_windows_and_its_2560_bytes_are_enough(tmp_path: Path) -> None:
    store = KeyringStore(Memory(limit=2560 // 2), tmp_path, 3)
    store.write(ENTRY, LONG)
    assert store.read(ENTRY) == LONG


def test_an_unknown_version_and_a_piece_that_is_gone_mean_sign_in_again(tmp_path: Path) -> None:
    backend = Memory()
    store = KeyringStore(backend, tmp_path, 3)
    store.write(ENTRY, LONG)
    del backend.kept[f"{SERVICE} {ENTRY}#0.1"]
    assert store.read(ENTRY) is None

    backend.kept[f"{SERVICE} {ENTRY}"] = json.dumps({"version": 99})
    assert store.read(ENTRY) is None
    backend.kept[f"{SERVICE} {ENTRY}"] = "not json"
    assert store.read(ENTRY) is None


@pytest.mark.usefixtures("restored")
def test_a_keyring_that_hangs_is_left_after_the_limit(tmp_path: Path) -> None:
    backend = Hanging()
    use(backend)

    opened = open_store("auto", tmp_path, limit=0.05)
    backend.let_go.set()

    assert opened.name != "keyring"
    if opened.name == "memory":
        assert "did not answer in 0.05 s" in opened.reason


@pytest.mark.usefixtures("restored")
def test_a_keyring_that_is_asked_for_by_name_is_never_replaced(tmp_path: Path) -> None:
    backend = Hanging()
    use(backend)
    with pytest.raises(StoreFailed, match="did not answer"):
        open_store("keyring", tmp_path, limit=0.05)
    backend.let_go.set()


@pytest.mark.usefixtures("restored")
def test_a_machine_without_a_keyring_says_so(tmp_path: Path) -> None:
    from keyring.backends.fail import Keyring

    use(Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(StoreFailed, match="No secret store on this machine"):
        open_store("keyring", tmp_path)


@pytest.mark.usefixtures("restored")
def test_a_plain_file_of_keyrings_alt_is_refused(tmp_path: Path) -> None:
    plain = type("PlaintextKeyring", (Memory,), {"__module__": "keyrings.alt.file"})
    use(plain())
    with pytest.raises(StoreFailed, match=r"keyrings\.alt"):
        open_store("keyring", tmp_path)


@pytest.mark.usefixtures("restored")
def test_of_a_chain_the_first_that_keeps_secrets_is_taken(tmp_path: Path) -> None:
    plain = type("PlaintextKeyring", (Memory,), {"__module__": "keyrings.alt.file"})
    good = Memory()
    chain = Memory()
    chain.backends = [plain(), good]  # type: ignore[attr-defined]  # as keyring's chainer has
    use(chain)

    open_store("keyring", tmp_path).store.write(ENTRY, "text")

    assert good.kept


@pytest.mark.usefixtures("restored")
def test_the_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    backend = Memory()
    use(backend)
    assert open_store("keyring", tmp_path).name == "keyring"
    assert backend.kept == {}


def test_what_a_back_end_says_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed) as failed:
        KeyringStore(Talkative(), tmp_path, 3).write(ENTRY, "secret text")

    assert "secret text" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert "RuntimeError" in failed.value.detail
