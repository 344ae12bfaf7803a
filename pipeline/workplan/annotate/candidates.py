"""Sentences that may be sent to annotators: read from plans, less what is held out or was sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workplan.annotate.journal import Sent
from workplan.errors import FileError, UserError
from workplan.read import find_files, fold, read_plan
from workplan.segment import segment
from workplan.train.corpus import Example, read_corpora, read_corpus
from workplan.types import Span

HELD_OUT = ("dev.jsonl", "test.jsonl", "tables/spans/*.jsonl")
"""What scores are measured on: no sentence of these plans may be learnt."""
TELLING = 12
"""Characters from which on a sentence tells its plan; shorter ones stand in many plans."""
SHARED = 0.2
"""A plan of whose telling sentences so many are held out is a held-out plan under another name."""


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be annotated, with the spans that a labeller predicts."""

    id: str
    plan: str
    text: str
    section: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def confidence(self) -> float | None:
        """The least confidence of the predicted spans; None without any."""
        return min((span.confidence for span in self.spans), default=None)


@dataclass
class Passed:
    """What was passed over, for the report."""

    unreadable: list[FileError] = field(default_factory=list)
    held_out_plans: list[str] = field(default_factory=list)
    known: int = 0


def read_candidates(paths: Iterable[Path]) -> tuple[list[Candidate], list[FileError]]:
    """The sentences of plan files, folders and corpus files (.jsonl), in order, and the files
    that cannot be read. Raises UserError for a missing path or a broken corpus file."""
    found: list[Candidate] = []
    failures: list[FileError] = []
    for path in paths:
        if path.suffix == ".jsonl":
            found += [
                Candidate(e.id, e.plan, e.text, tuple(e.extra.get("section") or ()))
                for e in read_corpus(path)
            ]
            continue
        for file in find_files([path])[0]:
            try:
                found += _sentences(file)
            except FileError as error:
                failures.append(error)
    return found, failures


def fresh(
    candidates: Sequence[Candidate], corpus: Path, sent: Iterable[Sent]
) -> tuple[list[Candidate], Passed]:
    """Candidates without a plan that is held out, a sentence of the corpus or one `sent` before,
    by id or by text, and any that stands twice. `corpus` is the folder annotations/."""
    held = read_corpora(path for name in HELD_OUT for path in sorted(corpus.glob(name)))
    others = [corpus / "train.jsonl", *sorted((corpus / "rounds").glob("*.jsonl"))]
    taught = read_corpora(path for path in others if path.is_file())
    passed = Passed(held_out_plans=_held_out(candidates, held))
    refused = set(passed.held_out_plans)
    known: list[Example | Sent] = [*held, *taught, *sent]
    seen = {key_of(sentence.text) for sentence in known}
    ids = {sentence.id for sentence in known}
    kept = []
    for candidate in candidates:
        if candidate.plan in refused:
            continue
        key = key_of(candidate.text)
        if not key or key in seen or candidate.id in ids:
            passed.known += bool(key)
            continue
        seen.add(key)
        ids.add(candidate.id)
        kept.append(candidate)
    return kept, passed


def key_of(text: str) -> str:
    """What makes two sentences the same: their characters in one script and width."""
    return fold(text).strip()


def _held_out(candidates: Sequence[Candidate], held: Sequence[Example]) -> list[str]:
    """Plans among the candidates that are held out: by name, or by the sentences they share."""
    plans = {example.plan for example in held}
    keys = {key_of(example.text) for example in held}
    telling: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    names: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        names[candidate.plan] |= {candidate.plan, candidate.plan.rpartition("@")[0]}
        if len(candidate.text) >= TELLING:
            telling[candidate.plan] += 1
            shared[candidate.plan] += key_of(candidate.text) in keys
    return sorted(
        plan
        for plan in names
        if names[plan] & plans or shared[plan] > SHARED * max(telling[plan], 1)
    )


def _sentences(file: Path) -> list[Candidate]:
    plan = read_plan(file)
    # The digest keeps two files of one name apart, and a changed file from its former self.
    name = f"{file.stem}@{plan.digest[:8]}"
    return [
        Candidate(f"{name}-{number:04d}", name, sentence.text, sentence.section)
        for number, sentence in enumerate(segment(plan))
    ]


def none_left(passed: Passed) -> UserError:
    """The error for a push that has nothing to send."""
    reasons = [f"{passed.known} sentences are in the corpus or were sent before"]
    if passed.held_out_plans:
        reasons.append(f"held out: {', '.join(passed.held_out_plans)}")
    if passed.unreadable:
        reasons.append(f"{len(passed.unreadable)} files cannot be read")
    return UserError(
        f"no sentence is left to send: {'; '.join(reasons)} (没有可送标的句子)",
        remedy="name further plans",
    )
