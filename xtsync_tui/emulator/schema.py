"""The schema of a job: mappings and scope, and the helpers that an editor of it needs."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from xtsync_tui.emulator.audit import configured
from xtsync_tui.emulator.auth import needs
from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.configurations import service_principal_of
from xtsync_tui.emulator.errors import not_found, wrapped, wrapped_no_route
from xtsync_tui.emulator.job import TEMPLATE
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Handler, Route
from xtsync_tui.emulator.slices import in_slices
from xtsync_tui.emulator.state import Document
from xtsync_tui.emulator.synchronization import BASE, READ, WRITE, job_of
from xtsync_tui.engine.default_schema import attribute_definition, default_schema, filter_operators
from xtsync_tui.engine.expressions import Context as ExpressionContext
from xtsync_tui.engine.expressions import function_definitions, parse_expression
from xtsync_tui.engine.schema_check import check_schema

DISCOVER = needs("Directory.ReadWrite.All")
TEMPLATE_SCHEMA = f"{TEMPLATE}.{'0' * 32}"
JOB_PATH = f"{BASE}/jobs/{{job}}/schema"
TEMPLATE_PATH = f"{BASE}/templates/{{template}}/schema"
EXTENSION = "extension_"


def routes() -> list[Route]:
    """Return the routes of this area."""
    found = []
    for path, load in ((JOB_PATH, _job_schema), (TEMPLATE_PATH, _template_schema)):
        found += [
            Route("GET", path, _reader(load), READ),
            Route("GET", f"{path}/filterOperators", _lister("filterOperatorSchema", filter_operators), WRITE),
            Route(
                "GET",
                f"{path}/functions",
                _lister("attributeMappingFunctionSchema", function_definitions),
                WRITE,
            ),
            Route("POST", f"{path}/parseExpression", parse, WRITE),
        ]
    return [
        *found,
        Route("PUT", JOB_PATH, put, WRITE),
        Route("DELETE", JOB_PATH, reset, WRITE),
        Route("PATCH", JOB_PATH, patch, WRITE),
        Route("POST", f"{JOB_PATH}/directories/{{directory}}/discover", discover, DISCOVER),
    ]


def _job_schema(context: Context) -> Document:
    return job_of(context).schema


def _template_schema(context: Context) -> Document:
    service_principal_of(context)
    if context.ids["template"] != TEMPLATE:
        raise not_found(context.ids["template"])
    return default_schema(TEMPLATE_SCHEMA)


def _owner(context: Context) -> str:
    base = f"servicePrincipals('{context.ids['sp']}')/synchronization"
    if "job" in context.ids:
        return f"{base}/jobs('{context.ids['job']}')/schema"
    return f"{base}/templates('{context.ids['template']}')/schema"


def _reader(load: Callable[[Context], Document]) -> Handler:
    async def handler(context: Context) -> Answer:
        return context.entity(f"{_owner(context)}/$entity", load(context))

    return handler


def _lister(kind: str, rows: Callable[[], Iterable[Document]]) -> Handler:
    async def handler(context: Context) -> Answer:
        service_principal_of(context)
        return context.collection(f"Collection({kind})", rows())

    return handler


async def put(context: Context) -> Answer:
    """Replace the schema; members that nobody knows are kept.

    The next cycle is a full one [how-provisioning-works]. Not documented: that it begins at once; only a
    restart does that here.
    """
    job, schema = job_of(context), context.document()
    problem = _malformed(schema)
    problems = [problem] if problem else [f"{p.where}: {p.message}" for p in check_schema(job.schema, schema)]
    if problems:
        raise wrapped(400, "schemaInvalid", "\n".join(problems))
    version = f"Date:{stamp(context.now)}, ActivityId:{context.world.new_id()}"
    context.tenant.schemas[job.id] = {**schema, "id": job.id, "version": version}
    job.resync = True
    configured(context, service_principal_of(context), "Update attribute mappings or scope")
    return NO_CONTENT


async def reset(context: Context) -> Answer:
    """Go back to the default schema."""
    job = job_of(context)
    context.tenant.schemas[job.id] = default_schema(job.id)
    job.resync = True
    configured(context, service_principal_of(context), "Update attribute mappings or scope")
    return NO_CONTENT


async def patch(context: Context) -> Answer:
    """Answer as the service does, which has no such call [msgraph-sdk-python#820]."""
    job = job_of(context)
    principal_id = job.service_principal_id
    raise wrapped_no_route(f"servicePrincipals('{principal_id}')/synchronization/jobs('{job.id}')/schema")


async def parse(context: Context) -> Answer:
    """Parse an expression, and evaluate it over the test object."""
    service_principal_of(context)
    world = context.world
    asked = ExpressionContext(world.clock.now, world.random, context.tenant.domain)
    answer = parse_expression(context.document(), asked)
    return context.entity("microsoft.graph.parseExpressionResponse", answer)


async def discover(context: Context) -> Answer:
    """Return a directory's definition with the directory extensions that people of the source have."""
    schema = job_of(context).schema
    found = next((d for d in schema["directories"] if d["id"] == context.ids["directory"]), None)
    if found is None:
        raise not_found(context.ids["directory"])
    definition = copy.deepcopy(found)
    names: set[str] = set()
    async for part in in_slices(list(context.tenant.users.values())):
        names.update(name for user in part for name in user if name.startswith(EXTENSION))
    for entity in definition.get("objects", ()):
        known = {attribute["name"] for attribute in entity["attributes"]}
        entity["attributes"] += [attribute_definition(name) for name in sorted(names - known)]
    definition["discoveryDateTime"] = stamp(context.now)
    return context.entity("microsoft.graph.directoryDefinition", definition)


def _malformed(schema: Document) -> str:
    """Return what is not of the form of a schema, "" for nothing; how it is filled is checked elsewhere."""
    for rule in _objects(schema, "synchronizationRules"):
        for mapping in _objects(rule, "objectMappings"):
            scope = mapping.get("scope") or {}
            for row in _objects(mapping, "attributeMappings"):
                if not isinstance(row.get("targetAttributeName"), str):
                    return "attributeMappings: a row has no targetAttributeName."
                if not isinstance(row.get("source") or {}, dict):
                    return "attributeMappings: the source of a row is no object."
            if not isinstance(scope, dict):
                return "scope: it is no object."
            for name in ("groups", "inputFilterGroups", "categoryFilterGroups"):
                for group in _objects(scope, name):
                    _objects(group, "clauses")
    _objects(schema, "directories")
    return ""


def _objects(owner: Document, name: str) -> list[Document]:
    """Return the list of objects ``name``.

    Raises:
        Refusal: 400 ``schemaInvalid`` when it is anything else.
    """
    rows: Any = owner.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise wrapped(400, "schemaInvalid", f"{name}: a list of objects was expected.")
    return rows
