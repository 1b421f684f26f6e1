"""What no screen, dialog or widget may lack."""

import importlib
import inspect
import pkgutil

import pytest
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widget import Widget

import xtsync_tui.ui
from xtsync_tui.ui.modes import MODES, Mode
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.dialog import Dialog


def ours() -> list[type[Widget]]:
    found: set[type[Widget]] = set()
    for module in pkgutil.walk_packages(xtsync_tui.ui.__path__, "xtsync_tui.ui."):
        members = inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        found |= {
            kind
            for _, kind in members
            if issubclass(kind, Widget) and kind.__module__.startswith("xtsync_tui")
        }
    return sorted(found, key=lambda kind: kind.__qualname__)


def screens() -> list[type[Widget]]:
    """Return screens and dialogs, without those that are only bases of others."""
    kinds = [kind for kind in ours() if issubclass(kind, FrameScreen | ModalScreen)]
    return [
        kind for kind in kinds if not any(issubclass(other, kind) for other in kinds if other is not kind)
    ]


@pytest.mark.parametrize("kind", ours(), ids=lambda kind: kind.__qualname__)
def test_every_key_has_id_words_and_tooltip(kind: type[Widget]) -> None:
    bindings = [binding for binding in kind.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding)]
    assert [each.key for each in bindings if not (each.id and each.description and each.tooltip)] == []


@pytest.mark.parametrize("kind", screens(), ids=lambda kind: kind.__qualname__)
def test_every_screen_and_dialog_has_help(kind: type[Widget]) -> None:
    assert kind.HELP
    assert not issubclass(kind, ModalScreen) or "help" in bound(kind)


def bound(kind: type[Widget]) -> set[str | None]:
    """Return the ids of the keys of a class and of its bases."""
    every = [each for base in kind.__mro__ for each in base.__dict__.get("BINDINGS", ())]
    return {each.id for each in every if isinstance(each, Binding)}


def test_dialogs_are_held_to_it_as_well() -> None:
    assert any(issubclass(kind, Dialog) for kind in screens())


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_every_mode_opens_the_screen_of_its_name(mode: Mode) -> None:
    screen = mode.load()
    assert isinstance(screen, FrameScreen)
    assert mode.id == screen.MODE


def test_no_two_modes_share_a_digit() -> None:
    assert len({mode.digit for mode in MODES}) == len(MODES)
