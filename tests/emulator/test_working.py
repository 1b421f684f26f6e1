"""The service works by itself: a cycle goes on while nobody asks for anything."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import anyio
import anyio.lowlevel
import pytest

from tests.emulator.sync import Pair
from xtsync_tui.cli.compose import opened
from xtsync_tui.emulator.service import Service
from xtsync_tui.emulator.sign_in import with_sign_in

pytestmark = pytest.mark.anyio


def in_process(pair: Pair) -> AbstractAsyncContextManager[object]:
    return pair.emulator.working()


def served(pair: Pair) -> AbstractAsyncContextManager[object]:
    app = pair.emulator.app
    return app.router.lifespan_context(app)


def served_with_sign_in(pair: Pair) -> AbstractAsyncContextManager[object]:
    app, _ = with_sign_in(pair.emulator.app, pair.world, lifespan=pair.emulator.working)
    return app.router.lifespan_context(app)


@pytest.mark.parametrize("host", [in_process, served, served_with_sign_in])
async def test_a_cycle_ends_although_nobody_asks(
    host: Callable[[Pair], AbstractAsyncContextManager[object]],
) -> None:
    pair = Pair()
    await pair.create()
    await pair.source.post(f"{pair.path}/start")
    async with host(pair):
        pair.emulator.clock.advance(timedelta(minutes=5))
        with anyio.fail_after(10):
            while pair.job.last is None:
                await anyio.lowlevel.checkpoint()
    assert pair.job.last["countExported"] > 0


async def test_the_demo_lets_it_work(monkeypatch: pytest.MonkeyPatch) -> None:
    working = anyio.Event()

    async def run(_: Service) -> None:
        working.set()
        await anyio.sleep_forever()

    monkeypatch.setattr(Service, "run", run)
    async with opened(None, "fresh", None, 1):
        with anyio.fail_after(10):
            await working.wait()
