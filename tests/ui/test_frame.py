"""The fixed rows, to the cell of the drawings."""

import pytest
from textual.content import Content

from tests.ui.pair import CONTOSO, FABRIKAM
from xtsync_tui.model import Side
from xtsync_tui.ui.frame import (
    FooterKey,
    Freshness,
    SideView,
    fit_footer,
    footer_line,
    mode_line,
    modes_text,
    rule,
    status_line,
    title_line,
)
from xtsync_tui.ui.modes import Mode

NAMES = ("Setup", "Overview", "Access", "Configs", "Mappings", "On demand", "Job", "Logs", "People", "Plan")
MODES = [Mode(digit, name.casefold(), name, "") for digit, name in zip("1234567890", NAMES, strict=True)]
SOURCE = SideView(Side.SOURCE, CONTOSO.name, CONTOSO.tenant_id, CONTOSO.domain, CONTOSO.person)
TARGET = SideView(Side.TARGET, FABRIKAM.name, FABRIKAM.tenant_id, FABRIKAM.domain, FABRIKAM.person)
WIDE_MODES = " 1 Setup 2 Overview 3 Access 4 Configs[5 Mappings]6 On demand 7 Job 8 Logs 9 People 0 Plan"
FRESH = Freshness(8.0)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, " SOURCE Contoso · ana.lopes"),
        (120, " SOURCE Contoso · ana.lopes@contoso.com"),
        (160, " SOURCE Contoso · 7f3c0a51…b2e4 · ana.lopes@contoso.com"),
    ],
)
def test_the_band_drops_the_tenant_id_and_then_the_own_domain(width: int, line: str) -> None:
    band = SOURCE.band(width, (width - 12) // 2)
    assert band.rstrip() == line
    assert len(band) == (width - 12) // 2


def test_a_guest_keeps_his_domain_on_a_narrow_terminal() -> None:
    guest = SideView(Side.TARGET, "Fabrikam", domain="fabrikam.com", person="ana@contoso.com")
    assert guest.band(80, 40).rstrip() == " TARGET Fabrikam · ana@contoso.com"


def test_nobody_signed_in_is_said() -> None:
    assert SideView(Side.TARGET, "Fabrikam").band(80, 40).rstrip() == " TARGET Fabrikam · not signed in"


def test_a_tenant_is_named_whole_beside_that_nobody_is_signed_in() -> None:
    assert SideView(Side.TARGET, "fabrikam.com").band(80, 34) == " TARGET fabrikam.com not signed in"
    assert SideView(Side.TARGET, "fabrikam.com").band(80, 35) == " TARGET fabrikam.com not signed in "
    assert SideView(Side.TARGET, "fabrikam.com").band(80, 36) == " TARGET fabrikam.com · not signed in"
    assert SideView(Side.TARGET, "northwind.com").band(80, 34) == " TARGET northwind… · not signed in"


def test_a_side_without_a_name_has_no_gap() -> None:
    assert SideView(Side.SOURCE, person="connecting…").band(80, 34).rstrip() == " SOURCE · connecting…"


def test_a_hostile_tenant_name_does_not_reach_the_band() -> None:
    band = SideView(Side.TARGET, "Evil\x1b]52;c;AAAA\x07\u202e[/red]").band(80, 60)
    assert "\x1b" not in band
    assert "\u202e" not in band
    assert "[/red]" in band


def test_brackets_take_the_cells_beside_the_active_mode() -> None:
    assert modes_text(MODES[:3], "overview", names=True) == " 1 Setup[2 Overview]3 Access "
    assert modes_text(MODES[:3], "setup", names=False) == "[1 Setup]2 3 "
    assert modes_text(MODES[:2], "", names=False) == " 1 2 "


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, " 1 2 3 4[5 Mappings]6 7 8 9 0                               demo · read 8 s ago "),
        (120, WIDE_MODES + "          demo · read 8 s ago "),
    ],
)
def test_the_mode_line_is_the_drawn_one(width: int, line: str) -> None:
    assert mode_line(width, MODES, "mappings", "demo", FRESH).plain == line


