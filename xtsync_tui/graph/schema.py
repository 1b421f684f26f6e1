"""The schema of a job: scoping filters, attribute mappings, and the language they are written in.

It is read and written as one raw document: PUT replaces everything, and the SDK's models drop members.
"""

from collections.abc import Mapping

from xtsync_tui.errors import Unreadable
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.decoding import Mismatch, convert
from xtsync_tui.graph.jobs import READ, SCOPES, TEMPLATE
from xtsync_tui.graph.paths import job, path, synchronization
from xtsync_tui.model import FilterOperator, FunctionDefinition, Json, ParsedExpression, Request


async def schema(client: GraphClient, sp: str, job_id: str) -> Json:
    """Return the whole schema as it came."""
    return await client.get_json(Request(method="GET", path=path(job(sp, job_id).schema), scopes=READ))


async def default(client: GraphClient, sp: str) -> Json:
    """Return the schema that a new job has, and that ``restore_schema`` goes back to."""
    template = synchronization(sp).templates.by_synchronization_template_id(TEMPLATE)
    return await client.get_json(Request(method="GET", path=path(template.schema), scopes=READ))


async def filter_operators(client: GraphClient, sp: str, job_id: str) -> tuple[FilterOperator, ...]:
    """Return the operators of scoping filters, spelled as the service wants them."""
    address = path(job(sp, job_id).schema.filter_operators)
    return await client.collect(Request(method="GET", path=address, scopes=SCOPES), FilterOperator)


async def functions(client: GraphClient, sp: str, job_id: str) -> tuple[FunctionDefinition, ...]:
    """Return the functions of the expression language with their parameters."""
    address = path(job(sp, job_id).schema.functions)
    return await client.collect(Request(method="GET", path=address, scopes=SCOPES), FunctionDefinition)


def put_schema(sp: str, job_id: str, document: dict[str, Json]) -> Request:
    """Replace the schema; ``document`` is what was read with the changes made in it.

    PATCH, which the SDK offers, is refused by the service [msgraph-sdk-python#820].
    """
    body = {name: value for name, value in document.items() if not name.startswith("@odata.")}
    return Request(method="PUT", path=path(job(sp, job_id).schema), body=body, scopes=SCOPES)


def restore_schema(sp: str, job_id: str) -> Request:
    """Go back to the default schema: the portal's "Restore default mappings"."""
    return Request(method="DELETE", path=path(job(sp, job_id).schema), scopes=SCOPES)


def parse_expression(
    sp: str, job_id: str, expression: str, properties: Mapping[str, str | tuple[str, ...] | None]
) -> Request:
    """Have the service parse an expression and evaluate it for a person with these attributes."""
    given = [pair for name, value in properties.items() for pair in _property(name, value)]
    body = {
        "expression": expression,
        "targetAttributeDefinition": None,
        "testInputObject": {"definition": None, "properties": given},
    }
    address = path(job(sp, job_id).schema.parse_expression)
    return Request(method="POST", path=address, body=body, scopes=SCOPES)


def parsed(answer: Json) -> ParsedExpression:
    """Return what ``parse_expression`` answered; raises Unreadable."""
    try:
        return convert(answer, ParsedExpression)
    except Mismatch as error:
        raise Unreadable("The parsed expression", str(error), "Try again.") from error


def discover(sp: str, job_id: str, directory_id: str) -> Request:
    """Have the service look up the attributes of a directory anew."""
    directory = job(sp, job_id).schema.directories.by_directory_definition_id(directory_id)
    return Request(method="POST", path=path(directory.discover), scopes=("Directory.ReadWrite.All",))


def _property(name: str, value: str | tuple[str, ...] | None) -> list[Json]:
    match value:
        case None:
            return []
        case str():
            return [{"key": name, "value": value}]
        case _:
            return [{"key": name, "value@odata.type": "#Collection(String)", "value": list(value)}]
