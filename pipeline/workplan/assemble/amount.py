"""A quantity in its sentence, with all that a rule asks of it."""

from __future__ import annotations

from workplan.assemble.layout import Layout, Range
from workplan.assemble.sort_of_figure import COUNTED, sort_of_figure


class Amount:
    """Quantity `index` of a layout: where it stands, its words and what lies around it.

    `before` and `after` are outlines, as far as rules reach. `kind` is its sort of figure; `noun`
    is where the metric stands that it counts, None where it counts none.
    """

    __slots__ = ("after", "before", "index", "kind", "layout", "noun", "place", "words")

    def __init__(self, layout: Layout, index: int) -> None:
        place = layout.quantities[index]
        self.layout = layout
        self.index = index
        self.place = place
        self.words = layout.words(place)
        self.before = layout.before(place[0])
        self.after = layout.after(place[1])
        self.kind = sort_of_figure(self.words)
        self.noun = layout.counted(place)

    @property
    def counts(self) -> bool:
        """Whether it enumerates a noun instead of measuring an indicator."""
        return self.kind in COUNTED

    @property
    def following(self) -> Range | None:
        """The next quantity of the sentence."""
        places = self.layout.quantities
        return places[self.index + 1] if self.index + 1 < len(places) else None
