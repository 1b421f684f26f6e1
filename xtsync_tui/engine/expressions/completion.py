"""What an editor offers at the caret: candidates, the signature of the call around it, help texts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from xtsync_tui.engine.expressions.check import WORDS, offered, parameter_of
from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.registry import Function, Origin


class CandidateKind(Enum):
    """What a candidate is."""

    FUNCTION = "function"
    ATTRIBUTE = "attribute"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that fits at the caret: it replaces ``start`` to ``end`` and puts the caret at ``caret``.

    ``detail`` is the signature of a function, the type of an attribute or the meaning of a word.
    """

    name: str
    text: str
    kind: CandidateKind
    detail: str
    start: int
    end: int
    caret: int


@dataclass(frozen=True, slots=True)
class Description:
    """The help of a function."""

    name: str
    signature: str
    help: str
    example: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Signature:
    """The call around the caret: its function and the number of the argument the caret is in.

    ``parameter`` is that argument's name, "" when there are more arguments than the function takes.
    """

    description: Description
    argument: int
    parameter: str


def _described(function: Function) -> Description:
    return Description(function.name, function.signature, function.help, function.example, function.origin)


def describe(name: str) -> Description | None:
    """Return the help of the function ``name``, None if there is none."""
    return _described(REGISTRY[name]) if name in REGISTRY else None


def signatures() -> tuple[Description, ...]:
    """Return the help of every function offered for application provisioning, by name."""
    return tuple(_described(REGISTRY[name]) for name in offered())


_TOKENS = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*(?P<closed>")?)|(?P<attribute>\[[^\]]*(?P<bracket>\])?)'
    r"|(?P<call>[^\W\d]\w*)\s*\(|(?P<word>[^\W\d]\w*)|(?P<comma>,)|(?P<close>\))|(?P<other>.)",
    re.DOTALL,
)


def signature_at(text: str, position: int) -> Signature | None:
    """Return the call whose argument the caret is in, None outside of calls and for unknown functions."""
    calls: list[tuple[str, int]] = []
    for token in _TOKENS.finditer(text[:position]):
        if token["call"]:
            calls.append((token["call"], 0))
        elif token["comma"] and calls:
            calls[-1] = (calls[-1][0], calls[-1][1] + 1)
        elif token["close"] and calls:
            calls.pop()
    name, argument = calls[-1] if calls else ("", 0)
    if name not in REGISTRY:
        return None
    form = REGISTRY[name].parameters
    known = argument < len(form) or any(parameter.repeating for parameter in form)
    parameter = parameter_of(form, argument).name if known else ""
    return Signature(_described(REGISTRY[name]), argument, parameter)


def complete(text: str, position: int, attribute_types: Mapping[str, str]) -> tuple[Candidate, ...]:
    """Return what fits at the caret: functions, words and source attributes, best ones first.

    Inside a constant nothing fits; behind an opening square bracket only attributes do. ``attribute_types``
    has Graph's type of each source attribute.
    """
    tokens = list(_TOKENS.finditer(text[:position]))
    token = tokens[-1] if tokens else None
    if token is not None and (token["string"] or token["bracket"]):
        return ()
    if token is not None and token["attribute"]:
        typed, start = token["attribute"][1:], token.start()
        return _attributes(text, typed, start, position, attribute_types)
    typed = (token["word"] or "") if token is not None else ""
    start = position - len(typed)
    if not typed:
        return ()
    return (
        *_functions(text, typed, start, position),
        *_attributes(text, typed, start, position, attribute_types),
    )


def _fitting(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that begin with what was typed, then those that hold it, each by name."""
    wanted = typed.lower()
    held = [name for name in names if wanted in name.lower()]
    return sorted(held, key=lambda name: (not name.lower().startswith(wanted), name.lower()))


_WORD_REST = re.compile(r"\w*")
_CALL_REST = re.compile(r"\w*(\(?)")
_ATTRIBUTE_REST = re.compile(r"[\w.:-]*\]?")


def _functions(text: str, typed: str, start: int, position: int) -> list[Candidate]:
    rest = _CALL_REST.match(text, position)
    end, bracketed = (rest.end(), bool(rest[1])) if rest else (position, False)
    words = [name for name, word in WORDS.items() if word.origin is Origin.PROVISIONING]
    found: list[Candidate] = []
    for name in _fitting(typed, [*offered(), *words]):
        if name in WORDS:
            word_end = end - bracketed
            detail = WORDS[name].help
            found.append(
                Candidate(name, name, CandidateKind.WORD, detail, start, word_end, start + len(name))
            )
            continue
        function = REGISTRY[name]
        shown = f"{name}(" if bracketed else f"{name}()"
        caret = start + len(name) + (1 if function.parameters or bracketed else 2)
        found.append(Candidate(name, shown, CandidateKind.FUNCTION, function.signature, start, end, caret))
    return found


def _attributes(
    text: str, typed: str, start: int, position: int, types: Mapping[str, str]
) -> tuple[Candidate, ...]:
    rest = _ATTRIBUTE_REST.match(text, position) if text[start : start + 1] == "[" else None
    rest = rest or _WORD_REST.match(text, position)
    end = rest.end() if rest else position
    return tuple(
        Candidate(name, f"[{name}]", CandidateKind.ATTRIBUTE, types[name], start, end, start + len(name) + 2)
        for name in _fitting(typed, types)
    )
