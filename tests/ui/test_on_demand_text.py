"""What the service did, as text: stages, cause, attributes, TARGET, comparison."""

from datetime import UTC, datetime

import pytest

from xtsync_tui.model import User
from xtsync_tui.model.directory import Identity
from xtsync_tui.ui.screens.on_demand import comparison, text
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.repairs import restoring
from xtsync_tui.workspace.setup import Cause, InTarget, Mark, ModifiedAttribute, OnDemandResult, Stage

AT = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
RESTORE = restoring([User(id="1", display_name="A")])
SKIPPED = (
    Stage(1, "Import", Mark.GOOD, "Retrieved", (("displayName", "Tom"),)),
    Stage(2, "Scope", Mark.NONE, "Looked", (("Assigned", "True"), ("IsActive", "False"))),
    Stage(3, "Match", Mark.NONE, "not reached"),
)
LENA = User(
    id="736a947a-843f-4da7-b1ee-daffcc3d5506",
    user_principal_name="lena_contoso.com#EXT#@f",
    identities=(Identity(issuer="ExternalAzureAD"),),
)


def result(words: str = "updated", **more: object) -> OnDemandResult:
    whole = {"name": "Lena", "result": "Success", "stages": (), "modified": (), "at": AT, "took": 4.1, **more}
    return OnDemandResult(words=words, **whole)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (Queued("1", "A"), "○ to do"),
        (Queued("1", "A", state=State.NEXT), "○ next"),
        (Queued("1", "A", state=State.RUNNING, began=4.0), "▶ 3 s"),
        (Queued("1", "A", state=State.DONE, result=result("created")), "✓ created"),
        (Queued("1", "A", state=State.DONE, result=result("no change needed")), "✓ no change"),
        (
            Queued(
                "1", "A", state=State.DONE, result=result(modified=(ModifiedAttribute("city", "a", "b"),))
            ),
            "✓ updated, 1",
        ),
        (Queued("1", "A", state=State.SKIPPED), "– skipped"),
        (Queued("1", "A", state=State.FAILED), "✗ failed"),
        (Queued("1", "A", state=State.UNKNOWN), "? unknown"),
        (Queued("1", "A", state=State.HELD, cause=Cause("x", repair=RESTORE)), "! in the bin"),
        (Queued("1", "A", state=State.HELD, cause=Cause("x")), "? cannot tell"),
    ],
)
def test_a_state_is_a_symbol_and_a_word(one: Queued, shown: str) -> None:
    assert text.state_text(one, now=7.0) == shown


def test_the_cause_stands_under_the_stage_that_left_the_person_out() -> None:
    one = result("skipped", stages=SKIPPED)
    lines = text.stages_text(one, Cause("Skipped: SMS sign-in is on", "Why.", "f mends")).plain.split("\n")
    assert lines[:2] == ["1  ✓ Import   read from SOURCE", "2  – Scope    out of scope"]
    assert lines[2].strip() == "assigned ✓   active ✗"
    assert lines[4:7] == ["Skipped: SMS sign-in is on", "Why.", "f mends"]
    assert lines[-1] == "3  – Match    not reached"


@pytest.mark.parametrize("width", [0, 44, 80])
def test_no_change_of_an_attribute_is_cut(width: int) -> None:
    each = ModifiedAttribute("displayName", "Lena Fischer", "Fischer, Lena", "Fischer · Lena", "Join(x)")
    shown = text.modified_text((each,), width).plain
    assert "Lena Fischer → Fischer, Lena" in shown
    assert "Fischer · Lena" in shown


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (None, "? not read yet"),
        (InTarget(AT), "– nobody was found"),
        (
            InTarget(AT, unread="TARGET could not be read: 503"),
            "? cannot tell. TARGET could not be read: 503",
        ),
        (InTarget(AT, (LENA,)), "736a947a…5506"),
        (InTarget(AT, (LENA,), sure=False), "! same mail address only: this may be somebody else"),
        (InTarget(AT, (LENA, LENA)), "! 2 accounts; also lena_contoso.com#EXT#@f"),
        (InTarget(AT, (LENA,), home_manager="Jonas"), "– in SOURCE it is Jonas"),
    ],
)
def test_target_is_told_apart_from_not_known(there: InTarget | None, said: str) -> None:
    assert said in text.target_text(there, "Fabrikam").plain


def test_two_results_are_compared_by_what_differs() -> None:
    then = result("skipped", target=InTarget(AT))
    now = result("created", target=InTarget(AT, (LENA,)), stages=SKIPPED[:1])
    groups = comparison.compared(then, now)
    different = {name: (old, new) for rows in groups.values() for name, old, new in rows if old != new}
    assert different["result"] == ("skipped", "created")
    assert different["in TARGET"] == ("nobody", "there")
    assert different["1 displayName"] == ("", "Tom")
    assert different["displayName"] == ("", "–")
    assert "Different" in comparison.comparison(then, now, AT).plain


@pytest.mark.parametrize(
    ("queue", "wait", "running", "said"),
    [
        ((), 0.0, False, "at most 5 requests in 10 s"),
        ((Queued("1", "A", state=State.NEXT),), 2.4, True, "0 of 1 done · next in 2 s · at most 5"),
        ((Queued("1", "A", state=State.NEXT),), 2.4, False, "0 of 1 done · ‖ paused"),
        ((Queued("1", "A", state=State.RUNNING),), 0.0, True, "0 of 1 done · ▶ 1 running"),
        ((Queued("1", "A", state=State.DONE),), 0.0, False, "1 of 1 done · at most 5"),
    ],
)
def test_the_title_says_how_far_it_is(
    queue: tuple[Queued, ...], wait: float, running: bool, said: str
) -> None:
    assert text.summary(queue, wait, running=running, pausing=False, narrow=False).startswith(said)
