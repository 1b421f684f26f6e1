"""A mode made for the tests of the frame: people in a table with a detail."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from tests.ui.pair import NOW, Pair
from xtsync_tui.model import Request
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.modes import Mode
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table


@dataclass(frozen=True)
class Member:
    id: int
    name: str
    state: str = "✓ active"
    department: str = "Sales"
    at: datetime = NOW
    users: int = 0


COLUMNS = [
    Column[Member]("Name", lambda row: row.name, grow=True),
    Column[Member]("State", lambda row: row.state, stated=True, width=12),
    Column[Member]("Department", lambda row: row.department, priority=2),
    Column[Member]("Seen", lambda row: row.at, lambda row: Content(f"{row.at:%H:%M:%S}"), priority=3),
    Column[Member]("Users", lambda row: row.users, right=True),
]


def members(count: int = 3) -> list[Member]:
    """Return as many people, each with another name."""
    names = ("Ana Lopes", "Ben Okoro", "Chloé Martin")
    return [
        Member(
            id=at,
            name=names[at % 3] + (f" {at}" if at >= 3 else ""),
            state="✗ failed" if at % 3 == 1 else "✓ active",
            department="Sales" if at % 2 else "Legal",
            at=NOW - timedelta(hours=at),
            users=at * 7 % 11,
        )
        for at in range(count)
    ]


class SampleScreen(ReadingScreen[Sequence[Member]]):
    """People, as a screen of the application would show them."""

    MODE = "people"
    TITLE = "People"
    HELP = "People, for the tests."
    TABS: ClassVar[tuple[tuple[str, str], ...]] = (("all", "All"), ("none", "None"))
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open"), key("test"), key("filter"), key("request"), key("copy"), key("export"), key("reload"),
    ]  # fmt: skip

    def body(self) -> Iterable[Widget]:
        yield Split(Table(COLUMNS, lambda row: row.id, empty="Nobody here. n adds one.", id="people"))

    async def read(self, _: Any) -> Sequence[Member]:
        return await cast("SampleApp", self.app).answer()

    def show(self, data: Sequence[Member]) -> None:
        self.query_one(Table).set_rows(data)

    @on(Table.Moved)
    def _detail(self, event: Table.Moved) -> None:
        if event.row is not None:
            self.query_one(Split).detail.show(
                event.row.name, Content(f"{event.row.name} is in {event.row.department}.")
            )

    def refusal(self, action: str) -> str:
        return "The job is running already." if action == "test" else super().refusal(action)

    def requests(self) -> Sequence[Request]:
        return [Request(method="PATCH", path="/users/1", body={"department": "Sales"})]


MODES = (
    Mode("1", "setup", "Setup", "tests.ui.sample:OtherScreen"),
    Mode("9", "people", "People", "tests.ui.sample:SampleScreen"),
)


class OtherScreen(SampleScreen):
    """Another mode with the same rows."""

    MODE = "setup"
    TITLE = "Setup"
    TABS: ClassVar[tuple[tuple[str, str], ...]] = ()


class SampleApp(XtSyncApp):
    """The application on a pair of the tests; ``answer`` is what the screens read."""

    def __init__(self, pair: Pair | None = None, rows: Sequence[Member] | None = None, **more: Any) -> None:
        self.stand_in = pair or Pair()
        self.rows = members() if rows is None else rows
        settings: dict[str, Any] = {"connect": self.give, "modes": MODES[::-1], "monotonic": lambda: 100.0}
        super().__init__(**(settings | more))

    @asynccontextmanager
    async def give(self) -> AsyncIterator[Any]:
        yield self.stand_in
        await self.stand_in.close()

    async def answer(self) -> Sequence[Member]:
        return self.rows
