"""Which lines are dates, told quickly by their last character."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.read import dates


@pytest.mark.parametrize("pattern", [dates._ALONE, dates._DAMAGED], ids=["whole", "damaged"])
@given(data=st.data())
def test_what_ends_like_no_date_is_none(pattern: re.Pattern[str], data: st.DataObject) -> None:
    assert dates.ends_like_date(data.draw(st.from_regex(pattern, fullmatch=True)) + " ")


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("2021年3月30日", True),
        ("（二〇二一年三月三十日）", True),
        ("2021-03-30 09:52", True),
        ("2021年3月30日印发", True),
        ("全面推进城市更新。", False),
        ("", False),
    ],
)
def test_ends_like_date(line: str, ends: bool) -> None:
    assert dates.ends_like_date(line) is ends
