"""Pages of a long answer: ``@odata.nextLink`` continues the list as it was on the first page."""

import base64
import binascii
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xtsync_tui.emulator.errors import bad_request

KEPT = 64
"""How many unfinished lists are remembered; the oldest page tokens expire first."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the token of the page after it ("" on the last)."""

    rows: Sequence[Any]
    next_token: str


@dataclass(slots=True)
class Cursors:
    """The lists that clients are in the middle of reading."""

    _lists: "OrderedDict[int, Sequence[Any]]" = field(default_factory=OrderedDict)
    _count: int = 0

    def first(self, rows: Sequence[Any], size: int) -> Page:
        """Return the first page of ``rows``."""
        if len(rows) <= size:
            return Page(rows, "")
        self._count += 1
        self._lists[self._count] = rows
        if len(self._lists) > KEPT:
            self._lists.popitem(last=False)
        return self._page(self._count, 0, size)

    def following(self, token: str, size: int) -> Page:
        """Return the page that ``token`` stands for.

        Raises:
            Refusal: 400, when the token is not one of ours or has expired.
        """
        try:
            number, _, offset = base64.urlsafe_b64decode(token).decode().partition(".")
            key, start = int(number), int(offset)
        except (binascii.Error, ValueError) as error:
            raise bad_request("Skip token is not valid.") from error
        if key not in self._lists:
            raise bad_request("The specified page token value has expired and can no longer be included.")
        self._lists.move_to_end(key)
        return self._page(key, start, size)

    def _page(self, key: int, start: int, size: int) -> Page:
        rows = self._lists[key]
        end = start + size
        token = base64.urlsafe_b64encode(f"{key}.{end}".encode()).decode() if end < len(rows) else ""
        return Page(rows[start:end], token)
