"""Replace, whose given arguments decide what it does ("functions for customizing application data")."""

from collections.abc import Sequence

from xtsync_tui.engine.expressions.functions import patterns
from xtsync_tui.engine.expressions.functions.numbers import MAX_TEXT, bounded
from xtsync_tui.engine.expressions.functions.registry import (
    Context,
    Evaluate,
    FunctionError,
    Parameter,
    lazy_function,
    optional,
)
from xtsync_tui.engine.values import Record, Value

OLD, PATTERN, GROUP, NEW, OTHER, TEMPLATE = range(6)

MODES: dict[frozenset[int], str] = {
    frozenset({OLD, NEW}): "text",
    frozenset({OLD, TEMPLATE}): "template",
    frozenset({PATTERN, NEW}): "pattern",
    frozenset({PATTERN, GROUP, NEW}): "group",
    frozenset({PATTERN, GROUP, OTHER}): "other",
}
"""The combinations of optional arguments that mean something."""

_Arguments = Sequence[Evaluate | None]


@lazy_function(
    "Replace",
    Parameter("source"),
    optional("oldValue", graph_name="Find"),
    optional("regexPattern", graph_name="RegEx"),
    optional("regexGroupName", graph_name="RegExGroupName"),
    optional("replacementValue", graph_name="Replacement"),
    optional("replacementAttributeName", graph_name="ReplacementAttributeName"),
    optional("template", graph_name="Template"),
    help="Replaces parts of a text, with letter case. oldValue with replacementValue: every occurrence. "
    "oldValue with template: every occurrence in the template, by the source. regexPattern with "
    "replacementValue: every match, ${name} standing for a group. With regexGroupName: only what the group "
    "captured. regexPattern, regexGroupName and replacementAttributeName: the source if present, else what "
    "the group captures in the other attribute.",
    example='Replace([mail], "@contoso.com", , , "", , ) gives john.doe',
)
def replace(arguments: _Arguments) -> Evaluate:
    """Return a call of the mode that the given arguments select."""
    source, *rest = arguments
    given = {place: argument for place, argument in enumerate(rest) if argument}
    mode = MODES.get(frozenset(given))
    if source is None or mode is None:
        return _no_mode

    def run(record: Record, context: Context) -> Value:
        text = source(record, context)
        if mode == "other":
            return text or _other(given, record, context)
        # Not documented for an absent source: empty text.
        if not text or not isinstance(text, str):
            return ""
        values = {place: str(value(record, context) or "") for place, value in given.items()}
        return _replaced(mode, text, values)

    return run


def _no_mode(_record: Record, _context: Context) -> Value:
    raise FunctionError("no known combination of arguments")


def _other(given: dict[int, Evaluate], record: Record, context: Context) -> Value:
    # Not documented for no match: an absent value.
    values = {place: str(value(record, context) or "") for place, value in given.items()}
    return patterns.captured(patterns.compile_pattern(values[PATTERN]), values[GROUP], values[OTHER])


def _replaced(mode: str, text: str, values: dict[int, str]) -> str:
    if mode == "text":
        return _plain(text, values[OLD], values[NEW])
    if mode == "template":
        return _plain(values[TEMPLATE], values[OLD], text)
    pattern = patterns.compile_pattern(values[PATTERN])
    if mode == "pattern":
        return patterns.replace_matches(pattern, values[NEW], text)
    return patterns.replace_group(pattern, values[GROUP], values[NEW], text)


def _plain(text: str, old: str, new: str) -> str:
    if not old:
        raise FunctionError("the text to replace is empty")
    if len(text) * len(new) > MAX_TEXT and len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
        return bounded(" " * (MAX_TEXT + 1))
    return text.replace(old, new)
