"""How long a key takes in the expression editor: python -m tests.benchmarks.typing.

From the key to errors, lint, candidates and preview on the screen, on an expression of 2,000 characters.
Goal: 50 ms a key, 99 of 100.
"""

import asyncio
from time import perf_counter

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled
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


async def measure() -> list[float]:
    """Return the seconds of each key, typed into the last constant."""
    took = []
    async with at_keyboard(Demo("configured").app(), (120, 36)) as person:
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
            began = perf_counter()
            editor.post_message(key_event("abcdefghij"[number % 10]))
            while screen.judged is None or screen.judged.mapping.text != editor.text or not typed(editor, number):
                await asyncio.sleep(0)
            person.app.screen._compositor.render_strips()
            took.append(perf_counter() - began)
            if number % 10 == 0:
                await person.pilot.pause()
    return took


def key_event(char: str) -> object:
    """Return the event of a key."""
    from textual.events import Key

    return Key(char, char)


def typed(editor: ExpressionEditor, number: int) -> bool:
    """Return whether the key has arrived in the text."""
    return len(editor.text) == len(long_expression()) + number + 1


def main() -> None:
    """Measure and print."""
    took = sorted(asyncio.run(measure()))
    middle, most = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(f"{len(long_expression()):,} characters, {len(took)} keys: median {middle * 1000:.1f} ms, ", end="")
    print(f"99 % within {most * 1000:.1f} ms (goal {GOAL * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
