"""What the service did with one person, as text: stages, cause, attributes, TARGET now. Pure."""

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content

from xtsync_tui.model import Side, User
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import clock, duration, facts, muted, rough, side, state
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.page import RowPage
from xtsync_tui.ui.screens.setup.text import MARKS
from xtsync_tui.ui.widgets.columns import align, side_by_side
from xtsync_tui.workspace.on_demand.explaining import DELETED, is_built_in, judged_clauses
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import Cause, InTarget, Mark, ModifiedAttribute, OnDemandResult, Stage

SYMBOLS = {
    State.TO_DO: "○",
    State.NEXT: "○",
    State.HELD: "!",
    State.RUNNING: "▶",
    State.DONE: "✓",
    State.SKIPPED: "–",
    State.FAILED: "✗",
    State.UNKNOWN: "?",
}
BESIDE = 52
"""Cells that TARGET takes beside the attributes, where that leaves them room enough to be cut nowhere."""

LEAST = 66
"""Cells under which the columns of the attributes would cut too much: then each has lines of its own."""

STAGE = 10
"""Cells of a stage's symbol and title."""


def state_text(one: Queued, now: float) -> str:
    """Return how somebody in the queue stands; ``now`` is on the monotonic clock: ``▶ 3 s``."""
    if one.state is State.RUNNING:
        return f"▶ {max(int(now - one.began), 0)} s"
    if one.state is State.HELD and not one.in_the_bin:
        return f"? {clean(one.words)}"
    removed = one.state is State.DONE and one.words in _REMOVALS
    return f"{'!' if removed else SYMBOLS[one.state]} {clean(one.words)}"


_REMOVALS = (DELETED, f"soft-{DELETED}", "disabled")
"""Words of a result that took an account away: it worked, and is nothing to be content with."""


def verdict(result: OnDemandResult) -> Content:
    """Return ``✓ created 14:03:22 · 4.1 s``."""
    mark = {"Success": "✓", "Skipped": "–", "Failure": "✗"}.get(result.result, "?")
    if result.words == "no change needed":
        mark = "✓"
    if result.words in _REMOVALS:
        mark = "!"
    took = f" · {duration(result.took)}" if result.took else ""
    words = f"soft-{DELETED}" if result.words == DELETED else result.words
    return state(f"{mark} {clean(words)}") + f" {clock(result.at)}{took}"


def result_page(
    below: FrameScreen, keys: Collection[str], result: OnDemandResult, target: str, cause: Cause | None
) -> RowPage:
    """Return a result as a page over ``below`` that cuts nothing; ``keys`` of that screen work on it."""
    right = f"answered in {duration(result.took)}" if result.took else ""
    body = whole(result, target, cause, below.app.size.width - 4)
    return RowPage(below, keys, f"On demand › {clean(result.name)}", body, right)


def whole(result: OnDemandResult, target: str, cause: Cause | None, within: int = 0) -> Content:
    """Return all of a result, in lines of ``within`` cells; the account in TARGET stands on top as well."""
    account = clean(result.found.user_principal_name) if result.found else ""
    head = verdict(result) + (
        Content("\n  in ") + side(Side.TARGET, target) + f" {account}" if account else ""
    )
    return head + "\n\n" + result_text(result, target, cause, width=0, within=within)


def result_text(
    result: OnDemandResult,
    target: str,
    cause: Cause | None = None,
    *,
    width: int = 0,
    within: int = 0,
    beside: bool = False,
) -> Content:
    """Return the stages with the cause at its own, the attributes, the person in TARGET, all details.

    ``width`` is that of the attributes' columns, 0 for lines that cut nothing; ``within`` that of all other
    lines where it is another. ``beside`` puts TARGET at the right of the attributes.
    """
    within = within or width
    parts = [stages_text(result, cause, within)] if result.stages or cause else []
    if result.note:
        parts.append(state(f"✓ {clean(result.note)}"))
    left = width - BESIDE if beside and _natural(result.modified) <= width - BESIDE - 2 else 0
    there = target_text(result.target, target, BESIDE - 2 if left else within)
    changed = modified_text(result.modified, left or width) if result.modified else None
    if changed is not None and left:
        parts.append(side_by_side(changed, there, left))
    else:
        parts += [changed, there] if changed is not None else [there]
    if result.raw and not result.stages:
        told = muted("The answer could not be read; this is it:")
        parts.append(told + "\n" + clean(result.raw, 4000, lines=True))
    parts += [_details(stage, within) for stage in result.stages if stage.details or stage.words]
    return Content("\n\n").join(parts)


