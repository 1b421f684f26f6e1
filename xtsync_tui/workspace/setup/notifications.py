"""Step 10: who gets the mail about quarantine, and the threshold that holds deletions."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import credentials
from xtsync_tui.model import NotificationSettings, Side
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.secrets import save_settings
from xtsync_tui.workspace.setup.answers import SettingsAnswers
from xtsync_tui.workspace.setup.facts import Clients, Facts
from xtsync_tui.workspace.setup.reading import Fact, StepReading, StepState
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict


def read_notifications(facts: Facts) -> StepReading:
    """Return step 10: done once the settings were saved, here or elsewhere."""
    found = facts.found
    if found is None or facts.job is None:
        return after(facts, 10, 6)
    if isinstance(found.secrets, XtSyncError):
        return cannot_tell(facts, 10, found.secrets, Side.SOURCE)
    if not found.secrets.get(credentials.NOTIFICATIONS):
        return verdict(facts, 10, StepState.TO_DO, Fact("Now", "never set"))
    saved = credentials.said_notifications(found.secrets)
    evidence = _evidence(saved) if saved else [Fact("Now", "set, but Graph does not say to what")]
    return verdict(facts, 10, StepState.DONE, *evidence)


def _evidence(settings: NotificationSettings) -> Iterable[Fact]:
    yield Fact("Mail on failure", settings.recipients or "nobody" if settings.enabled else "off")
    on = settings.delete_threshold_enabled
    yield Fact("Deletion threshold", f"{settings.delete_threshold_value} in a cycle" if on else "off")


def notification_defaults(facts: Facts) -> SettingsAnswers:
    """Return what is saved; where nothing ever was, one's own address and 500."""
    found = facts.found
    secrets = {} if found is None or isinstance(found.secrets, XtSyncError) else found.secrets
    if secrets.get(credentials.NOTIFICATIONS):
        return saved_answers(secrets)
    me = facts.source.me
    return SettingsAnswers("" if isinstance(me, XtSyncError) else me.mail or me.user_principal_name or "")


def saved_answers(secrets: Mapping[str, str]) -> SettingsAnswers:
    """Return mail and threshold as Graph says them; where it does not, they are asked for one by one."""
    saved = credentials.said_notifications(secrets)
    if saved is None:
        return SettingsAnswers(known=False)
    threshold = saved.delete_threshold_value if saved.delete_threshold_enabled else None
    return SettingsAnswers(saved.recipients if saved.enabled else "", threshold)


def prepare_notifications(clients: Clients, facts: Facts, answers: SettingsAnswers) -> tuple[Planned, ...]:
    """Return the request of step 10, none when everything is as asked for."""
    found = facts.found
    if found is None or isinstance(found.secrets, XtSyncError):
        raise InvalidInput("Step 6 comes first", "There is no job yet.")
    return notification_writes(clients, found.service_principal.id, found.secrets, answers, "step 10")


def notification_writes(
    clients: Clients, sp: str, secrets: Mapping[str, str], answers: SettingsAnswers, why: str
) -> tuple[Planned, ...]:
    """Return the write that saves these settings, none when they are so; raises InvalidInput."""
    mail = answers.mail.strip()
    if mail and not (mail.count("@") == 1 and all(mail.split("@")) and not set(mail) & set(" ,;<>")):
        raise InvalidInput("Mail on failure: one address", "Of a person or of a group.", "Type one address.")
    if answers.threshold is not None and answers.threshold < 1:
        raise InvalidInput("Deletion threshold: a number from 1", "", "Type a number, or switch it off.")
    if answers.threshold is not None and not mail:
        raise InvalidInput("Mail on failure: needed while the threshold is on", "", "Type one address.")
    saved = credentials.said_notifications(secrets)
    wanted = _wanted(answers, saved or NotificationSettings(), mail)
    if saved == wanted:
        return ()
    undo = Undo(why_not="It is not known how they were set before.")
    if old := secrets.get(credentials.NOTIFICATIONS) if saved else None:
        undo = Undo((credentials.save(sp, secrets, {credentials.NOTIFICATIONS: old}),))
    changes = credentials.notification_changes(secrets, wanted)
    return (save_settings(clients, sp, secrets, changes, why, undo, _arrived(wanted)),)


def _wanted(answers: SettingsAnswers, saved: NotificationSettings, mail: str) -> NotificationSettings:
    value = saved.delete_threshold_value if answers.threshold is None else answers.threshold
    return msgspec.structs.replace(
        saved,
        enabled=bool(mail),
        recipients=mail or saved.recipients,
        delete_threshold_enabled=answers.threshold is not None,
        delete_threshold_value=value,
    )


def _arrived(wanted: NotificationSettings) -> Callable[[Mapping[str, str]], bool]:
    return lambda now: credentials.said_notifications(now) == wanted
