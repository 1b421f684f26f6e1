"""Every screen, page and dialog of the application, and the keys that lead there, on tenants of strangers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from textual.screen import ModalScreen

from tests.ui.demo import Demo
from tests.ui.driver import Person, rest, settled
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.hostile import TEXTS
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.ui.screens.mappings.save import SaveDialog
from xtsync_tui.ui.screens.people.opening import open_person
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.draft import without_mapping
from xtsync_tui.workspace.mappings.saving import save
from xtsync_tui.workspace.setup import Principal

Go = Callable[["Visit"], Awaitable[None]]


class Place(NamedTuple):
    """A screen, ``module:Class`` under ``ui.screens``, the scenario in which it is met, and the way there."""

    kind: str
    scenario: str
    go: Go


class Visit:
    """Somebody who walks through all places of one scenario."""

    def __init__(self, demo: Demo, person: Person, folder: Path) -> None:
        self.demo = demo
        self.person = person
        self.folder = folder

    @property
    def screen(self) -> Any:
        """The screen, page or dialog in front."""
        return self.person.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys, each once what the one before began has come to rest."""
        for key in keys:
            await self.calm()
            await self.person.press(key)
        await self.calm()

    async def calm(self) -> None:
        """Wait until nothing is done for the screen in front."""
        await settled(self.person.pilot, self._calm, "the screen at rest")
        await rest(self.person.pilot)

    def _calm(self) -> bool:
        return not any(each.node is self.screen and each.is_running for each in self.person.app.workers)

    async def mode(self, digit: str, tab: str = "") -> None:
        """Go to a mode, and to a tab of it."""
        await self.press(digit)
        if tab:
            self.screen.tab = tab
            await self.calm()

    async def select(self, table: str, row: object) -> None:
        """Put the cursor on a row."""
        self.screen.query_one(f"#{table}", Table).select(row)
        await self.calm()

    async def meets(self, kind: str) -> None:
        """Wait until a screen of this class is in front."""
        await settled(self.person.pilot, lambda: name_of(self.screen) == kind, kind)
        await self.calm()

    async def leave(self) -> None:
        """Close everything that lies over the mode."""
        app = self.person.app
        while len(app.screen_stack) > 1:
            top = self.screen
            if isinstance(top, ModalScreen):
                top.dismiss(None)
            else:
                app.pop_screen()
            await settled(self.person.pilot, lambda top=top: app.screen is not top, "it closed")  # type: ignore[misc]
        app.drafts.clear()


def name_of(screen: Any) -> str:
    """Return the name of a screen's class as a place has it."""
    return f"{type(screen).__module__.removeprefix('xtsync_tui.ui.screens.')}:{type(screen).__name__}"


def keys(*names: str) -> Go:
    """Return the way by these keys, from a digit on."""

    async def go(visit: Visit) -> None:
        await visit.press(*names)

    return go


def step(number: int) -> Go:
    """Return the way into the dialog of a step of the set-up."""

    async def go(visit: Visit) -> None:
        await visit.mode("1")
        await visit.select("steps", number)
        await visit.press("open")

    return go


def configuration(tab: str, *names: str, row: str = "") -> Go:
    """Return the way by these keys from a tab of the first configuration with a job."""

    async def go(visit: Visit) -> None:
        await visit.mode("4")
        [principal] = [sp for sp, jobs in visit.demo.emulator.world.tenants[CONTOSO].jobs.items() if jobs]
        await visit.select("configurations", principal)
        await visit.press("open")
        visit.screen.tab = tab
        await visit.calm()
        if row:
            await visit.select("settings-list", row)
        await visit.press(*names)

    return go


def person(key: str, *names: str, gate: str = "") -> Go:
    """Return the way by these keys from the page of a person of SOURCE."""

    async def go(visit: Visit) -> None:
        user = seeded(visit.demo.emulator.world.tenants[CONTOSO], key)
        visit.person.app.run_worker(open_person(visit.person.app, user["id"], name=user["displayName"]))
        await visit.meets("people.person:PersonScreen")
        if gate:
            await visit.select("gates", gate)
        await visit.press(*names)

    return go


