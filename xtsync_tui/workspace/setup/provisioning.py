"""Step 11: sends one person through the service, and reads the person in TARGET afterwards."""

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import directory, guests
from xtsync_tui.model import Side, User
from xtsync_tui.workspace.setup.answers import PersonAnswers
from xtsync_tui.workspace.setup.on_demand import NOT_ASSIGNED, failure, read_answer
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.setup.sending import Doing
from xtsync_tui.workspace.writing import Written


async def provision(doing: Doing) -> Cause | None:
    """Provision the person; an assignment that the service has not noticed yet is tried again."""
    person = doing.answers
    if not isinstance(person, PersonAnswers):
        raise TypeError("step 11 needs a person")
    cause: Cause | None = None
    async for _ in doing.tries("Not assigned yet, says the service."):
        cause = await _once(doing, person)
        if doing.on_demand is None or doing.on_demand.code != NOT_ASSIGNED:
            break
    doing.setup.forget_rows()
    if cause is None and doing.on_demand is not None:
        doing.note("person", {"id": person.user_id, "name": doing.on_demand.name})
    return cause


async def _once(doing: Doing, person: PersonAnswers) -> Cause | None:
    workspace = doing.setup.workspace
    (planned,) = doing.setup.prepare(doing.number, person)
    began = workspace.monotonic()
    written = await workspace.writer.send(planned)
    took = workspace.monotonic() - began
    doing.writes.append(written)
    home = await _home(doing, person)
    name = person.name or (home.display_name if home else None) or person.user_id
    there = await _in_target(doing, home)
    if written.error is not None:
        return _unanswered(written, there)
    doing.on_demand = read_answer(written.answer, name, workspace.now(), took, there)
    return failure(doing.setup.facts, doing.on_demand)


def _unanswered(written: Written, there: User | None) -> Cause:
    cause = Cause.of(written.error, Side.SOURCE) if written.error else Cause("Unknown")
    if written.entry.fate.value != "unknown":
        return cause
    seen = "the person is there" if there else "the person is not there"
    detail = f"The answer of the service was lost. TARGET was read: {seen}."
    return Cause(
        "Unknown", detail, "p again: it does no more than a cycle would", 11, Side.SOURCE, cause.code
    )


async def _home(doing: Doing, person: PersonAnswers) -> User | None:
    try:
        return await directory.user(doing.setup.workspace.client(Side.SOURCE), person.user_id)
    except XtSyncError:
        return None


async def _in_target(doing: Doing, home: User | None) -> User | None:
    """Return the person as found in TARGET now, None when nobody is there or it cannot be read."""
    if home is None:
        return None
    try:
        found = await guests.counterparts(doing.setup.workspace.client(Side.TARGET), home)
    except XtSyncError:
        return None
    return found[0] if found else None
