"""Checks the names and argument counts of a parsed expression, as the service does when a mapping is saved.

Not documented what is checked then and what at run time: grammar, function names, argument counts and
attribute names on saving; values at run time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.registry import Form, Function, Origin, Parameter
from xtsync_tui.engine.expressions.functions.replace import MODES
from xtsync_tui.engine.expressions.functions.siblings import CONNECT_ONLY
from xtsync_tui.engine.expressions.problems import Problem, nearest_name
from xtsync_tui.engine.expressions.syntax import (
    Attribute,
    Call,
    Node,
    Number,
    Omitted,
    Word,
    quote,
    to_text,
    walk,
)
from xtsync_tui.engine.values import Flow


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A bare word: what it is for, where it is documented, and the decision it stands for if it is one."""

    help: str
    flow: Flow | None = None
    origin: Origin = Origin.PROVISIONING


WORDS = {
    "vbTextCompare": KnownWord("InStr ignores letter case"),
    "vbBinaryCompare": KnownWord("InStr compares with letter case"),
    "IgnoreAttributeFlow": KnownWord("leaves the attribute out for this object", Flow.IGNORE_ATTRIBUTE),
    "IgnoreObjectFlow": KnownWord("skips the whole object", Flow.IGNORE_OBJECT),
    "UTF8": KnownWord("an encoding of ConvertFromBase64", origin=Origin.CLOUD_SYNC),
    "ASCII": KnownWord("an encoding of ConvertFromBase64", origin=Origin.CLOUD_SYNC),
    "Unicode": KnownWord("an encoding of ConvertFromBase64", origin=Origin.CLOUD_SYNC),
}


def offered() -> list[str]:
    """Return the functions that an expression of this job may hold, for suggestions."""
    return sorted(name for name, function in REGISTRY.items() if function.origin is Origin.PROVISIONING)


def check(tree: Node, attributes: Iterable[str] | None = None) -> Problem | None:
    """Return the first problem of names and counts, None if there is none.

    With ``attributes``, a name that is not among them is a problem as well.
    """
    known = None if attributes is None else set(attributes)
    for node in walk(tree):
        problem = None
        if isinstance(node, Call):
            problem = _call(node)
        elif isinstance(node, Word) and node.name not in WORDS:
            problem = _word(node)
        elif isinstance(node, Attribute) and known is not None and node.name not in known:
            problem = _attribute(node, known)
        if problem:
            return problem
    return _alone(tree)


def _alone(tree: Node) -> Problem | None:
    """Return the problem of a part that is no expression on its own."""
    if isinstance(tree, Number | Word):
        message = "a constant on its own is written in double quotes"
        return _at(tree, message, "bare-constant", quote(to_text(tree)))
    return None


def miscased(tree: Node, attributes: Iterable[str]) -> Problem | None:
    """Return a problem if an attribute differs from one of ``attributes`` by its letter case only."""
    names = set(attributes)
    lowered = {name.lower() for name in names}
    for node in walk(tree):
        if isinstance(node, Attribute) and node.name not in names and node.name.lower() in lowered:
            return _attribute(node, names)
    return None


def _at(
    node: Node, message: str, code: str, expected: str = "", nearest: str = "", width: int = 0
) -> Problem:
    return Problem(node.start, width or node.end - node.start, message, code, expected, nearest)


def _attribute(node: Attribute, known: set[str]) -> Problem:
    nearest = nearest_name(node.name, known)
    wrong_case = nearest.lower() == node.name.lower()
    message = "wrong letter case in attribute" if wrong_case else "unknown attribute"
    code = "attribute-case" if wrong_case else "unknown-attribute"
    return _at(node, f"{message} {node.name}", code, "", nearest)


def _word(node: Word) -> Problem:
    if node.name in REGISTRY:
        return _at(node, f"{node.name} is a function", "bare-word", f"{node.name}(")
    nearest = nearest_name(node.name, [*WORDS, *REGISTRY])
    return _at(node, f"unknown word {node.name}", "unknown-word", '"text" or an [attribute]', nearest)


def _call(node: Call) -> Problem | None:
    function = REGISTRY.get(node.name)
    if function is None:
        return _unknown(node)
    return _too_many(node, function) or _missing(node, function) or _combination(node, function)


def _unknown(node: Call) -> Problem:
    width = len(node.name)
    if node.name in CONNECT_ONLY:
        message = f"{node.name} is a function of Entra Connect Sync, not of provisioning"
        return _at(node, message, "sibling-function", width=width)
    nearest = nearest_name(node.name, REGISTRY)
    if nearest.lower() == node.name.lower():
        return _at(node, f"wrong letter case in {node.name}", "function-case", "", nearest, width)
    return _at(node, f"unknown function {node.name}", "unknown-function", "", nearest, width)


def parameter_of(form: Form, place: int) -> Parameter:
    """Return the parameter of the argument number ``place``, counting repeating ones on."""
    if place < len(form):
        return form[place]
    tail = [parameter for parameter in form if parameter.repeating]
    return tail[(place - len(form)) % len(tail)]


def _too_many(node: Call, function: Function) -> Problem | None:
    form, count = function.form(len(node.arguments)), len(node.arguments)
    tail = sum(parameter.repeating for parameter in form)
    if count > len(form) and not tail:
        extra = node.arguments[len(form)]
        message = f"{function.name} takes {len(form)} arguments, not {count}"
        length = max(node.end - 1 - extra.start, 1)
        return Problem(extra.start, length, message, "argument-count", function.signature)
    if tail > 1 and (count < len(form) or (count - len(form)) % tail):
        message = f"{function.name} takes an even number of arguments, 4 or more, not {count}"
        return _at(node, message, "argument-count", function.signature)
    return None


def _missing(node: Call, function: Function) -> Problem | None:
    form = function.form(len(node.arguments))
    for place in range(max(len(form), len(node.arguments))):
        parameter = parameter_of(form, place)
        given = node.arguments[place] if place < len(node.arguments) else None
        if parameter.required and (given is None or isinstance(given, Omitted)):
            message = f"{function.name} needs {parameter.name}"
            at = node.end - 1 if given is None else given.start
            return Problem(at, 1, message, "argument-missing", function.signature)
    return None


def _combination(node: Call, function: Function) -> Problem | None:
    if function.name != "Replace":
        return None
    given = [not isinstance(argument, Omitted) for argument in node.arguments[1:]]
    if frozenset(place for place, is_given in enumerate(given) if is_given) in MODES:
        return None
    expected = "oldValue with replacementValue or template, or regexPattern with replacementValue"
    return _at(
        node, "Replace does nothing with this combination of arguments", "argument-combination", expected
    )
