"""Trees as Graph's attributeMappingSource and back, and the answers of the Graph calls about expressions.

Shapes: "attributeMappingSource", "functionDefinition" and "synchronizationSchema: parseExpression".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xtsync_tui.engine.expressions.check import offered, parameter_of
from xtsync_tui.engine.expressions.compile import Compiled, compile_expression
from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.registry import Context, Form, Kind, Parameter
from xtsync_tui.engine.expressions.problems import EvaluationError, Problem
from xtsync_tui.engine.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Concatenation,
    Node,
    Number,
    Omitted,
    Text,
    Word,
    quote,
    to_text,
)
from xtsync_tui.engine.values import Value, to_value

Source = dict[str, Any]
"""An attributeMappingSource: type, name, expression and parameters, a list of key and value."""

_OPERATORS = ("=", "<>", ">=", "<=", ">", "<")


def to_source(tree: Node) -> Source:
    """Return a tree as Graph's attributeMappingSource, which does not name arguments left out."""
    match tree:
        case Attribute(name):
            return _source("Attribute", name, tree)
        case Text(value=value) | Number(value=value):
            return _source("Constant", value, tree)
        case Word(name):
            return _source("Constant", name, tree)
        case Call(name, arguments):
            return _source("Function", name, tree, _keyed(name, arguments))
        # Not documented for a comparison and for "&": a function that has the operator as its name.
        case Comparison(left, operator, right):
            return _source("Function", operator, tree, [("left", left), ("right", right)])
        case Concatenation(operands):
            return _source("Function", "&", tree, [("source", operand) for operand in operands])
        case _:
            raise ValueError("an argument that was left out has no source")


def _source(kind: str, name: str, node: Node, arguments: Iterable[tuple[str, Node]] = ()) -> Source:
    parameters = [{"key": key, "value": to_source(argument)} for key, argument in arguments]
    return {"expression": to_text(node), "name": name, "parameters": parameters, "type": kind}


def _keyed(name: str, arguments: tuple[Node, ...]) -> list[tuple[str, Node]]:
    form = _form(name, len(arguments))
    return [
        (parameter_of(form, place).key if form else "source", argument)
        for place, argument in enumerate(arguments)
        if not isinstance(argument, Omitted)
    ]


def _form(name: str, count: int) -> Form:
    return REGISTRY[name].form(count) if name in REGISTRY else ()


def from_source(source: Mapping[str, Any]) -> str:
    """Return the text of an attributeMappingSource: its own ``expression``, else one made of its parts."""
    expression = source.get("expression")
    if isinstance(expression, str) and expression.strip():
        return expression
    name = str(source.get("name") or "")
    if source.get("type") == "Attribute":
        return f"[{name}]"
    if source.get("type") != "Function":
        return quote(name)
    parts = [(str(part["key"]), from_source(part["value"])) for part in source.get("parameters") or []]
    if name in {*_OPERATORS, "&"}:
        return f" {name} ".join(text for _, text in parts)
    return f"{name}({', '.join(_slots(name, parts))})"


def _slots(name: str, parts: list[tuple[str, str]]) -> list[str]:
    """Return the arguments in the places that their keys name, empty where one was left out."""
    form = _matching_form(name, {key for key, _ in parts})
    slots: list[str] = []
    for key, text in parts:
        place = _place(form, key, len(slots))
        slots += [""] * (place - len(slots)) + [text]
    open_end = any(parameter.repeating for parameter in form)
    return slots if open_end else slots + [""] * (len(form) - len(slots))


def _matching_form(name: str, keys: set[str]) -> Form:
    forms = REGISTRY[name].forms if name in REGISTRY else ((),)
    fitting = (form for form in reversed(forms) if keys == {parameter.key for parameter in form})
    return next(fitting, forms[0])


def _place(form: Form, key: str, first: int) -> int:
    """Return the next place, from ``first``, whose parameter has this key; ``first`` if none has."""
    open_end = bool(form) and form[-1].repeating
    places = range(first, first + len(form) if open_end else len(form))
    return next((place for place in places if parameter_of(form, place).key == key), first)


_GRAPH_TYPES = {Kind.INTEGER: "Integer", Kind.BOOLEAN: "Boolean"}


def function_definitions() -> list[dict[str, Any]]:
    """Return what Graph's ``schema/functions`` lists: name and parameters of each function.

    FormatDateTime has three parameters there, without the styles.
    """
    return [
        {"name": name, "parameters": [_definition(parameter) for parameter in REGISTRY[name].forms[-1]]}
        for name in [*offered(), "AltSecIdFromNetId"]
    ]


def _definition(parameter: Parameter) -> dict[str, Any]:
    return {
        "allowMultipleOccurrences": parameter.repeating,
        "name": parameter.key,
        "required": parameter.required,
        "type": _GRAPH_TYPES.get(parameter.kind, "String"),
    }


def parse_expression(
    body: Mapping[str, Any], context: Context, attributes: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return the answer of Graph's ``schema/parseExpression`` to a request body.

    With ``attributes``, the names of the source schema, other names fail to parse. Not documented without a
    ``testInputObject``: nothing is evaluated.
    """
    compiled = compile_expression(str(body.get("expression") or ""), attributes)
    if isinstance(compiled, Problem):
        return _answer(error=_error("InvalidExpression", compiled))
    source = to_source(compiled.tree)
    test = body.get("testInputObject")
    if not isinstance(test, Mapping):
        return _answer(source)
    try:
        return _answer(source, _result(compiled, test, context))
    except EvaluationError as error:
        return _answer(source, error=_error("EvaluationFailed", error))


def _result(compiled: Compiled, test: Mapping[str, Any], context: Context) -> list[str]:
    record: dict[str, Value] = {
        str(item.get("key")): to_value(item.get("value")) for item in test.get("properties") or []
    }
    value = compiled.evaluate(record, context)
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, tuple) else []


def _answer(
    source: Source | None = None, result: list[str] | None = None, error: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "error": error,
        "evaluationSucceeded": result is not None,
        "evaluationResult": result or [],
        "parsedExpression": source,
        "parsingSucceeded": source is not None,
    }


def _error(code: str, problem: Problem | EvaluationError) -> dict[str, Any]:
    message = f"{problem} (position {problem.position})"
    return {"code": code, "message": message, "target": None, "details": [], "innerError": None}
