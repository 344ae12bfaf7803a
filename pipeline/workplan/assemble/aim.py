"""Which quantities state an aim or a result, and so make a record; the rest only describe.

Each rule names one reason for a quantity to make none. In its docstring a line with + is an
example and one with - a counter-example, spans marked {Q|320元}, the quantity meant {Q!|320元};
the tests run them. README.md beside this file says what the rules were measured against.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from workplan.assemble.amount import Amount
from workplan.assemble.condition import condition
from workplan.assemble.layout import Layout, Range
from workplan.normalise import baseline_of, read_quantity

Rule = Callable[[Amount], bool]

SUMMED = ("部门", "部委", "方面", "领域", "场景", "环节", "省区", "专项附加扣除")
"""Nouns that a number after 等 only sums up, however many the list leaves out."""

SCOPE_FACTOR = 3
"""A count of more than so many times the items named before 等 goes beyond them: it is the
scope of the work (A、B等232个项目), not the sum of the list."""


_MARK = re.compile("[，；。：]")
_CHANGED = re.compile("[^，；。Q]{0,8}A[^，；。Q]{0,3}[至到为][^，；。Q]{0,8}")
_FROM = re.compile("[由从自]")
"""Without one of these before it no figure is started from; to look for them is quick."""
_SINCE = re.compile("[由从][^，；。Q]{0,12}$")
_NUMBERED = re.compile(r"\d{2,3}线?")
_ROADS = ("国道", "省道", "县道", "乡道")
_SIBLING = re.compile("“[一二三四五六七八九十两0-9]+[个大项]?[^“”]{1,8}”[、和]$")
_MASKED_PLACE = re.compile("[xX×*]{1,4}(?:省|市|区|县|镇|乡|村|街道|路)")
_OPERATORS = tuple("×x*＝=/÷")
_BASE = re.compile("为(?:基数|基准|基础)")
_BASED_ON = re.compile("以[^，；]{0,25}$")
_LIST_FOLLOWS = re.compile("：|（[^）]*）：")
_SUMMING = re.compile(r"等(?:全国|全省|全市|全县|[东中西]部)?$")
_CONJUNCTION = re.compile("[、和与及]")
_LABELLED = re.compile("[MQA]$|O.")
_ACTED_ON = re.compile("[^，；。]*A")
_LONG = re.compile("(?:提前|历[经时]|步行|经过|近|仅|满|未满)$")
_NESTED = re.compile("M?(?:涉及的|中，|的大国|外，)|M?(?:“[^”]{1,20}”)?之一")
_BOUNDED = ("以上", "以下")
_SAID = ("这", "该", "上述", "下列", "以下", "前述", "其他", "其余")


@lru_cache(maxsize=1024)
def without_aim(layout: Layout, index: int) -> str | None:
    """The name of the first rule by which quantity `index` makes no record; None: it makes one."""
    amount = Amount(layout, index)
    for rule in RULES:
        if rule(amount):
            return rule.__name__
    return None


def start_of(layout: Layout, index: int) -> Range | None:
    """The figure that quantity `index` starts from: the 320元 of 由320元提高到356元."""
    if not index:
        return None
    earlier, here = layout.quantities[index - 1 : index + 1]
    if not _FROM.search(layout.text, 0, earlier[0]):
        return None
    if baseline_of(layout.text, here, [earlier, here]) == earlier:
        return earlier
    changed = _CHANGED.fullmatch(layout.outline(earlier[1], here[0]))
    return earlier if changed and _SINCE.search(layout.before(earlier[0])) else None


def misread(amount: Amount) -> bool:
    """A date, an ordinal, a road's number: no figure, though the labeller took it for one.

    + {O|局办公室}{Q!|每月25日}{A|汇总}。
    + {A|完成}{Q!|二期}工程。
    + {A|改造}省道{Q!|308线}。
    - {A|完成}{Q!|x期}{M|培训}。
    - {A|组织}{Q!|百家}{M|企业}参展。
    """
    if amount.before.endswith(_ROADS) and _NUMBERED.fullmatch(amount.words):
        return True
    return not read_quantity(amount.words).is_quantity


def quoted(amount: Amount) -> bool:
    """The whole of a slogan, or a number in the name of one.

    + {A|落实}“{Q!|六个百分之百}”。
    + {A|落实}“六个强化”、{Q!|七个}“毫不放松”。
    - {A|建设}{Q!|7个}“{M|书香校园}”。
    """
    if amount.after.startswith("”"):
        return amount.before.endswith("“")
    return amount.after.startswith("“") and _SIBLING.search(amount.before) is not None


def masked_place(amount: Amount) -> bool:
    """A place whose name is masked.

    + {Q!|xx镇}{M|卫生室}{A|投用}。
    - {A|覆盖}{Q!|xx个}{M|镇}。
    """
    return _MASKED_PLACE.fullmatch(amount.words) is not None


def formula(amount: Amount) -> bool:
    """A factor of a formula.

    + 床位使用率=占用床日数÷开放床日数×{Q!|100%}。
    - {M|覆盖率}达到{Q!|100%}。
    """
    return amount.before.endswith(_OPERATORS)


def baseline(amount: Amount) -> bool:
    """The level that a change starts from.

    + 将{M|补助标准}由{Q!|320元}{A|提高}到{Q|356元}。
    + 以上年{M|招生数}{Q!|1200名}为基数，逐年{A|扩招}。
    - 将{M|补助标准}由{Q|320元}{A|提高}到{Q!|356元}。
    """
    if amount.following and start_of(amount.layout, amount.index + 1) == amount.place:
        return True
    based = _BASE.match(amount.after)
    return bool(based and _BASED_ON.search(_clause_before(amount)))


def announced(amount: Amount) -> bool:
    """A count of what is listed next.

    + {A|采取}{Q!|三项}{M|措施}：一是{A|加强}管理。
    - {A|实施}{Q!|三项}{M|工程}，{A|加强}管理。
    """
    if not amount.counts:
        return False
    rest = amount.layout.after(amount.noun[1]) if amount.noun else amount.after
    return _LIST_FOLLOWS.match(rest) is not None


def aspects(amount: Amount) -> bool:
    """A count of aspects.

    + 围绕{Q!|四个}{M|方面}{A|推出}{Q|15条}{M|举措}。
    - {A|建设}{Q!|四个}{M|中心}。
    """
    return amount.counts and _noun(amount) in ("方面", "大方面")


def list_sum(amount: Amount) -> bool:
    """A count that sums up the list before it.

    + {A|推进}{O|甲县医院}、{O|乙县医院}等{Q!|两家}{M|机构}{A|创建}示范。
    + {A|推动}甲县、乙县、丙县{Q!|3个}{M|试点县}{A|开展}评估。
    + {O|市教育局}等{Q!|九}{M|部门}{A|印发}通知。
    - {A|推进}甲河、乙河等{Q!|30条}{M|河流}治理。
    - {A|建设}{M|阅览室}、{Q!|2个}{M|操场}。
    - {A|新建}{Q!|2所}{M|医院}。
    """
    if not amount.counts:
        return False
    clause = _clause_before(amount)
    named = _SUMMING.search(clause)
    listed = _CONJUNCTION.split(clause)
    items = len(listed)
    if not named and items == 1:
        return False
    value = _whole(amount)
    if not named:
        apart = not listed[-1] or _LABELLED.search(listed[-1])
        return items == value and not apart
    if _noun(amount).endswith(SUMMED):
        return True
    if value is not None and value > SCOPE_FACTOR * items:
        return False
    if clause[: named.start()].endswith("O"):
        return True
    acted_on = "A" in clause or _ACTED_ON.match(amount.after)
    return items > 1 and (not acted_on or (value is not None and value <= items))


def duration(amount: Amount) -> bool:
    """How long or how often something went on.

    + {M|产值}连续{Q!|五年}{A|增长}。
    + 比原计划提前{Q!|3个月}{A|完工}。
    - {M|办理时限}{A|压缩}{Q!|5天}。
    """
    if amount.before.endswith("连续"):
        return True
    if amount.kind != "time":
        return False
    return bool(
        _LONG.search(amount.before)
        or re.match("未?满|24小时$", amount.words)
        or amount.after.startswith("范围")
    )


def existing(amount: Amount) -> bool:
    """What there is, in a sentence in which nothing is done.

    + 全镇共有{M|行政村}{Q!|9个}。
    - {A|建成}{M|公园}{Q!|9个}。
    """
    if amount.layout.actions:
        return False
    there_is = "[共现仅尚下]有|辖|(?:全[县镇乡村区院校]|境内|[沿山河])有"
    return bool(re.search(there_is, amount.before))


def inner(amount: Amount) -> bool:
    """A count inside the phrase of another one.

    + {Q!|102项}{M|工程}涉及的{Q|5000个}{M|项目}{A|开工}。
    + {Q!|三大类}{Q|35个}{M|事项}{A|实现}联办。
    + {A|获评}全省{Q!|5家}“书香示范点”之一。
    + {A|通达}{Q|300个}{Q!|20户以上}的{M|自然村}。
    - {A|覆盖}{Q!|17个}{M|省}的{Q|43个}{M|县}。
    """
    if amount.words.endswith("类") and amount.after.startswith("Q"):
        return True
    if amount.words.endswith(_BOUNDED) and amount.index:
        earlier = amount.layout.quantities[amount.index - 1]
        if earlier[1] == amount.place[0]:
            return True
    return amount.counts and _NESTED.match(amount.after) is not None


def referred(amount: Amount) -> bool:
    """A count of what was said before.

    + {A|实施}好这{Q!|两项}{M|工程}。
    - {A|实施}好{Q!|两项}{M|工程}。
    """
    return amount.before.endswith(_SAID)


def share_base(amount: Amount) -> bool:
    """What a share is taken of.

    + {A|承担}{M|总投资}{Q!|5亿元}的{Q|60%}。
    - {A|承担}{M|总投资}{Q!|5亿元}的项目。
    """
    following = amount.following
    if not following or amount.layout.outline(amount.place[1], following[0]) != "的":
        return False
    return amount.layout.kind(following) in ("ratio", "times", "bare")


def scope(amount: Amount) -> bool:
    """Whose indicator is measured.

    + 全省{Q!|21个}{M|园区}{M|出口额}{A|增长}{Q|3%}。
    - 全省{Q!|21个}{M|园区}{A|挂牌}。
    """
    if amount.noun is None or not amount.counts:
        return False
    return amount.layout.after(amount.noun[1]).startswith("M")


RULES: tuple[Rule, ...] = (
    misread,
    quoted,
    masked_place,
    formula,
    baseline,
    announced,
    aspects,
    list_sum,
    condition,
    duration,
    existing,
    inner,
    referred,
    share_base,
    scope,
)


def _clause_before(amount: Amount) -> str:
    """The outline from the last mark to the quantity."""
    return _MARK.split(amount.before)[-1]


def _noun(amount: Amount) -> str:
    return amount.layout.words(amount.noun) if amount.noun else ""


def _whole(amount: Amount) -> float | None:
    value = read_quantity(amount.words).value
    return value if isinstance(value, int | float) else None
