"""The states in which the demo tenants can begin."""

from collections.abc import Callable
from itertools import islice

from xtsync_tui.emulator import cast
from xtsync_tui.emulator.access import new_partner
from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.configurations import make_assignment, make_configuration
from xtsync_tui.emulator.hostile import poison
from xtsync_tui.emulator.seed import (
    CONTOSO,
    EXCHANGE,
    FABRIKAM,
    add,
    group_named,
    guest,
    member,
    person,
    phone,
    plant,
    sku,
)
from xtsync_tui.emulator.state import Document, World
from xtsync_tui.emulator.story import PAST, Story

MANY = 10_000
"""People of the scenario "large" unless a number is given."""


def _fresh(world: World, users: int) -> None:  # noqa: ARG001 - the builders share one signature
    """Nothing is set up."""
    plant(world)


def connect(world: World) -> Document:
    """Set both policies, make a configuration, assign Sales and Engineering; return its service principal."""
    contoso, fabrikam = world.tenants[CONTOSO], world.tenants[FABRIKAM]
    outbound = contoso.partners[FABRIKAM] = new_partner(FABRIKAM)
    outbound["automaticUserConsentSettings"]["outboundAllowed"] = True
    inbound = fabrikam.partners[CONTOSO] = new_partner(CONTOSO)
    inbound["automaticUserConsentSettings"]["inboundAllowed"] = True
    fabrikam.identity_synchronizations[CONTOSO] = {
        "tenantId": CONTOSO,
        "displayName": "Contoso",
        "userSyncInbound": {"isSyncAllowed": True},
    }
    _, principal = make_configuration(world, contoso, "Contoso to Fabrikam")
    for name in ("Sales", "Engineering"):
        make_assignment(world, contoso, group_named(contoso, name)["id"], principal)
    return principal


def _past(world: World) -> Story:
    """Set everything up two days ago, and live through them up to the last hour."""
    plant(world)
    world.clock.advance(-PAST)
    story = Story(world, connect(world))
    story.begin()
    story.two_days()
    return story


def _configured(world: World, users: int) -> None:  # noqa: ARG001
    """All steps are done, two days ago."""
    story = _past(world)
    story.last_hour()


def break_policies(world: World) -> None:
    """Bring about each entry of the troubleshooting table that is a setting or a person."""
    contoso, fabrikam = world.tenants[CONTOSO], world.tenants[FABRIKAM]
    contoso.partners[FABRIKAM]["automaticUserConsentSettings"]["outboundAllowed"] = None
    fabrikam.subscribed_skus = [
        sku(world, "O365_BUSINESS_ESSENTIALS", "3b555118-da6a-4418-894f-7df1e2096870", [EXCHANGE], 40)
    ]
    fabrikam.authorization_policy["allowInvitesFrom"] = "none"
    kim = person(contoso, "kim.lee")["id"]
    contoso.phone_methods[kim] = [phone("+49 151 5550142", "ready")]
    _delete_guest(world, person(contoso, "rosa.diaz"))


def _delete_guest(world: World, home: Document) -> None:
    """Put the guest of ``home`` into Fabrikam's bin, made if there was none."""
    fabrikam = world.tenants[FABRIKAM]
    rows = fabrikam.users.values()
    found = next((row for row in rows if row.get("mail") == home["mail"]), None)
    if found is None:
        found = guest(world, fabrikam, home, address=home["userPrincipalName"], accepted=True)
        add(fabrikam, found)
    del fabrikam.users[found["id"]]
    fabrikam.deleted_users[found["id"]] = {**found, "deletedDateTime": stamp(world.clock.now())}
    fabrikam.touch(found["id"])


def _troubled(world: World, users: int) -> None:  # noqa: ARG001
    """Everything that the troubleshooting guide knows has gone wrong; the job is in quarantine."""
    _past(world).go_wrong()
    break_policies(world)


def _large(world: World, users: int) -> None:
    """``users`` more people in Contoso, all of them in All staff and some in Sales and Engineering."""
    plant(world)
    contoso = world.tenants[CONTOSO]
    groups = {name: contoso.members[group_named(contoso, name)["id"]] for name in ("Sales", "Engineering")}
    everybody = contoso.members[group_named(contoso, "All staff")["id"]]
    manager = person(contoso, "helen.cho")["id"]
    for role in islice(cast.crowd(world.random), users):
        document = member(world, contoso, role)
        contoso.users[document["id"]] = document
        contoso.managers[document["id"]] = manager
        everybody.append(document["id"])
        if role.department in groups:
            groups[role.department].append(document["id"])
    contoso.touch(*everybody)


def _hostile(world: World, users: int) -> None:
    """All steps are done, and every text is one that a stranger chose to do harm."""
    _configured(world, users)
    poison(world)


SCENARIOS: dict[str, Callable[[World, int], None]] = {
    "fresh": _fresh,
    "configured": _configured,
    "troubled": _troubled,
    "large": _large,
    "hostile": _hostile,
}


def build(scenario: str, world: World, users: int | None) -> None:
    """Fill ``world`` for ``scenario``; ``users`` is the number of people that "large" adds.

    Raises:
        LookupError: there is no such scenario.
    """
    if scenario not in SCENARIOS:
        raise LookupError(f"no scenario {scenario}; there are {', '.join(SCENARIOS)}")
    SCENARIOS[scenario](world, MANY if users is None else users)
