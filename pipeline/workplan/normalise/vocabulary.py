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

_SHARED = ("分别", "均")
"""Words behind which several figures share a comparator."""

# One-character denominators with what may not follow them: 每生每天, but 每生产1吨.
_SHORT_SHARES = r"生(?![产活育态])|处(?![理置])|具(?![备有体])|季(?!节)|站|餐"


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


class Vocabulary:
    """Compiled patterns; every `…_before` one looks at the end of what stands before a figure."""

    def __init__(self, settings: dict[str, Any], units: Iterable[str]) -> None:
        units = frozenset(units)
        single = alternatives(units)
        # 剂次 and 辆次 count times; 件（套） leaves open which of two is counted.
        self.unit = re.compile(
            rf"(?:{single})(?:次(?![日年月序数])|（(?:{single})）|\((?:{single})\))?"
        )
        # 5千瓦 is 5 千瓦, never 5000 瓦.
        self.scaled_unit = re.compile(
            alternatives(unit for unit in units if unit[0] in NUMERAL_CHARACTERS)
        )
        self.comparator_of_prefix = _inverted(settings["before"])
        self.comparator_of_suffix = _inverted(settings["after"])
        self.not_quantities: dict[str, str] = settings["not_quantities"]
        prefixes = alternatives(self.comparator_of_prefix)
        self._bind(settings, prefixes)
        self._share(settings, prefixes)
        self._relate(settings, prefixes)

    def _bind(self, settings: dict[str, Any], prefixes: str) -> None:
        """Words that bind a figure from where they stand."""
        ceilings = alternatives(settings["ceilings"])
        self.prefix = re.compile(prefixes)
        self.suffix = re.compile(rf"(?:{alternatives(self.comparator_of_suffix)})$")
        self.prefix_before = re.compile(rf"(?P<word>{prefixes})$")
        self.compound_before = re.compile(rf"(?:{alternatives(settings['compounds'])})$")
        self.distant_before = _grouped(settings["distant"], r"[^，。；：、\d]{1,8}$")
        self.ceiling_before = re.compile(rf"最[高多长]可?以?(?:{ceilings})(?:可?达)?$")
        self.of_the_before = _grouped(settings["of_the"], r"[^，。；：、\d]{1,16}的$")
        # Without one of these none of the three matches, nor shared_prefix_before; to look for
        # them is quick.
        further = [*settings["distant"].values(), *settings["of_the"].values()]
        self.bound = re.compile(alternatives(["最", *_SHARED, *(w for ws in further for w in ws)]))

    def _share(self, settings: dict[str, Any], prefixes: str) -> None:
        """What a figure is counted per."""
        whole = alternatives(settings["denominators"])
        many = r"[一二两三四五\d]*[十百千万]*"
        share = rf"每(?:{many})?(?:(?:{whole})(?![率级化性])|{_SHORT_SHARES})"
        self.per = re.compile(rf"(?:{share})+|{alternatives(settings['averages'])}")
        self.per_before = re.compile(rf"(?:{share})+")
        # Inside a quantity whatever stands between 每 and its number is counted by: 每处2万元.
        self.each = re.compile(
            rf"每{many}(?:(?![每{NUMERAL_CHARACTERS}]|{prefixes})[\u4e00-\u9fff]){{1,5}}"
            rf"(?=每|(?:{prefixes})?[{NUMERAL_CHARACTERS}])"
        )

    def _relate(self, settings: dict[str, Any], prefixes: str) -> None:
        """Verbs that make a figure a change, and figures in a row that share a word."""
        changes, moved = alternatives(settings["changes"]), alternatives(settings["changes_of"])
        numeral = rf"[{NUMERAL_CHARACTERS}xX×.,]+[多余]?[百千万亿]*"
        figure = rf"{numeral}(?:{self.unit.pattern})?(?:、|和|与|及)"
        # Where change_before may match at the earliest.
        self.change = re.compile(alternatives([*settings["changes"], *settings["changes_of"]]))
        self.change_before = re.compile(
            rf"(?<!新)(?:{changes})了?(?:{prefixes})?(?:{figure})*$"
            rf"|(?:{moved})了?(?:(?![到至为达的是在])[\u4e00-\u9fff]){{1,12}}$"
        )
        self.shared_prefix_before = re.compile(
            rf"(?:{alternatives(_SHARED)})(?P<word>{prefixes})(?:{figure})+$"
        )
        self.row = re.compile(
            rf"(?P<mark>、|和|与|及|以及){numeral}"
            rf"(?P<unit>(?:{self.unit.pattern})?)"
            rf"(?P<suffix>{alternatives(self.comparator_of_suffix)})?"
        )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of configs/, read once."""
    text = resources.config("quantities.yaml").read_text(encoding="utf-8")
    lexicons = ("units", "classifiers", "durations")
    units = {entry for name in lexicons for entry in resources.read_lexicon(name)}
    settings = yaml.safe_load(text)
    return Vocabulary(settings, units.union(settings["further_units"]))


def _inverted(words: dict[Comparator, list[str]]) -> dict[str, Comparator]:
    return {word: comparator for comparator, group in words.items() for word in group}


def _grouped(words: dict[str, list[str]], tail: str) -> re.Pattern[str]:
    """One named group a comparator: the name of the group that matched is the reading."""
    groups = "|".join(f"(?P<{name}>{alternatives(group)})" for name, group in words.items())
    return re.compile(rf"(?<!不)(?:{groups}){tail}")
