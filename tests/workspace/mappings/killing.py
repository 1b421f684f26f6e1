"""A service that is killed at one point of what somebody does, and comes back later."""

from dataclasses import dataclass

from xtsync_tui.emulator.faults import Fault, Faults


@dataclass(slots=True)
class Kill(Fault):
    """The request meets the end of the service: before it is carried out or after, as ``kind`` says."""

    faults: Faults | None = None

    async def before(self) -> None:
        if self.kind == "dropped before":
            self._gone()
        await Fault.before(self)

    def after(self) -> None:
        self._gone()
        Fault.after(self)

    def _gone(self) -> None:
        if self.faults is not None:
            self.faults.add(Fault("dropped before", times=1_000_000))


def kill(faults: Faults, method: str, path: str, *, arrived: bool) -> None:
    """Kill the service when this request arrives, or just after it was carried out."""
    faults.add(Kill("dropped after" if arrived else "dropped before", method, path, faults=faults))


def revive(faults: Faults) -> None:
    """Bring the service back as it was."""
    faults.waiting.clear()
