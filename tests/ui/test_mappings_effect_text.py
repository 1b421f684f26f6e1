"""What a draft does to people, in words: what cannot be told is said, never left out."""

import pytest

from xtsync_tui.ui.screens.mappings.effect_text import Stakes, against, consequences, panel, strip
from xtsync_tui.workspace.mappings.effects import Effects, Fate, Move, Mover

TEN = Stakes(10)
UPDATING = Effects(
    read=30,
    before=20,
    movers=(
        Mover("1", "Yusuf", why="group Sales DE is updating", move=Move.UNKNOWN, fate=Fate.UNKNOWN),
        Mover("2", "Lena", why="no country", move=Move.UNKNOWN, fate=Fate.UNKNOWN, inside=True),
    ),
    updating=("Sales DE",),
    untold=("city",),
)


def moved(move: Move, *fates: Fate) -> Effects:
    """Return people who move in one way, each with a fate."""
    movers = (Mover(str(at), f"Ana {at}", move=move, fate=fate) for at, fate in enumerate(fates))
    return Effects(read=30, movers=tuple(movers))


def said(found: Effects, stakes: Stakes = TEN) -> list[str]:
    return consequences(found, stakes, "TARGET Fabrikam", runs=True)


@pytest.mark.parametrize(
    "text",
    [
        panel(UPDATING, TEN, 60, 30, read="read 14:01").plain,
        strip(UPDATING, TEN, 80, 8).plain,
        "\n".join(said(UPDATING)),
    ],
)
def test_people_of_a_group_that_is_updating_are_named_as_not_known(text: str) -> None:
    assert "Yusuf" in text
    assert "? group Sales DE is updating: who else enters cannot be told" in text


def test_only_who_may_be_removed_counts_against_the_threshold() -> None:
    assert UPDATING.worst == 1
    assert against(UPDATING, Stakes(1)) == "■ up to 1 removal: the threshold of 1 holds them"
    assert "1 may leave, 1 may be in scope or not" in panel(UPDATING, TEN, 60, 30).plain


def test_a_mapping_of_what_is_not_read_is_said_before_it_is_saved() -> None:
    lines = said(UPDATING)
    assert "? Whom city changes cannot be told: it takes what is not read here." in lines
    assert "✓ Nobody is created, changed or removed." not in lines


@pytest.mark.parametrize(
    ("fates", "line"),
    [
        ((Fate.CREATED,), "1 person enters and is created in TARGET Fabrikam."),
        ((Fate.CREATED, Fate.CREATED), "2 people enter and are created in TARGET Fabrikam."),
        (
            (Fate.FOUND, Fate.CREATED, Fate.FOUND),
            "3 people enter: 1 is created in TARGET Fabrikam, 2 are in TARGET already.",
        ),
        ((Fate.FOUND,), "1 person enters and is in TARGET Fabrikam already."),
    ],
)
def test_who_enters_and_is_in_the_target_already_is_not_said_to_be_created(
    fates: tuple[Fate, ...], line: str
) -> None:
    assert f"! {line}" in said(moved(Move.ENTERS, *fates))


@pytest.mark.parametrize(
    ("fates", "line", "removed"),
    [
        ((Fate.REMOVED,), "1 person leaves and is soft-deleted in TARGET Fabrikam.", 1),
        ((Fate.REMOVED, Fate.REMOVED), "2 people leave and are soft-deleted in TARGET Fabrikam.", 2),
        (
            (Fate.REMOVED, Fate.ABSENT, Fate.REMOVED),
            "3 people leave: 2 are soft-deleted in TARGET Fabrikam, 1 is not in TARGET.",
            2,
        ),
        ((Fate.ABSENT,), "1 person leaves and is not in TARGET Fabrikam.", 0),
    ],
)
def test_who_leaves_and_is_not_in_the_target_is_no_removal(
    fates: tuple[Fate, ...], line: str, removed: int
) -> None:
    found = moved(Move.LEAVES, *fates)
    assert found.worst == removed
    assert f"✗ {line}" in said(found)


def test_who_is_created_and_who_lingers_is_told_whatever_was_edited() -> None:
    waits = moved(Move.WAITS, Fate.CREATED, Fate.CREATED)
    line = "! 2 people in scope are not there yet and are created in TARGET Fabrikam."
    assert f"{line} Anyone with SMS sign-in on is skipped." in said(waits)
    lingers = moved(Move.LINGERS, *[Fate.PERHAPS_REMOVED] * 12)
    words = "\n".join(said(lingers))
    assert (
        "✗ 12 people are out of scope already and are soft-deleted in TARGET Fabrikam if the service" in words
    )
    assert "■ up to 12 removals: the threshold of 10 holds them." in words


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (None, "? 12 removals; it cannot be told whether a threshold holds them"),
        (0, "! 12 removals, and no threshold holds them"),
        (10, "■ 12 removals: the threshold of 10 holds them"),
        (500, "✓ 12 removals, below the threshold of 500"),
    ],
)
def test_a_threshold_that_is_not_known_is_not_said_to_be_off(threshold: int | None, words: str) -> None:
    assert against(moved(Move.LEAVES, *[Fate.REMOVED] * 12), Stakes(threshold)) == words


def test_while_removals_are_held_it_is_told_who_comes_back() -> None:
    back = moved(Move.ENTERS, Fate.FOUND, Fate.FOUND)
    assert "■ Removals are held now: 2 of 2 people come back into scope." in said(back, Stakes(10, held=True))


def test_a_draft_that_leaves_nobody_in_scope_says_so() -> None:
    found = Effects(read=3, before=3, movers=moved(Move.LEAVES, Fate.ABSENT).movers)
    assert "! Nobody is in scope any more." in said(found)
    assert "! Nobody is in scope any more" in panel(found, TEN, 60, 30).plain


def test_the_panel_fills_the_rows_there_are_with_names_and_says_how_many_are_left_out() -> None:
    found = moved(Move.LEAVES, *[Fate.REMOVED] * 40)
    text = panel(found, TEN, 60, 30, hint="w lists all").plain.splitlines()
    assert len(text) == 30
    assert any("more     w lists all" in line for line in text)
    assert sum(line.startswith("Ana ") for line in text) > 10
