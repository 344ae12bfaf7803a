"""The examples in the docstrings of the normalise step are right."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["numerals", "figure", "quantity", "period", "date", "organisation", "section"]
)
def test_examples(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"workplan.normalise.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
