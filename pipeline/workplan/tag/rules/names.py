"""Names of bodies and places: runs of words that end as names do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from workplan.tag.rules.lexicons import lexicon, listed, one_of
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word, is_known

Kind = Literal["office", "institution", "company", "team", "place", "local"]
KINDS: tuple[Kind, ...] = ("team", "office", "institution", "company", "place", "local")


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words at `text[start:end]` that ends like the name of a body or place.

    `opening` is what speaks for a proper name: "each" (各, 每), "level" (市, 县, 局 or 国家 in
    front), "place" (a known or well-formed place in front), "proper" (a word that no lexicon
    knows), or "" nothing.
    """

    start: int
    end: int
    kind: Kind
    opening: Literal["each", "level", "place", "proper", ""]


def read_names(reading: Reading) -> list[Name]:
    """All names of the sentence in order, none overlapping another; read once a sentence."""
    if reading.names is None:
        reading.names = [name for run in _runs(reading) for name in _names(run, reading)]
    return reading.names


# A name's own bracket: 各县（市、区）, 卫生院（社区卫生服务中心）; not （牵头）, （以下简称…）.
_BRACKET = re.compile(
    r"[（(](?![^）)]*(?:负责|牵头|配合|简称|责任|级|[:：]|\d))[^（）()，。；]{1,16}[)）]"
)
_WITH_AND = re.compile(
    "|".join(
        re.escape(stem)
        for stem in sorted(lexicon("departments"), key=len, reverse=True)
        if re.search("[和与]", stem)
    )
)
_INSIDE = listed("n nr ns nt nw nz LOC ORG PER s vn an a q f m vd xc j TIME")
_FIRST = listed("n nr ns nt nw nz LOC ORG PER s vn a xc")
_EACH = listed("各 每个 全体 各有关 各相关 各省 各市 各县 各区 各省级")


def _runs(reading: Reading) -> Iterator[list[Word]]:
    """Stretches of words that a name may be made of, a bracket of its own included."""
    text = reading.text
    joined = {match.span() for match in _WITH_AND.finditer(text)}
    run: list[Word] = []
    closed = 0
    for word in reading.words:
        if word.start < closed:
            continue
        bracket = _BRACKET.match(text, word.start) if run else None
        if bracket is not None:
            closed = bracket.end()
            run.append(Word(word.start, closed, bracket[0], "bracket"))
        elif _fits(word, run) or any(s < word.start < e for s, e in joined) and run:
            run.append(word)
        else:
            if run:
                yield run
            run = [word] if _may_open(word) else []
    if run:
        yield run


def _may_open(word: Word) -> bool:
    if word.text in lexicon("not-in-names") or word.tag in ("w", "u", "c", "p", "r"):
        return word.text in _EACH
    if len(word.text) > 1 and word.text in lexicon("verbs"):
        return False
    return word.tag in _FIRST or len(word.text) == 1


def _fits(word: Word, run: Sequence[Word]) -> bool:
    if not run:
        return _may_open(word)
    if word.text in lexicon("not-in-names") or word.text in _EACH:
        return False
    if word.text in lexicon("verbs-in-names"):
        return True
    if len(word.text) > 1 and word.text in lexicon("verbs"):
        return False
    # single characters are fragments of an unknown name
    return word.tag in _INSIDE or (len(word.text) == 1 and word.tag not in ("w", "u", "c", "p"))


def _names(run: Sequence[Word], reading: Reading) -> Iterator[Name]:
    """The longest name from the run's start, then names in what is left of it."""
    start = 0
    while start < len(run):
        if _is_verb_before_name(run, start):
            start += 1
            continue
        for stop in range(len(run), start, -1):
            kind = _kind(run[start:stop], reading)
            opening = _opening(run[start:stop], reading)
            if kind is not None and (kind != "local" or opening in ("level", "place", "each")):
                yield Name(run[start].start, run[stop - 1].end, kind, opening)
                start = stop
                break
        else:
            return


def _is_verb_before_name(run: Sequence[Word], start: int) -> bool:
    """Whether a short verb opens the run before the name proper: 建|县医院."""
    after = run[start + 1] if start + 1 < len(run) else None
    if after is None or run[start].tag in _FIRST:
        return False
    if after.text in lexicon("levels") or after.text in _EACH:
        return True
    return after.tag == "LOC" and len(after.text) > 1


def _kind(words: Sequence[Word], reading: Reading) -> Kind | None:
    text = reading.text[words[0].start : words[-1].end]
    if words[-1].tag == "bracket":
        text = text[: -len(words[-1].text)]
    if _SESSION.search(text) or reading.inside(reading.quoted, words[0].start, words[-1].end):
        return None
    for kind in KINDS:
        match = _endings(kind).search(text)
        if match is not None and match.start() > 0:
            return kind
    return None


# 十九届二中全会 names no school; “平安医院” names a campaign.
_SESSION = re.compile(r"[一二三四五六七八九十]届")


@cache
def _endings(kind: Kind) -> re.Pattern[str]:
    return re.compile(one_of(f"{kind}-suffixes") + "$")


_PLACE_IN_FRONT = re.compile(r"[一-龥]{1,4}(?:省|市|县|区|州|镇|乡|旗|盟|街道|村|社区)")


def _opening(
    words: Sequence[Word], reading: Reading
) -> Literal["each", "level", "place", "proper", ""]:
    first = words[0]
    text = reading.text[first.start : words[-1].end]
    if first.text.startswith(("各", "每")):
        return "each"
    if first.text in lexicon("levels"):
        return "level"
    if first.tag == "LOC" or (_PLACE_IN_FRONT.match(text) and len(text) > 2):
        return "place"
    if any(word.tag in ("LOC", "PER", "ORG") or not is_known(word) for word in words):
        return "proper"
    return ""
