"""Reading a schema from a file, as the export or the portal wrote it; a file is not trusted to be one."""

from pathlib import Path

import msgspec

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json, exact
from xtsync_tui.text import clean
from xtsync_tui.workspace.schema import user_mapping

_MARK = b"\xef\xbb\xbf"
"""PowerShell begins UTF-8 files with it."""


class _Operand(msgspec.Struct):
    values: list[str] | None = None


class _Clause(msgspec.Struct, rename="camel"):
    source_operand_name: str | None = None
    operator_name: str | None = None
    target_operand: _Operand | None = None


class _Group(msgspec.Struct):
    name: str | None = None
    clauses: list[_Clause] | None = None


class _Scope(msgspec.Struct, rename="camel"):
    groups: list[_Group] | None = None
    input_filter_groups: list[_Group] | None = None


class _Source(msgspec.Struct):
    name: str | None = None
    type: str | None = None
    expression: str | None = None
    parameters: list[dict[str, Json]] | None = None


class _AttributeMapping(msgspec.Struct, rename="camel"):
    target_attribute_name: str
    source: _Source | None = None
    flow_type: str | None = None
    default_value: str | None = None
    matching_priority: int | None = None


class _ObjectMapping(msgspec.Struct, rename="camel"):
    name: str | None = None
    source_object_name: str | None = None
    target_object_name: str | None = None
    attribute_mappings: list[_AttributeMapping] | None = None
    scope: _Scope | None = None
    flow_types: str | None = None


class _Rule(msgspec.Struct, rename="camel"):
    object_mappings: list[_ObjectMapping] | None = None
    source_directory_name: str | None = None
    target_directory_name: str | None = None


class _Attribute(msgspec.Struct):
    name: str | None = None
    type: str | None = None


class _Object(msgspec.Struct):
    name: str | None = None
    attributes: list[_Attribute] | None = None


class _Directory(msgspec.Struct):
    name: str | None = None
    objects: list[_Object] | None = None


class _Schema(msgspec.Struct, rename="camel"):
    """What is relied on; whatever else a document holds is kept as it is."""

    synchronization_rules: list[_Rule]
    directories: list[_Directory] | None = None


def _home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise InvalidInput("The file cannot be read", "Nobody here has that home folder.") from error


def read_document(path: Path) -> Json:
    """Return the schema in a file; raises InvalidInput when there is none."""
    try:
        data = _home(path).read_bytes().removeprefix(_MARK)
        document = exact.decode(data)
        msgspec.convert(document, _Schema)
    except OSError as error:
        raise InvalidInput("The file cannot be read", clean(error.strerror or error)) from error
    except msgspec.ValidationError as error:
        hint = "A list of rows is no schema: x, The whole schema, writes the file that I reads."
        is_list = isinstance(document, list)
        raise InvalidInput("The file holds no schema", clean(error), hint if is_list else "") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput("The file is not JSON", clean(error)) from error
    try:
        user_mapping(document)
    except InvalidInput as error:
        raise InvalidInput("The file holds no schema", "It has no mapping of users.") from error
    return document
