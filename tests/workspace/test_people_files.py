"""Who is meant by the lines of a CSV file."""

from pathlib import Path

import pytest

from tests.workspace.on_demand.queues import principal
from tests.workspace.stage import Stage
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.workspace.people_files import Match, judge, match, names_in, read_file
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
        ("team,userPrincipalName\nx,a@x.com\ny,b@x.com\n", [(2, "a@x.com"), (3, "b@x.com")]),
        ("mail;id\na@x.com;1\n", [(2, "a@x.com")]),
        ("mail\tid\na@x.com\t1\n", [(2, "a@x.com")]),
        ('displayName\n"Fischer, Lena"\n', [(2, "Fischer, Lena")]),
    ],
)
def test_names_are_found_by_the_head_of_their_column(text: str, names: list[tuple[int, str]]) -> None:
    assert [(one.number, one.name) for one in names_in(text)] == names


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


async def matches(stage: Stage, text: str, *there: str, groups: bool = True) -> list[Match]:
    client = stage.workspace().client(Side.SOURCE)
    return [line.match for line in await match(client, names_in(text), there, groups=groups)]


@pytest.mark.anyio
async def test_people_are_found_by_account_id_and_whole_name_in_any_case() -> None:
    stage = Stage("configured")
    lena, kim = principal(stage, "lena.fischer"), principal(stage, "kim.lee")
    stage.contoso.users[kim.id]["displayName"] = "Lena Fischer"
    text = f"LENA.fischer@contoso.com\n{kim.id}\nLena Fischer\nx@y.com\nall staff\n"
    assert await matches(stage, text, groups=False) == [
        *(Match.MATCH, Match.MATCH, Match.AMBIGUOUS, Match.NOT_FOUND, Match.NOT_FOUND),
    ]
    assert (await matches(stage, text, lena.id))[0] is Match.ALREADY
    assert (await matches(stage, text))[-1] is Match.MATCH


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("head", "meant"), [("userPrincipalName", Match.MATCH), ("mail", Match.AMBIGUOUS), ("", Match.AMBIGUOUS)]
)
async def test_an_account_is_one_persons_although_two_have_it_as_their_address(
    head: str, meant: Match
) -> None:
    text = f"{head}\nken.adams@contoso.com\n" if head else "ken.adams@contoso.com\n"
    assert await matches(Stage("configured"), text) == [meant]


@pytest.mark.anyio
async def test_looking_up_says_how_far_it_is() -> None:
    said: list[tuple[int, int]] = []
    names = names_in("".join(f"p{number}@contoso.com\n" for number in range(20)))
    client = Stage("configured").workspace().client(Side.SOURCE)
    await match(client, names, (), lambda *so_far: said.append(so_far), groups=False)
    assert said == [(15, 20), (20, 20)]


def test_an_open_quote_in_a_large_file_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no CSV"):
        names_in('mail\n"' + "a@x.com\n" * 20_000)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["none.csv", "~nobody-has-this-home/x.csv", "bin.csv", "a\0b"])
async def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, path: str) -> None:
    (tmp_path / "bin.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="file"):
        await read_file(path if path.startswith("~") else str(tmp_path / path))
