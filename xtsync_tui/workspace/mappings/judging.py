"""What is wrong with a mapping while it is being written, and what to know about it."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from xtsync_tui.engine.expressions import Hint, Problem, compile_expression, lint
from xtsync_tui.engine.mapping import Row as Compiled
from xtsync_tui.workspace.mappings.draft import Draft, Kind, Mapping, as_raw, problems_of, raw_row
from xtsync_tui.workspace.mappings.trial import Bench


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
    hints: tuple[Hint, ...] = ()
    if mapping.kind is Kind.EXPRESSION:
        compiled = compile_expression(mapping.text, types)
        if isinstance(compiled, Problem):
            return Judged(mapping, compiled)
        hints = lint(mapping.text, types)
    refusals = tuple(problem.message for problem in problems_of(draft, mapping))
    row = bench.compile([as_raw(mapping, raw_row(draft.document, mapping.target))])[0]
    return Judged(mapping, None, refusals, hints, row)
