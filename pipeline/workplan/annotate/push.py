"""Push: chosen sentences go to Doccano with their predicted spans; an interrupted push goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tqdm import tqdm

from workplan.annotate.arrival import check_arrival
from workplan.annotate.client import Doccano
from workplan.annotate.journal import Journal, Sent
from workplan.annotate.offsets import to_units
from workplan.annotate.project import check_sentences, open_project
from workplan.annotate.rows import as_row, by_key, own_rows
from workplan.annotate.settings import Settings


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
    present = by_key(own_rows(doccano, number))  # also proves that the worker runs
    if not restore:
        check_sentences(doccano, number, journal, present)
    gone = sorted(i for i in journal.arrived if i not in present)
    if restore:
        journal.withdraw(gone)
    else:
        pushed.deleted = gone
    waiting = [i for i in journal.sent if i not in journal.arrived]
    pushed.resumed = bool(waiting)
    if not waiting:
        chosen = choose()
        journal.choose(chosen)
        waiting = [sentence.id for sentence in chosen]
    pushed.sentences = len(waiting)
    missing = [journal.sent[i] for i in waiting if i not in present]
    _upload(doccano, number, missing, settings, quiet)
    arrived = check_arrival(doccano, number, [journal.sent[i] for i in waiting], settings)
    pushed.mended, pushed.doubled = arrived.mended, arrived.doubled
    journal.arrive(waiting)
    _seed(doccano, annotators or {}, number, journal, quiet)
    return pushed


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
        rows = by_key(files.get(user, ()))
        done = set(by_key(ticked.get(user, ())))
        for identifier in tqdm(ids, unit="句", desc=user, disable=quiet or not ids):
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


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
