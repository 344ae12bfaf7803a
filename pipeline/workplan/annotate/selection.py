"""Which sentences are worth an annotator's time: five ways to choose."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from workplan.annotate.candidates import Candidate
from workplan.errors import UserError
from workplan.read import fold
from workplan.tag.labeller import Labeller
from workplan.types import Span

WAYS = ("uncertain", "diverse", "disagreement", "random", "plan")
FEATURES = 2**12
BATCH = 256


def select(
    way: str,
    candidates: Sequence[Candidate],
    count: int,
    labeller: Labeller,
    *,
    other: Labeller | None = None,
    seed: int = 13,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Candidate]:
    """At most `count` candidates, best first, with the spans that `labeller` predicts.

    - uncertain: most wrong spans to be expected, by the labeller's confidence;
    - diverse: each as unlike those before it as can be;
    - disagreement: most spans on which `labeller` and `other` differ;
    - random: drawn with `seed`;
    - plan: whole plans in the order given, at least one and until `count` is reached.

    `progress` is told how many sentences a step has labelled. Raises UserError for "disagreement"
    without another labeller.
    """
    if way == "random":
        chosen = random.Random(seed).sample(list(candidates), min(count, len(candidates)))
    elif way == "plan":
        chosen = _whole_plans(candidates, count)
    elif way == "diverse":
        chosen = [candidates[i] for i in most_diverse([c.text for c in candidates], count, seed)]
    elif way == "uncertain":
        labelled = label(candidates, labeller, progress)
        return sorted(labelled, key=lambda c: -uncertainty(c.spans))[:count]
    elif way == "disagreement":
        if other is None or other.name == labeller.name:
            raise UserError(
                "two labellers are needed to disagree (需要两个标注器)",
                remedy="train a tagger first (`make train`), or choose --select uncertain",
            )
        ours, theirs = label(candidates, labeller, progress), label(candidates, other, progress)
        pairs = [(-disagreement(a.spans, b.spans), i) for i, (a, b) in enumerate(zip(ours, theirs))]  # noqa: B905
        return [ours[i] for _, i in sorted(pairs)[:count]]
    else:
        raise UserError(f"there is no way {way!r} to select", remedy=f"choose {', '.join(WAYS)}")
    return label(chosen, labeller, progress)


def label(
    candidates: Sequence[Candidate],
    labeller: Labeller,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Candidate]:
    """The candidates with the spans that `labeller` finds in them."""
    labelled: list[Candidate] = []
    for first in range(0, len(candidates), BATCH):
        batch = candidates[first : first + BATCH]
        found = labeller.label([fold(candidate.text) for candidate in batch])
        labelled += [replace(c, spans=tuple(s)) for c, s in zip(batch, found, strict=True)]
        progress(len(batch))
    return labelled


def uncertainty(spans: Sequence[Span]) -> float:
    """The number of spans to be expected wrong: the sum of what their confidences lack to 1."""
    return sum(1.0 - span.confidence for span in spans)


def disagreement(ours: Sequence[Span], theirs: Sequence[Span]) -> int:
    """The number of spans that only one of two labellers found."""
    return len(set(ours) ^ set(theirs))


def most_diverse(texts: Sequence[str], count: int, seed: int = 13) -> list[int]:
    """Indices of at most `count` texts, each the farthest from those chosen before it.

    Distance is the cosine of counts of characters and their pairs; the first is drawn with `seed`.
    """
    if not texts or count < 1:
        return []
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(analyzer="char", ngram_range=(1, 2), n_features=FEATURES)
    vectors = vectorizer.transform(texts)
    chosen = [random.Random(seed).randrange(len(texts))]
    nearest = np.full(len(texts), -1.0)
    while len(chosen) < min(count, len(texts)):
        similar = (vectors @ vectors[chosen[-1]].T).toarray()[:, 0]
        nearest = np.maximum(nearest, similar)
        nearest[chosen[-1]] = np.inf
        chosen.append(int(nearest.argmin()))
    return chosen


def _whole_plans(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    chosen: list[Candidate] = []
    for plan in dict.fromkeys(candidate.plan for candidate in candidates):
        if len(chosen) >= count:
            break
        chosen += [candidate for candidate in candidates if candidate.plan == plan]
    return chosen
