"""Signing in on the screen, with sign-ins that say what the test tells them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.sample import SampleApp
from tests.ui.scripted import ADDRESS, BLOCKED, CODE, TODAY, Attempt, Session, SignedInPair
from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.model import Side
from xtsync_tui.settings import Way
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.sign_in import SignInDialog
from xtsync_tui.ui.sign_in_text import why
from xtsync_tui.workspace.sign_in import Failed, Need

pytestmark = pytest.mark.anyio

WRITE = "Policy.ReadWrite.CrossTenantAccess"


@pytest.mark.parametrize(
    ("title", "detail", "said"),
    [
        ("The sign-in has expired", "(AADSTS70008)", "The sign-in has expired (AADSTS70008)."),
        (
            "The code has expired",
            "Nobody used it. (AADSTS1)",
            "The code has expired. Nobody used it. (AADSTS1)",
        ),
        ("It was revoked.", "", "It was revoked."),
        ("It was revoked", "By an admin.", "It was revoked. By an admin."),
        ("", "", ""),
    ],
)
def test_why_somebody_signs_in_again_ends_once(title: str, detail: str, said: str) -> None:
    assert why(Need(Side.TARGET, "fabrikam.com", Way.BROWSER, title=title, detail=detail)).plain == said


class Clock:
    """The time of this machine, moved by the test."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> Any:
        return self.now


def app_of(pair: SignedInPair, **more: Any) -> SampleApp:
    return SampleApp(pair, **({"wall": Clock()} | more))


def signed_in() -> SignedInPair:
    return SignedInPair(sessions={side: Session(side, signed_in=True) for side in Side})


async def attempt(person: Person, session: Session, number: int = 1) -> Attempt:
    """Wait for the attempt of this number to begin, and return it."""
    await settled(person.pilot, lambda: len(session.attempts) >= number, f"attempt {number}")
    return session.attempts[number - 1]


async def test_both_sides_are_signed_in_to_one_after_the_other() -> None:
    pair = SignedInPair()
    async with at_keyboard(app_of(pair), (80, 24)) as person:
        await person.sees("Sign in to SOURCE contoso.com", "1 of 2", "EK749QM23", "valid for 13 min 42 s")
        await person.sees("https://microsoft.com/devicelogin", "asks every 5 s", "Never enter a code")
        (await attempt(person, pair.sessions[Side.SOURCE])).finish()
        await person.sees("Sign in to TARGET fabrikam.com", "2 of 2", "ana.lopes", "not signed in")
        (await attempt(person, pair.sessions[Side.TARGET])).finish()
        await person.sees("Ana Lopes", "TARGET Fabrikam · ben.okoro")


async def test_the_profile_opens_with_one_side_when_the_other_is_left_out() -> None:
    pair = SignedInPair()
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("1 of 2")
        (await attempt(person, pair.sessions[Side.SOURCE])).finish()
        await person.sees("2 of 2")
        await person.press("back")
        await person.sees("Ana Lopes", "TARGET fabrikam.com · not signed in", "SOURCE Contoso")
        assert pair.sessions[Side.TARGET].attempts[0].stopped


async def test_leaving_both_sides_out_says_so_and_r_asks_again() -> None:
    pair = SignedInPair()
    async with at_keyboard(app_of(pair)) as person:
        for side in Side:
            await person.sees(f"Sign in to {side.name}")
            await person.press("back")
        await person.sees("✗ Nobody is signed in", "SOURCE contoso.com · not signed in", "· not connected")
        await person.sees_no("connecting…")
        await person.press("reload")
        await person.sees("Sign in to SOURCE")


async def test_the_code_and_the_address_are_copied() -> None:
    async with at_keyboard(app_of(SignedInPair())) as person:
        await person.sees("EK749QM23")
        await person.press("copy")
        await settled(person.pilot, lambda: person.app._clipboard == CODE.code, "the code copied")
        await person.press("copy_as")
        await settled(person.pilot, lambda: person.app._clipboard == CODE.address, "the address copied")


async def test_a_code_that_expires_asks_for_a_new_one() -> None:
    pair, clock = SignedInPair(), Clock()
    async with at_keyboard(app_of(pair, wall=clock)) as person:
        await person.sees("valid for 13 min 42 s")
        first = await attempt(person, pair.sessions[Side.SOURCE])
        clock.now = TODAY + timedelta(minutes=14)
        person.app.screen.panel._tell()
        await person.sees("Expired. n asks for a new code.")
        await settled(person.pilot, lambda: first.stopped, "the old attempt stopped")
        clock.now = TODAY
        await person.press("new")
        await person.sees("valid for 13 min 42 s")
        (await attempt(person, pair.sessions[Side.SOURCE], 2)).finish()
        await person.sees("2 of 2")


async def test_a_blocked_device_code_is_explained_and_the_browser_goes_on() -> None:
    pair = SignedInPair()
    pair.sessions[Side.SOURCE].script[Way.DEVICE_CODE] = [Failed(BLOCKED)]
    async with at_keyboard(app_of(pair), (80, 24)) as person:
        await person.sees("✗ Device code is blocked in TARGET fabrikam.com", "AADSTS53003", "ssh -L 8400")
        await person.press("copy")
        await settled(
            person.pilot, lambda: person.app._clipboard == BLOCKED.correlation_id, "the correlation id copied"
        )
        await person.press("other_way")
        await person.sees("On the computer that has your browser, run", "ssh -L 8400:localhost:8400 ana@10")
        await person.sees("y Copy command  Y Copy address  o Other way  n Again  i Technical  esc Skip")
        await settled(person.pilot, lambda: person.app._clipboard == ADDRESS.address, "the address copied")
        await person.press("copy")
        await settled(
            person.pilot, lambda: person.app._clipboard == ADDRESS.ssh_command, "the command copied"
        )
        (await attempt(person, pair.sessions[Side.SOURCE], 2)).finish()
        await person.sees("2 of 2")


