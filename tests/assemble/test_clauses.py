"""How a sentence falls into clauses, and what a clerk would write for each."""

from __future__ import annotations

import pytest

from workplan.assemble.clause import clauses_of
from workplan.assemble.layout import Layout

PHRASES = [
    ("要全面{A|加强}校园安全管理，切实{A|守好}底线。", ["加强校园安全管理", "守好底线"]),
    ("（一）{A|支持}乡镇学校发展。", ["支持乡镇学校发展"]),
    ("{A|清理}、{A|规范}收费项目。", ["清理收费项目", "规范收费项目"]),
    ("{A|改建}和合理{A|利用}闲置校舍。", ["改建闲置校舍", "利用闲置校舍"]),
    ("{A|编制}方案并于{D|6月底前}{A|印发}实施。", ["编制方案", "印发实施"]),
    (
        "{A|推动}{O|甲乡}、{O|乙乡}{A|开展}{Q|1项}{M|特色活动}。",
        ["推动甲乡、乙乡开展1项特色活动", "开展1项特色活动"],
    ),
    ("{M|规范管理率}{A|提升}至{Q|85%}。", ["规范管理率提升至85%"]),
    ("将{M|补助标准}{A|提高}到{Q|79元}。", ["将补助标准提高到79元"]),
    ("对{Q|30家}{M|食堂}逐一{A|进行检查}。", ["对30家食堂进行检查"]),
    ("对象家庭全部{A|走访}到位。", ["对象家庭走访到位"]),
    ("{D|年底前}，为{Q|2万名}{M|老人}{A|提供}服务。", ["为2万名老人提供服务"]),
    ("能力显著{A|提升}。", ["能力显著提升"]),
    (
        "{A|落实}“外防、内控，双管齐下”策略，{A|完善}机制。",
        ["落实“外防、内控，双管齐下”策略", "完善机制"],
    ),
    ("{A|建成}了{Q|3个}{M|中心}。", ["建成3个中心"]),
    ("{A|安排}{M|资金}{Q|1,200万元}，{A|支持}改建。", ["安排资金1,200万元", "支持改建"]),
]


@pytest.mark.parametrize(("line", "expected"), PHRASES)
def test_phrases(marks, line: str, expected: list[str]) -> None:
    marked = marks(line)
    clauses = clauses_of(Layout.of(marked.text, marked.spans))
    phrases = [clause.words(marked.text) for clause in clauses]
    assert phrases == expected


def test_clauses_cover_the_sentence(marks) -> None:
    marked = marks(
        "按照部署，{O|市教育局}{A|新建}{M|校舍}{Q|6所}，{M|面积}{Q|2万平方米}；{D|年底前}，{A|投用}。"
    )
    clauses = clauses_of(Layout.of(marked.text, marked.spans))
    parts = [marked.text[clause.start : clause.end] for clause in clauses]
    assert parts == ["按照部署，市教育局新建校舍6所，面积2万平方米；", "年底前，投用。"]
