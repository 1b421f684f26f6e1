"""What provisioning on demand stands on: the configuration, its job, the rule and the mappings."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.engine.expressions import Problem, compile_expression
from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import ondemand
from xtsync_tui.model import Job, Json, ServicePrincipal
from xtsync_tui.workspace.mappings.reading import read
from xtsync_tui.workspace.schema import mapping_of
from xtsync_tui.workspace.setup import ModifiedAttribute, OnDemandResult, scope

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


FRESH = 60.0
"""Seconds for which what was read of the configuration is good enough to evaluate people by."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One configuration with its job and the raw schema, as read at ``at``.

    ``everyone`` says that all users are in scope, not the assigned only; None when that could not be read.
    """

    configuration: ServicePrincipal
    job: Job
    schema: Json
    everyone: bool | None
    at: datetime

    @property
    def name(self) -> str:
        """The configuration's name."""
        return self.configuration.display_name


def known_ground(workspace: "Workspace") -> Ground | None:
    """Return what Setup has just read of the configuration, None when that is older than a minute."""
    setup = workspace.setup
    if setup.reading is None or not 0 <= (workspace.now() - setup.reading.read_at).total_seconds() < FRESH:
        return None
    found, job = setup.facts.found, setup.facts.job
    if found is None or job is None or found.schema is None or isinstance(found.schema, XtSyncError):
        return None
    everyone = None if isinstance(found.secrets, XtSyncError) else bool(scope.everyone(found))
    return Ground(found.service_principal, job, found.schema, everyone, setup.reading.read_at)


async def read_ground(workspace: "Workspace") -> Ground:
    """Read the configuration of this pair; raises InvalidInput without a job or without a rule of users."""
    try:
        found = await read(workspace)
    except InvalidInput as error:
        raise InvalidInput(
            error.title, "Nobody can be provisioned before it is there.", error.hint
        ) from error
    if not ondemand.rule_of(found.schema):
        raise InvalidInput("SOURCE: the schema has no rule of users", "Nobody can be provisioned on demand.")
    everyone = None if found.settings_unread else found.sync_all
    return Ground(found.configuration, found.job, found.schema, everyone, found.at)


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
