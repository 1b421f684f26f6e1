"""Step 11: has the queue of On demand send one person, and waits for an assignment to be noticed."""

from xtsync_tui.workspace.on_demand.explaining import NOT_NOTICED
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup.answers import PersonAnswers, Principal
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.setup.sending import Doing
from xtsync_tui.workspace.writing import Written


async def provision(doing: Doing) -> Cause | None:
    """Provision the person; an assignment that the service has not noticed yet is tried again."""
    person = doing.answers
    if not isinstance(person, PersonAnswers):
        raise TypeError("step 11 needs a person")
    one: Queued | None = None
    async for _ in doing.tries(f"{NOT_NOTICED}."):
        one = await _once(doing, person)
        if one.cause is None or one.cause.title != NOT_NOTICED:
            break
    doing.setup.workspace.setup.forget_rows()
    if one is None or one.cause is not None:
        return one.cause if one else None
    if one.result is not None:
        doing.note("person", {"id": person.user_id, "name": one.name})
    return None


async def _once(doing: Doing, person: PersonAnswers) -> Queued:
    workspace = doing.setup.workspace
    who = Principal(person.user_id, person.name, "User", person.account)
    one = await workspace.on_demand.provision(who, over=person.over)
    if one.state is not State.HELD:
        doing.writes.append(Written(workspace.journal.entry(one.entry)))
        doing.on_demand = one.result
    return one
