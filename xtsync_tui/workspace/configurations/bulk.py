"""Assignments from a CSV file: who is meant by each line, and what became of each."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import anyio

from xtsync_tui.errors import Conflict, InvalidInput, NotFound, Rejected, XtSyncError
from xtsync_tui.graph import directory
from xtsync_tui.model import Side, User
from xtsync_tui.text import clean
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.configurations.writes import assigned
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.answers import Principal
from xtsync_tui.workspace.setup.scope import group, person

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

LARGEST = 5_000_000
"""Bytes of one file."""

MOST = 5_000
"""Lines of one file."""

AT_ONCE = 15
"""Addresses that are looked up with one request."""

HEADS = ("userprincipalname", "upn", "mail", "email", "objectid", "id", "group", "displayname", "name")
"""Heads of columns that name somebody, the surest first; without any of them the first column does."""

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Match(Enum):
    """What a line of the file came to."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"
    ALREADY = "already there"
    TWICE = "twice in the file"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: ``text`` names somebody, not cleaned; ``who`` is set for a match."""

    number: int
    text: str
    match: Match
    who: Principal | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: ``assigned``, ``failed`` with the reason in ``words``, or not sent."""

    line: Line
    outcome: str
    words: str = ""


async def read_file(name: str) -> str:
    """Return the text of a file; raises InvalidInput when it cannot be used."""
    try:
        path = await anyio.Path(name.strip()).expanduser()
        if (await path.stat()).st_size > LARGEST:
            raise InvalidInput("The file is too large", "5 MB at most.")
        return (await path.read_bytes()).decode("utf-8-sig")
    except (OSError, RuntimeError) as error:
        raise InvalidInput("The file cannot be read", clean(error)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("The file is not UTF-8 text", clean(name), "Save it as CSV UTF-8.") from error


def names_in(text: str) -> tuple[tuple[int, str], ...]:
    """Return line number and name of each line of a CSV file; raises InvalidInput for an empty one."""
    sample = text[:4096]
    delimiter = ";" if sample.count(";") > sample.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))
    except csv.Error as error:
        hint = 'Look for a quotation mark (") that is not closed.'
        raise InvalidInput("The file cannot be read as CSV", clean(error), hint) from error
    heads = [cell.strip().replace(" ", "").casefold() for cell in rows[0]] if rows else []
    wanted = [heads.index(head) for head in HEADS if head in heads]
    body = enumerate(rows[1:], 2) if wanted else enumerate(rows, 1)
    found = [(number, name) for number, row in body if (name := _name(row, wanted or [0]))]
    if not found:
        raise InvalidInput(
            "The file names nobody", "A column userPrincipalName, mail, id or group is looked for."
        )
    if len(found) > MOST:
        raise InvalidInput(f"The file has more than {MOST:,} lines", "", "Split it.")
    return tuple(found)


def _name(row: Sequence[str], wanted: Iterable[int]) -> str:
    cells = (row[at].strip() for at in wanted if at < len(row))
    # Our own exports put this before what a spreadsheet would run as a formula.
    return next((cell.removeprefix("'") for cell in cells if cell), "")


async def match(
    workspace: "Workspace",
    whole: Whole,
    names: Sequence[tuple[int, str]],
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Line, ...]:
    """Return who is meant by each line; people by name or address or id, groups by name or id.

    ``progress`` is told how many of the lines were looked up so far.
    """
    if isinstance(whole.assigned, XtSyncError):
        raise whole.assigned
    client = workspace.client(Side.SOURCE)
    wanted = {name.casefold(): name for _, name in names}
    addresses = [name for name in wanted.values() if "@" in name]
    found: dict[str, tuple[Principal, ...]] = {}
    for start in range(0, len(addresses), AT_ONCE):
        found |= await _people(client, addresses[start : start + AT_ONCE])
        progress(len(found))
    for key, name in wanted.items():
        if key not in found:
            found[key] = await _by_id(client, name) if _ID.fullmatch(name) else await _by_name(client, name)
            progress(len(found))
    there = {one.assignment.principal_id for one in whole.assigned}
    seen: set[str] = set()
    lines = []
    for number, name in names:
        line = judge(number, name, found.get(name.casefold(), ()), there, seen)
        seen |= {line.who.id} if line.who else set()
        lines.append(line)
    return tuple(lines)


