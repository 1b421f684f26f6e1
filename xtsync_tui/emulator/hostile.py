"""Texts that a stranger may have put into a directory to trouble whoever looks at it."""

from collections.abc import Iterable, Iterator
from itertools import cycle

from xtsync_tui.emulator.state import Document, Tenant, World

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
_GROUPS = ("displayName", "description")


def poison(world: World) -> None:
    """Put these texts into every text field of people, groups, contacts and tenants that has no syntax."""
    texts = cycle(TEXTS)
    for tenant in world.tenants.values():
        for user in tenant.users.values():
            _fill(user, _PEOPLE, texts)
            user["businessPhones"] = [next(texts)]
        for group in tenant.groups.values():
            _fill(group, _GROUPS, texts)
        for contact in tenant.contacts.values():
            _fill(contact, ("displayName", "companyName"), texts)
        _name(tenant, next(texts))


def _fill(document: Document, names: Iterable[str], texts: Iterator[str]) -> None:
    for name in names:
        document[name] = next(texts)


def _name(tenant: Tenant, text: str) -> None:
    """Rename the tenant, its own name kept in front: a person still has to tell the two apart."""
    tenant.name = f"{tenant.name} {text}"
