"""Who is meant by the lines of a file, and what becomes of each."""

import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.errors import StoreFailed
from xtsync_tui.workspace.configurations.bulk import result_rows
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.people_files import Match, names_in


async def whole(workspace: Workspace) -> Whole:
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    return await workspace.configurations.whole(one)


FILE = "mail\npriya.nair@contoso.com\nken.adams@contoso.com\nall staff\nnobody@contoso.com\n"


@pytest.mark.anyio
async def test_people_and_groups_are_matched_and_an_address_of_two_is_ambiguous() -> None:
    workspace = Stage("configured").workspace()
    lines = await workspace.configurations.match(await whole(workspace), names_in(FILE))
    assert [line.match for line in lines] == [Match.MATCH, Match.AMBIGUOUS, Match.MATCH, Match.NOT_FOUND]


@pytest.mark.anyio
async def test_a_refused_line_does_not_stop_the_others() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, names_in(FILE))
    first = next(iter(workspace.configurations.importing(one, lines)))
    await workspace.writer.send(first)
    results = await workspace.configurations.assign_all(one, lines, lambda _: None)
    assert [result.outcome for result in results] == ["failed", "ambiguous", "assigned", "not found"]
    assert [row[0] for row in result_rows(results)] == ["2", "3", "4", "5"]


@pytest.mark.anyio
async def test_a_lost_connection_stops_and_says_what_was_not_sent() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, names_in(FILE))
    stage.trouble("dropped before", "POST", "appRoleAssignedTo")
    results = await workspace.configurations.assign_all(one, lines, lambda _: None)
    assert [result.outcome for result in results] == ["failed", "ambiguous", "not sent", "not found"]


MANY = "mail\npriya.nair@contoso.com\nhelen.cho@contoso.com\nall staff\n"


@pytest.mark.anyio
async def test_whoever_stops_it_knows_of_each_line_whether_it_was_sent() -> None:
    workspace = Stage("configured").workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, names_in(MANY))
    told: list[str] = []
    results = await workspace.configurations.assign_all(one, lines, told.append, lambda: len(told) == 2)
    assert told == ["assigning 1 of 3", "assigning 2 of 3"]
    assert [result.outcome for result in results] == ["assigned", "assigned", "not sent"]
    assert len(sent(workspace)) == 2


@pytest.mark.anyio
async def test_a_journal_that_fails_takes_nothing_away_of_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = Stage("configured").workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, names_in(MANY))
    begin, full = workspace.journal.begin, StoreFailed("The journal cannot be used", "disk full")

    def fails(*args: object) -> object:
        if len(workspace.journal.entries()) == 1:
            raise full
        return begin(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace.journal, "begin", fails)
    results = await workspace.configurations.assign_all(one, lines, lambda _: None)
    assert [result.outcome for result in results] == ["assigned", "not sent", "not sent"]
    assert "disk full" in results[1].words


@pytest.mark.anyio
async def test_the_journal_names_whom_an_assignment_is_about() -> None:
    workspace = Stage("configured").workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, names_in("mail\npriya.nair@contoso.com\n"))
    await workspace.configurations.assign_all(one, lines, lambda _: None)
    assert [entry.why for entry in workspace.journal.entries(text="Priya")] == ["assign Priya Nair"]
