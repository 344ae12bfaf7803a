"""Numerals: whatever is composed reads back, and nothing is read that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.normalise import read_quantity
from workplan.normalise.numerals import read_number


def _grouped(n: int) -> str:
    return f"{n:,}"


def _full_width(n: int) -> str:
    return str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def _in_wan(n: int) -> str:
    return f"{Decimal(n) / 10**4:f}万"


def _in_yi(n: int) -> str:
    return f"{Decimal(n) / 10**8:f}亿"


def _mixed(n: int) -> str:
    """169万7千8百: Arabic digits with every multiplier written, where one writes them so."""
    thousands, wan = n % 10**4, n // 10**4
    if thousands < 1000 or thousands % 10 or wan >= 10**4:
        return str(n)
    below = "".join(
        digit + name
        for digit, name in zip(str(thousands), ("千", "百", "十", ""), strict=True)
        if digit != "0"
    )
    return (f"{wan}万" if wan else "") + below


def _chinese(n: int) -> str:
    return str(cn2an.an2cn(str(n), "low"))


def _cheque(n: int) -> str:
    return str(cn2an.an2cn(str(n), "up"))


STYLES: dict[str, Callable[[int], str]] = {
    "digits": str,
    "grouped": _grouped,
    "full width": _full_width,
    "万": _in_wan,
    "亿": _in_yi,
    "mixed": _mixed,
    "Chinese": _chinese,
    "Chinese with 两": lambda n: re.sub(r"(?<!十)二(?=[千万亿])", "两", _chinese(n)),
    "cheque": _cheque,
    "spaced from its unit": lambda n: f"{n} ",
}


@pytest.mark.parametrize("style", STYLES)
@given(n=st.integers(1, 10**12 - 1) | st.integers(1, 20000))
def test_ten_styles_read_back(style: str, n: int) -> None:
    written = STYLES[style](n)
    assert read_quantity(f"{written}人").value == n
    assert read_quantity(f"不少于{written}人").value == n
    assert read_quantity(f"{written}人以上").comparator == "ge"


@given(n=st.integers(1, 10**6), m=st.integers(1, 10**6))
def test_a_range_keeps_both_ends(n: int, m: int) -> None:
    low, high = sorted((n, n + m))
    quantity = read_quantity(f"{low}—{high}个")
    assert quantity.value is None or quantity.value == (low, high)
    assert quantity.value is not None or high / low > 1000 or re.search(r"^(19|20)\d\d$", str(low))


PIECES = [
    *"0123456789零〇一二两三四五六七八九十百千万亿点.,，%‰个家元人/—-～至到、xX×几数多余约近超半成倍番第每"
]
PIECES += ["以上", "以下", "左右", "不少于", "分之", "万元", "百分点", "至少", "翻", "千瓦", " "]
COMPOSED = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@given(COMPOSED, COMPOSED, COMPOSED)
def test_never_raises_nor_invents(text: str, before: str, after: str) -> None:
    """A value is given only to what has a numeral, a reason only to what has no value."""
    quantity = read_quantity(text, before=before, after=after)
    assert (quantity.value is None) == (quantity.reason is not None)
    assert quantity.value is None or re.search(r"[\d零〇一二两三四五六七八九十百千万亿半番]", text)
    assert quantity.value is None or not re.search(r"[xX×几]", text)
    if isinstance(quantity.value, tuple):
        assert quantity.value[0] < quantity.value[1]


@given(COMPOSED)
def test_every_digit_of_the_text_is_in_the_value(text: str) -> None:
    """No digit is dropped: 8 5% is not 8, and 3.5.2 is not 3.5."""
    quantity = read_quantity(text)
    digits = re.sub(r"[^0-9]", "", text).strip("0")
    plain = re.fullmatch(r"[^0-9]*[0-9,，.]+[^0-9]*", text) and not re.search(r"分之|半|成", text)
    if isinstance(quantity.value, int | float) and digits and plain:
        assert digits in f"{Decimal(str(quantity.value)):f}".replace(".", "")


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_survived(text: str, before: str, after: str) -> None:
    read_quantity(text, before=before, after=after)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,23",
        "1,2345",
        "3.5.2",
        "1.",
        ".5",
        "007",
        "00",
        "3万2万",
        "万万",
        "1万2",
        "3.5万2千",
        "十百",
    ]
    + [
        "一百二十百",
        "一万二亿",
        "百五",
        "零零",
        "三五",
        "1 2",
        "一二三",
        "亿万",
        "2万5",
        "--3",
        "3-",
    ],
)
def test_what_is_no_numeral(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一万二", "12000"),
        ("两百五", "250"),
        ("一万零二", "10002"),
        ("三亿五千万", "350000000"),
        ("五千六百七十八亿九千万", "567890000000"),
        ("3点5", None),
        ("三点一四", "3.14"),
        ("二〇二五", "2025"),
        ("一百十五", "115"),
        ("5千6百万", "56000000"),
        ("1.2万亿", "1200000000000"),
        ("0.05", "0.05"),
        ("-3.5", "-3.5"),
        ("零点五", "0.5"),
    ],
)
def test_numerals(text: str, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))
