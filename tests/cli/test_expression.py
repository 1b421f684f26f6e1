import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xtsync_tui.cli import cli

CASES = Path(__file__).parents[3] / "shared" / "cases" / "expression-cases.jsonl"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["expression", *arguments])


def case_file(folder: Path, *rows: object) -> str:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_eval_prints_the_value() -> None:
    result = run(
        "eval", 'Join(" ", [givenName], [surname])', "--set", "givenName=Lena", "--set", "surname=F=x"
    )
    assert (result.exit_code, result.stdout) == (0, "Lena F=x\n")


def test_the_same_name_again_makes_a_list() -> None:
    result = run("eval", "[a]", "--set", "a=x", "--set", "a=y", "--json")
    assert json.loads(result.stdout) == {"result": ["x", "y"]}


def test_nothing_to_write_is_said_beside_an_empty_output() -> None:
    for text, said in (("[a]", "absent"), ("IgnoreFlowIfNullOrEmpty([a])", "ignore-attribute")):
        result = run("eval", text)
        assert (result.exit_code, result.stdout) == (0, "")
        assert said in result.stderr


def test_an_error_is_shown_with_a_caret_under_its_place() -> None:
    result = run("eval", 'Append([a],\n  Jion("x"))')
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Error: unknown function Jion · nearest: Join",
        '    Jion("x"))',
        "    ^^^^",
    ]


def test_a_failing_evaluation_ends_with_1_and_its_place_in_json() -> None:
    result = run("eval", "CDate([a])", "--set", "a=x", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"] == {"position": 0, "length": 10, "message": "x is no date"}


@pytest.mark.parametrize("value", ["\x1b[31mred", "a\u202eb"])
def test_output_from_input_is_made_safe(value: str) -> None:
    shown = run("eval", "[a]", "--set", f"a={value}")
    failed = run("eval", "CDate([a])", "--set", f"a={value}")
    assert not {"\x1b", "\u202e"} & set(shown.output + failed.output)


def test_the_letter_case_of_a_set_attribute_counts() -> None:
    result = run("eval", "[Mail]", "--set", "mail=x")
    assert result.exit_code == 2
    assert "nearest: mail" in result.stderr


@pytest.mark.parametrize("setting", ["a", "=x"])
def test_a_setting_without_name_or_value_is_refused(setting: str) -> None:
    result = run("eval", "[a]", "--set", setting)
    assert result.exit_code == 2
    assert "--set name=value" in result.stderr


def test_a_file_of_cases_passes(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "expression": "[a]", "attributes": {"a": True}, "expected": "True"},
        {"id": "2", "expression": "[a]", "attributes": {"a": ["x", "y"]}, "expected": ["x", "y"]},
        {"id": "3", "expression": "[a]", "attributes": {}, "expected": None},
        {"id": "4", "expression": "[a", "expected": {"$error": True}},
        {"id": "5", "expression": "IgnoreFlowIfNullOrEmpty([a])", "expected": {"$flow": "ignore-attribute"}},
        {"id": "6", "expression": "Guid()", "expected": {"$regex": "^[0-9a-f-]{36}$"}},
        {"id": "7", "expression": "Now()", "now": "7/30/2025 9:00:00 AM", "expected": "7/30/2025 9:00:00 AM"},
        {"id": "8", "expression": "DefaultDomain()", "context": {"defaultDomain": "d"}, "expected": "d"},
        {
            "id": "9",
            "expression": 'SelectUniqueValue("a", "b")',
            "context": {"taken": ["a"]},
            "expected": "b",
        },
        {"id": "10", "expression": '"x"', "expected": "y", "accept": ["x"], "strict": False},
        {
            "id": "11",
            "expression": "RandomString(6, 3, 0, 0, 3)",
            "expected": {"$random": {"length": 6, "digits_min": 3}},
        },
        {"id": "12", "expression": "IsNull([a])", "attributes": {"a": ""}, "expected": "False"},
    ]
    result = run("test", case_file(tmp_path, *rows))
    assert (result.stdout, result.exit_code) == ("12 passed, 0 failed\n", 0)


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    result = run("test", case_file(tmp_path))
    assert result.exit_code == 2
    assert "has no case in it" in result.stderr


def test_a_failing_row_is_shown_with_what_came(tmp_path: Path) -> None:
    rows = [
        {"id": "good", "expression": '"x"', "expected": "x"},
        {"id": "bad", "expression": '"x"', "expected": "y"},
    ]
    path = case_file(tmp_path, *rows)
    result = run("test", path)
    assert result.exit_code == 1
    assert result.stdout == '✗ bad\n  expected  "y"\n  actual    "x"\n1 passed, 1 failed\n'
    document = json.loads(run("test", path, "--json").stdout)
    assert (document["passed"], document["failed"]) == (1, 1)
    assert (
        document["rows"][1].items() >= {"id": "bad", "passed": False, "expected": "y", "actual": "x"}.items()
    )


def test_accepted_outcomes_count_for_rows_that_are_not_strict_only(tmp_path: Path) -> None:
    row = {"id": "1", "expression": '"x"', "expected": "y", "accept": ["x"], "strict": True}
    assert run("test", case_file(tmp_path, row)).exit_code == 1


@pytest.mark.parametrize(
    "row",
    [
        {"expression": "[a]"},
        {"expected": "x"},
        {"expression": 5, "expected": "x"},
        {"expression": "[a]", "attributes": ["a"], "expected": "x"},
        {"expression": "[a]", "expected": {"$other": 1}},
        {"expression": '"a"', "expected": {"$regex": "("}},
        {"expression": "[a]", "expected": {}},
        {"expression": "[a]", "expected": "x", "now": "later"},
        {"expression": "[a]", "expected": "x", "context": {"taken": "a"}},
        "text",
    ],
)
def test_a_row_that_is_no_case_ends_with_2(tmp_path: Path, row: Any) -> None:
    result = run("test", case_file(tmp_path, row))
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert run("test", str(tmp_path / "none.jsonl")).exit_code == 2


def test_functions_are_listed_and_explained() -> None:
    assert "Join(separator, source, …)\n" in run("functions").stdout
    assert "left out together with their separator" in run("functions", "Join").stdout
    wrong = run("functions", "join")
    assert (wrong.exit_code, "nearest is Join" in wrong.stderr) == (2, True)


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not on this machine")
def test_every_documented_case_passes() -> None:
    result = run("test", str(CASES))
    assert result.exit_code == 0, result.stdout
