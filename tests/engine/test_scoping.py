import pytest

from tests.engine.world import clause
from xtsync_tui.engine.operators import OPERATORS, find
from xtsync_tui.engine.scoping import compile_groups, from_portal
from xtsync_tui.engine.values import Value


def judge(value: Value, operator: str, wanted: str | None = None) -> bool | None:
    return compile_groups(from_portal([clause("a", operator, wanted)])).judge({"a": value})


@pytest.mark.parametrize(
    ("operator", "wanted", "passes", "fails"),
    [
        ("EQUALS", "Sales", "Sales", "sales"),
        ("NOT EQUALS", "Sales", "sales", "Sales"),
        ("IS TRUE", None, "True", "False"),
        ("IS FALSE", None, "False", "True"),
        ("REGEX MATCH", "[1-9][0-9]", "x10y", "7"),
        ("NOT REGEX MATCH", "^S", "Xs", "Sx"),
        ("Greater_Than", "100", "101", "100"),
        ("Greater_Than", "-5", " -4 ", "-5"),
        ("Greater_Than_OR_EQUALS", "100", "100", "99"),
        ("Greater_Than", "9", "10", "9.5"),
        ("Includes", "ann", "Joanna", "ANNA"),
        ("ENDS_WITH", "@x.com", "a@x.com", "a@x.com "),
        ("&", "Sales,HR", "HR", "IT"),
        ("!&", "Sales,HR", "IT", "HR"),
    ],
)
def test_an_operator_asks_what_its_page_says(operator: str, wanted: str, passes: str, fails: str) -> None:
    assert judge(passes, operator, wanted) is True
    assert judge(fails, operator, wanted) is False


@pytest.mark.parametrize("operator", [operator.name for operator in OPERATORS])
def test_only_is_null_is_true_without_a_value(operator: str) -> None:
    for empty in (None, "", ()):
        assert judge(empty, operator, "1") is (operator == "IS NULL")
    assert judge("x", "IS NULL") is False


@pytest.mark.parametrize("spelling", ["greater_than", "GREATER THAN", "Greater_Than"])
def test_graph_may_spell_an_operator_in_its_own_way(spelling: str) -> None:
    found = find(spelling)
    assert found is not None
    assert found.name == "Greater_Than"


def test_an_unknown_operator_or_pattern_cannot_be_told() -> None:
    assert judge("x", "Valid Cert Match", "y") is None
    assert judge("x", "REGEX MATCH", "(") is None


def test_a_pattern_that_takes_too_long_cannot_be_told() -> None:
    assert judge("a" * 100 + "!", "REGEX MATCH", "^(a|aa)+$") is None


def test_every_one_of_several_values_has_to_pass() -> None:
    assert judge(("Sales", "Sales"), "EQUALS", "Sales") is True
    assert judge(("Sales", "IT"), "EQUALS", "Sales") is False


def both(department: str, country: str) -> dict[str, object]:
    clauses = [
        {"attribute": "department", "operator": "EQUALS", "value": department},
        {"attribute": "country", "operator": "EQUALS", "value": country},
    ]
    return {"title": "both", "clauses": clauses}


def test_clauses_are_joined_by_and_and_groups_by_or() -> None:
    scope = compile_groups(from_portal([both("Sales", "US"), clause("department", "EQUALS", "IT")]))
    assert scope.judge({"department": "Sales", "country": "US"}) is True
    assert scope.judge({"department": "IT"}) is True
    assert scope.judge({"department": "Sales", "country": "DE"}) is False


def test_no_groups_let_everyone_pass() -> None:
    assert compile_groups([]).judge({}) is True
    assert compile_groups(None).judge({}) is True


def test_what_cannot_be_told_only_counts_where_it_decides() -> None:
    unknown = clause("a", "Present", "x")
    sales = clause("department", "EQUALS", "Sales")
    either = compile_groups(from_portal([unknown, sales]))
    assert either.judge({"department": "Sales"}) is True
    assert either.judge({"department": "IT"}) is None
    mixed = {"title": "m", "clauses": [*unknown["clauses"], *sales["clauses"]]}
    assert compile_groups(from_portal([mixed])).judge({"department": "IT"}) is False
    assert compile_groups(from_portal([mixed])).judge({"department": "Sales"}) is None


def test_each_clause_is_told_in_the_form_of_the_log() -> None:
    groups = [
        clause("department", "EQUALS", "Marketing", "Marketing department filter"),
        clause("mail", "IS NULL"),
    ]
    assert compile_groups(from_portal(groups)).explain({"department": "Marketing", "mail": "x"}) == {
        "Marketing department filter.department EQUALS 'Marketing'": True,
        "filter.mail IS NULL": False,
    }


def test_the_attributes_of_a_filter_are_known() -> None:
    assert compile_groups(from_portal([both("a", "b")])).attributes == {"department", "country"}
