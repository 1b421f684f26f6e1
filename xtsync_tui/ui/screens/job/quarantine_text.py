"""A job in quarantine as text: why, what is held, when it tries again, and who gets a mail."""

from datetime import datetime

from textual.content import Content

from xtsync_tui.engine.quarantine import too_many
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Quarantine
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, people_count, rough, state, when
from xtsync_tui.ui.screens.configurations.text import last_set
from xtsync_tui.ui.screens.job.cycles_text import day, what_goes
from xtsync_tui.ui.screens.setup.text import tested_words
from xtsync_tui.workspace.health import CONNECTION, REASONS, TOO_MANY_DELETES
from xtsync_tui.workspace.job.reading import JobReading, later_attempts, switched_off
from xtsync_tui.workspace.setup.reading import Cause, ConnectionTest

Rows = list[tuple[str, Content]]


def rows(
    reading: JobReading,
    quarantine: Quarantine,
    now: datetime,
    tested: ConnectionTest | None,
    *,
    narrow: bool,
) -> Rows:
    """Return the lines of a job that is in quarantine; ``tested`` is the last test of its connection."""
    since = quarantine.current_began or quarantine.series_began
    began = f" since {day(since, now)} ({rough((now - since).total_seconds())})" if since else ""
    found: Rows = [("State", state(f"■ quarantine{began}")), ("Why", why(reading, quarantine, now))]
    if tested is not None and quarantine.reason == CONNECTION and (since is None or tested.at >= since):
        found.append(("Tested", state(tested_words(tested)) + muted(f" · {when(tested.at, now)}")))
    found += [*_held(reading, narrow=narrow), *allowed(reading, now)]
    later = [] if narrow else [day(one, now) for one in later_attempts(quarantine)[:2]]
    then = f" · later ones, as documented: {', '.join(later)}, then daily" if later else ""
    if quarantine.next_attempt:
        found.append(("Next attempt", Content(f"{_ahead(quarantine.next_attempt, now)}{then}")))
    off = switched_off(quarantine)
    if off is not None:
        words = f"{off.day} {off:%b %Y %H:%M}, in {rough((off - now).total_seconds())}, if nothing is done"
        found.append(("Switched off on", Content(words)))
    found.append(("Mail on failure", mail_words(reading, now)))
    return found


def _held(reading: JobReading, *, narrow: bool) -> Rows:
    if isinstance(reading.held, XtSyncError):
        return [("Nothing is deleted", state(f"? who is held cannot be read: {clean(reading.held.title)}"))]
    if not reading.held_people:
        return []
    held = f"{reading.held_number} are held until you allow (H) or prevent (f) the deletions."
    allowed = "" if narrow else f" When allowed: {what_goes(reading)}."
    found: Rows = [("Nothing is deleted", Content(f"{held}{allowed}"))]
    if isinstance(reading.stopped, Cause):
        words = f"✗ {reading.stopped.title}: every cycle stops before it deletes."
        found.append(("Nothing happens yet", state(words) + f" Step {reading.stopped.step} of Setup."))
    return found


def allowed(reading: JobReading, now: datetime) -> Rows:
    """Return that deletions were allowed which no cycle has carried out yet, nothing when none were."""
    at = reading.allowed_still
    words = f"! {when(at, now)}; the next cycle that connects carries them out" if at else ""
    return [("Deletions allowed", state(words))] if words else []


def _ahead(then: datetime, now: datetime) -> str:
    left = (then - now).total_seconds()
    return f"{day(then, now)}, in {rough(left)}" if left > 0 else f"due since {day(then, now)}"


def why(reading: JobReading, quarantine: Quarantine, now: datetime) -> Content:
    """Return why it is in quarantine: the side and setting, the cause, then what the service said."""
    code, error = clean(quarantine.reason or "Unknown"), quarantine.error
    said = clean(error.message, 300) if error and error.message else ""
    more = f" ({clean(error.code)})" if error and error.code and error.code not in said else ""
    count = len(reading.held_people)
    title = REASONS.get(quarantine.reason or "", "" if said else "no reason was given")
    if quarantine.reason == TOO_MANY_DELETES and count and reading.threshold:
        title = f"a cycle would remove {people_count(count)}, the threshold is {reading.threshold:,}"
        if not too_many(count, reading.threshold):
            title += "; some are no longer in the log"
    if quarantine.reason == CONNECTION and isinstance(reading.stopped, Cause):
        title = " ".join(part for part in (f"{reading.stopped.title}.", reading.stopped.detail) if part)
    began = quarantine.current_began or quarantine.series_began
    at = f", {when(began, now)}; t tests it as it is now" if quarantine.reason == CONNECTION and began else ""
    heard = f": {said}" if said else ""
    return Content(title) + muted(f"{' · ' * bool(title)}{code}{heard}{more}{at}")


def mail_words(reading: JobReading, now: datetime) -> Content:
    """Return who gets the mail about a quarantine; where Graph does not say, what was last set from here."""
    mail = reading.mail
    if mail is None or isinstance(mail, XtSyncError):
        unread = ": the settings cannot be read" if mail else ""
        return state(f"? unknown who gets it{unread}") + muted(f" · {last_set(reading.mail_set, now)}")
    return Content(clean(mail.recipients) or "nobody" if mail.enabled else "off: nobody gets one")
