"""What the status line says about writes and waits, in words."""

from typing import TYPE_CHECKING

from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.exchanges import short_path
from xtsync_tui.ui.render import rough

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


def writing(workspace: "Workspace | None", words: str, monotonic: float) -> str:
    """Return what is being written: ``▶ writing to TARGET Fabrikam, 2 of 3: PATCH …, 4 s``.

    ``words`` say it while no request is under way; ``monotonic`` is the clock that activities began on.
    """
    activity = workspace.writer.activity if workspace else None
    if activity is None:
        return f"▶ {words}" if words else ""
    what = "writing to" if activity.phase.value == "sending" else "looking whether it arrived in"
    count = f", {activity.number} of {activity.total}" if activity.total > 1 else ""
    request = f"{activity.request.method} {short_path(activity.request.path)}"
    seconds = max(int(monotonic - activity.began), 0)
    if activity.request.path.endswith("/provisionOnDemand"):
        return f"▶ writing to TARGET {_target(workspace)}{count}: {_person(workspace)}, {seconds} s"
    return f"▶ {what} {activity.side.name} {clean(activity.tenant)}{count}: {request}, {seconds} s"


def _target(workspace: "Workspace | None") -> str:
    """Return the tenant that the job writes in; the request itself goes to SOURCE."""
    return clean(workspace.side(Side.TARGET).name, 20) if workspace else ""


def _person(workspace: "Workspace | None") -> str:
    """Return whom the job provisions on demand."""
    queue = workspace.on_demand.queue if workspace else ()
    return next((clean(one.name, 40) for one in queue if one.state.value == "running"), "one person")


def waiting(workspace: "Workspace | None") -> str:
    """Return what is waited for: ``… Graph asks SOURCE to wait 8 s (GET /users) · esc stops waiting``."""
    waits = workspace.log.waiting if workspace else ()
    if not waits:
        return ""
    last = waits[-1]
    what = f"{last.request.method} {short_path(last.request.path.partition('?')[0])}"
    left = rough(max(last.seconds_left, 1))
    if not last.asked:
        return f"… {last.side.name} takes 5 of these in 10 s: next in {left} ({what}) · esc stops waiting"
    return f"… Graph asks {last.side.name} to wait {left} ({what}) · esc stops waiting"
