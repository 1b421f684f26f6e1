import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xtsync_tui.cli import cli

CASES = Path(__file__).parents[3] / "shared" / "cases" / "scoping-cases.jsonl"


def run(path: Path, *flags: str) -> Result:
    return CliRunner().invoke(cli, ["scope", "test", str(path), *flags])


def write(path: Path, *rows: dict[str, Any]) -> Path:
    file = path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def filter_row(**changes: Any) -> dict[str, Any]:
    clauses = [{"attribute": "department", "operator": "EQUALS", "value": "Sales"}]
    row = {
        "id": "sales",
        "type": "filter",
        "filter": {"groups": [{"title": "f", "clauses": clauses}]},
        "user": {"department": "Sales"},
        "in_scope": True,
        "strict": True,
    }
    return row | changes


def decision_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "decision",
        "type": "decision",
        "scope": "Sync only assigned users and groups",
        "direct_assignments": ["u1"],
        "groups": {},
        "user_id": "u1",
        "user": {"accountEnabled": True, "alternativeSecurityIds": "None"},
        "filter": {"groups": []},
        "in_scope": True,
    }
    return row | changes


@pytest.mark.skipif(not CASES.exists(), reason="the documented cases are not on this machine")
def test_every_documented_case_passes() -> None:
    result = run(CASES, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["failed"] == 0
    assert document["passed"] == len(document["rows"]) > 50


def test_a_failing_row_is_shown_with_expected_and_actual(tmp_path: Path) -> None:
    result = run(write(tmp_path, filter_row(in_scope=False), filter_row(id="other")))
    assert result.exit_code == 1
    assert "✗ sales" in result.stdout
    assert "expected  false" in result.stdout
    assert "actual    true" in result.stdout
    assert "other" not in result.stdout
    assert result.stdout.endswith("1 passed, 1 failed\n")


def test_json_lists_every_row(tmp_path: Path) -> None:
    document = json.loads(run(write(tmp_path, filter_row(in_scope=False)), "--json").stdout)
    assert (document["passed"], document["failed"]) == (0, 1)
    [row] = document["rows"]
    assert (row["id"], row["passed"], row["expected"], row["actual"]) == ("sales", False, False, True)


def test_a_row_that_is_not_strict_passes_with_any_accepted_outcome(tmp_path: Path) -> None:
    row = filter_row(in_scope=False, strict=False)
    assert run(write(tmp_path, row | {"accept": [True, False]})).exit_code == 0
    assert run(write(tmp_path, row | {"accept": [False]})).exit_code == 1
    assert run(write(tmp_path, row)).exit_code == 0


def test_a_row_that_expects_nothing_is_a_bad_file(tmp_path: Path) -> None:
    row = filter_row()
    del row["in_scope"]
    result = run(write(tmp_path, row))
    assert result.exit_code == 2
    assert "does not say what it expects" in result.stderr


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    result = run(write(tmp_path))
    assert result.exit_code == 2
    assert "has no case in it" in result.stderr


def test_a_filter_is_validated(tmp_path: Path) -> None:
    clauses = [{"attribute": "manager", "operator": "EQUALS", "value": "x"}]
    row = {"id": "v", "type": "validation", "filter": {"groups": [{"title": "f", "clauses": clauses}]}}
    assert run(write(tmp_path, row | {"valid": False})).exit_code == 0
    result = run(write(tmp_path, row | {"valid": True}))
    assert result.exit_code == 1
    assert "manager cannot be used" in result.stdout


NESTED = {"g1": {"assigned": True, "members": [], "child_groups": ["g2"]}, "g2": {"members": ["u1"]}}


@pytest.mark.parametrize(
    ("changes", "in_scope"),
    [
        ({}, True),
        ({"direct_assignments": []}, False),
        ({"direct_assignments": [], "scope": "Sync all users and groups"}, True),
        ({"direct_assignments": [], "groups": {"g": {"assigned": True, "members": ["u1"]}}}, True),
        ({"direct_assignments": [], "groups": NESTED}, False),
        (
            {
                "direct_assignments": [],
                "groups": {"g": {"assigned": True, "members": ["u1"], "securityEnabled": False}},
            },
            False,
        ),
        ({"user": {"accountEnabled": False, "alternativeSecurityIds": "None"}}, False),
        ({"user": {"accountEnabled": True, "alternativeSecurityIds": "{sms}"}}, False),
        ({"user": {"accountEnabled": True, "alternativeSecurityIds": "None", "IsSoftDeleted": True}}, False),
        ({"filter": filter_row()["filter"]}, False),
    ],
)
def test_the_whole_gate_is_decided(tmp_path: Path, changes: dict[str, Any], in_scope: bool) -> None:
    assert run(write(tmp_path, decision_row(**changes, in_scope=in_scope))).exit_code == 0
    assert run(write(tmp_path, decision_row(**changes, in_scope=not in_scope))).exit_code == 1


def test_a_given_skip_reason_is_shown_beside_the_engines(tmp_path: Path) -> None:
    row = decision_row(direct_assignments=[], in_scope=True, skip_reason="NotEffectivelyEntitled")
    result = run(write(tmp_path, row))
    assert "expected 'NotEffectivelyEntitled'" in result.stdout
    assert "NotEffectivelyEntitled (IsActive True, Assigned False)" in result.stdout


def test_rings_of_groups_end(tmp_path: Path) -> None:
    ring = {"a": {"assigned": True, "child_groups": ["b"]}, "b": {"child_groups": ["a"]}}
    assert run(write(tmp_path, decision_row(groups=ring))).exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{not json", "line 1 is not JSON"),
        (b'\n["list"]', "line 2 is not a JSON object"),
        (b'{"id": "x", "type": "other"}', "unknown type 'other'"),
        (b'{"id": "x", "type": "decision"}', "does not have the form of a decision row"),
        (b'{"id": "x", "type": "decision", "scope": "nobody"}', "unknown scope 'nobody'"),
        (b'{"id": "x", "type": "filter", "filter": "text", "user": {}}', "does not have the form"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[" * 100_000, "line 1 is not JSON"),
    ],
)
def test_bad_input_ends_with_2_and_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    result = run(file)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_missing_file_ends_with_2(tmp_path: Path) -> None:
    result = run(tmp_path / "none.jsonl")
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_hostile_text_reaches_no_terminal(tmp_path: Path) -> None:
    result = run(write(tmp_path, filter_row(id="\x1b[31mred", in_scope=False)))
    assert "\x1b" not in result.stdout
