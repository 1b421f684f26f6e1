"""The provisioning service: it runs the cycles of all jobs that are due, in short slices."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from xtsync_tui.emulator.export import expired
from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.run import begin
from xtsync_tui.emulator.state import Tenant, World

BUDGET = 0.004
"""Seconds of work at a time, so that an application in the same process stays responsive."""

REST = 0.012
"""Seconds between two slices of ``run`` while work is left: a key has most of the time for itself."""

PAUSE = 0.2
"""Seconds between two slices of ``run`` when there is nothing to do."""


class Service:
    """Works for all tenants of ``world``. It has no state of its own: that is in the jobs."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def pump(self, budget: float = BUDGET) -> None:
        """Do what is due, for at most ``budget`` seconds; awaited before each request is answered."""
        self.work(perf_counter() + budget)

    async def run(self) -> None:
        """Keep working until cancelled: a cycle goes on while nobody asks for anything."""
        while True:
            busy = self.work(perf_counter() + BUDGET)
            await asyncio.sleep(REST if busy else PAUSE)

    def settle(self) -> None:
        """Finish all that is due, however long it takes."""
        self.work(float("inf"))

    def advance(self, step: timedelta) -> None:
        """Move the emulated time and finish all that has become due."""
        self._world.clock.advance(step)
        self.settle()

    def work(self, until: float) -> bool:
        """Work until nothing is due or ``perf_counter`` says ``until``; return whether work is left."""
        now = self._world.clock.now()
        for job in self._jobs():
            while True:
                if job.run is not None:
                    if job.run.cursor > now:
                        break
                    job.run.step()
                elif job.next_run is not None and job.next_run <= now:
                    self._empty_bins()
                    begin(self._world, job, job.next_run)
                else:
                    break
                if perf_counter() > until:
                    return True
        return False

    def _jobs(self) -> Iterator[Job]:
        for tenant in list(self._world.tenants.values()):
            for jobs in list(tenant.jobs.values()):
                yield from list(jobs.values())

    def _empty_bins(self) -> None:
        for tenant in self._world.tenants.values():
            _empty_bin(tenant, self._world)


def _empty_bin(tenant: Tenant, world: World) -> None:
    """Purge who has been deleted for 30 days. The bin is in the order of deletion."""
    now = world.clock.now()
    for user_id, user in list(tenant.deleted_users.items()):
        if not expired(user, now):
            break
        del tenant.deleted_users[user_id]
        tenant.ties.pop(user_id, None)
        tenant.alternative_ids.pop(user_id, None)
        tenant.touch(user_id)
