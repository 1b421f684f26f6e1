"""Files that only their owner reads."""

import os
import stat
import sys
from pathlib import Path

import pytest

from xtsync_tui.errors import StoreFailed
from xtsync_tui.private_file import check_private, locked, make_private_folder, read_private, write_private

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"one")
    write_private(path, b"two")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_private(path) == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert read_private(tmp_path / "file") is None


def test_a_write_that_is_cut_off_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")

    def cut(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        write_private(path, b"new")

    assert read_private(path) == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    path.chmod(mode)

    with pytest.raises(StoreFailed, match=f"mode is {mode:04o}"):
        read_private(path)


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    write_private(tmp_path / "file", b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")

    with pytest.raises(StoreFailed, match="is a link"):
        read_private(tmp_path / "link")


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_private(path, b"x")
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)

    with pytest.raises(StoreFailed, match="belongs to somebody else"):
        check_private(path)


def test_a_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed, match="cannot be made"):
        make_private_folder(tmp_path / "file" / "folder")


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreFailed, match="is a link"), locked(tmp_path / "lock"):
        pass
