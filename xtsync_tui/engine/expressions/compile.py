"""Turns the tree of an expression into closures, once, so that a record costs a few calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xtsync_tui.engine.expressions.check import WORDS, check, parameter_of
from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.conditions import FlowDecided, compare
from xtsync_tui.engine.expressions.functions.numbers import integer
from xtsync_tui.engine.expressions.functions.registry import Context, Evaluate, FunctionError, Kind
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
    parse,
    walk,
)
from xtsync_tui.engine.values import Flow, Record, Value


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be evaluated many times. ``attributes`` are the source attributes it reads."""

    text: str
    tree: Node
    attributes: frozenset[str]
    run: Evaluate

    def evaluate(self, record: Record, context: Context) -> Value | Flow:
        """Return the value for one source object, or the decision that nothing flows.

        Raises EvaluationError, with the place in the text, when there is no result for this object.
        """
        try:
            return self.run(record, context)
        except FlowDecided as decision:
            return decision.flow


def compile_expression(text: str, attributes: Iterable[str] | None = None) -> Compiled | Problem:
    """Return the expression ready to evaluate, or the first thing that is wrong with it.

    With ``attributes``, the names the source has, any other name is a problem too.
    """
    tree = parse(text)
    if isinstance(tree, Problem):
        return tree
    problem = check(tree, attributes)
    if problem:
        return problem
    names = frozenset(node.name for node in walk(tree) if isinstance(node, Attribute))
    return Compiled(text, tree, names, _build(tree).run)


@dataclass(frozen=True, slots=True)
class _Part:
    """A compiled node: ``fixed`` if it has the same value for all records."""

    run: Evaluate
    fixed: bool = False


def _build(node: Node) -> _Part:
    match node:
        case Attribute(name):
            return _Part(lambda record, _context: record.get(name))
        case Text(value=value) | Number(value=value):
            return _constant(value)
        case Word(name):
            return _word(name)
        case Call():
            return _call(node)
        case Comparison():
            return _comparison(node)
        case Concatenation(operands):
            return _concatenation(operands)
        case _:
            raise AssertionError(node)


def _constant(value: Value) -> _Part:
    return _Part(lambda _record, _context: value, fixed=True)


def _word(name: str) -> _Part:
    flow = WORDS[name].flow
    if flow is None:
        return _constant(name)

    def decide(_record: Record, _context: Context) -> Value:
        raise FlowDecided(flow)

    return _Part(decide)


def _comparison(node: Comparison) -> _Part:
    left, right, operator = _build(node.left), _build(node.right), node.operator

    def run(record: Record, context: Context) -> Value:
        return "True" if compare(left.run(record, context), operator, right.run(record, context)) else "False"

    return _Part(_placed(run, node))


def _concatenation(operands: tuple[Node, ...]) -> _Part:
    runs = [_one_text(_build(operand).run, operand) for operand in operands]
    return _Part(lambda record, context: "".join([str(run(record, context) or "") for run in runs]))


def _call(node: Call) -> _Part:
    function = REGISTRY[node.name]
    form = function.form(len(node.arguments))
    runs: list[Evaluate | None] = []
    fixed = function.pure
    for place, argument in enumerate(node.arguments):
        if isinstance(argument, Omitted):
            runs.append(None)
            continue
        part = _build(argument)
        fixed = fixed and part.fixed
        runs.append(_converted(part, argument, parameter_of(form, place).kind))
    runs += [None] * (len(form) - len(runs))
    run = _placed(function.build(runs), node)
    return _folded(run) if fixed else _Part(run)


def _folded(run: Evaluate) -> _Part:
    """Evaluate a call of constants now; one that fails stays as it is and fails for each record."""
    try:
        return _constant(run({}, None))  # type: ignore[arg-type]  # a pure function has no context
    except (EvaluationError, FlowDecided):
        return _Part(run)


def _placed(run: Evaluate, node: Node) -> Evaluate:
    """Give a failure of a function its place in the text."""
    start, length = node.start, node.end - node.start

    def placed(record: Record, context: Context) -> Value:
        try:
            return run(record, context)
        except FunctionError as error:
            raise EvaluationError(str(error), start, length) from None

    return placed


def _converted(part: _Part, node: Node, kind: Kind) -> Evaluate:
    """Return the argument as its function needs it: any value, one text, or a whole number."""
    if kind is Kind.INTEGER:
        return _whole_number(part, node)
    if kind is Kind.ANY or _is_one_text(node):
        return part.run
    return _one_text(part.run, node)


def _is_one_text(node: Node) -> bool:
    if isinstance(node, Call):
        return REGISTRY[node.name].result not in {Kind.ANY, Kind.LIST}
    return isinstance(node, Text | Number | Word)


def _one_text(run: Evaluate, node: Node) -> Evaluate:
    def one(record: Record, context: Context) -> Value:
        value = run(record, context)
        if value.__class__ is tuple:
            # Not documented what other functions make of several values.
            message = "several values where one text is needed"
            raise EvaluationError(message, node.start, node.end - node.start)
        return value

    return one


def _whole_number(part: _Part, node: Node) -> Evaluate:
    run = part.run

    def number(record: Record, context: Context) -> Any:
        try:
            return integer(run(record, context))
        except FunctionError as error:
            raise EvaluationError(str(error), node.start, node.end - node.start) from None

    if part.fixed:
        try:
            return _constant(number({}, None)).run  # type: ignore[arg-type]  # a constant has no context
        except EvaluationError:
            return number
    return number
