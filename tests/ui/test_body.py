"""What is shown of a request's body: what it changes is never cut away."""

from typing import Any

import pytest

from xtsync_tui.ui.body import body_lines, changed, fold

LONG = "x" * 300


def test_a_body_that_fits_is_shown_whole() -> None:
    assert body_lines({"name": "Ana"}, {"name": "Ben"}, 40) == ['{"name": "Ana"}']


def test_a_long_body_is_shown_by_its_size_and_what_it_changes() -> None:
    assert body_lines({"id": LONG, "name": "new"}, {"id": LONG, "name": "old"}, 40) == [
        "322 bytes, v on a button shows it whole; what it changes:",
        "~ name: new",
    ]


def test_a_long_body_that_replaces_nothing_is_cut_with_a_mark() -> None:
    size, body = body_lines({"id": LONG}, None, 40)
    assert size == "309 bytes, v on a button shows it whole"
    assert len(body) == 120
    assert body.endswith("…")


def test_many_changes_are_counted() -> None:
    before = {"id": LONG, **{str(at): 1 for at in range(9)}}
    after = {"id": LONG, **{str(at): 2 for at in range(9)}}
    lines = body_lines(after, before, 40)
    assert lines[1:] == ["~ 0: 2", "~ 1: 2", "~ 2: 2", "~ 3: 2", "and 5 more"]


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("", []),
        ('{"a": 1}', ['{"a": 1}']),
        ('{"one": 1, "two": 2}', ['{"one": 1,', '"two": 2}']),
        ("value,another,more", ["value,", "another,", "more"]),
        ("x" * 25, ["x" * 10, "x" * 10, "x" * 5]),
    ],
)
def test_a_body_is_folded_between_its_members_and_cut_only_where_a_word_is_longer(
    line: str, rows: list[str]
) -> None:
    assert fold(line, 10) == rows


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 1, "b": [2]}, ["+ b: [2]"]),
        ({"a": 1, "b": "é"}, {"a": 1}, ['- b: "é"'.replace('"', "")]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ["~ …/b/c: 2"]),
        (
            {"rules": [{"name": "one", "scope": None}, {"name": "two", "scope": None}]},
            {"rules": [{"name": "two", "scope": {"groups": []}}, {"name": "one", "scope": None}]},
            ['~ …/two/scope: {"groups": []}'],
        ),
        ({"list": [1, 2]}, {"list": [1, 3]}, ["~ list/1: 3"]),
        ({"list": [{"id": "a"}, {"id": "a"}]}, {"list": [{"id": "a"}]}, ['- list/1: {"id": "a"}']),
        ({"@odata.context": "x", "a": 1}, {"a": 1}, []),
        ({"a": [1]}, {"a": {"0": 1}}, ['~ a: {"0": 1}']),
    ],
)
def test_what_a_body_changes_is_told_where_it_changes(before: Any, after: Any, lines: list[str]) -> None:
    assert changed(before, after) == lines


def test_secrets_are_compared_by_their_keys_and_a_masked_one_is_not_removed() -> None:
    before = {"SyncAll": "false", "Password": "*", "SyncNotificationSettings": "{}"}
    after = {
        "value": [
            {"key": "SyncAll", "value": "false"},
            {"key": "SyncNotificationSettings", "value": '{"Enabled":true}'},
        ]
    }
    assert changed(before, after) == ["+ SyncNotificationSettings/Enabled: true"]


def test_a_body_cannot_reach_the_terminal() -> None:
    body = {"name": "\x1b]52;c;aGk=\x07" * 40}
    assert not any(char < " " for line in body_lines(body, {"name": ""}, 40) for char in line)
