"""The mappings of a pair, read."""

from tests.workspace.stage import Stage
from xtsync_tui.workspace.mappings.service import Mappings


async def opened(stage: Stage) -> Mappings:
    workspace = stage.workspace()
    await workspace.introduce()
    await workspace.mappings.read()
    return workspace.mappings
