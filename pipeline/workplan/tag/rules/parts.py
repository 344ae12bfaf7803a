"""The verbs of a sentence and the part each plays in its clause.

A left-to-right reading without a grammar's ambition: it strips numbering, adverbs and adjuncts
from a clause, finds the verb that heads it, and says of every later verb why it may or may not
head a task of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workplan.tag.rules.clauses import read_clauses
from workplan.tag.rules.lexicons import lexicon, listed
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb, or verbs that touch and share an object, at `text[start:end]`.

    `part` is what it does in its clause:
    head: opens it, but for adverbs; modal: follows 要, 应当, 拟; predicate: follows a subject
    and an adverb; subject: follows a subject alone; adjunct: follows an adjunct (对X, 在X中);
    loose: follows an adjunct whose end is not marked (根据X); disposal: follows 将X or 把X;
    joined: touches the head across 、 or 和; then: follows 并; parallel: opens a phrase
    behind 、; inner: follows an adverb behind the head; pivot: follows the object of a pivot
    verb; object: any other verb behind the head; relative: modifies a noun by 的; qualifier: may
    do so; circumstance: inside an adjunct; nominal: a verb in a noun's place; change: closes a
    clause behind its subject; light: 进行 and the like, whose deed comes later; deed: that deed.
    """

    start: int
    end: int
    text: str
    part: str
    words: tuple[Word, ...]
    before: Word | None
    after: Word | None
    """The words around it in its clause."""
    head: str
    """The first word of the verb that heads the clause so far; "" before one is found."""

    @property
    def known(self) -> bool:
        """Whether it is, or holds, a task verb of the lexicon."""
        return len(self.words) > 1 or self.text in lexicon("verbs")

    @property
    def strong(self) -> bool:
        """Whether it nearly always heads a task."""
        return self.words[0].text in lexicon("strong-verbs")

    @property
    def idle(self) -> bool:
        """Whether it only states or relates (是, 有, 达到)."""
        return len(self.words) == 1 and self.text in lexicon("idle-verbs")


def read_verbs(reading: Reading) -> list[Verb]:
    """All verbs of the sentence in order, none overlapping another; read once a sentence."""
    if reading.verbs is None:
        reading.verbs = [
            verb for clause in read_clauses(reading) for verb in _Scan(clause, reading).verbs()
        ]
    return reading.verbs


_NOMINAL = listed("n nr ns nt nw nz LOC PER ORG TIME s t f m q r an a vn xc")
_SUBJECTS = _NOMINAL - {"TIME", "t", "f"}
_ADVERBIAL = listed("d ad vd c")
_DISPOSAL = listed("将 把")
_JOINERS = listed("、 和 与 及 或 以及 或者")
_THEN = listed("并 并且 而 再 进而 从而")
# Their adjunct is one noun phrase: what follows it may head the clause.
_LEADING_LIGHT = listed("开始 责令 启动")
_RESULTS = listed("好 实 细 强 优 牢 足 齐 准 活")
_OWN_OBJECT = listed("加快 确保 争取 继续 加大")
_TO = listed("到 至 在 为 了")
_NUMBERING = re.compile(
    r"\s*(?:[一二三四五六七八九十]+是要?|第[一二三四五六七八九十]+[，,、]"
    r"|[（(]?(?:[一二三四五六七八九十百]+|\d+)[)）]?[、.．,，]?)"
)
_PART_OF_STATE = {"open": "head"}


