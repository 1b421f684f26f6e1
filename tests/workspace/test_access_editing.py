"""Edits of access settings, sent to the emulated tenants and undone."""

import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.auth import ALL_SCOPES, GLOBAL_ADMINISTRATOR
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM
from xtsync_tui.errors import InvalidInput, NotFound, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace.access_editing import plan_addition, plan_edit, plan_removal
from xtsync_tui.workspace.access_reading import AccessReading
from xtsync_tui.workspace.access_settings import SETTINGS
from xtsync_tui.workspace.external import INVITE, LEAVE, plan_external
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.reading import Mark

pytestmark = pytest.mark.anyio

BY_KEY = {setting.key: setting for setting in SETTINGS}
NORTHWIND = "11111111-2222-4333-8444-555555555555"


async def send(workspace: Workspace, planned: tuple[Planned, ...]) -> AccessReading:
    written = await workspace.writer.send_all(planned)
    assert [each.error for each in written if not each.done] == []
    return await workspace.access.read()


async def edit(workspace: Workspace, side: Side, key: str, choice: str) -> AccessReading:
    reading = await workspace.access.read()
    return await send(workspace, plan_edit(workspace.clients, reading, side, BY_KEY[key], choice))


async def undo_last(workspace: Workspace) -> AccessReading:
    return await send(workspace, workspace.journal.undo(workspace.journal.entries()[0]))


def value(reading: AccessReading, side: Side, key: str) -> tuple[str, str]:
    cell = next(row for row in reading.rows if row.setting.key == key).cells[side]
    return cell.partner, cell.effective


@pytest.mark.parametrize(
    ("side", "key", "choice", "effective"),
    [
        (Side.TARGET, "users", "off", "off"),
        (Side.SOURCE, "redeem-out", "off", "off"),
        (Side.TARGET, "redeem-in", "off", "off"),
        (Side.TARGET, "b2b-in", "blocked", "blocked"),
        (Side.SOURCE, "b2b-out", "blocked", "blocked"),
        (Side.TARGET, "groups", "allowed", "allowed"),
        (Side.TARGET, "direct-in", "allowed", "allowed"),
        (Side.SOURCE, "direct-out", "allowed", "allowed"),
        (Side.TARGET, "trust-mfa", "on", "on"),
        (Side.TARGET, "trust-compliant", "on", "on"),
        (Side.TARGET, "trust-hybrid", "on", "on"),
    ],
)
async def test_each_setting_is_changed_and_changed_back(
    side: Side, key: str, choice: str, effective: str
) -> None:
    workspace = Stage("configured").workspace()
    before = value(await workspace.access.read(), side, key)
    assert value(await edit(workspace, side, key, choice), side, key)[1] == effective
    assert value(await undo_last(workspace), side, key)[1] == before[1]


async def test_what_is_so_already_sends_nothing() -> None:
    workspace = Stage("configured").workspace()
    reading = await workspace.access.read()
    assert plan_edit(workspace.clients, reading, Side.TARGET, BY_KEY["users"], "allowed") == ()
    assert plan_edit(workspace.clients, reading, Side.TARGET, BY_KEY["b2b-in"], "inherit") == ()


async def test_the_partner_is_added_first_where_there_is_none() -> None:
    workspace = Stage("fresh").workspace()
    reading = await workspace.access.read()
    planned = plan_edit(workspace.clients, reading, Side.TARGET, BY_KEY["users"], "allowed")
    assert [each.request.method for each in planned] == ["POST", "PUT"]
    assert value(await send(workspace, planned), Side.TARGET, "users") == ("allowed", "allowed")


async def test_inheriting_again_gives_the_setting_back_to_the_default() -> None:
    workspace = Stage("configured").workspace()
    await edit(workspace, Side.TARGET, "b2b-in", "blocked")
    reading = await edit(workspace, Side.TARGET, "b2b-in", "inherit")
    assert value(reading, Side.TARGET, "b2b-in") == ("inherited", "allowed")


async def test_trusting_devices_keeps_the_trust_in_multifactor_sign_in() -> None:
    workspace = Stage("configured").workspace()
    await edit(workspace, Side.TARGET, "trust-mfa", "on")
    reading = await edit(workspace, Side.TARGET, "trust-compliant", "on")
    assert value(reading, Side.TARGET, "trust-mfa") == ("on", "on")


async def test_limits_to_some_people_come_back_with_the_undo() -> None:
    stage = Stage("configured")
    some = {"accessType": "allowed", "targets": [{"target": NORTHWIND, "targetType": "user"}]}
    stage.fabrikam.partners[CONTOSO]["b2bCollaborationInbound"] = {"usersAndGroups": some}
    workspace = stage.workspace()
    reading = await edit(workspace, Side.TARGET, "b2b-in", "allowed")
    assert value(reading, Side.TARGET, "b2b-in") == ("allowed", "allowed")
    await undo_last(workspace)
    assert stage.fabrikam.partners[CONTOSO]["b2bCollaborationInbound"]["usersAndGroups"] == some


async def test_an_edit_whose_answer_is_lost_is_looked_at_again() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    stage.trouble("dropped after", "PATCH", "/partners")
    reading = await edit(workspace, Side.TARGET, "redeem-in", "off")
    assert value(reading, Side.TARGET, "redeem-in")[1] == "off"
    assert len(sent(workspace)) == 1


