"""The examples in the rules' docstrings hold."""

from __future__ import annotations

import inspect
import re

import pytest

from workplan.assemble.aim import RULES, Rule
from workplan.assemble.amount import Amount
from workplan.assemble.layout import Layout


def examples() -> list[tuple[Rule, str, bool]]:
    found = []
    for rule in RULES:
        for sign, line in re.findall(r"^ *([+-]) (.+)$", inspect.getdoc(rule) or "", re.M):
            found.append((rule, line, sign == "+"))
    return found


@pytest.mark.parametrize(("rule", "line", "holds"), examples())
def test_example(marks, rule: Rule, line: str, holds: bool) -> None:
    marked = marks(line)
    assert marked.meant is not None
    assert rule(Amount(Layout.of(marked.text, marked.spans), marked.meant)) is holds


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_example_and_a_counter_example(rule: Rule) -> None:
    signs = {holds for named, _, holds in examples() if named is rule}
    assert signs == {True, False}
