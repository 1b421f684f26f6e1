"""The request that has the job provision one person now."""

from xtsync_tui.graph import ondemand
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned, Undo

WHY = "on demand"
"""The word of the journal; the person follows it."""


def provisioning(sp: str, job: str, schema: Json, user_id: str, name: str = "") -> Planned:
    """Return the request for one person. It is never sent again blindly."""
    undo = Undo(why_not="An account that it made goes with the next cycle once the person is out of scope.")
    request = ondemand.provision(sp, job, ondemand.rule_of(schema), user_id)
    return Planned(Side.SOURCE, request, f"{WHY}: {name}" if name else WHY, undo)
