"""Who is meant by the lines of a file, and what becomes of each."""

import pytest

from tests.workspace.stage import Stage
from xtsync_tui.workspace.configurations.bulk import result_rows
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.people_files import Match


async def whole(workspace: Workspace) -> Whole:
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    return await workspace.configurations.whole(one)


FILE = "mail\npriya.nair@contoso.com\nken.adams@contoso.com\nall staff\nnobody@contoso.com\n"


@pytest.mark.anyio
async def test_people_and_groups_are_matched_and_an_address_of_two_is_ambiguous() -> None:
    workspace = Stage("configured").workspace()
    lines = await workspace.configurations.match(await whole(workspace), FILE)
    assert [line.match for line in lines] == [Match.MATCH, Match.AMBIGUOUS, Match.MATCH, Match.NOT_FOUND]


@pytest.mark.anyio
async def test_a_refused_line_does_not_stop_the_others() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await whole(workspace)
    lines = await workspace.configurations.match(one, FILE)
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
    lines = await workspace.configurations.match(one, FILE)
    stage.trouble("dropped before", "POST", "appRoleAssignedTo")
    results = await workspace.configurations.assign_all(one, lines, lambda _: None)
    assert [result.outcome for result in results] == ["failed", "ambiguous", "not sent", "not found"]
