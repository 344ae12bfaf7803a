"""The simulated curve: strict F1 by number of sentences corrected, for ways of choosing them."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean

from workplan.annotate.annotator import Annotator
from workplan.annotate.candidates import Candidate
from workplan.annotate.selection import select
from workplan.evaluate.strict import strict_f1
from workplan.tag.labeller import Labeller, get_labeller
from workplan.train.corpus import Example
from workplan.train.settings import Settings
from workplan.types import Span

FEWEST_STEPS = 150
"""Few sentences are seen more often: at least so many steps, or the encoder learns nothing."""


@dataclass(frozen=True)
class Point:
    """Strict micro F1 on the test sentences after `sentences` corrected ones."""

    way: str
    seed: int
    sentences: int
    f1: float


class Learner:
    """A labeller that was trained on what has been corrected so far. Needs torch."""

    name = "learner"

    def __init__(
        self, settings: Settings, taught: Sequence[Example], dev: Sequence[Example]
    ) -> None:
        from workplan.train.finetune import fine_tune, load_alphabet, load_network

        # Repeated rather than more epochs, since each epoch ends with a look at dev.
        needed = FEWEST_STEPS * settings.batch_sentences
        repeats = max(1, round(needed / (settings.epochs * len(taught))))
        with tempfile.TemporaryDirectory() as folder:
            fine_tune(settings, [*taught] * repeats, dev, Path(folder), quiet=True)
            self._network = load_network(folder, 0.0)
            self._alphabet = load_alphabet(folder)

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        from workplan.train.finetune import predict

        return predict(self._network, self._alphabet, views)


def simulate(
    settings: Settings,
    pool: Sequence[Example],
    dev: Sequence[Example],
    test: Sequence[Example],
    *,
    ways: Sequence[str],
    sizes: Sequence[int],
    seeds: Sequence[int],
    annotator: Annotator,
) -> Iterator[Point]:
    """Play the loop on gold: choose, let `annotator` correct, train anew, score; and again.

    `sizes` are the numbers of sentences corrected, ascending. The first are drawn at random, the
    same ones for every way of a seed; from then on each way chooses by the model it has. `dev`
    stops the runs, `test` is what is scored.
    """
    sizes = sorted({min(size, len(pool)) for size in sizes})
    for seed in seeds:
        first = random.Random(seed).sample(list(pool), sizes[0])
        start = _learn(settings, first, dev, annotator, seed)
        f1 = score(start, test)
        for way in ways:
            yield Point(way, seed, sizes[0], f1)
            taught, learner = list(first), start
            for size in sizes[1:]:
                taught += _choose(way, pool, taught, size - len(taught), learner, seed)
                learner = _learn(settings, taught, dev, annotator, seed)
                yield Point(way, seed, size, score(learner, test))


def score(labeller: Labeller, test: Sequence[Example]) -> float:
    """Strict micro F1 of a labeller on gold."""
    return strict_f1([e.spans for e in test], labeller.label([e.text for e in test]))


def curve(points: Sequence[Point]) -> dict[str, list[tuple[int, float]]]:
    """Mean F1 over seeds, by way: (sentences, F1), ascending in sentences."""
    curves = {}
    for way in dict.fromkeys(point.way for point in points):
        sizes = sorted({p.sentences for p in points if p.way == way})
        curves[way] = [
            (n, mean(p.f1 for p in points if p.way == way and p.sentences == n)) for n in sizes
        ]
    return curves


def sentences_for(curve: Sequence[tuple[int, float]], f1: float) -> float | None:
    """The number of sentences at which a curve first reaches `f1`, read between its points; None
    where it never does."""
    before: tuple[int, float] | None = None
    for size, reached in curve:
        if reached >= f1:
            if before is None or reached == before[1]:
                return float(size)
            return before[0] + (size - before[0]) * (f1 - before[1]) / (reached - before[1])
        before = (size, reached)
    return None


def table(points: Sequence[Point], against: str = "random") -> str:
    """A row a size: mean F1 of each way, and how many sentences it needs for what `against`
    reaches there."""
    curves = curve(points)
    base = dict(curves.get(against, ()))
    others = [way for way in curves if way != against]
    head = f"{'sentences':>9s} " + " ".join(f"{way:>12s}" for way in curves)
    head += "".join(f"  {way + ' needs':>18s}" for way in others if base)
    lines = [head]
    for size in sorted({point.sentences for point in points}):
        values = [dict(curves[way]).get(size) for way in curves]
        line = f"{size:9d} " + " ".join(f"{v:12.3f}" if v is not None else " " * 12 for v in values)
        for way in others if size in base else ():
            needed = sentences_for(curves[way], base[size])
            line += f"  {f'{needed:.0f}' if needed is not None else 'more':>18s}"
        lines.append(line)
    return "\n".join(lines)


def save(points: Sequence[Point], path: Path) -> None:
    """Write the points as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(p) for p in points], indent=1) + "\n", encoding="utf-8")


def _learn(
    settings: Settings,
    chosen: Sequence[Example],
    dev: Sequence[Example],
    annotator: Annotator,
    seed: int,
) -> Learner:
    corrected = [replace(e, spans=annotator.answer(e.text, e.spans)) for e in chosen]
    return Learner(replace(settings, seed=seed), corrected, dev)


def _choose(
    way: str,
    pool: Sequence[Example],
    taught: Sequence[Example],
    count: int,
    learner: Labeller,
    seed: int,
) -> list[Example]:
    known = {example.id for example in taught}
    rest = {example.id: example for example in pool if example.id not in known}
    candidates = [Candidate(e.id, e.plan, e.text) for e in rest.values()]
    other = get_labeller("rules") if way == "disagreement" else None
    chosen = select(way, candidates, count, learner, other=other, seed=seed + len(taught))
    return [rest[candidate.id] for candidate in chosen]
