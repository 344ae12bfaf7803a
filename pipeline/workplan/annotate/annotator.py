"""Simulated annotators: people for tests and for the curve, who correct towards gold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from workplan.tag.labeller import resolve
from workplan.types import LABELS, Span


@dataclass(frozen=True)
class Annotator:
    """Knows the gold spans and errs at the given rates, the same way every time for a sentence.

    `overlooks`: leaves a gold span out; `slips`: moves an end by one character; `confuses`: takes
    another label. Each is a probability for each span.
    """

    name: str
    overlooks: float = 0.0
    slips: float = 0.0
    confuses: float = 0.0

    def answer(self, text: str, gold: Sequence[Span]) -> tuple[Span, ...]:
        """The annotator's spans for a sentence: sorted, flat and within the text."""
        dice = random.Random(f"{self.name}\n{text}")
        drawn = []
        for span in gold:
            start, end, label = span.start, span.end, span.label
            if dice.random() < self.overlooks:
                continue
            if dice.random() < self.slips:
                end = max(start + 1, min(len(text), end + dice.choice((-1, 1))))
            if dice.random() < self.confuses:
                label = dice.choice([other for other in LABELS if other != label])
            drawn.append(Span(start, end, label))
        return tuple(resolve(drawn))
