"""Pretraining of the encoder: words and parts of speech tagged, whole words hidden and restored.

Both losses at once, on the same chunks: the tags that LAC gives every character (lexical
knowledge, distilled), and whole-word masking (Cui et al., 2021, "Pre-Training with Whole Word
Masking for Chinese BERT"), with LAC's words as the words.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from workplan.tag.tagger.alphabet import Alphabet
from workplan.train.lexical import LexicalTagger, TaggedText

MASK_RATE = 0.15
MASKED_FIGURES = 0.04
"""Share of chunks whose digits all turn to x, as in drafts that are published masked."""


@dataclass(frozen=True)
class Recipe:
    """How long and how fast. `minutes` bounds the run; the rate falls to 2 % over it."""

    minutes: float = 60
    learning_rate: float = 4e-4
    warmup_steps: int = 150
    batch_characters: int = 4096
    masking_weight: float = 0.4
    seed: int = 1


class PretrainingNetwork(nn.Module):
    """BERT with two heads: tags of all characters, and the characters that were hidden."""

    def __init__(self, bert: BertModel, tags: int) -> None:
        super().__init__()
        width, vocabulary = bert.config.hidden_size, bert.config.vocab_size
        self.bert = bert
        self.tag = nn.Linear(width, tags)
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, ids: Tensor, mask: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of tags, (batch, time, tags), and of characters where `hidden` is true."""
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        words = self.bert.get_input_embeddings().weight
        return self.tag(states), self.transform(states[hidden]) @ words.T + self.bias


def pretrain(
    start: Path,
    texts: Sequence[Path],
    out: Path,
    recipe: Recipe = Recipe(),  # noqa: B008  (frozen)
    *,
    say: Callable[[str], None] = print,
) -> None:
    """Train the encoder in `start` further on `texts` and write it to `out` in float16.

    Raises UserError for a missing file or folder.
    """
    alphabet = Alphabet.load(start)
    tagger = LexicalTagger(alphabet)
    rows = list(tagger.read(texts))
    say(f"{len(rows)} chunks, {sum(len(row.ids) for row in rows):,} characters")
    torch.manual_seed(recipe.seed)
    bert = BertModel.from_pretrained(start, dtype=torch.float32, add_pooling_layer=False)
    network = PretrainingNetwork(bert, 2 * len(tagger.names))
    _run(network, Batches(rows, alphabet, recipe), recipe, say)
    bert.half().save_pretrained(out)
    shutil.copy(start / "vocab.txt", out / "vocab.txt")


class Batches:
    """Endless batches of chunks of like length, newly shuffled in every pass."""

    def __init__(self, rows: Sequence[TaggedText], alphabet: Alphabet, recipe: Recipe) -> None:
        self._rows, self._alphabet, self._recipe = list(rows), alphabet, recipe
        self._random = random.Random(recipe.seed)
        self._numbers = np.random.default_rng(recipe.seed)
        self._digits = np.array([alphabet.id_of(digit) for digit in "0123456789"])

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        while True:
            self._random.shuffle(self._rows)
            for first in range(0, len(self._rows), 4000):
                near = sorted(self._rows[first : first + 4000], key=lambda row: len(row.ids))
                batches = list(self._pack(near))
                self._random.shuffle(batches)
                for batch in batches:
                    yield self._collate(batch)

    def _pack(self, rows: Sequence[TaggedText]) -> Iterator[list[TaggedText]]:
        batch: list[TaggedText] = []
        for row in rows:
            if batch and (len(row.ids) + 2) * (len(batch) + 1) > self._recipe.batch_characters:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _collate(self, batch: Sequence[TaggedText]) -> dict[str, Tensor]:
        # Lengths in steps of 16: fewer shapes, so that the kernels' caches stay small.
        time_ = (max(len(row.ids) for row in batch) + 2 + 15) // 16 * 16
        ids = np.full((len(batch), time_), self._alphabet.pad, dtype=np.int64)
        tags, targets = np.full_like(ids, -100), np.full_like(ids, -100)
        for number, row in enumerate(batch):
            length = len(row.ids)
            seen, hidden = self._hide(row)
            ids[number, 0], ids[number, length + 1] = self._alphabet.cls, self._alphabet.sep
            ids[number, 1 : length + 1] = seen
            tags[number, 1 : length + 1] = row.tags
            targets[number, 1 : length + 1][hidden] = row.ids[hidden]
        arrays = {"ids": ids, "tags": tags, "targets": targets}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def _hide(self, row: TaggedText) -> tuple[np.ndarray, np.ndarray]:
        """The ids with whole words hidden (85 % [MASK], 7 % another character), and where."""
        ids = row.ids.copy()
        if self._random.random() < MASKED_FIGURES:
            ids[np.isin(ids, self._digits)] = self._alphabet.id_of("x")
        words = np.cumsum(row.tags % 2 == 0) - 1
        hidden: np.ndarray = (self._numbers.random(words[-1] + 1) < MASK_RATE)[words]
        draw = self._numbers.random(len(ids))
        ids[hidden & (draw < 0.85)] = self._alphabet.mask
        other = hidden & (draw > 0.93)
        ids[other] = self._numbers.integers(5, len(self._alphabet), int(other.sum()))
        return ids, hidden


def _run(
    network: PretrainingNetwork, batches: Batches, recipe: Recipe, say: Callable[[str], None]
) -> None:
    matrices = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
        lr=recipe.learning_rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    bfloat16 = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    network.train()
    began = told = time.monotonic()
    seen = 0
    for step, batch in enumerate(batches, 1):
        share = (time.monotonic() - began) / (60 * recipe.minutes)
        if share >= 1:
            break
        rate = recipe.learning_rate * min(1.0, step / recipe.warmup_steps) * max(0.02, 1 - share)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            tag_loss, mask_loss = _losses(network, batch)
        (tag_loss + recipe.masking_weight * mask_loss).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += int((batch["tags"] >= 0).sum())
        if time.monotonic() - told > 60:
            told = time.monotonic()
            say(
                f"{(told - began) / 60:.0f} min, step {step}, {seen / 1e6:.2f} M characters, "
                f"tag loss {float(tag_loss):.3f}, masking loss {float(mask_loss):.3f}"
            )


def _losses(network: PretrainingNetwork, batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
    real, hidden = batch["tags"] >= 0, batch["targets"] >= 0
    mask = (batch["ids"] != network.bert.config.pad_token_id).long()
    tag_scores, character_scores = network(batch["ids"], mask, hidden)
    tag_loss = functional.cross_entropy(tag_scores[real].float(), batch["tags"][real])
    if not bool(hidden.any()):
        return tag_loss, tag_loss * 0
    masked = functional.cross_entropy(character_scores.float(), batch["targets"][hidden])
    return tag_loss, masked


@click.command()
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--start", required=True, type=click.Path(path_type=Path), help="An encoder.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--minutes", default=60.0, show_default=True, help="How long to train.")
def main(texts: tuple[Path, ...], start: Path, out: Path, minutes: float) -> None:
    """Pretrain the encoder START further on TEXTS (a paragraph a line, .xz too)."""
    pretrain(start, texts, out, Recipe(minutes=minutes))


if __name__ == "__main__":
    main()
