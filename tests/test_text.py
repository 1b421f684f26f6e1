"""Text that a stranger wrote does no harm and keeps its meaning."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtsync_tui.text import CUT, clean, first_visible, shorten_id


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Zoë Müller", "Zoë Müller"),
        ("田中 愛子", "田中 愛子"),
        ("A\x1b]52;c;aGk=\x07B", "A␛]52;c;aGk=␇B"),
        ("a\nb\tc\rd", "a␤b␉c␍d"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("ze\u200bro", "ze\ufffdro"),
        ("\x9b31m", "\ufffd31m"),
        ("[/b] stays", "[/b] stays"),
        (None, ""),
        (7, "7"),
    ],
)
def test_harmful_characters_become_visible_and_others_stay(value: object, shown: str) -> None:
    assert clean(value) == shown


def test_several_lines_are_kept_where_several_lines_are_shown() -> None:
    assert clean("a\r\nb\x1b", lines=True) == "a\nb␛"


def test_long_text_is_cut_with_a_mark() -> None:
    assert clean("x" * 10_000, limit=10) == "x" * 9 + CUT


def test_an_id_keeps_both_ends() -> None:
    assert shorten_id("7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4") == "7f3c0a51…b2e4"
    assert shorten_id("short") == "short"


@given(st.text())
def test_nothing_that_moves_a_cursor_or_turns_a_line_gets_through(value: str) -> None:
    shown = clean(value)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)


def test_a_name_that_cannot_be_seen_gives_way_to_the_next() -> None:
    assert first_visible("Ana", "ana@contoso.com") == "Ana"
    assert first_visible(" \u200b\u202e ", "ana@contoso.com", "id") == "ana@contoso.com"
    assert first_visible("", "") == ""


def test_a_selector_of_a_variant_is_shown_as_such() -> None:
    assert clean("Ana\ufe0f") == "Ana\ufffd"
