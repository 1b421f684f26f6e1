"""Contoso and Fabrikam connected, with a configuration, and short ways to ask what synchronization did."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx

from tests.emulator.conftest import Seconds, client_of, make
from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.scenarios import connect
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, person
from xtsync_tui.emulator.state import Document, Tenant, net_id

CYCLE = timedelta(minutes=40)
RULE = "df8df8d1-9e6e-40d3-b8df-09bbb402db7e"


class Pair:
    """Both tenants with policies, a configuration and its secrets, as an administrator of each sees them."""

    def __init__(self) -> None:
        self.seconds = Seconds()
        self.emulator = make(seconds=self.seconds)
        self.world = self.emulator.world
        self.world.limiter.enabled = False
        self.principal = connect(self.world)
        self.contoso: Tenant = self.world.tenants[CONTOSO]
        self.fabrikam: Tenant = self.world.tenants[FABRIKAM]
        self.source: httpx.AsyncClient = client_of(self.emulator, self.emulator.tenants[0]["token"])
        self.target: httpx.AsyncClient = client_of(self.emulator, self.emulator.tenants[1]["token"])
        self.base = f"/servicePrincipals/{self.principal['id']}/synchronization"
        self.job_id = ""

    @property
    def job(self) -> Job:
        """The job that ``create`` made."""
        return self.contoso.jobs[self.principal["id"]][self.job_id]

    @property
    def path(self) -> str:
        """The path of the job."""
        return f"{self.base}/jobs/{self.job_id}"

    async def save(self, **secrets: str) -> httpx.Response:
        """Put secrets."""
        rows = [{"key": key, "value": value} for key, value in secrets.items()]
        return await self.source.put(f"{self.base}/secrets", json={"value": rows})

    async def create(self) -> Document:
        """Save the credentials and make the job."""
        await self.save(CompanyId=FABRIKAM, AuthenticationType="SyncPolicy", SyncAll="false")
        made = await self.source.post(f"{self.base}/jobs", json={"templateId": "Azure2Azure"})
        assert made.status_code == 201, made.text
        document: Document = made.json()
        self.job_id = document["id"]
        return document

    async def start(self) -> None:
        """Make the job, start it, and let its first cycle run."""
        await self.create()
        assert (await self.source.post(f"{self.path}/start")).status_code == 204
        self.advance(timedelta(minutes=5))

    def advance(self, step: timedelta = CYCLE) -> None:
        """Let emulated time pass."""
        self.emulator.service.advance(step)

    async def status(self) -> Document:
        """Return the status of the job."""
        answer = await self.source.get(self.path)
        status: Document = answer.json()["status"]
        return status

    async def restart(self, scope: str | None = None) -> None:
        """Restart the job and let a cycle run."""
        body = {"criteria": {"resetScope": scope}} if scope else {"criteria": {}}
        assert (await self.source.post(f"{self.path}/restart", json=body)).status_code == 204
        self.advance(timedelta(minutes=5))

    async def scope(self, *clauses: dict[str, Any]) -> httpx.Response:
        """Put one scoping filter with these clauses in place of those there are."""
        schema = (await self.source.get(f"{self.path}/schema")).json()
        mapping = schema["synchronizationRules"][0]["objectMappings"][0]
        mapping["scope"]["groups"] = [{"name": "Test", "clauses": list(clauses)}] if clauses else []
        return await self.source.put(f"{self.path}/schema", json=schema)

    async def on_demand(self, key: str) -> httpx.Response:
        """Provision a person on demand."""
        subject = {"objectId": self.home(key)["id"], "objectTypeName": "User"}
        body = {"parameters": [{"ruleId": RULE, "subjects": [subject]}]}
        return await self.source.post(f"{self.path}/provisionOnDemand", json=body)

    def home(self, key: str) -> Document:
        """Return the person of Contoso."""
        return person(self.contoso, key)

    def edit(self, key: str, **values: Any) -> None:
        """Change a person of Contoso."""
        user = self.home(key)
        user.update(values)
        self.contoso.touch(user["id"])

    def guests(self, key: str, *, deleted: bool = False) -> list[Document]:
        """Return the users of Fabrikam that the person of Contoso is there."""
        wanted = net_id(self._id(key))
        users = self.fabrikam.deleted_users if deleted else self.fabrikam.users
        return [
            user for user_id, user in users.items() if self.fabrikam.alternative_ids.get(user_id) == wanted
        ]

    def guest(self, key: str) -> Document:
        """Return the one user of Fabrikam that the person of Contoso is there."""
        (found,) = self.guests(key)
        return found

    def _id(self, key: str) -> str:
        name = f"{key}@contoso.com"
        every = [*self.contoso.users.values(), *self.contoso.deleted_users.values()]
        return str(next(user["id"] for user in every if user["userPrincipalName"] == name))

    def rows(self, key: str = "") -> list[Document]:
        """Return the rows of the provisioning log about a person, or all, the oldest first."""
        wanted = self._id(key) if key else ""
        return [row for row in self.contoso.provisioning_log if wanted in ("", row["sourceIdentity"]["id"])]

    def outcomes(self, key: str) -> Iterator[tuple[str, str, str]]:
        """Yield action, status and reason or code of each row about a person."""
        for row in self.rows(key):
            information = row["provisioningStatusInfo"]["errorInformation"] or {}
            reason = row["provisioningSteps"][-1]["details"].get("SkipReason", "")
            status = row["provisioningStatusInfo"]["status"]
            yield row["provisioningAction"], status, information.get("errorCode") or reason


def assigned(pair: Pair, name: str) -> str:
    """Return the id of the assignment of the group ``name``."""
    rows = pair.contoso.assignments.values()
    return str(next(row["id"] for row in rows if row["principalDisplayName"] == name))
