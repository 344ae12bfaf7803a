"""A source on its way to the clean text: what is cut is noted, what stays keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workplan.read.draft import Draft
from workplan.read.script import fold

Stretch = tuple[int, int, str]
"""Start, end and why it goes; "" for blanks and line ends, which are cut without a note."""

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{BREAKS}]+")
_BREAK = re.compile(f"[{BREAKS}]")
_ASCII_MARKS = str.maketrans("（），：；！？", "(),:;!?")


def key_of(view: str) -> str:
    """What patterns are compared with: `view` without blanks and bars, （），：；！？ as ASCII."""
    return "".join(view.split()).translate(_ASCII_MARKS).strip("|")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: `start` and `end` count in its sheet's text, blanks around it off.

    `view` is its folded text, `key` what key_of makes of it.
    """

    start: int
    end: int
    text: str
    view: str
    key: str
    row: bool = False


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is left of `draft.source`: `text[i]` stands at `source[index[i]]`, strictly increasing.

    `index` has shape (len(text),) and dtype int32. `removed` are stretches of the source.
    """

    draft: Draft
    text: str
    index: np.ndarray
    removed: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, draft: Draft) -> Sheet:
        """The sheet of a draft, without the stretches that its reader dropped."""
        whole = cls(draft, draft.source, np.arange(len(draft.source), dtype=np.int32))
        return whole.without(draft.dropped)

    def without(self, stretches: Iterable[Stretch]) -> Sheet:
        """The sheet with `stretches` of its text cut out."""
        cuts = sorted(stretch for stretch in stretches if stretch[0] < stretch[1])
        if not cuts:
            return self
        kept = np.ones(len(self.text), dtype=bool)
        for start, end, _ in cuts:
            kept[start:end] = False
        pieces, at = [], 0
        for start, end, _ in cuts:
            pieces.append(self.text[at:start])
            at = max(at, end)
        pieces.append(self.text[at:])
        noted = [place for cut in cuts if cut[2] for place in self._in_source(cut)]
        return Sheet(
            self.draft, "".join(pieces), self.index[kept], tuple(sorted((*self.removed, *noted)))
        )

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the text that are not blank."""
        found = []
        for match in _LINE.finditer(self.text):
            text = match.group().strip()
            if text:
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                found.append(self._line(start, text))
        return found

    def clean(self, gone: dict[int, str]) -> tuple[str, np.ndarray, frozenset[int], Sheet]:
        """The clean text without the lines `gone` (number: why), its origin and its rows.

        Also returns the sheet with those lines cut, whose `removed` is complete.
        """
        sheet = self.without(
            (line.start, line.end, gone[number])
            for number, line in enumerate(self.lines)
            if number in gone
        )
        parts: list[str] = []
        origins: list[np.ndarray] = []
        rows = set()
        for number, line in enumerate(sheet.lines):
            if number:
                parts.append("\n")
                origins.append(self._break_before(sheet, sheet.lines[number - 1].end))
            parts.append(line.text)
            origins.append(sheet.index[line.start : line.end])
            if line.row:
                rows.add(number)
        origin = np.concatenate(origins) if origins else np.empty(0, dtype=np.int32)
        return "".join(parts), origin.astype(np.int32), frozenset(rows), sheet

    def _break_before(self, sheet: Sheet, end: int) -> np.ndarray:
        """Where in the source the line that ends at `end` of the sheet's text is broken off."""
        match = _BREAK.search(self.draft.source, int(sheet.index[end - 1]) + 1)
        assert match is not None, "two lines have a break between them"
        return np.array([match.start()], dtype=np.int32)

    def _line(self, start: int, text: str) -> Line:
        view = fold(text)
        return Line(start, start + len(text), text, view, key_of(view), self._is_row(start))

    def _is_row(self, start: int) -> bool:
        rows = self._rows
        place = int(self.index[start])
        before = int(np.searchsorted(rows, place, side="right")) - 1
        return before >= 0 and not _BREAK.search(self.draft.source, int(rows[before]), place)

    @cached_property
    def _rows(self) -> np.ndarray:
        return np.array(sorted(self.draft.rows), dtype=np.int32)

    def _in_source(self, stretch: Stretch) -> Sequence[Stretch]:
        """The stretches of the source that `stretch` of the text covers, blank ends left off."""
        start, end, why = stretch
        found: list[Stretch] = []
        places = self.index[start:end]
        # Mostly one run, and numpy is slow for a short one.
        whole = int(places[-1]) - int(places[0]) == len(places) - 1
        runs = [places] if whole else np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
        for run in runs:
            first, last = int(run[0]), int(run[-1]) + 1
            while first < last and self.draft.source[first].isspace():
                first += 1
            while last > first and self.draft.source[last - 1].isspace():
                last -= 1
            if first < last:
                found.append((first, last, why))
        return found
