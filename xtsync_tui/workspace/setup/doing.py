"""Doing a step: look again, send what is left, wait visibly, and say how it ended."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.errors import InvalidInput, ReadOnly, StoreFailed, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.settings import Plan
from xtsync_tui.workspace.secrets import ChangedMeanwhile, differences
from xtsync_tui.workspace.setup.answers import (
    Answers,
    MappingAnswers,
    ScopeAnswers,
    SettingsAnswers,
)
from xtsync_tui.workspace.setup.connecting import connect
from xtsync_tui.workspace.setup.creating import create
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.outcome import Outcome
from xtsync_tui.workspace.setup.provisioning import provision
from xtsync_tui.workspace.setup.reading import Cause, StepState
from xtsync_tui.workspace.setup.sending import Doing, send

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Progress, Setup

FIRST_CYCLE = (1.0, 2.0, 4.0, 8.0)
"""Seconds between looks at the first cycle. It may take hours: it is waited for only for a moment."""


async def perform(
    setup: "Setup", number: int, answers: Answers, progress: "Progress", *, just_read: bool = False
) -> Outcome:
    """Do step ``number``. Expected failures of Graph are the cause of the outcome.

    ``just_read`` says that the last reading is of this moment and that everything is read again later: only
    what the step changed is read now. The schema is read again all the same before it is saved, because that
    replaces what others saved.

    Raises:
        InvalidInput: an answer cannot be used; nothing was sent.
        ReadOnly: the profile does not write; nothing was sent.
        StoreFailed: the journal cannot be written; nothing was sent that is not in it.
    """
    shown = setup.facts
    doing = Doing(setup, number, answers, progress)
    if not just_read or isinstance(answers, MappingAnswers):
        await setup.look_again(number)
    try:
        cause = _edited_elsewhere(answers, shown, setup.facts) or _set_elsewhere(doing, shown)
        cause = cause or await _WAYS.get(number, send)(doing)
    except (InvalidInput, ReadOnly, StoreFailed):
        raise
    except XtSyncError as error:
        cause = Cause.of(error)
    if just_read and cause is None:
        await setup.look_again(number)
    else:
        await setup.refresh()
    return _outcome(doing, cause or _still_failing(setup, number))


def _still_failing(setup: "Setup", number: int) -> Cause | None:
    """Return what keeps the step from being done although everything was sent."""
    reading = setup.reading[number] if setup.reading else None
    return reading.cause if reading and reading.state is StepState.FAILED else None


def _outcome(doing: Doing, cause: Cause | None) -> Outcome:
    writes, number = tuple(doing.writes), doing.number
    when = f"{doing.setup.workspace.now():%H:%M:%S}"
    words = f"step {number} failed {when} · {cause.title}" if cause else f"step {number} done {when}"
    if writes and not cause:
        last = writes[-1].entry
        words += f" · {last.request.method} · {last.status or 'looked at again'}"
    return Outcome(number, cause is None, words, writes, cause, doing.on_demand)


def _edited_elsewhere(answers: Answers, shown: Facts, now: Facts) -> Cause | None:
    """Return the cause when somebody saved mappings or filters since they were shown."""
    if not isinstance(answers, MappingAnswers):
        return None
    if (answers.based_on or shown.schema_print) == now.schema_print:
        return None
    return Cause(
        "The mappings were changed elsewhere",
        f"Since they were read at {shown.now:%H:%M}, mappings or filters differ. Nothing was saved.",
        "enter look at them as they are now",
        9,
        Side.SOURCE,
    )


def _set_elsewhere(doing: Doing, shown: Facts) -> Cause | None:
    """Return the cause when somebody changed the settings since they were shown, and they would be saved."""
    now = doing.setup.facts
    if not isinstance(doing.answers, ScopeAnswers | SettingsAnswers) or shown.found is None:
        return None
    before, after = shown.found.secrets, now.found.secrets if now.found else {}
    if isinstance(before, XtSyncError) or isinstance(after, XtSyncError) or before == after:
        return None
    planned = doing.setup.prepare(doing.number, doing.answers)
    if not any(each.request.path.endswith("/secrets") for each in planned):
        return None
    found = differences(before, after)
    return Cause.of(ChangedMeanwhile(found), Side.SOURCE, doing.number) if found else None


async def _keep_plan(doing: Doing) -> Cause | None:
    if not isinstance(doing.answers, Plan):
        raise InvalidInput("Step 1 needs a plan")
    doing.setup.workspace.keep_plan(msgspec.structs.replace(doing.answers, reviewed=True))
    return None


async def _review(doing: Doing) -> Cause | None:
    """Save what was changed, and note that these very mappings were looked at."""
    cause = await send(doing)
    facts = await doing.setup.look_again(doing.number)
    if cause is None and facts.schema_print:
        doing.note("mappings", facts.schema_print)
    return cause


async def _decide(doing: Doing) -> Cause | None:
    cause = await send(doing)
    if cause is None:
        doing.note("leaving", True)
    return cause


async def _watch(doing: Doing) -> Cause | None:
    """Look at the job, for a moment also at a first cycle that is under way."""
    setup = doing.setup
    for seconds in FIRST_CYCLE:
        status = setup.facts.job.status if setup.facts.job else None
        if status is None or status.code != "NotRun":
            break
        doing.progress(f"The first cycle runs. Next look in {seconds:g} s")
        await setup.workspace.pause(seconds)
        await setup.look_again(doing.number)
    reading = setup.reading[13] if setup.reading else None
    if reading is None or reading.state is StepState.DONE:
        return None
    return reading.cause or Cause("The job does not run", reading.words, "enter start it", 12, Side.SOURCE)


async def _look_at_prerequisites(doing: Doing) -> Cause | None:
    reading = (await doing.setup.read(doing.progress))[0]
    return None if reading.state is StepState.DONE else reading.cause


_WAYS: Mapping[int, Callable[[Doing], Awaitable[Cause | None]]] = {
    0: _look_at_prerequisites,
    1: _keep_plan,
    5: create,
    6: connect,
    9: _review,
    11: provision,
    13: _watch,
    14: _decide,
}
