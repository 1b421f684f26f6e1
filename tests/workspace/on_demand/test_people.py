"""Who can be added: people by name, and those who are assigned."""

import pytest

from tests.workspace.on_demand.queues import ready
from tests.workspace.stage import Stage
from xtsync_tui.model import Side
from xtsync_tui.workspace.on_demand import people

pytestmark = pytest.mark.anyio


async def test_the_assigned_are_the_direct_members_and_not_those_of_nested_groups() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    queue = await ready(workspace)
    assert queue.ground is not None
    found = {one.name for one in await people.assigned(workspace, queue.ground.configuration.id)}
    assert "Lena Fischer" in found
    assert "Priya Nair" not in found
    assert not [one for one in workspace.log.exchanges if one.side is Side.TARGET and one.request.writes]
