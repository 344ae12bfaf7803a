"""Long sentences in overlapping windows: where to cut, and whose answer counts where they meet."""

from __future__ import annotations

from collections.abc import Sequence

from workplan.types import Span

MARKS = "，,；;。、：: "


def windows(text: str, size: int, overlap: int) -> list[tuple[int, int]]:
    """Start and end of each window, in characters; one window where `text` fits into `size`.

    Consecutive windows share about `overlap` characters and are cut after a punctuation mark
    where one stands in that stretch.
    """
    cuts, start = [], 0
    while len(text) - start > size:
        end = start + size
        cuts.append((start, end))
        start = _after_mark(text, end - overlap, end - overlap // 2)
    cuts.append((start, len(text)))
    return cuts


def merge(parts: Sequence[tuple[int, int, Sequence[Span]]]) -> list[Span]:
    """One list of spans from windows (start, end, spans counted in the window).

    In the stretch that two windows share, the earlier rules up to its middle and the later
    after it; a span over the middle comes from the earlier one, and none overlaps another.
    """
    merged: list[Span] = []
    for number, (start, end, spans) in enumerate(parts):
        first = (parts[number - 1][1] + start) // 2 if number else 0
        last = (end + parts[number + 1][0]) // 2 if number + 1 < len(parts) else end
        for span in spans:
            moved = Span(span.start + start, span.end + start, span.label, span.confidence)
            if first <= moved.start < last and (not merged or merged[-1].end <= moved.start):
                merged.append(moved)
    return merged


def _after_mark(text: str, low: int, high: int) -> int:
    for position in range(low, high):
        if text[position - 1] in MARKS:
            return position
    return low
