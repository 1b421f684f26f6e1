"""What every test shares: one asynchronous back end, and no door to the machine left open."""

import gc
import os
from pathlib import Path

import pytest

PLUGIN = "TEXTUAL_SNAPSHOT_TEMPDIR"
"""Where the processes of pytest-xdist leave their pictures for the report."""

for name in [name for name in os.environ if name.startswith(("TEXTUAL", "XTSYNC")) and name != PLUGIN] + [
    "NO_COLOR",
    "COLORTERM",
]:
    os.environ.pop(name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # never the one of whoever runs this


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what was imported: a quarter of the time of tests of screens."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, the loop that Textual uses."""
    return "asyncio"


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a folder that holds its configuration, state, cache and downloads."""
    root = tmp_path_factory.mktemp("home")
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(root / variable.lower()))
    (root / "downloads").mkdir()
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(root / "downloads"))
    return root


@pytest.fixture
def downloads(own_folders: Path) -> Path:
    """Return the folder that the test's exports are written to."""
    return own_folders / "downloads"
