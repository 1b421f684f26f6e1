from typing import Any

import pytest

from tests.engine.world import CONTEXT, DOMAIN
from xtsync_tui.engine.default_schema import attribute_definition, attribute_source, constant_source, row
from xtsync_tui.engine.expressions import EvaluationError
from xtsync_tui.engine.mapping import (
    AttributeMapping,
    Change,
    IgnoredObject,
    Reference,
    compile_mapping,
    constant_text,
    external_name,
    kind_of,
)


def function(text: str) -> dict[str, Any]:
    return {"expression": text, "name": text.partition("(")[0], "type": "Function", "parameters": []}


def mapping(
    *rows: dict[str, Any], domain: str | None = None, **definitions: dict[str, Any]
) -> AttributeMapping:
    return compile_mapping(rows, attributes=definitions, context=CONTEXT, target_domain=domain)


CITY = row("city", attribute_source("city"))


def test_a_direct_value_is_written_where_it_differs() -> None:
    assert mapping(CITY).creation({"city": "Köln"}) == [Change("city", None, "Köln")]
    assert mapping(CITY).update({"city": "Köln"}, {"city": "Bonn"}) == [Change("city", "Bonn", "Köln")]
    assert mapping(CITY).update({"city": "Köln"}, {"city": "Köln"}) == []


@pytest.mark.parametrize("empty", [{}, {"city": None}])
def test_a_null_never_flows(empty: dict[str, None]) -> None:
    assert mapping(CITY).creation(empty) == []
    assert mapping(CITY).update(empty, {"city": "Bonn"}) == []


def test_letter_case_alone_is_no_change_unless_case_exact() -> None:
    assert mapping(CITY).update({"city": "BONN"}, {"city": "Bonn"}) == []
    exact = attribute_definition("city") | {"caseExact": True}
    assert mapping(CITY, city=exact).update({"city": "BONN"}, {"city": "Bonn"}) == [
        Change("city", "Bonn", "BONN")
    ]


def test_a_constant_and_an_expression_flow() -> None:
    rows = mapping(
        row("userType", constant_source("Member")), row("city", function('Append([city], "!")'))
    ).creation({"city": "Bonn"})
    assert rows == [Change("userType", None, "Member"), Change("city", None, "Bonn!")]


def test_a_row_for_creation_only_is_left_out_of_updates() -> None:
    rows = mapping(row("userType", constant_source("Member"), flow_type="ObjectAddOnly"))
    assert rows.creation({}) == [Change("userType", None, "Member")]
    assert rows.update({}, {"userType": "Guest"}) == []


def test_a_default_value_is_used_on_creation_only() -> None:
    rows = mapping(CITY | {"defaultValue": "Bonn"})
    assert rows.creation({}) == [Change("city", None, "Bonn")]
    assert rows.update({}, {}) == []


def test_a_row_of_type_none_fills_an_empty_attribute_with_its_default() -> None:
    rows = mapping(row("city", {"type": "None"}) | {"defaultValue": "Bonn"})
    assert rows.creation({}) == [Change("city", None, "Bonn")]
    assert rows.update({}, {}) == [Change("city", None, "Bonn")]
    assert rows.update({}, {"city": "Köln"}) == []


def test_flow_always_writes_what_is_there_already() -> None:
    rows = mapping(CITY | {"flowBehavior": "FlowAlways"})
    assert rows.update({"city": "Bonn"}, {"city": "Bonn"}) == [Change("city", "Bonn", "Bonn")]


def test_attribute_add_only_fills_an_empty_attribute() -> None:
    rows = mapping(row("city", attribute_source("city"), flow_type="AttributeAddOnly"))
    assert rows.update({"city": "Bonn"}, {}) == [Change("city", None, "Bonn")]
    assert rows.update({"city": "Bonn"}, {"city": "Köln"}) == []


@pytest.mark.parametrize("flow_type", ["MultiValueAddOnly", "ValueAddOnly"])
def test_value_add_only_adds_to_a_list_and_takes_nothing_away(flow_type: str) -> None:
    rows = mapping(row("tags", attribute_source("tags"), flow_type=flow_type))
    assert rows.update({"tags": ("b", "c")}, {"tags": ("a", "b")}) == [
        Change("tags", ("a", "b"), ("a", "b", "c"))
    ]
    assert rows.update({"tags": ("b",)}, {"tags": ("a", "b")}) == []


def test_one_text_equals_a_list_of_one_and_order_counts() -> None:
    rows = mapping(row("tags", attribute_source("tags")))
    assert rows.update({"tags": "a"}, {"tags": ("a",)}) == []
    assert rows.update({"tags": ("b", "a")}, {"tags": ("a", "b")}) == [Change("tags", ("a", "b"), ("b", "a"))]


def test_a_reference_waits_for_the_second_pass() -> None:
    rows = mapping(row("manager", attribute_source("manager")), CITY)
    assert rows.creation({"manager": "boss", "city": "Bonn"}) == [Change("city", None, "Bonn")]
    assert rows.referenced({"manager": "boss"}) == [Reference("manager", "boss")]
    assert rows.referenced({}) == []


def test_the_matching_value_is_that_of_the_first_precedence_with_one() -> None:
    rows = mapping(
        row("mail", attribute_source("mail"), matching=2), row("netId", attribute_source("netId"), matching=1)
    )
    assert rows.matching_value({"mail": "m", "netId": "n"}) == ("netId", "n")
    assert rows.matching_value({"mail": "m"}) == ("mail", "m")
    assert rows.matching_value({}) is None


def test_the_user_principal_name_becomes_that_of_an_external_user() -> None:
    rows = mapping(row("userPrincipalName", attribute_source("userPrincipalName")), domain=DOMAIN)
    name = external_name("anna@contoso.com", DOMAIN)
    assert name == "anna_contoso.com#EXT#@fabrikam.onmicrosoft.com"
    assert rows.creation({"userPrincipalName": "anna@contoso.com"}) == [
        Change("userPrincipalName", None, name)
    ]


def test_an_expression_that_does_not_compile_fails_each_object() -> None:
    rows = mapping(row("city", function("Nonsense(")))
    assert rows.rows[0].problem is not None
    with pytest.raises(EvaluationError):
        rows.creation({})


def test_an_expression_may_ignore_the_attribute_or_the_object() -> None:
    attribute = mapping(row("city", function('IIF([city]="x", IgnoreAttributeFlow, [city])')))
    assert attribute.creation({"city": "x"}) == []
    whole = mapping(row("city", function('IIF([city]="x", IgnoreObjectFlow, [city])')))
    with pytest.raises(IgnoredObject):
        whole.creation({"city": "x"})
    assert whole.creation({"city": "y"}) == [Change("city", None, "y")]


@pytest.mark.parametrize("text", ["Member", 'say "hi"', "a\\b", ""])
def test_a_constant_survives_its_quotes(text: str) -> None:
    assert constant_text(constant_source(text)) == text


def test_a_source_without_anything_is_of_type_none() -> None:
    assert kind_of(None) == "None"
    assert kind_of({"type": "Attribute", "name": "", "expression": ""}) == "None"
    assert kind_of({"type": "Attribute", "name": "city"}) == "Attribute"
    assert kind_of({"type": "Function", "expression": "Now()"}) == "Function"
    assert constant_text({"type": "Constant", "name": "Member"}) == "Member"


def test_an_unknown_flow_type_counts_as_always() -> None:
    rows = mapping(row("city", attribute_source("city"), flow_type="SomethingNew"))
    assert rows.update({"city": "Bonn"}, {}) == [Change("city", None, "Bonn")]
