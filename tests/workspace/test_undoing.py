"""Undoing a change takes back that change, and says what was changed after it."""

import sqlite3
from pathlib import Path

import pytest

from tests.workspace.stage import Stage, do
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import access
from xtsync_tui.model import Side
from xtsync_tui.workspace.access_editing import plan_edit, plan_removal
from xtsync_tui.workspace.access_settings import SETTINGS
from xtsync_tui.workspace.journal import Entry
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.undoing import undoing

pytestmark = pytest.mark.anyio

BY_KEY = {setting.key: setting for setting in SETTINGS}
PARTNER = f"/policies/crossTenantAccessPolicy/partners/{CONTOSO}"


async def edit(workspace: Workspace, key: str, choice: str) -> Entry:
    """Set one setting of TARGET and return the entry of that."""
    reading = await workspace.access.read()
    planned = plan_edit(workspace.clients, reading, Side.TARGET, BY_KEY[key], choice)
    (written,) = await workspace.writer.send_all(planned)
    assert written.done
    return written.entry


async def trust(workspace: Workspace) -> tuple[bool | None, bool | None]:
    """Return whether TARGET trusts multifactor sign-ins and compliant devices."""
    found = await access.partner(workspace.client(Side.TARGET), CONTOSO)
    kept = found.inbound_trust if found else None
    return (kept.is_mfa_accepted, kept.is_compliant_device_accepted) if kept else (None, None)


async def test_what_was_changed_after_it_stays() -> None:
    workspace = Stage("configured").workspace()
    first = await edit(workspace, "trust-mfa", "on")
    second = await edit(workspace, "trust-compliant", "on")
    found = await undoing(workspace, first)
    assert [one.id for one in found.later] == [second.id]
    assert found.moved == ("inboundTrust/isCompliantDeviceAccepted is true now, this change left not set.",)
    await workspace.writer.send_all(found.writes)
    assert await trust(workspace) == (None, True)


async def test_nothing_is_left_of_an_object_that_only_this_change_had_filled() -> None:
    workspace = Stage("configured").workspace()
    found = await undoing(workspace, await edit(workspace, "trust-mfa", "on"))
    assert (found.moved, found.later) == ((), ())
    assert found.writes[0].request.body == {"inboundTrust": None}


async def test_a_member_that_others_set_beside_it_is_not_sent() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await edit(workspace, "redeem-in", "off")
    partner = stage.fabrikam.partners[CONTOSO]
    partner["automaticUserConsentSettings"]["outboundAllowed"] = True
    found = await undoing(workspace, change)
    assert found.writes[0].request.body == {"automaticUserConsentSettings": {"inboundAllowed": True}}


async def test_a_value_that_is_another_again_is_named() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await edit(workspace, "b2b-in", "blocked")
    stage.fabrikam.partners[CONTOSO]["b2bCollaborationInbound"] = None
    found = await undoing(workspace, change)
    assert len(found.moved) == 1
    assert found.moved[0].startswith("b2bCollaborationInbound is not set now, this change left")


async def test_what_cannot_be_read_is_said_and_the_whole_undo_stays() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await edit(workspace, "trust-mfa", "on")
    stage.trouble("dropped before", "GET", PARTNER, times=99)
    found = await undoing(workspace, change)
    assert found.unread is not None
    assert found.writes[0].request.body == {"inboundTrust": None}


async def test_what_was_undone_is_not_undone_again_until_the_undo_was_undone() -> None:
    workspace = Stage("configured").workspace()
    change = await edit(workspace, "trust-mfa", "on")
    (undone,) = await workspace.writer.send_all((await undoing(workspace, change)).writes)
    assert undone.entry.undoes == change.id
    now = workspace.journal.entry(change.id)
    assert now.undone == undone.entry.at
    with pytest.raises(InvalidInput, match="Undone already"):
        await undoing(workspace, now)
    await workspace.writer.send_all((await undoing(workspace, undone.entry)).writes)
    assert workspace.journal.entry(change.id).undone is None
    assert await trust(workspace) == (True, None)


async def test_what_was_written_after_it_in_the_same_row_is_undone_before_it() -> None:
    workspace = Stage("configured").workspace()
    reading = await workspace.access.read()
    partner = next(row for row in reading.partners() if row.side is Side.TARGET and row.of_pair).partner
    removed = await workspace.writer.send_all(plan_removal(workspace.clients, Side.TARGET, partner))
    assert [one.entry.first for one in removed] == [removed[0].entry.id] * 2
    found = await undoing(workspace, removed[0].entry)
    assert [each.request.method for each in found.writes] == ["POST", "PUT"]
    written = await workspace.writer.send_all(found.writes)
    assert all(one.done for one in written)
    again = await access.partner(workspace.client(Side.TARGET), CONTOSO)
    assert again is not None
    assert again.identity_synchronization is not None
    assert all(
        one.undone for one in workspace.journal.entries() if one.id in {one_.entry.id for one_ in removed}
    )


async def test_a_journal_of_an_older_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    stage = Stage("configured")
    workspace = stage.workspace(path)
    change = await edit(workspace, "trust-mfa", "on")
    await workspace.close()
    with sqlite3.connect(path) as db:
        for column in ("undoes", "first", "path"):
            db.execute(f"ALTER TABLE writes DROP COLUMN {column}")
    workspace = stage.workspace(path)
    (entry,) = workspace.journal.entries(path_end=change.request.path)
    assert (entry.id, entry.first, entry.undoes, entry.undone) == (change.id, change.id, 0, None)
    assert (await undoing(workspace, entry)).writes[0].request.body == {"inboundTrust": None}


async def test_a_partner_that_was_added_goes_with_what_was_set_in_it_since() -> None:
    """Graph deletes no partner while anything of its identity synchronization is there."""
    stage = Stage("fresh")
    workspace = stage.workspace()
    await do(workspace, 2)
    added = next(one for one in workspace.journal.entries(why="step 2") if one.request.method == "POST")
    found = await undoing(workspace, added)
    assert [each.request.method for each in found.writes] == ["DELETE", "DELETE"]
    assert found.writes[0].request.path.endswith(f"/{stage.contoso.id}/identitySynchronization")
    written = await workspace.writer.send_all(found.writes)
    assert all(one.done for one in written)
    assert stage.fabrikam.partners == {}
    assert workspace.journal.entry(added.id).undone is not None


async def test_undoing_the_whole_of_step_2_from_the_newest_on_ends_without_a_partner() -> None:
    stage = Stage("fresh")
    workspace = stage.workspace()
    await do(workspace, 2)
    for entry in workspace.journal.entries(why="step 2"):
        written = await workspace.writer.send_all((await undoing(workspace, entry)).writes)
        assert all(one.done for one in written)
    assert stage.fabrikam.partners == {}


async def test_a_pause_is_not_undone_once_its_job_was_deleted() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    await workspace.configurations.delete(one)
    pause = next(each for each in workspace.journal.entries() if each.why == "pause before deleting")
    with pytest.raises(InvalidInput, match="The job was deleted since"):
        await undoing(workspace, pause)
