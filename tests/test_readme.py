"""What the README says is true: commands, flags, pictures, keys, and the two lines that set everything up."""

import re
import shlex
from pathlib import Path

import click
import pytest

from xtsync_tui.cli import cli
from xtsync_tui.ui.keys import KEYS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LINES = [line.strip() for block in BLOCKS for line in block.splitlines()]
INLINE = re.findall(r"`(xtsync(?: [^`]+)?)`", README.replace("\n", " "))


def commands() -> list[str]:
    """Return every use of xtsync, without what only the shell reads."""
    in_blocks = [re.split(r"[>&|]", line)[0] for line in LINES if line.startswith("xtsync ")]
    return [*in_blocks, *INLINE]


@pytest.mark.parametrize("text", commands())
def test_a_command_of_the_readme_exists_with_its_flags(text: str) -> None:
    words = shlex.split(text)[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="xtsync")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{text}: there is no {words[0]}"
        command, words = found, words[1:]
    flags = {flag for parameter in command.params for flag in parameter.opts}
    flags |= {"--help", "-h"}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= flags


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_picture_or_file_of_the_readme_is_there(target: str) -> None:
    assert target.startswith("https://") or (ROOT / target).is_file()


def test_every_picture_says_what_it_shows() -> None:
    assert all(len(words.split()) > 3 for words in re.findall(r"!\[([^\]]*)\]", README))


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_two_commands_use_the_lock_file_that_is_there(name: str) -> None:
    (line,) = re.findall(rf"<!-- {name} command -->\n```sh\n(.*?)\n```", README)
    assert (ROOT / re.search(r"-c (\S+)", line)[1]).is_file()  # type: ignore[index]
    assert line.startswith("python3 -m venv .venv && ")


def key_table() -> list[str]:
    """Return the keys as the README lists them."""
    rows = [f"| `{key.display}` | {key.id} | {key.tooltip} |" for key in KEYS.values()]
    return ["| key | name | what it does |", "| --- | --- | --- |", *rows]


def test_the_key_table_is_the_code_s_own() -> None:
    _, _, rest = README.partition("<!-- keys -->\n\n")
    table, _, _ = rest.partition("\n\n<!-- end of keys -->")
    assert table.splitlines() == key_table()
