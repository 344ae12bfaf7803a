"""What was sent to annotators, kept in annotations/sent/: the base of resuming and of checking."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workplan.errors import UserError
from workplan.types import Span


@dataclass(frozen=True)
class Sent:
    """A sentence as it was sent, with the spans that annotators started from."""

    id: str
    plan: str
    text: str
    spans: tuple[Span, ...]
    section: tuple[str, ...] = ()
    chosen: str = ""
    """The way it was chosen."""


@dataclass
class Journal:
    """One project's record: an append-only file of JSON lines, each an event.

    `project`: number, url and type numbers on the server; `sent`: every sentence chosen, by id;
    `arrived`: ids the server has confirmed; `seeded`: (user, id) whose spans were copied.
    """

    path: Path
    project: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    seeded: set[tuple[str, str]] = field(default_factory=set)

    _whole: int = 0
    """Bytes of the file that are whole lines; the next event is written behind them."""

    @classmethod
    def load(cls, path: Path) -> Journal:
        """Read `path`, a missing file being an empty journal; never changes the file.

        A last line without its end, which a crash or a full disk left, does not count, and the
        next event overwrites it. Raises UserError for any other broken line.
        """
        journal = cls(path)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return journal
        *lines, tail = data.split(b"\n")
        journal._whole = len(data) - len(tail)
        for number, line in enumerate(lines, 1):
            try:
                journal._apply(json.loads(line.decode("utf-8")))
            except (ValueError, KeyError, TypeError) as error:
                raise UserError(
                    f"the record of what was sent is broken: {error} (送标记录损坏)",
                    where=f"{path}:{number}",
                    remedy="restore the file from version control or a backup",
                ) from error
        return journal

    def set_project(self, number: int, url: str, types: dict[str, int]) -> None:
        """Note which project on which server this journal is about."""
        self._append([{"event": "project", "id": number, "url": url, "types": types}])

    def choose(self, sentences: Sequence[Sent]) -> None:
        """Note sentences before any of them leaves the house."""
        self._append(
            {
                "event": "chosen",
                "id": s.id,
                "plan": s.plan,
                "text": s.text,
                "spans": [[x.start, x.end, x.label, round(x.confidence, 4)] for x in s.spans],
                "section": list(s.section),
                "chosen": s.chosen,
            }
            for s in sentences
        )

    def arrive(self, ids: Sequence[str]) -> None:
        """Note that the server holds these sentences intact."""
        if ids:
            self._append([{"event": "arrived", "ids": list(ids)}])

    def withdraw(self, ids: Sequence[str]) -> None:
        """Note that these sentences are to be sent and seeded anew."""
        if ids:
            self._append([{"event": "withdrawn", "ids": list(ids)}])

    def seed(self, user: str, ids: Sequence[str]) -> None:
        """Note that these sentences' spans were copied to an annotator."""
        if ids:
            self._append([{"event": "seeded", "user": user, "ids": list(ids)}])

    def _append(self, events: Iterable[dict[str, Any]]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [event | {"when": now} for event in events]
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with self.path.open("ab") as file:
                    file.truncate(self._whole)
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):  # all or nothing: half a selection must not stay
                    os.truncate(self.path, self._whole)
                raise
        except OSError as error:
            raise UserError(
                f"cannot write: {error.strerror or error} (无法写入，磁盘可能已满)",
                where=str(self.path),
                remedy="make room, then run the same command again",
            ) from error
        self._whole += len(data)
        for row in rows:
            self._apply(row)

    def _apply(self, row: dict[str, Any]) -> None:
        match row["event"]:
            case "project":
                self.project = {key: row[key] for key in ("id", "url", "types")}
            case "chosen":
                spans = tuple(Span(*raw) for raw in row["spans"])
                self.sent[row["id"]] = Sent(
                    row["id"],
                    row["plan"],
                    row["text"],
                    spans,
                    tuple(row["section"]),
                    row["chosen"],
                )
            case "arrived":
                self.arrived |= set(row["ids"])
            case "withdrawn":
                self.arrived -= set(row["ids"])
                self.seeded = {pair for pair in self.seeded if pair[1] not in row["ids"]}
            case "seeded":
                self.seeded |= {(row["user"], identifier) for identifier in row["ids"]}


def journals(corpus: Path) -> list[Journal]:
    """The journals of all projects of a corpus."""
    return [Journal.load(path) for path in sorted((corpus / "sent").glob("*.jsonl"))]
