"""Dates: the table of readings, what the reasons say, and that nothing raises."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from expressions import bracketed, rows
from hypothesis import given
from hypothesis import strategies as st

from workplan.normalise import read_date


@pytest.mark.parametrize("row", rows("dates.tsv"), ids=lambda row: " ".join(row[:2]))
def test_reading(row: list[str]) -> None:
    year, sentence, first, last, otherwise = row
    before, text, after = bracketed(sentence)
    due = read_date(text, year=None if year == "-" else int(year), before=before, after=after)
    assert (due.start or "-", due.end or "-") == (first, last)
    assert bool(due.rule) == (otherwise == "rule")
    assert bool(due.reason) == (otherwise == "reason")


def test_recurring_rule_keeps_the_word_before_it() -> None:
    assert read_date("2月底前", year=2021, before="每年").rule == "每年2月底前"


def test_reasons_say_what_is_wrong() -> None:
    assert "2月没有30日" in (read_date("2月30日", year=2021).reason or "")
    assert "没有13月" in (read_date("13月底前", year=2021).reason or "")
    assert "计划年份不明" in (read_date("今年", year=None).reason or "")
    assert "缺少年份" in (read_date("6月底前", year=None).reason or "")


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
STYLES = (
    "{0.year}年{0.month}月{0.day}日",
    "{0.year} 年 {0.month} 月 {0.day} 日",
    "{0.year}-{0.month:02}-{0.day:02}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month:02}月{0.day:02}日",
    "{0.year}年{0.month}月{0.day}号",
)


@given(DAYS, st.sampled_from(STYLES))
def test_every_style_of_a_day_reads_back(day: date, style: str) -> None:
    written = style.format(day)
    assert read_date(written, year=None) == read_date(written, year=1999)
    due = read_date(written + "前", year=None)
    assert (due.start, due.end) == (None, day.isoformat())
    due = read_date(written + "起", year=None)
    assert (due.start, due.end) == (day.isoformat(), None)


@given(DAYS, st.integers(1, 400))
def test_a_range_holds_its_ends(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    form = "{0.year}年{0.month}月{0.day}日"
    due = read_date(f"{form.format(first)}至{form.format(last)}", year=None)
    assert (due.start, due.end) == (first.isoformat(), last.isoformat())


PIECES = st.sampled_from(
    [*"0123456789一二三十廿〇零年月日号季度旬上中下半前后内起底末初到至自从—-、/.：“”（）xX"]
    + [
        "今年",
        "明年",
        "每年",
        "十四五",
        "期间",
        "春节",
        "农历",
        "腊月",
        "之日起",
        "工作日",
        "2021年",
    ]
)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.none() | st.integers(-5, 12000),
    st.lists(PIECES, max_size=4).map("".join),
    st.lists(PIECES, max_size=4).map("".join),
)
def test_never_raises_and_days_are_real(
    text: str, year: int | None, before: str, after: str
) -> None:
    due = read_date(text, year=year, before=before, after=after)
    start, end = (date.fromisoformat(d) if d else None for d in (due.start, due.end))
    assert start or end or due.rule or due.reason
    assert not (start and end) or start <= end


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
def test_any_text_is_survived(text: str, before: str, after: str) -> None:
    read_date(text, year=2021, before=before, after=after)
