"""Shards: what a run has done so far, on disk, each complete or absent.

A shard holds a group of files, two pieces each: a line that says what it is (an Entry), then its
extraction with the parts of outputs that are made of it. Looking for what is done reads the lines
alone.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from workplan.types import Extraction, Task
from workplan.write.bundle import Bundle, Part
from workplan.write.failure import Failure
from workplan.write.jsonl import LINES, render_lines, tasks_of_part
from workplan.write.line import encode_line
from workplan.write.options import DEFAULTS, Options
from workplan.write.outputs import render_parts
from workplan.write.records import counts_of, extraction_record, read_extraction

_REST = "extraction"
"""The piece that holds all of an extraction but its tasks, which stand in its lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run: done, with its counts and its extraction's place, or failed."""

    path: str
    digest: str = ""
    """SHA-256 of the file's bytes; "" where it failed."""
    failure: Failure | None = None
    counts: dict[str, int] = field(default_factory=dict)
    shard: str = ""
    offset: int = 0
    length: int = 0
    """Bytes of the packed extraction in its shard, from `offset`."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file's entry with its packed extraction: a line that names its parts, with their heads and
    lengths, then their bodies."""

    entry: Entry
    pieces: tuple[bytes | memoryview, ...] = ()


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the run will write, so that a file's parts of it can be rendered where it is read."""

    formats: tuple[str, ...] = ()
    options: Options = DEFAULTS


NOTHING = Outputs()
"""No part is wanted: who reads the shard takes the extraction."""


def pack(path: str, extraction: Extraction, outputs: Outputs = NOTHING) -> Parcel:
    """Pack the extraction of the file at `path`, having made sure that every writer can take it.

    A number that JSON cannot say and a date that is none raise here, where they fail their own
    file, and not when all files are merged.
    """
    _check_dates(extraction.tasks)
    parts = {
        _REST: Part(None, encode_line(extraction_record(replace(extraction, tasks=())))),
        LINES: render_lines(extraction, outputs.options),
        **render_parts(extraction, outputs.formats, outputs.options),
    }
    index = {name: [part.head, len(part.body)] for name, part in parts.items()}
    pieces = (encode_line(index), *(part.body for part in parts.values()))
    entry = Entry(path, extraction.plan.digest, counts=counts_of(extraction))
    return Parcel(entry, pieces)


def write_shard(path: Path, parcels: Sequence[Parcel]) -> list[Entry]:
    """Write a shard aside and put it in place when it is whole and on disk."""
    with _whole(path) as file:
        return [_write_parcel(file, parcel, path.name) for parcel in parcels]


def send_shards(folder: Path, given_up: Sequence[Entry]) -> bytes:
    """All shards in `folder`, and entries that stand in none, as the bytes of one shard."""
    parts = io.BytesIO()
    for path in sorted(folder.glob("*.shard")):
        parts.write(path.read_bytes())
    for entry in given_up:
        _write_parcel(parts, Parcel(entry), "")
    return parts.getvalue()


def receive_shard(path: Path, data: bytes) -> list[Entry]:
    """Write a shard from the bytes that `send_shards` gave elsewhere."""
    with _whole(path) as file:
        file.write(data)
    return list(_entries_of(path))


def read_entries(folder: Path) -> Iterator[Entry]:
    """The entries of all whole shards in `folder`."""
    for path in sorted(folder.glob("*.shard")):
        yield from _entries_of(path)


def read_results(folder: Path, entries: Iterable[Entry]) -> Iterator[Bundle | Failure]:
    """What each entry stands for, in the order given; one file's is in memory at a time."""
    name, file = "", None
    try:
        for entry in entries:
            if entry.failure:
                yield entry.failure
                continue
            if file is None or name != entry.shard:
                if file:
                    file.close()
                name, file = entry.shard, (folder / entry.shard).open("rb")
            file.seek(entry.offset)
            yield _unpack(file.read(entry.length))
    finally:
        if file:
            file.close()


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its place when it is whole and on disk.

    A power cut may take the place away again, and the group is done once more.
    """
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _check_dates(tasks: Sequence[Task]) -> None:
    """Raise ValueError for a date that is none."""
    dues = [task.due for task in tasks]
    dues += [target.due for task in tasks for target in task.targets]
    days = {day for due in dues if due for day in (due.start, due.end) if day is not None}
    for day in days:
        date.fromisoformat(day)


def _unpack(packed: bytes) -> Bundle:
    at = packed.index(b"\n") + 1
    parts = {}
    for name, (head, length) in json.loads(packed[:at]).items():
        parts[name] = Part(head, memoryview(packed)[at : at + length])
        at += length

    def load() -> Extraction:
        record = json.loads(bytes(parts[_REST].body))
        return read_extraction(record | {"tasks": tasks_of_part(parts[LINES])})

    return Bundle(load, parts)


def _entries_of(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        while line := file.readline():
            record = json.loads(line)
            failure = record["failure"] and Failure(**record["failure"])
            yield Entry(
                record["path"],
                record["digest"],
                failure,
                record["counts"],
                path.name,
                file.tell(),
                record["length"],
            )
            file.seek(record["length"], os.SEEK_CUR)


def _write_parcel(file: BinaryIO, parcel: Parcel, shard: str) -> Entry:
    entry, length = parcel.entry, sum(map(len, parcel.pieces))
    head = {
        "path": entry.path,
        "digest": entry.digest,
        "failure": entry.failure and entry.failure.record(),
        "counts": entry.counts,
        "length": length,
    }
    file.write(encode_line(head))
    offset = file.tell()
    file.writelines(parcel.pieces)
    return replace(entry, shard=shard, offset=offset, length=length)
