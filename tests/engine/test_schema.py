"""The default schema, and what may be changed about it."""

import copy
from typing import Any

import pytest

from tests.engine.world import edited_schema
from xtsync_tui.engine.default_schema import (
    RULE_ID,
    SOURCE_DIRECTORY,
    TARGET_DIRECTORY,
    attribute_source,
    constant_source,
    default_schema,
    filter_operators,
    row,
)
from xtsync_tui.engine.rules import attribute_definitions, user_mapping
from xtsync_tui.engine.schema_check import REQUIRED_TARGETS, check_schema

Schema = dict[str, Any]


def edited(**changes: Any) -> Schema:
    """Return the default schema with the source (None: without the row) of some target attributes changed."""
    schema = default_schema("job")
    mapping = user_mapping(schema)[1]
    rows = {found["targetAttributeName"]: found for found in mapping["attributeMappings"]}
    for target, source in changes.items():
        if source is None:
            del rows[target]
        else:
            rows[target] = {**rows.get(target, row(target, {})), "source": source}
    mapping["attributeMappings"] = list(rows.values())
    return schema


def function(text: str) -> dict[str, Any]:
    return {"expression": text, "name": text.partition("(")[0], "type": "Function", "parameters": []}


def where(new: Schema) -> list[str]:
    problems = check_schema(default_schema("job"), new)
    assert {problem.code for problem in problems} <= {"schemaInvalid"}
    return [problem.where for problem in problems]


def test_the_default_schema_has_the_documented_rows_in_order() -> None:
    rule, mapping = user_mapping(default_schema("job"))
    rows = mapping["attributeMappings"]
    names = [found["targetAttributeName"] for found in rows]
    assert rule["id"] == RULE_ID
    assert len(names) == len(set(names)) == 23
    assert names[:3] == ["alternativeSecurityIds", "IsSoftDeleted", "accountEnabled"]
    assert names[-3:] == ["showInAddressList", "mail", "userType"]
    assert [found["targetAttributeName"] for found in rows if found["matchingPriority"]] == names[:1]
    assert rows[-1]["flowType"] == "ObjectAddOnly"
    assert rows[-1]["source"]["expression"] == '"Member"'


def test_every_mapped_attribute_is_defined() -> None:
    schema = default_schema("job")
    sources = attribute_definitions(schema, SOURCE_DIRECTORY)
    targets = attribute_definitions(schema, TARGET_DIRECTORY)
    for found in user_mapping(schema)[1]["attributeMappings"]:
        assert found["targetAttributeName"] in targets
        if found["source"]["type"] == "Attribute":
            assert found["source"]["name"] in sources
    assert targets["manager"]["type"] == "Reference"
    assert targets["alternativeSecurityIds"]["multivalued"]
    assert "userType" not in sources


def test_each_schema_is_a_document_of_its_own() -> None:
    first = default_schema("job")
    user_mapping(first)[1]["scope"]["inputFilterGroups"][0]["clauses"].clear()
    assert user_mapping(default_schema("job"))[1]["scope"]["inputFilterGroups"][0]["clauses"]


def test_the_filter_operators_are_told_in_graphs_shape() -> None:
    operators = {operator["name"]: operator for operator in filter_operators()}
    assert operators["EQUALS"] == {
        "name": "EQUALS",
        "arity": "Binary",
        "multivaluedComparisonType": "All",
        "supportedAttributeTypes": ["String", "Integer"],
    }
    assert operators["IS NULL"]["arity"] == "Unary"
    assert len(operators) == 14


def test_an_unchanged_schema_may_be_saved() -> None:
    assert where(copy.deepcopy(default_schema("job"))) == []


@pytest.mark.parametrize("target", sorted(REQUIRED_TARGETS))
def test_a_required_row_cannot_be_removed(target: str) -> None:
    assert target in where(edited(**{target: None}))


def test_another_row_can_be_removed_or_changed() -> None:
    assert where(edited(city=None, department=function("ToUpper([department], )"))) == []


def test_the_matching_row_cannot_be_changed_and_no_second_one_added() -> None:
    assert where(edited(alternativeSecurityIds=attribute_source("netId"))) == ["alternativeSecurityIds"]
    second = edited()
    user_mapping(second)[1]["attributeMappings"][-2]["matchingPriority"] = 2
    assert where(second) == ["mail"]


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("proxyAddresses", attribute_source("proxyAddresses")),
        ("otherMails", attribute_source("mail")),
        ("userType", attribute_source("department")),
        ("City", attribute_source("city")),
        ("city", attribute_source("City")),
        ("city", attribute_source("userType")),
        ("city", attribute_source("extension_abc_unknown")),
        ("city", function('Append([Department], "x")')),
        ("city", function("nonsense(")),
        ("city", function('Append([city], "' + "x" * 10_000 + '")')),
    ],
)
def test_a_row_that_cannot_work_is_refused(target: str, source: dict[str, Any]) -> None:
    assert target in where(edited(**{target: source}))


def test_an_expression_problem_comes_with_its_place() -> None:
    [problem] = check_schema(default_schema("job"), edited(city=function('Append([city], "x"')))
    assert problem.problem is not None
    assert problem.problem.position > 0


def test_user_type_takes_another_constant() -> None:
    assert where(edited(userType=constant_source("Guest"))) == []


def test_an_attribute_mapped_twice_is_refused() -> None:
    schema = edited()
    user_mapping(schema)[1]["attributeMappings"].append(row("city", attribute_source("state")))
    assert where(schema) == ["city"]


def test_a_filter_that_cannot_be_saved_is_refused_with_the_schema() -> None:
    clauses = [{"attribute": "manager", "operator": "EQUALS", "value": "x"}]
    assert where(edited_schema({"title": "f", "clauses": clauses})) == ["scope"]


def test_a_schema_without_users_is_refused() -> None:
    assert where({"synchronizationRules": []}) == ["objectMappings"]
