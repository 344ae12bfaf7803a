"""The workbench's memory: plans as read and every change to them, in one SQLite file.

Changes are only ever added (the database itself refuses to alter or delete one), so that a
correction survives a crash, says who made it and when, and can be undone.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from workplan.errors import UserError
from workplan.serve.journal import Event, Kind
from workplan.types import Extraction
from workplan.write.failure import Failure
from workplan.write.line import encode_line
from workplan.write.records import extraction_record, read_extraction

State = Literal["waiting", "reading", "done", "failed"]

_MIGRATIONS = (
    """
    CREATE TABLE plan (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        suffix TEXT NOT NULL,
        size INTEGER NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        state TEXT NOT NULL,
        began TEXT,
        removed TEXT,
        title TEXT,
        counts TEXT NOT NULL DEFAULT '{}',
        failure TEXT,
        extraction BLOB
    );
    CREATE TABLE event (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        plan TEXT NOT NULL REFERENCES plan (id),
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE INDEX event_of_plan ON event (plan);
    CREATE TRIGGER event_stays BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER event_remains BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
    """,
)
"""What makes a database of version n one of version n+1; only ever added to."""

_LISTED = "id, name, suffix, size, who, at, state, began, removed, title, counts, failure"


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan as the list shows it. `id` is that of plans.jsonl: by the file's content."""

    id: str
    name: str
    suffix: str
    size: int
    who: str
    at: str
    state: State = "waiting"
    began: str | None = None
    removed: str | None = None
    title: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    failure: Failure | None = None


class Store:
    """One open database; safe to call from several threads."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open `path`, made where it is missing and brought to the present version.

        Raises UserError for a file that is no such database or is of a later version.
        """
        self._lock = threading.RLock()
        try:
            mode = "ro" if readonly else "rwc"
            uri = f"{path.resolve().as_uri()}?mode={mode}"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=30)
            if not readonly:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate(path, readonly)
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"the workbench's database cannot be opened: {error} (无法打开工作台数据库)",
                where=str(path),
                remedy="restore it from a backup, or name another folder with --data",
            ) from error

    def _migrate(self, path: Path, readonly: bool) -> None:
        version: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS) or (readonly and version < len(_MIGRATIONS)):
            raise UserError(
                f"the database has version {version}, this program knows {len(_MIGRATIONS)}"
                " (数据库版本不符)",
                where=str(path),
                remedy="use the program that wrote it, or start `workplan serve` once to bring an"
                " older one up to date",
            )
        for number, script in enumerate(_MIGRATIONS[version:], version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def close(self) -> None:
        """End the connection; what was written is there already."""
        with self._lock:
            self._db.close()

    def add(self, plan: Listed) -> None:
        """Put a new plan at the end of the list."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO plan (id, name, suffix, size, who, at, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (plan.id, plan.name, plan.suffix, plan.size, plan.who, plan.at, plan.state),
            )

    def plans(self, *, removed: bool = False) -> list[Listed]:
        """The plans in the order of their upload; with `removed` those taken off the list too."""
        condition = "" if removed else "WHERE removed IS NULL"
        with self._lock:
            rows = self._db.execute(f"SELECT {_LISTED} FROM plan {condition} ORDER BY place")
            return [_listed(row) for row in rows]

    def plan(self, identifier: str) -> Listed | None:
        """One plan, listed or removed."""
        with self._lock:
            rows = self._db.execute(f"SELECT {_LISTED} FROM plan WHERE id = ?", (identifier,))
            row = rows.fetchone()
        return _listed(row) if row else None

    def set_state(self, identifier: str, state: State, *, name: str | None = None) -> None:
        """Note that a plan waits (again, and under `name`) or is being read."""
        began = now() if state == "reading" else None
        with self._writing() as db:
            db.execute(
                "UPDATE plan SET state = ?, began = ?, failure = NULL, name = ifnull(?, name)"
                " WHERE id = ?",
                (state, began, name, identifier),
            )

    def set_removed(self, identifier: str, *, removed: bool) -> None:
        """Take a plan off the list, or put it back; all that belongs to it is kept."""
        with self._writing() as db:
            stamp = now() if removed else None
            db.execute("UPDATE plan SET removed = ? WHERE id = ?", (stamp, identifier))

    def set_result(self, identifier: str, result: Extraction | Failure) -> None:
        """Keep what reading gave."""
        if isinstance(result, Failure):
            values: tuple[Any, ...] = ("failed", None, json.dumps(result.record()))
        else:
            packed = zlib.compress(encode_line(extraction_record(result)))
            values = ("done", packed, None)
        with self._writing() as db:
            db.execute(
                "UPDATE plan SET state = ?, extraction = ifnull(?, extraction), failure = ?"
                " WHERE id = ?",
                (*values, identifier),
            )

    def set_summary(self, identifier: str, title: str, counts: dict[str, int]) -> None:
        """Keep what the list shows of a plan's present state."""
        with self._writing() as db:
            db.execute(
                "UPDATE plan SET title = ?, counts = ? WHERE id = ?",
                (title, json.dumps(counts), identifier),
            )

    def extraction(self, identifier: str) -> Extraction | None:
        """What was read of a plan, before any correction; None where there is nothing."""
        with self._lock:
            rows = self._db.execute("SELECT extraction FROM plan WHERE id = ?", (identifier,))
            row = rows.fetchone()
        if row is None or row[0] is None:
            return None
        return read_extraction(json.loads(zlib.decompress(row[0])))

    def append(self, plan: str, kind: Kind, body: dict[str, Any], who: str) -> Event:
        """Add a change; it is on disk when this returns."""
        at = now()
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
        with self._writing() as db:
            cursor = db.execute(
                "INSERT INTO event (plan, kind, body, who, at) VALUES (?, ?, ?, ?, ?)",
                (plan, kind, text, who, at),
            )
        return Event(cursor.lastrowid or 0, plan, kind, json.loads(text), who, at)

    def events(self, plan: str) -> list[Event]:
        """All changes to a plan, in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT number, plan, kind, body, who, at FROM event WHERE plan = ?"
                " ORDER BY number",
                (plan,),
            ).fetchall()
        return [
            Event(n, plan, kind, json.loads(body), w, at) for n, plan, kind, body, w, at in rows
        ]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; UserError where the disk takes no more."""
        try:
            with self._lock, self._db:
                yield self._db
        except sqlite3.OperationalError as error:
            raise UserError(
                f"nothing can be saved: {error} (无法保存)",
                remedy="make room on the disk, then try again (腾出磁盘空间后重试)",
            ) from error


def now() -> str:
    """The time in UTC, to the second, as ISO."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _listed(row: Sequence[Any]) -> Listed:
    *plain, counts, failure = row
    names = _LISTED.split(", ")
    told = dict(zip(names, plain, strict=False)) | {"counts": json.loads(counts)}
    return Listed(**told, failure=Failure(**json.loads(failure)) if failure else None)
