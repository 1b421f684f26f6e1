"""Finds the entries of the troubleshooting table for an error code or a row of the provisioning log."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from xtsync_tui.engine.troubleshooting import connection, creation, removal, scope, service, values
from xtsync_tui.engine.troubleshooting.entries import Entry

TABLE: tuple[Entry, ...] = (
    *connection.ENTRIES,
    *scope.ENTRIES,
    *creation.ENTRIES,
    *values.ENTRIES,
    *removal.ENTRIES,
    *service.ENTRIES,
)
"""Every entry, in the order of the documentation's areas."""

OTHER_CONNECTORS = (
    "InvalidAttributeSyntax-LdapErr",
    "HybridSynchronizationActiveDirectoryInvalidParameter",
    "HybridSynchronizationActiveDirectoryCannotFindAttribute",
)
"""Codes of other connectors: recognised, and not expected in cross-tenant synchronization."""

# The page of error codes was hit by the product's renaming: AzureActiveDirectoryForbidden became "Microsoft
# Entra ID Forbidden". The end of a code is what stays.
_PREFIXES = ("azureactivedirectory", "microsoftentraid", "microsoftentra", "azuread", "entraid")


def by_code(code: str) -> tuple[Entry, ...]:
    """Return the entries of an error code or skip reason, in any letter case and with any product prefix."""
    return _by_bare_code().get(_bare(code), ())


@cache
def _by_bare_code() -> dict[str, tuple[Entry, ...]]:
    """Return the entries of each code, in the order of the table: a day of a log asks a thousand times."""
    found: dict[str, list[Entry]] = {}
    for entry in TABLE:
        for code in dict.fromkeys(map(_bare, entry.codes)):
            found.setdefault(code, []).append(entry)
    return {code: tuple(entries) for code, entries in found.items() if code}


def by_log_row(row: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the entries for a row of ``/auditLogs/provisioning``, the most fitting first.

    An entry whose ``when`` texts do not occur in the row gives way to those of the same code that fit.
    """
    text = _text(row)
    entries = [entry for code in _codes(row) for entry in by_code(code)]
    exact = [entry for entry in entries if any(part.lower() in text for part in entry.when)]
    covered = {code for entry in exact for code in entry.codes}
    general = [entry for entry in entries if not entry.when and not covered.intersection(entry.codes)]
    found = dict.fromkeys([*exact, *general] or entries)
    # What failed is told by the error; what it was to be done for comes after it.
    failed = by_code(_error(row).get("errorCode") or "")
    return tuple(sorted(found, key=lambda entry: entry not in failed))


def _bare(code: str) -> str:
    letters = "".join(char for char in code.lower() if char.isalnum())
    for prefix in _PREFIXES:
        if letters.startswith(prefix) and letters != prefix:
            return letters.removeprefix(prefix)
    return letters


def _error(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return (row.get("provisioningStatusInfo") or {}).get("errorInformation") or {}


def _codes(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the codes of a row: of its error, of its skipped steps, of false filters and staged deletions."""
    yield _error(row).get("errorCode") or ""
    for step in row.get("provisioningSteps") or ():
        details = step.get("details") or {}
        # One filter that holds is enough: the others are false in a row that passed.
        passed = str(details.get("Scoping filter evaluation passed")).lower() == "true"
        outcomes = "" if passed else str(details.get("ScopeEvaluationResult") or "").replace(" ", "")
        if "alternativeSecurityIdsEQUALS'None'\":false" in outcomes:
            yield "FilterExternalUsers"
        elif '":false' in outcomes:
            yield "ScopingFilter"
        yield details.get("SkipReason") or ""
        yield details.get("ErrorCode") or ""
    if str(row.get("provisioningAction") or "").lower() == "stageddelete":
        yield "StagedDelete"


def _text(row: Mapping[str, Any]) -> str:
    """Return what ``when`` texts are looked for in: the error and the details, as lower-case JSON."""
    error = _error(row)
    details = [step.get("details") or {} for step in row.get("provisioningSteps") or ()]
    parts = [json.dumps(part) for part in (error, *details)]
    parts += [str(part.get("ScopeEvaluationResult", "")).replace('": false', '":false') for part in details]
    return "\n".join(parts).lower()
