"""What a draft does to people, in words: what cannot be told is said, never left out."""

import pytest

from xtsync_tui.ui.screens.mappings.effect_text import consequences, held, panel, strip
from xtsync_tui.workspace.mappings.effects import Effects, Mover

UPDATING = Effects(
    read=30,
    before=20,
    after=20,
    unknown=(
        Mover("Yusuf", "group Sales DE is updating", "1", inside=False),
        Mover("Lena", "no country", "2"),
    ),
    updating=("Sales DE",),
    untold=("city",),
)


@pytest.mark.parametrize(
    "text",
    [
        panel(UPDATING, 10, "read 14:01", 60).plain,
        strip(UPDATING, 10, 80).plain,
        "\n".join(consequences(UPDATING, 10, "TARGET Fabrikam", runs=True)),
    ],
)
def test_people_of_a_group_that_is_updating_are_named_as_not_known(text: str) -> None:
    assert "Yusuf" in text
    assert "? group Sales DE is updating: who else enters cannot be told" in text


def test_only_who_may_be_removed_counts_against_the_threshold() -> None:
    assert UPDATING.worst == 1
    assert held(UPDATING, 1) == "■ 1 removal: the threshold of 1 holds them"
    assert "1 may leave, 1 may be in scope or not" in panel(UPDATING, 10, "", 60).plain


def test_a_mapping_of_what_is_not_read_is_said_before_it_is_saved() -> None:
    lines = consequences(UPDATING, 10, "TARGET Fabrikam", runs=True)
    assert "? Whom city changes cannot be told: it takes what is not read here." in lines
    assert "✓ Nobody leaves, enters or changes." not in lines


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ((False,), "1 person enters: is created in TARGET Fabrikam."),
        ((False, False), "2 people enter: are created in TARGET Fabrikam."),
        ((True, False, True), "3 people enter: 1 created, 2 are there already in TARGET Fabrikam."),
        ((True,), "1 person enters: 1 is there already in TARGET Fabrikam."),
    ],
)
def test_who_enters_and_is_in_the_target_already_is_not_said_to_be_created(
    there: tuple[bool, ...], said: str
) -> None:
    found = Effects(enter=tuple(Mover("Ana", "", str(at), there=each) for at, each in enumerate(there)))
    assert f"! {said}" in consequences(found, 10, "TARGET Fabrikam", runs=True)


@pytest.mark.parametrize(
    ("there", "said", "removed"),
    [
        ((True,), "1 person leaves: is soft-deleted in T. Below the threshold of 10.", 1),
        ((True, True), "2 people leave: are soft-deleted in T. Below the threshold of 10.", 2),
        ((True, False, True), "3 people leave: 2 soft-deleted, 1 is not there in T. Below", 2),
        ((False,), "1 person leaves: 1 is not there in T. Nothing is removed.", 0),
    ],
)
def test_who_leaves_and_is_not_in_the_target_is_no_removal(
    there: tuple[bool, ...], said: str, removed: int
) -> None:
    found = Effects(leave=tuple(Mover("Ana", "", str(at), there=each) for at, each in enumerate(there)))
    assert found.worst == removed
    assert any(line.startswith(f"✗ {said}") for line in consequences(found, 10, "T", runs=True))
