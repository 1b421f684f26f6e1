"""What holds for every expression, and for every text that is none."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.expressions.evaluation import context
from xtsync_tui.engine.expressions import (
    Compiled,
    EvaluationError,
    Problem,
    compile_expression,
    complete,
    from_source,
    lint,
    parse,
    signature_at,
    to_source,
    to_text,
)
from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.registry import Kind
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
)
from xtsync_tui.engine.values import Flow, Record, Value

NAMES = st.sampled_from(["givenName", "surname", "extension_0a_x", "urn:a:b.c-d", "list"])
RECORD: Record = {"givenName": "Lena", "surname": None, "extension_0a_x": "7", "list": ("a", "b")}

LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Attribute, NAMES),
    st.builds(Text, st.text(max_size=8)),
    st.builds(Text, st.sampled_from(["\\", '"', '\\"', "d", "yyyy-MM-dd", "2021-02-03", "(a)", "&HF"])),
    st.builds(Number, st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,2})?", fullmatch=True)),
    st.builds(Number, st.from_regex(r"&H[0-9A-F]{1,4}", fullmatch=True)),
    st.builds(Word, st.sampled_from(["vbTextCompare", "IgnoreAttributeFlow"])),
)


def _calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.sampled_from(sorted(REGISTRY)).flatmap(lambda name: _call(name, inner))


def _call(name: str, inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return calls that a checker accepts, but for the combinations of Replace."""
    slots = [
        st.builds(Number, st.integers(-3, 99).map(str))
        if parameter.kind is Kind.INTEGER
        else inner
        if parameter.required
        else inner | st.builds(Omitted)
        for parameter in REGISTRY[name].parameters
    ]
    return st.tuples(*slots).map(lambda arguments: Call(name, arguments))


def _pairs(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    compared = st.builds(Comparison, inner, st.sampled_from(["=", "<>", "<", ">="]), inner)
    condition = st.builds(lambda c, a, b: Call("IIF", (c, a, b)), compared, inner, inner)
    joined = st.lists(inner.filter(lambda node: not isinstance(node, Concatenation)), min_size=2, max_size=3)
    return condition | joined.map(lambda operands: Concatenation(tuple(operands)))


TREES = st.recursive(LEAVES, lambda inner: _calls(inner) | _pairs(inner), max_leaves=12)
OUTER = _calls(TREES) | st.builds(Attribute, NAMES) | st.builds(Text, st.text(max_size=8))


@given(TREES)
def test_a_tree_survives_being_text(tree: Node) -> None:
    assert parse(to_text(tree)) == tree


def _without_text(source: dict[str, Any]) -> dict[str, Any]:
    """Return a source whose functions have parts only, so that the text has to be made of them."""
    if source["type"] != "Function":
        return source
    parts = [{"key": part["key"], "value": _without_text(part["value"])} for part in source["parameters"]]
    return {"type": "Function", "name": source["name"], "parameters": parts}


def _result(text: str) -> object:
    compiled = compile_expression(text)
    return compiled.code if isinstance(compiled, Problem) else _outcome(compiled, RECORD)


def _outcome(compiled: Compiled, record: Record) -> Value | Flow | EvaluationError:
    try:
        return compiled.evaluate(record, context())
    except EvaluationError as error:
        return error


@given(OUTER)
@settings(deadline=None)
def test_a_tree_survives_being_a_graph_source(tree: Node) -> None:
    text = from_source(_without_text(to_source(tree)))
    assert not isinstance(parse(text), Problem)
    assert str(_result(text)) == str(_result(to_text(tree)))


@given(OUTER)
@settings(deadline=None)
def test_every_expression_ends_in_a_value_a_decision_or_an_error(tree: Node) -> None:
    text = to_text(tree)
    found: object = compile_expression(text)
    if isinstance(found, Compiled):
        found = _outcome(found, RECORD)
    if isinstance(found, Problem | EvaluationError):
        assert 0 <= found.position <= found.position + found.length <= len(text)
        assert found.message
    else:
        assert found is None or isinstance(found, str | tuple | Flow)


FRAGMENTS = st.sampled_from(
    [*'()[],"\\&=<>%- \n', "IIF(", "Join(", "Replace(", "[a]", '"x"', "&HF", "1.5", "é", "\ud800"]
)


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=20).map("".join), st.data())
@settings(deadline=None)
def test_no_text_crashes_the_editor(text: str, data: st.DataObject) -> None:
    caret = data.draw(st.integers(0, len(text)))
    _result(text)
    lint(text, {"a": "String"})
    signature_at(text, caret)
    for candidate in complete(text, caret, {"a": "String"}):
        assert candidate.start <= caret <= candidate.end
    found = parse(text)
    if isinstance(found, Problem):
        assert 0 <= found.position <= len(text)


@given(st.text(alphabet='()[]{}?*+|\\^$.-:=!<>akpPLIsdDwb0129,&"', max_size=12), st.text(max_size=6))
@settings(deadline=None)
def test_no_pattern_or_replacement_crashes_replace(pattern: str, text: str) -> None:
    compiled = compile_expression("Replace([text], , [pattern], , [pattern], , )")
    assert isinstance(compiled, Compiled)
    assert isinstance(_outcome(compiled, {"text": text, "pattern": pattern}), str | EvaluationError)


@given(st.text(max_size=12), st.text(alphabet="dfFghHKmMstyz'\"\\%:/.- Tx", max_size=12))
def test_no_format_crashes_a_date(text: str, pattern: str) -> None:
    compiled = compile_expression('FormatDateTime([text], "AllowWhiteSpaces", [pattern], [pattern])')
    plain = compile_expression('FormatDateTime("2021-02-03T04:05:06", "s", [pattern])')
    for each in (compiled, plain):
        assert isinstance(each, Compiled)
        assert isinstance(_outcome(each, {"text": text, "pattern": pattern}), str | EvaluationError)