def mappings(*names: str, tab: str = "mappings", row: str = "") -> Go:
    """Return the way by these keys from a tab of the mappings."""

    async def go(visit: Visit) -> None:
        await visit.mode("5", tab)
        if row:
            visit.screen.mapping_table.select(row)
        await visit.press(*names)

    return go


async def overtaken(visit: Visit) -> None:
    """Save what somebody else changed meanwhile."""
    await mappings("delete", row="city")(visit)
    own = visit.person.app.pair.mappings
    theirs = without_mapping(replace(own.current, document=own.current.base), "state")
    await save(visit.person.app.pair, own.opened, theirs)
    await visit.press("send")
    dialog = visit.screen
    if isinstance(dialog, SaveDialog):  # else it was seen already while people were read again
        if dialog.word:
            await visit.person.types(dialog.word)
        await visit.press("send")


async def no_cycle(visit: Visit) -> None:
    """Begin the cycle that a save could not begin."""
    await mappings("delete", "send", row="officeLocation")(visit)
    visit.demo.emulator.world.faults.add(Fault("refused", "POST", "/restart"))
    await visit.press("send", "restart")


async def importing(visit: Visit) -> None:
    """Read a file with the people to assign."""
    file = visit.folder / "people.csv"
    file.write_text("person\nlena.fischer@contoso.com\n\x1b[31mnobody\n" + "x" * 3000 + "\n")
    await configuration("users", "import")(visit)
    await visit.person.types(str(file))
    await visit.press("enter")


async def queued(visit: Visit) -> None:
    """Provision somebody who was put into the queue."""
    await visit.mode("6")
    contoso = visit.demo.emulator.world.tenants[CONTOSO]
    people = [seeded(contoso, key) for key in ("lena.fischer", "tom.baker")]
    visit.demo.workspace.on_demand.add(
        [Principal(user["id"], user["displayName"], "User", user["userPrincipalName"]) for user in people]
    )
    visit.screen.query_one("#queue").focus()
    await visit.press("mark_all", "provision")


async def paused(visit: Visit) -> None:
    """Start a job that is paused."""
    await visit.mode("7")
    [jobs] = [jobs for jobs in visit.demo.emulator.world.tenants[CONTOSO].jobs.values() if jobs]
    [job] = jobs.values()
    job.pause()
    await visit.press("reload", "start")


async def log_row(visit: Visit) -> None:
    """Open a row of the provisioning log whole."""
    await visit.mode("8")
    await visit.press("open")


async def repair(visit: Visit) -> None:
    """Mend what a row of the log complains of."""
    await visit.mode("8")
    rows = visit.screen.query_one("#rows", Table)
    tom = seeded(visit.demo.emulator.world.tenants[CONTOSO], "tom.baker")
    await visit.select("rows", next(row.id for row in rows.rows if row.person_id == tom["id"]))
    await visit.press("fix")


async def leaving(visit: Visit) -> None:
    """Leave the program while something is written."""
    app, end = visit.person.app, asyncio.Event()
    app.run_worker(app.writes.run(TEXTS[0], end.wait))
    await settled(visit.person.pilot, lambda: app.writes.words)
    await visit.person.press("quit")
    await visit.person.sees("Leaving as soon as this has ended")
    app.call_later(end.set)


