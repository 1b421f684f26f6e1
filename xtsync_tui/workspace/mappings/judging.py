"""What is wrong with a mapping while it is being written, and what to know about it."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xtsync_tui.engine.expressions import Hint, Problem, compile_expression, lint
from xtsync_tui.engine.mapping import Row as Compiled
from xtsync_tui.workspace.mappings.crowd import Person
from xtsync_tui.workspace.mappings.draft import (
    Draft,
    Kind,
    Mapping,
    as_raw,
    problems_of,
    raw_row,
    target_types,
)
from xtsync_tui.workspace.mappings.trial import Bench, attributes_of
from xtsync_tui.workspace.people_records import UNREADABLE
from xtsync_tui.workspace.setup.answers import USER_TYPES


@dataclass(frozen=True, slots=True)
class Judged:
    """A mapping judged: ``problem`` has the place in the expression, ``refusals`` are why it cannot be kept.

    ``row`` tries it on people, None when it cannot be tried.
    """

    mapping: Mapping
    problem: Problem | None = None
    refusals: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    row: Compiled | None = None

    @property
    def good(self) -> bool:
        """Whether it can be kept."""
        return self.problem is None and not self.refusals


def judge(draft: Draft, mapping: Mapping, bench: Bench, types: MappingOf[str, str]) -> Judged:
    """Judge ``mapping`` in the place of the one for its target.

    It can take a quarter of a second when a constant part of an expression is costly to evaluate.
    """
    if not mapping.target:
        return Judged(mapping, refusals=("Target: choose an attribute",))
    if mapping.kind in {Kind.DIRECT, Kind.CONSTANT} and not mapping.text:
        what = "an attribute of SOURCE" if mapping.kind is Kind.DIRECT else "a value"
        return Judged(mapping, refusals=(f"Value: choose {what}",))
    if mapping.kind is Kind.EXPRESSION:
        return _expression(draft, mapping, bench, types)
    values = allowed(draft, mapping.target) if mapping.kind is Kind.CONSTANT else ()
    if values and mapping.text.casefold() not in {value.casefold() for value in values}:
        # The service takes any text here, and fails everybody then ["howto-analyze-provisioning-logs"].
        return Judged(
            mapping, refusals=(f"{mapping.target} is {' or '.join(values)}: nothing else can be written",)
        )
    row = bench.compile([as_raw(mapping, raw_row(draft.document, mapping.target))])[0]
    return Judged(mapping, None, _refusals(draft, mapping), (), row)


def allowed(draft: Draft, target: str) -> tuple[str, ...]:
    """Return the only constants that an attribute of TARGET takes, none when it takes any text."""
    if target == "userType":
        return USER_TYPES
    return ("true", "false") if target_types(draft.document).get(target) == "Boolean" else ()


def lacking(row: Compiled, people: Sequence[Person]) -> tuple[str, ...]:
    """Return how many people have no value of what an expression reads, a line for each attribute."""
    if row.kind != "Function":
        return ()
    lines = []
    for name in sorted(attributes_of(row) - UNREADABLE, key=row.source.find):
        count = sum(not person.record.get(name) for person in people)
        if count:
            have = (
                f"{count:,} {'person' if count == 1 else 'people'} in scope {'has' if count == 1 else 'have'}"
            )
            joined = ": Join leaves it out" if row.source.startswith("Join(") else ""
            lines.append(f"{have} no {name}{joined}")
    return tuple(lines)


def _refusals(draft: Draft, mapping: Mapping) -> tuple[str, ...]:
    return tuple(problem.message for problem in problems_of(draft, mapping))


def _expression(draft: Draft, mapping: Mapping, bench: Bench, types: MappingOf[str, str]) -> Judged:
    """Judge an expression, compiled once: for the rest a short one that reads the same stands in for it."""
    compiled = compile_expression(mapping.text, types)
    if isinstance(compiled, Problem):
        return Judged(mapping, compiled)
    read = ", ".join(f"[{name}]" for name in sorted(compiled.attributes))
    short = replace(mapping, text=f'Join("", {read})' if read else 'Join("", "")')
    row = bench.compile([as_raw(short, raw_row(draft.document, mapping.target))])[0]
    context = bench.context()
    row = replace(
        row, source=mapping.text, evaluate=bench.named(row, lambda record: compiled.evaluate(record, context))
    )
    return Judged(mapping, None, _refusals(draft, short), lint(mapping.text, types), row)
