"""Imports point one way down; a forbidden one fails here with its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "xtsync_tui"
BOTTOM = {"errors", "text", "model", "private_file"}
MAY_IMPORT = {
    "errors": set[str](),
    "text": set[str](),
    "model": {"errors", "text"},
    "private_file": {"errors"},
    "settings": BOTTOM,
    "engine": {"errors", "model", "engine"},
    "graph": BOTTOM | {"graph", "settings"},
    "emulator": BOTTOM | {"engine", "emulator"},
    "workspace": BOTTOM | {"engine", "graph", "settings", "workspace"},
    "ui": BOTTOM | {"engine", "workspace", "settings", "ui"},
}
FOREIGN = {
    "engine": {"regex"},
    "ui": {"textual", "rich", "msgspec", "platformdirs"},
}


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def modules(name: str) -> list[Path]:
    folder = ROOT / name
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{name}.py"]


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_layer_imports_only_what_lies_below_it(name: str) -> None:
    paths = modules(name)
    assert paths, f"the layer {name} is gone: mend this table"
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in paths
        for module in imports(path)
        if module.startswith("xtsync_tui.") and layer(module) not in MAY_IMPORT[name] | {name, "__version__"}
    ]
    assert wrong == []


@pytest.mark.parametrize("name", FOREIGN)
def test_the_engine_and_the_screens_stand_on_few_packages(name: str) -> None:
    import sys

    allowed = FOREIGN[name] | {"xtsync_tui"} | set(sys.stdlib_module_names)
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in modules(name)
        for module in imports(path)
        if module.split(".")[0] not in allowed
    ]
    assert wrong == []
