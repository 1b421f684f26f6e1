"""One row of the troubleshooting table, and how it is recognised."""

from dataclasses import dataclass
from typing import Literal

Tenant = Literal["source", "target"]

SOURCE: tuple[Tenant, ...] = ("source",)
TARGET: tuple[Tenant, ...] = ("target",)
BOTH: tuple[Tenant, ...] = ("source", "target")
NONE: tuple[Tenant, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is seen, why, what to do about it, in which tenant and at which step of the set-up.

    ``codes`` are error codes and skip reasons as logs spell them; empty for something only a person sees.
    ``steps`` are the numbers of the set-up's steps (1 plan … 14 leave settings), "T" its repairs. A log row
    holds one of the texts in ``when`` if this entry is meant and not another one of the same code.
    """

    number: int
    codes: tuple[str, ...]
    symptom: str
    cause: str
    fix: str
    tenants: tuple[Tenant, ...]
    steps: tuple[str, ...]
    when: tuple[str, ...] = ()


def entry(
    number: int,
    symptom: str,
    cause: str,
    fix: str,
    tenants: tuple[Tenant, ...],
    steps: str,
    *,
    codes: str = "",
    when: tuple[str, ...] = (),
) -> Entry:
    """Write an entry the short way: ``codes`` and ``steps`` are separated by blanks."""
    return Entry(number, tuple(codes.split()), symptom, cause, fix, tenants, tuple(steps.split()), when)
