"""Keeps what provision on demand brought, in a file beside the journal, so that it can be compared later."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from xtsync_tui.errors import StoreFailed
from xtsync_tui.private_file import make_private_folder
from xtsync_tui.workspace.journal import ANSWER_LIMIT
from xtsync_tui.workspace.setup import OnDemandResult

NAME = "results.sqlite3"
KEPT = 50
"""Results kept of one person."""

_TABLES = """
CREATE TABLE IF NOT EXISTS results (
    id INTEGER PRIMARY KEY, pair TEXT NOT NULL, user_id TEXT NOT NULL, result BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS results_of_a_person ON results (pair, user_id, id);
"""


class Results:
    """The results of one pair of tenants. ``journal`` is the journal's file, or ``":memory:"``.

    Raises StoreFailed when the file cannot be used.
    """

    def __init__(self, journal: Path | str, pair: str) -> None:
        self._pair = pair
        self._path: Path | str = journal if journal == ":memory:" else Path(journal).with_name(NAME)
        with self._failing():
            if isinstance(self._path, Path):
                make_private_folder(self._path.parent)
            self._db = sqlite3.connect(self._path, isolation_level=None, timeout=5)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)
            if isinstance(self._path, Path):
                self._path.chmod(0o600)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def keep(self, result: OnDemandResult) -> None:
        """Keep a result; the oldest of this person give way."""
        body = msgspec.json.encode(replace(result, raw=result.raw[:ANSWER_LIMIT]))
        with self._failing():
            self._db.execute(
                "INSERT INTO results (pair, user_id, result) VALUES (?,?,?)",
                (self._pair, result.user_id, body),
            )
            self._db.execute(
                "DELETE FROM results WHERE pair=?1 AND user_id=?2 AND id NOT IN (SELECT id FROM results"
                " WHERE pair=?1 AND user_id=?2 ORDER BY id DESC LIMIT ?3)",
                (self._pair, result.user_id, KEPT),
            )

    def of(self, user_id: str) -> tuple[OnDemandResult, ...]:
        """Return the results of one person, the newest first; what an older version wrote is left out."""
        sql = "SELECT result FROM results WHERE pair=? AND user_id=? ORDER BY id DESC"
        with self._failing():
            rows = self._db.execute(sql, (self._pair, user_id)).fetchall()
        return tuple(found for row in rows if (found := _read(row[0])) is not None)

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            hint = "Check the folder and its free space. What was sent is in the journal."
            raise StoreFailed(f"The results {self._path} cannot be kept", str(error), hint) from error


def _read(body: bytes) -> OnDemandResult | None:
    try:
        return msgspec.json.decode(body, type=OnDemandResult)
    except msgspec.ValidationError:
        return None
