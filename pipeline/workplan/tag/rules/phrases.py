"""Noun phrases to the left or right of a figure."""

from __future__ import annotations

import re

from workplan.tag.rules.lexicons import lexicon, listed, one_of
from workplan.tag.rules.parts import read_verbs
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


def rate_before(reading: Reading, end: int, core: int) -> tuple[int, int]:
    """The name of a rate that ends at `end` and holds [core, end) in any case.

    Verbs are part of such names (自主就业退役士兵培训参训率); a governing verb, a mark or an
    adverb opens it.
    """
    start = next((w.start for w in reading.words if w.start <= core < w.end), core)
    for word in reversed(_words_before(reading, start)):
        touches_rate = start == core and word.tag in ("v", "vn") and core + 1 == end
        if word.end != start or not (touches_rate or _in_rate(word)):
            break
        start = word.start
    return _trim(reading, start, end)


def noun_before(reading: Reading, end: int) -> tuple[int, int]:
    """The noun phrase that ends at `end`; an empty stretch where no noun ends there."""
    rate = _RATE.search(reading.text, 0, end)
    if rate is not None:
        return rate_before(reading, end, rate.start())
    heads = {verb.start for verb in read_verbs(reading) if verb.part in _HEADS}
    words = _words_before(reading, end)
    while words and (
        words[-1].text in lexicon("between-noun-and-figure") or words[-1].text.isspace()
    ):
        end = words.pop().start
    if not words or not _may_close(words):
        return end, end
    start = end
    if words[-1].tag == "v":
        start = words.pop().start
    while words and words[-1].end == start:
        word = words.pop()
        if not _in_noun(word, start, end, reading) or word.start in heads:
            break
        start = word.start
    return _trim(reading, start, end)


def noun_after(reading: Reading, start: int) -> tuple[int, int]:
    """The noun phrase that starts at `start`, an opening 的 aside."""
    words = [word for word in reading.words if word.start >= start and not word.text.isspace()]
    if words and words[0].text in ("的", "“"):
        words.pop(0)
    if not words or words[0].text in lexicon("locating-words"):
        return start, start
    start = words[0].start
    last = -1
    for index, word in enumerate(words):
        if word.text in ("“", "”", "（", "）", "(", ")"):
            continue
        if word.tag not in _NOUN or word.text in _NO_NOUN:
            break
        if word.tag in _CLOSES:
            last = index
    while last > 0 and words[last].text in lexicon("deeds") and words[last].tag == "vn":
        last -= 1
    end = words[last].end if last >= 0 else start
    return _trim(reading, start, end)


def _may_close(words: list[Word]) -> bool:
    """Whether a noun phrase may end with the last of `words`: 完成|投资 counts as a noun."""
    last = words[-1]
    if last.tag in _CLOSES or last.text in ("）", ")", "”"):
        return True
    if last.tag != "v" or len(words) < 2 or last.text in lexicon("never-nouns"):
        return False
    before = words[-2]
    return before.end == last.start and (
        before.tag in _CLOSES or before.text in lexicon("governing-words")
    )


_RATE = re.compile(one_of("indicator-endings") + "$")
_HEADS = listed("head modal predicate subject adjunct loose disposal then joined parallel inner")
_NOUN = listed("n nr ns nt nw nz LOC PER ORG vn an s f xc a m q j")
_CLOSES = listed("n nr ns nt nw nz vn an s j LOC ORG xc")
_NO_NOUN = listed("新 等 以上 以下 左右 同比 全部 均 各")
_OUTSIDE_RATES = listed("w d ad vd p c u TIME r")


def _words_before(reading: Reading, end: int) -> list[Word]:
    return [word for word in reading.words if word.end <= end]


def _locates(word: Word) -> bool:
    """Whether a word only says where: a place's name in front of what is counted there."""
    return word.tag == "LOC" or (len(word.text) > 2 and word.text[-1] in "省市县州")


def _in_rate(word: Word) -> bool:
    if (
        word.text in lexicon("locating-words")
        or word.text in lexicon("governing-words")
        or word.text in lexicon("modals")
    ):
        return False
    if _locates(word):
        return False
    if word.text in ("占", "的", "（", "）", "“", "”", "每"):
        return True
    return word.tag not in _OUTSIDE_RATES


def _in_noun(word: Word, start: int, end: int, reading: Reading) -> bool:
    if (
        word.text in lexicon("locating-words")
        or word.text in lexicon("governing-words")
        or _locates(word)
    ):
        return False
    if word.tag in _NOUN:
        return True
    if word.text in ("（", "）", "(", ")", "“", "”"):
        return start < end or word.text in ("）", ")", "”")
    # 参保|人数: a verb is part of a name when it touches its head
    return word.tag == "v" and start < end and reading.text[start:end] in lexicon("count-heads")


def _trim(reading: Reading, start: int, end: int) -> tuple[int, int]:
    text = reading.text
    opening = _OPENING.match(text, start, end)
    if opening is not None:
        start = opening.end()
    while end > start and text[end - 1] in "（(“的、 ":
        end -= 1
    phrase = text[start:end]
    if phrase.count("（") != phrase.count("）") or phrase.count("“") != phrase.count("”"):
        cut = max(phrase.rfind(mark) for mark in "（“）”")
        start = min(start + cut + 1, end)
    return start, end


_OPENING = re.compile(r"[（）()”的、\s]+")
