"""An error in place of content: what happened, what Graph said, and the keys that help."""

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from xtsync_tui.errors import GraphError, XtSyncError
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import clock, muted


def sentences(error: XtSyncError) -> list[Content]:
    """Return title, cause and next step as paragraphs."""
    parts = [Content.styled(f"✗ {clean(error.title)}", "bold $x-error")]
    parts += [Content(clean(text, 2000, lines=True)) for text in (error.detail, error.hint) if text]
    return parts


def said(error: XtSyncError, at: datetime | None = None) -> Content | None:
    """Return what Graph answered: status, code, message and request id; None when it said nothing."""
    if not isinstance(error, GraphError) or not (error.status or error.message):
        return None
    lines = [f"Graph said: {error.status or 'no answer'} {clean(error.code)}".rstrip()]
    if error.message and clean(error.message) not in error.detail:
        lines.append(clean(error.message, 1000))
    if error.request_id:
        lines.append(f"Request {shorten_id(error.request_id)}" + (f" at {clock(at)}" if at else ""))
    return muted("\n".join(lines))


def whole(error: XtSyncError, at: datetime) -> list[Content]:
    """Return title, cause and next step, and what Graph answered, as paragraphs."""
    heard = said(error, at)
    return [*sentences(error), *([heard] if heard else [])]


def brief(error: XtSyncError) -> list[Content]:
    """Return title and next step in one line that does not alarm."""
    return [muted(" · ".join(clean(text) for text in (error.title, error.hint) if text))]


def report(error: XtSyncError, at: datetime) -> str:
    """Return the error as text for a colleague: nothing cut, nothing coloured, never a token."""
    lines = [error.title, error.detail, error.hint]
    if isinstance(error, GraphError):
        lines += [
            f"Graph: {error.status} {error.code} {error.message}",
            f"Request id: {error.request_id or 'none'}",
        ]
    return "\n".join(clean(line, 4000, lines=True) for line in [*lines, f"Time: {at.isoformat()}"] if line)


class Trouble(Static):
    """Stands where the content would be while it cannot be read."""

    def __init__(self) -> None:
        super().__init__(markup=False, id="trouble")
        self.error: XtSyncError | None = None

    def tell(self, error: XtSyncError, at: datetime, *, fix: str = "") -> None:
        """Say ``error``; ``fix`` is what the f key does here, nothing for no such key."""
        self.error = error
        keys = Content("r  try again       y  copy this for a colleague\n")
        repair = f"f  {fix}  ".ljust(19) if fix else ""
        keys += Content(f"{repair}@  see the request")
        self.update(Content("\n\n").join([*whole(error, at), keys]))
