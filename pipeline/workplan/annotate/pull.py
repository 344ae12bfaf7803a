"""Pull: what annotators ticked comes back, is checked against what was sent, and becomes gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from workplan.annotate.answers import Answer, read_answers, write_answers
from workplan.annotate.client import Doccano, Row
from workplan.annotate.gold import agreed, disputes, read_gold, write_round
from workplan.annotate.journal import Journal, Sent
from workplan.annotate.offsets import OffsetError, from_units
from workplan.annotate.project import check_project, check_sentences
from workplan.annotate.rows import KEY
from workplan.annotate.settings import Settings
from workplan.types import Span

SHARED = "all"


@dataclass
class Pulled:
    """What a pull brought. Lists hold sentence ids, `damaged` with annotator and reason."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unconfirmed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    """Spans of new and changed answers against those sent, by label."""
    repaired: list[str] = field(default_factory=list)
    damaged: list[tuple[str, str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    foreign: int = 0
    disputed: int = 0
    gold: int = 0
    answers_file: Path | None = None
    round_file: Path | None = None


def pull(
    doccano: Doccano,
    journal: Journal,
    settings: Settings,
    corpus: Path,
    *,
    annotators: Mapping[str, Doccano] | None = None,
    quiet: bool = False,
) -> Pulled:
    """Bring back what is ticked. Repeating it brings only what is new.

    A sentence whose text or offsets came back damaged is named and left out; what was pulled
    before stays. `annotators`: sessions that tell when each of them ticked (our own server).
    Raises UserError where the server or the project is not as it should be, or a file cannot be
    written; nothing is half-written then.
    """
    number = check_project(doccano, journal, settings)
    everything = doccano.download(number)
    keys = {row.get(KEY) for rows in everything.values() for row in rows}
    check_sentences(doccano, number, journal, keys)
    ticked = doccano.download(number, confirmed=True)
    pulled = Pulled()
    _look_around(everything, ticked, journal, pulled)
    known = read_answers(corpus, settings.project)
    fresh = []
    for who, rows in sorted(ticked.items()):
        checked = _read_rows(who, rows, journal, settings, pulled)
        when = _clock(doccano, (annotators or {}).get(who), number, who)
        for sent, row, spans in tqdm(checked, unit="句", desc=who, disable=quiet or not checked):
            previous = known.get((sent.id, "" if who == SHARED else who))
            if previous and previous.spans == spans:
                pulled.unchanged += 1
                continue
            fresh.append(_answer(sent, row, spans, previous, when(row), who == SHARED))
            _count(pulled, sent, spans, previous)
    pulled.answers_file = write_answers(corpus, settings.project, fresh)
    known |= {answer.slot: answer for answer in fresh}
    gold = read_gold(corpus, settings.project)
    made = agreed(known.values(), gold, settings.answers_needed)
    pulled.gold = len(made)
    pulled.round_file = write_round(corpus, settings.project, made)
    pulled.disputed = len(disputes(known.values(), gold))
    return pulled


def _look_around(
    everything: Mapping[str, list[Row]],
    ticked: Mapping[str, list[Row]],
    journal: Journal,
    pulled: Pulled,
) -> None:
    """Count what is not ticked, gone, or not ours."""
    for who, rows in everything.items():
        done = {row["id"] for row in ticked.get(who, ())}
        ours = [row for row in rows if row.get(KEY) in journal.sent]
        touched = who == SHARED or done or any(u == who for u, _ in journal.seeded)
        if touched:  # the administrator who only uploaded is no annotator
            pulled.unconfirmed[who] += sum(row["id"] not in done for row in ours)
        pulled.foreign = max(pulled.foreign, len(rows) - len(ours))
    present = {row.get(KEY) for rows in everything.values() for row in rows}
    pulled.deleted = [i for i in journal.sent if i in journal.arrived and i not in present]


def _read_rows(
    who: str, rows: Iterable[Row], journal: Journal, settings: Settings, pulled: Pulled
) -> list[tuple[Sent, Row, tuple[Span, ...]]]:
    """The rows of one annotator that came back whole, in the order in which they were sent."""
    copies: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get(KEY) in journal.sent:
            copies[row[KEY]].append(row)
    whole = []
    for identifier in (i for i in journal.sent if i in copies):
        sent = journal.sent[identifier]
        try:
            read = [_spans(sent, row, settings) for row in copies[identifier]]
            if len({spans for spans, _ in read}) > 1:
                raise OffsetError("the sentence stands twice with different spans (重复且不一致)")
        except OffsetError as error:
            pulled.damaged.append((identifier, who, error.what))
            continue
        if read[0][1]:
            pulled.repaired.append(identifier)
        whole.append((sent, copies[identifier][0], read[0][0]))
    return whole


def _spans(sent: Sent, row: Row, settings: Settings) -> tuple[tuple[Span, ...], bool]:
    if row["text"] != sent.text:
        raise OffsetError("the text was changed in Doccano (句子原文被改动)")
    labels = settings.labels()
    unknown = {name for _, _, name in row["label"] if name not in labels}
    if unknown:
        raise OffsetError(f"unknown type {', '.join(sorted(unknown))} (未知标签)")
    units = [(int(start), int(end), labels[name]) for start, end, name in row["label"]]
    spans, repaired = from_units(sent.text, units, sent.spans)
    return tuple(spans), repaired


def _clock(
    doccano: Doccano, session: Doccano | None, number: int, who: str
) -> Callable[[Row], tuple[str, str]]:
    """A function that tells who ticked a row, and when; now, where Doccano does not tell us."""
    shared = who == SHARED
    source = doccano if shared or who == doccano.user else session
    members = doccano.members(number) if shared else {}

    def tell(row: Row) -> tuple[str, str]:
        states = source.confirmations(number, row["id"]) if source else []
        if not states:
            return who, datetime.now(UTC).isoformat(timespec="seconds")
        name = members.get(states[0]["confirmed_by"], who) if shared else who
        when = datetime.fromisoformat(states[0]["confirmed_at"])
        return name, when.isoformat(timespec="seconds")

    return tell


def _answer(
    sent: Sent,
    row: Row,
    spans: tuple[Span, ...],
    previous: Answer | None,
    told: tuple[str, str],
    shared: bool,
) -> Answer:
    who, when = told
    return Answer(
        id=sent.id,
        plan=sent.plan,
        text=sent.text,
        spans=spans,
        who=who,
        when=when,
        version=previous.version + 1 if previous else 1,
        shared=shared,
        section=sent.section,
        comments=tuple(row.get("Comments") or ()),
    )


def _count(pulled: Pulled, sent: Sent, spans: tuple[Span, ...], previous: Answer | None) -> None:
    if previous:
        pulled.changed += 1
    else:
        pulled.new += 1
    before, after = set(sent.spans), set(spans)
    pulled.kept.update(span.label for span in before & after)
    pulled.added.update(span.label for span in after - before)
    pulled.removed.update(span.label for span in before - after)
