"""One person read from both demo tenants, and the writes that help."""

import pytest

from tests.workspace.on_demand.queues import principal
from tests.workspace.stage import Stage, sent
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.people.finding import name_at_home
from xtsync_tui.workspace.people.service import PersonView

pytestmark = pytest.mark.anyio


async def person(workspace: Workspace, text: str) -> PersonView:
    found = await workspace.people.search(Side.SOURCE, text)
    return await workspace.people.person(found[0].id)


async def introduced(scenario: str = "configured") -> Workspace:
    workspace = Stage(scenario).workspace()
    await workspace.introduce()
    return workspace


async def test_somebody_linked_is_there_and_nothing_would_change() -> None:
    view = await person(await introduced(), "lena")
    assert view.is_there
    assert view.shut == ()
    assert view.judged.outcome == "nothing would change in TARGET"


async def test_somebody_nested_is_shut_out_and_would_be_created_once_assigned() -> None:
    workspace = await introduced()
    view = await person(workspace, "priya")
    assert [gate.key for gate in view.shut] == ["assigned"]
    repair = workspace.people.assigning(view.reading)
    assert repair is not None
    written = await workspace.writer.send_all(repair.planned)
    assert all(one.done for one in written)
    again = await workspace.people.person(view.reading.id, fresh=True, before=view.reading)
    assert again.shut == ()
    assert again.judged.outcome == "would be created in TARGET"


async def test_reading_again_after_an_assignment_leaves_the_limited_requests_alone() -> None:
    workspace = await introduced()
    view = await person(workspace, "priya")
    before = len(workspace.log.exchanges)
    await workspace.people.person(view.reading.id, fresh=True, before=view.reading)
    paths = [one.request.path for one in workspace.log.exchanges][before:]
    assert not any("phoneMethods" in path or "auditLogs" in path for path in paths)


async def test_an_address_that_somebody_else_has_is_a_clash() -> None:
    view = await person(await introduced(), "luca")
    assert "luca.rossi@fabrikam.com of TARGET has this address" in view.gate("clash").words
    assert not view.is_there


async def test_mappings_say_what_the_person_would_be_called_in_target() -> None:
    view = await person(await introduced(), "priya")
    rows = {row.attribute: row for row in view.rows}
    assert rows["userPrincipalName"].mapped == "priya.nair_contoso.com#EXT#@fabrikam.onmicrosoft.com"
    assert rows["userType"].mapped == "Member, on creation"
    assert rows["manager"].mapped == "Jonas Weber"


async def test_what_would_change_is_marked() -> None:
    view = await person(await introduced(), "marta")
    assert [row.attribute for row in view.rows if row.differs] == ["userPrincipalName"]
    assert not any(row.quiet for row in view.rows if row.differs)


async def test_a_guest_of_target_leads_to_who_they_are_at_home() -> None:
    workspace = await introduced()
    (found, *_) = await workspace.people.search(Side.TARGET, "lena")
    home = await workspace.people.at_home(found)
    view = await workspace.people.person(home)
    assert view.reading.account == "lena.fischer@contoso.com"


async def test_somebody_at_home_in_target_is_nobody_in_source() -> None:
    workspace = await introduced()
    (found, *_) = await workspace.people.search(Side.TARGET, "gina")
    with pytest.raises(InvalidInput, match="Not from Contoso"):
        await workspace.people.at_home(found)


async def test_an_unassigned_person_can_be_assigned_again_from_the_journal() -> None:
    workspace = await introduced()
    view = await person(workspace, "sofia")
    (written,) = await workspace.writer.send_all(workspace.people.unassigning(view.reading))
    (back,) = workspace.journal.undo(written.entry)
    await workspace.writer.send(back)
    again = await workspace.people.person(view.reading.id, fresh=True, before=view.reading)
    assert workspace.people.direct(again.reading) is not None


async def test_looking_at_a_person_writes_nothing() -> None:
    workspace = await introduced("troubled")
    view = await person(workspace, "rosa")
    assert view.gate("clash").fix is not None
    assert sent(workspace) == []


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("a.b_contoso.com#EXT#@fabrikam.onmicrosoft.com", "a.b@contoso.com"),
        ("a_b_contoso.com#EXT#@fabrikam.onmicrosoft.com", "a_b@contoso.com"),
        ("ben.okoro@fabrikam.com", ""),
        ("#EXT#@fabrikam.com", ""),
    ],
)
def test_an_external_name_tells_the_name_at_home(name: str, home: str) -> None:
    assert name_at_home(name) == home


def left_the_scope(stage: Stage, name: str) -> None:
    """Let a cycle delete somebody who left the scope by a filter, and let them be back."""
    who = principal(stage, name)
    stage.contoso.users[who.id]["department"] = "Legal"
    stage.contoso.touch(who.id)
    stage.pass_(3600)
    stage.contoso.users[who.id]["department"] = "Sales"
    stage.contoso.touch(who.id)


async def test_whom_a_cycle_deleted_a_cycle_restores_and_that_is_foreseen() -> None:
    stage = Stage("configured")
    left_the_scope(stage, "lena.fischer")
    workspace = stage.workspace()
    await workspace.introduce()
    view = await person(workspace, "lena")
    assert view.shut == ()
    assert "a cycle restores the account once in scope" in view.gate("clash").words
    assert view.judged.outcome == "would be restored in TARGET"
    stage.pass_(3600)
    again = await workspace.people.person(view.reading.id, fresh=True)
    assert again.is_there


async def test_who_leaves_the_scope_is_said_to_be_deleted_and_when() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    lena = principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["department"] = "Legal"
    view = await person(workspace, "lena")
    assert view.leaves
    assert view.next_cycle is not None
    assert view.outcome == "would be soft-deleted in TARGET, 30 days in the bin"


async def test_what_would_be_written_names_the_gates_that_are_still_in_the_way() -> None:
    workspace = await introduced("troubled")
    view = await person(workspace, "felix")
    assert view.judged.outcome == "would be created in TARGET"
    assert view.outcome == "would be created in TARGET, once connection and job are open"


async def test_the_bin_of_target_is_searched_when_nobody_else_matches() -> None:
    workspace = await introduced("troubled")
    (rosa,) = await workspace.people.search(Side.TARGET, "rosa d")
    assert rosa.name == "Rosa Diaz"
    assert rosa.binned.startswith("in the bin until ")
    assert rosa.account.startswith("rosa.diaz_contoso.com#EXT#@")
    home = await workspace.people.at_home(rosa)
    assert (await workspace.people.person(home)).reading.account == "rosa.diaz@contoso.com"
    assert await workspace.people.search(Side.TARGET, "nobody") == ()
