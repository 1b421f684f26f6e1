"""Step 10: who gets the mail about quarantine, and the threshold that holds deletions."""

from collections.abc import Iterable, Mapping

import msgspec

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import credentials
from xtsync_tui.model import Json, NotificationSettings, Side
from xtsync_tui.workspace.planned import Planned, Undo
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
    return verdict(facts, 10, StepState.DONE, *_evidence(credentials.notifications(found.secrets)))


def _evidence(settings: NotificationSettings) -> Iterable[Fact]:
    yield Fact("Mail", settings.recipients or "nobody" if settings.enabled else "off")
    on = settings.delete_threshold_enabled
    yield Fact("Threshold", f"{settings.delete_threshold_value} deletions" if on else "off")


def notification_defaults(facts: Facts) -> SettingsAnswers:
    """Return what is saved, or one's own address and 500."""
    found = facts.found
    secrets = {} if found is None or isinstance(found.secrets, XtSyncError) else found.secrets
    if secrets.get(credentials.NOTIFICATIONS):
        saved = credentials.notifications(secrets)
        threshold = saved.delete_threshold_value if saved.delete_threshold_enabled else None
        return SettingsAnswers(saved.recipients or "" if saved.enabled else "", threshold)
    me = facts.source.me
    return SettingsAnswers("" if isinstance(me, XtSyncError) else me.mail or me.user_principal_name or "")


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
        raise InvalidInput("Mail: one address", "Of a person or of a group.", "Type one address.")
    if answers.threshold is not None and answers.threshold < 1:
        raise InvalidInput("Deletion threshold: a number from 1", "", "Type a number, or switch it off.")
    if answers.threshold is not None and not mail:
        raise InvalidInput("Mail: needed while the threshold is on", "", "Type one address.")
    changes = credentials.notification_changes(secrets, _wanted(answers, secrets, mail))
    return () if _same(secrets, changes) else (_save(clients, sp, dict(secrets), changes, why),)


def _wanted(answers: SettingsAnswers, secrets: Mapping[str, str], mail: str) -> NotificationSettings:
    saved = credentials.notifications(secrets)
    value = saved.delete_threshold_value if answers.threshold is None else answers.threshold
    return msgspec.structs.replace(
        saved,
        enabled=bool(mail),
        recipients=mail or saved.recipients,
        delete_threshold_enabled=answers.threshold is not None,
        delete_threshold_value=value,
    )


def _same(secrets: Mapping[str, str], changes: dict[str, str]) -> bool:
    saved = secrets.get(credentials.NOTIFICATIONS)
    return bool(saved) and credentials.notifications(secrets) == credentials.notifications(changes)


def _save(clients: Clients, sp: str, current: dict[str, str], changes: dict[str, str], why: str) -> Planned:
    async def look() -> Json:
        now = await credentials.secrets(clients[Side.SOURCE], sp)
        return changes if credentials.notifications(now) == credentials.notifications(changes) else None

    old = current.get(credentials.NOTIFICATIONS)
    undo = Undo(why_not="There were no settings before.")
    if old:
        undo = Undo((credentials.save(sp, {**current, **changes}, {credentials.NOTIFICATIONS: old}),))
    return Planned(Side.SOURCE, credentials.save(sp, current, changes), why, undo, current, look)
