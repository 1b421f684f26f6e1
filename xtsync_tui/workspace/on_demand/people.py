"""Who can be added to the queue: people by name, those who are assigned, the lines of a CSV file."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import assignments, directory
from xtsync_tui.model import Side, User
from xtsync_tui.workspace.setup import Principal
from xtsync_tui.workspace.setup.scope import person

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

MOST_BYTES = 1_000_000
MOST_NAMES = 100
"""Display names that are searched, one request each; addresses and ids go many to a request."""

_HEADS = ("userprincipalname", "upn", "mail", "email", "e-mail", "id", "objectid", "object id", "displayname")
"""Heads of the columns that say who somebody is, the surest first; the portal exports the first."""


class Match(Enum):
    """What a line of a file stands for."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Line:
    """What a file names, and whom that is: ``people`` are one, several, or nobody."""

    named: str
    people: tuple[Principal, ...] = ()

    @property
    def match(self) -> Match:
        """Whether it is one person, several, or nobody."""
        if not self.people:
            return Match.NOT_FOUND
        return Match.MATCH if len(self.people) == 1 else Match.AMBIGUOUS


async def search(workspace: "Workspace", text: str) -> tuple[Principal, ...]:
    """Return people of the source whose name or address begins so."""
    return tuple(map(person, await directory.search_users(workspace.client(Side.SOURCE), text)))


async def assigned(workspace: "Workspace", sp: str) -> tuple[Principal, ...]:
    """Return the people who are assigned, directly or as direct members of a group, by name."""
    client = workspace.client(Side.SOURCE)
    found: dict[str, Principal] = {}
    for one in await assignments.assignments(client, sp):
        if one.principal_type == "Group":
            async for page in directory.members(client, one.principal_id):
                found |= {user.id: person(user) for user in page}
        else:
            user = await directory.user(client, one.principal_id)
            if user is not None:
                found[user.id] = person(user)
    return tuple(sorted(found.values(), key=lambda each: each.name.casefold()))


def read_file(path: str) -> str:
    """Return the text of a file; raises InvalidInput when it cannot be read as text."""
    try:
        file = Path(path).expanduser()
        if file.stat().st_size > MOST_BYTES:
            raise InvalidInput("File: too large", f"{path} is over 1 MB.", "Split it.")
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InvalidInput("File: it cannot be read", str(error), "Name a CSV file in UTF-8.") from error


def names_in(text: str) -> tuple[str, ...]:
    """Return whom a CSV file names, each once: by the surest column, or the first where no head is known."""
    try:
        dialect = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = [row for row in csv.reader(io.StringIO(text), dialect) if any(cell.strip() for cell in row)]
    if not rows:
        return ()
    heads = [cell.strip().casefold() for cell in rows[0]]
    known = next((heads.index(head) for head in _HEADS if head in heads), None)
    column, lines = (0, rows) if known is None else (known, rows[1:])
    return tuple(
        dict.fromkeys(row[column].strip() for row in lines if len(row) > column and row[column].strip())
    )


async def look_up(workspace: "Workspace", names: Iterable[str]) -> tuple[Line, ...]:
    """Return whom each name is in the source: an address, an object id, or else a whole display name."""
    named = tuple(names)
    client = workspace.client(Side.SOURCE)
    found = await directory.users_named(client, [name for name in named if "@" in name])
    searched = 0
    lines = []
    for name in named:
        if "@" in name:
            people = [user for user in found if name.casefold() in _addresses(user)]
        elif _is_id(name):
            user = await directory.user(client, name)
            people = [user] if user else []
        else:
            searched += 1
            if searched > MOST_NAMES:
                raise InvalidInput(
                    "File: too many display names", f"At most {MOST_NAMES} are searched.", "Use addresses."
                )
            by_name = await directory.search_users(client, name)
            people = [user for user in by_name if (user.display_name or "").casefold() == name.casefold()]
        lines.append(Line(name, tuple(map(person, people))))
    return tuple(lines)


def _addresses(user: User) -> set[str]:
    return {(user.user_principal_name or "").casefold(), (user.mail or "").casefold()}


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return len(name) == 36
