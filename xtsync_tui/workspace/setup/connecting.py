"""Step 6: the test of the connection, with the setting that is in its way; then credentials and job."""

from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, NotFound, Rejected
from xtsync_tui.graph import credentials
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup.configuration import not_connected, together
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.partners import handshake_causes
from xtsync_tui.workspace.setup.reading import Cause, ConnectionTest
from xtsync_tui.workspace.setup.sending import Doing, send

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


async def connect(doing: Doing) -> Cause | None:
    """Test, and once the service connects save the credentials and create the job.

    While both tenants look right and the service still refuses, it is tried again.
    """
    doing.setup.prepare(doing.number, doing.answers)
    found: ConnectionTest | None = None
    async for _ in doing.tries("Still replicating: both sides are right."):
        found = await test(doing.setup)
        if found.passed:
            return await send(doing)
        causes = handshake_causes(doing.setup.facts)
        if causes:
            return together(causes, found.code)
    return not_connected(found.code, found.words) if found else None


async def test(setup: "Setup") -> ConnectionTest:
    """Ask the service whether it can connect, and note its answer; raises InvalidInput before step 5."""
    facts, workspace = setup.facts, setup.workspace
    if facts.found is None:
        raise InvalidInput("Step 5 comes first", "There is no configuration to test.")
    request = credentials.validate(facts.found.service_principal.id, facts.target.id)
    code, said = "", ""
    try:
        await workspace.client(Side.SOURCE).send(request)
    except (Rejected, NotFound) as error:
        code, said = error.code or str(error.status), error.message
        facts = await setup.look_again(6)
    words = _explained(facts, said) if code else "Connected."
    setup.note("test", {"passed": not code, "code": code, "detail": words})
    return ConnectionTest(workspace.now(), not code, code, words)


def _explained(facts: Facts, said: str) -> str:
    """Return which setting of which tenant keeps the service from connecting."""
    causes = handshake_causes(facts)
    if not causes:
        return f"Both sides were read and are right. The service says: {said}"
    return f"Both sides were read. {together(causes).detail}"
