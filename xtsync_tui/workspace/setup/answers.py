"""What the dialog of a step asks for, one value class a step; ``Setup.defaults`` fills them."""

from dataclasses import dataclass
from typing import Literal

from xtsync_tui.settings import Plan

USER_TYPES = ("Member", "Guest")
APPLY = ("creation only", "always")


PlanAnswers = Plan
"""Step 1: the shape, who is in scope, what is mapped, and a note; kept in the profile."""


@dataclass(frozen=True, slots=True)
class PartnerAnswers:
    """Step 2: the source tenant, by id or domain name.

    ``let_invite`` also lets administrators and guest inviters invite, where TARGET lets nobody.
    """

    tenant: str
    let_invite: bool = False


@dataclass(frozen=True, slots=True)
class NoAnswers:
    """Steps 0, 3, 4, 8, 12 and 13: nothing to ask."""


@dataclass(frozen=True, slots=True)
class NameAnswers:
    """Step 5: the name of the configuration."""

    name: str


@dataclass(frozen=True, slots=True)
class ConnectionAnswers:
    """Step 6: the tenant id of the target."""

    tenant_id: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or a group that can be assigned: ``detail`` is the address or the description, uncleaned.

    ``warning`` says why assigning will not do what one expects, ``""`` for nothing.
    """

    id: str
    name: str
    kind: Literal["User", "Group"]
    detail: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class ScopeAnswers:
    """Step 7: everyone or the assigned only, and whom to assign in addition."""

    everyone: bool = False
    add: tuple[Principal, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a scoping filter; ``values`` is empty for a unary operator."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """A scoping filter: all its clauses must hold. Any one filter of several is enough."""

    name: str
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingAnswers:
    """Step 9: as what people arrive (USER_TYPES), when that applies (APPLY), and the address list.

    ``show_in_address_list`` None leaves that mapping as it is; so do the empty words. ``based_on`` is the
    fingerprint of the schema that was shown, ``""`` for the last reading.
    """

    user_type: str = ""
    apply: str = ""
    show_in_address_list: bool | None = None
    based_on: str = ""


@dataclass(frozen=True, slots=True)
class SettingsAnswers:
    """Step 10: the address for quarantine mail (``""``: no mail), and the threshold (None: off).

    ``known`` is False for a form that begins with neither: Graph does not say how they are set.
    """

    mail: str = ""
    threshold: int | None = 500
    known: bool = True


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    """Step 11: the person to provision, by object id in the source.

    ``over`` sends them although something speaks against it: somebody was told what, and insists.
    """

    user_id: str
    name: str = ""
    account: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class LeaveAnswers:
    """Step 14: whether external users may leave the target by themselves."""

    allowed: bool = True


Answers = (
    PlanAnswers
    | PartnerAnswers
    | NoAnswers
    | NameAnswers
    | ConnectionAnswers
    | ScopeAnswers
    | MappingAnswers
    | SettingsAnswers
    | PersonAnswers
    | LeaveAnswers
)
