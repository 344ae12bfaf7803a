"""Push: chosen sentences go to Doccano with their predicted spans; an interrupted push goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tqdm import tqdm

from workplan.annotate.client import Doccano, Row
from workplan.annotate.journal import Journal, Sent
from workplan.annotate.offsets import to_units
from workplan.annotate.project import open_project
from workplan.annotate.settings import Settings
from workplan.errors import UserError

KEY = "key"
"""The metadata field that holds a sentence's id."""


@dataclass
class Pushed:
    """What a push did. `resumed`: it completed an earlier one and chose nothing new."""

    project: str
    resumed: bool = False
    sentences: int = 0
    mended: int = 0
    doubled: int = 0
    deleted: list[str] = field(default_factory=list)
    """Sent before, and since deleted on the server by somebody."""


def push(
    doccano: Doccano,
    journal: Journal,
    settings: Settings,
    choose: Callable[[], Sequence[Sent]],
    *,
    guideline: str = "",
    annotators: Mapping[str, Doccano] | None = None,
    restore: bool = False,
    quiet: bool = False,
) -> Pushed:
    """Send the sentences that `choose()` gives, or those that an interrupted push left.

    `annotators`: sessions of those who each get a copy of the spans to correct; without any the
    project is shared. `restore` sends sentences anew which somebody deleted on the server. The
    journal is written before and after each step. Raises UserError; the next push goes on.
    """
    number = open_project(doccano, journal, settings, guideline, shared=not annotators)
    _admit(doccano, number, annotators or {})
    pushed = Pushed(f"{doccano.url}/projects/{number}")
    present = _by_key(_rows(doccano, number))  # also proves that the worker runs
    gone = [i for i in journal.arrived if i not in present]
    pushed.deleted = [] if restore else sorted(gone)
    waiting = [i for i in journal.sent if i not in journal.arrived] + (gone if restore else [])
    pushed.resumed = bool(waiting)
    if not waiting:
        chosen = choose()
        journal.choose(chosen)
        waiting = [sentence.id for sentence in chosen]
    pushed.sentences = len(waiting)
    missing = [journal.sent[i] for i in waiting if i not in present]
    _upload(doccano, number, missing, settings, quiet)
    _verify(doccano, number, [journal.sent[i] for i in waiting], settings, pushed)
    journal.arrive(waiting)
    _seed(doccano, annotators or {}, number, journal, quiet)
    return pushed


def as_row(sentence: Sent, settings: Settings) -> Row:
    """A sentence as Doccano imports it; metadata under names that annotators read."""
    sure = min((span.confidence for span in sentence.spans), default=None)
    return {
        "text": sentence.text,
        "label": _named(to_units(sentence.text, sentence.spans), settings),
        KEY: sentence.id,
        "计划": sentence.plan,
        "章节": " › ".join(sentence.section),
        "置信度": "无预标注" if sure is None else f"{sure:.2f}",
        "选取": sentence.chosen,
    }


def _upload(
    doccano: Doccano, number: int, rows: Sequence[Sent], settings: Settings, quiet: bool
) -> None:
    size = int(settings.batch_sentences)
    with tqdm(total=len(rows), unit="句", desc="upload", disable=quiet or not rows) as bar:
        for first in range(0, len(rows), size):
            batch = rows[first : first + size]
            name = f"{settings.project}-{batch[0].id}.jsonl"
            doccano.upload(number, [as_row(s, settings) for s in batch], _safe(name))
            bar.update(len(batch))


def _verify(
    doccano: Doccano, number: int, sent: Sequence[Sent], settings: Settings, pushed: Pushed
) -> None:
    """Compare what arrived with what was sent; mend what an interruption left behind.

    A sentence that stands twice (the worker retries a job that fails midway) loses its copies;
    spans that are missing are drawn. Raises UserError where a text differs or is missing.
    """
    copies = defaultdict(list)
    for row in _rows(doccano, number):
        copies[row.get(KEY)].append(row)
    types = {row["text"]: row["id"] for row in doccano.types(number)}
    for sentence in sent:
        found = sorted(copies[sentence.id], key=lambda row: row["id"])
        if not found or found[0]["text"] != sentence.text:
            raise UserError(
                "a sentence did not arrive as it was sent (句子未完整送达)",
                where=f"{pushed.project}: {sentence.id}",
                remedy="delete it there if it is damaged, then run the same command again",
            )
        first = found[0]
        for copy in found[1:]:
            doccano.delete_example(number, copy["id"])
            pushed.doubled += 1
        wanted = _named(to_units(sentence.text, sentence.spans), settings)
        if not first["label"] and wanted:
            for start, end, name in wanted:
                doccano.add_span(number, first["id"], start, end, types[name])
            pushed.mended += 1


def _seed(
    doccano: Doccano, annotators: Mapping[str, Doccano], number: int, journal: Journal, quiet: bool
) -> None:
    """Copy the predicted spans to each annotator, each sentence once.

    What was ticked meanwhile is left alone; a sentence in doubt (the last before an interruption)
    gets only the spans that it lacks.
    """
    todo = {
        user: [i for i in journal.sent if i in journal.arrived and (user, i) not in journal.seeded]
        for user in annotators
    }
    if not any(todo.values()):
        return
    types = journal.project["types"]
    files, ticked = doccano.download(number), doccano.download(number, confirmed=True)
    for user, ids in todo.items():
        rows = _by_key(files.get(user, ()))
        done = set(_by_key(ticked.get(user, ())))
        for identifier in tqdm(ids, unit="句", desc=user, disable=quiet):
            if identifier in rows and identifier not in done:
                row, sentence = rows[identifier], journal.sent[identifier]
                drawn = {(start, end) for start, end, _ in row["label"]}
                wanted = to_units(sentence.text, sentence.spans)
                for start, end, label in wanted if drawn <= {u[:2] for u in wanted} else ():
                    if (start, end) not in drawn:
                        annotators[user].add_span(number, row["id"], start, end, types[label])
            journal.seed(user, [identifier])


def _admit(doccano: Doccano, number: int, annotators: Mapping[str, Doccano]) -> None:
    members = set(doccano.members(number).values())
    missing = [name for name in annotators if name not in members]
    if missing:
        users = doccano.users()
        for name in missing:
            doccano.add_annotator(number, users[name])


def _rows(doccano: Doccano, number: int) -> list[Row]:
    files = doccano.download(number)
    return files.get(doccano.user) or files.get("all") or []


def _by_key(rows: Sequence[Row]) -> dict[str, Row]:
    return {row[KEY]: row for row in rows if row.get(KEY)}


def _named(units: Sequence[tuple[int, int, str]], settings: Settings) -> list[list[Any]]:
    return [[start, end, settings.name_of(label)] for start, end, label in units]


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
