"""The expression language of attribute mappings ("functions for customizing application data").

`compile_expression` reads a text once; what comes back is evaluated for each source object. Everything wrong
with a text is a `Problem`, everything wrong with an object's values an `EvaluationError`.
"""

from xtsync_tui.engine.expressions.check import check
from xtsync_tui.engine.expressions.compile import Compiled, compile_expression
from xtsync_tui.engine.expressions.functions.registry import Context
from xtsync_tui.engine.expressions.problems import EvaluationError, Problem
from xtsync_tui.engine.expressions.syntax import parse, to_text

__all__ = [
    "Compiled",
    "Context",
    "EvaluationError",
    "Problem",
    "check",
    "compile_expression",
    "parse",
    "to_text",
]
