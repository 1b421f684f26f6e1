"""Somebody who presses any key at any time, the same ones for the same seed.

A long hunt: ``python -m tests.ui.monkey FIRST LAST`` tries these seeds and prints what each breaks.
"""

import asyncio
import random
import sys
import tempfile
import traceback
from functools import partial
from pathlib import Path

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, rest, terminal_faults
from xtsync_tui.emulator.hostile import TEXTS, poison
from xtsync_tui.ui.keys import KEYS

SCENARIOS = ("configured", "troubled", "fresh")
SIZES = ((80, 24), (120, 36), (160, 50), (60, 16))
WAYS = ("open", "back", "back", "tab_on", "tab_back", "panel", "panel_back", "down", "up", "left", "right")
IN_DIALOGS = ("tab", "shift+tab", "f2", "enter", "space", "down", "left", "right", "escape", "backspace")
"""Keys that lead on, more often than the rest."""

LETTERS = 'abcjklnpruvwxyz[]"(,.:;!0% '


def keep(folder: Path, text: str, name: str) -> None:
    """Write an export into ``folder``."""
    (folder / name).write_text(text)


class Monkey:
    """The keys of one seed. ``pressed`` are those so far, with the screen that each met."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a game
        self.scenario = self._dice.choice(SCENARIOS)
        self.size = self._dice.choice(SIZES)
        self.poisoned = self._dice.random() < 0.7
        self.pressed: list[tuple[str, str]] = []

    def __str__(self) -> str:
        """Return where it was and its last keys."""
        where = f"{self.scenario}, {'poisoned, ' if self.poisoned else ''}{self.size}"
        return "\n".join([where, *(f"  {screen}: {key}" for screen, key in self.pressed[-12:])])

    def _key(self, *, modal: bool) -> str:
        dice = self._dice
        if modal and dice.random() < 0.5:
            return dice.choice([*IN_DIALOGS, "request", "copy", "end"])
        kind = dice.random()
        if kind < 0.1:
            return dice.choice("123456789")
        if kind < 0.45:
            return dice.choice(WAYS)
        if kind < 0.8:
            return dice.choice([name for name in KEYS if name != "quit"])
        letter = dice.choice(LETTERS)
        return "space" if letter == " " else letter

    async def play(self, keys: int, folder: Path) -> None:
        """Press ``keys`` keys; a bug of the application is raised, and a line of another width."""
        demo = Demo(self.scenario, timed=True)
        if self.poisoned:
            poison(demo.emulator.world, self._dice.randrange(len(TEXTS)))
        app = demo.app()
        app.save = partial(keep, folder)  # type: ignore[method-assign]
        async with at_keyboard(app, self.size) as person:
            for _ in range(keys):
                key = self._key(modal=app.screen.is_modal)
                self.pressed.append((type(app.screen).__name__, key))
                await person.press(key)
                if not app.is_running:
                    break
                assert not (faults := list(terminal_faults(app))), "\n".join([*faults, *person.lines])
            for _ in range(3):  # a slow machine may still have the last key before it
                await rest(person.pilot)


def main() -> None:
    """Try the seeds, and tell of each that breaks something."""
    first, last = map(int, sys.argv[1:])
    for seed in range(first, last):
        monkey = Monkey(seed)
        try:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(monkey.play(150, Path(folder)))
        except Exception:  # noqa: BLE001 - whatever it is, it is what was looked for
            traceback.print_exc(limit=-4)
            sys.stdout.write(f"seed {seed}: {monkey}\n")


if __name__ == "__main__":
    main()
