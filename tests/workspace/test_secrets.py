"""Settings of a configuration are saved over what was read, never over what others changed since."""

import json

import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator import secrets
from xtsync_tui.graph import jobs
from xtsync_tui.model import Job, Side
from xtsync_tui.workspace.configurations.reading import Configuration
from xtsync_tui.workspace.configurations.writes import SETTINGS
from xtsync_tui.workspace.journal import Entry
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.secrets import ChangedMeanwhile, differences, moved, taken_back
from xtsync_tui.workspace.setup import ScopeAnswers, SettingsAnswers
from xtsync_tui.workspace.undoing import NARROWED, NEEDS_RESTART, undoing

ON = '{"Enabled":true,"Recipients":"a@x.com","DeleteThresholdEnabled":true,"DeleteThresholdValue":10}'
MORE = '{"Enabled":true,"Recipients":"a@x.com","DeleteThresholdEnabled":true,"DeleteThresholdValue":77}'
KEY = "SyncNotificationSettings"


def test_a_difference_is_told_key_by_key_and_inside_the_notifications_member_by_member() -> None:
    before = {"SyncAll": "false", KEY: ON, "Password": "*"}
    now = {"SyncAll": "true", KEY: MORE, "Password": "*"}
    assert differences(before, now) == (
        "SyncAll was false, is true",
        "DeleteThresholdValue was 10, is 77",
    )
    assert differences({KEY: ON}, {KEY: json.dumps(json.loads(ON), indent=1)}) == ()
    assert differences({KEY: ON}, {KEY: "*"}) == (f"{KEY} was {ON}, is hidden",)


def test_taking_back_one_member_leaves_the_others_as_they_are_now() -> None:
    sent_ = {"SyncAll": "false", KEY: ON.replace("a@x.com", "b@x.com")}
    live = {"SyncAll": "true", KEY: MORE.replace("a@x.com", "b@x.com")}
    back = taken_back({"SyncAll": "false", KEY: ON}, sent_, live, {})
    assert back.keys() == {KEY}
    assert json.loads(back[KEY]) == json.loads(MORE)


def test_what_was_never_set_is_taken_back_to_the_value_that_means_the_same() -> None:
    assert taken_back({}, {"SyncAll": "true"}, {"SyncAll": "true"}, {"SyncAll": "false"}) == {
        "SyncAll": "false"
    }


def test_only_what_a_change_changed_can_have_moved() -> None:
    before, left = {"SyncAll": "false", KEY: ON}, {"SyncAll": "true", KEY: ON}
    assert moved(before, left, {"SyncAll": "true", KEY: MORE}) == ()
    assert moved(before, left, {"SyncAll": "false", KEY: ON}) == (
        "SyncAll is false now, this change left true.",
    )


async def the_one(workspace: Workspace) -> Configuration:
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    return one


async def set_mail(workspace: Workspace, mail: str, threshold: int | None) -> Entry:
    (written,) = await workspace.configurations.send(
        workspace.configurations.notifying(await the_one(workspace), mail, threshold)
    )
    return written.entry


async def set_scope(workspace: Workspace, *, everyone: bool) -> Entry:
    written = await workspace.configurations.send(
        workspace.configurations.scoping(await the_one(workspace), everyone=everyone)
    )
    return written[0].entry


def saved(stage: Stage) -> dict[str, str]:
    (kept,) = stage.contoso.secrets.values()
    return kept


@pytest.mark.anyio
async def test_saving_the_scope_stops_when_a_colleague_set_the_mail_since() -> None:
    stage = Stage("configured")
    mine, theirs = stage.workspace(), stage.workspace()
    one = await the_one(mine)
    await set_mail(theirs, "sec@contoso.com", 5)
    with pytest.raises(ChangedMeanwhile, match="nothing was sent") as stopped:
        await mine.configurations.send(mine.configurations.scoping(one, everyone=True))
    assert "Recipients was sync-admins@contoso.com, is sec@contoso.com" in stopped.value.detail
    assert "DeleteThresholdValue was 10, is 5" in stopped.value.detail
    assert sent(mine) == []
    assert "sec@contoso.com" in saved(stage)[KEY]
    assert mine.journal.entries() == ()