def test_a_long_profile_is_cut_to_twelve_cells() -> None:
    line = mode_line(80, MODES, "setup", "fabrikam-prod-eu", FRESH).plain
    assert "fabrikam-pr… · read 8 s ago" in line


def test_the_word_read_goes_before_the_profile() -> None:
    line = mode_line(56, MODES, "mappings", "fabrikam-prod", Freshness(8.0)).plain
    assert line.rstrip().endswith("fabrikam-pr… · 8 s ago")
    assert len(line) == 56


@pytest.mark.parametrize(
    ("fresh", "words"),
    [
        (Freshness(), "not read yet"),
        (Freshness(8), "read 8 s ago"),
        (Freshness(299), "read 4 min ago"),
        (Freshness(360), "! 6 min ago"),
        (Freshness(150, limit=120), "! 2 min ago"),
        (Freshness(360, failed=True), "! read failed, 6 min old"),
        (Freshness(None, failed=True), "! read failed"),
        (Freshness(words="connecting…"), "connecting…"),
    ],
)
def test_the_age_says_when_it_is_old_or_failed(fresh: Freshness, words: str) -> None:
    assert fresh.text() == words


def test_tabs_stand_after_the_title_and_the_summary_at_the_right() -> None:
    line = title_line(60, "Access settings", ["Pair", "Partners (4)"], 0, Content("✗ 1 stops")).plain
    assert line == " Access settings  [Pair] Partners (4)             ✗ 1 stops "


def test_a_summary_without_room_is_cut_not_wrapped() -> None:
    line = title_line(30, "Mappings", [], 0, Content("a summary that is much too long")).plain
    assert len(line) == 30
    assert line.endswith("… ")


def test_the_status_line_keeps_the_requests_at_the_right() -> None:
    line = status_line(80, "✓ step 4 done 14:01:12", "@ 61 · 0 waiting").plain
    assert line == " ✓ step 4 done 14:01:12                                        @ 61 · 0 waiting "


def test_a_long_status_is_cut_before_the_requests() -> None:
    line = status_line(40, "x" * 100, "@ 61 · 0 waiting").plain
    assert len(line) == 40
    assert line.endswith("…  @ 61 · 0 waiting ")


def footer_keys(words: str) -> list[FooterKey]:
    parts = [part.partition(" ") for part in words.split("  ")]
    return [FooterKey(display, display, description) for display, _, description in parts]


KEYS = footer_keys(
    "enter Do step  A Do the rest  t Test  f Fix  v Request  y Copy  x Export  r Reload  @ Requests"
)
TAIL = footer_keys(": Go to  ? Help")


def test_the_footer_fits_from_the_left_and_keeps_its_tail() -> None:
    wide = footer_line(fit_footer(KEYS, TAIL, 120), "dim").plain
    narrow = footer_line(fit_footer(KEYS, TAIL, 80), "dim").plain
    assert wide == (
        " enter Do step  A Do the rest  t Test  f Fix  v Request  y Copy  x Export  r Reload  @ Requests"
        "  : Go to  ? Help"
    )
    assert narrow == " enter Do step  A Do the rest  t Test  f Fix  v Request  y Copy  : Go to  ? Help"


@pytest.mark.parametrize("width", range(20, 130, 7))
def test_the_footer_never_leaves_the_terminal(width: int) -> None:
    assert footer_line(fit_footer(KEYS, TAIL, width), "dim").cell_length <= width


def test_a_rule_carries_its_title_and_fills_the_width() -> None:
    assert rule("displayName", 30).plain == "── displayName ───────────────"
    assert rule("", 5).plain == "─────"


def test_a_long_title_gives_way_to_the_summary() -> None:
    line = title_line(60, "Overview · " + "x" * 60, [], 0, Content("4 things need attention"))
    assert line.cell_length == 60
    assert line.plain.endswith("x…  4 things need attention ")


def test_a_title_keeps_its_beginning_whatever_the_summary() -> None:
    line = title_line(40, "People › somebody", ["One", "Two"], 0, Content("x" * 60)).plain
    assert line.startswith(" People › somebody  [One] Two   xxx")
