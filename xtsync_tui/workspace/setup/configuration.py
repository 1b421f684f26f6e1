"""Steps 5 and 6: the configuration, and its connection, credentials and job."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import configurations, credentials, jobs
from xtsync_tui.model import Job, Json, Side
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.secrets import save_settings
from xtsync_tui.workspace.setup.answers import ConnectionAnswers, NameAnswers
from xtsync_tui.workspace.setup.facts import Clients, ConfigurationFacts, Facts
from xtsync_tui.workspace.setup.partners import handshake_causes
from xtsync_tui.workspace.setup.reading import Cause, ConnectionTest, Fact, StepReading, StepState
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict

LONGEST_NAME = 120
RESERVED = "MTO_Sync_"
"""Names of multitenant organizations begin so and must not be used [mto known issues]."""


def ours(
    found: Iterable[tuple[ServicePrincipal, str]], target_id: str, noted_id: str, name: str
) -> ServicePrincipal | None:
    """Return the configuration of this pair, of those found with the target they name, None without one.

    One that names our target comes first; else a half-built one that we made or that has our name. Of
    several everybody takes the same, so that two people who set up at once end on one.
    """
    ranked = sorted((_rank(one, company, target_id, noted_id, name), one.id, one) for one, company in found)
    return ranked[0][-1] if ranked and ranked[0][0] < _NOT_OURS else None


_NOT_OURS = 3


def _rank(one: ServicePrincipal, company: str, target_id: str, noted_id: str, name: str) -> int:
    if company:
        return 0 if company.lower() == target_id.lower() else _NOT_OURS
    if one.id == noted_id:
        return 1
    return 2 if one.display_name == name else _NOT_OURS


def read_configuration(facts: Facts) -> StepReading:
    """Return step 5: whether SOURCE has a configuration for TARGET."""
    if isinstance(facts.configuration, XtSyncError):
        return cannot_tell(facts, 5, facts.configuration, Side.SOURCE)
    if facts.configuration is None:
        return verdict(facts, 5, StepState.TO_DO, Fact("Now", f"no configuration for {facts.target.name}"))
    one = facts.configuration.service_principal
    return verdict(facts, 5, StepState.DONE, Fact("Name", one.display_name), Fact("Object id", one.id))


def name_defaults(facts: Facts) -> NameAnswers:
    """Return ``Contoso to Fabrikam``."""
    return NameAnswers(facts.name)


def prepare_configuration(clients: Clients, facts: Facts, answers: NameAnswers) -> tuple[Planned, ...]:
    """Return the request of step 5, none when there is a configuration for this pair."""
    if facts.found:
        return ()
    known = () if isinstance(facts.configurations, XtSyncError) else facts.configurations
    return (creation(clients, known, answers.name, "step 5"),)


def checked_name(name: str, known: Iterable[ServicePrincipal]) -> str:
    """Return ``name`` as it can be used; raises InvalidInput for one that cannot."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        hint = "Type a shorter one." if name else "Type a name."
        raise InvalidInput("Name: 1 to 120 characters", "", hint)
    if name.startswith(RESERVED):
        raise InvalidInput(
            f"Name: {RESERVED} is reserved", "Multitenant organizations use it.", "Type another."
        )
    if any(one.display_name == name for one in known):
        raise InvalidInput("Name: taken", "SOURCE has a configuration of this name.", "Type another.")
    return name


def creation(clients: Clients, known: Iterable[ServicePrincipal], name: str, why: str) -> Planned:
    """Return the write that makes a configuration called ``name``; ``known`` are those there are."""
    known = tuple(known)
    name = checked_name(name, known)
    before = {one.id for one in known}

    async def look() -> Json:
        for one in await configurations.configurations(clients[Side.SOURCE]):
            if one.display_name == name and one.id not in before:
                return {
                    "servicePrincipal": {"id": one.id, "displayName": one.display_name, "appId": one.app_id}
                }
        return None

    undo = Undo(why_not="Delete the configuration in Configs; it asks for its name.")
    return Planned(Side.SOURCE, configurations.instantiate(name), why, undo, None, look)


def last_test(facts: Facts) -> ConnectionTest | None:
    """Return the last test of the connection from here."""
    note = facts.notes.test
    if note is None:
        return None
    value = note.value
    words = "Connected." if value["passed"] else value["detail"]
    return ConnectionTest(note.at, value["passed"], value["code"], words)


