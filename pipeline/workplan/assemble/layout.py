"""How the spans of one sentence stand to each other: what lies before, after and between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from operator import attrgetter

from workplan.assemble.edges import mended
from workplan.assemble.sort_of_figure import COUNTED, sort_of_figure
from workplan.resources import read_lexicon
from workplan.types import Span

Range = tuple[int, int]

LETTER = {"ORG": "O", "METRIC": "M", "QUANTITY": "Q", "DEADLINE": "D", "ACTION": "A"}
"""What a span is written as in an outline; the text's own capitals and blanks are left out."""

REACH = 160
"""How many letters a rule can see to either side of a place."""

_in_order = attrgetter("start", "end", "label")
_JOINT = re.compile(r"\s*(?:和|、|与|及|以及)\s*")
_SHARED_NOUN = re.compile(
    "[^，。；：、A-Z]{1,6}[、和与及]Q[^，。；：、A-Z]{1,6}|(?:国家|[省市县区镇村])级?[、和与及]Q"
)
_LEVEL = re.compile("(?:国家|省|市|县|区|镇|乡|村)级(?=..)")
_FARTHEST = 32
"""Letters that may part a figure from the noun that it counts."""
_PHRASE_ENDS, _LISTED_ENDS = re.compile("[，。；：QA]"), re.compile("[，。；：、QA]")
_CLAUSE_ENDS = re.compile("[，。；：Q]")
_AGE = re.compile(
    "(?:19|20)[0-9]{2}年(?:底|末)?(?:之前|以前|前)?(?:建成|建设|建造|竣工|交付)(?:使用)?的"
)
_HALF_WIDTH = re.compile("[,;:!?()]")
_FULL_WIDTH = str.maketrans(",;:!?()", "，；：！？（）")
_LEFT_OUT = re.compile(r"[\sA-Z]")


@cache
def pivot_verbs() -> frozenset[str]:
    """Verbs that make another body act (推动, 支持, 组织)."""
    return frozenset(read_lexicon("pivot_verbs"))


class Layout:
    """A sentence in simplified script with its spans, sorted and without overlap.

    Layouts compare by identity, so that what is found of one can be remembered for it. `starts`
    is where the spans begin; `quantities`, `metrics`, `actions`, `orgs` and `deadlines` are where
    those of a label stand. `runs`, `groups` and `years` say of each quantity, metric and deadline
    in which list of its like it stands.
    """

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self.text = text
        self.spans = spans
        self.starts = [span.start for span in spans]
        places: dict[str, list[Range]] = {label: [] for label in LETTER}
        for span in spans:
            places[span.label].append((span.start, span.end))
        self.quantities = places["QUANTITY"]
        self.metrics = places["METRIC"]
        self.actions = places["ACTION"]
        self.orgs = places["ORG"]
        # How old a thing is (2000年底前建成的小区) is no deadline, whatever its label.
        self.deadlines = [p for p in places["DEADLINE"] if not _AGE.match(text, p[0])]
        # 分别达到[90%]、[85%]、[80%]; [草原盖度]和[湿地保护率]; 到[2025年]和[2030年]
        self.runs = _listed(text, self.quantities)
        self.groups = _listed(text, self.metrics)
        self.years = _listed(text, self.deadlines)
        self._letters, self._stands = _written_out(text, spans)
        self._counted: dict[Range, Range | None] = {}

    @classmethod
    def of(cls, text: str, spans: Sequence[Span]) -> Layout:
        """The layout of `text`; spans outside of it and of labels that are none of ours are
        dropped, metrics' edges mended."""
        end = len(text)
        inside = [s for s in spans if 0 <= s.start < s.end <= end and s.label in LETTER]
        inside.sort(key=_in_order)
        return cls(text, mended(text, inside))

    def without(self, places: Sequence[Range]) -> Layout:
        """The same sentence with the places blanked out and their spans gone."""
        if not places:
            return self
        text = self.text
        for start, end in places:
            text = text[:start] + " " * (end - start) + text[end:]
        kept = [s for s in self.spans if not any(a < s.end and s.start < b for a, b in places)]
        return Layout.of(text, kept)

    def words(self, place: Range) -> str:
        return self.text[place[0] : place[1]]

    def words_before(self, at: int) -> str:
        """The words before an offset, as far as rules reach."""
        return self.text[at - REACH if at > REACH else 0 : at]

    def around(self, place: Range) -> tuple[str, str]:
        """The words before and after a place, as far as rules reach."""
        return self.words_before(place[0]), self.text[place[1] : place[1] + REACH]

    def outline(self, start: int, end: int) -> str:
        """`text[start:end]` with each span in it as its letter: "由Q提高到" or "，同比A".

        Marks are full-width, as in the patterns that outlines are matched with. A span that
        ends in the stretch counts as in it.
        """
        stands = self._stands
        return self._letters[stands[start] : stands[end]]

    def offset(self, start: int, letters: int) -> int:
        """The offset in the text that so many letters of the outline from `start` lead to; a
        negative number leads back."""
        stands = self._stands
        return bisect_left(stands, stands[start] + letters)

    def before(self, at: int) -> str:
        """The outline before a place, as far as rules reach."""
        end = self._stands[at]
        return self._letters[end - REACH if end > REACH else 0 : end]

    def after(self, at: int) -> str:
        """The outline after a place, as far as rules reach."""
        start = self._stands[at]
        return self._letters[start : start + REACH]

    def kind(self, quantity: Range) -> str:
        """points, ratio, times, money, time, measure, people, bare or count (a classifier)."""
        return sort_of_figure(self.words(quantity))

    def counted(self, quantity: Range) -> Range | None:
        """The metric that follows the quantity in its phrase: [10家]有条件、有基础的[医院].

        A second figure may touch the first ([15项][50条][举措], [300个][20户以上]的[村]) or
        share its noun ([3个]省级和[5个]市级[园区]), which then has no level of its own.
        """
        if quantity not in self._counted:
            self._counted[quantity] = self._noun_after(quantity)
        return self._counted[quantity]

    def _noun_after(self, quantity: Range) -> Range | None:
        at = bisect_left(self.metrics, (quantity[1], 0))
        if at == len(self.metrics):
            return None
        gap = self.outline(quantity[1], self.metrics[at][0])
        if len(gap) > _FARTHEST:
            return None
        if gap in ("Q", "Q的"):
            return self.metrics[at]
        if _SHARED_NOUN.fullmatch(gap):
            level = _LEVEL.match(self.text, *self.metrics[at])
            return (level.end() if level else self.metrics[at][0], self.metrics[at][1])
        attributive = gap.endswith("的") and self.kind(quantity) in COUNTED
        longest, ends = (_FARTHEST, _PHRASE_ENDS) if attributive else (15, _LISTED_ENDS)
        return None if len(gap) > longest or ends.search(gap) else self.metrics[at]

    def measured(self, quantity: Range) -> Range | None:
        """The metric that stands before the quantity in its clause: [达标率]达到[95%]."""
        metric = last_before(self.metrics, quantity[0])
        if metric is None:
            return None
        gap = self.outline(metric[1], quantity[0])
        return None if _CLAUSE_ENDS.search(gap) else metric


