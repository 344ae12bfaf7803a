"""From characters to the encoder's input ids: one id a code point, nothing split or merged."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from workplan.errors import UserError

_UNSEEN = -1
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
        self._table = np.full(sys.maxunicode + 1, _UNSEEN, dtype=np.int32)

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
        folded = fold_character(character)
        return self._ids.get(folded, self._ids.get(folded.lower(), self.unknown))

    def encode(self, text: str) -> np.ndarray:
        """Ids of the characters of `text`, shape (len(text),), int64, no special tokens."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        ids: np.ndarray = self._table[codes]
        if (ids == _UNSEEN).any():
            for code in np.unique(codes[ids == _UNSEEN]).tolist():
                self._table[code] = self.id_of(chr(code))
            ids = self._table[codes]
        return ids.astype(np.int64)