class _Scan:
    """One pass over a clause.

    `state` is what has been passed so far: "open" nothing, "subject" a noun, "predicate" a noun
    and an adverb, "modal", "adjunct", "loose", "circumstance", "disposal", and "done" behind
    the head.
    """

    def __init__(self, words: Sequence[Word], reading: Reading) -> None:
        self.words = words
        self.reading = reading
        self.state = "open"
        self.head: Verb | None = None
        self.adverb_before = False
        self.closed_at = 0
        """The index behind an adjunct: verbs before it are inside."""

    def verbs(self) -> Iterator[Verb]:
        index = self._skip_numbering()
        while index < len(self.words):
            end = self._group_end(index)
            if end == index:
                self._pass(index)
                index += 1
                continue
            verb = self._verb(index, end)
            yield verb
            self._note(verb)
            index = end

    def _note(self, verb: Verb) -> None:
        self.adverb_before = False
        if verb.part == "nominal":
            self.state = "subject"
        elif verb.part not in ("relative", "qualifier", "circumstance"):
            self.head, self.state = verb, "done"
        if verb.text in lexicon("speech-verbs") and verb.part != "relative":
            self.head, self.state = None, "open"

    def _skip_numbering(self) -> int:
        first = self.words[0].start
        match = _NUMBERING.match(self.reading.text[first : self.words[-1].end])
        if match is None or self.words[0].tag == "v":
            return 0
        skipped = sum(1 for word in self.words if word.end <= first + match.end())
        return skipped if skipped < len(self.words) else 0

    def _at(self, index: int) -> Word | None:
        return self.words[index] if 0 <= index < len(self.words) else None

    # --- what is no verb ---------------------------------------------------------------------

    def _pass(self, index: int) -> None:
        word = self.words[index]
        adverb = word.tag in _ADVERBIAL or word.text in lexicon("adverbs")
        if word.text in lexicon("transparent-verbs"):
            self.adverb_before = True
        elif self.state == "done":
            self.adverb_before = adverb or word.tag == "TIME" or word.text in lexicon("modals")
        elif word.text in _DISPOSAL and word.tag in ("p", "d") and self._disposes(index):
            self.state = "disposal"
        elif word.text in lexicon("modals"):
            self.state, self.adverb_before = "modal", True
        elif word.text in lexicon("circumstances"):
            self._enter_adjunct(index)
        elif adverb:
            self.adverb_before = True
            self.state = "predicate" if self.state == "subject" else self.state
        else:
            self.adverb_before = self.adverb_before and word.tag == "TIME"
            if self.state in ("open", "modal", "predicate") and word.tag in _SUBJECTS:
                self.state = "subject"

    def _disposes(self, index: int) -> bool:
        """Whether 将 takes an object here; before a verb or adverb it only says "will"."""
        after = self._at(index + 1)
        return after is not None and after.tag not in ("v", "d", "ad", "vd", "p", "TIME")

    def _enter_adjunct(self, index: int) -> None:
        rest = self.words[index + 1 :]
        closers = [i for i, w in enumerate(rest[:-1]) if w.text in lexicon("closers")]
        opens_with_noun = bool(rest) and rest[0].tag not in ("v", "d", "ad", "vd")
        if self.words[index].text in lexicon("brief-prepositions") and opens_with_noun:
            self.state, self.closed_at = "adjunct", index + 2
        elif closers:
            self.state, self.closed_at = "adjunct", index + 2 + closers[-1]
        elif opens_with_noun and rest[-1].text not in lexicon("closers"):
            self.state, self.closed_at = "loose", index + 2
        else:
            self.state = "circumstance"

    # --- what is a verb ----------------------------------------------------------------------

    def _group_end(self, index: int) -> int:
        """The index behind the verbs that start at `index`; `index` itself if none does."""
        if not self._is_verb(index):
            return index
        end = index + 1
        while end < len(self.words) and end - index < 4 and self._joins(end):
            end += 1
        return end

    def _is_verb(self, index: int) -> bool:
        word, after = self.words[index], self._at(index + 1)
        if word.text in lexicon("transparent-verbs"):
            return False
        if word.text in lexicon("adverbs") or word.text in lexicon("modals"):
            return word.text in _OWN_OBJECT and self._own_object(index)
        if word.text in lexicon("circumstances"):
            return False
        if word.tag == "v":
            return True
        if word.text not in lexicon("verbs") or word.tag not in ("vn", "vd", "a", "ad", "n"):
            return False
        if after is None:
            return self.adverb_before and self.state in ("open", "modal")
        if not self._opens(index) or self._names_what_changes(index):
            return False
        if after.text in _JOINERS:
            beyond = self._at(index + 2)
            return beyond is not None and beyond.tag == "v" and beyond.text in lexicon("verbs")
        return after.tag in _NOMINAL or self._joins(index + 1)

    def _opens(self, index: int) -> bool:
        """Whether a verb may stand at `index`: behind nothing, an adverb or a modal."""
        if index == 0 or (self.state == "open" and self.head is None):
            return True
        before = self.words[index - 1]
        if self.adverb_before and before.text not in _JOINERS:
            return True
        if before.tag == "ORG":
            return True
        return before.text in _THEN or (before.text in _JOINERS and self.state == "done")

    def _names_what_changes(self, index: int) -> bool:
        """Whether a verbal noun opens the subject of a change: 服务能力显著提升."""
        if self.state != "open" or self.words[index].tag not in ("vn", "n"):
            return False
        for position in range(index + 1, len(self.words)):
            word, after = self.words[position], self._at(position + 1)
            if word.tag == "v" and word.text in lexicon("change-verbs"):
                return after is None or after.text in _TO or after.tag == "m"
            if word.tag not in _NOMINAL and word.tag not in _ADVERBIAL:
                return False
        return False

    def _own_object(self, index: int) -> bool:
        """Whether 加快 or 确保 governs a noun itself, with no task verb behind."""
        rest = self.words[index + 1 :]
        if not rest:
            return self.words[index].text == "加快" and self.state in ("subject", "predicate")
        if rest[0].tag not in _NOMINAL:
            return False
        verbs = lexicon("strong-verbs" if self.words[index].text == "争取" else "verbs")
        if any(w.tag == "v" and w.text in verbs for w in rest):
            return False
        return rest[0].text not in lexicon("verbs") or rest[-1].text in lexicon("paces")

    def _joins(self, end: int) -> bool:
        """Whether the word at `end` belongs to the group of verbs that touches it."""
        word, before, after = self.words[end], self.words[end - 1], self._at(end + 1)
        if word.start != before.end:
            return False
        if word.text in _RESULTS and (after is None or after.text != "的"):
            return word.text == "好" or len(before.text) == 1
        if (before.text + word.text) in lexicon("verb-pairs"):
            return True
        if word.text not in lexicon("verbs") or word.text in lexicon("idle-verbs"):
            return False
        if before.text in lexicon("light-verbs") | _LEADING_LIGHT and word.tag in ("v", "vn"):
            return after is None or after.tag not in ("n", "nz") or word.tag == "v"
        if before.text not in lexicon("leading-verbs") or word.text not in lexicon(
            "trailing-verbs"
        ):
            return False
        return word.tag == "v" or (word.tag == "vn" and after is not None and after.tag == "v")

    def _verb(self, index: int, end: int) -> Verb:
        words = tuple(self.words[index:end])
        start, stop = words[0].start, words[-1].end
        before = self._at(index - 1)
        if before is not None and before.text == "新" and words[0].text in lexicon("newly-verbs"):
            start = before.start
        return Verb(
            start,
            stop,
            self.reading.text[start:stop],
            self._part(index, end),
            words,
            before,
            self._at(end),
            self.head.words[0].text if self.head else "",
        )

    # --- what it does ------------------------------------------------------------------------

    def _part(self, index: int, end: int) -> str:
        if index < self.closed_at or self.state == "circumstance":
            return "circumstance"
        relative = self._relative(index, end)
        if relative:
            return relative
        after = self._at(end)
        if after is not None and after.text in lexicon("afterwards"):
            return "circumstance"
        if self.state == "done":
            return self._part_behind_head(index, end)
        if self.words[index].text in lexicon("light-verbs") and end == index + 1 and self._at(end):
            return "light"
        if self.state == "disposal" and self.words[index - 1].text in _DISPOSAL:
            return "circumstance"
        if self.state == "subject" and end == len(self.words):
            return "change"
        if self.state in ("subject", "open") and self._in_nouns_place(index, end):
            return "nominal"
        return _PART_OF_STATE.get(self.state, self.state)

    def _part_behind_head(self, index: int, end: int) -> str:
        assert self.head is not None
        before = self.words[index - 1]
        if self.head.part == "light" and end == len(self.words):
            return "deed"
        if before.text in _JOINERS:
            return "joined" if before.start == self.head.end else "parallel"
        if before.text in _THEN:
            return "then"
        if self.adverb_before:
            return "inner"
        return "pivot" if self.head.words[0].text in lexicon("pivot-verbs") else "object"

    def _in_nouns_place(self, index: int, end: int) -> bool:
        after = self._at(end)
        if after is None or self.words[index].text in lexicon("strong-verbs"):
            return False
        if after.text in lexicon("compound-heads") and end == index + 1:
            return True
        if self.state == "open":
            return after.tag == "d" and after.text not in ("不", "也", "都")
        return after.tag in ("v", "d", "ad", "vd", "f") or after.text in lexicon("modals")

    def _relative(self, index: int, end: int) -> str:
        """ "relative" where 的 makes the verb a modifier, "qualifier" where it may, else ""."""
        after = self._at(end)
        if after is not None and (after.text in ("的", "所") or self._then_of(end, after)):
            return "relative"
        if after is not None and after.text == "了":
            return ""
        for position in range(end, len(self.words) - 1):
            word = self.words[position]
            if word.text == "的":
                if self.state == "done" or self.words[index].text in lexicon("idle-verbs"):
                    return "relative"
                return "qualifier" if self._verb_behind(position + 1) else ""
            if word.tag == "v" and word.text in lexicon("verbs"):
                return ""
        return ""

    def _then_of(self, end: int, after: Word) -> bool:
        """Whether a verb goes on with 中的, 后的 or 前的."""
        beyond = self._at(end + 1)
        return after.tag == "f" and beyond is not None and beyond.text == "的"

    def _verb_behind(self, position: int) -> bool:
        return any(
            word.text in lexicon("modals") or (word.tag == "v" and word.text in lexicon("verbs"))
            for word in self.words[position:]
        )
