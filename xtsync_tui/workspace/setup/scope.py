"""Steps 7 and 8: who is in scope by assignment, and by attribute."""

from collections.abc import Iterable, Mapping

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import credentials, jobs
from xtsync_tui.model import Assignment, Group, Job, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.schema import filter_groups
from xtsync_tui.workspace.secrets import save_settings
from xtsync_tui.workspace.setup.answers import Clause, Principal, ScopeAnswers
from xtsync_tui.workspace.setup.facts import Clients, ConfigurationFacts, Facts
from xtsync_tui.workspace.setup.reading import Cause, Fact, StepReading, StepState
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict

_SHOWN = 5


def everyone(found: ConfigurationFacts) -> bool | None:
    """Whether all users are in scope; None when it was never set, which means the assigned only."""
    if isinstance(found.secrets, XtSyncError) or not found.secrets.get(credentials.SYNC_ALL):
        return None
    return credentials.sync_all(found.secrets)


def read_scope(facts: Facts) -> StepReading:
    """Return step 7: done when everyone is in scope, or somebody is assigned."""
    found = facts.found
    if found is None:
        return after(facts, 7, 5)
    for part in (found.secrets, found.assignments):
        if isinstance(part, XtSyncError):
            return cannot_tell(facts, 7, part, Side.SOURCE)
    assigned = () if isinstance(found.assignments, XtSyncError) else found.assignments
    all_ = everyone(found)
    evidence = (
        Fact("Scope", "all users" if all_ else "assigned only"),
        *_assigned_facts(assigned),
    )
    if not assigned and not all_:
        return verdict(facts, 7, StepState.TO_DO, *evidence)
    cause = _skipped(facts)
    words = f"done, {len(facts.text_signers)} skipped" if cause else ""
    return verdict(facts, 7, StepState.DONE, *evidence, words=words, cause=cause)


def somebody_in_scope(facts: Facts) -> bool:
    """Whether everyone or at least one person or group is in scope, or that cannot be told."""
    found = facts.found
    return bool(
        found and (isinstance(found.assignments, XtSyncError) or found.assignments or everyone(found))
    )


def _assigned_facts(assigned: tuple[Assignment, ...]) -> Iterable[Fact]:
    people = sum(one.principal_type == "User" for one in assigned)
    groups = sum(one.principal_type == "Group" for one in assigned)
    yield Fact("Assigned", f"{_count(people, 'person', 'people')}, {_count(groups, 'group', 'groups')}")
    if assigned:
        names = [one.principal_display_name or one.principal_id for one in assigned[:_SHOWN]]
        more = [f"{len(assigned) - _SHOWN} more"] if len(assigned) > _SHOWN else []
        yield Fact("Who", ", ".join(names + more))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _skipped(facts: Facts) -> Cause | None:
    """Return the cause for people whom the service leaves out because they sign in by SMS."""
    if not facts.text_signers:
        return None
    repair = repairs.sms_off(map(repairs.somebody, facts.text_signers))
    names = repair.names
    return Cause(
        "Skipped: SMS sign-in is on",
        f"In {facts.source.label}, the service leaves out people with SMS sign-in: {names}. It shows as "
        "alternativeSecurityIds.",
        f"f switch it off for {names}",
        None,
        Side.SOURCE,
        repair=repair,
    )


def scope_defaults(facts: Facts) -> ScopeAnswers:
    """Return the scope as it is, or as it was planned."""
    found = facts.found
    said = everyone(found) if found else None
    return ScopeAnswers(facts.plan.who == "all" if said is None else said)


def prepare_scope(clients: Clients, facts: Facts, answers: ScopeAnswers) -> tuple[Planned, ...]:
    """Return the requests of step 7: the scope if it differs, one assignment for each who is not assigned."""
    found = facts.found
    if found is None:
        raise InvalidInput("Step 5 comes first", "There is no configuration yet.")
    if isinstance(found.assignments, XtSyncError):
        raise found.assignments
    there = found.principals
    if not (answers.everyone or there or answers.add):
        raise InvalidInput("Assign: nobody is chosen", "At least one person or group has to be in scope.")
    writes = list(_scope_writes(clients, facts, found, answers.everyone))
    one = found.service_principal
    writes += [assign(clients, one, who.id, "step 7") for who in answers.add if who.id not in there]
    return tuple(writes)


def _scope_writes(
    clients: Clients, facts: Facts, found: ConfigurationFacts, wanted: bool
) -> Iterable[Planned]:
    if isinstance(found.secrets, XtSyncError):
        raise found.secrets
    if everyone(found) is not wanted:
        yield from scope_writes(
            clients, found.service_principal.id, found.secrets, facts.job, wanted, "step 7"
        )


def scope_writes(
    clients: Clients, sp: str, secrets: Mapping[str, str], job: Job | None, wanted: bool, why: str
) -> Iterable[Planned]:
    """Yield the writes that let everyone in, or the assigned only."""
    changes = credentials.scope(sync_all=wanted)
    back = credentials.save(sp, {**secrets, **changes}, credentials.scope(sync_all=not wanted))
    yield save_settings(clients, sp, secrets, changes, why, Undo((back,)))
    if not wanted and credentials.sync_all(secrets) and job is not None and job.is_active:
        yield narrowed(sp, job, why)


def narrowed(sp: str, job: Job, why: str) -> Planned:
    """Return the restart without which going from everyone to the assigned has no effect [known-issues].

    It starts a job that is paused [synchronization-synchronizationjob-restart]: that is for nobody but who
    paused it to decide.
    """
    why_not = Undo(why_not="A restart cannot be taken back.")
    return Planned(Side.SOURCE, jobs.restart(sp, job.id), why, why_not)


def is_running(facts: Facts) -> bool:
    """Whether the job runs on its schedule."""
    return facts.job is not None and facts.job.is_active


def person(user: User) -> Principal:
    """Return a user as one who can be assigned, with what keeps the service from synchronizing them."""
    warning = ""
    if user.user_type == "Guest":
        warning = "A guest of SOURCE: the service does not synchronize guests."
    elif user.account_enabled is False:
        warning = "Disabled: the service creates no account for them; one that is there is disabled, too."
    return Principal(user.id, user.display_name or "", "User", user.user_principal_name or "", warning)


def group(found: Group) -> Principal:
    """Return a group as one that can be assigned, with what keeps its people out."""
    warning = ""
    if found.security_enabled is False:
        warning = "Not security enabled: nobody in it is synchronized."
    return Principal(found.id, found.display_name or "", "Group", found.description or "", warning)


def read_filters(facts: Facts) -> StepReading:
    """Return step 8: optional, so not needed as long as there is no filter."""
    found = facts.found
    if facts.unread is not None:
        return cannot_tell(facts, 8, facts.unread, Side.SOURCE)
    if found is None or found.schema is None:
        return verdict(facts, 8, StepState.NOT_NEEDED)
    if isinstance(found.schema, XtSyncError):
        return cannot_tell(facts, 8, found.schema, Side.SOURCE)
    groups = filter_groups(found.schema)
    if not groups:
        return verdict(facts, 8, StepState.NOT_NEEDED, Fact("Now", "no filter: everyone in scope passes"))
    evidence = (Fact(one.name or "filter", " and ".join(map(clause_words, one.clauses))) for one in groups)
    return verdict(facts, 8, StepState.DONE, *evidence)


def clause_words(clause: Clause) -> str:
    """Return a clause as a sentence has it: ``department EQUALS Sales``."""
    return " ".join(part for part in (clause.attribute, clause.operator, ", ".join(clause.values)) if part)
