"""One plan as writers take it: parts that were rendered where it was read, the rest on demand.

Rendering is most of what writing costs, and each plan's own matter: workers do it side by side,
and what is left for the order of the input is to put parts one behind the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from workplan.types import Extraction
from workplan.write.options import Options


class Part(NamedTuple):
    """What a writer puts down of one plan: `body` as it is or nearly so, `head` (JSON values) says
    what must be known of it."""

    head: Any
    body: bytes | memoryview


Render = Callable[[Extraction, Options], Part]
"""Makes a part. Of the options only `show_all` may matter to it."""


class Bundle:
    """`parts` by their `part_name`; `load` gives the extraction that they are made from."""

    def __init__(self, load: Callable[[], Extraction], parts: Mapping[str, Part]) -> None:
        self._load, self._parts = load, parts

    @classmethod
    def of(cls, extraction: Extraction) -> Bundle:
        """A plan of which nothing is rendered yet."""
        return cls(lambda: extraction, {})

    @cached_property
    def extraction(self) -> Extraction:
        """The plan's extraction."""
        return self._load()

    def part(self, kind: str, render: Render, options: Options) -> Part:
        """The part of this kind; one that is not there is rendered now."""
        part = self._parts.get(part_name(kind, options))
        return render(self.extraction, options) if part is None else part


def part_name(kind: str, options: Options) -> str:
    """What a part is called: another choice of tasks makes another part."""
    return f"{kind}-all" if options.show_all else kind
