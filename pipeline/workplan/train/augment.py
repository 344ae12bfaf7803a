"""Label-preserving changes of training sentences: masked figures and exchanged organisations.

Drafts are published with their figures masked (新增x家), and names of local bodies are endless;
neither is common in annotated text, both are cheap to make. Mention replacement follows
Dai and Adel (2020), "An Analysis of Simple Data Augmentation for Named Entity Recognition".
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from workplan.train.corpus import Example
from workplan.types import Span

DIGIT = re.compile(r"[0-9]")


def mask_figures(example: Example, random_: random.Random) -> Example:
    """Every Arabic digit in a QUANTITY or DEADLINE becomes x (or X, or ×); offsets stay."""
    mark = random_.choice("xxxX×")
    text = list(example.text)
    for span in example.spans:
        if span.label in ("QUANTITY", "DEADLINE"):
            piece = "".join(text[span.start : span.end])
            text[span.start : span.end] = DIGIT.sub(mark, piece)
    return Example(example.id, "".join(text), example.spans, weight=example.weight)


def exchange(
    example: Example, label: str, names: Sequence[str], random_: random.Random, rate: float = 0.5
) -> Example:
    """Spans of `label` replaced, each with probability `rate`, by one of `names`."""
    text, spans, last = "", [], 0
    for span in example.spans:
        text += example.text[last : span.start]
        piece = example.text[span.start : span.end]
        if span.label == label and random_.random() < rate:
            piece = random_.choice(names)
        spans.append(Span(len(text), len(text) + len(piece), span.label, span.confidence))
        text += piece
        last = span.end
    return Example(example.id, text + example.text[last:], tuple(spans), weight=example.weight)


class Augmenter:
    """Draws a changed copy of a sentence; the same seed gives the same copies.

    `masked` and `exchanged` are the shares of sentences (with such spans) that are changed.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        masked: float = 0.1,
        exchanged: float = 0.3,
        seed: int = 0,
    ) -> None:
        self.masked, self.exchanged = masked, exchanged
        self._random = random.Random(seed)
        self._names = sorted(
            {
                example.text[span.start : span.end]
                for example in examples
                for span in example.spans
                if span.label == "ORG"
            }
        )

    def __call__(self, example: Example) -> Example:
        labels = {span.label for span in example.spans}
        if "ORG" in labels and self._names and self._random.random() < self.exchanged:
            example = exchange(example, "ORG", self._names, self._random)
        if labels & {"QUANTITY", "DEADLINE"} and self._random.random() < self.masked:
            example = mask_figures(example, self._random)
        return example
