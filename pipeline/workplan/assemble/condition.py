"""Figures that a case must fulfil, or that give its size, and so are no aim of their own."""

from __future__ import annotations

import re

from workplan.assemble.amount import Amount
from workplan.assemble.sort_of_figure import COUNTED

_BOUND = re.compile("以[上下内]|[超大小高低]于|超过|不[超满足少低高]|未?满")
_CASES = re.compile("M|[大中小]?城市|县|乡镇|村|企业|单位|家庭|项目|农村|地区|机构|医院|学校|小区")
_ATTRIBUTE = re.compile("[^，。；A]{0,20}的[，；：]")
_FUNDS = re.compile("[款金费资补贴奖债额值]$|投入|收入|支出|资金|贷款")
"""Nouns that an amount of money counts; money cannot count 项目 or 企业, only size them."""


def condition(amount: Amount) -> bool:
    """A bound that says which cases are meant, not what is to be reached.

    + {A|支持}{M|常住人口}{Q!|5万人以上}的县{A|建设}医院。
    + {M|营业额}在{Q!|500万元以下}的，{A|免征}税费。
    + {A|淘汰}{Q!|35蒸吨以下}{M|燃煤锅炉}{Q|52台}。
    + {Q!|5亿元以上}的{M|项目}由市领导{A|包保}。
    + {A|清理}{Q!|3年以上}未{A|处置}的库存。
    - {A|覆盖}{Q!|80%以上}的{M|县}。
    - 并{A|处}{Q!|10万元以下}的{M|罚款}。
    - {M|死亡率}{A|控制}在{Q!|9/10万以下}和{Q|4‰以下}。
    """
    rest, layout = amount.after, amount.layout
    if _ATTRIBUTE.match(rest):
        return True
    if not _is_bound(amount) or re.match("的?(?:目标|任务|要求|水平|规模)", rest):
        return False
    metric = layout.measured(amount.place)
    if metric is None and amount.kind == "time":
        return bool(re.match("M|的?[^，。；：、）A-Z在内]", rest))
    if metric is None or layout.outline(metric[1], amount.place[0]).strip("在达到为"):
        return _sizes(amount)
    if re.match("的|且", rest):
        return True
    return amount.kind != "ratio" and bool(_CASES.match(rest) or _sizes(amount))


def _is_bound(amount: Amount) -> bool:
    """Whether the figure is a bound; 超 alone only of cases that are named (对超2万元的家庭)."""
    if _BOUND.search(amount.words):
        return True
    if amount.words[0] not in "超逾":
        return False
    clause = re.split("[，；。：]", amount.before)[-1]
    return bool(re.match("其中|[对为给凡]", clause))


def _sizes(amount: Amount) -> bool:
    """Whether the figure gives the size of a case, or of what the next figure counts."""
    kind, noun, following = amount.kind, amount.noun, amount.following
    if kind in ("ratio", "points", "times", "bare"):
        return False
    if noun is None:
        named = re.search("[^，。；：、（A-Z的在达到为]$", amount.before)
        follows = re.match("的?[^，。；：、）（A-Z的和与及]", amount.after)
        return kind == "measure" and bool(named and follows)
    layout = amount.layout
    if following and noun[1] <= following[0]:
        gap = layout.outline(noun[1], following[0])
        if not gap.strip("达到为共"):
            return layout.kind(following) in COUNTED
    if kind == "money":
        return not _FUNDS.search(layout.words(noun))
    return kind == "measure" and not amount.before.endswith("A")
