"""Reading a configuration's schema, and what decides whom it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import configurations, credentials, jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Job, Json, Side
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.health import TOO_MANY_DELETES, threshold
from xtsync_tui.workspace.schema import user_mapping
from xtsync_tui.workspace.secrets import read_settings
from xtsync_tui.workspace.setup.attempts import attempt
from xtsync_tui.workspace.setup.configuration import ours
from xtsync_tui.workspace.setup.found import Operator
from xtsync_tui.workspace.setup.service import QUARANTINE

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace


@dataclass(frozen=True, slots=True)
class MappingsReading:
    """One configuration with its schema as it came, read at ``at``.

    ``sync_all`` says that everybody is in scope, not the assigned only; where the settings could not be read
    it is taken for the assigned only, and ``settings_unread`` says why. ``threshold`` is the number of
    removals from which they are held: 0 when it is off, None when it cannot be told. ``others`` are all
    configurations, id and name.
    """

    configuration: ServicePrincipal
    job: Job
    schema: Json
    sync_all: bool
    threshold: int | None
    others: tuple[tuple[str, str], ...]
    at: datetime
    operators: tuple[Operator, ...] = ()
    operators_unread: XtSyncError | None = None
    settings_unread: XtSyncError | None = None

    @property
    def name(self) -> str:
        """The configuration's name."""
        return self.configuration.display_name

    @property
    def runs(self) -> bool:
        """Whether the job is started, so that saving begins a full cycle at once."""
        return self.job.is_active

    @property
    def holds(self) -> bool:
        """Whether the job is in quarantine because of the people whom a cycle would remove."""
        status = self.job.status
        quarantined = status is not None and status.code == QUARANTINE
        reason = status.quarantine.reason if status is not None and status.quarantine else ""
        return quarantined and reason == TOO_MANY_DELETES


NO_CONFIGURATION = "No configuration yet"


class SeveralConfigurations(InvalidInput):
    """There are configurations and none is known to be of this pair: ``others`` are their ids and names."""

    def __init__(self, others: tuple[tuple[str, str], ...]) -> None:
        names = ", ".join(name for _, name in others)
        super().__init__("Several configurations", f"None is known to be of this pair: {names}.")
        self.others = others


async def read(workspace: "Workspace", wanted: str = "") -> MappingsReading:
    """Read the configuration with the object id ``wanted``, else the one of this pair.

    Raises InvalidInput when there is no configuration or no job yet, or its schema has no mapping of users,
    SeveralConfigurations when one has to be chosen.
    """
    client = workspace.client(Side.SOURCE)
    found = await configurations.configurations(client)
    secrets = {one.id: await attempt(read_settings(client, one.id)) for one in found}
    one = _chosen(workspace, found, secrets, wanted)
    others = tuple((each.id, each.display_name) for each in found)
    if one is None and found:
        raise SeveralConfigurations(others)
    if one is None:
        raise InvalidInput(NO_CONFIGURATION, "There are no mappings without one.", "1 opens Setup.")
    job = next(iter(await jobs.jobs(client, one.id)), None)
    if job is None:
        raise InvalidInput(f"{one.display_name} has no job yet", "The mappings come with it.", "1 goes on.")
    document = await schemas.schema(client, one.id, job.id)
    user_mapping(document)
    operators = await _operators(client, one.id, job.id)
    settings = secrets[one.id]
    return MappingsReading(
        configuration=one,
        job=job,
        schema=document,
        sync_all=_sync_all(settings),
        threshold=threshold(settings, job),
        others=others,
        at=workspace.now(),
        operators=() if isinstance(operators, XtSyncError) else operators,
        operators_unread=operators if isinstance(operators, XtSyncError) else None,
        settings_unread=settings if isinstance(settings, XtSyncError) else None,
    )


async def refreshed(workspace: "Workspace", reading: MappingsReading) -> MappingsReading:
    """Return ``reading`` with settings and job as they are now."""
    client, sp = workspace.client(Side.SOURCE), reading.configuration.id
    settings = await attempt(read_settings(client, sp))
    job = await jobs.job(client, sp, reading.job.id) or reading.job
    return replace(
        reading,
        job=job,
        sync_all=_sync_all(settings),
        threshold=threshold(settings, job),
        settings_unread=settings if isinstance(settings, XtSyncError) else None,
    )


def _sync_all(settings: "Mapping[str, str] | XtSyncError") -> bool:
    known = {} if isinstance(settings, XtSyncError) else settings
    return known.get(credentials.SYNC_ALL, "").lower() == "true"


def _chosen(
    workspace: "Workspace",
    found: tuple[ServicePrincipal, ...],
    secrets: Mapping[str, "dict[str, str] | XtSyncError"],
    wanted: str,
) -> ServicePrincipal | None:
    if one := next((one for one in found if one.id == wanted), None):
        return one
    note = workspace.journal.noted("configuration")
    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    named = []
    for one in found:
        settings = secrets[one.id]
        company = "" if isinstance(settings, XtSyncError) else settings.get(credentials.TARGET, "")
        named.append((one, company))
    mine = ours(named, target.tenant_id, note.value["id"] if note else "", f"{source.name} to {target.name}")
    return mine or (found[0] if len(found) == 1 else None)


async def _operators(client: "GraphClient", sp: str, job: str) -> "tuple[Operator, ...] | XtSyncError":
    try:
        listed = await schemas.filter_operators(client, sp, job)
    except XtSyncError as error:
        return error
    return tuple(
        Operator(one.name or "", one.arity == "Unary", tuple(one.supported_attribute_types or ()))
        for one in listed
    )
