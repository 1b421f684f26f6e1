"""What flows through the engine: text, several texts, or nothing.

Everything is text for the provisioning service: booleans are the words True and False, numbers and dates are
text ("functions for customizing application data"). One source user is a `Record` under the directory schema
names of the mappings (objectId, netId, physicalDeliveryOfficeName, ...), not under Graph's own names.
"""

from collections.abc import Mapping
from enum import Enum

Value = str | tuple[str, ...] | None
"""One value of an attribute: text, several texts, or None for an absent attribute."""

Record = Mapping[str, Value]
"""One object of a directory, by attribute name. A name that is not there is the same as None."""


class Flow(Enum):
    """What a mapping decides instead of a value: to leave out the attribute, or the whole object."""

    IGNORE_ATTRIBUTE = "ignore-attribute"
    IGNORE_OBJECT = "ignore-object"


def to_value(json_value: object) -> Value:
    """Return a JSON value as the engine reads it on import.

    Booleans become "True" and "False", numbers text, lists tuples of text. Empty text and empty lists become
    None. Not documented for empty text: Entra stores none, and the SuccessFactors guide's Coalesce example
    only works when it counts as absent.
    """
    if json_value is None or json_value == "" or json_value == []:
        return None
    if isinstance(json_value, list | tuple):
        return tuple(text for item in json_value if isinstance(text := to_value(item), str)) or None
    return str(json_value)
