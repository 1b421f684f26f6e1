"""What the detail tells of one person of the queue, whole and as the strip of a narrow terminal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.on_demand import text
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import OnDemandResult


@dataclass(frozen=True, slots=True)
class Told:
    """One person as the detail shows them."""

    title: str
    body: Content
    strip: Content
    right: Content


def told(one: Queued, target: str, now: float, *, width: int, wide: bool, beside: bool) -> Told:
    """Return what is told of ``one``; ``width`` is that of the body, ``target`` the name of the tenant.

    ``wide`` says that there is room for the account in the title, ``beside`` for TARGET beside attributes.
    """
    title = clean(first_visible(one.name, one.account))
    if one.account and wide and one.account != one.name:
        title += f" · {clean(one.account)}"
    had = one.result is not None and not one.waits and not one.repaired
    right = text.verdict(one.result) if one.result and had else state(text.state_text(one, now))
    return Told(title, _body(one, target, width, beside=beside), _strip(one), right)


def _body(one: Queued, target: str, width: int, *, beside: bool) -> Content:
    if one.repaired:
        before = text.result_text(one.result, target, width=width, beside=beside) if one.result else None
        head = _repaired(one)
        return head if before is None else head + "\n\n" + muted("Before that") + "\n" + before
    if one.result is not None:
        return text.result_text(one.result, target, one.cause, width=width, beside=beside)
    if one.cause is not None:
        return text.cause_text(one.cause)
    if one.state is State.RUNNING:
        return state("▶ the service is at it; up to half a minute")
    words = "p shows the request and sends it." if one.state is State.TO_DO else "Sent when it is their turn."
    return muted(words)


def _repaired(one: Queued) -> Content:
    again = "\n" + Content.styled("p tries again", "$x-focus") if one.waits else ""
    return state(f"✓ {clean(one.repaired)}") + again


def _strip(one: Queued) -> Content:
    if one.repaired:
        return _repaired(one)
    if one.cause is not None:
        return text.cause_strip(one.cause)
    if one.result is None:
        return _body(one, "", 60, beside=False)
    stages = one.result.stages[-1:]
    lines = [text.verdict(one.result), *(muted(text.stage_words(each, one.result)) for each in stages)]
    if one.result.found is not None:
        lines.append(Content(clean(one.result.found.user_principal_name)))
    return Content("\n").join(lines)


def earlier(one: Queued, kept: Sequence[OnDemandResult]) -> Sequence[OnDemandResult]:
    """Return the results before the one that is shown; ``kept`` are all of this person, the newest first."""
    return kept[1:] if one.result is not None and kept and kept[0].at == one.result.at else kept
