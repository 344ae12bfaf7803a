"""Encodings told apart by what they decode to."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workplan.read.encoding import decode

SIMPLIFIED = (
    "推进医疗卫生体制改革",
    "新建标准化卫生院12个",
    "覆盖率达到85%以上",
    "市财政局、市教育局负责",
    "年底前完成验收",
    "加强组织领导，压实工作责任",
    "一、提升服务能力",
    "（二）健全工作机制",
)
TRADITIONAL = (
    "推進醫療衛生體制改革",
    "新建標準化衛生院12個",
    "覆蓋率達到85%以上",
    "市財政局、市教育局負責",
    "年底前完成驗收",
    "加強組織領導，壓實工作責任",
    "一、提升服務能力",
    "（二）健全工作機制",
)


def texts(clauses: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Plan-like texts: from one clause to a page."""
    return st.lists(st.sampled_from(clauses), min_size=1, max_size=40).map("。\n".join)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@given(text=texts(SIMPLIFIED))
@example(text="市财政局负责")
def test_simplified_round_trip(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded is not None
    assert decoded.text == text
    assert decoded.lost == 0


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16"])
@given(text=texts(TRADITIONAL))
@example(text="年底前完成驗收")
def test_traditional_round_trip(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded is not None
    assert decoded.text == text


@given(text=texts(SIMPLIFIED), start=st.integers(0, 50), size=st.integers(8, 30))
def test_short_pieces(text: str, start: int, size: int) -> None:
    piece = text[start : start + size].strip()
    assume(sum(char > "\x7f" for char in piece) >= 6)
    decoded = decode(piece.encode("gb18030"))
    assert decoded is not None
    assert decoded.text == piece


def test_a_page_that_lies_about_its_charset_is_read_all_the_same() -> None:
    data = "加强医疗卫生工作，年底前完成3个项目。".encode()
    decoded = decode(data, declared="gb2312")
    assert decoded is not None
    assert decoded.text == data.decode()


def test_declared_gb2312_may_hold_characters_of_gb18030() -> None:
    text = "镕基路、䶮东街道办事处完成改造。"
    decoded = decode(text.encode("gb18030"), declared="gb2312")
    assert decoded is not None
    assert decoded.text == text


def test_a_torn_character_costs_that_character_only() -> None:
    text = "加强医疗卫生工作，年底前完成3个项目。" * 20
    decoded = decode(text.encode()[:-1])
    assert decoded is not None
    assert decoded.text == text[:-1] + "\ufffd"
    assert decoded.lost == 1


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 200])
def test_noise_is_no_text(data: bytes) -> None:
    assert decode(data) is None
