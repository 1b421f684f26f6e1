"""How long a key takes in the expression editor: python -m tests.benchmarks.typing.

From the key to errors, lint, candidates and preview on the screen, on an expression of 2,000 characters.
Goal: 50 ms a key, 99 of 100.
"""

import asyncio
from time import perf_counter, process_time

from textual.events import Key

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.ui.screens.mappings.form import MappingForm

LENGTH = 2000
KEYS = 200
GOAL = 0.05


def long_expression() -> str:
    """Return a call of many calls, LENGTH characters long with what is typed."""
    part = 'IIF([country]="Germany", ToUpper([surname]), Replace([givenName], "a", , , "b", , ))'
    parts = [part] * (LENGTH // (len(part) + 2))
    return f'Join(", ", {", ".join(parts)}, "")'


async def measure() -> list[tuple[float, float]]:
    """Return the seconds of each key, typed into the last constant: on the clock, and of the processor."""
    took = []
    app = Demo("configured").app()
    settle()
    async with at_keyboard(app, (120, 36)) as person:
        await person.press("5")
        await person.sees("For Lena Fischer")
        await person.press("filter", *"disp", "enter", "enter", "right", "right", "enter")
        screen = person.app.screen
        assert isinstance(screen, MappingForm)
        editor = screen.query_one(ExpressionEditor)
        text = long_expression()
        editor.load_text(text)
        editor.move_cursor((0, len(text) - 2))
        await settled(person.pilot, lambda: screen.judged is not None and screen.judged.good)
        for number in range(KEYS):
            began, busy = perf_counter(), process_time()
            editor.post_message(key_event("abcdefghij"[number % 10]))
            # The form says nothing when it has judged a text.
            while len(editor.text) <= len(text) + number or not shown(screen, editor.text):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            screen._on_timer_update()
            took.append((perf_counter() - began, process_time() - busy))
            if number % 10 == 0:
                await person.pilot.pause()
    return took


def key_event(char: str) -> Key:
    """Return the event of a key."""
    return Key(char, char)


def shown(screen: MappingForm, text: str) -> bool:
    """Return whether the form has judged ``text``, and so shows its errors and preview."""
    return screen.judged is not None and screen.judged.mapping.text == text


def main() -> None:
    """Measure and print."""
    took = asyncio.run(measure())
    print(  # noqa: T201 - a benchmark is for reading
        f"{len(long_expression()):,} characters, {len(took)} keys, goal {GOAL * 1000:.0f} ms:"
    )
    for words, each in (("clock", 0), ("processor", 1)):
        times = sorted(one[each] for one in took)
        middle, most = times[len(times) // 2], times[int(len(times) * 0.99)]
        print(  # noqa: T201
            f"  {words:<10} median {middle * 1000:6.1f} ms, 99 % within {most * 1000:6.1f} ms"
        )


if __name__ == "__main__":
    main()
