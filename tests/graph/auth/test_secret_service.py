"""Tokens in a real Secret Service: gnome-keyring on a D-Bus session of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MISSING = [
    name for name in ("gnome-keyring-daemon", "dbus-run-session", "dbus-send") if not shutil.which(name)
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")

STOP = (
    "dbus-send --session --print-reply --dest=org.freedesktop.DBus / "
    "org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets "
    "| sed -n 's/.*uint32 //p' | xargs -r kill"
)
UNLOCKED = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null"
OUTSIDE = {"DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"}
OPEN = """
import sys
from pathlib import Path
from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.stores import open_store
folder, choice = Path(sys.argv[1]), sys.argv[2]
"""


def in_session(folder: Path, begin: str, program: str, choice: str = "keyring") -> list[str]:
    """Run ``program`` on a D-Bus session that ``begin`` put a daemon into, and return what it printed."""
    run = folder / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in OUTSIDE},
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(run),
    }
    script = f'{begin}; "$0" -c "$1" "$2" "$3"; {STOP}'
    done = subprocess.run(  # noqa: S603
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, OPEN + program, str(folder), choice],  # noqa: S607
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.stdout.splitlines()


def test_a_text_goes_in_comes_out_and_is_forgotten(tmp_path: Path) -> None:
    program = """
opened = open_store(choice, folder)
text = "".join(f"{n:04}" for n in range(670))
opened.store.write("public|tenant|client|account", text)
print(opened.title)
print(opened.store.read("public|tenant|client|account") == text)
opened.store.delete("public|tenant|client|account")
print(opened.store.read("public|tenant|client|account"))
"""
    assert in_session(tmp_path, UNLOCKED, program) == ["SecretService Keyring", "True", "None"]


def test_one_program_finds_what_another_kept(tmp_path: Path) -> None:
    keep = 'open_store(choice, folder).store.write("entry", "text"); print("kept")'
    find = 'print(open_store(choice, folder).store.read("entry"))'

    assert in_session(tmp_path, UNLOCKED, keep) == ["kept"]
    assert in_session(tmp_path, UNLOCKED, find) == ["text"]


def test_a_locked_collection_is_left_for_the_next_store(tmp_path: Path) -> None:
    in_session(tmp_path, UNLOCKED, 'open_store(choice, folder).store.write("entry", "text"); print("kept")')
    program = """
try:
    print(open_store("keyring", folder, limit=2).name)
except StoreFailed as error:
    print(error.title)
print(open_store("auto", folder, limit=2).name)
"""
    said, taken = in_session(tmp_path, LOCKED, program)

    assert said in {"SecretService Keyring is locked", "SecretService Keyring did not answer in 2 s"}
    assert taken in {"kernel", "memory"}
