"""The words that numbers keep company with: units, comparators, denominators, change verbs.

Compiled once from configs/quantities.yaml and the unit lexicons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml

from workplan import resources
from workplan.normalise.numerals import NUMERAL_CHARACTERS
from workplan.types import Comparator

# Units that stand in no lexicon of things: 大 of 六大, the ratio's 1.
_FURTHER_UNITS = ("%", "‰", "‱", "大", "种", "番", "周岁", "岁")


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


class Vocabulary:
    """Compiled patterns; every `…_before` one looks at the end of what stands before a figure."""

    def __init__(self, settings: dict[str, Any], units: Iterable[str]) -> None:
        self.units = frozenset(units)
        self.unit = re.compile(alternatives(self.units))
        # 5千瓦 is 5 千瓦, never 5000 瓦.
        self.scaled_unit = re.compile(
            alternatives(unit for unit in self.units if unit[0] in NUMERAL_CHARACTERS)
        )
        before, after = settings["before"], settings["after"]
        self.comparator_of_prefix = _inverted(before)
        self.comparator_of_suffix = _inverted(after)
        prefixes = alternatives(self.comparator_of_prefix)
        self.prefix = re.compile(prefixes)
        self.suffix = re.compile(rf"(?:{alternatives(self.comparator_of_suffix)})$")
        self.prefix_before = re.compile(rf"(?P<word>{prefixes})$")
        self.compound_before = re.compile(rf"(?:{alternatives(settings['compounds'])})$")
        self.distant_before = _grouped(settings["distant"], r"[^，。；：、\d]{1,8}$")
        self.of_the_before = _grouped(settings["of_the"], r"[^，。；：、\d]{1,16}的$")
        whole = alternatives(settings["denominators"])
        share = rf"每(?:[一两\d]*[十百千万]*)?(?:{whole})(?![率级化性])"
        self.per = re.compile(rf"(?:{share})+|{alternatives(settings['averages'])}")
        self.per_before = re.compile(rf"(?:{share})+")
        changes = alternatives(settings["changes"])
        numeral = rf"[{NUMERAL_CHARACTERS}.,]+[多余]?[百千万亿]*"
        figure = rf"{numeral}(?:{self.unit.pattern})?(?:、|和|与|及)"
        moved = alternatives(settings["changes_of"])
        self.change_before = re.compile(
            rf"(?<!新)(?:{changes})了?(?:{prefixes})?(?:{figure})*$"
            rf"|(?:{moved})了?(?:(?![到至为达的是在])[\u4e00-\u9fff]){{1,12}}$"
        )
        self.shared_prefix_before = re.compile(rf"(?:分别|均)(?P<word>{prefixes})(?:{figure})+$")
        self.row = re.compile(
            rf"(?P<mark>、|和|与|及|以及){numeral}"
            rf"(?P<unit>(?:{self.unit.pattern})?)"
            rf"(?P<suffix>{alternatives(self.comparator_of_suffix)})?"
        )
        self.not_quantities: dict[str, str] = settings["not_quantities"]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of configs/, read once."""
    text = resources.config("quantities.yaml").read_text(encoding="utf-8")
    lexicons = ("units", "classifiers", "durations")
    units = {entry for name in lexicons for entry in resources.read_lexicon(name)}
    return Vocabulary(yaml.safe_load(text), units.union(_FURTHER_UNITS))


def _inverted(words: dict[Comparator, list[str]]) -> dict[str, Comparator]:
    return {word: comparator for comparator, group in words.items() for word in group}


def _grouped(words: dict[str, list[str]], tail: str) -> re.Pattern[str]:
    """One named group a comparator: the name of the group that matched is the reading."""
    groups = "|".join(f"(?P<{name}>{alternatives(group)})" for name, group in words.items())
    return re.compile(rf"(?<!不)(?:{groups}){tail}")
