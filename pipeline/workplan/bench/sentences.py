"""The text that is measured on: sentences of the corpus, as labellers see them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

from workplan.errors import UserError
from workplan.read import fold
from workplan.train.corpus import read_corpora


def read_views(paths: Iterable[Path], characters: int) -> list[str]:
    """The files' sentences in order, from the start again until there are `characters` of them.

    The last sentence is whole. Raises UserError where the files are broken or hold no text.
    """
    paths = list(paths)
    views = [fold(example.text) for example in read_corpora(paths) if example.text]
    if not views:
        raise UserError(
            "there is no sentence to measure on (没有可用的句子)",
            where=", ".join(map(str, paths)),
            remedy="name annotated JSONL with --text",
        )
    chosen: list[str] = []
    total = 0
    for view in cycle(views):
        if total >= characters:
            return chosen
        chosen.append(view)
        total += len(view)
    return chosen
