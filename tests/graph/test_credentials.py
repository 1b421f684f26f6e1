import json

import pytest

from tests.graph.scripted import Graph, answer, client_of
from xtsync_tui.graph.credentials import (
    connection,
    notification_changes,
    notifications,
    save,
    scope,
    secrets,
)
from xtsync_tui.model import NotificationSettings

KEY = "SyncNotificationSettings"


@pytest.mark.anyio
async def test_settings_are_read_by_key_and_a_missing_value_is_empty() -> None:
    pairs = [
        {"key": "SyncAll", "value": "false"},
        {"key": "Password", "value": "*"},
        {"key": "X", "value": None},
    ]
    graph = Graph([answer(200, {"value": pairs})])
    assert await secrets(client_of(graph), "sp") == {"SyncAll": "false", "Password": "*", "X": ""}


def test_what_was_there_is_written_again_except_for_what_is_masked() -> None:
    current = {"CompanyId": "t", "SyncAll": "true", "Password": "*"}
    body = save("sp", current, {"SyncAll": "false", KEY: "{}"}).body
    assert body == {
        "value": [
            {"key": "CompanyId", "value": "t"},
            {"key": "SyncAll", "value": "false"},
            {"key": KEY, "value": "{}"},
        ]
    }


def test_the_connection_and_the_scope_are_texts() -> None:
    assert connection("t-1") == {"AuthenticationType": "SyncPolicy", "CompanyId": "t-1"}
    assert (scope(sync_all=True), scope(sync_all=False)) == ({"SyncAll": "true"}, {"SyncAll": "false"})


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (None, NotificationSettings()),
        ("", NotificationSettings()),
        ("{}", NotificationSettings()),
        ("not json", NotificationSettings()),
        ('{"Enabled":"yes"}', NotificationSettings()),
        (
            '{"Enabled":true,"Recipients":"a@x.com","DeleteThresholdEnabled":true,"DeleteThresholdValue":7}',
            NotificationSettings(
                enabled=True, recipients="a@x.com", delete_threshold_enabled=True, delete_threshold_value=7
            ),
        ),
    ],
)
def test_notification_settings_are_json_inside_a_text(
    text: str | None, settings: NotificationSettings
) -> None:
    assert notifications({} if text is None else {KEY: text}) == settings


def test_what_is_not_known_in_the_notification_settings_survives() -> None:
    current = {KEY: '{"Enabled":false,"NewThing":[1]}'}
    wanted = NotificationSettings(enabled=True, recipients="a@x.com")
    assert json.loads(notification_changes(current, wanted)[KEY]) == {
        "Enabled": True,
        "NewThing": [1],
        "Recipients": "a@x.com",
        "DeleteThresholdEnabled": False,
        "DeleteThresholdValue": 500,
        "HumanResourcesLookaheadQueryEnabled": False,
    }


@pytest.mark.parametrize("broken", ["", "not json", "[]"])
def test_settings_that_cannot_be_read_are_replaced(broken: str) -> None:
    wanted = NotificationSettings(enabled=True)
    assert notifications(notification_changes({KEY: broken}, wanted)) == wanted
