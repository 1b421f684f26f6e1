"""Requests and changes."""

import json
from datetime import timedelta

import pytest
from msgspec import structs

from tests.ui.driver import at_keyboard, settled
from tests.ui.pair import NOW, Log, Pair, exchange
from tests.ui.sample import SampleApp
from xtsync_tui.model import Exchange, Request, Side
from xtsync_tui.ui.exchanges import exchange_copies, outcome, pretty, short_path, status
from xtsync_tui.workspace.journal import Fate, Journal
from xtsync_tui.workspace.planned import Planned, Undo

PARTNER = "/policies/crossTenantAccessPolicy/partners/7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4"
SP = "/servicePrincipals/91b7e0c4-1111-2222-3333-444455554f1d"
JOB = f"{SP}/synchronization/jobs/Azure2Azure.7f3c0a519d2e4b6f8c115e0a77d4b2e4.c6d455"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (PARTNER, "/policies/crossTenantAccessPolicy/partners/7f3c0a51…b2e4"),
        (f"{JOB}/provisionOnDemand", "…/jobs/Azure2Azure…c6d455/provisionOnDemand"),
        (f"{SP}/appRoleAssignedTo", "/servicePrincipals/91b7e0c4…4f1d/appRoleAssignedTo"),
        ("/users?$filter=a%20eq%20'b'", "/users?$filter=a eq 'b'"),
        ("/users/x%1B%5B31m", "/users/x␛[31m"),
    ],
)
def test_a_path_is_cut_where_nobody_misses_it(path: str, shown: str) -> None:
    assert short_path(path) == shown


@pytest.mark.parametrize(
    ("made", "words", "sentence"),
    [
        (exchange(1), "✓ 200", "Answered 200 in 88 ms."),
        (
            exchange(1, status=429, waited=10.0),
            "! 429",
            "Answered 429 in 88 ms, after waiting 10 s as Graph asked.",
        ),
        (exchange(1, status=403), "✗ 403", "Answered 403 in 88 ms."),
        (exchange(1, status=0, took=30.0), "? no answer", "Sent, no answer after 30.0 s."),
        (exchange(1, status=0, note="It arrived."), "? no answer", "It arrived."),
        (exchange(1, status=0, done=False), "▶ running", "Sent, the answer is awaited."),
    ],
)
def test_a_request_says_what_became_of_it(made: Exchange, words: str, sentence: str) -> None:
    assert (status(made), outcome(made)) == (words, sentence)


def test_a_body_is_laid_out_and_cleaned() -> None:
    assert pretty('{"a":1}') == '{\n  "a": 1\n}'
    assert pretty("no json\x1b") == "no json␛"
    assert json.loads(pretty({"name": "é"})) == {"name": "é"}


def test_copies_of_a_request_hold_no_token() -> None:
    copies = dict(exchange_copies(exchange(1, "PATCH", "/users/1", body={"a": 1}), "Contoso", "7f3c0a51"))
    assert set(copies) == {"curl", "PowerShell", "az rest", "id", "JSON"}
    assert "Bearer $TOKEN" in copies["curl"]


NOTE = (
    "Sent, no answer: connection reset after 30.0 s. Looked at 14:03:02 with GET: inboundAllowed is true, "
    "so it arrived."
)


def log() -> Log:
    """The moment of the drawing."""
    users = "/users?$filter=creationType eq 'Invitation'&$select=id,displayName,userPrincipalName,mail"
    logs = "/auditLogs/provisioning?$filter=sourceIdentity/id eq '5b1e08d2-1111-2222-3333-4444555590ac'"
    lost = exchange(
        55,
        "PATCH",
        PARTNER,
        side=Side.TARGET,
        status=0,
        took=30.0,
        body={"automaticUserConsentSettings": {"inboundAllowed": True}},
        note=NOTE,
        request_id="",
        client_request_id="4a60b0f2-8f54-4b3b-9a4e-1d8c2f0a55e1",
    )
    return Log(
        (
            exchange(69, path=JOB, took=0.064),
            lost,
            exchange(46, "POST", f"{SP}/appRoleAssignedTo", status=201, took=0.14),
            exchange(38, path=logs, status=429, took=0.031, waited=10.0),
            exchange(28, "POST", f"{JOB}/provisionOnDemand", took=4.1),
            exchange(21, path=users, side=Side.TARGET),
        )
    )


