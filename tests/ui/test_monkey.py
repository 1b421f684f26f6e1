"""Keys at random: whatever is pressed, the application neither ends nor breaks its frame."""

from pathlib import Path

import pytest

from tests.ui.monkey import Monkey

pytestmark = pytest.mark.anyio

KEYS = 100


@pytest.mark.parametrize("seed", range(6))
async def test_no_key_at_any_time_ends_the_application(seed: int, tmp_path: Path) -> None:
    monkey = Monkey(seed)
    try:
        await monkey.play(KEYS, tmp_path)
    except Exception as error:
        error.add_note(str(monkey))
        raise
