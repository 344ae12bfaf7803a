"""What is looked for first, because it is quick, stands in all that is looked for after it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.assemble import aim, edges, kind

CUES = [
    (kind._GUIDES, kind._GUIDING),
    (kind._DATES, kind._PAST_TIME),
    (kind._DATES, kind._OPENING_YEAR),
    (kind._DATES, kind._YEAR),
    (aim._FROM, aim._SINCE),
]


@pytest.mark.parametrize(
    ("cue", "pattern"), CUES, ids=["guides", "past", "opening", "year", "from"]
)
@given(data=st.data())
def test_cue(cue: re.Pattern[str], pattern: re.Pattern[str], data: st.DataObject) -> None:
    assert cue.search(data.draw(st.from_regex(pattern)))


BEGINNINGS = [
    (edges.label, edges._LABEL),
    (edges.bracket, edges._BRACKET),
    (edges.comparison, edges._COMPARES),
    (edges.joint, edges._JOINT),
    (edges.served, edges._SERVED),
]


@pytest.mark.parametrize(("rule", "pattern"), BEGINNINGS)
@given(data=st.data())
def test_a_rule_is_tried_where_a_metric_begins_as_it_wants(
    rule: edges.Rule, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    words = data.draw(st.from_regex(pattern, fullmatch=True))
    assert rule in edges._rules_for(words[0])
