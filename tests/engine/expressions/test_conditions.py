import json

import pytest

from tests.engine.expressions.evaluation import compiled, context, value
from xtsync_tui.engine.expressions import EvaluationError
from xtsync_tui.engine.values import Flow


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"2" < "10"', "yes"),
        ('"2x" < "10"', "no"),
        ('"a" = "A"', "no"),
        ('"1.0" = 1', "yes"),
        ('[absent] = ""', "yes"),
        ('"b" <> "a"', "yes"),
        ("3 >= 3", "yes"),
        ("3 <= 2", "no"),
        ("[enabled]", "yes"),
        ('"true"', "yes"),
        ("0", "no"),
        ("[absent]", "no"),
    ],
)
def test_conditions_compare_numbers_as_numbers_and_text_as_text(condition: str, expected: str) -> None:
    assert value(f'IIF({condition}, "yes", "no")', enabled="True") == expected


def test_a_condition_that_is_no_truth_fails_with_its_place() -> None:
    with pytest.raises(EvaluationError, match="True, False or a number"):
        value('IIF("maybe", "yes", "no")')


def test_only_the_chosen_branch_is_evaluated() -> None:
    assert value('IIF("1" = "1", "a", Error("no"))') == "a"
    assert value('Switch("x", Error("no"), "y", Error("no"), "x", "found", Error("no"), "z")') == "found"
    assert value('Coalesce([a], Error("no"))', a="first") == "first"


def test_switch_matches_in_order_with_letter_case() -> None:
    text = 'Switch([a], "other", "x", "first", "x", "second", "", "nothing")'
    assert [value(text, a=a) for a in ("x", "X", "", None)] == ["first", "other", "nothing", "nothing"]


def test_switch_without_a_default_gives_nothing() -> None:
    assert value('Switch([a], , "x", "1")', a="y") is None


@pytest.mark.parametrize(
    ("text", "absent", "empty", "full"),
    [
        ("IsNull([a])", "True", "False", "False"),
        ("IsNullOrEmpty([a])", "True", "True", "False"),
        ("IsPresent([a])", "False", "False", "True"),
        ("IsString([a])", "False", "True", "True"),
        ('Coalesce([a], "d")', "d", "", "x"),
    ],
)
def test_absent_and_empty_are_told_apart(text: str, absent: str, empty: str, full: str) -> None:
    assert [value(text, a=a) for a in (None, "", "x")] == [absent, empty, full]


def test_flow_decisions_leave_the_functions_around_them() -> None:
    assert value('Join("-", "a", IgnoreFlowIfNullOrEmpty([a]))') is Flow.IGNORE_ATTRIBUTE
    assert value('IIF([a] = "x", IgnoreObjectFlow, "y")', a="x") is Flow.IGNORE_OBJECT
    assert value('IIF([a] = "x", IgnoreObjectFlow, "y")', a="z") == "y"


def test_truth_values_print_as_words() -> None:
    assert value("CBool(&H0)") == "False"
    assert value('CBool("TRUE")') == "True"
    assert value('Not("True")') == "False"
    assert value("BitAnd(&HF, 247)") == "7"


def test_lists_keep_their_order() -> None:
    several = ("a", "b", "a")
    assert value("RemoveDuplicates([l])", l=several) == ("a", "b")
    assert value("Count([l])", l=several) == "3"
    assert value("Item([l], 2)", l=several) == "b"
    assert value('Split([t], ";")', t="a; b;") == ("a", "b", "")


@pytest.mark.parametrize("index", [0, 4, -1])
def test_an_item_beyond_the_list_fails(index: int) -> None:
    with pytest.raises(EvaluationError, match="no value number"):
        value(f"Item([l], {index})", l=("a", "b", "c"))


def test_a_list_of_constants_does_not_fit_where_one_text_is_needed() -> None:
    with pytest.raises(EvaluationError, match="several values"):
        value('ToLower(Split("a,b", ","))')


def test_role_functions_give_role_objects_and_names() -> None:
    objects = value("AppRoleAssignmentsComplex([r])", r=("Admin",))
    assert isinstance(objects, tuple)
    assert json.loads(objects[0])["displayName"] == "Admin"
    assert value("SingleAppRoleAssignment([r])", r=("Admin", "User")) == "Admin"


def test_the_first_value_that_is_not_taken_wins() -> None:
    select = compiled('SelectUniqueValue("a", "b")')
    assert select.evaluate({}, context(taken=("a",))) == "b"
    with pytest.raises(EvaluationError, match="escrow"):
        select.evaluate({}, context(taken=("a", "b")))


def test_the_attributes_an_expression_reads_are_known() -> None:
    assert compiled('Join(" ", [givenName], Left([surname], 1))').attributes == {"givenName", "surname"}
