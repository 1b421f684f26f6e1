"""People (and groups) from a CSV file: which lines name somebody, and who in SOURCE is meant by each."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import anyio

from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import directory
from xtsync_tui.model import User
from xtsync_tui.text import clean
from xtsync_tui.workspace.setup.answers import Principal
from xtsync_tui.workspace.setup.scope import group, person

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient

LARGEST = 5_000_000
"""Bytes of one file."""

MOST = 5_000
"""Lines of one file."""

TOGETHER = 15
"""Addresses that go into one request; names and ids take one each."""

_ACCOUNT, _MAIL = {"userprincipalname", "upn"}, {"mail", "email", "e-mail"}
_HEADS = (
    *("userprincipalname", "upn", "mail", "email", "e-mail", "objectid", "id"),
    *("group", "displayname", "name"),
)
"""Heads of columns that name somebody, the surest first; without any of them the first column does."""

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

Progress = Callable[[int, int], None]
"""Called with how many names were looked up, and how many there are."""


class Named(NamedTuple):
    """One line that names somebody; ``head`` is that of its column without blanks, "" for none."""

    number: int
    name: str
    head: str = ""


class Match(Enum):
    """What a line of the file came to."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"
    ALREADY = "already there"
    TWICE = "twice in the file"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: ``text`` names somebody, not cleaned; ``who`` is set for a match.

    ``found`` are all whom the name may mean.
    """

    number: int
    text: str
    match: Match
    who: Principal | None = None
    words: str = ""
    found: tuple[Principal, ...] = ()


async def read_file(name: str) -> str:
    """Return the text of a file; raises InvalidInput when it cannot be used."""
    try:
        path = await anyio.Path(name.strip()).expanduser()
        if (await path.stat()).st_size > LARGEST:
            raise InvalidInput("The file is too large", "5 MB at most.", "Split it.")
        return (await path.read_bytes()).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InvalidInput("There is no such file", clean(name), "Type its path.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput("The file is not UTF-8 text", clean(name), "Save it as CSV UTF-8.") from error
    # ~somebody is a RuntimeError where there is no such home, a NUL in the path a ValueError.
    except (OSError, RuntimeError, ValueError) as error:
        raise InvalidInput("The file cannot be read", clean(error), "Name a CSV file in UTF-8.") from error


def names_in(text: str) -> tuple[Named, ...]:
    """Return the lines of a CSV file that name somebody; raises InvalidInput for none or too many."""
    rows = _rows(text.removeprefix("\ufeff"))
    heads = [cell.strip().replace(" ", "").casefold() for cell in rows[0]] if rows else []
    wanted = [(heads.index(head), head) for head in _HEADS if head in heads]
    body = enumerate(rows[1:], 2) if wanted else enumerate(rows, 1)
    found = [
        Named(number, *cell) for number, row in body if (cell := _name(row, wanted or [(0, "")])) is not None
    ]
    if not found:
        raise InvalidInput(
            "The file names nobody", "A column userPrincipalName, mail, id or displayName is looked for."
        )
    if len(found) > MOST:
        raise InvalidInput(f"The file has more than {MOST:,} lines", "", "Split it.")
    return tuple(found)


def _rows(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        words = f"{error}: a quote may be open that is never closed."
        raise InvalidInput("The file is no CSV", words, "Correct it.") from error


def _name(row: Sequence[str], wanted: Iterable[tuple[int, str]]) -> tuple[str, str] | None:
    cells = ((row[at].strip(), head) for at, head in wanted if at < len(row))
    # Our own exports put ' before what a spreadsheet would run as a formula.
    return next(((cell.removeprefix("'"), head) for cell, head in cells if cell), None)


async def match(
    client: "GraphClient",
    names: Sequence[Named],
    there: Collection[str],
    progress: Progress = lambda *_: None,
    *,
    groups: bool,
) -> tuple[Line, ...]:
    """Return who is meant by each line: people by account, address, id or whole name, ``groups`` likewise.

    ``there`` are the ids of those who need not be added again.
    """
    found = await _look_up(client, [one.name for one in names], progress, groups=groups)
    seen: set[str] = set()
    lines = []
    for one in names:
        meant = _meant(one, found.get(one.name.casefold(), ()))
        line = judge(one.number, one.name, meant, there, seen)
        seen |= {line.who.id} if line.who else set()
        lines.append(line)
    return tuple(lines)


Found = User | Principal


async def _look_up(
    client: "GraphClient", names: Iterable[str], progress: Progress, *, groups: bool
) -> dict[str, tuple[Found, ...]]:
    """Return by casefolded name whom it may mean: users for an address, else who may be assigned."""
    wanted = {name.casefold(): name for name in names}
    addresses = [name for name in wanted.values() if "@" in name]
    others = [name for name in wanted.values() if "@" not in name]
    found: dict[str, tuple[Found, ...]] = {}
    for some in _chunks(addresses):
        users = await directory.users_named(client, some)
        for name in some:
            key = name.casefold()
            found[key] = tuple({user.id: user for user in users if key in _addresses(user)}.values())
        progress(len(found), len(wanted))
    for name in others:
        by = _by_id if _ID.fullmatch(name) else _by_name
        found[name.casefold()] = await by(client, name, groups=groups)
        progress(len(found), len(wanted))
    return found


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + TOGETHER] for start in range(0, len(names), TOGETHER))


def _addresses(user: User) -> set[str]:
    return {(user.user_principal_name or "").casefold(), (user.mail or "").casefold()}


def _meant(one: Named, found: Iterable[Found]) -> tuple[Principal, ...]:
    """Return whom a name means under its head: an account is one person's, an address can be several's."""
    users = (each if isinstance(each, Principal) else person(each) for each in found if _fits(one, each))
    return tuple(users)


def _fits(one: Named, found: Found) -> bool:
    if isinstance(found, Principal) or one.head not in _ACCOUNT | _MAIL or "@" not in one.name:
        return True
    own = found.user_principal_name if one.head in _ACCOUNT else found.mail
    return (own or "").casefold() == one.name.casefold()


def judge(
    number: int, name: str, found: Sequence[Principal], there: Collection[str], seen: Collection[str]
) -> Line:
    """Return one line judged: ``there`` need not be added, ``seen`` are those of lines before."""
    people = tuple(found)
    if not people:
        return Line(number, name, Match.NOT_FOUND)
    if len(people) > 1:
        names = ", ".join(one.detail or one.name for one in people[:3])
        words = f"{len(people)} have it: {names}"
        return Line(number, name, Match.AMBIGUOUS, words=words, found=people)
    who = people[0]
    if who.id in there:
        return Line(number, name, Match.ALREADY, words=who.name, found=people)
    if who.id in seen:
        return Line(number, name, Match.TWICE, words=who.name, found=people)
    return Line(number, name, Match.MATCH, who, who.warning, people)


async def _by_id(client: "GraphClient", id_: str, *, groups: bool) -> tuple[Principal, ...]:
    user = await directory.user(client, id_)
    if user is not None:
        return (person(user),)
    found = await directory.group(client, id_) if groups else None
    return (group(found),) if found else ()


async def _by_name(client: "GraphClient", name: str, *, groups: bool) -> tuple[Principal, ...]:
    called = [group(one) for one in await directory.search_groups(client, name)] if groups else []
    people = [person(one) for one in await directory.search_users(client, name, members_only=False)]
    return tuple(one for one in (*called, *people) if one.name.casefold() == name.casefold())
