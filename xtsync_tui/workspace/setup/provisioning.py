"""Step 11: sends one person through the service, and reads the person in TARGET afterwards."""

from xtsync_tui.model import Side
from xtsync_tui.workspace.setup.answers import PersonAnswers
from xtsync_tui.workspace.setup.arrival import look_for, seen
from xtsync_tui.workspace.setup.found import InTarget
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
    doing.setup.workspace.setup.forget_rows()
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
    there = await look_for(workspace, person.user_id)
    name = person.name or there.name or person.user_id
    if written.error is not None:
        return _unanswered(written, there.target)
    doing.on_demand = read_answer(written.answer, name, workspace.now(), took, there.target)
    return failure(doing.setup.facts, doing.on_demand)


def _unanswered(written: Written, there: InTarget) -> Cause:
    cause = Cause.of(written.error, Side.SOURCE) if written.error else Cause("Unknown")
    if written.entry.fate.value != "unknown":
        return cause
    detail = f"The answer of the service was lost. {seen(there)}"
    return Cause(
        "Unknown", detail, "p again: it does no more than a cycle would", 11, Side.SOURCE, cause.code
    )
