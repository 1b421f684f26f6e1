"""A small source and target in memory, for tests of decisions and cycles."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from xtsync_tui.engine.cycle import (
    CycleResult,
    Done,
    Export,
    Failed,
    Halt,
    Noted,
    Outcome,
    Progress,
    run_cycle,
)
from xtsync_tui.engine.decision import Action, TargetUser, User
from xtsync_tui.engine.default_schema import default_schema
from xtsync_tui.engine.expressions import Context
from xtsync_tui.engine.job import JobState
from xtsync_tui.engine.rules import Rules, compile_rules, user_mapping
from xtsync_tui.engine.scoping import from_portal
from xtsync_tui.engine.values import Value

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
CONTEXT = Context(now=lambda: NOW, random=random.Random(1))  # noqa: S311 - a test
DOMAIN = "fabrikam.onmicrosoft.com"


def edited_schema(
    *groups: dict[str, Any], input_groups: Sequence[dict[str, Any]] = (), **mapping: Any
) -> dict[str, Any]:
    """Return the default schema with portal-form filter groups and other members of the object mapping."""
    schema = default_schema("job")
    found = user_mapping(schema)[1]
    found["scope"]["groups"] = from_portal(groups)
    found["scope"]["inputFilterGroups"] = from_portal(input_groups)
    found.update(mapping)
    return schema


def make_rules(*groups: dict[str, Any], sync_all: bool = False, **mapping: Any) -> Rules:
    schema = edited_schema(*groups, **mapping)
    return compile_rules(schema, sync_all=sync_all, context=CONTEXT, target_domain=DOMAIN)


def clause(attribute: str, operator: str, value: str | None = None, title: str = "filter") -> dict[str, Any]:
    """Return a portal-form group with one clause."""
    return {"title": title, "clauses": [{"attribute": attribute, "operator": operator, "value": value}]}


def make_user(name: str, *, direct: bool = True, deleted: bool = False, **record: Value) -> User:
    """Return an assigned, enabled internal user called ``name``, which is also its id."""
    values: dict[str, Value] = {
        "objectId": name,
        "netId": f"net-{name}",
        "alternativeSecurityIds": "None",
        "accountEnabled": "True",
        "IsSoftDeleted": str(deleted),
        "displayName": name.title(),
        "userPrincipalName": f"{name}@contoso.com",
        "mail": f"{name}@contoso.com",
        **record,
    }
    return User(name, values, direct=direct, deleted=deleted)


@dataclass
class Person:
    """One user of the target, changeable."""

    record: dict[str, Value]
    deleted: bool = False


@dataclass
class MemoryTarget:
    """The target: applies exports, and fails those that ``fails`` names a code for."""

    people: dict[str, Person] = field(default_factory=dict)
    fails: Callable[[Export], str | None] = lambda _: None
    writes: list[Export] = field(default_factory=list)
    created: int = 0

    def get(self, target_id: str) -> TargetUser | None:
        person = self.people.get(target_id)
        return TargetUser(target_id, person.record, person.deleted) if person else None

    def find(self, attribute: str, value: str) -> list[TargetUser]:
        return [
            TargetUser(target_id, person.record)
            for target_id, person in self.people.items()
            if not person.deleted and person.record.get(attribute) == value
        ]

    def apply(self, export: Export) -> Outcome:
        if code := self.fails(export):
            return Failed(code)
        self.writes.append(export)
        decision = export.decision
        target_id = decision.target_id or f"T{self.created + 1}"
        if decision.action is Action.CREATE:
            self.created += 1
            self.people[target_id] = Person({})
        if decision.action is Action.HARD_DELETE:
            del self.people[target_id]
            return Done(target_id)
        person = self.people[target_id]
        for change in decision.changes:
            assert person.record.get(change.attribute) == change.old or change.attribute == "IsSoftDeleted"
            person.record[change.attribute] = change.new
        person.deleted = person.record.get("IsSoftDeleted") == "True"
        return Done(target_id)


@dataclass
class MemorySource:
    """The source: users by id, and a running number of each one's last change."""

    users: dict[str, User] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    serial: int = 0
    page: int = 2

    def put(self, *users: User) -> None:
        for user in users:
            self.serial += 1
            self.users[user.id] = user
            self.changed[user.id] = self.serial

    def purge(self, user_id: str) -> None:
        self.serial += 1
        del self.users[user_id]
        self.changed[user_id] = self.serial

    def mark(self) -> str:
        return str(self.serial)

    def total_pages(self, watermark: str | None) -> int:
        return -(-len(self._since(watermark)) // self.page)

    def pages(self, watermark: str | None) -> Iterator[list[User]]:
        ids = self._since(watermark)
        for start in range(0, len(ids), self.page):
            yield [self.users.get(i) or User(i, {}, purged=True) for i in ids[start : start + self.page]]

    def get(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def _since(self, watermark: str | None) -> list[str]:
        if watermark is None:
            return list(self.users)
        return [user_id for user_id, serial in self.changed.items() if serial > int(watermark)]


@dataclass
class World:
    """A job with its two tenants and a clock that moves on with each cycle."""

    rules: Rules
    source: MemorySource = field(default_factory=MemorySource)
    target: MemoryTarget = field(default_factory=MemoryTarget)
    state: JobState = field(default_factory=JobState)
    now: datetime = NOW
    threshold: int | None = None
    noted: list[Noted] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    halt: Halt | None = None

    def cycle(self) -> CycleResult:
        """Run one cycle to its end; what it noted and wrote is that of this cycle only."""
        self.noted, self.progress, self.target.writes = [], [], []
        run = run_cycle(
            self.rules, self.state, self.source, self.target, now=self.now, threshold=self.threshold
        )
        self.now += timedelta(minutes=40)
        answer: Outcome = None
        while True:
            try:
                step = run.send(answer)
            except StopIteration as stop:
                result = stop.value
                assert isinstance(result, CycleResult)
                return result
            answer = None
            if isinstance(step, Export):
                answer = self.halt or self.target.apply(step)
            elif isinstance(step, Noted):
                self.noted.append(step)
            else:
                self.progress.append(step)

    @property
    def written(self) -> list[tuple[str, Action]]:
        """User and action of each write of the last cycle."""
        return [(write.user.id, write.decision.action) for write in self.target.writes]

    def person(self, user_id: str) -> Person:
        """Return the target user linked to a source user."""
        return self.target.people[self.state.links[user_id].target_id]
