"""How fast the emulator runs an initial cycle, where the time goes, and how long it holds the event loop.

Run with ``python -m tests.benchmarks.emulator_cycle [USERS]``.
"""

import cProfile
import gc
import pstats
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from time import perf_counter

from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.configurations import make_assignment
from xtsync_tui.emulator.job import make_job
from xtsync_tui.emulator.scenarios import connect
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, group_named
from xtsync_tui.emulator.service import BUDGET
from xtsync_tui.emulator.story import save_settings

START = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)


def started(users: int, clock: Clock) -> Emulator:
    """Return an emulator with a job that is just started, and ``users`` assigned people."""
    emulator = Emulator("large", users, clock=clock)
    contoso = emulator.world.tenants[CONTOSO]
    principal = connect(emulator.world)
    make_assignment(emulator.world, contoso, group_named(contoso, "All staff")["id"], principal)
    job = make_job(emulator.world, contoso, principal)
    save_settings(job, FABRIKAM)
    job.start(emulator.clock.now())
    return emulator


def prepared(users: int) -> Emulator:
    """Return one with time for a whole cycle."""
    emulator = started(users, Clock(START, 0))
    emulator.clock.advance(timedelta(minutes=39))
    return emulator


def slices(emulator: Emulator) -> list[float]:
    """Run what is due in slices; return how long each took, in seconds."""
    taken = []
    busy = True
    while busy:
        began = perf_counter()
        busy = emulator.service.work(began + BUDGET)
        taken.append(perf_counter() - began)
    return taken


def main() -> None:
    """Print the figures."""
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    taken = sorted(slices(prepared(users)))
    total = sum(taken)
    sys.stdout.write(f"initial cycle: {users:,} users, {total:.2f} s, ")
    sys.stdout.write(f"{users / total:,.0f} users/s\n")
    worst, usual = taken[-1] * 1000, taken[int(len(taken) * 0.99)] * 1000
    sys.stdout.write(f"event loop held: {usual:.1f} ms at the 99th percentile, {worst:.1f} ms at most\n")
    gc.disable()
    worst = max(slices(prepared(users))) * 1000
    gc.enable()
    sys.stdout.write(f"without the garbage collector: {worst:.1f} ms at most\n")
    _profile(users)
    _memory(users)


def _profile(users: int) -> None:
    emulator = prepared(users)
    profile = cProfile.Profile()
    profile.runcall(emulator.service.settle)
    pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(18)


def _memory(users: int) -> None:
    emulator = prepared(users)
    tracemalloc.start()
    emulator.service.settle()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sys.stdout.write(f"memory kept by the cycle: {kept / 2**20:.0f} MB\n")


if __name__ == "__main__":
    main()
