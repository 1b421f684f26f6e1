"""Quirks of the service that an expression may run into, as warnings for the editor.

Sources: the cautions of "functions for customizing application data" and "customize application attributes".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from xtsync_tui.engine.expressions.check import WORDS, check
from xtsync_tui.engine.expressions.functions import REGISTRY, patterns
from xtsync_tui.engine.expressions.functions.registry import FunctionError, Origin
from xtsync_tui.engine.expressions.problems import Problem
from xtsync_tui.engine.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Concatenation,
    Node,
    Text,
    Word,
    children,
    parse,
)


@dataclass(frozen=True, slots=True)
class Hint:
    """A warning with its place in the text; the expression works without heeding it."""

    position: int
    length: int
    code: str
    message: str


_PRESENCE = {"IsPresent", "IsNull", "IsNullOrEmpty"}
_ROLES = {
    "AppRoleAssignments",
    "AppRoleAssignmentsComplex",
    "AssertiveAppRoleAssignmentsComplex",
    "SingleAppRoleAssignment",
}

_WARNED = {
    "SelectUniqueValue": (
        "unique-value",
        "SelectUniqueValue is not supported with cross-tenant synchronization",
    ),
    "RandomString": ("new-each-time", "a new value each time: apply the mapping during object creation only"),
    "Guid": ("new-each-time", "a new value each time: apply the mapping during object creation only"),
    "DefaultDomain": ("default-domain", "not documented which tenant's domain: here the source's"),
    "AltSecIdFromNetId": ("matching-only", "belongs to the matching row, which cannot be edited"),
}
"""Functions that get a warning wherever they stand."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, the calls around it from the outermost in, and its place among the last one's arguments."""

    node: Node
    around: tuple[Node, ...]
    place: int

    @property
    def parent(self) -> str:
        return self.around[-1].name if self.around and isinstance(self.around[-1], Call) else ""


def lint(expression: str, attribute_types: Mapping[str, str]) -> tuple[Hint, ...]:
    """Return the warnings of an expression in the order of its text; a `Problem` of it comes as the only one.

    ``attribute_types`` has Graph's type (String, Reference, ...) of each source attribute; when it is empty
    names are not checked.
    """
    tree = parse(expression)
    problem = tree if isinstance(tree, Problem) else check(tree, attribute_types or None)
    if problem or isinstance(tree, Problem):
        return (Hint(problem.position, problem.length, problem.code, str(problem)),) if problem else ()
    hints = {
        Hint(place.node.start, place.node.end - place.node.start, code, message)
        for place in _places(tree, (), 0)
        for rule in _RULES
        for code, message in rule(place, attribute_types)
    }
    return tuple(sorted(hints, key=lambda hint: (hint.position, -hint.length, hint.code)))


def _places(node: Node, around: tuple[Node, ...], place: int) -> Iterator[_Place]:
    yield _Place(node, around, place)
    for number, child in enumerate(children(node)):
        yield from _places(child, (*around, node), number)


_Found = Iterator[tuple[str, str]]


def _of_calls(place: _Place, _types: Mapping[str, str]) -> _Found:
    node = place.node
    if not isinstance(node, Call):
        return
    if node.name in _WARNED:
        yield _WARNED[node.name]
    if node.name in _ROLES:
        yield "roles", "roles do not flow in cross-tenant synchronization"
    if REGISTRY[node.name].origin is Origin.CLOUD_SYNC:
        yield "sibling-function", f"{node.name} is documented for cloud sync only: the service may refuse it"
    if node.name == "SelectUniqueValue" and place.around:
        yield "unique-value-inside", "SelectUniqueValue has to be the outermost function"
    if node.name in {"ToLower", "ToUpper", "PCase"} and not place.around:
        yield "case-only", "a change of letter case only is written if the target attribute is caseExact"
    if node.name == "Append" and isinstance(node.arguments[0], Attribute):
        yield "append-absent", "without a value of the attribute the suffix alone comes out"


def _of_conditions(place: _Place, _types: Mapping[str, str]) -> _Found:
    node = place.node
    in_condition = place.parent == "IIF" and place.place == 0
    if in_condition and _asks_presence(node):
        message = 'IIF fails on an absent attribute, by the documentation: use Switch([a], [a], "", "other")'
        yield "iif-null-condition", message
    if in_condition and isinstance(node, Call) and node.name == "IgnoreFlowIfNullOrEmpty":
        yield "ignore-flow-condition", "IgnoreFlowIfNullOrEmpty wraps an expression, it is no condition"
    if isinstance(node, Comparison) and not in_condition and place.parent != "CBool":
        yield "comparison-place", "comparisons are documented in the condition of IIF and in CBool only"


def _asks_presence(node: Node) -> bool:
    if isinstance(node, Comparison):
        return any(isinstance(side, Text) and not side.value for side in (node.left, node.right))
    return isinstance(node, Call) and node.name in _PRESENCE


def _of_switch(place: _Place, types: Mapping[str, str]) -> _Found:
    node = place.node
    if not isinstance(node, Call) or node.name != "Switch":
        return
    source, default = node.arguments[:2]
    wrapped = any(isinstance(call, Call) and call.name == "IgnoreFlowIfNullOrEmpty" for call in place.around)
    if default.end > default.start and not wrapped:
        message = "may give nothing when the source attribute did not change: wrap in IgnoreFlowIfNullOrEmpty"
        yield "switch-default", message
    if isinstance(source, Call) and source.name in _PRESENCE:
        yield "switch-presence", f"{source.name} as the source of Switch is warned against"
    if isinstance(source, Attribute) and types.get(source.name) == "Reference":
        yield "switch-reference", "Switch does not work with reference attributes"


def _of_words(place: _Place, _types: Mapping[str, str]) -> _Found:
    node = place.node
    if isinstance(node, Word) and WORDS[node.name].flow:
        yield "ignore-flow-word", f"{node.name} is documented for HR sources only"
    elif isinstance(node, Word) and WORDS[node.name].origin is Origin.CLOUD_SYNC:
        yield "sibling-function", f"{node.name} is documented for cloud sync only"
    if isinstance(node, Concatenation):
        yield "sibling-function", "& is documented for cloud sync only: use Join"


def _of_patterns(place: _Place, _types: Mapping[str, str]) -> _Found:
    node = place.node
    if not isinstance(node, Call) or node.name != "Replace" or len(node.arguments) < 3:
        return
    pattern, group = node.arguments[2], node.arguments[3] if len(node.arguments) > 3 else None
    if not isinstance(pattern, Text):
        return
    try:
        compiled = patterns.compile_pattern(pattern.value)
    except FunctionError as error:
        yield "pattern-invalid", str(error)
        return
    if isinstance(group, Text) and compiled.group(group.value) is None:
        yield "pattern-group", f"the regular expression has no group {group.value}"


_RULES: tuple[Callable[[_Place, Mapping[str, str]], _Found], ...] = (
    _of_calls,
    _of_conditions,
    _of_switch,
    _of_words,
    _of_patterns,
)
