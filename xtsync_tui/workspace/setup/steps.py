"""The fifteen steps of a set-up: what each is called, where it happens and what it is for.

Titles and order are those of "Configure cross-tenant synchronization"; step 0 gathers its prerequisites.
"""

from dataclasses import dataclass

from xtsync_tui.model import Side


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``sides`` are the tenants it concerns, ``purpose`` what it is for in a few sentences.

    ``documented`` is the longer text for a wide screen. ``after`` are the steps that have to be done first.
    ``asks`` is whether a dialog needs answers; ``optional`` steps do not hold up the rest.
    """

    number: int
    title: str
    sides: tuple[Side, ...]
    purpose: str
    documented: str
    after: tuple[int, ...] = ()
    asks: bool = True
    optional: bool = False

    @property
    def tenant(self) -> str:
        """``source``, ``target`` or ``both``, the word of the list."""
        return "both" if len(self.sides) == 2 else self.sides[0].value

    @property
    def side(self) -> Side:
        """The side a dialog of this step writes to: the source where both are concerned."""
        return self.sides[0]


_BOTH = (Side.SOURCE, Side.TARGET)
_SOURCE = (Side.SOURCE,)
_TARGET = (Side.TARGET,)

STEPS: tuple[Step, ...] = (
    Step(
        0,
        "Prerequisites",
        _BOTH,
        "Who is signed in where, which roles they hold, and which licences the tenants have.",
        "SOURCE needs Entra ID P1 or P2 for every person who is synchronized. The settings of both tenants "
        "need Security Administrator; the configuration needs Hybrid Identity Administrator, assignments "
        "Cloud Application Administrator or Application Administrator, both in SOURCE.",
        asks=False,
    ),
    Step(
        1,
        "Plan",
        _BOTH,
        "Decide what shape the synchronization has, who is in scope and what is mapped. Kept here; nothing "
        "is sent.",
        "Decide how the tenants relate (one to one, hub and spoke, mesh), who is synchronized (the assigned "
        "or everyone) and which attributes are mapped. Users are pushed from SOURCE to TARGET; internal "
        "members only, never guests of SOURCE.",
    ),
    Step(
        2,
        "Allow users to sync in",
        _TARGET,
        "TARGET adds SOURCE as a partner and allows it to synchronize users in. Without it nothing arrives.",
        "In TARGET, cross-tenant access settings: add the source tenant by id or domain, then allow user "
        "synchronization into it. Clearing it later stops the synchronization; people already in "
        "TARGET stay.",
    ),
    Step(
        3,
        "Redeem invitations (inbound)",
        _TARGET,
        "Lets people from SOURCE in without a consent prompt. Works only with step 4 on the other side. "
        "Users already in TARGET are not changed.",
        "In TARGET, inbound trust settings for the source tenant: redeem invitations automatically. Consent "
        "prompts are left out only when both tenants have set it. It needs Entra ID P1 or P2.",
        after=(2,),
        asks=False,
    ),
    Step(
        4,
        "Redeem invitations (outbound)",
        _SOURCE,
        "Lets people of SOURCE go to TARGET without a consent prompt. Works only with step 3 on the other "
        "side.",
        "In SOURCE, outbound trust settings for the target tenant: redeem invitations automatically. If "
        "TARGET is not a partner yet it is added. It needs Entra ID P1 or P2.",
        asks=False,
    ),
    Step(
        5,
        "Create the configuration",
        _SOURCE,
        "Makes the application that synchronizes SOURCE with TARGET. The list can need 15 s to show it; a "
        "second one is not made.",
        "In SOURCE, a configuration is an application and its service principal, made from the gallery "
        "template of cross-tenant synchronization. One configuration serves one target tenant.",
    ),
    Step(
        6,
        "Test connection, save, create job",
        _SOURCE,
        "Asks the service whether both tenants agree, saves where to synchronize to, and creates the job.",
        "In SOURCE, provisioning mode automatic, cross-tenant synchronization policy, tenant id of TARGET. "
        "The test fails with AzureDirectoryB2BManagementPolicyCheckFailure as long as redemption is off on "
        "one side.",
        after=(5,),
    ),
    Step(
        7,
        "Scope and assignments",
        _SOURCE,
        "Who is synchronized: the people and groups that are assigned, or all users. Only direct members of "
        "a group count.",
        "In SOURCE, scope: sync only assigned users and groups (recommended) or all users and groups. At "
        "least one internal person has to be assigned. Groups must be security enabled; nested groups are "
        "not followed.",
        after=(5,),
    ),
    Step(
        8,
        "Scoping filters (optional)",
        _SOURCE,
        "Narrows who is in scope by attributes. People who fall out later are soft-deleted in TARGET.",
        "Clauses of one filter must all hold, any one of several filters is enough. A null value makes a "
        "clause false. Saving starts a full cycle.",
        after=(6,),
        optional=True,
    ),
    Step(
        9,
        "Review attribute mappings",
        _SOURCE,
        "Which attributes flow, how people are recognised, and as what they arrive: member or guest.",
        "userType is set when a person is created; with Always it changes existing guests too. "
        "showInAddressList true makes people appear in the address list of TARGET. The matching mapping "
        "cannot be changed.",
        after=(6,),
    ),
    Step(
        10,
        "Mail and deletion threshold",
        _SOURCE,
        "Who hears of a quarantine, and at how many removals the service stops and asks.",
        "Notification mail goes out when the job enters quarantine. Prevent accidental deletion holds "
        "deletions of a cycle that reach the threshold, 500 by default.",
        after=(6,),
    ),
    Step(
        11,
        "Provision on demand",
        _BOTH,
        "Takes one person through the service now, and reads the result in TARGET.",
        "The service shows four stages: import, scope, match, action. It never does more than a cycle "
        "would. An assignment can need some minutes to be noticed.",
        after=(6, 7),
    ),
    Step(
        12,
        "Start provisioning",
        _SOURCE,
        "Starts the job. The first cycle reads everyone in scope; after that a cycle runs every 40 minutes.",
        "Cycles run until the job is paused. Do not start a running job again and again: the service can "
        "stop.",
        after=(6, 7),
        asks=False,
    ),
    Step(
        13,
        "Monitor",
        _BOTH,
        "How far the cycle is, how many people are synchronized, and what the log says.",
        "Progress is counted in pages, not in people. A job in quarantine runs rarely and is switched off "
        "after four weeks.",
        after=(12,),
        asks=False,
    ),
    Step(
        14,
        "External user leave settings",
        _TARGET,
        "Whether people who were synchronized may leave TARGET by themselves. Who leaves but is "
        "still in scope is created again.",
        "In TARGET, external collaboration settings: allow external users to remove themselves "
        "(recommended). It needs the privacy information of the tenant to be filled in.",
    ),
)
