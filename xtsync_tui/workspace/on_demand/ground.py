"""What provisioning on demand stands on: the configuration, its job, the rule and the mappings."""

from dataclasses import replace
from typing import TYPE_CHECKING

from xtsync_tui.engine.expressions import Problem, compile_expression
from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import ondemand
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.mappings.reading import MappingsReading, read
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.schema import mapping_of
from xtsync_tui.workspace.setup import ModifiedAttribute, OnDemandResult

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

WHY = "on demand"

__all__ = ["WHY", "MappingsReading", "planned", "read_ground", "with_sources"]


async def read_ground(workspace: "Workspace") -> MappingsReading:
    """Read the configuration of this pair; raises InvalidInput without a job or without a rule of users."""
    try:
        found = await read(workspace)
    except InvalidInput as error:
        raise InvalidInput(
            error.title, "Nobody can be provisioned before it is there.", error.hint
        ) from error
    if not ondemand.rule_of(found.schema):
        raise InvalidInput("SOURCE: the schema has no rule of users", "Nobody can be provisioned on demand.")
    return found


def planned(ground: MappingsReading, user_id: str) -> Planned:
    """Return the request that provisions one person. It is never sent again blindly."""
    rule = ondemand.rule_of(ground.schema)
    undo = Undo(why_not="Take the person out of scope; the next cycle removes them softly.")
    request = ondemand.provision(ground.configuration.id, ground.job.id, rule, user_id)
    return Planned(Side.SOURCE, request, WHY, undo)


def with_sources(result: OnDemandResult, schema: Json) -> OnDemandResult:
    """Return the result with what each changed attribute was made from, by the mappings as read.

    The values are those that the service says it imported; an attribute that it does not list has no value.
    """
    imported = dict(result.stages[0].details) if result.stages else {}
    return replace(result, modified=tuple(_with_source(each, schema, imported) for each in result.modified))


def _with_source(each: ModifiedAttribute, schema: Json, imported: dict[str, str]) -> ModifiedAttribute:
    source = (mapping_of(schema, each.name) or {}).get("source") or {}
    expression = str(source.get("expression") or source.get("name") or "")
    compiled = compile_expression(expression) if expression else None
    if compiled is None or isinstance(compiled, Problem):
        return replace(each, expression=expression)
    values = [imported.get(name, "") for name in compiled.attributes]
    return replace(each, expression=expression, source=" · ".join(filter(None, values)))
