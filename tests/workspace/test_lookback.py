"""What an earlier run left without an answer is looked at by the next one."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard
from tests.workspace.stage import Stage
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.graph import access, policies
from xtsync_tui.model import Request, Side
from xtsync_tui.workspace.journal import Entry, Fate
from xtsync_tui.workspace.lookback import FRESH, is_as, look_back
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.planned import Planned

pytestmark = pytest.mark.anyio

PARTNER = f"/policies/crossTenantAccessPolicy/partners/{CONTOSO}"
LEAVE = policies.set_leave(allowed=False)
OLD = {"allowExternalIdentitiesToLeave": True}


def cut_off(workspace: Workspace, request: Request, before: object = None) -> Entry:
    """Write down a write as a program does that ends before the answer comes."""
    planned = Planned(Side.TARGET, request, "step 14", before=before)
    return workspace.journal.begin(planned, workspace.now(), "ben", "Fabrikam")


async def looked_at(stage: Stage, workspace: Workspace, entry: Entry) -> Entry:
    stage.pass_(FRESH.total_seconds() + 1)
    await look_back(workspace)
    return workspace.journal.entry(entry.id)


async def test_a_write_that_arrived_is_done() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    entry = cut_off(workspace, LEAVE, OLD)
    await workspace.client(Side.TARGET).send(LEAVE)
    found = await looked_at(stage, workspace, entry)
    assert (found.fate, found.note.endswith("it arrived.")) == (Fate.DONE, True)


async def test_a_write_before_which_all_is_as_it_was_did_not_arrive() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    found = await looked_at(stage, workspace, cut_off(workspace, LEAVE, OLD))
    assert (found.fate, found.note.endswith("it did not arrive.")) == (Fate.NOT_ARRIVED, True)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_deletion_tells_by_what_is_gone(arrived: bool) -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    request = access.remove_user_sync(CONTOSO)
    entry = cut_off(workspace, request)
    if arrived:
        await workspace.client(Side.TARGET).send(request)
    found = await looked_at(stage, workspace, entry)
    assert found.fate is (Fate.DONE if arrived else Fate.NOT_ARRIVED)


async def test_what_leaves_nothing_to_read_and_what_cannot_be_read_stay_unknown() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    restart = cut_off(workspace, Request(method="POST", path="/restart"))
    patch = cut_off(workspace, access.update_partner(CONTOSO, {"inboundTrust": None}))
    stage.trouble("dropped before", "GET", PARTNER, times=99)
    stage.pass_(FRESH.total_seconds() + 1)
    assert await look_back(workspace) == 2
    assert {workspace.journal.entry(each.id).fate for each in (restart, patch)} == {Fate.UNKNOWN}
    assert await look_back(workspace) == 0


async def test_a_write_that_may_still_be_on_its_way_is_left_alone() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    entry = cut_off(workspace, LEAVE, OLD)
    assert await look_back(workspace) == 0
    assert workspace.journal.entry(entry.id).fate is Fate.SENT


async def test_the_next_run_says_what_it_could_not_find_out() -> None:
    demo = Demo("configured")
    planned = Planned(Side.SOURCE, Request(method="POST", path="/x/start"), "start")
    demo.workspace.journal.begin(planned, demo.clock.now() - 2 * FRESH, "ana", "Contoso")
    async with at_keyboard(demo.app()) as person:
        await person.sees("? 1 write of an earlier run: still unknown whether done · @ Changes")
        await person.press("requests", "tab_on")
        await person.sees("? unknown")
        await person.press("back")
        await person.sees_no("still unknown")


@pytest.mark.parametrize(
    ("sent", "live", "same"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 2, "d": 3}]}}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": None}, {}, True),
        ({"a": 1, "@odata.context": "x"}, {"a": 1}, True),
        ({"a": 1}, None, False),
    ],
)
def test_what_graph_adds_does_not_count(sent: object, live: object, same: bool) -> None:
    assert is_as(sent, live) is same
