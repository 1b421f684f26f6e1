"""What the service says about its language: filter operators, functions, parsed expressions.

The schema itself stays raw JSON: it is written back whole, and a struct would lose what it does not know.
"""

from xtsync_tui.model.request import Json
from xtsync_tui.model.wire import Read


class FilterOperator(Read, frozen=True, kw_only=True):
    """An operator of a scoping filter; ``arity`` is Unary or Binary [filterOperatorSchema]."""

    name: str = ""
    arity: str = ""
    multivalued_comparison_type: str | None = None
    supported_attribute_types: tuple[str, ...] = ()


class FunctionParameter(Read, frozen=True, kw_only=True):
    """A parameter of a function."""

    name: str = ""
    required: bool = False
    allow_multiple_occurrences: bool = False
    type: str | None = None


class FunctionDefinition(Read, frozen=True, kw_only=True):
    """A function of the expression language [attributeMappingFunctionSchema]."""

    name: str = ""
    parameters: tuple[FunctionParameter, ...] = ()


class ExpressionError(Read, frozen=True, kw_only=True):
    """Why an expression could not be parsed or evaluated."""

    code: str | None = None
    message: str | None = None
    target: str | None = None


class ParsedExpression(Read, frozen=True, kw_only=True):
    """An expression as the service understood it; ``parsed_expression`` is an attributeMappingSource."""

    parsing_succeeded: bool = False
    parsed_expression: Json = None
    evaluation_succeeded: bool | None = None
    evaluation_result: tuple[str | None, ...] = ()
    error: ExpressionError | None = None