def judge(number: int, name: str, found: Sequence[Principal], there: set[str], seen: set[str]) -> Line:
    """Return one line judged: ``there`` are the assigned ids, ``seen`` those of lines before."""
    if not found:
        return Line(number, name, Match.NOT_FOUND)
    if len(found) > 1:
        names = ", ".join(one.detail or one.name for one in found[:3])
        return Line(number, name, Match.AMBIGUOUS, words=f"{len(found)} have it: {names}")
    who = found[0]
    if who.id in there:
        return Line(number, name, Match.ALREADY, words=who.name)
    if who.id in seen:
        return Line(number, name, Match.TWICE, words=who.name)
    return Line(number, name, Match.MATCH, who, who.warning)


async def _people(client: "GraphClient", names: Sequence[str]) -> dict[str, tuple[Principal, ...]]:
    users = {user.id: user for user in await directory.users_named(client, names)}
    return {name.casefold(): _holders(name.casefold(), users.values()) for name in names}


def _holders(name: str, users: Iterable[User]) -> tuple[Principal, ...]:
    users = tuple(users)
    # A user principal name is one person's; a mail address can be several people's.
    exact = [user for user in users if (user.user_principal_name or "").casefold() == name]
    by_mail = [user for user in users if (user.mail or "").casefold() == name]
    return tuple(map(person, {user.id: user for user in (*exact, *by_mail)}.values()))


async def _by_id(client: "GraphClient", id_: str) -> tuple[Principal, ...]:
    user = await directory.user(client, id_)
    if user is not None:
        return (person(user),)
    found = await directory.group(client, id_)
    return (group(found),) if found else ()


async def _by_name(client: "GraphClient", name: str) -> tuple[Principal, ...]:
    groups = [group(one) for one in await directory.search_groups(client, name)]
    people = [person(one) for one in await directory.search_users(client, name)]
    return tuple(one for one in (*groups, *people) if one.name.casefold() == name.casefold())


def planned(workspace: "Workspace", whole: Whole, lines: Iterable[Line]) -> tuple[Planned, ...]:
    """Return one write for each line that matches."""
    sp = whole.one.service_principal
    return tuple(assigned(workspace.clients, sp, line.who) for line in lines if line.who)


async def assign_all(
    workspace: "Workspace",
    whole: Whole,
    lines: Sequence[Line],
    progress: Callable[[str], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[Result, ...]:
    """Assign every line that matches, one after the other, and return what became of all lines.

    A line that Graph refuses does not stop the others; anything else does, and so does ``is_stopped``: the
    rest is not sent.
    """
    results: list[Result] = []
    writes = iter(planned(workspace, whole, lines))
    total = sum(1 for line in lines if line.who)
    stopped = ""
    sent = 0
    for line in lines:
        if line.who is None:
            results.append(Result(line, line.match.value, line.words))
            continue
        write = next(writes)
        stopped = stopped or ("stopped here, before it was sent" if is_stopped() else "")
        if stopped:
            results.append(Result(line, "not sent", stopped))
            continue
        sent += 1
        progress(f"assigning {sent:,} of {total:,}")
        result, goes_on = await _assign(workspace, line, write, sent, total)
        results.append(result)
        stopped = "" if goes_on else f"stopped after line {line.number}"
    return tuple(results)


async def _assign(
    workspace: "Workspace", line: Line, write: Planned, number: int, total: int
) -> tuple[Result, bool]:
    """Assign one line; return what became of it, and whether the next one can be tried."""
    try:
        written = await workspace.writer.send(write, number, total)
    except XtSyncError as error:  # what was assigned before must not be forgotten for it
        return Result(line, "not sent", str(error)), False
    if written.done:
        return Result(line, "assigned"), True
    refused = isinstance(written.error, Rejected | NotFound | Conflict)
    return Result(line, "failed", str(written.error or written.entry.fate.value)), refused


RESULT_HEADS = ("Line", "Name", "Result", "Assigned", "Detail")


def result_rows(results: Iterable[Result]) -> list[list[str]]:
    """Return the rows of the result file."""
    return [
        [
            str(one.line.number),
            one.line.text,
            one.outcome,
            one.line.who.detail or one.line.who.name if one.line.who else "",
            one.words,
        ]
        for one in results
    ]