@pytest.mark.anyio
async def test_undoing_the_scope_leaves_the_threshold_that_was_set_since() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await set_scope(workspace, everyone=True)
    await set_mail(workspace, "ops@contoso.com", 77)
    found = await undoing(workspace, change)
    assert found.moved == ()
    await workspace.writer.send_all(found.writes)
    assert saved(stage)["SyncAll"] == "false"
    assert json.loads(saved(stage)[KEY])["DeleteThresholdValue"] == 77
    assert workspace.journal.entry(change.id).undone is not None


@pytest.mark.anyio
async def test_undoing_the_mail_leaves_the_threshold_and_says_what_moved() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await set_mail(workspace, "ops@contoso.com", 10)
    await set_mail(workspace, "sec@contoso.com", 77)
    found = await undoing(workspace, change)
    assert found.moved == ("Recipients is sec@contoso.com now, this change left ops@contoso.com.",)
    await workspace.writer.send_all(found.writes)
    settings = json.loads(saved(stage)[KEY])
    assert (settings["Recipients"], settings["DeleteThresholdValue"]) == ("sync-admins@contoso.com", 77)


@pytest.mark.anyio
async def test_undoing_everybody_restarts_a_job_that_runs_and_says_whom_it_removes() -> None:
    workspace = Stage("configured").workspace()
    change = await set_scope(workspace, everyone=True)
    found = await undoing(workspace, change)
    assert [each.request.path.rsplit("/", 1)[1] for each in found.writes] == ["secrets", "restart"]
    assert found.warnings == (NARROWED,)
    assert [each.undoes for each in found.writes] == [0, change.id]


@pytest.mark.anyio
async def test_a_paused_job_is_not_started_by_undoing_but_that_it_needs_a_restart_is_said() -> None:
    workspace = Stage("configured").workspace()
    change = await set_scope(workspace, everyone=True)
    one = await the_one(workspace)
    assert isinstance(one.job, Job)
    await workspace.client(Side.SOURCE).send(jobs.pause(one.id, one.job.id))
    found = await undoing(workspace, change)
    assert [each.request.path.rsplit("/", 1)[1] for each in found.writes] == ["secrets"]
    assert found.warnings == (NARROWED, NEEDS_RESTART)


@pytest.mark.anyio
async def test_settings_that_cannot_be_read_are_not_undone_from_what_was_then() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    change = await set_scope(workspace, everyone=True)
    stage.trouble("unavailable", "GET", "/secrets", times=99)
    with pytest.raises(Exception, match="SOURCE"):
        await undoing(workspace, change)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("number", "answers"),
    [(10, SettingsAnswers("ops@contoso.com", 10)), (7, ScopeAnswers(everyone=True))],
)
async def test_a_step_of_the_setup_stops_when_somebody_set_another_threshold_since_it_was_shown(
    number: int, answers: SettingsAnswers | ScopeAnswers
) -> None:
    stage = Stage("configured")
    mine, theirs = stage.workspace(), stage.workspace()
    await mine.setup.read()
    await set_mail(theirs, "sync-admins@contoso.com", 77)
    outcome = await mine.setup.do(number, answers)
    assert not outcome.done
    assert outcome.cause is not None
    assert "DeleteThresholdValue was 10, is 77" in outcome.cause.detail
    assert sent(mine) == []
    # What was shown is now what is there: doing it again goes on from that.
    assert (await mine.setup.do(number, answers)).done


@pytest.mark.anyio
async def test_hidden_settings_are_asked_for_one_by_one_and_written_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    monkeypatch.setattr(secrets, "HIDDEN", secrets.HIDDEN | {KEY})
    one = await the_one(workspace)
    assert one.health.threshold == 10  # the job's own
    assert workspace.configurations.notifications(one) == SettingsAnswers(known=False)
    await workspace.configurations.send(workspace.configurations.notifying(one, "ops@contoso.com", 25))
    assert json.loads(saved(stage)[KEY])["DeleteThresholdValue"] == 25
    (entry,) = workspace.journal.entries(why=SETTINGS)
    assert entry.undo == ()
