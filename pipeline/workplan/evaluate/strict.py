"""Strict span scores: a span is right when its start, its end and its label all agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workplan.types import Span


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of right, gold and predicted spans, with precision, recall and F1 of them."""

    right: int = 0
    gold: int = 0
    predicted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.gold + other.gold, self.predicted + other.predicted
        )

    @property
    def precision(self) -> float:
        """Right spans among the predicted; 0 where none was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right spans among the gold; 0 where there is none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 where there is nothing to find and nothing was found."""
        both = self.gold + self.predicted
        return 2 * self.right / both if both else 1.0


def count(gold: Sequence[Span], predicted: Sequence[Span]) -> dict[str, Counts]:
    """Counts of one sentence by label."""
    right = Counter(span.label for span in set(gold) & set(predicted))
    wanted = Counter(span.label for span in gold)
    found = Counter(span.label for span in predicted)
    return {label: Counts(right[label], wanted[label], found[label]) for label in wanted | found}


def strict_f1(gold: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]) -> float:
    """Strict micro F1 over all sentences and labels."""
    total = Counts()
    for wanted, found in zip(gold, predicted, strict=True):
        for counts in count(wanted, found).values():
            total += counts
    return total.f1