# Stages and cause ------------------------------------------------------------------------------------


def stages_text(result: OnDemandResult, cause: Cause | None, width: int = 0) -> Content:
    """Return the four stages; what kept the person out stands under the stage that said so.

    ``width`` is what the words of the stages are broken to, 0 for not at all.
    """
    stages = result.stages
    at = _stage_of_cause(stages, result) if cause else -1
    lines: list[Content] = []
    for index, stage in enumerate(stages):
        mark = Mark.NONE if index == 1 and result.words == DELETED else stage.mark
        head = _stage(stage, mark, stage_words(stage, result), width)
        lines.append(head + _gates(result, stage, width))
        if cause is not None and index == at:
            lines += [Content(""), cause_text(cause), Content("")]
    if lines and not lines[-1]:
        lines.pop()
    if cause is not None and at < 0:
        lines = [cause_text(cause), *([Content("")] if lines else []), *lines]
    return Content("\n").join(lines)


def stage_words(stage: Stage, result: OnDemandResult) -> str:
    """Return in our own words what a stage came to; what failed is told in the service's."""
    if stage.mark in (Mark.BAD, Mark.UNKNOWN) or not (stage.details or stage.mark is Mark.GOOD):
        return f"service says: {stage.words}" if stage.mark in (Mark.BAD, Mark.UNKNOWN) else stage.words
    there = "TargetId" in dict(stage.details)
    match stage.number:
        case 1:
            return f"read from SOURCE{f': {shorten_id(result.user_id)}' if result.user_id else ''}"
        case 2:
            return "out of scope" if stage.mark is Mark.NONE or result.words == DELETED else "in scope"
        case 3:
            return "found in TARGET" if there else "nobody in TARGET matches"
        case _:
            return _action(result)


def _action(result: OnDemandResult) -> str:
    if result.words == "updated":
        return f"updated, {len(result.modified)} attribute{'s' * (len(result.modified) != 1)}"
    return f"soft-{DELETED}" if result.words == DELETED else result.words


def _stage_of_cause(stages: Sequence[Stage], result: OnDemandResult) -> int:
    if result.words == DELETED:
        return min(1, len(stages) - 1)  # the scope is why
    wrong = (Mark.BAD, Mark.NONE, Mark.UNKNOWN)
    return next((at for at, stage in enumerate(stages) if stage.mark in wrong and stage.details), -1)


def _stage(stage: Stage, mark: Mark, said: str, width: int) -> Content:
    head = Content.styled(f"{stage.number}  ", "bold") + state(f"{MARKS[mark]} {stage.title}".ljust(STAGE))
    words = clean(said, 400)
    room = width - STAGE - 4
    lines = textwrap.wrap(words, room) if room > STAGE else [words]
    return head + Content(" " + ("\n" + " " * (STAGE + 4)).join(lines))


_GATES = {
    "Active in the source system": "active",
    "IsActive": "active",
    "Assigned to the application": "assigned",
    "Assigned": "assigned",
    "User has the required role": "role",
    "User has required role": "role",
    "Scoping filter evaluation passed": "filters",
    "IsInProvisioningScope": "filters",
}
"""What the service says of the scope, in both spellings [cross-tenant-synchronization-configure-graph]."""


def _gates(result: OnDemandResult, stage: Stage, width: int) -> Content:
    said = {_GATES[name]: value == "True" for name, value in stage.details if name in _GATES}
    if not said:
        return Content("")
    clauses = judged_clauses(result)
    if any(is_built_in(text) and not held for text, held in clauses):
        # The service counts its own filter among the filters; which of them kept the person out is the point.
        said["filters"] = _pass_own(clauses)
        said["internal, no SMS sign-in"] = False
    room, lines = max(width - STAGE - 4, 0), [Content("")]
    for words, held in said.items():
        mark = Content(f"{words} ") + state("✓" if held else "✗")
        if room and lines[-1] and lines[-1].cell_length + 3 + mark.cell_length > room:
            lines.append(mark)
        else:
            lines[-1] = lines[-1] + "   " + mark if lines[-1] else mark
    return Content("").join([Content("\n" + " " * (STAGE + 4)) + line for line in lines])


def _pass_own(clauses: Sequence[tuple[str, bool]]) -> bool:
    """Whether one of the own filters holds, all its clauses together, or there is none."""
    filters: dict[str, bool] = {}
    for text, held in clauses:
        if not is_built_in(text):
            name = text.partition(".")[0]
            filters[name] = filters.get(name, True) and held
    return any(filters.values()) or not filters


