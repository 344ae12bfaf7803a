"""A smaller vocabulary for an encoder: the characters that official Chinese uses, no others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from workplan.tag.tagger.alphabet import SPECIAL, Alphabet, fold_character


def common_characters() -> set[str]:
    """The 7,445 characters of GB 2312 (hanzi of both levels, marks, letters) and ASCII."""
    characters = {chr(code) for code in range(0x21, 0x7F)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes((high, low)).decode("gb2312", "ignore")
            characters.update(text)
    return characters


def trim(start: Path, out: Path, characters: Iterable[str]) -> int:
    """Write the encoder of `start` to `out` with the rows of `characters` alone; returns how many
    are left. Characters that `start` does not know are passed over."""
    import torch
    from transformers import BertModel

    alphabet = Alphabet.load(start)
    wanted = {fold_character(character) for character in characters}
    rows = [n for n, piece in enumerate(alphabet.pieces) if piece in SPECIAL or piece in wanted]
    bert = BertModel.from_pretrained(start, dtype=torch.float32, add_pooling_layer=False)
    words = bert.get_input_embeddings().weight.detach()[torch.from_numpy(np.array(rows))]
    bert.resize_token_embeddings(len(rows), mean_resizing=False)
    bert.get_input_embeddings().weight.data.copy_(words)
    bert.config.vocab_size = len(rows)
    out.mkdir(parents=True, exist_ok=True)
    bert.half().save_pretrained(out)
    pieces = [alphabet.pieces[row] for row in rows]
    (out / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return len(rows)
