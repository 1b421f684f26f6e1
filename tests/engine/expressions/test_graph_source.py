from typing import Any

from tests.engine.expressions.evaluation import compiled, context
from xtsync_tui.engine.expressions import from_source, function_definitions, parse_expression, to_source

REPLACE = 'Replace([preferredLanguage], "-", , , "_", , )'


def _body(expression: str, **properties: Any) -> dict[str, Any]:
    test = [{"key": key, "value": value} for key, value in properties.items()]
    return {"expression": expression, "testInputObject": {"definition": None, "properties": test}}


def test_parse_expression_answers_as_the_sample_of_graph() -> None:
    answer = parse_expression(_body(REPLACE, preferredLanguage="EN-US", proxyAddresses=""), context())
    assert answer["parsingSucceeded"]
    assert answer["evaluationSucceeded"]
    assert answer["evaluationResult"] == ["EN_US"]
    assert answer["error"] is None
    parsed = answer["parsedExpression"]
    assert (parsed["type"], parsed["name"], parsed["expression"]) == ("Function", "Replace", REPLACE)
    assert [part["key"] for part in parsed["parameters"]] == ["source", "Find", "Replacement"]
    assert parsed["parameters"][1]["value"] == {
        "expression": '"-"',
        "name": "-",
        "parameters": [],
        "type": "Constant",
    }


def test_parse_expression_tells_parsing_from_evaluation() -> None:
    wrong = parse_expression(_body("Replce([a])"), context())
    assert (wrong["parsingSucceeded"], wrong["evaluationSucceeded"]) == (False, False)
    assert "nearest: Replace" in wrong["error"]["message"]
    failing = parse_expression(_body("CDate([a])", a="x"), context())
    assert (failing["parsingSucceeded"], failing["evaluationSucceeded"]) == (True, False)
    assert failing["error"]["code"] == "EvaluationFailed"
    only_parsed = parse_expression({"expression": "[a]"}, context())
    assert (only_parsed["parsingSucceeded"], only_parsed["evaluationSucceeded"]) == (True, False)
    assert not parse_expression(_body("[A]"), context(), ["a"])["parsingSucceeded"]


def test_several_values_and_no_flow_are_lists() -> None:
    assert parse_expression(_body("[a]", a=["x", "y"]), context())["evaluationResult"] == ["x", "y"]
    ignored = parse_expression(_body("IgnoreFlowIfNullOrEmpty([a])"), context())
    assert (ignored["evaluationSucceeded"], ignored["evaluationResult"]) == (True, [])


def test_a_source_of_the_service_is_read_by_its_keys() -> None:
    source = to_source(compiled(REPLACE).tree)
    assert from_source(source) == REPLACE
    del source["expression"]
    assert from_source(source) == REPLACE
    assert from_source({"type": "Attribute", "name": "mail"}) == "[mail]"
    assert from_source({"type": "Constant", "name": 'a"b'}) == '"a\\"b"'
    unknown = {
        "type": "Function",
        "name": "New",
        "parameters": [{"key": "k", "value": {"type": "Attribute", "name": "a"}}],
    }
    assert from_source(unknown) == "New([a])"


def test_function_definitions_have_graphs_shape() -> None:
    definitions = {each["name"]: each["parameters"] for each in function_definitions()}
    assert definitions["DefaultDomain"] == []
    assert definitions["Append"][1] == {
        "allowMultipleOccurrences": False,
        "name": "suffix",
        "required": True,
        "type": "String",
    }
    assert [each["name"] for each in definitions["FormatDateTime"]] == [
        "source",
        "inputFormat",
        "outputFormat",
    ]
    assert "Trim" not in definitions
