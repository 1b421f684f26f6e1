"""The last 24 hours of the provisioning log, row by row and in numbers."""

from typing import Any

import msgspec
import pytest

from xtsync_tui.model import ProvisioningEvent
from xtsync_tui.workspace.day import Day, DayRow, Result, day_row, failing, held


def event(action: str, status: str, **more: Any) -> ProvisioningEvent:
    return msgspec.convert(
        {
            "id": "1",
            "activityDateTime": "2026-05-14T12:20:00Z",
            "provisioningAction": action,
            "provisioningStatusInfo": {"status": status, **more.pop("info", {})},
            "sourceIdentity": {"id": "ana", "displayName": "Ana Lopes"},
            "servicePrincipal": {"id": "sp", "displayName": "Contoso to Fabrikam"},
            **more,
        },
        ProvisioningEvent,
    )


FORBIDDEN = {"errorInformation": {"errorCode": "AzureActiveDirectoryForbidden", "reason": "long text"}}
UNKNOWN = {"errorInformation": {"errorCode": "SomethingNew", "reason": "A new thing happened."}}
SKIP = [{"name": "EntrySynchronizationSkip", "details": {"SkipReason": "RedundantExport"}}]
CLAUSES = """{"Sales or Germany.country EQUALS 'Germany'":false}"""
OUTSIDE = [
    {"name": "EntryImport", "details": {"objectId": "ana", "country": "Ghana", "IsSoftDeleted": "False"}},
    {"name": "EntrySynchronizationScoping", "details": {"ScopeEvaluationResult": CLAUSES}},
    {"name": "EntryExportDelete", "details": {"IsSoftDeleted": "True"}},
]
OUTSIDE_WORDS = "filter: country is Ghana, not Germany"
CITY = [{"displayName": "city", "newValue": "Berlin"}, {"displayName": "country"}]


@pytest.mark.parametrize(
    ("row", "result", "why"),
    [
        (event("create", "success"), Result.CREATED, ""),
        (event("update", "success", modifiedProperties=CITY), Result.UPDATED, "changed: city, country"),
        (event("disable", "success"), Result.DISABLED, ""),
        (event("delete", "success"), Result.DELETED, ""),
        (event("stagedDelete", "skipped"), Result.HELD, "delete held: threshold"),
        (event("create", "failure", info=FORBIDDEN), Result.FAILED, "guest invitations not allowed"),
        (event("create", "failure", info=UNKNOWN), Result.FAILED, "A new thing happened."),
        (event("other", "skipped", provisioningSteps=SKIP), Result.SKIPPED, "nothing to change"),
        (event("other", "skipped"), Result.SKIPPED, ""),
        (event("Create", "Success"), Result.CREATED, ""),
        (event("create", "Failure", info=FORBIDDEN), Result.FAILED, "guest invitations not allowed"),
        (event("StagedDelete", "Skipped"), Result.HELD, "delete held: threshold"),
        (event("delete", "success", provisioningSteps=OUTSIDE), Result.DELETED, OUTSIDE_WORDS),
        (event("create", "somethingNew"), Result.UNKNOWN, ""),
    ],
)
def test_a_row_says_what_became_of_the_person_and_why(
    row: ProvisioningEvent, result: Result, why: str
) -> None:
    shown = day_row(row)
    assert (shown.result, shown.why, shown.person, shown.configuration_id) == (result, why, "Ana Lopes", "sp")


def at(minute: int, person: str, result: Result) -> DayRow:
    moment = msgspec.convert(f"2026-05-14T12:{minute:02}:00Z", type(event("", "").activity_date_time))
    return DayRow(f"{person}{minute}", moment, result, person, person, "", "sp", "")


def test_only_who_failed_last_is_failing() -> None:
    rows = [
        at(1, "ana", Result.FAILED),
        at(2, "ana", Result.CREATED),
        at(3, "ben", Result.FAILED),
        at(2, "ben", Result.FAILED),
    ]
    assert [row.id for row in failing(rows)] == ["ben3"]


def test_each_person_is_held_once_and_only_since_the_quarantine_began() -> None:
    rows = [at(1, "ana", Result.HELD), at(9, "ben", Result.HELD), at(9, "ben", Result.HELD)]
    assert held(rows, rows[1].at) == 1
    assert held(rows, None) == 2


def test_the_numbers_name_every_result() -> None:
    day = Day((at(1, "ana", Result.HELD), at(2, "ben", Result.HELD)), at(3, "", Result.HELD).at)
    assert day.counts()[Result.HELD] == 2
    assert list(day.counts()) == list(Result)
