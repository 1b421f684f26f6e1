"""The README asks an administrator for the permissions that the code asks for: no more, no fewer."""

import re
from pathlib import Path

from xtsync_tui.graph.auth.scopes import PERMISSIONS, Permission
from xtsync_tui.model import Side
from xtsync_tui.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
HEAD = ("permission", "SOURCE", "TARGET", "asked for", "to")


def table() -> list[tuple[str, ...]]:
    """Return the cells of the table of permissions, without its head."""
    (found,) = re.findall(r"<!-- permissions -->\n(.*?)<!-- end of permissions -->", README, re.DOTALL)
    head, _, *rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in found.strip().splitlines()
    ]
    assert head == HEAD
    return rows


def expected(one: Permission) -> tuple[str, ...]:
    """Return the cells of one permission."""
    sides = ("yes" if side in one.sides else "" for side in Side)
    when = "for one repair" if one.optional else "at the first write" if one.writes else "at sign-in"
    return (f"`{one.name}`", *sides, when, one.reason)


def test_the_table_is_what_the_code_asks_for_line_by_line() -> None:
    assert table() == [expected(one) for one in PERMISSIONS]


def test_a_registration_by_the_table_covers_every_sign_in_and_every_write() -> None:
    for column, side in enumerate(Side, 1):
        registered = {row[0].strip("`") for row in table() if row[column] == "yes"}
        assert registered == {one.name for one in PERMISSIONS if side in one.sides}


def test_the_redirect_address_is_the_one_that_is_listened_on() -> None:
    assert f"http://localhost:{Settings().redirect_port}" in README