async def test_a_missing_consent_offers_what_was_consented_to() -> None:
    pair = SignedInPair()
    refused = SignInFailed("Not consented", code="AADSTS65001")
    pair.sessions[Side.SOURCE].script[Way.DEVICE_CODE] = [Failed(refused)]
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("✗ Not consented")
        await person.press("other_way")
        await person.sees("With what the tenant consented to already")
        await person.press("w", "enter")
        await attempt(person, pair.sessions[Side.SOURCE], 2)
    assert pair.sessions[Side.SOURCE].asked[-1] == ((".default",), "")


async def test_the_address_at_which_the_browser_ended_can_be_pasted() -> None:
    pair = SignedInPair()
    pair.sessions[Side.SOURCE].way = Way.BROWSER
    async with at_keyboard(app_of(pair), (80, 24)) as person:
        await person.sees("Or paste here", "i shows it whole")
        running = await attempt(person, pair.sessions[Side.SOURCE])
        await person.press("panel")
        await person.types("nonsense")
        await person.press("enter")
        await person.sees("! That is not the answer")
        assert "nonsense" not in "".join(person.lines)
        assert running.pasted == ["nonsense"]
        person.app.screen.panel._paste("http://localhost:8400/?code=c&state=x")
        await person.sees("taken")


async def test_i_lists_every_permission_with_its_reason() -> None:
    async with at_keyboard(app_of(SignedInPair())) as person:
        await person.sees("i lists them")
        await person.press("technical")
        await person.sees("Synchronization.Read.All", "to read jobs, mappings and scoping filters")
        await person.press("back")
        await person.sees("EK749QM23")


async def test_no_mode_can_be_opened_before_somebody_is_in() -> None:
    async with at_keyboard(app_of(SignedInPair())) as person:
        await person.sees("EK749QM23")
        await person.press("1")
        await person.sees("First sign in; esc leaves this side out.")


class Letter(Dialog[str]):
    """A dialog that writes once a token is there."""

    def __init__(self, pair: SignedInPair) -> None:
        super().__init__("Allow users to sync", Side.TARGET)
        self.pair = pair

    async def send(self) -> str:
        token: str = await self.pair.sign_ins.tokens(Side.TARGET).token((WRITE,))
        return token


def needing(pair: SignedInPair, title: str, *scopes: str) -> None:
    pair.sessions[Side.TARGET].refusals = [SignInNeeded(title, scopes=scopes)]


async def test_the_first_write_asks_by_name_and_reason_and_then_goes_on() -> None:
    pair = signed_in()
    async with at_keyboard(app_of(pair), (80, 24)) as person:
        await person.sees("Ana Lopes")
        sent: list[str | None] = []
        person.app.push_screen(Letter(pair), sent.append)
        await person.sees("f2 Send")
        needing(pair, "Not consented", WRITE)
        await person.press("send")
        await person.sees("One more permission in TARGET Fabrikam", WRITE, "to set partners and redeem")
        (await attempt(person, pair.sessions[Side.TARGET])).finish()
        await settled(person.pilot, lambda: sent == ["token of TARGET"], "the write done")
    assert pair.sessions[Side.TARGET].asked == [((WRITE,), "")]


async def test_a_write_that_nobody_signed_in_for_is_not_done_and_its_form_stays() -> None:
    pair = signed_in()
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("Ana Lopes")
        person.app.push_screen(Letter(pair))
        await person.sees("f2 Send")
        needing(pair, "TARGET fabrikam.com has not consented to what xtsync asks for", WRITE)
        await person.press("send")
        await person.sees("One more permission")
        await person.press("back")
        await person.sees("✗ You left the sign-in to TARGET fabrikam.com", "nothing was sent", "f2 Send")
        await person.sees_no("consented")


async def test_an_expired_sign_in_is_renewed_over_the_screen_which_stays() -> None:
    pair = signed_in()
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("Ana Lopes")
        needing(pair, "The sign-in to TARGET fabrikam.com has expired")
        reading = asyncio.create_task(pair.sign_ins.tokens(Side.TARGET).token())
        await person.sees("Sign in again to TARGET Fabrikam", "has expired.", "what is on the screen stays")
        assert isinstance(person.app.screen, SignInDialog)
        (await attempt(person, pair.sessions[Side.TARGET])).finish()
        assert await reading == "token of TARGET"
        await person.sees("Ana Lopes")


async def test_a_side_that_was_left_out_is_signed_in_to_by_name() -> None:
    pair = SignedInPair(sessions={side: Session(side, signed_in=side is Side.SOURCE) for side in Side})
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("Sign in to TARGET")
        await person.press("back")
        await person.sees("TARGET fabrikam.com · not signed in", "Ana Lopes")
        assert person.app.pairing.left_out == [Side.TARGET]
        person.app.action_sign_in(Side.TARGET)
        (await attempt(person, pair.sessions[Side.TARGET], 2)).finish()
        await person.sees("TARGET Fabrikam · ben.okoro")
        assert person.app.pairing.left_out == []


async def test_the_end_of_a_profile_ends_its_sign_in() -> None:
    pair = SignedInPair()
    async with at_keyboard(app_of(pair)) as person:
        await person.sees("EK749QM23")
        running = await attempt(person, pair.sessions[Side.SOURCE])
        person.app.exit()
        await settled(person.pilot, lambda: running.stopped, "the attempt stopped")