def cause_text(cause: Cause) -> Content:
    """Return title, detail and next step of a cause."""
    lines = [Content.styled(clean(cause.title), "bold")]
    if cause.detail:
        lines.append(Content(clean(cause.detail, 1200)))
    if cause.hint:
        lines.append(Content.styled(clean(cause.hint), "$x-focus"))
    return Content("\n").join(lines)


def cause_strip(cause: Cause) -> Content:
    """Return a cause for a few rows: what to do stands before the detail, which may be cut."""
    lines = [Content.styled(clean(cause.title), "bold")]
    lines += [Content.styled(clean(cause.hint), "$x-focus")] if cause.hint else []
    lines += [Content(clean(cause.detail, 1200))] if cause.detail else []
    return Content("\n").join(lines)


def _details(stage: Stage, width: int) -> Content:
    rows: list[tuple[str, Content | str]] = [("     service says", clean(stage.words, 600) or "–")]
    rows += [("     " + clean(name), detail_value(clean(value))) for name, value in stage.details]
    head = Content.styled(f"{stage.number}  {stage.title}, in detail", "bold")
    return head + "\n" + facts(rows, within=width)


# Attributes ------------------------------------------------------------------------------------------

_HEADS = ("Attribute", "Source", "Expression", "Before → after in TARGET")


def modified_text(modified: Sequence[ModifiedAttribute], width: int) -> Content:
    """Return the attributes that were changed, in ``width`` cells, or in lines that cut nothing."""
    head = Content.styled(f"Modified attributes ({len(modified)})", "bold")
    if width < LEAST:
        names = max(len(clean(each.name)) for each in modified)
        return Content("\n").join([head, *(_lines(each, names, width) for each in modified)])
    rows = _rows(modified)
    widths = _widths([_HEADS, *rows], width)
    return Content("\n").join([head, muted(_row(_HEADS, widths).plain), *(_row(row, widths) for row in rows)])


def _rows(modified: Sequence[ModifiedAttribute]) -> list[tuple[str, ...]]:
    return [
        (_cell(each.name), _cell(each.source), _cell(each.expression), change_words(each))
        for each in modified
    ]


def _natural(modified: Sequence[ModifiedAttribute]) -> int:
    """Return the cells in which no column of the attributes is cut."""
    widths = _widths([_HEADS, *_rows(modified)], 1_000)
    return sum(widths) + 2 * (len(widths) - 1)


