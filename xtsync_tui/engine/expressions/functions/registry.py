"""What a function of the language is, and how its Python form is entered among the functions.

Everything that needs to know about functions reads this registry: argument checks, signatures, completion,
and the list that Graph's ``schema/functions`` gives.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from xtsync_tui.engine.values import Record, Value


def _nothing_taken(_value: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """What an evaluation may ask from outside the record.

    ``now`` gives an aware time. ``default_domain`` is that of the tenant the job runs in, None if it has
    none. Not documented which tenant "the current tenant" of DefaultDomain is: the source. ``taken`` tells
    whether a value is already used in the target, for SelectUniqueValue.
    """

    now: Callable[[], datetime]
    random: random.Random
    default_domain: str | None = None
    taken: Callable[[str], bool] = _nothing_taken


Evaluate = Callable[[Record, Context], Value]
"""A compiled part of an expression. Flow decisions and failures leave it as exceptions."""

Build = Callable[[Sequence["Evaluate | None"]], Evaluate]
"""Makes one call from its compiled arguments; None stands for an argument that was left out."""


class FunctionError(ValueError):
    """A function has no result for these values; the compiler adds the place in the text."""


def excerpt(value: object) -> str:
    """Return the start of a value, short enough for a message."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


class Kind(Enum):
    """What an argument has to be, or a result is. The value is Graph's name of the type."""

    TEXT = "String"
    INTEGER = "Integer"
    BOOLEAN = "Boolean"
    DATE = "DateTime"
    LIST = "Collection"
    ANY = "Any"


class Origin(Enum):
    """Where a function is documented, and so where it works."""

    PROVISIONING = "app provisioning"
    CROSS_TENANT = "cross-tenant synchronization"
    CLOUD_SYNC = "cloud sync"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a function. ``graph_name`` is the key Graph uses where it differs."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    repeating: bool = False
    graph_name: str = ""

    @property
    def key(self) -> str:
        """The key of the parameter in Graph's attributeMappingSource."""
        return self.graph_name or self.name


Form = tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its name, the parameter lists it takes, its help, and what makes a call of it."""

    name: str
    forms: tuple[Form, ...]
    result: Kind
    help: str
    example: str
    origin: Origin
    pure: bool
    build: Build

    @property
    def parameters(self) -> Form:
        """The parameters of the documented form."""
        return self.forms[0]

    @property
    def signature(self) -> str:
        """The name with its parameters: optional ones in brackets, an ellipsis if the last may repeat."""
        shown = [each.name if each.required else f"[{each.name}]" for each in self.parameters]
        if any(each.repeating for each in self.parameters):
            shown.append("…")
        return f"{self.name}({', '.join(shown)})"

    def form(self, count: int) -> Form:
        """Return the parameters for ``count`` arguments: the documented ones unless others fit exactly."""
        return next((form for form in self.forms[1:] if len(form) == count), self.forms[0])


def optional(name: str, kind: Kind = Kind.TEXT, graph_name: str = "") -> Parameter:
    """Return a parameter that may be left out."""
    return Parameter(name, kind, required=False, graph_name=graph_name)


def repeating(name: str, kind: Kind = Kind.TEXT) -> Parameter:
    """Return a parameter that may be given several times at the end."""
    return Parameter(name, kind, repeating=True)


REGISTRY: dict[str, Function] = {}


def _absent(_record: Record, _context: Context) -> Value:
    return None


def _eager(evaluator: Callable[..., Value], with_context: bool) -> Build:
    def build(arguments: Sequence[Evaluate | None]) -> Evaluate:
        runs = [argument or _absent for argument in arguments]
        if with_context:
            return lambda record, context: evaluator(context, *[run(record, context) for run in runs])
        if len(runs) == 1:
            only = runs[0]
            return lambda record, context: evaluator(only(record, context))
        return lambda record, context: evaluator(*[run(record, context) for run in runs])

    return build


def function(
    name: str,
    *parameters: Parameter,
    help: str,  # noqa: A002 - the word of the domain
    example: str,
    result: Kind = Kind.TEXT,
    origin: Origin = Origin.PROVISIONING,
    pure: bool = True,
    with_context: bool = False,
    other_form: Form | None = None,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Enter a function of values: every argument is evaluated first, None stands for one left out.

    ``pure`` is False when equal arguments need not give equal results. ``with_context`` passes the context
    as first argument. ``other_form`` is a second parameter list, told apart by its length.
    """

    def enter(evaluator: Callable[..., Value]) -> Callable[..., Value]:
        build = _eager(evaluator, with_context)
        forms = (parameters, other_form) if other_form else (parameters,)
        pure_too = pure and not with_context
        REGISTRY[name] = Function(name, forms, result, help, example, origin, pure_too, build)
        return evaluator

    return enter


def lazy_function(
    name: str,
    *parameters: Parameter,
    help: str,  # noqa: A002 - the word of the domain
    example: str,
    result: Kind = Kind.TEXT,
    pure: bool = True,
) -> Callable[[Build], Build]:
    """Enter a builder of calls: it gets the compiled arguments and decides which to evaluate, and when."""

    def enter(build: Build) -> Build:
        REGISTRY[name] = Function(
            name, (parameters,), result, help, example, Origin.PROVISIONING, pure, build
        )
        return build

    return enter
