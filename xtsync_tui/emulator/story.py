"""The past of the demo tenants: two days of provisioning, lived through by the service itself."""

import copy
import json
from datetime import datetime, timedelta
from typing import Any

from xtsync_tui.emulator.audit import audit_target, record, user_actor
from xtsync_tui.emulator.configurations import make_assignment
from xtsync_tui.emulator.job import Job, make_job
from xtsync_tui.emulator.ondemand import OneUser
from xtsync_tui.emulator.run import exporter_of
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, person
from xtsync_tui.emulator.service import Service
from xtsync_tui.emulator.state import Document, World
from xtsync_tui.engine.rules import user_mapping
from xtsync_tui.engine.scoping import from_portal

PAST = timedelta(days=2, minutes=2)
"""How long before the present the job was started: two minutes after the last of its cycles began."""

CYCLE = timedelta(minutes=40)
THRESHOLD = 10
ADDRESS = "sync-admins@contoso.com"
DEPARTMENTS = ("Sales and Engineering", "department", "REGEX MATCH", "^(Sales|Engineering)$")
GERMANY = ("Germany", "country", "EQUALS", "Germany")


def save_settings(job: Job, target_id: str) -> None:
    """Fill in the connection, the scope and the notifications of ``job``."""
    settings = {
        "Enabled": True,
        "Recipients": ADDRESS,
        "DeleteThresholdEnabled": True,
        "DeleteThresholdValue": THRESHOLD,
        "HumanResourcesLookaheadQueryEnabled": False,
    }
    job.secrets.update(
        AuthenticationType="SyncPolicy",
        CompanyId=target_id,
        SyncAll="false",
        SyncNotificationSettings=json.dumps(settings),
    )


class Story:
    """What happens to the configuration ``principal``, told by moving the clock of ``world``.

    The clock must have been moved back by ``PAST`` before the configuration was made.
    """

    def __init__(self, world: World, principal: Document) -> None:
        self._world = world
        self._contoso = world.tenants[CONTOSO]
        self._fabrikam = world.tenants[FABRIKAM]
        self._principal = principal
        self._service = Service(world)
        self._present = world.clock.now() + PAST
        self.job = make_job(world, self._contoso, principal)

    def begin(self) -> None:
        """Set the job up, try it on Lena Fischer, start it, and let the first cycle run."""
        self._note("Add provisioning configuration")
        save_settings(self.job, FABRIKAM)
        self._note("Update provisioning setting or credentials")
        self.filter(*DEPARTMENTS)
        self._on_demand("lena.fischer")
        self.job.start(self._world.clock.now())
        self._note("Enable/start provisioning configuration")
        self.wait(CYCLE)

    def two_days(self) -> None:
        """Let the days before the present pass, with changes that leave traces; stop 50 minutes before it."""
        self.wait(timedelta(hours=20, minutes=5))
        self.edit("lena.fischer", jobTitle="Senior Account Manager")
        self._fabrikam.authorization_policy["allowInvitesFrom"] = "none"
        self.assign("sofia.costa", "emil.novak")
        self.wait(CYCLE)
        self._fabrikam.authorization_policy["allowInvitesFrom"] = "everyone"
        self.wait(timedelta(hours=20))
        self.edit("sam.osei", accountEnabled=False)
        self.edit("zoe.mueller", city="Bonn", officeLocation="Bonn 2.01")
        self.wait(CYCLE)
        self.until(timedelta(minutes=50))

    def last_hour(self) -> None:
        """Let the present come, with a few changes in the last cycle before it."""
        self.edit("lena.fischer", department="Sales", officeLocation="Munich 5.02")
        self.edit("priya.nair", jobTitle="Key Account Manager")
        self.edit("tom.baker", officeLocation="Hamburg 1.07")
        self.until(timedelta(0))

    def go_wrong(self) -> None:
        """Forbid invitations, assign two more people, and narrow the filter to Germany: too many would go."""
        self._fabrikam.authorization_policy["allowInvitesFrom"] = "none"
        self.filter(*GERMANY)
        self.assign("petra.kraus", "felix.baum")
        self.until(timedelta(0))

    def wait(self, step: timedelta) -> None:
        """Let ``step`` pass, cycle by cycle, so that each sees the directory of its time."""
        self._pass(self._world.clock.now() + step)

    def until(self, before: timedelta) -> None:
        """Let the time pass up to ``before`` the present."""
        self._pass(self._present - before)

    def _pass(self, end: datetime) -> None:
        while (left := end - self._world.clock.now()) > timedelta(0):
            self._service.advance(min(left, CYCLE))

    def edit(self, key: str, **values: Any) -> None:
        """Change a person of Contoso."""
        user = person(self._contoso, key)
        user.update(values)
        self._contoso.touch(user["id"])
        self._note("Update user", audit_target(user, "User"), "UserManagement", "Core Directory")

    def assign(self, *keys: str) -> None:
        """Assign people of Contoso directly."""
        for key in keys:
            user = person(self._contoso, key)
            make_assignment(self._world, self._contoso, user["id"], self._principal)
            target = audit_target(user, "User")
            activity = "Add app role assignment grant to user"
            self._note(activity, target, "UserManagement", "Core Directory")

    def filter(self, title: str, attribute: str, operator: str, value: str) -> None:
        """Put one scoping filter with one clause in place of those there are."""
        clause = {"attribute": attribute, "operator": operator, "value": value}
        schema = copy.deepcopy(self.job.schema)
        user_mapping(schema)[1]["scope"]["groups"] = from_portal([{"title": title, "clauses": [clause]}])
        self._contoso.schemas[self.job.id] = schema
        self.job.resync = True
        self._note("Update attribute mappings or scope")

    def _on_demand(self, key: str) -> None:
        exporter = exporter_of(self._world, self.job)
        if exporter is None:
            raise LookupError("the job has no target")
        now = self._world.clock.now()
        OneUser(self._world, self.job, exporter, now).provision(person(self._contoso, key)["id"])

    def _note(
        self,
        activity: str,
        target: Document | None = None,
        category: str = "ProvisioningManagement",
        service: str = "Account Provisioning",
    ) -> None:
        """Note in Contoso's audit log what Ana Lopes did."""
        targets = [target or audit_target(self._principal, "ServicePrincipal")]
        record(
            self._world,
            self._contoso,
            activity,
            at=self._world.clock.now(),
            actor=user_actor(person(self._contoso, "ana.lopes")),
            targets=targets,
            category=category,
            service=service,
        )
