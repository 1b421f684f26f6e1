"""Step 5: one configuration, never two: look first, send once, wait until it is listed."""

from xtsync_tui.errors import Unreadable, XtSyncError
from xtsync_tui.graph import configurations
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.setup.answers import NameAnswers
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.setup.sending import Doing, cause_of

LISTED_AFTER = (1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 10.0)
"""Seconds between looks; listing can need 15 s [cross-tenant-synchronization-configure]."""

CLAIM_SECONDS = 60.0
"""How long another window of this machine may be in the middle of creating one."""


async def create(doing: Doing) -> Cause | None:
    """Create the configuration of this pair unless there is one, and wait until it is listed."""
    setup, answers = doing.setup, doing.answers
    planned = setup.prepare(doing.number, answers)
    if not planned:
        return None
    journal, now = setup.workspace.journal, setup.workspace.now()
    if not journal.claim("creating", now, CLAIM_SECONDS):
        return await _made_elsewhere(doing)
    try:
        (written,) = await setup.workspace.writer.send_all(planned)
        doing.writes.append(written)
        if written.error is not None:
            return cause_of(written)
        made = _id_of(written.answer)
        name = answers.name.strip() if isinstance(answers, NameAnswers) else ""
        doing.note("configuration", {"id": made, "name": name})
    finally:
        journal.forget("creating")
    return await _listed(doing, made)


def _id_of(answer: Json) -> str:
    """Return the id of the new configuration; raises Unreadable, then a reading finds it by name."""
    try:
        return str(answer["servicePrincipal"]["id"])
    except (TypeError, LookupError) as error:
        hint = "It was created: r reads it. A second one is not made."
        raise Unreadable("SOURCE: the answer names no configuration", "", hint) from error


async def _made_elsewhere(doing: Doing) -> Cause | None:
    """Wait for the configuration that another window is creating."""
    for seconds in LISTED_AFTER:
        doing.progress(f"Another window creates the configuration. Next look in {seconds:g} s")
        await doing.setup.workspace.pause(seconds)
        if (await doing.setup.look_again(doing.number)).found:
            return None
    detail = "Another window of this program began to create the configuration and did not end."
    return Cause("Created elsewhere, or not at all", detail, "r look again", 5, Side.SOURCE)


async def _listed(doing: Doing, made: str) -> Cause | None:
    """Wait until the new configuration can be used and is in the list."""
    workspace = doing.setup.workspace
    client = workspace.client(Side.SOURCE)
    unread: XtSyncError | None = None
    for seconds in (0.0, *LISTED_AFTER):
        if seconds:
            doing.progress(f"Created, not listed yet. A second one is not made. Next look in {seconds:g} s")
            await workspace.pause(seconds)
        try:
            listed = await configurations.configurations(client)
            if any(one.id == made for one in listed) and await configurations.configuration(client, made):
                return None
            unread = None
        except XtSyncError as error:
            unread = error
    if unread is not None:
        detail = f"Nobody could look whether it is listed: {unread.title}. A second one is not made."
        return Cause("Created, not found again", detail, "r look again · @", 5, Side.SOURCE)
    detail = "It exists; the list can need longer. A second one is not made."
    return Cause("Created, not listed yet", detail, "wait · @", 5, Side.SOURCE)
