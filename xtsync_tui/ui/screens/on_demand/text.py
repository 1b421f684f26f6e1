"""What the service did with one person, as text: stages, cause, attributes, TARGET now, and a comparison."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from xtsync_tui.model import Side, User
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import clock, duration, facts, muted, side, state, when
from xtsync_tui.ui.screens.page import TextPage
from xtsync_tui.ui.screens.setup.text import MARKS
from xtsync_tui.ui.widgets.columns import align, side_by_side
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
BESIDE, LEFT = 76, 40
"""Cells that TARGET takes beside the attributes, and those that the attributes need then."""

STAGE = 10
"""Cells of a stage's symbol and title."""


def state_text(one: Queued, now: float) -> str:
    """Return how somebody in the queue stands; ``now`` is on the monotonic clock: ``▶ 3 s``."""
    if one.state is State.RUNNING:
        return f"▶ {max(int(now - one.began), 0)} s"
    unread = one.state is State.HELD and not one.in_the_bin
    return f"{'?' if unread else SYMBOLS[one.state]} {clean(one.words)}"


def verdict(result: OnDemandResult) -> Content:
    """Return ``✓ created 14:03:22 · 4.1 s``."""
    mark = {"Success": "✓", "Skipped": "–", "Failure": "✗"}.get(result.result, "?")
    if result.words == "no change needed":
        mark = "✓"
    took = f" · {duration(result.took)}" if result.took else ""
    return state(f"{mark} {clean(result.words)}") + f" {clock(result.at)}{took}"


def result_page(result: OnDemandResult, target: str, cause: Cause | None = None) -> TextPage:
    """Return the result as a page that cuts nothing; the account in TARGET stands on top, and below whole."""
    account = clean(result.found.user_principal_name) if result.found else ""
    head = verdict(result) + (
        Content("\n  in ") + side(Side.TARGET, target) + f" {account}" if account else ""
    )
    text = result_text(result, target, cause, width=0)
    right = f"{clock(result.at)} · {duration(result.took)}"
    return TextPage(f"On demand › {clean(result.name)}", head + "\n\n" + text, right)


def result_text(
    result: OnDemandResult, target: str, cause: Cause | None = None, *, width: int = 0, beside: bool = False
) -> Content:
    """Return the stages with the cause at its own, the attributes, the person in TARGET, all details.

    ``width`` is that of the attributes' columns, 0 for lines that cut nothing. ``beside`` puts TARGET at
    the right of the attributes.
    """
    parts = [stages_text(result.stages, cause, width)] if result.stages or cause else []
    if result.note:
        parts.append(state(f"✓ {clean(result.note)}"))
    there = target_text(result.target, target)
    left = width - BESIDE if beside and width >= BESIDE + LEFT else 0
    changed = modified_text(result.modified, left or width) if result.modified else None
    if changed is not None and left:
        parts.append(side_by_side(changed, there, left))
    else:
        parts += [changed, there] if changed is not None else [there]
    if result.raw and not result.stages:
        told = muted("The answer could not be read; this is it:")
        parts.append(told + "\n" + clean(result.raw, 4000, lines=True))
    parts += [_details(stage) for stage in result.stages if stage.details]
    return Content("\n\n").join(parts)


# Stages and cause ------------------------------------------------------------------------------------


def stages_text(stages: Sequence[Stage], cause: Cause | None, width: int = 0) -> Content:
    """Return the four stages; what kept the person out stands under the stage that said so.

    ``width`` is what the words of the stages are broken to, 0 for not at all.
    """
    at = _stage_of_cause(stages) if cause else -1
    lines: list[Content] = []
    for index, stage in enumerate(stages):
        lines.append(_stage(stage, width))
        if cause is not None and index == at:
            lines += [Content(""), cause_text(cause), Content("")]
    if cause is not None and at < 0:
        lines = [cause_text(cause), *([Content("")] if lines else []), *lines]
    return Content("\n").join(lines)


def _stage_of_cause(stages: Sequence[Stage]) -> int:
    wrong = (Mark.BAD, Mark.NONE, Mark.UNKNOWN)
    return next((at for at, stage in enumerate(stages) if stage.mark in wrong and stage.details), -1)