def journal() -> Journal:
    """One change that can be undone and one that cannot."""
    kept = Journal(":memory:", "demo", "pair")
    undo = Request(
        method="PATCH", path=PARTNER, body={"automaticUserConsentSettings": {"inboundAllowed": False}}
    )
    change = Request(
        method="PATCH", path=PARTNER, body={"automaticUserConsentSettings": {"inboundAllowed": True}}
    )
    delete = Request(method="DELETE", path="/servicePrincipals/1")
    for planned, fate, code in (
        (Planned(Side.TARGET, change, "step 3", Undo((undo,))), Fate.DONE, 204),
        (
            Planned(Side.SOURCE, delete, "delete", Undo(why_not="It lies in the bin for 30 days.")),
            Fate.FAILED,
            403,
        ),
    ):
        entry = kept.begin(planned, NOW - timedelta(minutes=2), "ben.okoro@fabrikam.com", "Fabrikam")
        kept.end(structs.replace(entry, fate=fate, ended=NOW - timedelta(minutes=1), status=code))
    return kept


@pytest.mark.anyio
async def test_the_newest_request_comes_first_and_its_detail_is_below() -> None:
    async with at_keyboard(SampleApp(Pair(log=log()))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests")
        await person.sees(
            "[Requests (6)] Changes (0)",
            "since 14:01:07 · UTC · tokens are never kept",
            "GET in TARGET Fabrikam, 14:01:55",
        )
        await person.press(*["down"] * 4)
        await person.sees(
            "PATCH in TARGET Fabrikam, 14:01:21", "inboundAllowed is true, so it arrived.", "– none came back"
        )
        await person.press("open")
        await person.sees('"inboundAllowed": true', "esc Back")
        await person.press("back", "back")
        await person.sees("Ana Lopes")


@pytest.mark.anyio
async def test_a_request_is_copied_for_other_tools() -> None:
    app = SampleApp(Pair(log=log()))
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("requests")
        await person.sees("[Requests (6)]")
        await person.press("copy_as")
        await person.sees("PowerShell", "az rest")
        await person.press("P", "enter")
        await settled(
            person.pilot, lambda: "Invoke-MgGraphRequest" in app.clipboard, "PowerShell in the clipboard"
        )


@pytest.mark.anyio
async def test_the_place_is_held_while_requests_arrive() -> None:
    pair = Pair(log=log())
    async with at_keyboard(SampleApp(pair)) as person:
        await person.sees("Ana Lopes")
        await person.press("requests")
        await person.sees("[Requests (6)]")
        pair.log.exchanges += (exchange(10, path="/newer"),)
        person.app.refresh_frames()
        await person.sees("[Requests (7)]", "▌ 14:02:06")
        await person.press("down")
        pair.log.exchanges += (exchange(5, path="/newest"),)
        person.app.refresh_frames()
        await person.sees("[Requests (8)]", "▌ 14:01:55")


@pytest.mark.anyio
async def test_changes_say_who_why_and_whether_they_can_be_undone() -> None:
    async with at_keyboard(SampleApp(Pair(journal=journal()))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "tab_on")
        await person.sees("[Changes (2)]", "delete · SOURCE", "✗ failed", "It lies in the bin for 30 days.")
        await person.press("undo")
        await person.sees("It lies in the bin for 30 days.")
        await person.press("down")
        await person.sees("step 3 · TARGET Fabrikam", "ben.okoro@fabrikam.com", "1 request, u shows them")
        await person.press("undo")
        await person.sees(
            "Undo: step 3 · TARGET Fabrikam", '{"automaticUserConsentSettings": {"inboundAllowed": false}}'
        )


@pytest.mark.anyio
async def test_undoing_that_deletes_asks_for_the_name_of_the_tenant() -> None:
    kept = journal()
    made = Request(method="POST", path="/policies/crossTenantAccessPolicy/partners")
    undo = Undo((Request(method="DELETE", path=PARTNER),))
    entry = kept.begin(Planned(Side.TARGET, made, "add partner", undo), NOW, "ben", "Fabrikam")
    kept.end(structs.replace(entry, fate=Fate.DONE, ended=NOW, status=201))
    async with at_keyboard(SampleApp(Pair(journal=kept))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "tab_on")
        await person.sees("[Changes (3)]")
        await person.press("undo")
        await person.sees(
            "Undo: add partner · TARGET Fabrikam", "! Undoing deletes", "Type the name to go on:  Fabrikam"
        )
        await person.press("send")
        await person.sees("f2 Undo is off until the name is right")


@pytest.mark.anyio
async def test_who_goes_to_a_mode_finds_its_screen_not_a_page_that_was_left_open() -> None:
    async with at_keyboard(SampleApp(Pair(journal=journal()))) as person:
        await person.sees("Ana Lopes")
        for page, words in (("requests", "[Requests"), ("help", "Help ›"), ("requests", "[Requests")):
            await person.press(page)
            await person.sees(words)
        await person.press("9")
        await person.sees("Ana Lopes")
        await person.sees_no("[Requests")
        await person.press("back")
        await person.sees("Ana Lopes")


@pytest.mark.anyio
async def test_what_is_copied_says_for_which_tenant_it_is() -> None:
    copies = dict(exchange_copies(exchange(1, "PATCH", "/users/1", body={"a": 1}), "Contoso", "7f3c0a51"))
    for name in ("curl", "PowerShell", "az rest"):
        assert copies[name].startswith("# for SOURCE Contoso 7f3c0a51\n")


@pytest.mark.anyio
async def test_a_request_is_copied_for_other_tools_from_its_own_page_too() -> None:
    app = SampleApp(Pair(log=log()))
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "open")
        await person.sees("Y Copy as")
        await person.press("copy_as")
        await person.sees("PowerShell", "az rest")


