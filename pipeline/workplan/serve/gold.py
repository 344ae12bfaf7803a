"""Corrected spans as gold: what the workbench's users marked goes the way of Doccano's answers.

Files, format and checks are those of `workplan annotate pull`; the project is called "workbench".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from filelock import FileLock, Timeout

from workplan.annotate.answers import Answer, numbered, read_answers, write_answers, write_lines
from workplan.annotate.candidates import Candidate, fresh
from workplan.annotate.gold import agreed, read_gold, write_round
from workplan.annotate.journal import journals
from workplan.errors import UserError
from workplan.serve.folder import DATABASE
from workplan.serve.journal import Event, in_effect
from workplan.serve.store import Listed, Store
from workplan.train.corpus import as_row, read_corpus
from workplan.types import Extraction, Span

PROJECT = "workbench"


@dataclass
class Pulled:
    """What a pull brought, in sentences."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0
    """Gold of an earlier pull, undone or held out since: taken out again."""
    held_out: list[str] = field(default_factory=list)
    known: int = 0
    """Corrected sentences that stand in the corpus already, or were sent to Doccano."""
    answers_file: Path | None = None
    round_file: Path | None = None


@dataclass(frozen=True)
class _Marked:
    """A plan's sentences, those that are marked by hand, and those that were and are no more."""

    sentences: list[Candidate]
    answers: dict[str, Answer]
    undone: set[str]


def pull(data: Path, corpus: Path) -> Pulled:
    """Bring the workbench's corrected sentences into `corpus`. Repeating it brings what is new.

    Never taken: plans that are held out for scoring, sentences that the corpus has from elsewhere
    or that were sent to Doccano, where they are to be settled. Raises UserError where `data` is no
    workbench's folder, another pull is at work, or a file cannot be written; nothing is
    half-written then.
    """
    database = data / DATABASE
    if not database.is_file():
        raise UserError(
            "this is no folder of a workbench (不是工作台的数据目录)",
            where=str(data),
            remedy="name the folder that `workplan serve --data` used",
        )
    (corpus / "sent").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(corpus / "sent" / f"{PROJECT}.lock", timeout=0):
            store = Store(database, readonly=True)
            try:
                return _pull(_marked(store), corpus)
            finally:
                store.close()
    except Timeout as error:
        raise UserError(
            "another pull is at work (另一个取回正在进行)", where=str(corpus), remedy="wait"
        ) from error


def report(pulled: Pulled) -> str:
    """What a pull did, in a few lines."""
    lines = [
        f"gold: {pulled.new} sentences new, {pulled.changed} changed, {pulled.unchanged} as before"
        f" (新 {pulled.new}，改 {pulled.changed}，未变 {pulled.unchanged})"
    ]
    if pulled.retracted:
        lines.append(
            f"{pulled.retracted} taken out: undone or held out since (已撤销或留作评测，移出)"
        )
    lines += [
        f"held out for scoring, not taken (留作评测，不取回): {plan}" for plan in pulled.held_out
    ]
    if pulled.known:
        lines.append(
            f"{pulled.known} stand in the corpus already or were sent to Doccano (已在语料库中)"
        )
    lines += [f"→ {path}" for path in (pulled.answers_file, pulled.round_file) if path]
    return "\n".join(lines)


def _marked(store: Store) -> list[_Marked]:
    """Every plan with corrected spans; a plan taken off the list is none of them."""
    found = []
    for plan in store.plans():
        events = [event for event in store.events(plan.id) if event.kind in ("spans", "undo")]
        extraction = store.extraction(plan.id) if events else None
        if extraction is not None:
            found.append(_marked_in(plan, extraction, events))
    return found


def _marked_in(plan: Listed, extraction: Extraction, events: Sequence[Event]) -> _Marked:
    # Named as `workplan annotate push` names them: the same sentence has one id everywhere.
    name = f"{PurePath(plan.name).stem}@{extraction.plan.digest[:8]}"
    candidates = [
        Candidate(f"{name}-{number:04d}", name, sentence.text, sentence.section)
        for number, sentence in enumerate(extraction.sentences)
    ]
    held = {e.body["sentence"]: e for e in in_effect(events) if e.kind == "spans"}
    touched = {event.body["sentence"] for event in events if event.kind == "spans"}
    answers = {
        candidates[number].id: Answer(
            id=candidates[number].id,
            plan=name,
            text=candidates[number].text,
            spans=tuple(Span(*span) for span in event.body["spans"]),
            who=event.who,
            when=event.at,
            shared=True,
            section=candidates[number].section,
        )
        for number, event in held.items()
    }
    return _Marked(candidates, answers, {candidates[n].id for n in touched - held.keys()})


def _pull(plans: Sequence[_Marked], corpus: Path) -> Pulled:
    gold, known = read_gold(corpus, PROJECT), read_answers(corpus, PROJECT)
    pulled = Pulled()
    allowed = _allowed(plans, corpus, set(gold), pulled)
    newest: list[Answer] = []
    written: list[Answer] = []
    for answer in allowed:
        before = known.get(answer.slot)
        if before is not None and before.spans == answer.spans:
            newest.append(before)
            continue
        written.append(replace(answer, version=before.version + 1 if before else 1))
        newest.append(written[-1])
    pulled.answers_file = write_answers(corpus, PROJECT, written)
    made = agreed(newest, gold, needed=1)
    pulled.changed = sum(example.id in gold for example in made)
    pulled.new = len(made) - pulled.changed
    pulled.unchanged = len(newest) - len(made)
    pulled.round_file = write_round(corpus, PROJECT, made)
    doomed = {identifier for plan in plans for identifier in plan.undone}
    doomed |= {i for i, example in gold.items() if example.plan in pulled.held_out}
    pulled.retracted = _retract(corpus, doomed & set(gold))
    return pulled


def _allowed(
    plans: Sequence[_Marked], corpus: Path, ours: set[str], pulled: Pulled
) -> list[Answer]:
    """The answers that may be learnt from. Whether a plan is held out is told by all its
    sentences, not by the corrected ones alone."""
    sentences = [sentence for plan in plans for sentence in plan.sentences]
    sent = [sentence for journal in journals(corpus) for sentence in journal.sent.values()]
    kept, passed = fresh(sentences, corpus, sent)
    free = {sentence.id for sentence in kept}
    allowed = []
    for answer in (answer for plan in plans for answer in plan.answers.values()):
        if answer.plan in passed.held_out_plans:
            if answer.plan not in pulled.held_out:
                pulled.held_out.append(answer.plan)
        elif answer.id in free or answer.id in ours:
            allowed.append(answer)
        else:
            pulled.known += 1
    return allowed


def _retract(corpus: Path, ids: set[str]) -> int:
    """Take sentences out of the rounds; what was answered stays in annotations/answers/."""
    if not ids:
        return 0
    for path in numbered(corpus / "rounds", PROJECT):
        rows = read_corpus(path)
        kept = [example for example in rows if example.id not in ids]
        if len(kept) < len(rows):
            write_lines(path, (as_row(example) for example in kept))
    return len(ids)
