"""What is known of a configuration's settings: as Graph says, or as last set here where Graph is silent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import credentials
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

    ``source`` says where it was read.
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
        Setting("name", "Name", one.name, "the service principal"),
        _scope(one, mine),
        _mail(one, mine),
        _threshold(one, mine),
    )


def mail_last_set(journal: Journal, sp: str) -> LastSet | None:
    """Return when the mail of the configuration with the object id ``sp`` was last set from here."""
    return _in_notifications(last_set(_saved(journal, sp), credentials.NOTIFICATIONS), _mail_words)


def _saved(journal: Journal, sp: str) -> tuple[Entry, ...]:
    return journal.entries(path_end=f"/{sp}/synchronization/secrets", fates=(Fate.DONE,))


def last_set(entries: Iterable[Entry], key: str) -> LastSet | None:
    """Return the newest of ``entries`` (newest first) that wrote ``key`` of the secrets."""
    for entry in entries:
        body = entry.request.body if isinstance(entry.request.body, dict) else {}
        for pair in body.get("value") or ():
            if pair.get("key") == key and pair.get("value") not in (None, "", credentials.MASKED):
                return LastSet(entry.at, entry.who, str(pair["value"]))
    return None


def _secret(one: Configuration, key: str) -> str:
    """Return a value as Graph says it, "" when it does not, or only masked."""
    if isinstance(one.secrets, XtSyncError):
        return ""
    value = one.secrets.get(key, "")
    return "" if value == credentials.MASKED else value


def _failure(one: Configuration) -> XtSyncError | None:
    return one.secrets if isinstance(one.secrets, XtSyncError) else None


def _scope(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    said = _secret(one, credentials.SYNC_ALL)
    if said:
        words = "all users" if said.lower() == "true" else "assigned users and groups only"
        return Setting("scope", "Scope", words, "the settings")
    if isinstance(one.secrets, XtSyncError):
        last = last_set(entries, credentials.SYNC_ALL)
        return Setting("scope", "Scope", "", last=last, failure=one.secrets)
    # Never set means the assigned only [synchronization-configure-with-custom-target-attributes].
    return Setting("scope", "Scope", "assigned users and groups only", "never set")


def _mail(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    said = _secret(one, credentials.NOTIFICATIONS)
    if not said:
        last = _in_notifications(last_set(entries, credentials.NOTIFICATIONS), _mail_words)
        return Setting("mail", "Mail on failure", "", last=last, failure=_failure(one))
    return Setting("mail", "Mail on failure", _mail_words(said), "the settings")


def _threshold(one: Configuration, entries: tuple[Entry, ...]) -> Setting:
    title = "Deletion threshold"
    if one.health.threshold is not None and (one.health.threshold or _secret(one, credentials.NOTIFICATIONS)):
        number = one.health.threshold
        words = f"on, {number} in a cycle" if number else "off"
        return Setting("threshold", title, words, "the job" if number else "the settings")
    last = _in_notifications(last_set(entries, credentials.NOTIFICATIONS), _threshold_words)
    return Setting("threshold", title, "", last=last, failure=_failure(one))


def _in_notifications(last: LastSet | None, words: Callable[[str], str]) -> LastSet | None:
    return None if last is None else LastSet(last.at, last.who, words(last.value))


def _mail_words(text: str) -> str:
    saved = credentials.notifications({credentials.NOTIFICATIONS: text})
    return saved.recipients or "nobody" if saved.enabled else "off"


def _threshold_words(text: str) -> str:
    saved = credentials.notifications({credentials.NOTIFICATIONS: text})
    return f"on, {saved.delete_threshold_value} in a cycle" if saved.delete_threshold_enabled else "off"
