"""What a QUANTITY span says: a value, how it binds, and in which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from workplan.normalise import context
from workplan.normalise.figure import Figure, read_figure, unit_of
from workplan.normalise.numerals import VARIANTS, fold_width, plain
from workplan.normalise.vocabulary import vocabulary
from workplan.types import Comparator, Value


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure. `value` has 万 and 亿 multiplied out; a range is (low, high).

    `unit` is the numerator's ("元" of 每人每年79元), `per` the denominator ("每人每年"). `kind`
    tells a level (达到85%) from a change (提高3个百分点). `reason` says why `value` is None, and
    `is_quantity` whether the words are one at all: 每月25日, 二期 and 5G are none.
    """

    value: Value
    comparator: Comparator = "eq"
    unit: str = ""
    kind: Literal["level", "change"] = "level"
    per: str | None = None
    reason: str | None = None
    is_quantity: bool = field(default=True, repr=False)


def read_quantity(text: str, *, before: str = "", after: str = "") -> Quantity:
    """Read the quantity `text`, with the words that stand before and after it in its sentence.

    `before` gives the comparator of 至少建立[1家], the change of 提高[3个百分点] and the
    denominator of 每千人口床位[4.5张]; `after` a comparator and a unit that figures share
    ([10%]和4%以下, [10.6万]、3.3万平方公里). Never raises: what cannot be read has value None
    and a reason.

    >>> read_quantity("不少于3次")
    Quantity(value=3, comparator='ge', unit='次', kind='level', per=None, reason=None)
    >>> read_quantity("x家").reason
    '数字被遮盖（x家），请查原文'
    """
    if not before and not after:
        return _alone(text)
    return _in_context(text, fold_width(before[-40:]), fold_width(after[:40]))


@lru_cache(maxsize=4096)
def _alone(text: str) -> Quantity:
    return _in_context(text, "", "")


def _in_context(text: str, before: str, after: str) -> Quantity:
    if reason := context.cut_off(fold_width(text), before, after):
        return Quantity(None, reason=f"“{text}”{reason}")
    quantity = _read(context.lent_before(before, text) + text)
    comparator, unit = quantity.comparator, quantity.unit
    if comparator == "eq":
        shared, unit = context.shared_after(after, before, unit)
        comparator = context.comparator_before(before, text) or shared or "eq"
    elif context.is_denied(before):
        comparator = context.opposite(comparator)
    per = context.per_before(before) if quantity.per is None else quantity.per
    kind: Literal["level", "change"] = quantity.kind
    if context.is_change(before, after, unit):
        kind = "change"
    read = (comparator, unit, kind, per)
    if read == (quantity.comparator, quantity.unit, quantity.kind, quantity.per):
        return quantity
    return Quantity(quantity.value, *read, quantity.reason, quantity.is_quantity)


@lru_cache(maxsize=4096)
def _read(text: str) -> Quantity:
    """`text` alone, without its sentence."""
    core = fold_width(text).strip(" \t\u3000“”\"'‘’「」《》，。；、：:")
    if len(core) > _LONGEST:
        return Quantity(None, reason="文字过长，不是一个数量")
    if re.search(r"\d\s+[\d.,]|[.,]\s+\d", core):
        return Quantity(None, reason=f"数字中间断开（{text}），请核对原文")
    core = _VARIANT.sub(lambda match: match.group().translate(VARIANTS), re.sub(r"\s+", "", core))
    core = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", core)
    parts = _Parts.of(core)
    if parts.core and (masked := _MASKED.match(parts.core)):
        return _masked(text, masked, parts)
    if why_not := _not_a_quantity(core, parts.core):
        return Quantity(None, reason=f"“{text}”{why_not}", is_quantity=False)
    if no_number := _no_number(core, parts.core):
        return Quantity(None, reason=f"“{text}”{no_number}")
    figure = read_figure(parts.core)
    if figure is None:
        return Quantity(None, reason=f"“{text}”无法识别为数值，请核对原文")
    return _quantity(figure, parts)


def _masked(text: str, masked: re.Match[str], parts: _Parts) -> Quantity:
    """A number that the source hides: no value, but how it binds and in which unit."""
    rest = parts.core[masked.end() :]
    unit = rest if _INCIDENCE.fullmatch(rest) else unit_of(rest, arabic=True) or ""
    comparator = "range" if masked.group("high") or masked.group("high_mask") else parts.comparator
    more: Comparator = "gt" if re.search("[多余]", masked.group()) else "eq"
    unit = "%" if unit == "成" else unit
    reason = f"数字被遮盖（{text}），请查原文"
    unit, per = _per_head(unit, parts.per)
    return Quantity(None, comparator or more, unit, per=per, reason=reason)


def _quantity(figure: Figure, parts: _Parts) -> Quantity:
    """Put value and comparator together: 约 beats 多, and a bound beats both."""
    value: Value
    if isinstance(figure.value, tuple):
        value = (plain(figure.value[0]), plain(figure.value[1]))
        comparator: Comparator = "range"
    else:
        value = plain(figure.value)
        comparator = parts.comparator or ("gt" if figure.more else "eq")
    kind: Literal["level", "change"] = "change" if figure.change else "level"
    unit, per = _per_head(figure.unit, parts.per)
    return Quantity(value, comparator, unit, kind, per)


