"""Hard-wrapped text: the line ends that only break a paragraph, as in copies of old files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from workplan.read.front import HEADING
from workplan.read.sheet import Line, Stretch

_NARROWEST, _WIDEST = 40, 130
"""Columns between which a text is wrapped; a Chinese character takes two."""
_FEWEST = 8
"""Full lines from which on a text may be wrapped."""
_SLACK = 5
"""Columns by which full lines differ: no line starts with a mark, no number is broken."""
_LONGEST = 5_000
"""Characters of a paragraph that is put together; a longer one is a list of even lines."""
_INDENTS = " \t\u3000"
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def wraps(text: str, lines: Sequence[Line]) -> Iterator[Stretch]:
    """The stretches between lines of `text` that only break a paragraph, to cut without a note."""
    plain = [line for line in lines if not line.row]
    if len(plain) < _FEWEST or any(line.end - line.start > _WIDEST for line in plain):
        return
    widths = [_columns(text, line) for line in plain]
    widest = max(widths, default=0)
    full = [width >= widest - _SLACK for width in widths]
    if not (_NARROWEST <= widest <= _WIDEST) or sum(full) < _FEWEST or sum(full) * 2 < len(plain):
        return
    start = 0
    for line, is_full, after in zip(plain, full, plain[1:], strict=False):
        between = text[line.end : after.start]
        goes_on = not HEADING.match(after.view) and not _is_indented(text, after)
        if (
            is_full
            and goes_on
            and len(_BREAK.findall(between)) == 1
            and after.end - start < _LONGEST
        ):
            yield line.end, after.start, ""
        else:
            start = after.start


def _columns(text: str, line: Line) -> int:
    """The columns up to a line's end, its indent included."""
    first = line.start
    while first > 0 and text[first - 1] in _INDENTS:
        first -= 1
    shown = text[first : line.end]
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in shown[:200])


def _is_indented(text: str, line: Line) -> bool:
    return line.start > 0 and text[line.start - 1] in _INDENTS
