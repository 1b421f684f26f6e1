"""What is known of a configuration's settings: as Graph says, or as last set here where Graph is silent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import credentials
from xtsync_tui.model import NotificationSettings
from xtsync_tui.workspace.configurations.reading import Configuration
from xtsync_tui.workspace.journal import Entry, Fate, Journal


@dataclass(frozen=True, slots=True)
class LastSet:
    """When a setting was last written from here, by whom, and to what."""

    at: datetime
    who: str
    value: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: ``value`` in words, "" where Graph does not say; then ``last`` may help.

    ``source`` says where it was read, "" where that goes without saying.
    """

    key: str
    title: str
    value: str
    source: str = ""
    last: LastSet | None = None
    failure: XtSyncError | None = None

    @property
    def is_known(self) -> bool:
        """Whether Graph said it."""
        return bool(self.value)


def settings(one: Configuration, journal: Journal) -> tuple[Setting, ...]:
    """Return the settings of a configuration in the order of the screen."""
    mine = _saved(journal, one.id) if one.id else ()
    return (
        Setting("name", "Name", one.name),
        _scope(one, mine),
        _mail(one, mine),
        _threshold(one, mine),
    )


def mail_last_set(journal: Journal, sp: str) -> LastSet | None:
    """Return when the mail of the configuration with the object id ``sp`` was last set from here."""
    return _notified(_saved(journal, sp), _mail_words)


def _saved(journal: Journal, sp: str) -> tuple[Entry, ...]:
    return journal.entries(path_end=f"/{sp}/synchronization/secrets", fates=(Fate.DONE,))


def last_set(entries: Iterable[Entry], key: str) -> LastSet | None:
    """Return the newest of ``entries`` (newest first) that changed ``key`` of the secrets."""
    for entry in entries:
        body = entry.request.body if isinstance(entry.request.body, dict) else {}
        before = entry.before if isinstance(entry.before, dict) else {}
        for pair in body.get("value") or ():
            value = pair.get("value")
            if pair.get("key") == key and value not in (None, "", credentials.MASKED, before.get(key)):
                return LastSet(entry.at, entry.who, str(value))
    return None


def _scope(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    if isinstance(one.secrets, XtSyncError):
        last = last_set(entries, credentials.SYNC_ALL)
        words = LastSet(last.at, last.who, _scope_words(last.value)) if last else None
        return Setting("scope", "Scope", "", last=words, failure=one.secrets)
    said = one.secrets.get(credentials.SYNC_ALL, "")
    if said:
        return Setting("scope", "Scope", _scope_words(said), "read from the settings")
    # Never set means the assigned only [synchronization-configure-with-custom-target-attributes].
    return Setting("scope", "Scope", _scope_words(said), "the default: never set")


def _scope_words(text: str) -> str:
    return "all users" if text.lower() == "true" else "assigned only"


def _mail(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    return _notification(one, entries, "mail", "Mail on failure", _mail_words)


def _threshold(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    said = one.health.threshold
    if said is None:
        return _notification(one, entries, "threshold", "Deletion threshold", _threshold_words)
    words = f"on, {said} in a cycle" if said else "off"
    source = "read from the job" if said else "read from the settings"
    return Setting("threshold", "Deletion threshold", words, source)


def _notification(
    one: Configuration,
    entries: tuple[Entry, ...],
    key: str,
    title: str,
    words: Callable[[NotificationSettings], str],
) -> Setting:
    """Return one of the two settings that Graph keeps in one text; the last set here where it is silent."""
    known = {} if isinstance(one.secrets, XtSyncError) else one.secrets
    saved = credentials.said_notifications(known)
    if saved is not None:
        return Setting(key, title, words(saved), "read from the settings")
    failure = one.secrets if isinstance(one.secrets, XtSyncError) else None
    return Setting(key, title, "", last=_notified(entries, words), failure=failure)


def _notified(entries: Iterable[Entry], words: Callable[[NotificationSettings], str]) -> LastSet | None:
    last = last_set(entries, credentials.NOTIFICATIONS)
    saved = credentials.said_notifications({credentials.NOTIFICATIONS: last.value}) if last else None
    return LastSet(last.at, last.who, words(saved)) if last and saved else None


def _mail_words(saved: NotificationSettings) -> str:
    return saved.recipients or "nobody" if saved.enabled else "off"


def _threshold_words(saved: NotificationSettings) -> str:
    return f"on, {saved.delete_threshold_value} in a cycle" if saved.delete_threshold_enabled else "off"
