"""The modes: the top-level screens behind the digits, imported when they are first opened."""

import importlib
from dataclasses import dataclass
from typing import Any, cast

from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Mode:
    """One top-level screen: ``screen`` is ``module:Class``."""

    digit: str
    id: str
    name: str
    screen: str

    def kind(self) -> type[Screen[Any]]:
        """Import the screen's module and return its class."""
        module, _, name = self.screen.partition(":")
        return cast("type[Screen[Any]]", getattr(importlib.import_module(module), name))

    def load(self) -> Screen[Any]:
        """Make the screen."""
        return self.kind()()


MODES: tuple[Mode, ...] = (
    Mode("1", "setup", "Setup", "xtsync_tui.ui.screens.setup.screen:SetupScreen"),
    Mode("2", "overview", "Overview", "xtsync_tui.ui.screens.overview.screen:OverviewScreen"),
    Mode("3", "access", "Access", "xtsync_tui.ui.screens.access.screen:AccessScreen"),
    Mode("4", "configs", "Configs", "xtsync_tui.ui.screens.configurations.list:ConfigurationsScreen"),
    Mode("5", "mappings", "Mappings", "xtsync_tui.ui.screens.mappings.screen:MappingsScreen"),
    Mode("6", "on-demand", "On demand", "xtsync_tui.ui.screens.on_demand.screen:OnDemandScreen"),
    Mode("7", "job", "Job", "xtsync_tui.ui.screens.job.screen:JobScreen"),
    Mode("8", "logs", "Logs", "xtsync_tui.ui.screens.logs.screen:LogsScreen"),
    Mode("9", "people", "People", "xtsync_tui.ui.screens.people.search:PeopleScreen"),
)
"""In the order of the header. A mode is listed once its screen exists."""

PROFILES = Mode("", "profiles", "Profiles", "xtsync_tui.ui.screens.profiles:ProfilesScreen")
"""The first page: no mode of a pair, and not in the header."""
