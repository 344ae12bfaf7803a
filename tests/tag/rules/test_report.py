"""The report counts what functions found, checked by hand on three sentences."""

from __future__ import annotations

from workplan.tag.rules import load_functions
from workplan.tag.rules.report import rows, table, tally
from workplan.types import Span

load_functions()
GOLD = [
    ("新增站点12个。", [Span(0, 2, "ACTION"), Span(2, 4, "METRIC"), Span(4, 7, "QUANTITY")]),
    ("覆盖率达到85%。", [Span(0, 3, "METRIC"), Span(5, 8, "QUANTITY")]),
    ("第12次会议召开。", []),
]


def test_counts_on_gold() -> None:
    tallies, gold, sentences = tally(GOLD)
    assert sentences == 3
    assert gold["QUANTITY"] == 2
    records = {r["function"]: r for r in rows(tallies, gold, sentences)}
    counted = records["counted"]
    assert (counted["stretches"], counted["coverage"]) == (1, 0.3333)
    assert (counted["precision"], counted["recall"]) == (1.0, 0.5)
    assert records["percentage"]["recall"] == 0.5
    assert records["masked"]["precision"] is None
    ordinal = records["ordinal"]
    assert (ordinal["votes"], ordinal["precision"], ordinal["recall"]) == ("against", 1.0, None)


def test_overlap_and_conflict() -> None:
    tallies, gold, sentences = tally([("覆盖率达到85%。", None)])
    records = {r["function"]: r for r in rows(tallies, gold, sentences)}
    known, before = records["known_indicator"], records["noun_before_its_value"]
    assert known["overlap"] == before["overlap"] == 1.0  # both find 覆盖率
    assert known["precision"] is None  # no gold, no precision
    assert records["idle_verb"]["stretches"] == 1  # 达到


def test_the_table_groups_functions_by_label() -> None:
    tallies, gold, sentences = tally(GOLD)
    text = table(rows(tallies, gold, sentences), gold, sentences)
    assert text.index("DEADLINE 完成时限") < text.index("QUANTITY 数量, 2 gold spans")
    assert "  counted" in text
