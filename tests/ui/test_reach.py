"""How many people an assignment reaches, and how much is asked for that."""

import pytest

from xtsync_tui.ui.screens.dialog import Level, word_of
from xtsync_tui.ui.screens.reach import level_for, reach
from xtsync_tui.workspace.setup import Principal

ANA, KIM = Principal("ana", "Ana", "User"), Principal("kim", "Kim", "User")
SALES, STAFF = Principal("sales", "Sales", "Group"), Principal("staff", "All staff", "Group")


@pytest.mark.parametrize(
    ("chosen", "people", "level"),
    [
        ((), 0, Level.PLAIN),
        ((ANA,), 1, Level.PLAIN),
        ((ANA, KIM), 2, Level.WIDE),
        ((SALES,), 8, Level.WIDE),
        ((SALES, ANA), 9, Level.WIDE),
        ((SALES, ANA, KIM), 10, Level.TYPED),
        ((STAFF,), None, Level.TYPED),
        ((ANA, STAFF), None, Level.TYPED),
    ],
)
def test_many_people_or_an_unknown_number_ask_for_the_typed_name(
    chosen: tuple[Principal, ...], people: int | None, level: Level
) -> None:
    assert reach(chosen, {"sales": 8}) == people
    assert level_for(chosen, {"sales": 8}, 10) is level


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (" Contoso to Fabrikam ", "Contoso to Fabrikam"),
        ("", "12345678"),
        ("x" * 99, "12345678"),
        ("a\x1b[2J", "12345678"),
    ],
)
def test_a_name_that_nobody_can_type_is_confirmed_by_the_id(name: str, word: str) -> None:
    assert word_of(name, "12345678-aaaa") == word
