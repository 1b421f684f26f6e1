"""What no screen, dialog or widget may lack."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.widget import Widget

import xtsync_tui
import xtsync_tui.ui
from tests.ui.demo import Demo
from xtsync_tui.errors import NotFound
from xtsync_tui.model import Request, Side
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.keys import key
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


@pytest.mark.parametrize("kind", [*ours(), XtSyncApp], ids=lambda kind: kind.__qualname__)
def test_every_key_has_id_words_and_tooltip(kind: type[DOMNode]) -> None:
    assert lacking(kind.__dict__.get("BINDINGS", ())) == []


def lacking(bindings: Iterable[BindingType]) -> list[BindingType]:
    """Return the keys without an id, words or a tooltip; a tuple has neither id nor tooltip."""
    return [
        each
        for each in bindings
        if not (isinstance(each, Binding) and each.id and each.description and each.tooltip)
    ]


@pytest.mark.parametrize(
    "one",
    [
        ("z", "zoom", "Zoom"),
        Binding("z", "zoom", "Zoom", tooltip="Makes it larger"),
        Binding("z", "zoom", id="zoom", tooltip="Makes it larger"),
        Binding("z", "zoom", "Zoom", id="zoom"),
    ],
)
def test_a_key_that_lacks_one_of_them_is_found(one: BindingType) -> None:
    assert lacking([key("open"), one]) == [one]


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


SENDS_WITHOUT_THE_WRITER = {
    "workspace/writing.py": "the writer itself",
    "workspace/configurations/service.py": "validateCredentials changes nothing",
    "workspace/setup/connecting.py": "validateCredentials changes nothing",
    "workspace/mappings/service.py": "parseExpression changes nothing",
}


def test_only_the_writer_which_keeps_the_journal_sends_what_changes_something() -> None:
    root = Path(xtsync_tui.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for layer in ("workspace", "ui")
        for path in (root / layer).rglob("*.py")
        if any(map(sends_to_a_client, ast.walk(ast.parse(path.read_text()))))
    }
    assert found == set(SENDS_WITHOUT_THE_WRITER)


def sends_to_a_client(node: ast.AST) -> bool:
    """Return whether this is ``client.send(…)``, or ``….client(side).send(…)``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "send"):
        return False
    return re.search(r"\bclients?(\(.*\)|\[.*\])?$", ast.unparse(node.func.value)) is not None


@pytest.mark.parametrize(
    "text", ["client.send(r)", "workspace.client(Side.SOURCE).send(r)", "self.clients[0].send(r)"]
)
def test_a_request_that_goes_past_the_writer_is_found(text: str) -> None:
    assert any(map(sends_to_a_client, ast.walk(ast.parse(text))))
    assert not any(map(sends_to_a_client, ast.walk(ast.parse("workspace.writer.send(planned)"))))


@pytest.mark.anyio
async def test_a_story_in_which_a_write_goes_past_the_journal_fails() -> None:
    async def story() -> None:
        async with Demo().connect() as workspace:
            with suppress(NotFound):
                await workspace.client(Side.SOURCE).send(Request(method="PATCH", path="/users/nobody"))

    with pytest.raises(AssertionError, match="PATCH /users/nobody"):
        await story()
