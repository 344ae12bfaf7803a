"""Figures whose noun the labeller left unmarked: named where the clause leaves no doubt."""

from __future__ import annotations

import pytest

from workplan.assemble import targets_of
from workplan.assemble.target import GUESSED, NO_METRIC


@pytest.mark.parametrize(
    ("line", "metric"),
    [
        ("{A|巩固}{Q|20项}便民服务项目，{A|实现}全覆盖。", "便民服务项目"),
        ("{A|深化}{Q|6个}社区书屋建设。", "社区书屋"),
        ("{A|新增}托位{Q|500个}。", "托位"),
        ("{A|实现}行政村{Q|100%}全覆盖。", "行政村"),
        ("{A|新增}{M|托位}{Q|500个}、婴幼儿床位{Q|60张}。", "婴幼儿床位"),
        ("全县病历电子化率{A|提升}至{Q|95%}。", "病历电子化率"),
        (
            "各县（市、区）农村生活垃圾（含厨余）回收率达到{Q|35%以上}。",
            "农村生活垃圾（含厨余）回收率",
        ),
        ("{A|完善}制度，力争“好差评”满意率保持在{Q|99%}。", "“好差评”满意率"),
    ],
)
def test_noun_is_read_from_the_clause(marks, line: str, metric: str) -> None:
    marked = marks(line)
    target = targets_of(marked.text, marked.spans, 2024)[-1]
    assert target.metric == metric
    assert GUESSED.format(metric) in target.reasons


@pytest.mark.parametrize(
    "line",
    [
        "{A|投入}{Q|500万元}。",
        "每年{A|调整}专业{Q|1次}。",
        "{A|移送}公安机关{Q|3起}。",
        "{A|奖励}{Q|20人}，{A|通报}一批。",
        "{A|压缩}办理时间{Q|5天}。",
    ],
)
def test_doubtful_words_are_no_metric(marks, line: str) -> None:
    marked = marks(line)
    target = targets_of(marked.text, marked.spans, 2024)[0]
    assert target.metric is None
    assert NO_METRIC.format(target.quantity) in target.reasons


def test_label_comes_before_the_clause(marks) -> None:
    marked = marks("{A|新增}{M|普惠性托位}{Q|500个}。")
    (target,) = targets_of(marked.text, marked.spans, 2024)
    assert target.metric == "普惠性托位"
    assert target.reasons == ()
