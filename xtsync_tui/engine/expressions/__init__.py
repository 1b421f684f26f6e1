"""The expression language of attribute mappings ("functions for customizing application data").

`compile_expression` reads a text once; what comes back is evaluated for each source object. Everything wrong
with a text is a `Problem`, everything wrong with an object's values an `EvaluationError`.
"""

from xtsync_tui.engine.expressions.check import check, miscased
from xtsync_tui.engine.expressions.compile import Compiled, compile_expression
from xtsync_tui.engine.expressions.completion import (
    Candidate,
    CandidateKind,
    Description,
    Signature,
    complete,
    describe,
    signature_at,
    signatures,
)
from xtsync_tui.engine.expressions.functions.registry import Context
from xtsync_tui.engine.expressions.graph_source import (
    from_source,
    function_definitions,
    parse_expression,
    to_source,
)
from xtsync_tui.engine.expressions.lint import Hint, lint
from xtsync_tui.engine.expressions.problems import EvaluationError, Problem
from xtsync_tui.engine.expressions.syntax import MAX_LENGTH, parse, to_text

__all__ = [
    "MAX_LENGTH",
    "Candidate",
    "CandidateKind",
    "Compiled",
    "Context",
    "Description",
    "EvaluationError",
    "Hint",
    "Problem",
    "Signature",
    "check",
    "compile_expression",
    "complete",
    "describe",
    "from_source",
    "function_definitions",
    "lint",
    "miscased",
    "parse",
    "parse_expression",
    "signature_at",
    "signatures",
    "to_source",
    "to_text",
]
