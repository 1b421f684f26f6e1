"""What was written to the two tenants: request, answer, time, who, why, and how to undo it.

A row is there before its request leaves, so a crash between the two is seen afterwards as "sent, no answer
yet". One SQLite file serves every profile and any number of processes.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

import msgspec

from xtsync_tui.errors import InvalidInput, StoreFailed
from xtsync_tui.model import Json, Request, Side, exact
from xtsync_tui.private_file import make_private_folder
from xtsync_tui.workspace.planned import Planned, Undo

ANSWER_LIMIT = 16_000
_PLAIN_KEYS = {"AuthenticationType", "CompanyId", "SyncAll", "SyncNotificationSettings"}
_TABLES = """
CREATE TABLE IF NOT EXISTS writes (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, profile TEXT NOT NULL, pair TEXT NOT NULL, side TEXT NOT NULL,
    tenant TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, request BLOB NOT NULL, before BLOB,
    undo BLOB NOT NULL, why_not TEXT NOT NULL, fate TEXT NOT NULL, status INTEGER NOT NULL DEFAULT 0,
    request_id TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    ended TEXT, undoes INTEGER NOT NULL DEFAULT 0, path TEXT NOT NULL DEFAULT '',
    first INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS writes_of_a_pair ON writes (pair, id);
CREATE TABLE IF NOT EXISTS notes (
    pair TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (pair, name));
"""


class Fate(Enum):
    """How a write ended; never "probably"."""

    SENT = "sent, no answer yet"
    DONE = "done"
    FAILED = "failed"
    NOT_ARRIVED = "did not arrive"
    UNKNOWN = "unknown"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One write: ``request`` with its secrets masked, ``note`` what was found out after a lost answer.

    ``at`` and ``ended`` are of the service's clock. ``undo`` are the requests that undo it, ``why_not`` why
    there are none. ``undoes`` is the entry that this one undid, 0 for none, and ``undone`` when this one
    was undone, None while it stands. ``who`` is the signed-in person, ``tenant`` the tenant's name when
    it was written.
    """

    id: int
    at: datetime
    profile: str
    side: Side
    tenant: str
    who: str
    why: str
    request: Request
    before: Json
    undo: tuple[Request, ...]
    why_not: str
    fate: Fate
    status: int = 0
    request_id: str = ""
    answer: str = ""
    note: str = ""
    ended: datetime | None = None
    undoes: int = 0
    undone: datetime | None = None
    first: int = 0
    """The entry with which the row of writes began that this one belongs to."""


class Note(msgspec.Struct, frozen=True):
    """Something that leaves no trace in Graph, and when it was noted."""

    value: Json
    at: datetime


class Journal:
    """The writes and notes of one pair of tenants.

    ``path`` is a file, or ``":memory:"``. ``pair`` keeps pairs apart that share a profile name, as two runs
    of the emulator do. Raises StoreFailed when the file cannot be used.
    """

    def __init__(self, path: Path | str, profile: str, pair: str) -> None:
        self.profile = profile
        self.pair = pair
        self._path = path
        with self._failing():
            if path != ":memory:":
                make_private_folder(Path(path).parent)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)
            self._add_columns()
            if path != ":memory:":
                Path(path).chmod(0o600)

    def _add_columns(self) -> None:
        """Give a file of an older version what it lacks."""
        known = {row["name"] for row in self._db.execute("PRAGMA table_info(writes)")}
        if "undoes" not in known:
            self._db.execute("ALTER TABLE writes ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0")
        if "first" not in known:
            self._db.execute("ALTER TABLE writes ADD COLUMN first INTEGER NOT NULL DEFAULT 0")
        if "path" not in known:
            self._db.execute("ALTER TABLE writes ADD COLUMN path TEXT NOT NULL DEFAULT ''")
            rows = self._db.execute("SELECT id, request FROM writes").fetchall()
            paths = [(msgspec.json.decode(row["request"], type=Request).path, row["id"]) for row in rows]
            self._db.executemany("UPDATE writes SET path=? WHERE id=?", paths)

    @property
    def path(self) -> Path | str:
        """The file, or ``":memory:"``."""
        return self._path

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self, planned: Planned, at: datetime, who: str, tenant: str, first: int = 0) -> Entry:
        """Write down that ``planned`` is about to be sent, and return the entry.

        ``first`` is the entry with which a row of writes began, 0 for a write of its own.
        """
        row = (
            at.isoformat(),
            self.profile,
            self.pair,
            planned.side.value,
            tenant,
            who,
            planned.why,
            exact.encode(masked(planned.request)),
            exact.encode(planned.before),
            exact.encode(planned.undo.requests),
            planned.undo.why_not,
            Fate.SENT.value,
            planned.undoes,
            planned.request.path,
            first,
        )
        sql = (
            "INSERT INTO writes (at, profile, pair, side, tenant, who, why, request, before, undo, why_not,"
            " fate, undoes, path, first) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        )
        with self._failing():
            number = self._db.execute(sql, row).lastrowid or 0
        return Entry(
            id=number,
            at=at,
            profile=self.profile,
            side=planned.side,
            tenant=tenant,
            who=who,
            why=planned.why,
            request=masked(planned.request),
            before=planned.before,
            undo=planned.undo.requests,
            why_not=planned.undo.why_not,
            fate=Fate.SENT,
            undoes=planned.undoes,
            first=first or number,
        )

    def end(self, entry: Entry) -> None:
        """Write down how an entry ended: its fate, answer and time."""
        ended, answer = entry.ended.isoformat() if entry.ended else None, entry.answer[:ANSWER_LIMIT]
        row = (
            entry.fate.value,
            ended,
            entry.status,
            entry.request_id,
            answer,
            entry.note,
            entry.id,
        )
        with self._failing():
            self._db.execute(
                "UPDATE writes SET fate=?, ended=?, status=?, request_id=?, answer=?, note=? WHERE id=?", row
            )

    def entry(self, entry_id: int) -> Entry:
        """Return one entry; raises InvalidInput when there is none with this id."""
        with self._failing():
            row = self._db.execute("SELECT * FROM writes WHERE id=?", (entry_id,)).fetchone()
        if row is None:
            raise InvalidInput(f"The journal has no change {entry_id}")
        return _entry(row, self._undone())

    def _undone(self) -> dict[int, datetime]:
        """Return which entries are undone, and since when; an undo that was undone itself does not count."""
        sql = "SELECT id, undoes, at FROM writes WHERE pair=? AND undoes>0 AND fate=? ORDER BY id DESC"
        found: dict[int, datetime] = {}
        for row in self._db.execute(sql, (self.pair, Fate.DONE.value)):
            if row["id"] not in found:
                found.setdefault(row["undoes"], datetime.fromisoformat(row["at"]))
        return found

    def entries(
        self,
        *,
        side: Side | None = None,
        fates: Sequence[Fate] = (),
        why: str = "",
        text: str = "",
        path_end: str = "",
        limit: int = 1000,
    ) -> tuple[Entry, ...]:
        """Return the newest entries first.

        ``text`` is looked for in path, person, reason and note; ``path_end`` is how the path ends, which is
        quicker.
        """
        tests: list[str] = ["pair=?"]
        values: list[str | int] = [self.pair]
        if side is not None:
            tests, values = [*tests, "side=?"], [*values, side.value]
        if fates:
            marks = ",".join("?" * len(fates))
            tests, values = [*tests, f"fate IN ({marks})"], [*values, *(fate.value for fate in fates)]
        if why:
            tests, values = [*tests, "why=?"], [*values, why]
        if path_end:
            tests, values = [*tests, "substr(path, -?)=?"], [*values, len(path_end), path_end]
        if text:
            tests = [*tests, "instr(lower(request || who || why || note || answer), lower(?)) > 0"]
            values = [*values, text]
        sql = f"SELECT * FROM writes WHERE {' AND '.join(tests)} ORDER BY id DESC LIMIT ?"  # noqa: S608 - no value is in the text
        with self._failing():
            undone = self._undone()
            return tuple(_entry(row, undone) for row in self._db.execute(sql, (*values, limit)))

    @property
    def stamp(self) -> tuple[int, int]:
        """Another value after every change of the file, of this process or of another."""
        with self._failing():
            return self._db.execute("PRAGMA data_version").fetchone()[0], self._db.total_changes

    @property
    def count(self) -> int:
        """How many writes there are."""
        with self._failing():
            found = self._db.execute("SELECT COUNT(*) FROM writes WHERE pair=?", (self.pair,)).fetchone()
        return int(found[0])

    def undo(self, entry: Entry) -> tuple[Planned, ...]:
        """Return the writes that undo ``entry``; raises InvalidInput with the reason when none do."""
        if entry.fate is not Fate.DONE:
            raise InvalidInput("Nothing to undo", f"This change ended as: {entry.fate.value}.")
        if not entry.undo:
            raise InvalidInput("This cannot be undone from here", entry.why_not)
        if entry.undone is not None:
            raise InvalidInput("Undone already", f"This change was undone at {entry.undone:%H:%M:%S}.")
        redo, last = Undo(requests=(entry.request,)), len(entry.undo) - 1
        return tuple(
            Planned(entry.side, request, f"undo: {entry.why}", redo, undoes=entry.id if at == last else 0)
            for at, request in enumerate(entry.undo)
        )

    def note(self, name: str, value: Json, at: datetime) -> None:
        """Keep something that leaves no trace in Graph."""
        row = (self.pair, name, msgspec.json.encode(value), at.isoformat())
        with self._failing():
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?,?,?,?)", row)

    def claim(self, name: str, at: datetime, seconds: float) -> bool:
        """Take ``name`` for this process; returns False while another holds it for less than ``seconds``."""
        row = (self.pair, name, b"true", at.isoformat(), (at - timedelta(seconds=seconds)).isoformat())
        # One statement: two programs that look at the same moment must not both hold it.
        sql = (
            "INSERT INTO notes VALUES (?1,?2,?3,?4) ON CONFLICT (pair, name) DO UPDATE SET at=?4"
            " WHERE notes.at NOT BETWEEN ?5 AND ?4 OR notes.at = ?5"
        )
        with self._failing():
            return self._db.execute(sql, row).rowcount == 1

    def forget(self, name: str) -> None:
        """Drop what was kept under ``name``."""
        with self._failing():
            self._db.execute("DELETE FROM notes WHERE pair=? AND name=?", (self.pair, name))

    def noted(self, name: str) -> Note | None:
        """Return what was kept under ``name``, None for nothing."""
        sql = "SELECT value, at FROM notes WHERE pair=? AND name=?"
        with self._failing():
            row = self._db.execute(sql, (self.pair, name)).fetchone()
        return None if row is None else Note(msgspec.json.decode(row[0]), datetime.fromisoformat(row[1]))

    def noted_all(self, prefix: str) -> tuple[Note, ...]:
        """Return everything that was kept under a name that begins with ``prefix``, the newest first."""
        sql = "SELECT value, at FROM notes WHERE pair=? AND substr(name, 1, ?)=? ORDER BY at DESC"
        with self._failing():
            rows = self._db.execute(sql, (self.pair, len(prefix), prefix)).fetchall()
        return tuple(Note(msgspec.json.decode(row[0]), datetime.fromisoformat(row[1])) for row in rows)

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            hint = "Check the folder and its free space; nothing is sent that cannot be written down."
            raise StoreFailed(f"The journal {self._path} cannot be used", str(error), hint) from error


def masked(request: Request) -> Request:
    """Return ``request`` without the values of secret keys; the keys of this service are no secrets."""
    if not request.path.endswith("/synchronization/secrets") or not isinstance(request.body, dict):
        return request
    pairs = [
        pair if pair.get("key") in _PLAIN_KEYS else {**pair, "value": "*"}
        for pair in request.body.get("value", ())
    ]
    return msgspec.structs.replace(request, body={**request.body, "value": pairs})


def _entry(row: sqlite3.Row, undone: Mapping[int, datetime]) -> Entry:
    return Entry(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        profile=row["profile"],
        side=Side(row["side"]),
        tenant=row["tenant"],
        who=row["who"],
        why=row["why"],
        request=exact.decode(row["request"], Request),
        before=exact.decode(row["before"]),
        undo=exact.decode(row["undo"], tuple[Request, ...]),
        why_not=row["why_not"],
        fate=Fate(row["fate"]),
        status=row["status"],
        request_id=row["request_id"],
        answer=row["answer"],
        note=row["note"],
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
        undoes=row["undoes"],
        undone=undone.get(row["id"]),
        first=row["first"] or row["id"],
    )
