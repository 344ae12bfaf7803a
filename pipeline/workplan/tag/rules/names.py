"""Names of bodies and places: runs of words that end as names do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from workplan import resources
from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word, is_known

Kind = Literal["office", "institution", "company", "team", "place"]
KINDS: tuple[Kind, ...] = ("team", "office", "institution", "company", "place")


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
    """All names of the sentence in order; none overlaps another."""
    return [name for run in _runs(reading) for name in _names(run, reading)]


# A name's own bracket: 各县（市、区）, 卫生院（社区卫生服务中心）; not （牵头）, （以下简称…）.
_BRACKET = re.compile(
    r"[（(](?![^）)]*(?:负责|牵头|配合|简称|责任|级|[:：]|\d))[^（）()，。；]{1,16}[)）]"
)
_WITH_AND = re.compile(
    "|".join(
        re.escape(stem)
        for stem in sorted(resources.read_lexicon("departments"), key=len, reverse=True)
        if re.search("[和与]", stem)
    )
)
_INSIDE = frozenset("n nr ns nt nw nz LOC ORG PER s vn an a q f m vd xc j TIME".split())
_FIRST = frozenset("n nr ns nt nw nz LOC ORG PER s vn a xc".split())
_NEVER = frozenset(
    "全市 全省 全县 全区 全国 我市 我省 我县 我区 目前 今年 去年 明年 全 共 多 各地 各级 各类 其 此 这 那 相关 有关 "
    "建立 成立 组建 等 和 与 及 或 由 向 对 在 从 为 以 把 将 被 让 使 是 有 要 应 会 可 能 也 还 并 不 未 已 均 都 就 又 再 "
    "的 地 得 了 着 过 于 至 到 按 据 经 因 每 某 项目 工作 通过 根据 加强 推进 开展 做好 支持 完成 一批 一个".split()
)
_LEVELS = frozenset(
    "省 市 县 区 州 镇 乡 村 局 委 院 部 国家 中央 中国 全国 中共 中华 国务院".split()
)
_EACH = frozenset("各 每个 全体 各有关 各相关 各省 各市 各县 各区 各省级".split())


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
    if word.text in _NEVER or word.tag in ("w", "u", "c", "p", "r"):
        return word.text in _EACH
    return word.tag in _FIRST or len(word.text) == 1


def _fits(word: Word, run: Sequence[Word]) -> bool:
    if not run:
        return _may_open(word)
    if word.text in _NEVER or word.text in _EACH:
        return False
    if word.tag in _INSIDE:
        return True
    # single characters are fragments of an unknown name; these verbs stand in names of offices
    return word.tag not in ("w", "u", "c", "p") and (
        len(word.text) == 1 or word.text in _verbs_in_names()
    )


@cache
def _verbs_in_names() -> frozenset[str]:
    return frozenset(resources.read_lexicon("verbs-in-names"))


def _names(run: Sequence[Word], reading: Reading) -> Iterator[Name]:
    """The longest name from the run's start, then names in what is left of it."""
    start = 0
    while start < len(run):
        if _is_verb_before_name(run, start):
            start += 1
            continue
        for stop in range(len(run), start, -1):
            kind = _kind(run[start:stop], reading)
            if kind is not None:
                first, last = run[start], run[stop - 1]
                yield Name(first.start, last.end, kind, _opening(run[start:stop], reading))
                start = stop
                break
        else:
            return


def _is_verb_before_name(run: Sequence[Word], start: int) -> bool:
    """Whether a short verb opens the run before the name proper: 建|县医院."""
    after = run[start + 1] if start + 1 < len(run) else None
    if after is None or run[start].tag in _FIRST:
        return False
    return after.text in _LEVELS or after.tag == "LOC" or after.text in _EACH


def _kind(words: Sequence[Word], reading: Reading) -> Kind | None:
    text = reading.text[words[0].start : words[-1].end]
    if words[-1].tag == "bracket":
        text = text[: -len(words[-1].text)]
    for kind in KINDS:
        match = _endings(kind).search(text)
        if match is not None and match.start() > 0:
            return kind
    return None


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
    if first.text in _LEVELS:
        return "level"
    if first.tag == "LOC" or (_PLACE_IN_FRONT.match(text) and len(text) > 2):
        return "place"
    if any(word.tag in ("LOC", "PER", "ORG") or not is_known(word) for word in words):
        return "proper"
    return ""
