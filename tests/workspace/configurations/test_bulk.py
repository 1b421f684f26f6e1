"""Who is meant by the lines of a file, and what becomes of each."""

import pytest

from tests.workspace.stage import Stage
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.configurations.bulk import Match, judge, names_in, result_rows
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import Principal

ANA = Principal("1", "Ana", "User", "ana@contoso.com")
BOB = Principal("2", "Bob", "User", "bob@contoso.com")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("userPrincipalName\na@x.com\nb@x.com\n", [(2, "a@x.com"), (3, "b@x.com")]),
        ("\ufeffName;User Principal Name\nAna;a@x.com\n", [(2, "a@x.com")]),
        ("displayName,mail\nAna,\n,b@x.com\n", [(2, "Ana"), (3, "b@x.com")]),
        ("a@x.com\n\nb@x.com\n", [(1, "a@x.com"), (3, "b@x.com")]),
        ("mail\n'=a@x.com\n", [(2, "=a@x.com")]),
        ('mail\n"a@x.com"\n', [(2, "a@x.com")]),
    ],
)
def test_names_are_found_by_the_head_of_their_column(text: str, names: list[tuple[int, str]]) -> None:
    assert list(names_in(text)) == names


@pytest.mark.parametrize("text", ["", "\n\n", "mail\n"])
def test_a_file_that_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="names nobody"):
        names_in(text)


@pytest.mark.parametrize(
    ("found", "there", "seen", "match"),
    [
        ((), set(), set(), Match.NOT_FOUND),
        ((ANA,), set(), set(), Match.MATCH),
        ((ANA, BOB), set(), set(), Match.AMBIGUOUS),
        ((ANA,), {"1"}, set(), Match.ALREADY),
        ((ANA,), set(), {"1"}, Match.TWICE),
    ],
)
def test_a_line_is_judged(
    found: tuple[Principal, ...], there: set[str], seen: set[str], match: Match
) -> None:
    line = judge(2, "ana", found, there, seen)
    assert line.match is match
    assert (line.who is None) == (match is not Match.MATCH)


async def whole(workspace: Workspace) -> Whole:
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    return await workspace.configurations.whole(one)


FILE = "userPrincipalName\npriya.nair@contoso.com\nken.adams@contoso.com\nall staff\nnobody@contoso.com\n"


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
