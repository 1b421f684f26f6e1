"""Keys of one's own: a TOML file that gives ids other keys, checked before it is used."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from xtsync_tui.errors import InvalidInput
from xtsync_tui.ui.keys import KEYS

FILE = "keys.toml"


def read_keymap(path: Path) -> dict[str, str]:
    """Return key by id from the file's ``[keys]`` table, ``{}`` when there is no file.

    Raises InvalidInput that names every unknown id and every clash.
    """
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("keys", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidInput(f"{path} cannot be read", str(error), "Correct or remove the file.") from error
    found = problems(table) if isinstance(table, dict) else ["keys: not a table"]
    if found:
        raise InvalidInput(
            f"{path} cannot be used", "\n".join(found), "Correct the file; its ids are in the help."
        )
    return dict(table)


def problems(keymap: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a keymap: unknown ids, values that are no keys, two ids on one key."""
    unknown = [f"{name}: no such id" for name in keymap if name not in KEYS]
    wrong = [
        f"{name}: {value!r} is no key"
        for name, value in keymap.items()
        if not isinstance(value, str) or not value
    ]
    if unknown or wrong:
        return unknown + wrong
    owner: dict[str, str] = {}
    clashes = []
    for name, entry in KEYS.items():
        for each in str(keymap.get(name, entry.keys)).split(","):
            if each in owner:
                clashes.append(f"{each}: both {owner[each]} and {name}")
            owner[each] = name
    return clashes