def _listed(text: str, places: Sequence[Range]) -> dict[Range, list[Range]]:
    """For each place the list that it stands in, by itself or joined by 、 and 和."""
    lists: dict[Range, list[Range]] = {}
    last: list[Range] = []
    for place in places:
        if not last or not _JOINT.fullmatch(text, last[-1][1], place[0]):
            last = []
        last.append(place)
        lists[place] = last
    return lists


def _written_out(text: str, spans: Sequence[Span]) -> tuple[str, list[int]]:
    """The outline of the whole text, and for each offset how many letters stand before it."""
    if _HALF_WIDTH.search(text):
        text = text.translate(_FULL_WIDTH)
    whole = _LEFT_OUT.search(text) is None
    pieces: list[str] = []
    stands: list[int] = []
    at = count = 0
    places = [(span.start, span.end, LETTER[span.label]) for span in spans]
    for start, end, letter in (*places, (len(text), len(text), "")):
        if at < start:
            words = text[at:start]
            kept = words if whole else _LEFT_OUT.sub("", words)
            pieces.append(kept)
            same = len(kept) == len(words)
            stands += range(count, count + len(words)) if same else _counts(words, count)
            count += len(kept)
            at = start
        pieces.append(letter)
        if at < end:
            # The inside of a span counts as its beginning: no stretch cuts its letter in two.
            stands += [count] * (end - at)
            at = end
        count += len(letter)
    stands.append(count)
    return "".join(pieces), stands


def _counts(words: str, count: int) -> Iterator[int]:
    """For each character how many letters stand before it, where `count` stand before them all."""
    at = 0
    for gap in _LEFT_OUT.finditer(words):
        yield from range(count, count + gap.end() - at)
        count += gap.start() - at
        at = gap.end()
    yield from range(count, count + len(words) - at)


def last_before(places: Sequence[Range], at: int) -> Range | None:
    """The last of the places, which are in order and apart, that begins before `at`."""
    index = bisect_left(places, (at, 0))
    return places[index - 1] if index else None
