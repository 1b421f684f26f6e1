"""The checklist as text: nothing cut that means something, nothing harmful let through."""

from datetime import UTC, datetime, timedelta

import pytest

from xtsync_tui.model import Request, Side
from xtsync_tui.ui.screens.setup import text
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    STEPS,
    Cause,
    Fact,
    HandshakeRow,
    Lamp,
    Mark,
    Need,
    StepReading,
    StepState,
)

NOW = datetime(2026, 5, 14, 14, 2, 16, tzinfo=UTC)
NAMES = {Side.SOURCE: "Contoso", Side.TARGET: "Fabrikam"}
CONTOSO = "7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4"
PATCH = Request(
    method="PATCH",
    path=f"/policies/crossTenantAccessPolicy/partners/{CONTOSO}",
    body={"automaticUserConsentSettings": {"inboundAllowed": True}},
)


def step(number: int = 3, state: StepState = StepState.TO_DO, **more: object) -> StepReading:
    words = str(more.pop("words", state.value))
    return StepReading(STEPS[number], state, words, NOW - timedelta(seconds=8), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "words", "shown"),
    [
        (StepState.DONE, "done", "✓ done"),
        (StepState.TO_DO, "to do", "○ to do"),
        (StepState.FAILED, "failed: step 3", "✗ failed: step 3"),
        (StepState.WAITING, "after step 6", "… after step 6"),
        (StepState.CANNOT_TELL, "cannot tell", "? cannot tell"),
        (StepState.NOT_NEEDED, "not needed", "– not needed"),
    ],
)
def test_a_state_is_a_symbol_and_a_word(state: StepState, words: str, shown: str) -> None:
    assert text.state_text(step(state=state, words=words)) == shown


def test_a_request_breaks_at_slashes_and_keeps_every_part_of_its_path() -> None:
    assert text.request_lines(PATCH, 47) == [
        "PATCH /policies/crossTenantAccessPolicy",
        "      /partners/7f3c0a51…b2e4",
        "{",
        ' "automaticUserConsentSettings": {',
        '  "inboundAllowed": true',
        " }",
        "}",
    ]


def test_a_short_body_stays_on_one_line() -> None:
    assert text.body_lines({"displayName": "x"}, 40) == ['{"displayName": "x"}']


def test_a_long_body_says_where_it_is_whole() -> None:
    assert text.body_lines({str(number): number for number in range(30)}, 20)[-1] == "… v shows it whole"


def test_a_line_of_a_body_that_is_too_long_says_that_it_is_cut() -> None:
    lines = text.body_lines({"key": "CompanyId", "value": CONTOSO}, 30)
    assert lines[2] == ' "value": "7f3c0a51-9d2e-4b6f…'


def test_the_names_of_tenants_do_not_wrap_the_head_of_the_handshake() -> None:
    names = {Side.SOURCE: "Contoso " * 9, Side.TARGET: "Fabrikam " * 9}
    (head,) = text.handshake((), names, 66).plain.splitlines()
    assert len(head) == 66
    assert head.count("…") == 2


def test_a_page_of_a_step_names_the_keys_of_the_list_only_as_those() -> None:
    cause = Cause("TARGET does not redeem invitations", "Inbound is off.", "f turn it on", 3)
    reading = step(6, state=StepState.FAILED, cause=cause)
    beside = text.detail(reading, NAMES, NOW, 60, wide=True).plain
    assert beside.index("f turn it on") < beside.index("Read")
    alone = text.detail(reading, NAMES, NOW, 60, wide=True, alone=True).plain
    assert alone.endswith("esc goes back to the list. There:\nf turn it on\nenter tries again.")
    assert alone.count("f turn it on") == 1


def test_the_detail_names_side_evidence_needs_and_request() -> None:
    reading = step(
        facts=(Fact("Now", "inboundAllowed not set: inherits off"),),
        needs=(Need("Security Administrator", held=False, kind="role", side=Side.TARGET, steps=(2, 3)),),
        planned=(Planned(Side.TARGET, PATCH, "step 3"),),
    )
    shown = text.detail(reading, NAMES, NOW, 60, wide=False).plain
    assert "Now      inboundAllowed not set: inherits off" in shown
    assert "Read     14:02:08\n" in shown
    assert "✗ Security Administrator · needed for steps 2, 3" in shown
    assert "Will send to TARGET Fabrikam" in shown
    assert "after you have seen it whole" in shown


def test_the_cause_stands_before_its_code_and_the_code_is_not_said_twice() -> None:
    cause = Cause(
        "TARGET does not redeem invitations", "Inbound is off.", "f turn it on", 3, code="B2BFailure"
    )
    lines = text.cause_text(cause).plain.splitlines()
    assert lines == ["✗ TARGET does not redeem invitations", "Inbound is off.", "B2BFailure", "f turn it on"]


@pytest.mark.parametrize("number", range(15))
def test_the_strip_has_two_lines_that_fit_a_narrow_screen(number: int) -> None:
    cause = Cause("SOURCE does not redeem invitations", "x" * 200, "f turn it on")
    readings = [
        step(number, facts=(Fact("Now", "y" * 200),), planned=(Planned(Side.TARGET, PATCH, "step"),) * 2),
        step(number, state=StepState.FAILED, cause=cause),
        step(number, state=StepState.WAITING),
    ]
    for reading in readings:
        lines = text.strip(reading, NOW, 78).plain.splitlines()
        assert len(lines) == 2
        assert max(map(len, lines)) <= 78


def test_text_from_a_tenant_cannot_reach_the_terminal() -> None:
    reading = step(facts=(Fact("Now", "\x1b]52;c;aGk=\x07[/x]"),), cause=Cause("a\x1b[2J", "b\x9b", "c\x00"))
    shown = text.detail(reading, NAMES, NOW, 60, wide=True).plain + text.strip(reading, NOW, 78).plain
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert "[/x]" in shown


def test_the_handshake_stands_in_one_column_where_two_have_no_room() -> None:
    rows = (
        HandshakeRow("users may sync in", Lamp(Mark.NONE, ""), Lamp(Mark.GOOD, "allowed")),
        HandshakeRow(
            "invitations are redeemed", Lamp(Mark.BAD, "outbound off"), Lamp(Mark.GOOD, "inbound on")
        ),
    )
    assert text.handshake(rows, NAMES, 50).plain.splitlines() == [
        "SOURCE Contoso",
        "  invitations are redeemed    ✗ outbound off",
        "TARGET Fabrikam",
        "  users may sync in           ✓ allowed",
        "  invitations are redeemed    ✓ inbound on",
    ]
    for width in (46, 61, 62, 90):
        lines = text.handshake(rows, NAMES, width).plain.splitlines()
        assert max(map(len, lines)) <= width


def test_a_step_that_repairs_itself_names_its_key_once() -> None:
    cause = Cause("TARGET lets nobody invite", "", "enter lets administrators invite", 2)
    shown = text.detail(step(2, state=StepState.FAILED, cause=cause), NAMES, NOW, 60, wide=False).plain
    assert shown.count("enter") == 1
    assert "f opens" not in shown
