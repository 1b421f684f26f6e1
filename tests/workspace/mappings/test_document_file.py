"""A schema from a file: what is none is told by its cause, and nothing is believed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.workspace.mappings.documents import draft, schema
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.changes import changes
from xtsync_tui.workspace.mappings.document_file import read_document
from xtsync_tui.workspace.mappings.draft import imported
from xtsync_tui.workspace.schema import user_mapping


def written(folder: Path, content: bytes) -> Path:
    path = folder / "schema.json"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_was_exported_comes_back_as_it_was(tmp_path: Path, mark: bytes) -> None:
    own = draft()
    document = read_document(written(tmp_path, mark + json.dumps(own.base, indent=2).encode()))
    assert document == own.base
    assert changes(own.base, imported(own, document).document) == ()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "The file is not JSON"),
        (b"hello", "The file is not JSON"),
        (b'{"a": "\xff"}', "The file is not JSON"),
        (b"[" * 100_000, "The file is not JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `synchronizationRules`"),
        (b'{"synchronizationRules": 5}', r"Expected `array`, got `int`"),
        (b'{"synchronizationRules": []}', "It has no mapping of users"),
        (b'{"synchronizationRules": [{"objectMappings": ["x"]}]}', r"objectMappings\[0\]"),
    ],
)
def test_a_file_that_is_no_schema_says_what_is_wrong(tmp_path: Path, content: bytes, cause: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_document(written(tmp_path, content))
    assert re.search(cause, str(caught.value))


def broken(part: str, value: Any) -> Json:
    """Return a schema with ``value`` in the place of one part of its mapping of users."""
    document = schema()
    mapping = user_mapping(document)
    mapping[part] = value
    return document


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("attributeMappings", 5),
        ("attributeMappings", [{}]),
        ("attributeMappings", [{"targetAttributeName": None}]),
        ("attributeMappings", [{"targetAttributeName": "city", "source": "[city]"}]),
        ("attributeMappings", [{"targetAttributeName": "city", "source": {"parameters": [1]}}]),
        ("scope", {"groups": {}}),
        ("scope", {"groups": [{"clauses": [{"targetOperand": {"values": "Sales"}}]}]}),
        ("flowTypes", ["Add"]),
    ],
)
def test_a_part_that_cannot_be_shown_is_named_by_its_place(tmp_path: Path, part: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=part):
        read_document(written(tmp_path, json.dumps(broken(part, value)).encode()))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="The file cannot be read · No such file"):
        read_document(tmp_path / "none.json")
    with pytest.raises(InvalidInput, match="The file cannot be read · Is a directory"):
        read_document(tmp_path)
