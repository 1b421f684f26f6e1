"""Every step with how it is read, what its dialog begins with, and which requests it sends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from xtsync_tui.errors import XtSyncError
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    configuration,
    leaving,
    mappings,
    notifications,
    on_demand,
    partners,
    prerequisites,
    scope,
    service,
)
from xtsync_tui.workspace.setup.answers import Answers, NoAnswers, PersonAnswers
from xtsync_tui.workspace.setup.facts import Area, Clients, Facts
from xtsync_tui.workspace.setup.reading import SetupReading, StepReading, StepState

OPEN = (StepState.TO_DO, StepState.FAILED)


@dataclass(frozen=True, slots=True)
class Handler:
    """One step: ``prepare`` raises InvalidInput, naming the field, for answers that cannot be used.

    ``areas`` are what the step depends on and changes.
    """

    read: Callable[[Facts], StepReading]
    defaults: Callable[[Facts], Answers] = lambda _: NoAnswers()
    prepare: Callable[[Clients, Facts, Any], tuple[Planned, ...]] = lambda *_: ()
    areas: Area = Area.ALL


HANDLERS: tuple[Handler, ...] = (
    Handler(prerequisites.read_prerequisites),
    Handler(prerequisites.read_plan, prerequisites.plan_defaults, areas=Area.NOTHING),
    Handler(
        partners.read_inbound_sync,
        partners.partner_defaults,
        partners.prepare_inbound_sync,
        Area.PARTNERS | Area.TARGET_POLICIES,
    ),
    Handler(
        partial(partners.read_redemption, number=3),
        prepare=lambda clients, facts, _: partners.prepare_redemption(clients, facts, 3),
        areas=Area.PARTNERS,
    ),
    Handler(
        partial(partners.read_redemption, number=4),
        prepare=lambda clients, facts, _: partners.prepare_redemption(clients, facts, 4),
        areas=Area.PARTNERS,
    ),
    Handler(
        configuration.read_configuration,
        configuration.name_defaults,
        configuration.prepare_configuration,
        Area.CONFIGURATION,
    ),
    Handler(
        configuration.read_connection,
        configuration.connection_defaults,
        configuration.prepare_connection,
        Area.PARTNERS | Area.CONFIGURATION,
    ),
    Handler(scope.read_scope, scope.scope_defaults, scope.prepare_scope, Area.CONFIGURATION),
    Handler(scope.read_filters, areas=Area.CONFIGURATION),
    Handler(mappings.read_mappings, mappings.mapping_defaults, mappings.prepare_mappings, Area.CONFIGURATION),
    Handler(
        notifications.read_notifications,
        notifications.notification_defaults,
        notifications.prepare_notifications,
        Area.CONFIGURATION,
    ),
    Handler(on_demand.read_on_demand, lambda _: PersonAnswers(""), on_demand.prepare_on_demand),
    Handler(
        service.read_start,
        prepare=lambda clients, facts, _: service.prepare_start(clients, facts),
        areas=Area.CONFIGURATION,
    ),
    Handler(service.read_monitor),
    Handler(
        leaving.read_leaving, leaving.leave_defaults, leaving.prepare_leaving, areas=Area.TARGET_POLICIES
    ),
)


def judge(clients: Clients, facts: Facts) -> SetupReading:
    """Return all steps as these facts show them, with the requests that the open ones would send."""
    found = facts.found
    return SetupReading(
        steps=tuple(_with_requests(clients, facts, handler) for handler in HANDLERS),
        handshake=partners.handshake(facts),
        invitations=partners.invitations(facts),
        last_test=configuration.last_test(facts),
        configuration=found.service_principal.display_name if found else "",
        read_at=facts.now,
    )


def _with_requests(clients: Clients, facts: Facts, handler: Handler) -> StepReading:
    reading = handler.read(facts)
    if reading.state not in OPEN:
        return reading
    try:
        return replace(reading, planned=handler.prepare(clients, facts, handler.defaults(facts)))
    except XtSyncError:
        return reading  # the requests depend on answers that are still open
