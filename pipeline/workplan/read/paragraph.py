"""Lines of a printed page back to paragraphs, by how they are set."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workplan.read.front import HEADING
from workplan.read.script import unified

_GAP = re.compile(r"(?<=[⺀-鿿，。、；：])\s+(?=[⺀-鿿，。、；：])")
_FULL_STOP = re.compile(r"[。；：！？;:!?][”’」）)]?$")
_UNIT = re.compile(r"(?:[!-~]+|.)[，。、；：！？）》”’」』】〕]*[!-~]*")
"""What stays together at the start of a line: a word or character, marks and figures after it."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line; lengths in points. `edge`: it stands at the top or foot of its page."""

    text: str
    x0: float
    x1: float
    top: float
    size: float
    page: int
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is set: its text's left and right edge, type size and distance of lines.

    `indented`: paragraphs are marked by an indent of their first line.
    """

    left: float = 0.0
    right: float = 0.0
    size: float = 12.0
    pitch: float = 0.0
    indented: bool = True

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> Layout:
        """The layout that most of `lines` follow."""
        if not lines:
            return cls()
        sizes = Counter[float]()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        size = sizes.most_common(1)[0][0]
        body = [line for line in lines if abs(line.size - size) < 0.6]
        starts = Counter(round(line.x0 / 3) for line in body)
        often = [place for place, count in starts.items() if count >= 0.08 * len(body)]
        left = 3.0 * min(often or starts)
        right = sorted(line.x1 for line in body)[math.ceil(0.9 * (len(body) - 1))]
        gaps = Counter(
            round(after.top - line.top)
            for line, after in zip(body, body[1:], strict=False)
            if after.page == line.page and after.top > line.top
        )
        indents = sum(1.2 * size < line.x0 - left < 3.2 * size for line in body)
        return cls(
            left=left,
            right=right,
            size=size,
            # Paragraphs of a line each make the gap between them as frequent as that of lines.
            pitch=float(min(g for g in gaps if gaps[g] * 2 >= max(gaps.values())))
            if gaps
            else 1.5 * size,
            indented=indents >= max(2, 0.05 * len(body)),
        )

    def goes_on(self, line: TextLine, after: TextLine) -> bool:
        """Whether `after` is the same paragraph as `line`, which it follows."""
        if abs(line.size - after.size) > 0.1 * line.size:
            return False
        if line.size > 1.15 * self.size:
            return after.page == line.page and after.top - line.top < 2.2 * line.size
        if after.page == line.page and after.top - line.top > 1.6 * self.pitch:
            return False
        if after.x0 - self.left > 1.2 * self.size:
            return False  # indented, centred or set to the right
        full = is_full(line.x1, self.right, after.text, self.size)
        if HEADING.match(after.text) and (_FULL_STOP.search(line.text) or not full):
            return False
        return full or (self.indented and self.right - line.x1 < 8 * self.size)


def is_full(end: float, right: float, after: str, size: float) -> bool:
    """Whether a line that ends at `end` had no room up to `right` for the start of `after`.

    All lengths in points. A line that had room was ended on purpose.
    """
    unit = _UNIT.match(after)
    width = sum(0.5 if char.isascii() else 1.0 for char in unit[0]) if unit else 1.0
    return end + width * size > right - 0.3 * size


def glue(line: str, after: str) -> str:
    """Two lines of a paragraph as one: Latin words are parted by a blank, Chinese is not."""
    if line[-1:].isascii() and after[:1].isascii() and line[-1:].isalpha() and after[:1].isalpha():
        return f"{line} {after}"
    return line + after


def unspaced(text: str) -> str:
    """`text` in unified characters, without the gaps of justified setting between them."""
    return _GAP.sub("", unified(text.strip()))