def _stage(stage: Stage, width: int) -> Content:
    head = Content.styled(f"{stage.number}  ", "bold") + state(
        f"{MARKS[stage.mark]} {stage.title}".ljust(STAGE)
    )
    words = clean(stage.words, 400)
    room = width - STAGE - 4
    lines = textwrap.wrap(words, room) if room > STAGE else [words]
    return head + Content(" " + ("\n" + " " * (STAGE + 4)).join(lines)) + _gates(stage)


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


def _gates(stage: Stage) -> Content:
    said = [(_GATES[name], value == "True") for name, value in stage.details if name in _GATES]
    if not said:
        return Content("")
    marks = [Content(f"{words} ") + state("✓" if held else "✗") for words, held in said]
    return Content("\n" + " " * (STAGE + 4)) + Content("   ").join(marks)


def cause_text(cause: Cause) -> Content:
    """Return title, detail and next step of a cause."""
    lines = [Content.styled(clean(cause.title), "bold")]
    if cause.detail:
        lines.append(Content(clean(cause.detail, 1200)))
    if cause.hint:
        lines.append(Content.styled(clean(cause.hint), "$x-focus"))
    return Content("\n").join(lines)


def _details(stage: Stage) -> Content:
    rows: list[tuple[str, Content | str]] = [
        ("     " + clean(name), clean(value)) for name, value in stage.details
    ]
    return Content.styled(f"{stage.number}  {stage.title}, in detail", "bold") + "\n" + facts(rows)


# Attributes ------------------------------------------------------------------------------------------

_HEADS = ("Attribute", "Source", "Expression", "Before → after in TARGET")
_LEAST = 66
"""Cells under which the columns would cut too much: then each attribute has lines of its own."""


def modified_text(modified: Sequence[ModifiedAttribute], width: int) -> Content:
    """Return the attributes that were changed, in ``width`` cells, or in lines that cut nothing."""
    head = Content.styled(f"Modified attributes ({len(modified)})", "bold")
    if width < _LEAST:
        names = max(len(clean(each.name)) for each in modified)
        return Content("\n").join([head, *(_lines(each, names, width) for each in modified)])
    rows = [
        (_cell(each.name), _cell(each.source), _cell(each.expression), _change(each)) for each in modified
    ]
    widths = _widths([_HEADS, *rows], width)
    return Content("\n").join([head, muted(_row(_HEADS, widths).plain), *(_row(row, widths) for row in rows)])


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
    shown = clean(value)
    # A value of blanks is a value.
    return shown if shown.strip() else f'"{shown}"' if shown else "–"


def _change(each: ModifiedAttribute) -> str:
    return f"{_cell(each.before)} → {_cell(each.after)}"


def _row(cells: Iterable[str], widths: Iterable[int]) -> Content:
    parts = [align(Content(cell), width) for cell, width in zip(cells, widths, strict=True)]
    return Content("  ").join(parts)


