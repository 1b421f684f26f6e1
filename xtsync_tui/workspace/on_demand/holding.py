"""Who is held back before anything is sent: whoever lies in the bin of TARGET, or may lie there."""

from dataclasses import replace
from typing import TYPE_CHECKING

from xtsync_tui.errors import (
    Cancelled,
    NoAnswer,
    SignInFailed,
    Throttled,
    Unauthorized,
    Unreachable,
    XtSyncError,
)
from xtsync_tui.graph import logs
from xtsync_tui.model import ProvisioningEvent, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.on_demand.explaining import stays_out, until_when
from xtsync_tui.workspace.on_demand.foreseeing import foresee
from xtsync_tui.workspace.on_demand.ground import Ground
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import Cause
from xtsync_tui.workspace.setup.arrival import look_for

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

ROWS = 10
"""Rows of the log about somebody in the bin that are looked at."""

_OUTAGES = (Cancelled, NoAnswer, SignInFailed, Throttled, Unauthorized, Unreachable)
"""What keeps everything from being read, for a while: whoever is looked at then stays next."""


async def held_back(workspace: "Workspace", ground: Ground | None, one: Queued) -> Queued | None:
    """Return the person as they stay, when sending would do harm or nobody can tell; None to send.

    Raises what keeps everything from being read: nobody is sent, and this one stays next.
    """
    if one.forced:
        return None
    looked = await look_for(workspace, one.user_id)
    if looked.error is not None:
        return _cannot_tell(one, looked.error)
    if looked.home is None:
        words = f"{one.name} was not found. Nothing was sent."
        return replace(one, state=State.FAILED, cause=Cause("Not in SOURCE", words, "", None, Side.SOURCE))
    if looked.target.people:
        return None
    try:
        binned = await repairs.in_the_bin(workspace.client(Side.TARGET), looked.home)
    except XtSyncError as error:
        return _cannot_tell(one, error)
    if not binned:
        return None
    rows, here = await _rows(workspace, one.user_id), workspace.on_demand.deleted_at(one.user_id)
    by_cycle = repairs.deleted_by_cycle(binned[0], rows, ROWS, here)
    warning = await _deleted_again(workspace, ground, one, binned)
    cause = _binned(workspace, binned[0], warning, by_cycle=by_cycle)
    return replace(one, state=State.HELD, cause=cause)


def _cannot_tell(one: Queued, error: XtSyncError) -> Queued:
    """Return the person held back, for want of a look into the bin; raises an outage as it is."""
    if isinstance(error, _OUTAGES):
        raise error
    detail = f"{error.title}. {one.name} may lie in the bin of TARGET; sending could then make a duplicate. "
    hint = "r looks again · p sends all the same"
    title = "? cannot tell whether deleted in TARGET"
    return replace(one, state=State.HELD, cause=Cause(title, f"{detail}Nothing was sent.", hint))


async def _rows(workspace: "Workspace", user_id: str) -> tuple[ProvisioningEvent, ...] | None:
    """Return the newest rows of the log about somebody, None when it cannot be read."""
    try:
        pages = logs.provisioning_events(workspace.client(Side.SOURCE), source_id=user_id, top=ROWS)
        return await anext(pages, ())
    except XtSyncError:
        return None


async def _deleted_again(
    workspace: "Workspace", ground: Ground | None, one: Queued, binned: tuple[User, ...]
) -> str:
    """Return why a restored account would not stay, "" when it would, or when that cannot be told."""
    if ground is None:
        return ""
    try:
        (found,) = await foresee(workspace, ground, [one], lambda _: None, binned)
    except XtSyncError:
        return ""
    return stays_out(one.name, found.why) if found.why else ""


def _binned(workspace: "Workspace", user: User, warning: str, *, by_cycle: bool | None) -> Cause:
    """Return the cause of somebody in the bin; ``by_cycle`` says whether a cycle deleted them, if known.

    The service restores nobody on demand; it would make a second account [provision-on-demand].
    """
    name = user.display_name or user.id
    lies = f"{name} lies in the bin of {workspace.side(Side.TARGET).name}{until_when(user)}."
    duplicate = "Provisioning them again can make a duplicate. Nothing was sent."
    if by_cycle:
        title = "Deleted by a cycle, not restored on demand"
        how = "A cycle deleted the account when they left scope, and restores it once they are back."
    elif by_cycle is None:
        title = "Deleted in TARGET"
        how = "? cannot tell who deleted the account, and so whether a cycle restores it."
    else:
        title = "Deleted in TARGET, not restored by the service"
        how = ""
    return Cause(
        title,
        " ".join(part for part in (lies, how, duplicate) if part),
        f"f restore {name} · p sends all the same",
        None,
        Side.TARGET,
        repair=repairs.restoring([user], warning),
    )
