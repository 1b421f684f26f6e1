"""Readings of which each may fail without taking the others along."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import anyio

from xtsync_tui.errors import XtSyncError
from xtsync_tui.workspace.setup.facts import Part

T = TypeVar("T")


async def attempt(reading: Awaitable[T]) -> Part[T]:
    """Return what a reading brings, or the expected failure that kept it away."""
    try:
        return await reading
    except XtSyncError as error:
        return error


async def together(
    arrived: Callable[[Mapping[str, Part[Any]]], None] | None = None, /, **readings: Awaitable[Any]
) -> dict[str, Any]:
    """Return what several readings bring, by name; they run at the same time.

    ``arrived`` is told what came so far, each time another one did.
    """
    found: dict[str, Any] = {}

    async def one(name: str, reading: Awaitable[Any]) -> None:
        found[name] = await attempt(reading)
        if arrived is not None:
            arrived(found)

    async with anyio.create_task_group() as tasks:
        for name, reading in readings.items():
            tasks.start_soon(one, name, reading)
    return found
