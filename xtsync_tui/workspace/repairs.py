"""Repairs that f sends: switching SMS sign-in off, restoring from the bin, assigning directly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xtsync_tui.graph import guests
from xtsync_tui.model import ProvisioningEvent, Side, User
from xtsync_tui.workspace.planned import Planned, Undo

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient

BIN = timedelta(days=30)
"""How long a deleted person can be restored [directory-deleteditems]."""

_SAME = timedelta(minutes=10)
"""How far the log's time of a deletion and the bin's may be apart. Not documented."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person whom a repair is about, not cleaned; ``account`` tells two people of one name apart."""

    id: str
    name: str
    account: str = ""


def somebody(user: User) -> Somebody:
    """Return a user as one whom a repair is about."""
    return Somebody(user.id, user.display_name or user.id, user.user_principal_name or "")


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair, of people or of the job: ``what`` and ``done`` have {} for the names of people.

    ``verb`` is the word of the button. ``effect`` is what it changes for them, ``warning`` what keeps it from
    helping, "" for nothing. ``lasting`` says that it cannot be taken back from here.
    """

    what: str
    verb: str
    done: str
    effect: str
    people: tuple[Somebody, ...]
    planned: tuple[Planned, ...]
    warning: str = ""
    lasting: bool = True

    @property
    def names(self) -> str:
        """The people by name."""
        return ", ".join(one.name for one in self.people)

    @property
    def title(self) -> str:
        """What it does: ``Restore Rosa Diaz``."""
        return self.what.format(self.names)

    @property
    def ended(self) -> str:
        """What is true once it is done: ``Rosa Diaz restored``."""
        return self.done.format(self.names)


def sms_off(people: Iterable[Somebody]) -> Repair:
    """Return the repair of people whom the service skips because they can sign in by text message."""
    who = tuple(people)
    undo = Undo(why_not="SMS sign-in has to be switched on again in SOURCE, by hand.")
    return Repair(
        "Switch SMS sign-in off for {}",
        "Switch off",
        "SMS sign-in is off for {}",
        "Signing in by text message stops working for them in SOURCE: they need another way to sign in. The "
        "service then stops skipping them.",
        who,
        tuple(
            Planned(Side.SOURCE, guests.disable_sms_sign_in(one.id), f"SMS sign-in off: {one.name}", undo)
            for one in who
        ),
    )


def restoring(users: Iterable[User], warning: str = "") -> Repair:
    """Return the repair of people who lie in the bin of TARGET; ``warning`` says why they do not stay."""
    gone = tuple(users)
    undo = Undo(why_not="Delete the person again in TARGET, by hand.")
    return Repair(
        "Restore {}",
        "Restore",
        "{} restored",
        "The same account comes back in TARGET. Provisioning anew instead could make a duplicate.",
        tuple(Somebody(one.id, one.display_name or one.id, name_before(one)) for one in gone),
        tuple(
            Planned(Side.TARGET, guests.restore(one.id), f"restore: {one.display_name or one.id}", undo)
            for one in gone
        ),
        warning,
    )


def assigning(who: Somebody, planned: Planned, warning: str = "") -> Repair:
    """Return the repair of somebody who is not assigned; ``warning`` names what else keeps them out."""
    return Repair(
        "Assign {}",
        "Assign",
        "{} assigned",
        "They come into scope directly, whatever groups say. The service can need some minutes to notice.",
        (who,),
        (planned,),
        warning,
        lasting=False,
    )


# The bin of TARGET ----------------------------------------------------------------------------------


async def in_the_bin(client: "GraphClient", home: Mapping[str, Any], target_id: str = "") -> tuple[User, ...]:
    """Return the deleted users of the target who were the person whom Graph wrote as ``home``.

    ``target_id`` is the account that the service named.
    """
    found: list[User] = []
    async for page in guests.deleted_users(client):
        found += [user for user in page if user.id == target_id or was(user, home)]
    return tuple(found)


def was(user: User, home: Mapping[str, Any]) -> bool:
    """Whether somebody in the bin was this person: by mail address, or by the name of the invitation."""
    account, mail = (str(home.get(name) or "").casefold() for name in ("userPrincipalName", "mail"))
    # In the bin the id stands before the name [directory-deleteditems].
    by_name = guests.invited_name(account).casefold() in (user.user_principal_name or "").casefold()
    return (bool(account) and by_name) or (bool(mail) and (user.mail or "").casefold() == mail)


def name_before(user: User) -> str:
    """Return the user principal name that somebody in the bin had: the id stands before it there."""
    return (user.user_principal_name or "").removeprefix(user.id.replace("-", ""))


def until(user: User) -> str:
    """Return until when somebody can be restored: ``9 Jun``; "" when Graph does not say."""
    if user.deleted_date_time is None:
        return ""
    end = user.deleted_date_time + BIN
    return f"{end.day} {end:%b}"


def deleted_by_cycle(
    user: User,
    rows: Sequence[ProvisioningEvent] | None,
    most: int,
    on_demand: Iterable[datetime] = (),
) -> bool | None:
    """Whether a cycle deleted somebody in the bin, by the rows of the log about them, the newest first.

    A cycle restores whom one deleted, once they are in scope again; not whom somebody deleted in the target,
    or on demand [cross-tenant-synchronization-overview, -configure, provision-on-demand]. The log does not
    tell the latter: ``on_demand`` is when this program did it. ``most`` is how many rows were asked for:
    None, cannot tell, when they do not reach back to the deletion, or could not be read.
    """
    gone = user.deleted_date_time
    if gone is not None and any(abs(at - gone) <= _SAME for at in on_demand):
        return False
    if gone is None or rows is None:
        return None
    if any(_deletes(row, gone) for row in rows):
        return True
    return None if len(rows) >= most and rows[-1].activity_date_time > gone else False


def _deletes(row: ProvisioningEvent, gone: datetime) -> bool:
    status = row.provisioning_status_info.status if row.provisioning_status_info else ""
    done = (status or "").casefold() == "success" and (row.provisioning_action or "").casefold() == "delete"
    return done and abs(row.activity_date_time - gone) <= _SAME
