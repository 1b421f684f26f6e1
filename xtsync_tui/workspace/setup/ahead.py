"""What doing the rest of the set-up would send: each step as if the ones before it were done."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import credentials, ondemand
from xtsync_tui.model import IdentitySynchronization, Job, Partner, UserSyncInbound
from xtsync_tui.model.service import AppRole, ServicePrincipal
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.answers import (
    Answers,
    PartnerAnswers,
    PersonAnswers,
    Principal,
    ScopeAnswers,
)
from xtsync_tui.workspace.setup.facts import Clients, ConfigurationFacts, Facts
from xtsync_tui.workspace.setup.reading import SetupReading
from xtsync_tui.workspace.setup.register import HANDLERS
from xtsync_tui.workspace.setup.scope import somebody_in_scope

PRINCIPAL, ROLE, JOB, RULE = "id-of-step-5", "role-of-step-5", "id-of-step-6", "rule-of-step-6"
"""What stands for ids that Graph gives only when the step was done."""


def ahead(
    clients: Clients, facts: Facts, reading: SetupReading, person: Principal | None
) -> Iterator[tuple[int, tuple[Planned, ...]]]:
    """Yield number and requests of each step that is left; ``person`` is whom it assigns and provisions.

    A step whose requests cannot be told, because nobody is chosen, has none.
    """
    for number in range(1, len(HANDLERS)):
        if reading[number].state.settled:
            continue
        try:
            planned = HANDLERS[number].prepare(clients, facts, answers_of(facts, number, person))
        except XtSyncError:
            planned = ()
        yield number, planned
        facts = _as_if_done(facts, number, planned)


def answers_of(facts: Facts, number: int, person: Principal | None) -> Answers:
    """Return what a step is done with unasked: the defaults, and ``person`` where somebody is needed."""
    answers = HANDLERS[number].defaults(facts)
    match answers:
        case PartnerAnswers():
            # Letting people invite loosens the tenant for everybody: never unasked.
            return PartnerAnswers(answers.tenant)
        case ScopeAnswers(everyone=False) if person is not None and not somebody_in_scope(facts):
            return ScopeAnswers(add=(person,))
        case PersonAnswers() if person is not None:
            return PersonAnswers(person.id, person.name, person.detail)
        case _:
            return answers


def _as_if_done(facts: Facts, number: int, planned: tuple[Planned, ...]) -> Facts:
    """Return the facts that the next steps would find."""
    match number:
        case 2 if not isinstance(facts.target.partner, XtSyncError):
            partner = facts.target.partner or Partner(tenant_id=facts.source.id)
            sync = IdentitySynchronization(user_sync_inbound=UserSyncInbound(is_sync_allowed=True))
            partner = msgspec.structs.replace(partner, identity_synchronization=sync)
            return replace(facts, target=replace(facts.target, partner=partner))
        case 5 if facts.found is None:
            role = AppRole(id=ROLE, is_enabled=True)
            principal = ServicePrincipal(id=PRINCIPAL, display_name=facts.name, app_roles=(role,))
            return replace(facts, configuration=ConfigurationFacts(principal, {}, None, (), None, ()))
        case 6 if facts.found is not None:
            rule = {"name": ondemand.USER_RULE, "id": RULE}
            found = replace(
                facts.found,
                job=facts.found.job or Job(id=JOB),
                schema=facts.found.schema or {"synchronizationRules": [rule]},
            )
            return _with_secrets(replace(facts, configuration=found), planned)
        case _:
            return _with_secrets(facts, planned)


def _with_secrets(facts: Facts, planned: tuple[Planned, ...]) -> Facts:
    """Return the facts with the settings that were saved: each save names those of the one before."""
    if facts.found is None or isinstance(facts.found.secrets, XtSyncError):
        return facts
    saved = dict(facts.found.secrets)
    for each in planned:
        if each.request.path.endswith("/secrets"):
            saved |= credentials.pairs(each.request)
    return replace(facts, configuration=replace(facts.found, secrets=saved))
