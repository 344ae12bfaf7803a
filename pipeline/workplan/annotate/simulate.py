"""The loop played on gold: choose, have a simulated annotator correct, learn, score; and again."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workplan.annotate.annotator import Annotator
from workplan.annotate.candidates import Candidate
from workplan.annotate.curve import Point
from workplan.annotate.selection import select
from workplan.evaluate.strict import strict_f1
from workplan.tag.labeller import Labeller, get_labeller
from workplan.tag.tagger.labeller import sha256
from workplan.train.corpus import Example
from workplan.train.settings import Settings

Teach = Callable[[Sequence[Example], int], Labeller]
"""Makes a labeller from corrected sentences and a seed."""


def simulate(
    teach: Teach,
    pool: Sequence[Example],
    test: Sequence[Example],
    *,
    ways: Sequence[str],
    sizes: Sequence[int],
    seeds: Sequence[int],
    annotator: Annotator,
    known: Mapping[tuple[str, int, int], Point] | None = None,
) -> Iterator[Point]:
    """Play the loop for each seed and way; gives each point of the curves as it is reached.

    `sizes` are the numbers of sentences corrected, ascending. The first are drawn at random, the
    same ones for every way of a seed; from then on each way chooses by the model it has. `test`
    holds plans of which the pool has nothing. `known`: points of an earlier run by way, seed and
    size; nothing is learnt again for them.
    """
    by_id = {example.id: example for example in pool}
    sizes = sorted({min(size, len(by_id)) for size in sizes})
    for seed in seeds:
        first = [e.id for e in random.Random(seed).sample(list(pool), sizes[0])]
        start: Labeller | None = None
        for way in ways:
            taught = list(first)
            for size, following in zip(sizes, [*sizes[1:], 0], strict=True):
                point = (known or {}).get((way, seed, size))
                if point is None:
                    learner = start if size == sizes[0] else None
                    if learner is None:
                        learner = teach(_corrected(taught, by_id, annotator), seed)
                    start = learner if size == sizes[0] else start
                    chosen = _choose(way, pool, taught, following - size, learner, seed)
                    read = sum(len(by_id[i].text) for i in taught)
                    point = Point(way, seed, size, read, score(learner, test), tuple(chosen))
                yield point
                taught += point.following


def facts(
    settings: Settings,
    pool: Sequence[Example],
    test: Sequence[Example],
    sizes: Sequence[int],
    annotator: Annotator,
) -> dict[str, Any]:
    """What the points of a run depend on beside way and seed, to tell runs apart."""
    encoder = Path(settings.base) / settings.encoder / "model.safetensors"
    return {
        "pool": _described(pool),
        "test": _described(test),
        "sizes": sorted(sizes),
        "errors": [annotator.overlooks, annotator.slips, annotator.confuses],
        "encoder": sha256(encoder)[:12] if encoder.is_file() else settings.encoder,
        "batch": settings.batch_sentences,
        "rates": [settings.learning_rate, settings.head_learning_rate],
    }


def score(labeller: Labeller, test: Sequence[Example]) -> float:
    """Strict micro F1 of a labeller on gold."""
    return strict_f1([e.spans for e in test], labeller.label([e.text for e in test]))


def _described(examples: Sequence[Example]) -> str:
    rows = [[e.id, e.text, [[s.start, s.end, s.label] for s in e.spans]] for e in examples]
    digest = hashlib.sha256(json.dumps(rows).encode("utf-8")).hexdigest()[:12]
    return f"{len(examples)} sentences of {len({e.plan for e in examples})} plans, {digest}"


def _corrected(
    ids: Sequence[str], by_id: Mapping[str, Example], annotator: Annotator
) -> list[Example]:
    chosen = [by_id[identifier] for identifier in ids]
    return [replace(e, spans=annotator.answer(e.text, e.spans)) for e in chosen]


def _choose(
    way: str,
    pool: Sequence[Example],
    taught: Sequence[str],
    count: int,
    learner: Labeller,
    seed: int,
) -> list[str]:
    if count <= 0:
        return []
    known = set(taught)
    candidates = [Candidate(e.id, e.plan, e.text) for e in pool if e.id not in known]
    other = get_labeller("rules") if way == "disagreement" else None
    chosen = select(way, candidates, count, learner, other=other, seed=seed + len(taught))
    return [candidate.id for candidate in chosen[:count]]
