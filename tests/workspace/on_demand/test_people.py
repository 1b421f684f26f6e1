"""Who can be added: a CSV file's lines, and the people who are assigned."""

from pathlib import Path

import pytest

from tests.workspace.on_demand.queues import principal, ready
from tests.workspace.stage import Stage
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.workspace.on_demand import people
from xtsync_tui.workspace.on_demand.people import Match, names_in

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("a@contoso.com\nb@contoso.com\n", ("a@contoso.com", "b@contoso.com")),
        ("team,userPrincipalName\nx,a@contoso.com\ny,b@contoso.com\n", ("a@contoso.com", "b@contoso.com")),
        ("mail;id\na@contoso.com;1\n", ("a@contoso.com",)),
        ("id,displayName\n1,Lena\n\n1,Lena\n", ("1",)),
        ('displayName\n"Fischer, Lena"\n', ("Fischer, Lena",)),
    ],
)
def test_a_file_names_people_by_its_surest_column(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


async def test_lines_are_a_match_ambiguous_or_not_found() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    lena, kim = principal(stage, "lena.fischer"), principal(stage, "kim.lee")
    stage.contoso.users[kim.id]["displayName"] = "Lena Fischer"
    lines = await people.look_up(workspace, ["LENA.fischer@contoso.com", kim.id, "Lena Fischer", "x@y.com"])
    assert [line.match for line in lines] == [Match.MATCH, Match.MATCH, Match.AMBIGUOUS, Match.NOT_FOUND]
    assert lines[0].people[0].id == lena.id


async def test_the_assigned_are_the_direct_members_and_not_those_of_nested_groups() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    queue = await ready(workspace)
    assert queue.ground is not None
    found = {one.name for one in await people.assigned(workspace, queue.ground.configuration.id)}
    assert "Lena Fischer" in found
    assert "Priya Nair" not in found
    assert not [one for one in workspace.log.exchanges if one.side is Side.TARGET and one.request.writes]


def test_a_file_that_cannot_be_read_names_the_field(tmp_path: Path) -> None:
    binary = tmp_path / "people.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (str(binary), str(tmp_path / "none.csv")):
        with pytest.raises(InvalidInput, match="File"):
            people.read_file(path)