PLACES = (
    Place("setup.screen:SetupScreen", "configured", keys("1")),
    Place("setup.rest:RestDialog", "fresh", keys("1", "rest")),
    Place("setup.dialogs:PlanDialog", "fresh", step(1)),
    Place("setup.dialogs:PartnerDialog", "fresh", step(2)),
    Place("setup.dialogs:RedemptionDialog", "fresh", step(4)),
    Place("setup.dialogs:NameDialog", "fresh", step(5)),
    Place("setup.dialogs:ConnectionDialog", "configured", step(6)),
    Place("setup.scope:ScopeDialog", "configured", step(7)),
    Place("setup.review:MappingsDialog", "configured", step(9)),
    Place("setup.dialogs:SettingsDialog", "configured", step(10)),
    Place("setup.on_demand:OnDemandDialog", "configured", step(11)),
    Place("setup.dialogs:StartDialog", "configured", step(12)),
    Place("setup.dialogs:LeaveDialog", "configured", step(14)),
    Place("page:TextPage", "configured", keys("1", "request")),
    Place("overview.screen:OverviewScreen", "troubled", keys("2")),
    Place("access.screen:AccessScreen", "troubled", keys("3")),
    Place("access.dialogs:ValueDialog", "troubled", keys("3", "edit")),
    Place("access.dialogs:AddPartnerDialog", "fresh", keys("3", "new")),
    Place("access.dialogs:RemovePartnerDialog", "configured", keys("3", "delete")),
    Place("configurations.list:ConfigurationsScreen", "configured", keys("4")),
    Place("configurations.page:ConfigurationScreen", "configured", configuration("overview")),
    Place("configurations.dialogs:NewDialog", "configured", keys("4", "new")),
    Place("configurations.dialogs:DeleteDialog", "configured", configuration("overview", "delete")),
    Place("configurations.dialogs:RenameDialog", "configured", configuration("overview", "edit")),
    Place("configurations.dialogs:ScopeDialog", "configured", configuration("settings", "edit", row="scope")),
    Place(
        "configurations.dialogs:NotificationsDialog",
        "configured",
        configuration("settings", "edit", row="mail"),
    ),
    Place("configurations.dialogs:AssignDialog", "configured", configuration("users", "new")),
    Place("configurations.dialogs:TakeOutDialog", "configured", configuration("users", "mark_all", "delete")),
    Place("ask:Ask", "configured", configuration("users", "import")),
    Place("configurations.importing:ImportDialog", "configured", importing),
    Place("mappings.screen:MappingsScreen", "configured", mappings()),
    Place("mappings.form:MappingForm", "configured", mappings("open", row="jobTitle")),
    Place("mappings.screen:MappingsScreen", "configured", step(8)),
    Place("mappings.who:WhoScreen", "configured", mappings("why")),
    Place("mappings.person:ChoosePerson", "configured", mappings("person")),
    Place("mappings.defaults:DefaultsDialog", "configured", mappings("defaults")),
    Place("mappings.importing:ImportDialog", "configured", mappings("import")),
    Place("mappings.cycle:CycleDialog", "configured", no_cycle),
    Place("mappings.save:SaveDialog", "configured", mappings("delete", "send", row="city")),
    Place("mappings.overtaken:OvertakenScreen", "configured", overtaken),
    Place("on_demand.screen:OnDemandScreen", "configured", keys("6")),
    Place("on_demand.adding:AddPeople", "configured", keys("6", "back", "new")),
    Place("on_demand.sending:ProvisionDialog", "configured", queued),
    Place("job.screen:JobScreen", "troubled", keys("7")),
    Place("job.dialogs:PauseDialog", "configured", keys("7", "pause")),
    Place("requests:UndoDialog", "configured", keys("7", "pause", "send", "requests", "tab_on", "undo")),
    Place("job.dialogs:RestartKinds", "configured", keys("7", "restart")),
    Place("job.dialogs:RestartDialog", "configured", keys("7", "restart", "enter")),
    Place("job.dialogs:HeldDialog", "troubled", keys("7", "held")),
    Place("job.dialogs:StartDialog", "configured", paused),
    Place("logs.screen:LogsScreen", "troubled", keys("8")),
    Place("page:RowPage", "troubled", log_row),
    Place("setup.repair:RepairDialog", "troubled", repair),
    Place("choose:Choose", "configured", keys("8", "copy_as")),
    Place("people.search:PeopleScreen", "configured", keys("9")),
    Place("people.person:PersonScreen", "configured", person("lena.fischer")),
    Place("people.dialogs:UnassignDialog", "configured", person("emil.novak", "assign")),
    Place("on_demand.sending:ProvisionDialog", "configured", person("lena.fischer", "provision")),
    Place("setup.repair:RepairDialog", "configured", person("priya.nair", "assign")),
    Place("setup.repair:RepairDialog", "configured", person("tom.baker", "fix", gate="sms")),
    Place("setup.repair:RepairDialog", "troubled", person("rosa.diaz", "fix", gate="clash")),
    Place("requests:RequestsScreen", "configured", keys("1", "requests")),
    Place("help:HelpPage", "configured", keys("4", "help")),
    Place("quitting:Quitting", "fresh", leaving),
)