async def test_a_partner_loses_what_it_may_synchronize_in_before_it_is_removed() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    reading = await workspace.access.read()
    partner = next(row.partner for row in reading.partners() if row.side is Side.TARGET)
    planned = plan_removal(workspace.clients, Side.TARGET, partner)
    assert [each.request.path.rpartition("/")[2] for each in planned] == ["identitySynchronization", CONTOSO]
    reading = await send(workspace, planned)
    assert [row.side for row in reading.partners()] == [Side.SOURCE]


async def test_a_removed_partner_comes_back_whole() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    reading = await workspace.access.read()
    partner = next(row.partner for row in reading.partners() if row.side is Side.TARGET)
    await send(workspace, plan_removal(workspace.clients, Side.TARGET, partner))
    removed, emptied = workspace.journal.entries()[:2]
    for entry in (removed, emptied):
        await workspace.writer.send_all(workspace.journal.undo(entry))
    reading = await workspace.access.read()
    assert reading.stopping == 0
    assert value(reading, Side.TARGET, "users") == ("allowed", "allowed")


async def test_a_partner_is_added_by_domain_once() -> None:
    stage = Stage("fresh")
    workspace = stage.workspace()
    found = await workspace.access.resolve(Side.SOURCE, " fabrikam.com ")
    assert found.tenant_id == FABRIKAM
    reading = await workspace.access.read()
    reading = await send(workspace, plan_addition(workspace.clients, reading, Side.SOURCE, FABRIKAM))
    assert [(row.side, row.name, row.domain) for row in reading.partners()] == [
        (Side.SOURCE, "Fabrikam", "fabrikam.com")
    ]
    with pytest.raises(InvalidInput, match="A partner of Contoso already"):
        plan_addition(workspace.clients, reading, Side.SOURCE, FABRIKAM)
    with pytest.raises(InvalidInput, match="Contoso itself"):
        plan_addition(workspace.clients, reading, Side.SOURCE, CONTOSO)


@pytest.mark.parametrize("text", ["", "two words", "contoso"])
async def test_a_partner_is_named_by_id_or_domain(text: str) -> None:
    with pytest.raises(InvalidInput):
        await Stage().workspace().access.resolve(Side.SOURCE, text)


async def test_a_domain_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        await Stage().workspace().access.resolve(Side.SOURCE, "nobody.example")


async def test_a_partner_that_tells_nothing_keeps_its_id() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    reading = await workspace.access.read()
    reading = await send(workspace, plan_addition(workspace.clients, reading, Side.TARGET, NORTHWIND))
    other = next(row for row in reading.partners() if not row.of_pair)
    assert (other.label, other.name, other.side) == (NORTHWIND, "", Side.TARGET)


@pytest.mark.parametrize(
    ("key", "choice", "scopes"),
    [
        (INVITE, "adminsAndGuestInviters", "Policy.ReadWrite.Authorization"),
        (LEAVE, "no", "Policy.ReadWrite.ExternalIdentities"),
    ],
)
async def test_external_collaboration_is_changed_and_changed_back(key: str, choice: str, scopes: str) -> None:
    stage = Stage("configured")
    every = stage.emulator.issue(FABRIKAM, ALL_SCOPES, frozenset({GLOBAL_ADMINISTRATOR}))
    workspace = stage.workspace(target_token=every)
    reading = await workspace.access.read()
    row = next(each for each in reading.external if each.key == key)
    planned = plan_external(workspace.clients, row, Side.TARGET, choice)
    assert planned[0].request.scopes == (scopes,)
    after = await send(workspace, planned)
    assert next(each for each in after.external if each.key == key).values[Side.TARGET] == choice
    back = await undo_last(workspace)
    assert next(each for each in back.external if each.key == key).values == row.values


async def test_nobody_invites_is_told_only_of_target() -> None:
    stage = Stage("configured")
    for tenant in (stage.contoso, stage.fabrikam):
        tenant.authorization_policy["allowInvitesFrom"] = "none"
    reading = await stage.workspace().access.read()
    invite = next(each for each in reading.external if each.key == INVITE)
    assert (invite.mark(Side.SOURCE), invite.mark(Side.TARGET)) == (Mark.NONE, Mark.BAD)
    assert reading.stopping == 1


async def test_what_may_not_be_read_is_unknown_with_its_reason_and_cannot_be_edited() -> None:
    stage = Stage("configured")
    missing = {"Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"}
    token = stage.emulator.issue(FABRIKAM, ALL_SCOPES - missing)
    workspace = stage.workspace(target_token=token)
    reading = await workspace.access.read()
    users = next(row for row in reading.rows if row.setting.key == "users").cells[Side.TARGET]
    assert (users.effective, users.mark) == ("cannot tell", Mark.UNKNOWN)
    assert isinstance(users.failure, XtSyncError)
    assert reading.stopping == 0
    assert reading.unread == 5
    with pytest.raises(XtSyncError):
        plan_edit(workspace.clients, reading, Side.TARGET, BY_KEY["users"], "off")


async def test_the_roles_and_the_licence_of_an_edit_are_told() -> None:
    reading = await Stage("troubled").workspace().access.read()
    held = {need.kind: need.held for need in reading.needs(BY_KEY["redeem-in"], Side.TARGET)}
    assert held == {"role": True, "scope": True, "licence": False}
