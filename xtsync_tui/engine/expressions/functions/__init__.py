"""The functions of the language: importing this package fills the registry, one module a theme."""

from xtsync_tui.engine.expressions.functions import (
    conditions,
    dates,
    lists,
    passwords,
    replace,
    siblings,
    text,
)
from xtsync_tui.engine.expressions.functions.registry import REGISTRY

__all__ = ["REGISTRY", "conditions", "dates", "lists", "passwords", "replace", "siblings", "text"]
