"""A paragraph is cut where a reader of official papers would cut it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.segment.sentences import cut_sentences


def cut(view: str) -> list[str]:
    return [view[start:end] for start, end in cut_sentences(view)]


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        pytest.param(
            "新建公园3个。改造管网20公里；修缮桥梁！谁来建？",
            ["新建公园3个。", "改造管网20公里；", "修缮桥梁！", "谁来建？"],
            id="the four marks",
        ),
        pytest.param(
            "新建公园3个;改造管网20公里;谁来建?",
            ["新建公园3个;", "改造管网20公里;", "谁来建?"],
            id="half-width marks",
        ),
        pytest.param(
            "登录http://a.example/p?id=7;n=2查询。",
            ["登录http://a.example/p?id=7;n=2查询。"],
            id="an address stays whole",
        ),
        pytest.param(
            "覆盖率达到95.6%，约3.5万人。B.E.S.T.计划继续实施。",
            ["覆盖率达到95.6%，约3.5万人。", "B.E.S.T.计划继续实施。"],
            id="decimals and abbreviations",
        ),
        pytest.param(
            "坚持“能快则快；能简则简”的原则，办好实事。",
            ["坚持“能快则快；能简则简”的原则，办好实事。"],
            id="a slogan in quotes",
        ),
        pytest.param(
            "破解“钱从哪来？”的难题，印发《种什么？怎么种？》。",
            ["破解“钱从哪来？”的难题，印发《种什么？怎么种？》。"],
            id="questions inside names",
        ),
        pytest.param(
            "会议强调：“要马上就办！”各单位照此执行。",
            ["会议强调：“要马上就办！”", "各单位照此执行。"],
            id="speech ends with its quote",
        ),
        pytest.param("落实到位。。抓紧办！！", ["落实到位。。", "抓紧办！！"], id="doubled marks"),
        pytest.param(
            "新建学校2所。（责任单位：县教育局；县财政局）改造食堂5个。",
            ["新建学校2所。", "（责任单位：县教育局；县财政局）", "改造食堂5个。"],
            id="a responsibility bracket after the mark",
        ),
        pytest.param(
            "新建学校2所（责任单位：县教育局）。【县住建局牵头】",
            ["新建学校2所（责任单位：县教育局）。", "【县住建局牵头】"],
            id="and before it",
        ),
        pytest.param(
            "开工建设。（二期）项目年内完工。",
            ["开工建设。", "（二期）项目年内完工。"],
            id="an ordinary bracket opens its sentence",
        ),
        pytest.param(
            "主要是：一是建网络，二是强队伍。三是补短板；四是抓考核。",
            ["主要是：一是建网络，二是强队伍。", "三是补短板；", "四是抓考核。"],
            id="numbered clauses are cut at marks only",
        ),
        pytest.param(
            "按“两不愁原则；推进工作。", ["按“两不愁原则；", "推进工作。"], id="open quote"
        ),
        pytest.param(
            "　　开展巡查。　 加强整改。 ", ["开展巡查。", "加强整改。"], id="white space"
        ),
        pytest.param("   ", [], id="nothing"),
    ],
)
def test_cuts(paragraph: str, sentences: list[str]) -> None:
    assert cut(paragraph) == sentences


@given(st.text(alphabet="建甲1.;；。？！“”（）《》：责任 \u3000", max_size=60))
def test_every_character_is_in_one_sentence(paragraph: str) -> None:
    pieces = cut_sentences(paragraph)
    assert pieces == sorted(pieces)
    assert all(first[1] <= second[0] for first, second in zip(pieces, pieces[1:], strict=False))
    assert "".join("".join(cut(paragraph)).split()) == "".join(paragraph.split())
    assert all(piece == piece.strip() and piece for piece in cut(paragraph))


@pytest.mark.parametrize("unit", ["（", "“（", "建设项目，（甲）", "建设项目。", "（责任"])
def test_a_very_long_line_takes_time_in_proportion(unit: str) -> None:
    view = unit * (1_000_000 // len(unit))
    began = time.perf_counter()
    cut_sentences(view)
    assert time.perf_counter() - began < 10


def test_a_list_without_a_stop_is_cut_at_a_comma() -> None:
    view = "建设示范园区、" * 1000
    pieces = cut(view)
    assert "".join(pieces) == view
    assert len(pieces) == 4
    assert all(piece.endswith("、") for piece in pieces)
    assert [len(piece) for piece in cut("建" * 5000)] == [2000, 2000, 1000]