@pytest.mark.anyio
async def test_a_change_that_failed_cannot_be_undone_and_says_why() -> None:
    kept = journal()
    undo = Undo((Request(method="DELETE", path=PARTNER),))
    entry = kept.begin(
        Planned(Side.TARGET, Request(method="POST", path=PARTNER), "partner added", undo), NOW, "ben", "F"
    )
    kept.end(structs.replace(entry, fate=Fate.FAILED, ended=NOW, status=409))
    async with at_keyboard(SampleApp(Pair(journal=kept))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "tab_on")
        await person.sees("✗ failed")
        await person.press("undo")
        await person.sees("Nothing to undo: this change ended as failed.")


@pytest.mark.anyio
async def test_c_shows_what_a_change_changed() -> None:
    kept = journal()
    request = Request(method="PATCH", path=PARTNER, body={"inboundTrust": {"isMfaAccepted": True}})
    before = {"inboundTrust": {"isMfaAccepted": False}}
    entry = kept.begin(Planned(Side.TARGET, request, "trust", before=before), NOW, "ben", "Fabrikam")
    kept.end(structs.replace(entry, fate=Fate.DONE, ended=NOW, status=204))
    async with at_keyboard(SampleApp(Pair(journal=kept))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "tab_on", "compare")
        await person.sees("trust · TARGET Fabrikam · what it changed", "~ inboundTrust/isMfaAccepted: true")


@pytest.mark.anyio
async def test_a_change_of_another_day_says_its_day() -> None:
    kept = journal()
    at = NOW - timedelta(days=2)
    kept.begin(Planned(Side.TARGET, Request(method="POST", path=PARTNER), "old"), at, "ben", "Fabrikam")
    async with at_keyboard(SampleApp(Pair(journal=kept))) as person:
        await person.sees("Ana Lopes")
        await person.press("requests", "tab_on")
        await person.sees("12 May 14:02")