def _per_head(unit: str, per: str | None) -> tuple[str, str | None]:
    """张/千人口 is 张, per 每千人口; 吨/年 and 毫克/千克 are units by themselves."""
    match = _HEADS.fullmatch(unit)
    return (match.group(1), per or f"每{match.group(2)}") if match else (unit, per)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A quantity's text taken apart: 不超过 · 每月 · 1000元 · 以内."""

    core: str
    comparator: Comparator | None
    per: str | None

    @staticmethod
    def of(text: str) -> _Parts:
        words = vocabulary()
        prefix: Comparator | None = None
        suffix: Comparator | None = None
        per = ""
        while True:
            if match := words.each.match(text) or words.per.match(text):
                per += match.group()
            elif match := words.prefix.match(text):
                prefix = prefix or words.comparator_of_prefix[match.group()]
            elif match := _ROUGHLY.match(text):
                prefix = prefix or ("ge" if match.group() == "上" else "gt")
            elif not (match := _LEAD.match(text) or _WITHIN.match(text)):
                break
            text = text[match.end() :]
        if _BETWEEN_BOUNDS.fullmatch(text):
            return _Parts(text, None, per or None)
        if match := words.suffix.search(text):
            suffix = words.comparator_of_suffix[match.group()]
            text = text[: match.start()]
        return _Parts(text, _stricter(prefix, suffix), per or None)


def _stricter(prefix: Comparator | None, suffix: Comparator | None) -> Comparator | None:
    """不低于30%左右 binds, 近5万以上 binds, 超过50万左右 is about 500,000."""
    for comparator in (prefix, suffix):
        if comparator in ("ge", "le", "lt"):
            return comparator
    return "approx" if "approx" in (prefix, suffix) else prefix or suffix


_LONGEST = 60
# Other forms of the numerals; the 伍 of 队伍 and the 陆 of 大陆 are none.
_VARIANT = re.compile(
    r"[壹贰貳叁肆柒捌玖拾佰仟萬億兩]|(?:^|(?<=[拾佰仟萬億百千万亿点零]))[伍陆陸]"
    r"|[伍陆陸](?=[拾佰仟萬億百千万亿十点])"
)
# 过一成, 上百家: comparators only when a numeral follows at once.
_ROUGHLY = re.compile(r"[过上](?=[一二三四五六七八九半十百千万亿\d])")
# Words that a span may start with and that change nothing.
_LEAD = re.compile(r"再(?=翻)|共计?|总计|合计|累计|达到?|仅|各(?=[一两\d])")
# ±5%以内 bounds the deviation either way.
_WITHIN = re.compile(r"±(?=[\d.]+[%‰]?[以之]内$)")
_BETWEEN_BOUNDS = re.compile(r".*\d.*以上.+(?:以下|以内)")
_MASK = r"[\d.]*[xX×*□■_]+[\dxX×*□■_.,]*[多余]?[百千万亿]*[多余]?"
_PLAIN = r"\d[\d.,]*[百千万亿]*"
_TO = r"%?(?:[—–―~～]+|--?|至|到)"
_MASKED = re.compile(
    rf"{_MASK}(?:{_TO}(?P<high>{_MASK}|{_PLAIN}))?|{_PLAIN}{_TO}(?P<high_mask>{_MASK})"
)
_INCIDENCE = re.compile(r"/\d*[十百千万]+(?:人口?)?")
_HEADS = re.compile(r"([\u4e00-\u9fff]+)/([百千万]?(?:人口?|户|生))(?:[/·]年)?")
# 5G is a kind of network, 100G a bandwidth.
_GENERATION = re.compile(r"[1-6]G")

_ORDINAL = re.compile(
    r"[一二两三四五六七八九十]+(?:期|级|等|甲)|[一二三]级[甲乙丙]等|三甲|[5-9]0后|[01]0后"
)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d|[一二][〇零○九\d][〇零○一二三四五六七八九\d]{2})(?:年度?(?:底|末|初)?|年\d.*)"
    r"|[一二三四1-4](?:[-—~至到、][一二三四1-4])?季度"
    r"|\d{1,2}月(?:\d{1,2}[日号])?|(?:19|20)\d\d[-—~至](?:19|20)\d\d年?"
)
_BARE_YEAR = re.compile(r"19[5-9]\d|20[0-6]\d")
_VAGUE = re.compile(
    r"[数几][十百千万亿]|.*[十百千万]几|几|好几|若干|多(?!\d)|成百上千|大量|大半|一[批些定]$|一系列"
)
_LONE_MULTIPLIER = re.compile(r"[百千万亿](?![百千万亿余多]|分之)")


def _not_a_quantity(text: str, core: str) -> str | None:
    """Why `text` is no quantity, in words that follow it; None where it may be one."""
    for start, reason in vocabulary().not_quantities.items():
        if text.startswith(start):
            return f"是{reason}"
    if re.match(r"零(?!点|以?[上下]|$)", core):
        return "是名称用语，不是数量"
    if _GENERATION.fullmatch(core):
        return "是网络的代次，不是数量"
    if _ORDINAL.fullmatch(core):
        return "是序次或等级，不是数量"
    # 15日 is a day of the month, 不超过15日 a stretch of time.
    if _DATE.fullmatch(core) or re.fullmatch(r"(?:每月)?\d+[日号]", text):
        return "是日期，不是数量"
    return None


def _no_number(text: str, core: str) -> str | None:
    """Why `text` has no number that can be read safely, in words that follow it."""
    if _BARE_YEAR.fullmatch(text):
        return "疑为年份，没有单位"
    if _VAGUE.match(core):
        return "是约数，没有具体数字"
    if core == text and _LONE_MULTIPLIER.match(core):
        return "只有数位词，没有数字"
    return None