def read_connection(facts: Facts) -> StepReading:
    """Return step 6: whether credentials and job are there and both tenants let the service connect."""
    found = facts.found
    if found is None:
        return after(facts, 6, 5)
    for part in (found.secrets, found.job):
        if isinstance(part, XtSyncError):
            return cannot_tell(facts, 6, part, Side.SOURCE)
    evidence = tuple(_connection_facts(facts, found))
    test, causes = last_test(facts), handshake_causes(facts)
    if causes and (facts.job is not None or (test is not None and not test.passed)):
        code = test.code if test else ""
        # Only a test can fail; without one it is known from what both tenants show.
        how = "failed" if test is not None and not test.passed else "blocked"
        numbers = ", ".join(str(cause.step) for cause in causes)
        words = f"{how}: step{'s' if len(causes) > 1 else ''} {numbers}"
        return verdict(facts, 6, StepState.FAILED, *evidence, words=words, cause=together(causes, code))
    if is_connected(facts) and facts.job is not None:
        return verdict(facts, 6, StepState.DONE, *evidence)
    return verdict(facts, 6, StepState.TO_DO, *evidence)


def together(causes: Sequence[Cause], code: str = "") -> Cause:
    """Return the first of several causes, with the detail of all: mending one shows the next only later."""
    first, more = causes[0], len(causes) - 1
    detail = " ".join(cause.detail for cause in causes)
    if not more:
        return replace(first, detail=detail, code=code)
    title = f"{first.title}; {more} more setting{'s' * (more > 1)} stop{'s' * (more == 1)} it"
    hint = f"{first.hint} in {first.side.name} first" if first.side else first.hint
    return replace(first, title=title, detail=detail, hint=hint, code=code)


def is_connected(facts: Facts) -> bool:
    """Whether the saved credentials name our target."""
    secrets = facts.found.secrets if facts.found else {}
    wanted = credentials.connection(facts.target.id)
    return not isinstance(secrets, XtSyncError) and wanted.items() <= dict(secrets).items()


def _connection_facts(facts: Facts, found: ConfigurationFacts) -> Iterable[Fact]:
    saved = f"tenant {facts.target.id}" if is_connected(facts) else f"no connection to {facts.target.name}"
    yield Fact("Saved", saved)
    yield Fact("Job", found.job.id if isinstance(found.job, Job) else "none")
    test = last_test(facts)
    if test is not None:
        yield Fact("Test", f"{'passed' if test.passed else 'failed'} here {test.at:%H:%M:%S}")


def connection_defaults(facts: Facts) -> ConnectionAnswers:
    """Return the tenant id of the target."""
    return ConnectionAnswers(facts.target.id)


def prepare_connection(clients: Clients, facts: Facts, answers: ConnectionAnswers) -> tuple[Planned, ...]:
    """Return the test, and the writes of step 6 that are not done yet."""
    if facts.found is None:
        raise InvalidInput("Step 5 comes first", "There is no configuration yet.")
    if answers.tenant_id.strip().lower() not in (facts.target.id, facts.target.domain.lower()):
        raise InvalidInput(
            "Target tenant: not the one you are signed in to",
            f"TARGET is {facts.target.name}, {facts.target.id}.",
            "Type its id or domain, or open another profile.",
        )
    if isinstance(facts.found.secrets, XtSyncError):
        raise facts.found.secrets
    sp = facts.found.service_principal.id
    test = Planned(
        Side.SOURCE, credentials.validate(sp, facts.target.id), "step 6", Undo(why_not="Changes nothing.")
    )
    saving = () if is_connected(facts) else (_save(clients, sp, facts.found.secrets, facts.target.id),)
    creating = () if facts.job else (_create_job(clients, sp),)
    return (test, *saving, *creating)


def _save(clients: Clients, sp: str, current: Mapping[str, str], target_id: str) -> Planned:
    undo = Undo(why_not="There was no connection before. Delete the configuration instead.")
    return save_settings(clients, sp, current, credentials.connection(target_id), "step 6", undo)


def _create_job(clients: Clients, sp: str) -> Planned:
    async def look() -> Json:
        found = await jobs.jobs(clients[Side.SOURCE], sp)
        return {"id": found[0].id} if found else None

    undo = Undo(why_not="Delete the job in Configs; it asks for its name.")
    return Planned(Side.SOURCE, jobs.create(sp), "step 6", undo, None, look)


def not_connected(error_code: str, detail: str) -> Cause:
    """Return the cause when the service does not connect although both tenants look right."""
    return Cause(
        "Still replicating",
        f"Both sides are right, but the service still says: {detail} Graph can need some minutes.",
        "enter try again",
        6,
        Side.SOURCE,
        error_code,
    )
