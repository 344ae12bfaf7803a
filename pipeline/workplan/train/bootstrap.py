"""Weak labels: the rules label unlabelled text, with their confidence as each sentence's weight."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from workplan.errors import FileError, UserError
from workplan.read import fold, plan_from_text
from workplan.segment import segment
from workplan.tag.labeller import Labeller
from workplan.train.corpus import Example
from workplan.types import Span

SHORTEST, LONGEST = 6, 250
BATCH = 256
FLOOR = 0.05
"""Least weight of a sentence: even a doubtful one shows the tagger its words."""


def sentences_of(paths: Iterable[Path]) -> Iterator[str]:
    """Sentences of 6 to 250 characters in text files, plain or .xz, each only once.

    Raises UserError for a missing file.
    """
    seen: set[int] = set()
    for path in paths:
        if not path.is_file():
            raise UserError("no such file (找不到文件)", where=str(path), remedy="name text files")
        with (
            lzma.open(path, "rt", encoding="utf-8")
            if path.suffix == ".xz"
            else path.open(encoding="utf-8") as lines
        ):
            for line in lines:
                try:
                    plan = plan_from_text(line, str(path))
                except FileError:  # a line of nothing but boilerplate
                    continue
                for sentence in segment(plan):
                    text = sentence.text.strip()
                    if SHORTEST <= len(text) <= LONGEST and hash(text) not in seen:
                        seen.add(hash(text))
                        yield text


def bootstrap(
    texts: Iterable[str], labeller: Labeller, *, limit: int | None = None, quiet: bool = False
) -> Iterator[Example]:
    """Label `texts`, at most `limit` of them; an example's weight is how sure its spans are.

    The weight is the mean confidence of the sentence's spans, squared, so that a vote that was
    split counts for little (cf. the noise-aware loss of Ratner et al., 2017).
    """
    chosen = islice(texts, limit)
    number = 0
    with tqdm(total=limit, unit="句", disable=quiet) as bar:
        while batch := list(islice(chosen, BATCH)):
            for text, spans in zip(batch, labeller.label([fold(t) for t in batch]), strict=True):
                yield Example(f"weak-{number:06d}", text, tuple(spans), weight=weight_of(spans))
                number += 1
            bar.update(len(batch))


def weight_of(spans: Sequence[Span]) -> float:
    """Squared mean confidence, at least FLOOR; a sentence without spans counts half."""
    if not spans:
        return 0.5
    mean = sum(span.confidence for span in spans) / len(spans)
    return round(max(FLOOR, mean * mean), 4)
