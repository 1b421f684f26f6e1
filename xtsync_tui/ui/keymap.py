"""Keys of one's own: a TOML file that gives ids other keys, checked before it is used."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from textual.keys import Keys, _character_to_key

from xtsync_tui.errors import InvalidInput
from xtsync_tui.ui.keys import KEYS

FILE = "keys.toml"
NAMES = {each.value for each in Keys} | {key for entry in KEYS.values() for key in entry.keys.split(",")}
FIXED = {str(digit): f"mode {digit}" for digit in range(10)} | dict.fromkeys(
    ("up", "down", "j", "k", "pageup", "pagedown", "home", "end"), "moving in a list"
)
"""Keys that are always the same, and what they do."""


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
        what = f"{path} cannot be used"
        raise InvalidInput(
            what, "; ".join(found), "Correct the file; the names are in the README, under Keys."
        )
    return dict(table)


def problems(keymap: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a keymap: unknown ids, values that are no keys, two ids on one key."""
    found = [f"{name}: no such id" for name in keymap if name not in KEYS]
    keys: dict[str, list[str]] = {}
    for name, value in keymap.items():
        keys[name] = [_named(each) for each in value.split(",")] if isinstance(value, str) else [""]
        found += [f"{name}: {value!r} is no key" for each in keys[name][:1] if not all(keys[name])]
    owner = dict(FIXED)
    for name, entry in KEYS.items():
        for each in keys.get(name, entry.keys.split(",")):
            if each in owner:
                found.append(f"{each}: both {owner[each]} and {name}")
            if each:
                owner[each] = name
    return found


def _named(key: str) -> str:
    """Return Textual's name of a key, "" for what is none."""
    *modifiers, last = key.strip().split("+") if key.strip() != "+" else ["+"]
    named = _character_to_key(last) if len(last) == 1 else last
    known = len(last) == 1 or named in NAMES
    good = known and named.isprintable() and set(modifiers) <= {"ctrl", "shift", "alt"}
    return "+".join([*modifiers, named]) if good else ""
