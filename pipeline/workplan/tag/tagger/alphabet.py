"""From characters to the encoder's input ids: one id a code point, nothing split or merged."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from workplan.errors import UserError

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def fold_character(character: str) -> str:
    """NFKC of one code point where that is again one code point, else itself ("，" → ",")."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


class Alphabet:
    """The vocabulary of a character BERT.

    `pieces` are its tokens in the order of their ids; the five of `SPECIAL` must be among them.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = tuple(pieces)
        self._ids = {piece: number for number, piece in enumerate(self.pieces)}
        missing = [piece for piece in SPECIAL if piece not in self._ids]
        if missing:
            raise UserError(
                f"the vocabulary has no {', '.join(missing)}",
                remedy="name a BERT whose vocab.txt holds the five special tokens",
            )
        self.pad, self.unknown, self.cls, self.sep, self.mask = (self._ids[p] for p in SPECIAL)
        self._cache: dict[str, int] = {}

    @classmethod
    def load(cls, folder: Path) -> Alphabet:
        """Read `folder/vocab.txt`. Raises UserError where it is missing."""
        path = folder / "vocab.txt"
        if not path.is_file():
            raise UserError(
                "no vocab.txt (缺少词表)",
                where=str(folder),
                remedy="name a folder with config.json, vocab.txt and model.safetensors",
            )
        return cls(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    def __len__(self) -> int:
        return len(self.pieces)

    def id_of(self, character: str) -> int:
        """The id of one character, [UNK]'s where the vocabulary does not hold it."""
        known = self._cache.get(character)
        if known is None:
            folded = fold_character(character)
            known = self._ids.get(folded, self._ids.get(folded.lower(), self.unknown))
            self._cache[character] = known
        return known

    def encode(self, text: str) -> np.ndarray:
        """Ids of the characters of `text`, shape (len(text),), int64, no special tokens."""
        for character in set(text) - self._cache.keys():
            self.id_of(character)
        return np.array([self._cache[c] for c in text], dtype=np.int64)
