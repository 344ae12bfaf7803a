"""What a figure's sentence adds to it: a comparator, a unit, a denominator, a direction."""

from __future__ import annotations

import re

from workplan.normalise.vocabulary import vocabulary
from workplan.types import Comparator


def cut_off(text: str, before: str, after: str) -> str | None:
    """Why `text` is only a part of the figure: 第[三次], 每[千人], 几[十人], 1[25人]."""
    if before.endswith("第"):
        return "是序数，不是数量"
    if before.endswith("每"):
        return "是计算的基数，不是数量"
    if before.endswith(("几", "数")) and text.startswith(_MULTIPLIERS):
        return "是约数，没有具体数字"
    if _ENDS_IN_NUMBER.search(before[-3:]) and _GOES_ON.match(text):
        return "前面还有数字，请核对原文"
    if _ENDS_IN_DIGIT.search(text) and _IS_CONTINUED.match(after):
        return "后面还有数字，请核对原文"
    return None


def is_denied(before: str) -> bool:
    """Whether the comparator of a figure is turned round: 不得[超过15天]."""
    return before.rstrip().endswith(_DENIALS)


def opposite(comparator: Comparator) -> Comparator:
    """What a denied comparator says: 不得[超过15天] is 15 days at most."""
    opposites: dict[Comparator, Comparator] = {"gt": "le", "lt": "ge"}
    return opposites.get(comparator, comparator)


def lent_before(before: str, text: str) -> str:
    """The word before `text` without which it is no figure: 翻[一番], 突破[万元]."""
    if before.endswith("翻") and text.endswith(("番", "倍")):
        return "翻"
    if not _COUNTS_BARELY.match(text):
        return ""
    words = vocabulary()
    match = words.prefix_before.search(before)
    if match is None or words.compound_before.search(before) or is_denied(before[: match.start()]):
        return ""
    return match.group()


def comparator_before(before: str, text: str) -> Comparator | None:
    """How the words before a figure bind it: 突破[40万亿元], 至少配备[1名]."""
    if before.endswith("上") and re.match(r"[百千万亿]", text):
        return "ge"
    words = vocabulary()
    if match := words.prefix_before.search(before):
        if words.compound_before.search(before):
            return None
        comparator = words.comparator_of_prefix[match.group("word")]
        return opposite(comparator) if is_denied(before[: match.start()]) else comparator
    if not words.bound.search(before):
        return None
    if words.ceiling_before.search(before):
        return "le"
    for pattern in (words.distant_before, words.of_the_before):
        if match := pattern.search(before):
            return match.lastgroup  # type: ignore[return-value]  # groups bear comparators' names
    match = words.shared_prefix_before.search(before)
    return words.comparator_of_prefix[match.group("word")] if match else None


def shared_after(after: str, before: str, unit: str) -> tuple[Comparator | None, str]:
    """The comparator and the unit that a figure takes from the last one of its row.

    [99.1%]和96.5%以上 binds both figures; so does 分别…[10个]、5个工作日以内, whose first unit is
    the second's. Figures joined by 、 alone share a comparator only under a 分别.
    """
    row = vocabulary().row
    if not after.startswith(_JOINTS):
        return None, unit
    joined, position, last = bool(_EACH.search(before[-30:])), 0, ""
    while match := row.match(after, position):
        last, position = match.group("unit"), match.end()
        joined = joined or match.group("mark") != "、"
        if match.group("suffix"):
            break
    if position == 0 or not (unit == last or last.startswith(unit)):
        return None, unit
    suffix = match.group("suffix") if match else None
    comparator = vocabulary().comparator_of_suffix[suffix] if suffix and joined else None
    return comparator, last


def per_before(before: str) -> str | None:
    """The denominator that a clause names before its figure: 每千人口床位达到[4.5张]."""
    if "每" not in before:
        return None
    clause = _MARK.split(before)[-1]
    matches = list(vocabulary().per_before.finditer(clause))
    return matches[-1].group() if matches else None


def is_change(before: str, after: str, unit: str) -> bool:
    """Whether the figure says how much something moves, rather than where it stands.

    提高[3个百分点] and 下降[5%] are changes; 提高到[85%] and 提高[1200万]教师待遇 are none.
    """
    if unit.endswith("百分点"):
        return True
    if unit == "" and _NOUN_FOLLOWS.match(after):
        return False
    words = vocabulary()
    moved = words.change.search(before)
    return moved is not None and bool(words.change_before.search(before, moved.start()))


_COUNTS_BARELY = re.compile(r"[百千万亿]+[元吨亩人户公里]")
_MULTIPLIERS = tuple("十百千万亿")
_ENDS_IN_NUMBER = re.compile(r"\d[.,]?$")
_ENDS_IN_DIGIT = re.compile(r"\d$")
_GOES_ON = re.compile(r"[\d.百千万亿%]")
_IS_CONTINUED = re.compile(r"\d|[.,]\d|[百千万亿%‰]")
_DENIALS = ("不", "不得", "不能", "不应", "不可", "不准", "未", "没有", "严禁", "禁止")
_JOINTS = ("、", "和", "与", "及", "以及")
_EACH = re.compile("分别|均|都")
_MARK = re.compile("[，。；：,;:]")
_NOUN_FOLLOWS = re.compile(r"(?![和与及])[\u4e00-\u9fff]")
