"""The BIOES scheme: tags of characters, the transitions they allow, spans to tags and back.

B, I and E begin, continue and end a span of two or more characters, S is a span of one, O none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workplan.types import LABELS, Span

FORBIDDEN = -1e4
"""Score of a transition that no path may take."""


class Scheme:
    """The tags for a tuple of labels: "O", then B, I, E and S of each label."""

    def __init__(self, labels: Sequence[str] = LABELS) -> None:
        self.labels = tuple(labels)
        self.tags = ("O",) + tuple(f"{part}-{label}" for label in self.labels for part in "BIES")
        self._parts = np.array([tag[0] for tag in self.tags])
        self.ids = {tag: number for number, tag in enumerate(self.tags)}

    def __len__(self) -> int:
        return len(self.tags)

    def transitions(self) -> np.ndarray:
        """Shape (tags, tags), float32: 0 where row may be followed by column, else FORBIDDEN."""
        scores = np.full((len(self), len(self)), FORBIDDEN, dtype=np.float32)
        for a, left in enumerate(self.tags):
            for b, right in enumerate(self.tags):
                if _allowed(left, right):
                    scores[a, b] = 0.0
        return scores

    def starts(self) -> np.ndarray:
        """Shape (tags,), float32: 0 for the tags that a sentence may begin with."""
        return np.array([0.0 if t[0] in "OBS" else FORBIDDEN for t in self.tags], np.float32)

    def ends(self) -> np.ndarray:
        """Shape (tags,), float32: 0 for the tags that a sentence may end with."""
        return np.array([0.0 if t[0] in "OES" else FORBIDDEN for t in self.tags], np.float32)

    def encode(self, length: int, spans: Sequence[Span]) -> np.ndarray:
        """Tag ids of a sentence of `length` characters, shape (length,), int64.

        `spans` must not overlap and must lie within the sentence.
        """
        tags = np.zeros(length, dtype=np.int64)
        for span in spans:
            if span.end - span.start == 1:
                tags[span.start] = self.ids[f"S-{span.label}"]
                continue
            tags[span.start : span.end] = self.ids[f"I-{span.label}"]
            tags[span.start] = self.ids[f"B-{span.label}"]
            tags[span.end - 1] = self.ids[f"E-{span.label}"]
        return tags

    def decode(self, paths: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The spans of paths, shape (batch, time), that `transitions` allows, row by row.

        Returns each span's row, first and last character, shape (spans,), int64; its label is
        that of its first tag.
        """
        rows, firsts = np.nonzero(np.isin(self._parts, ("B", "S"))[paths])
        _, lasts = np.nonzero(np.isin(self._parts, ("E", "S"))[paths])
        return rows, firsts, lasts


def _allowed(left: str, right: str) -> bool:
    inside = left[0] in "BI"
    if inside:
        return right[0] in "IE" and right[2:] == left[2:]
    return right[0] in "OBS"
