"""Dialogs that write: what they show, when they send, and what becomes of it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.pair import NOW, Pair
from tests.ui.sample import SampleApp
from xtsync_tui.errors import Forbidden, InvalidInput
from xtsync_tui.model import Request, Side
from xtsync_tui.ui.exchanges import short_path
from xtsync_tui.ui.screens.dialog import Dialog, Level, word_of
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.ui.writes import READABLE
from xtsync_tui.workspace.writing import WriteState

pytestmark = pytest.mark.anyio

PATH = "/policies/crossTenantAccessPolicy/partners/7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4"


@dataclass(frozen=True)
class Planned:
    side: Side
    request: Request
    before: Any = None


class Allow(Dialog[str]):
    """One setting of TARGET."""

    SEND = "Allow"

    def __init__(
        self, level: Level = Level.PLAIN, word: str = "", answer: "asyncio.Future[str] | None" = None
    ) -> None:
        super().__init__("Redeem invitations", Side.TARGET, word=word)
        self.wanted = level
        self.answer = answer

    def level(self) -> Level:
        return self.wanted

    def form(self) -> Iterable[Widget]:
        yield Static(Content("Lets people from Contoso in."), markup=False)

    def planned(self) -> Sequence[Planned]:
        body = {"automaticUserConsentSettings": {"inboundAllowed": True}}
        return [Planned(Side.TARGET, Request(method="PATCH", path=PATH, body=body))]

    async def send(self) -> str:
        return await self.answer if self.answer else "sent"


class Name(Dialog[str]):
    """A form with a field and a choice."""

    def __init__(self) -> None:
        super().__init__("Create a configuration", Side.SOURCE, draft_key="name")

    def form(self) -> Iterable[Widget]:
        yield Field("Name", "name", "Contoso to Fabrikam")
        yield Choice("Type", "type", [("member", "Member"), ("guest", "Guest")])

    def planned(self) -> Sequence[Planned]:
        answers = self.answers()
        if not answers["name"]:
            raise InvalidInput("The name is missing", "", "Type one.")
        return [Planned(Side.SOURCE, Request(method="POST", path="/instantiate", body=answers))]

    async def send(self) -> str:
        return self.answers()["name"]


async def opened(person: Person, dialog: Dialog[Any]) -> list[Any]:
    """Open ``dialog``; what it is dismissed with lands in the list that is returned."""
    results: list[Any] = []
    await person.sees("Ana Lopes")
    await person.app.push_screen(dialog, results.append)
    await person.sees(f"{dialog.heading} in")
    return results


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_dialog_names_its_side_and_shows_the_request(size: tuple[int, int]) -> None:
    async with at_keyboard(SampleApp(), size) as person:
        await opened(person, Allow())
        await person.sees("Redeem invitations in TARGET Fabrikam", "Will send to TARGET Fabrikam", "1  PATCH")
        await person.sees(
            '{"automaticUserConsentSettings": {"inboundAllowed": true}}', "[ Cancel ]", "[ Allow ]"
        )


class Long(Allow):
    """A form of thirty lines."""

    def form(self) -> Iterable[Widget]:
        yield Static("\n".join(f"line {number}" for number in range(1, 31)), markup=False)


async def test_a_dialog_says_that_there_is_more_while_the_terminal_is_too_short_for_it() -> None:
    async with at_keyboard(SampleApp(), (120, 36)) as person:
        await opened(person, Long())
        await person.sees("pgup, pgdn: there is more", "[ Cancel ]")
        await person.sees_no("line 30")
        await person.press("pagedown")
        await person.sees("line 30")
        await person.pilot.resize_terminal(120, 60)
        await person.sees_no("there is more")
        await person.sees("line 1 ", "line 30", "1  PATCH")
        await person.pilot.resize_terminal(80, 24)
        await person.sees("there is more", "[ Cancel ]")


async def test_a_dialog_cuts_a_path_for_the_width_it_has_now() -> None:
    async with at_keyboard(SampleApp(), (160, 50)) as person:
        await opened(person, Allow())
        path = short_path(PATH)
        await person.sees(path)
        await person.pilot.resize_terminal(64, 24)
        await person.sees("PATCH  …/crossTenantAccessPolicy/partners/7f3c0a51…b2e4")
        await person.sees_no(path)


@pytest.mark.parametrize("key", ["enter", "send"])
async def test_a_plain_dialog_sends_with_enter_and_with_f2(key: str) -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow())
        await person.press(key)
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


async def test_a_wide_dialog_has_the_focus_on_cancel_and_sends_with_f2_only() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow(Level.WIDE))
        await person.press("enter")
        await settled(person.pilot, lambda: results == [None], "left without sending")
        results = await opened(person, Allow(Level.WIDE))
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


async def test_enter_on_send_counts_by_what_the_dialog_asks_when_it_is_pressed() -> None:
    async with at_keyboard(SampleApp()) as person:
        dialog = Allow()
        results = await opened(person, dialog)
        send = dialog.query_one("#send")
        await settled(person.pilot, lambda: send.has_focus, "the focus on Send")
        dialog.wanted = Level.WIDE
        await person.press("enter")
        await settled(person.pilot, lambda: not send.display, "no Send button")
        assert (results, dialog.sending) == ([], False)
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


class Rewrite(Allow):
    """Replaces a long document of which one member changes."""

    def planned(self) -> Sequence[Planned]:
        before = {"id": "x" * 400, "name": "old"}
        request = Request(method="PUT", path="/schema", body={**before, "name": "new"})
        return [Planned(Side.TARGET, request, before)]


async def test_a_long_body_is_shown_by_its_size_and_what_it_changes() -> None:
    async with at_keyboard(SampleApp()) as person:
        await opened(person, Rewrite())
        await person.sees("422 bytes, v on a button shows it whole; what it changes:", "~ name: new")
        await person.press("request")
        await person.sees('"name": "new"')


async def test_a_typed_dialog_sends_only_once_the_word_is_right() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow(Level.TYPED, word="Contoso to Fabrikam"))
        await person.sees(
            "Type the name to go on:  Contoso to Fabrikam", "f2 Allow is off until the name is right"
        )
        await person.types("Contoso to Fab")
        await person.press("send", "enter")
        await person.sees("f2 Allow is off until the name is right")
        assert results == []
        person.app.screen.query_one("#word").focus()
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


async def test_a_protected_profile_asks_for_the_name_of_the_tenant() -> None:
    async with at_keyboard(SampleApp(Pair(write_state=WriteState.PROTECTED))) as person:
        results = await opened(person, Allow())
        await person.sees("Type the name to go on:  Fabrikam")
        await person.press("send")
        assert results == []
        await person.types("Fabrikam")
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


async def test_a_read_only_profile_shows_the_request_and_sends_nothing() -> None:
    async with at_keyboard(SampleApp(Pair(write_state=WriteState.READ_ONLY))) as person:
        results = await opened(person, Allow())
        await person.sees("1  PATCH", "f2 Allow is off: read-only")
        await person.press("send")
        await person.press("back")
        await settled(person.pilot, lambda: results == [None], "left without sending")


async def test_an_error_stands_in_the_dialog_which_stays_open() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow(answer=answer))
        await person.press("send")
        await person.sees("▶ sending to TARGET")
        answer.set_exception(
            Forbidden(
                "A role is missing",
                "ben.okoro holds Reports Reader.",
                status=403,
                code="Authorization_RequestDenied",
                request_id="8f6f0f1c-1111-2222-3333-4444555577d3",
            )
        )
        await person.sees(
            "✗ A role is missing", "Graph said: 403 Authorization_RequestDenied", "Request 8f6f0f1c…77d3"
        )
        assert results == []


async def test_leaving_does_not_stop_a_write_and_a_failure_is_said_later() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = SampleApp()
    async with at_keyboard(app) as person:
        await opened(person, Allow(answer=answer))
        await person.press("send")
        await person.sees("▶ sending to TARGET")
        await person.press("back")
        await person.sees("▶ Redeem invitations")
        assert not answer.cancelled()
        answer.set_exception(Forbidden("A role is missing"))
        await person.sees("✗ A role is missing · not looked at yet · @ the request")
        await person.press("requests", "back")
        await person.sees_no("not looked at yet")


async def left_with(person: Person, answer: "asyncio.Future[Any]") -> None:
    """Send, and leave the dialog before the answer comes."""
    await opened(person, Allow(answer=answer))
    await person.press("send")
    await person.sees("▶ sending to TARGET")
    await person.press("back")
    await person.sees("▶ Redeem invitations")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (True, "✓ Redeem invitations in TARGET Fabrikam: done 14:02:16"),
        ("? not known whether it arrived", "? not known whether it arrived"),
        (None, "Redeem invitations in TARGET Fabrikam: ended 14:02:16 · @ shows how"),
    ],
)
async def test_a_write_whose_dialog_was_left_says_on_any_screen_how_it_ended(result: Any, words: str) -> None:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    seconds = [100.0]
    async with at_keyboard(SampleApp(wall=lambda: NOW, monotonic=lambda: seconds[0])) as person:
        await left_with(person, answer)
        await person.press("1", "down")
        person.app.screen.say("what the last key was told")
        answer.set_result(result)
        await person.sees(words)
        await person.press("down", "2", "down")
        await person.sees(words)
        seconds[0] += READABLE
        person.app.refresh_frames()
        await person.sees_no(words)


async def test_how_a_write_ended_is_not_said_any_more_once_it_was_looked_at() -> None:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with at_keyboard(SampleApp()) as person:
        await left_with(person, answer)
        answer.set_result(True)
        await person.sees("Fabrikam: done")
        await person.press("requests", "back")
        await person.sees_no("Fabrikam: done")


async def test_the_status_line_says_how_far_a_write_is_whose_dialog_was_left() -> None:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with at_keyboard(SampleApp()) as person:
        dialog = Allow(answer=answer)
        await opened(person, dialog)
        await person.press("send")
        dialog.progress("not listed yet")
        await person.sees("▶ not listed yet", "esc leaves, it goes on")
        await person.press("back")
        dialog.progress("listed")
        await person.sees("▶ Redeem invitations · listed")
        answer.set_result(True)


@pytest.mark.parametrize("failure", [None, Forbidden("A role is missing")])
async def test_a_write_that_ends_while_a_page_lies_over_its_dialog_is_told_and_ends_the_dialog(
    failure: Forbidden | None,
) -> None:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow(answer=answer))
        await person.press("send", "request")
        await person.sees("1 request")
        if failure is not None:
            answer.set_exception(failure)
            await person.sees("✗ A role is missing · not looked at yet")
        else:
            answer.set_result("✓ allowed")
            await person.sees("✓ allowed")
            await person.press("back")
            await settled(person.pilot, lambda: results == ["✓ allowed"], "the dialog is gone")


async def test_one_write_at_a_time() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with at_keyboard(SampleApp()) as person:
        await opened(person, Allow(answer=answer))
        await person.press("send", "back")
        results = await opened(person, Allow())
        await person.press("send")
        await person.sees("f2 Allow is off until this has ended: Redeem invitations")
        answer.set_result("first")
        await person.sees_no("off until this has ended")
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the second")


async def test_quitting_waits_for_a_running_write() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = SampleApp()
    async with at_keyboard(app) as person:
        await opened(person, Allow(answer=answer))
        await person.press("send")
        await person.sees("▶ sending to TARGET")
        await person.press("back")
        await person.press("quit")
        await person.sees("▶ Redeem invitations")
        assert app.is_running
        answer.set_result("done")
        await settled(person.pilot, lambda: not app.is_running, "the end")


async def test_a_wrong_field_is_said_and_turns_sending_off() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Name())
        await person.press(*["backspace"] * 19)
        await person.sees("✗ The name is missing", "off: see above")
        await person.press("send")
        assert results == []
        await person.types("New")
        await person.press("tab", "right")
        await person.sees("[Guest]", '{"name": "New", "type": "guest"}')
        await person.press("send")
        await settled(person.pilot, lambda: results == ["New"], "the answer")


async def test_an_edited_form_asks_once_whether_to_keep_the_draft() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Name())
        await person.types("Other")
        await person.press("back")
        await person.sees("Keep the draft?")
        await person.press("enter")
        await settled(person.pilot, lambda: results == [None], "left")
        results = await opened(person, Name())
        await person.sees("Name              Other")
        await person.press("back")
        await person.press("t", "enter")
        await settled(person.pilot, lambda: results == [None], "left again")
        await opened(person, Name())
        await person.sees("Name              Contoso to Fabrikam")


async def test_an_unedited_form_is_left_without_a_question() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Name())
        await person.press("back")
        await settled(person.pilot, lambda: results == [None], "left")


class Named(Allow):
    """A dialog whose form is wrong until something is typed."""

    def form(self) -> Iterable[Widget]:
        yield Field("Name", "name")

    def planned(self) -> Sequence[Planned]:
        if not self.answers()["name"]:
            raise InvalidInput("Name: 1 to 120 characters", "", "Type a name.")
        return super().planned()


@pytest.mark.parametrize("key", ["request", "copy"])
async def test_the_requests_of_a_form_that_is_wrong_are_not_shown_but_what_is_wrong(key: str) -> None:
    async with at_keyboard(SampleApp()) as person:
        await opened(person, Named())
        await person.press("tab", key)
        await person.sees("Name: 1 to 120 characters", "Type a name.")
        assert isinstance(person.app.screen, Named)


@pytest.mark.parametrize("name", ["  ", "a\u202eb", "x" * 70])
async def test_a_name_that_nobody_can_type_is_confirmed_by_the_start_of_its_id(name: str) -> None:
    async with at_keyboard(SampleApp()) as person:
        dialog = Allow(Level.TYPED, name)
        dialog.own_word = word_of(name, "57e54acc-62f5")
        assert dialog.own_word == "57e54acc"
        results = await opened(person, dialog)
        await person.sees(
            "Type the start of its id to go on:  57e54acc", "off until the start of its id is right"
        )
        await person.types("57e54acc")
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")


async def test_blanks_around_a_name_need_not_be_typed() -> None:
    async with at_keyboard(SampleApp()) as person:
        results = await opened(person, Allow(Level.TYPED, "Contoso to Fabrikam "))
        await person.sees("Type the name to go on:  Contoso to Fabrikam")
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await settled(person.pilot, lambda: results == ["sent"], "the answer")