def _widths(rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Return what each column asks for; where that is too much, the expression gives way first."""
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(_HEADS))]
    lacking = sum(widths) + 2 * (len(widths) - 1) - width
    for at, least in ((2, 12), (1, 10), (0, 12), (3, 24)):
        given = max(min(widths[at] - least, lacking), 0)
        widths[at] -= given
        lacking -= given
    return widths


def _cell(value: str) -> str:
    shown = detail_value(clean(value))
    # A value of blanks is a value.
    return shown if shown.strip() else f'"{shown}"' if shown else "–"


def detail_value(text: str) -> str:
    """Return what the service writes as ``(1 values)`` in English."""
    return "(1 value)" if text == "(1 values)" else text


def change_words(each: ModifiedAttribute) -> str:
    """Return ``before → after`` of an attribute that was changed."""
    return f"{_cell(each.before)} → {_cell(each.after)}"


def _row(cells: Iterable[str], widths: Iterable[int]) -> Content:
    parts = [align(Content(cell), width) for cell, width in zip(cells, widths, strict=True)]
    return Content("  ").join(parts)


def _lines(each: ModifiedAttribute, names: int, width: int) -> Content:
    """Return the change, and what it was made from under it; broken to ``width`` cells unless that is 0."""
    made = _made(each)
    if not width:
        line = muted(f"     {clean(each.name).ljust(names)}  ") + change_words(each)
        return line + ("\n" + muted(" " * (names + 7) + made) if made else Content(""))
    room = max(width - 4, 20)
    lines = [
        Content(clean(each.name)),
        *(Content(f"  {part}") for part in textwrap.wrap(change_words(each), room)),
    ]
    lines += [muted(f"  {part}") for part in textwrap.wrap(made, room)] if made else []
    return Content("\n").join(lines)


def _made(each: ModifiedAttribute) -> str:
    """Return what a value was made by, and from: ``by [displayName] from Fischer, Lena``."""
    parts = [f"by {clean(each.expression)}" if each.expression else ""]
    parts.append(f"from {clean(each.source)}" if each.source else "")
    return " ".join(part for part in parts if part)


# TARGET ----------------------------------------------------------------------------------------------


def target_text(there: InTarget | None, target: str, width: int = 0) -> Content:
    """Return the person as found in TARGET: not read, nobody, or the account; ``width`` of its rule."""
    head = Content("── In ") + side(Side.TARGET, target) + " now"
    if there is None:
        return head + "\n" + state("? not read yet")
    if there.unread:
        return head + "\n" + state(f"? cannot tell. {clean(there.unread)}")
    head += f", read {clock(there.at)} "
    head += Content.styled("─" * max(width - head.cell_length, 2), "$x-rule")
    if not there.people:
        return head + "\n" + state("– nobody was found")
    lines = [head, facts(list(account_facts(there.people[0], there)), within=width)]
    if not there.sure:
        lines.append(state("! same mail address only: this may be somebody else"))
    if len(there.people) > 1:
        others = ", ".join(clean(user.user_principal_name or user.id) for user in there.people[1:])
        lines.append(state(f"! {len(there.people)} accounts; also {others}"))
    return Content("\n").join(lines)


def account_facts(user: User, there: InTarget) -> Iterable[tuple[str, Content | str]]:
    """Yield the facts of an account in TARGET that matter, as label and value."""
    yield "userPrincipalName", clean(user.user_principal_name)
    yield "displayName", clean(user.display_name) or "–"
    yield "userType", clean(user.user_type) or "–"
    yield "externalUserState", clean(user.external_user_state) or "–"
    yield "identities", ", ".join(clean(one.issuer) for one in user.identities or () if one.issuer) or "–"
    yield "accountEnabled", "?" if user.account_enabled is None else str(user.account_enabled)
    shown = user.show_in_address_list
    yield "showInAddressList", "–" if shown is None else str(shown)
    missing = f"– in SOURCE it is {clean(there.home_manager)}" if there.home_manager else "–"
    yield "manager", clean(there.manager) or missing
    yield "object id", shorten_id(user.id)


# The queue -------------------------------------------------------------------------------------------


def summary(queue: Sequence[Queued], wait: float, *, running: bool, pausing: bool, narrow: bool) -> str:
    """Return ``3 of 5 done · ▶ 1 running · 1 failed · at most 5 …``; ``wait`` is in seconds."""
    if not queue:
        return "at most 5 requests in 10 s"
    done = sum(not one.waits and one.state is not State.RUNNING for one in queue)
    parts = [f"{done:,} of {len(queue):,} done"]
    counts = Counter(one.state for one in queue)
    parts += _at_work(counts, wait, running=running, pausing=pausing)
    bad = [f"{counts[each]:,} {each.value}" for each in _TOLD if counts[each]]
    parts += bad[:1] if narrow else bad
    if not narrow:
        parts.append("at most 5 requests in 10 s")
    return " · ".join(parts)


_TOLD = (State.FAILED, State.UNKNOWN, State.HELD, State.SKIPPED)
"""What did not work, the worst first."""


def _at_work(counts: Counter[State], wait: float, *, running: bool, pausing: bool) -> list[str]:
    if running and pausing:
        return ["‖ pauses after this one"]
    if counts[State.RUNNING]:
        return ["▶ 1 running"]
    if counts[State.NEXT] and not running:
        return ["‖ paused"]
    return [f"next in {max(round(wait), 1)} s"] if counts[State.NEXT] and wait > 0 else []


def progress(queue: Sequence[Queued], seconds: float) -> str:
    """Return how far a queue at work is, for the status line: ``15 of 3,001, about 1 h``."""
    done = sum(not one.waits and one.state is not State.RUNNING for one in queue)
    left = f", about {rough(seconds)} left" if seconds >= 1 else ""
    return f"{done:,} of {len(queue):,}{left}"


def hints(earlier: Sequence[OnDemandResult], stopped: str) -> Content:
    """Return what stands under the queue: what stopped it, the ways to add people, the earlier results."""
    parts = [state(f"‖ {stopped}") + muted("\nP lets the queue go on.")] if stopped else []
    parts.append(muted("n adds people: search,\nthe assigned, a CSV file."))
    if earlier:
        days = list(dict.fromkeys(f"{one.at.day} {one.at:%b %H:%M}" for one in earlier))
        more = f", {len(days) - 3} more" if len(days) > 3 else ""
        told = f"Earlier results of this\nperson: {', '.join(days[:3])}{more}.\nc compares."
        parts.append(muted(told))
    return Content("\n\n").join(parts)
