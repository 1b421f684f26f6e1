"""The list of keys, and keys of one's own."""

from pathlib import Path

import pytest

from xtsync_tui.errors import InvalidInput
from xtsync_tui.ui.keymap import problems, read_keymap
from xtsync_tui.ui.keys import KEYS, key


def test_every_key_has_words_and_a_tooltip() -> None:
    assert [
        entry.id for entry in KEYS.values() if not (entry.description and entry.tooltip and entry.action)
    ] == []


def test_no_two_ids_share_a_key() -> None:
    assert problems({}) == []


def test_a_screen_may_say_a_key_in_its_own_words() -> None:
    binding = key("open", "Do step")
    assert (binding.id, binding.key, binding.description) == ("open", "enter", "Do step")
    assert binding.tooltip == KEYS["open"].tooltip


def test_a_keymap_gives_ids_other_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('[keys]\nreload = "f9"\n')
    assert read_keymap(path) == {"reload": "f9"}
    assert read_keymap(tmp_path / "none.toml") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\nrelaod = "f9"', "relaod: no such id"),
        ('[keys]\nreload = "y"', "y: both copy and reload"),
        ('[keys]\nreload = "f9"\ncopy = "f9"', "f9: both copy and reload"),
        ("[keys]\nreload = 5", "reload: 5 is no key"),
        ('[keys]\ncopy = "not a key"', "copy: 'not a key' is no key"),
        ('[keys]\nfix = "1"', "1: both mode 1 and fix"),
        ('[keys]\nwhy = "down"', "down: both moving in a list and why"),
        ('[keys]\nwhy = "j"', "j: both moving in a list and why"),
        ('[keys]\nnosuch = "f9"\nreload = "y"', "nosuch: no such id; y: both copy and reload"),
        ("[keys", "cannot be read"),
        ("keys = 3", "keys: not a table"),
    ],
)
def test_a_wrong_keymap_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"keys\.toml") as caught:
        read_keymap(path)
    assert said in str(caught.value)


def test_swapping_two_keys_is_no_clash() -> None:
    assert problems({"reload": "x", "export": "r"}) == []


@pytest.mark.parametrize("key_", ["g", "€", "f12", "ctrl+g", "alt+shift+x", "slash,g", "+", "backspace"])
def test_what_a_terminal_can_send_is_a_key(key_: str) -> None:
    assert [each for each in problems({"sort": key_}) if "is no key" in each] == []
