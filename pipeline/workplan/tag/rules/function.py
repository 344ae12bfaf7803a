"""Labelling functions: named rules that vote for spans of a label, or against them.

A function takes a Reading and yields (start, end) stretches. Its docstring holds an example and
a counter-example in a fixed form that the tests run:

    Example: 规范管理率提升至[85%]。            (brackets: exactly the stretches that it yields)
    Counter-example: 第十次会议召开。           (it yields nothing)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workplan.tag.rules.reading import Reading

Stretch = tuple[int, int]
Finder = Callable[[Reading], Iterator[Stretch]]


@dataclass(frozen=True)
class LabellingFunction:
    """A rule with a name. A negative one says of its stretches that they are not `label`."""

    name: str
    label: str
    find: Finder
    negative: bool = False

    def __call__(self, reading: Reading) -> list[Stretch]:
        """The stretches of one sentence, sorted, without overlaps (the longer one stays)."""
        kept: list[Stretch] = []
        for start, end in sorted(set(self.find(reading)), key=lambda s: (s[0], -s[1])):
            if start < end and (not kept or start >= kept[-1][1]):
                kept.append((start, end))
        return kept

    @property
    def examples(self) -> list[tuple[str, list[Stretch]]]:
        """The docstring's examples: text and the stretches that must be found in it."""
        return [_unbracket(text) for text in _EXAMPLE.findall(self.find.__doc__ or "")]

    @property
    def counter_examples(self) -> list[str]:
        """The docstring's counter-examples: texts in which nothing must be found."""
        return _COUNTER_EXAMPLE.findall(self.find.__doc__ or "")


FUNCTIONS: dict[str, LabellingFunction] = {}
"""All functions by name, in the order of their definition."""


def votes_for(label: str) -> Callable[[Finder], LabellingFunction]:
    """Register the function below as one that votes for `label`."""
    return lambda find: _register(LabellingFunction(find.__name__, label, find))


def votes_against(label: str) -> Callable[[Finder], LabellingFunction]:
    """Register the function below as one that votes against `label`."""
    return lambda find: _register(LabellingFunction(find.__name__, label, find, negative=True))


def found(reading: Reading, label: str) -> list[Stretch]:
    """What all functions for `label` find together; where two overlap the longer one stays."""
    if label not in reading.found:
        functions = [f for f in FUNCTIONS.values() if f.label == label and not f.negative]
        kept: list[Stretch] = []
        every = {stretch for function in functions for stretch in votes(reading, function)}
        for start, end in sorted(every, key=lambda s: (s[0] - s[1], s[0])):
            if all(end <= left or right <= start for left, right in kept):
                kept.append((start, end))
        reading.found[label] = sorted(kept)
    return reading.found[label]


def votes(reading: Reading, function: LabellingFunction) -> list[Stretch]:
    """The stretches that `function` finds in `reading`, computed once."""
    if function.name not in reading.found:
        reading.found[function.name] = function(reading)
    return reading.found[function.name]


_EXAMPLE = re.compile(r"^\s*Example: (.+)$", re.MULTILINE)
_COUNTER_EXAMPLE = re.compile(r"^\s*Counter-example: (.+)$", re.MULTILINE)


def _register(function: LabellingFunction) -> LabellingFunction:
    if function.name in FUNCTIONS:
        raise ValueError(f"two labelling functions are called {function.name}")
    FUNCTIONS[function.name] = function
    return function


def _unbracket(marked: str) -> tuple[str, list[Stretch]]:
    text = ""
    stretches = []
    for part in re.split(r"(\[[^]]+\])", marked):
        if part.startswith("["):
            stretches.append((len(text), len(text) + len(part) - 2))
            text += part[1:-1]
        else:
            text += part
    return text, stretches
