"""How far two annotators agree: strict span F1 by label on the sentences that both labelled."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from workplan.errors import UserError
from workplan.evaluate.spans import by_label, table_of
from workplan.evaluate.strict import Counts
from workplan.train.corpus import Example, read_corpus


def agreement(first: Sequence[Example], second: Sequence[Example]) -> dict[str, Counts]:
    """Strict counts by label and "micro", the first annotator taken as gold.

    Raises UserError where a shared id has two texts.
    """
    others = {example.id: example for example in second}
    shared = [example for example in first if example.id in others]
    for example in shared:
        if others[example.id].text != example.text:
            raise UserError(
                "the two annotators have different texts",
                where=example.id,
                remedy="compare annotations of the same sentences",
            )
    return by_label(shared, [others[example.id].spans for example in shared])


if __name__ == "__main__":
    print(table_of(agreement(*(read_corpus(Path(path)) for path in sys.argv[1:3]))))
