"""The requests that a dialog shows before it sends them."""

import pytest

from xtsync_tui.model import Request, Side
from xtsync_tui.ui.preview import PREVIEWED, end_of, preview
from xtsync_tui.workspace.planned import Planned

LONG = "/servicePrincipals/57e54acc…ea63/appRoleAssignedTo/6vWWghiFC_qn_IY1uCsv9xbKC5tI"


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (len(LONG), LONG),
        (len(LONG) - 1, "…/57e54acc…ea63/appRoleAssignedTo/6vWWghiFC_qn_IY1uCsv9xbKC5tI"),
        (60, "…/appRoleAssignedTo/6vWWghiFC_qn_IY1uCsv9xbKC5tI"),
        (20, "…_qn_IY1uCsv9xbKC5tI"),
    ],
)
def test_a_path_loses_whole_segments_at_its_start(room: int, shown: str) -> None:
    assert end_of(LONG, room) == shown
    assert len(shown) <= room


def test_thousands_of_requests_are_shown_by_the_first_and_their_number() -> None:
    many = [
        Planned(Side.SOURCE, Request(method="DELETE", path=f"/servicePrincipals/{number}"), "out")
        for number in range(3001)
    ]
    lines = preview(many, 80).plain.splitlines()
    assert len(lines) == PREVIEWED + 1
    assert lines[-1] == "and 2,951 more: v shows all"