def _lines(each: ModifiedAttribute, names: int, width: int) -> Content:
    """Return the change, and what it was made from under it; broken to ``width`` cells unless that is 0."""
    made = " → ".join(clean(part) for part in (each.source, each.expression) if part)
    if not width:
        line = muted(f"     {clean(each.name).ljust(names)}  ") + _change(each)
        return line + ("\n" + muted(" " * (names + 7) + f"from {made}") if made else Content(""))
    room = max(width - 4, LEFT // 2)
    lines = [
        Content(clean(each.name)),
        *(Content(f"  {part}") for part in textwrap.wrap(_change(each), room)),
    ]
    lines += [muted(f"  {part}") for part in textwrap.wrap(f"from {made}", room)] if made else []
    return Content("\n").join(lines)


# TARGET ----------------------------------------------------------------------------------------------


def target_text(there: InTarget | None, target: str) -> Content:
    """Return the person as found in TARGET: not read, nobody, or the account."""
    head = Content("── In ") + side(Side.TARGET, target) + " now"
    if there is None:
        return head + "\n" + state("? not read yet")
    if there.unread:
        return head + "\n" + state(f"? cannot tell. {clean(there.unread)}")
    head += f", read {clock(there.at)} ──"
    if not there.people:
        return head + "\n" + state("– nobody was found")
    lines = [head, facts(list(_account(there.people[0], there)))]
    if not there.sure:
        lines.append(state("! same mail address only: this may be somebody else"))
    if len(there.people) > 1:
        others = ", ".join(clean(user.user_principal_name or user.id) for user in there.people[1:])
        lines.append(state(f"! {len(there.people)} accounts; also {others}"))
    return Content("\n").join(lines)


def _account(user: User, there: InTarget) -> Iterable[tuple[str, Content | str]]:
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


# Comparing -------------------------------------------------------------------------------------------

Compared = tuple[str, str, str]
"""What, then, now."""


def compared(then: OnDemandResult, now: OnDemandResult) -> tuple[Compared, ...]:
    """Return what the service said and what TARGET had, in two results of one person, line by line."""
    rows: list[Compared] = [("result", then.words, now.words), ("code", then.code, now.code)]
    for old, new in zip(then.stages, now.stages, strict=False):
        rows.append((f"{new.number} {new.title}", old.words, new.words))
    before, after = _changes(then), _changes(now)
    rows += [(f"~ {name}", before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    old_account, new_account = _there(then), _there(now)
    names = {**old_account, **new_account}
    rows += [(name, old_account.get(name, ""), new_account.get(name, "")) for name in names]
    details = [dict(pair for stage in each.stages for pair in stage.details) for each in (then, now)]
    keys = {**details[0], **details[1]}
    rows += [
        (name, details[0].get(name, ""), details[1].get(name, ""))
        for name in keys
        if details[0].get(name) != details[1].get(name)
    ]
    return tuple(rows)


def _changes(result: OnDemandResult) -> dict[str, str]:
    return {each.name: _change(each) for each in result.modified}


def _there(result: OnDemandResult) -> dict[str, str]:
    user = result.found
    if user is None or result.target is None:
        unread = bool(result.target and result.target.unread)
        return {"in TARGET": "cannot tell" if unread else "nobody"}
    account = _account(user, result.target)
    return {name: value.plain if isinstance(value, Content) else value for name, value in account} | {
        "in TARGET": "there"
    }


def comparison(then: OnDemandResult, now: OnDemandResult, at: datetime) -> Content:
    """Return two results of one person: what differs first, then what is the same."""
    rows = compared(then, now)
    different = [row for row in rows if row[1] != row[2]]
    same = [row for row in rows if row[1] == row[2] and row[1]]
    head = muted(f"then  {when(then.at, at)}\nnow   {when(now.at, at)}")
    parts = [head, Content.styled(f"Different ({len(different)})", "bold") + "\n" + _pairs(different)]
    parts.append(
        Content.styled(f"The same ({len(same)})", "bold")
        + "\n"
        + facts([(clean(name), clean(value)) for name, value, _ in same])
    )
    return Content("\n\n").join(parts)


def _pairs(rows: Sequence[Compared]) -> Content:
    if not rows:
        return state("– nothing")
    return Content("\n").join(
        state(f"~ {clean(name).removeprefix('~ ')}")
        + f"\n    then  {clean(old, 800) or '–'}\n    now   {clean(new, 800) or '–'}"
        for name, old, new in rows
    )


# The queue -------------------------------------------------------------------------------------------


def summary(queue: Sequence[Queued], wait: float, *, paused: bool, narrow: bool) -> str:
    """Return ``3 of 5 done · ▶ 1 running · at most 5 requests in 10 s``; ``wait`` is in seconds."""
    if not queue:
        return "at most 5 requests in 10 s"
    done = sum(not one.waits and one.state is not State.RUNNING for one in queue)
    parts = [f"{done} of {len(queue)} done"]
    waiting = any(one.state is State.NEXT for one in queue)
    if any(one.state is State.RUNNING for one in queue):
        parts.append("▶ 1 running")
    elif waiting and paused:
        parts.append("‖ paused")
    elif waiting and wait > 0:
        parts.append(f"next in {max(round(wait), 1)} s")
    if not narrow:
        parts.append("at most 5 requests in 10 s")
    return " · ".join(parts)


def hints(earlier: Sequence[OnDemandResult], stopped: str) -> Content:
    """Return what stands under the queue: what stopped it, the ways to add people, the earlier results."""
    parts = [state(f"‖ {stopped}")] if stopped else []
    parts.append(muted("n adds people: search,\nthe assigned, a CSV file."))
    if earlier:
        days = list(dict.fromkeys(f"{one.at.day} {one.at:%b %H:%M}" for one in earlier))
        more = f", {len(days) - 3} more" if len(days) > 3 else ""
        told = f"Earlier results of this\nperson: {', '.join(days[:3])}{more}.\nc compares."
        parts.append(muted(told))
    return Content("\n\n").join(parts)
