"""The functions of several values and of roles ("functions for customizing application data")."""

import base64
import json

from xtsync_tui.engine.expressions.functions.registry import (
    FunctionError,
    Kind,
    Origin,
    Parameter,
    function,
)
from xtsync_tui.engine.values import Value

_ATTRIBUTE = Parameter("attribute", Kind.ANY)
_ROLES = Parameter("source", Kind.ANY)
_ROLE_HELP = (
    "For applications that take roles, with the scope on assigned users only. Roles do not flow in "
    "cross-tenant synchronization."
)


def _values(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return value or ()


@function(
    "Count",
    _ATTRIBUTE,
    result=Kind.INTEGER,
    help="The number of values of an attribute; 0 if it is absent.",
    example="Count([proxyAddresses]) gives 3",
)
def count(value: Value) -> Value:
    """Return the number of values as text."""
    return str(len(_values(value)))


@function(
    "Item",
    _ATTRIBUTE,
    Parameter("index", Kind.INTEGER),
    help="One of several values, from 1. An index beyond the last value is an error.",
    example="Item([proxyAddresses], 2)",
)
def item(value: Value, index: int) -> Value:
    """Return one value."""
    values = _values(value)
    if not 1 <= index <= len(values):
        raise FunctionError(f"there is no value number {index}, only {len(values)}")
    return values[index - 1]


@function(
    "RemoveDuplicates",
    _ATTRIBUTE,
    result=Kind.LIST,
    help="The values without those that occurred before.",
    example="RemoveDuplicates([proxyAddresses])",
)
def remove_duplicates(value: Value) -> Value:
    """Return each value once. Not documented: the first one stays, in order, and letter case counts."""
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value


@function(
    "Split",
    Parameter("source"),
    Parameter("delimiter"),
    result=Kind.LIST,
    help="Several values out of one text, cut at a character.",
    example='Split("a;b;c", ";") gives a, b and c',
)
def split(source: str | None, delimiter: str | None) -> Value:
    """Return the parts. Not documented: blanks around one go, as the page prints it; empty parts stay."""
    if not delimiter or len(delimiter) != 1:
        raise FunctionError("the delimiter is one character")
    return tuple(part.strip() for part in source.split(delimiter)) if source else None


def _role(name: str) -> str:
    role = {
        "primary": False,
        "type": "WindowsAzureActiveDirectoryRole",
        "displayName": name,
        "value": name,
    }
    return json.dumps(role, ensure_ascii=False)


@function(
    "AppRoleAssignmentsComplex",
    _ROLES,
    result=Kind.LIST,
    help=f"The assigned roles as objects with primary, type, displayName and value. {_ROLE_HELP}",
    example="AppRoleAssignmentsComplex([appRoleAssignments])",
)
@function(
    "AssertiveAppRoleAssignmentsComplex",
    _ROLES,
    result=Kind.LIST,
    help="The assigned roles as objects that replace those in the target, so that a role removed in Entra "
    f"goes there too. {_ROLE_HELP}",
    example="AssertiveAppRoleAssignmentsComplex([appRoleAssignments])",
)
def app_role_assignments_complex(value: Value) -> Value:
    """Return one role object, as JSON text, for each role name ("customize application attributes")."""
    return tuple(map(_role, _values(value))) or None


@function(
    "AppRoleAssignments",
    _ROLES,
    result=Kind.LIST,
    help=f"The names of the assigned roles. {_ROLE_HELP}",
    example="AppRoleAssignments([appRoleAssignments])",
)
def app_role_assignments(value: Value) -> Value:
    """Return the role names (named by Graph's function list only)."""
    return _values(value) or None


@function(
    "SingleAppRoleAssignment",
    _ROLES,
    help=f"The name of the assigned role; which one is undefined if there are several. {_ROLE_HELP}",
    example="SingleAppRoleAssignment([appRoleAssignments])",
)
def single_app_role_assignment(value: Value) -> Value:
    """Return the first role name."""
    return next(iter(_values(value)), None)


@function(
    "AltSecIdFromNetId",
    Parameter("netId"),
    origin=Origin.CROSS_TENANT,
    help="The alternative security id of a user, by which source and target users are matched. Only the "
    "default matching row holds it: it cannot be written or edited.",
    example="AltSecIdFromNetId([netId])",
)
def alt_sec_id_from_net_id(net_id: str | None) -> Value:
    """Return an opaque id made of the netId. Not documented: the form of Graph's alternative security ids."""
    if not net_id:
        return None
    key = base64.b64encode(net_id.encode("utf-8", "replace")).decode()
    return json.dumps({"type": 5, "identityProvider": None, "key": key}, separators=(",", ":"))
