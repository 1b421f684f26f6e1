"""What is shown of a configuration, tab by tab. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Application, Job, Quarantine, Side, exact
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.cycle_words import last_cycle, next_cycle, people_in_target, span, users_in_target
from xtsync_tui.ui.render import facts, muted, people_count, people_do, side, state, when
from xtsync_tui.ui.widgets.columns import align
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration, Whole
from xtsync_tui.workspace.configurations.schema_facts import ACTIONS, SchemaFacts, schema_facts
from xtsync_tui.workspace.configurations.settings import LastSet, Setting
from xtsync_tui.workspace.health import REASONS, State
from xtsync_tui.workspace.setup.reading import ConnectionTest

Row = tuple[str, Content | str]

SYMBOLS = {
    State.ACTIVE: "✓",
    State.QUARANTINE: "■",
    State.PAUSED: "‖",
    State.NOT_RUN: "○",
    State.FIRST: "▶",
    State.NO_JOB: "!",
    State.OFF: "✗",
    State.UNKNOWN: "?",
}
CANNOT_TELL = "? cannot tell"

TABS = (
    ("overview", "Overview"),
    ("users", "Users and groups"),
    ("settings", "Settings"),
    ("actions", "Object actions"),
    ("technical", "Technical"),
)
SHORT = {"users": "Users", "actions": "Actions"}


def tab_label(tab: str, assigned: int | None, *, short: bool = False) -> str:
    """Return the words of a tab; that of the users with how many are assigned, None while that is unknown."""
    words = (SHORT.get(tab) if short else None) or dict(TABS)[tab]
    return f"{words} ({assigned:,})" if tab == "users" and assigned is not None else words


def health(one: Configuration) -> str:
    """Return how it is doing: ``✓ active``."""
    return f"{SYMBOLS[one.health.state]} {one.health.state.value}"


def target(one: Configuration) -> str:
    """Return the tenant it goes to, by name or id; the name is not cleaned."""
    return one.target_name or (shorten_id(one.health.target) if one.health.target else "–")


def scope(one: Configuration) -> str:
    """Return who is in scope in a word."""
    return {True: "all", False: "assigned", None: "?"}[one.health.everyone]


def strip(one: Configuration, whole: Whole | None, now: datetime) -> Content:
    """Return two or three lines about one, for a narrow terminal."""
    users = f"{people_in_target(one.health.users)} in TARGET" if one.has_job else "nobody is synchronized"
    first = Content(f"to {clean(target(one), 40)} · {users} · scope: {scope(one)}")
    if one.health.state is State.NO_JOB:
        return first + "\n" + muted(f"{_goes_on(one)} · d deletes what is there")
    warning = nested_warning(whole.assigned) if whole and not isinstance(whole.assigned, XtSyncError) else ""
    lines = [first, Content(f"last cycle {_last(one, now)}"), *([state(warning)] if warning else [])]
    return Content("\n").join(lines)


def _goes_on(one: Configuration) -> str:
    """Return where a configuration without a job goes on."""
    if not one.elsewhere:
        return "enter goes on in Setup, step 6"
    return f"Setup of the profile to {clean(target(one), 40)} goes on"


def nested_warning(assigned: Sequence[Assigned]) -> str:
    """Return the warning about groups inside assigned ones, "" without any."""
    with_nested = [row for row in assigned if row.nested]
    if not with_nested:
        return ""
    row = with_nested[0]
    groups = f"{len(row.nested)} nested group{'s' if len(row.nested) > 1 else ''}"
    more = f" (and {len(with_nested) - 1} more)" if len(with_nested) > 1 else ""
    outside = sum(each.outside for each in with_nested)
    people = f"{outside:,} {'person does' if outside == 1 else 'people do'} not count"
    people = people if all(each.exact for each in with_nested) else f"up to {people}"
    return f"! {clean(row.name, 40)} has {groups}{more}: {people}"


def overview(
    whole: Whole,
    settings: Sequence[Setting],
    tested: ConnectionTest | None,
    names: Mapping[Side, str],
    domain: str,
    now: datetime,
    within: int = 0,
    *,
    hints: bool = True,
) -> Content:
    """Return the overview: what it does, for whom, how it goes; ``within`` as in ``facts``.

    Without ``hints`` it names no keys: for a colleague who reads it elsewhere.
    """
    one = whole.one
    groups = (
        _going(one, tested, names, domain, now),
        _scope_rows(whole),
        _setting_rows(settings, now),
        _ids(whole),
    )
    blocks = [facts(rows, within=within) for rows in groups]
    return Content("\n\n").join([*blocks, *([muted(_leaves(one, names))] if hints else [])])


WIDTH = 18


def _target_id(one: Configuration, domain: str) -> str:
    known = domain if one.is_ours else ""
    parts = [clean(known, 40), shorten_id(one.health.target) if one.health.target else ""]
    return "".join(f" · {part}" for part in parts if part)


def _going(
    one: Configuration,
    tested: ConnectionTest | None,
    names: Mapping[Side, str],
    domain: str,
    now: datetime,
) -> list[Row]:
    where = side(Side.TARGET, names[Side.TARGET]) if one.is_ours else Content(clean(target(one), 60))
    rows: list[Row] = [
        ("State".ljust(WIDTH), state(health(one))),
        ("Target", where + _target_id(one, domain)),
    ]
    if not one.has_job:
        missing = "? cannot tell" if one.health.failure else f"! no job yet: {_goes_on(one)}"
        return [*rows, ("Job", state(missing))]
    rows.append(("Connection", _tested(tested, now)))
    rows.append(("Last cycle", _last(one, now)))
    due = next_cycle(one.health.state, one.health.next, now, running=one.health.running)
    rows.append(("Next cycle", state(due)))
    rows.append(("Users", _users(one)))
    if one.health.quarantine is not None:
        rows.insert(1, ("Quarantine", _quarantine(one.health.quarantine, now)))
    return rows


def _quarantine(quarantine: Quarantine, now: datetime) -> Content:
    reason = quarantine.reason or ""
    words = REASONS.get(reason)
    told = f"{words} ({reason})" if words else reason or "no reason was given"
    since = f"since {when(quarantine.current_began, now)}: " if quarantine.current_began else ""
    return state(f"■ {since}{clean(told, 200)}") + muted(" · 7 Job says more")


def _tested(tested: ConnectionTest | None, now: datetime) -> Content:
    if tested is None:
        return Content("not tested from here")
    words = "✓ tested" if tested.passed else f"✗ failed, {clean(tested.code)}"
    return state(f"{words} {when(tested.at, now)}")


def _last(one: Configuration, now: datetime) -> Content:
    last = one.health.last
    if last is None:
        return Content("not run yet")
    return state(f"{last_cycle(last, now, whole=True)} · took {span(last.began, last.ended)}")


def _users(one: Configuration) -> str:
    failed = f" · {one.health.escrowed} failed" if one.health.escrowed else ""
    return f"{users_in_target(one.health.users)} in TARGET{failed}"


def _scope_rows(whole: Whole) -> list[Row]:
    rows: list[Row] = [("Scope".ljust(WIDTH), scope_words(whole))]
    warning = "" if isinstance(whole.assigned, XtSyncError) else nested_warning(whole.assigned)
    if warning and whole.one.health.everyone is not True:
        rows.append(("", state(warning)))
    found = _schema(whole)
    if found is not None:
        names = f": {clean(', '.join(found.filters), 80)}" if found.filters else ": everyone in scope passes"
        rows.append(("Filters", f"{len(found.filters)}{names}"))
        changed = (
            f", of these {found.changed} changed from the default" if found.changed else ", as by default"
        )
        rows.append(("Mappings", f"{found.mappings}{changed}"))
        rows.append(("Object actions", _actions(found)))
    elif isinstance(whole.schema, XtSyncError):
        rows.append(("Mappings", state(CANNOT_TELL)))
    return rows


def scope_words(whole: Whole) -> Content:
    """Return who is in scope, with numbers."""
    if whole.one.health.everyone is None:
        return state(CANNOT_TELL)
    if whole.one.health.everyone:
        return Content("all users")
    if isinstance(whole.assigned, XtSyncError):
        return Content("assigned only: ") + state(CANNOT_TELL)
    groups = sum(row.is_group for row in whole.assigned)
    words = f"{people_count(len(whole.assigned) - groups)}, {groups} group{'' if groups == 1 else 's'}"
    return Content(f"assigned only: {words}") if whole.assigned else state("! assigned only: nobody yet")


def _schema(whole: Whole) -> SchemaFacts | None:
    return (
        None if whole.schema is None or isinstance(whole.schema, XtSyncError) else schema_facts(whole.schema)
    )


def _actions(found: SchemaFacts) -> Content:
    parts = [state(f"{'✓' if word in found.actions else '○'} {word}") for _, word in ACTIONS]
    return Content("   ").join(parts)


def _setting_rows(settings: Sequence[Setting], now: datetime) -> list[Row]:
    rows = [(each.title, setting_words(each, now)) for each in settings if each.key in {"mail", "threshold"}]
    return [(title.ljust(WIDTH), words) for title, words in rows]


def setting_words(setting: Setting, now: datetime) -> Content:
    """Return the value and where it was read; or that it is unknown, and when it was last set here."""
    if setting.is_known:
        origin = f" · {setting.source}" if setting.source else ""
        return Content(clean(setting.value, 120)) + muted(origin)
    unknown = "? cannot tell" if setting.failure else "? unknown"
    return state(unknown) + muted(f" · {last_set(setting.last, now)}")


def last_set(last: LastSet | None, now: datetime) -> str:
    """Return when a setting was last set from here, by whom, to what."""
    if last is None:
        return "never set here"
    return f"last set here {when(last.at, now)}, by {clean(last.who)}: {clean(last.value, 80)}"


def _ids(whole: Whole) -> list[Row]:
    job = whole.one.job.id if isinstance(whole.one.job, Job) else "–"
    application = whole.application if isinstance(whole.application, Application) else None
    made = application.created_date_time if application else None
    return [
        ("Made".ljust(WIDTH), f"{made.day} {made:%b %Y %H:%M}" if made else "–"),
        ("Service principal", shorten_id(whole.one.id)),
        ("Job", f"{clean(job[:20])}…{clean(job[-6:])}" if len(job) > 30 else clean(job)),
    ]


def _leaves(one: Configuration, names: Mapping[Side, str]) -> str:
    if one.has_job and one.health.users is None:
        return "d deletes this configuration; it cannot be told yet who in TARGET is managed by it."
    if not one.health.users:
        return "d deletes this configuration; nobody in TARGET is managed by it."
    where = clean(names[Side.TARGET] if one.is_ours else target(one), 40)
    many = people_in_target(one.health.users)
    return (
        f"Deleting this configuration leaves {many} in {where} as they are: nobody would manage them any "
        "more. d says what to do first."
    )


def users(assigned: Sequence[Assigned]) -> Content:
    """Return the assigned people and groups as a list of lines."""
    if not assigned:
        return muted("Nobody is assigned. enter, then n assigns people and groups.")
    lines = []
    widest = min(max(cell_len(clean(row.name)) for row in assigned), 32)
    for row in assigned:
        kind = "group " if row.is_group else "person"
        line = Content(f"{kind}  ") + align(Content(clean(row.name)), widest) + "  "
        line += muted(clean(row.account, 60))
        if row.is_group:
            line += Content(f"{' · ' if row.account else ''}{people_count(row.people)}")
        lines.append(line)
        if row.nested:
            lines.append(Content(" " * 8) + state(_nested(row)))
    return Content("\n").join(lines)


def _nested(row: Assigned) -> str:
    bound = "" if row.exact else "up to "
    outside = people_do(row.outside, "does", "do")
    return f"! {clean(', '.join(row.nested), 60)} inside: {bound}{outside} not count"


def assigned_note(row: Assigned) -> str:
    """Return what to know about an assigned group, "" for nothing."""
    if row.unread is not None:
        return "? members not read"
    if row.nested:
        return _nested(row)
    return "! nobody is a direct member" if row.is_group and row.people == 0 else ""


def settings_text(settings: Sequence[Setting], now: datetime, within: int = 0) -> Content:
    """Return all settings as lines; ``within`` as in ``facts``."""
    rows: list[Row] = [(each.title.ljust(WIDTH), setting_words(each, now)) for each in settings]
    return facts(rows, within=within) + "\n\n" + muted("enter, then e on a setting changes it.")


def actions(whole: Whole) -> Content:
    """Return the target object actions and what each one off means."""
    found = _schema(whole)
    if found is None:
        return (
            state(CANNOT_TELL)
            if isinstance(whole.schema, XtSyncError)
            else muted("No job yet, so no mappings.")
        )
    meaning = {
        "create": ("people in scope are created in TARGET", "nobody new is created in TARGET"),
        "update": ("changes in SOURCE are written", "changes in SOURCE are not written"),
        "delete": ("who leaves the scope is soft-deleted", "who leaves the scope stays in TARGET"),
    }
    rows: list[Row] = []
    for _, word in ACTIONS:
        on = word in found.actions
        rows.append(
            (word.ljust(10), state("✓ on" if on else "○ off") + f"   {meaning[word][0 if on else 1]}")
        )
    return facts(rows) + "\n\n" + muted("They are part of the mappings: 5 opens them.")


def technical(whole: Whole) -> Content:
    """Return ids and what Graph wrote."""
    one = whole.one
    application = whole.application if isinstance(whole.application, Application) else None
    rows: list[Row] = [
        ("Service principal".ljust(WIDTH), one.id),
        ("appId", one.service_principal.app_id),
        ("Application", application.id if application else "–"),
        ("Target tenant", one.health.target or "–"),
        ("Job", one.job.id if isinstance(one.job, Job) else "–"),
    ]
    parts = [facts(rows)]
    if isinstance(one.job, Job):
        parts.append(muted("synchronizationJob") + "\n" + clean(exact.pretty(one.job), 20_000, lines=True))
    return Content("\n\n").join(parts)
