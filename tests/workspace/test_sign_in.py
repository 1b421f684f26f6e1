"""When a person is asked to sign in, and what waits meanwhile."""

import asyncio

import pytest

from tests.ui.scripted import Session
from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.model import Side
from xtsync_tui.settings import Way
from xtsync_tui.workspace.sign_in import Need, SignIns

pytestmark = pytest.mark.anyio

WRITE = "Policy.ReadWrite.CrossTenantAccess"


class Desk:
    """A person who is asked: ``answers`` says for which sides the answer is yes."""

    def __init__(self, *answers: Side, signed_in: bool = False) -> None:
        self.sessions = {side: Session(side, signed_in=signed_in) for side in Side}
        self.sign_ins = SignIns(self.sessions)
        self.sign_ins.ask = self.ask
        self.answers = answers
        self.needs: list[Need] = []

    async def ask(self, need: Need) -> bool:
        self.needs.append(need)
        await asyncio.sleep(0)
        if need.side in self.answers:
            self.sessions[need.side].account = "somebody"
        return need.side in self.answers

    async def token(self, side: Side, *scopes: str, claims: str = "") -> str:
        return await self.sign_ins.tokens(side).token(scopes, claims)


async def test_a_request_waits_for_the_sign_in_and_goes_on() -> None:
    desk = Desk(Side.TARGET)
    assert await desk.token(Side.TARGET) == "token of TARGET"
    assert [need.side for need in desk.needs] == [Side.TARGET]


async def test_all_who_wait_for_one_side_share_one_question() -> None:
    desk = Desk(*Side)
    tokens = await asyncio.gather(*(desk.token(side) for side in (*Side, *Side, *Side)))
    assert sorted(tokens) == ["token of SOURCE"] * 3 + ["token of TARGET"] * 3
    assert sorted(need.side.name for need in desk.needs) == ["SOURCE", "TARGET"]


async def test_who_declined_is_not_asked_again_by_reads_until_a_key_is_pressed() -> None:
    desk = Desk()
    for _ in range(3):
        with pytest.raises(SignInNeeded):
            await desk.token(Side.SOURCE)
    assert len(desk.needs) == 1
    desk.sign_ins.forgive()
    with pytest.raises(SignInNeeded):
        await desk.token(Side.SOURCE)
    assert len(desk.needs) == 2


async def test_a_write_asks_for_its_permission_by_name_and_reason() -> None:
    desk = Desk(Side.TARGET, signed_in=True)
    desk.sessions[Side.TARGET].refusals = [SignInNeeded("Not consented", scopes=(WRITE,))]
    assert await desk.token(Side.TARGET, WRITE) == "token of TARGET"
    need = desk.needs[0]
    assert need.reasons == ((WRITE, "set partners and redeem invitations"),)
    assert need.account == "ben.okoro@fabrikam.com"
    desk.sign_ins.attempt(need, Way.DEVICE_CODE)
    assert desk.sessions[Side.TARGET].asked == [((WRITE,), "")]


async def test_a_write_asks_even_after_a_read_was_declined() -> None:
    desk = Desk()
    for scopes in ((), (WRITE,)):
        with pytest.raises(SignInNeeded):
            await desk.token(Side.TARGET, *scopes)
    assert len(desk.needs) == 2


async def test_a_claims_challenge_is_asked_for_with_its_claims() -> None:
    desk = Desk(Side.TARGET, signed_in=True)
    desk.sessions[Side.TARGET].refusals = [SignInNeeded("Revoked", claims='{"access_token": {}}')]
    await desk.token(Side.TARGET, claims='{"access_token": {}}')
    desk.sign_ins.attempt(desk.needs[0], Way.BROWSER)
    assert desk.sessions[Side.TARGET].asked == [((), '{"access_token": {}}')]


async def test_what_was_consented_to_is_taken_as_it_is() -> None:
    desk = Desk()
    desk.sign_ins.attempt(Need(Side.TARGET, "fabrikam.com", Way.BROWSER), Way.BROWSER, as_consented=True)
    assert desk.sessions[Side.TARGET].asked == [((".default",), "")]


async def test_a_profile_opens_with_the_source_and_asks_for_the_target_as_the_second() -> None:
    desk = Desk(*Side)
    await desk.sign_ins.begin()
    assert [(need.side, need.number, need.total) for need in desk.needs] == [(Side.SOURCE, 1, 2)]
    await desk.token(Side.TARGET)
    assert (desk.needs[1].side, desk.needs[1].number, desk.needs[1].total) == (Side.TARGET, 2, 2)


async def test_a_profile_opens_with_the_target_alone() -> None:
    desk = Desk(Side.TARGET)
    await desk.sign_ins.begin()
    assert [need.side for need in desk.needs] == list(Side)
    assert desk.sign_ins.account(Side.TARGET)
    assert not desk.sign_ins.account(Side.SOURCE)


async def test_nobody_is_asked_when_both_are_in() -> None:
    desk = Desk(signed_in=True)
    await desk.sign_ins.begin()
    assert desk.needs == []


async def test_without_either_side_the_profile_does_not_open() -> None:
    with pytest.raises(SignInFailed, match="Nobody is signed in"):
        await Desk().sign_ins.begin()


async def test_without_a_screen_the_need_is_told_to_the_caller() -> None:
    sign_ins = SignIns({side: Session(side) for side in Side})
    with pytest.raises(SignInNeeded):
        await sign_ins.tokens(Side.SOURCE).token()


async def test_after_a_sign_out_no_read_asks_by_itself() -> None:
    desk = Desk(*Side, signed_in=True)
    await desk.sign_ins.sign_out(Side.SOURCE)
    with pytest.raises(SignInNeeded):
        await desk.token(Side.SOURCE)
    assert desk.needs == []
    assert await desk.sign_ins.sign_in(Side.SOURCE)
    assert await desk.token(Side.SOURCE) == "token of SOURCE"
