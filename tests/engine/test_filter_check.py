import pytest

from tests.engine.world import clause
from xtsync_tui.engine.default_schema import SOURCE_DIRECTORY, default_schema
from xtsync_tui.engine.filter_check import FilterProblem, check_filter, is_valid
from xtsync_tui.engine.rules import attribute_definitions
from xtsync_tui.engine.scoping import from_portal

KNOWN = attribute_definitions(default_schema("job"), SOURCE_DIRECTORY)


def check(*groups: dict[str, object]) -> list[FilterProblem]:
    return check_filter({"groups": from_portal(groups)}, KNOWN)


def codes(*groups: dict[str, object]) -> list[str]:
    return [problem.code for problem in check(*groups)]


@pytest.mark.parametrize(
    "attribute",
    ["userType", "manager", "appRoleAssignments", "members", "proxyAddresses", "employeeHireDate"],
)
def test_an_attribute_that_filters_cannot_use_is_an_error(attribute: str) -> None:
    problems = check(clause(attribute, "EQUALS", "x"))
    assert not is_valid(problems)


@pytest.mark.parametrize("attribute", ["accountExpires", "createdDateTime", "otherMails", "manager"])
def test_without_a_schema_such_attributes_are_known_by_name(attribute: str) -> None:
    assert not is_valid(check_filter({"groups": from_portal([clause(attribute, "EQUALS", "x")])}))


def test_a_wrong_letter_case_is_named_with_the_right_one() -> None:
    [problem] = check(clause("Department", "EQUALS", "x"))
    assert problem.code == "unknownAttribute"
    assert "department" in problem.message


@pytest.mark.parametrize("operator", ["IsMemberOf", "Contains", ""])
def test_an_unknown_operator_is_an_error(operator: str) -> None:
    assert codes(clause("department", operator, "x")) == ["unknownOperator"]


@pytest.mark.parametrize("operator", ["Greater_Than", "Greater_Than_OR_EQUALS"])
def test_numbers_are_compared_with_whole_numbers_only(operator: str) -> None:
    assert codes(clause("extensionAttribute1", operator, "ten")) == ["notAnInteger"]
    assert codes(clause("extensionAttribute1", operator, "1.5")) == ["notAnInteger"]
    assert is_valid(check(clause("extensionAttribute1", operator, "10")))


def test_a_value_is_needed_by_operators_that_compare() -> None:
    assert codes(clause("department", "EQUALS")) == ["missingValue"]
    assert is_valid(check(clause("department", "IS NULL")))


def test_a_pattern_has_to_be_one() -> None:
    assert codes(clause("department", "REGEX MATCH", "(")) == ["invalidPattern"]


@pytest.mark.parametrize(
    ("operator", "value", "code"),
    [
        ("REGEX MATCH", "Sales", "unanchored"),
        ("EQUALS", "Sales ", "blanks"),
        ("NOT EQUALS", "Sales", "emptyIsOut"),
        ("&", "Sales", "unclear"),
        ("IS NULL", "Sales", "ignoredValue"),
    ],
)
def test_a_surprise_is_a_warning_only(operator: str, value: str, code: str) -> None:
    problems = check(clause("department", operator, value))
    assert code in [problem.code for problem in problems]
    assert is_valid(problems)


def test_a_problem_says_where_it_is() -> None:
    [problem] = check(clause("city", "EQUALS", "x"), clause("manager", "EQUALS", "x"))
    assert (problem.group, problem.clause) == (1, 0)


def test_an_empty_group_lets_everyone_pass_and_says_so() -> None:
    assert codes({"title": "empty", "clauses": []}) == ["emptyGroup"]


def test_an_operator_for_another_type_is_a_warning() -> None:
    assert codes(clause("department", "IS TRUE")) == ["unusualType"]


def test_the_filter_of_the_default_schema_is_valid() -> None:
    rule = default_schema("job")["synchronizationRules"][0]
    assert check_filter(rule["objectMappings"][0]["scope"], KNOWN) == []
