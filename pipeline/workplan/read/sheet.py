"""A source on its way to the clean text: what is cut is noted, what stays keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workplan.read.draft import Draft
from workplan.read.script import fold

Stretch = tuple[int, int, str]
"""Start, end and why it goes; "" for blanks and line ends, which are cut without a note."""

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{BREAKS}]+")
_BREAK = re.compile(f"[{BREAKS}]")
_ASCII_MARKS = tuple(zip("（），：；！？", "(),:;!?", strict=True))


def key_of(view: str) -> str:
    """What patterns are compared with: `view` without blanks and bars, （），：；！？ as ASCII."""
    key = "".join(view.split())
    for mark, plain in _ASCII_MARKS:
        key = key.replace(mark, plain)
    return key.strip("|")


class Line(NamedTuple):
    """A line that is not blank: `start` and `end` count in its sheet's text, blanks around it off.

    `view` is its folded text, `key` what key_of makes of it.
    """

    start: int
    end: int
    text: str
    view: str
    key: str
    row: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Clean:
    """The clean text of a plan and what a Plan says of it; see Plan for the fields."""

    text: str
    view: str
    origin: np.ndarray
    rows: frozenset[int]
    removed: tuple[Stretch, ...]


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is left of `draft.source`: `text[i]` stands at `source[index[i]]`, strictly increasing.

    `view` is `text` folded, one character for one. `index` has shape (len(text),) and dtype int32.
    `removed` are stretches of the source.
    """

    draft: Draft
    text: str
    view: str
    index: np.ndarray
    removed: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, draft: Draft) -> Sheet:
        """The sheet of a draft, without the stretches that its reader dropped."""
        source = draft.source
        whole = cls(draft, source, fold(source), np.arange(len(source), dtype=np.int32))
        return whole.without(draft.dropped)

    def without(self, stretches: Iterable[Stretch]) -> Sheet:
        """The sheet with `stretches` of its text cut out."""
        cuts = sorted(stretch for stretch in stretches if stretch[0] < stretch[1])
        if not cuts:
            return self
        kept = np.ones(len(self.text), dtype=bool)
        for start, end, _ in cuts:
            kept[start:end] = False
        text, view = _cut_out(self.text, cuts), _cut_out(self.view, cuts)
        return Sheet(self.draft, text, view, self.index[kept], self._removed_with(cuts))

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

    def clean(self, gone: dict[int, str]) -> Clean:
        """What stays without the lines `gone` (number: why)."""
        lines = [line for number, line in enumerate(self.lines) if number not in gone]
        text = "\n".join([line.text for line in lines])
        origin = np.empty(len(text), dtype=np.int32)
        at = 0
        for line in lines:
            if at:
                origin[at] = self._break_after(int(origin[at - 1]))
                at += 1
            origin[at : at + len(line.text)] = self.index[line.start : line.end]
            at += len(line.text)
        cuts = [(self.lines[n].start, self.lines[n].end, why) for n, why in sorted(gone.items())]
        return Clean(
            text=text,
            view="\n".join([line.view for line in lines]),
            origin=origin,
            rows=frozenset(number for number, line in enumerate(lines) if line.row),
            removed=self._removed_with(cuts),
        )

    def _removed_with(self, cuts: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """All stretches of the source that are removed when `cuts` go too."""
        noted = [place for cut in cuts if cut[2] for place in self._in_source(cut)]
        return tuple(sorted((*self.removed, *noted)))

    def _break_after(self, place: int) -> int:
        """Where in the source the line is broken off whose last character stands at `place`."""
        match = _BREAK.search(self.draft.source, place + 1)
        assert match is not None, "two lines have a break between them"
        return match.start()

    def _line(self, start: int, text: str) -> Line:
        end = start + len(text)
        view = self.view[start:end]
        return Line(start, end, text, view, key_of(view), self._is_row(start))

    def _is_row(self, start: int) -> bool:
        if not self.draft.rows:
            return False
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


def _cut_out(text: str, cuts: Iterable[Stretch]) -> str:
    pieces, at = [], 0
    for start, end, _ in cuts:
        pieces.append(text[at:start])
        at = max(at, end)
    return "".join([*pieces, text[at:]])
