"""Steps 1, 9, 10 and 14: the plan, the mappings, the mail, and who may leave."""

import json
from dataclasses import replace

import pytest

from tests.workspace.stage import Stage, do, sent
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.settings import load_profile, save_profile
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import (
    Answers,
    LeaveAnswers,
    MappingAnswers,
    PlanAnswers,
    ScopeAnswers,
    SettingsAnswers,
    StepState,
)

pytestmark = pytest.mark.anyio

CONNECTED = (2, 3, 4, 5, 6)


def shown(workspace: Workspace) -> Answers:
    """Return what the dialog of step 9 begins with, whatever schema it is based on."""
    answers = workspace.setup.defaults(9)
    assert isinstance(answers, MappingAnswers)
    return replace(answers, based_on="")


async def test_the_plan_is_kept_and_later_steps_follow_it(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    outcome = await workspace.setup.do(1, PlanAnswers(who="all", note="pilot"))
    assert outcome.done
    assert sent(workspace) == []
    assert workspace.plan.who == "all"
    reading = workspace.setup.reading
    assert reading is not None
    assert [fact.value for fact in reading[1].facts] == [
        "one to one, all users, the default attributes, noted here 13:00",
        "pilot",
    ]
    assert workspace.setup.defaults(7) == ScopeAnswers(everyone=True)


async def test_the_plan_of_a_profile_is_kept_in_its_file(stage: Stage) -> None:
    workspace = stage.workspace()
    workspace.profile = type(workspace.profile)(
        name="contoso", source=workspace.profile.source, target=workspace.profile.target
    )
    save_profile(workspace.profile)
    await workspace.setup.read()
    await workspace.setup.do(1, PlanAnswers(note="pilot"))
    assert load_profile("contoso").plan == PlanAnswers(note="pilot", reviewed=True)


async def test_reviewed_mappings_send_nothing_and_are_noted(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    before = len(sent(workspace))
    assert shown(workspace) == MappingAnswers("Member", "creation only", True)
    outcome = (await do(workspace, 9))[0]
    assert outcome.done
    assert len(sent(workspace)) == before
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[9].facts[0].value == "here 13:00"


async def test_guests_from_now_on_changes_only_that_mapping(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    before = {row.target: row for row in await workspace.setup.mappings()}
    outcome = await workspace.setup.do(9, MappingAnswers("Guest", "always", None))
    assert outcome.done
    after = {row.target: row for row in await workspace.setup.mappings()}
    assert (after["userType"].source, after["userType"].apply) == ('"Guest"', "always")
    del before["userType"], after["userType"]
    assert before == after


async def test_the_address_list_can_be_left_out(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    await workspace.setup.do(9, MappingAnswers(show_in_address_list=False))
    assert shown(workspace) == MappingAnswers("Member", "creation only", False)


async def test_mappings_changed_after_the_review_are_to_be_reviewed_again(stage: Stage) -> None:
    workspace, colleague = stage.workspace(), stage.workspace()
    await do(workspace, *CONNECTED, 9)
    await colleague.setup.read()
    await colleague.setup.do(9, MappingAnswers("Guest", "always", None))
    reading = await workspace.setup.read()
    assert reading[9].state is StepState.TO_DO
    assert "differ since then" in reading[9].facts[0].value


async def test_a_user_type_that_is_none_names_the_field(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    with pytest.raises(InvalidInput, match="User type"):
        workspace.setup.prepare(9, MappingAnswers("Boss"))


async def test_mail_and_threshold_are_saved_beside_what_was_there(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    (secrets,) = stage.contoso.secrets.values()
    before = dict(secrets)
    await workspace.setup.do(10, SettingsAnswers("sync-admins@contoso.com", 50))
    (secrets,) = stage.contoso.secrets.values()
    settings = json.loads(secrets["SyncNotificationSettings"])
    assert settings["Enabled"] is True
    assert settings["Recipients"] == "sync-admins@contoso.com"
    assert (settings["DeleteThresholdEnabled"], settings["DeleteThresholdValue"]) == (True, 50)
    assert {key: secrets[key] for key in before} == before
    reading = workspace.setup.reading
    assert reading is not None
    assert [fact.value for fact in reading[10].facts] == ["sync-admins@contoso.com", "50 in a cycle"]
    assert workspace.setup.prepare(10, SettingsAnswers("sync-admins@contoso.com", 50)) == ()


async def test_the_mail_is_ones_own_and_the_threshold_500_by_default(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    assert workspace.setup.defaults(10) == SettingsAnswers("ana.lopes@contoso.com", 500)


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        (SettingsAnswers("nobody", 500), "Mail on failure: one address"),
        (SettingsAnswers("a@b.com, c@d.com", 500), "Mail on failure: one address"),
        (SettingsAnswers("", 500), "Mail on failure: needed"),
        (SettingsAnswers("a@b.com", 0), "Deletion threshold"),
    ],
)
async def test_settings_that_cannot_be_used_name_the_field(
    stage: Stage, answers: SettingsAnswers, title: str
) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    with pytest.raises(InvalidInput, match=title):
        workspace.setup.prepare(10, answers)


async def test_everything_off_is_a_decision_too(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *CONNECTED)
    await workspace.setup.do(10, SettingsAnswers("", None))
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[10].state is StepState.DONE
    assert [fact.value for fact in reading[10].facts] == ["off", "off"]


async def test_leaving_is_forbidden_in_the_target_and_can_be_undone(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    outcome = await workspace.setup.do(14, LeaveAnswers(False))
    assert stage.fabrikam.external_identities_policy["allowExternalIdentitiesToLeave"] is False
    (written,) = outcome.writes
    assert (written.entry.side, written.entry.request.version) == (Side.TARGET, "beta")
    await workspace.writer.send_all(workspace.journal.undo(written.entry))
    assert stage.fabrikam.external_identities_policy["allowExternalIdentitiesToLeave"] is True


async def test_leaving_as_it_is_sends_nothing_and_is_decided(stage: Stage) -> None:
    workspace = stage.workspace()
    outcome = (await do(workspace, 14))[0]
    assert (outcome.done, outcome.writes) == (True, ())
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[14].state is StepState.DONE
