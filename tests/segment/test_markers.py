"""The numbering that opens a paragraph."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.segment.markers import STYLES, read_marker


@pytest.mark.parametrize("pattern", [p for _, p in STYLES], ids=[name for name, _ in STYLES])
@given(data=st.data())
def test_every_style_is_read(pattern: re.Pattern[str], data: st.DataObject) -> None:
    words = data.draw(st.from_regex(pattern))
    found = pattern.search(words)
    assert found is not None
    marker = read_marker(words[found.start() :])
    assert marker is not None
    assert STYLES[marker.rank][1].match(words[found.start() :])
