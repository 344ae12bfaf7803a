"""A small tagger that is trained in seconds, for the simulation: upper layers over kept features.

The encoder's lower layers stay as they are and run once for each text; what a learner trains are
copies of the upper layers, a linear layer and the chain's transitions. Needs torch.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from workplan.read import fold
from workplan.tag.tagger.decode import Lattice, decode
from workplan.tag.tagger.labeller import batch_ids
from workplan.tag.tagger.scheme import Scheme
from workplan.train.corpus import Example
from workplan.train.crf import ChainLoss
from workplan.train.finetune import (
    LONGEST,
    encoder_source,
    load_alphabet,
    load_network,
    wants_bfloat16,
)
from workplan.train.settings import Settings
from workplan.types import Span

UPPER = 2
"""Layers that learn."""
STEPS = 150
"""Steps of training, however few the sentences."""
BATCH = 64
"""Sentences a batch where nothing is learnt."""


class Ground:
    """The encoder below its `UPPER` layers. Keeps what it gives for each text it has seen.

    Raises UserError where the encoder cannot be loaded.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.threads:
            torch.set_num_threads(settings.threads)
        source = encoder_source(settings)
        self.settings, self.scheme = settings, Scheme()
        self.half = wants_bfloat16(settings)
        self._alphabet = load_alphabet(source)
        self._bert = load_network(source, settings.dropout).bert.bert.eval()
        layers = list(self._bert.encoder.layer)
        self._bert.encoder.layer = nn.ModuleList(layers[:-UPPER])
        self.upper = nn.ModuleList(layers[-UPPER:])
        self.width = int(self._bert.config.hidden_size)
        self._kept: dict[str, Tensor] = {}

    def states(self, texts: Sequence[str]) -> list[Tensor]:
        """The hidden states of each text, shape (characters + 2, width), float32."""
        unknown = sorted({text for text in texts if text not in self._kept}, key=len)
        for first in range(0, len(unknown), BATCH):
            batch = unknown[first : first + BATCH]
            ids, lengths = batch_ids(self._alphabet, batch, len(batch[-1]) + 2)
            mask = torch.from_numpy((ids != self._alphabet.pad).astype(np.int64))
            with torch.no_grad(), self.precision():
                found = self._bert(input_ids=torch.from_numpy(ids), attention_mask=mask)
            for row, text in enumerate(batch):
                states = found.last_hidden_state[row, : lengths[row] + 2]
                self._kept[text] = states.float().clone()
        return [self._kept[text] for text in texts]

    def precision(self) -> torch.autocast:
        """The arithmetic that the settings ask for, as a block."""
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.half)


class Learner:
    """A labeller trained on `examples` over a ground; the same for the same seed."""

    name = "learner"

    def __init__(self, ground: Ground, examples: Sequence[Example], seed: int) -> None:
        torch.manual_seed(seed)
        self._ground = ground
        self._network = _Network(ground)
        self._teach(examples, random.Random(seed))
        transitions = self._network.chain.transitions().detach().numpy().astype(np.float32)
        scheme = ground.scheme
        self._lattice = Lattice(scheme, transitions, scheme.starts(), scheme.ends())

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        """Spans of each text; one past `LONGEST` is read up to there."""
        found: list[list[Span]] = [[] for _ in views]
        cut = [fold(view)[:LONGEST] for view in views]
        order = sorted((i for i, text in enumerate(cut) if text), key=lambda i: len(cut[i]))
        self._network.eval()
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            states = self._ground.states([cut[i] for i in chosen])
            with torch.no_grad(), self._ground.precision():
                scores = self._network(states).float().numpy()
            lengths = np.array([len(cut[i]) for i in chosen])
            for i, spans in zip(chosen, decode(self._lattice, scores, lengths), strict=True):
                found[i] = spans
        return found

    def _teach(self, examples: Sequence[Example], dice: random.Random) -> None:
        settings, network = self._ground.settings, self._network
        texts = [fold(example.text)[:LONGEST] for example in examples]
        states = self._ground.states(texts)
        tags = [self._tags(text, e) for text, e in zip(texts, examples, strict=True)]
        optimizer, schedule = _optimizer(network, settings)
        network.train()
        for batch in _batches(len(examples), settings.batch_sentences, dice):
            wanted = nn.utils.rnn.pad_sequence([tags[i] for i in batch], batch_first=True)
            lengths = torch.tensor([len(tags[i]) for i in batch])
            with self._ground.precision():
                scores = network([states[i] for i in batch])
            loss = network.chain(scores, wanted, lengths).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()

    def _tags(self, text: str, example: Example) -> Tensor:
        spans = [span for span in example.spans if span.end <= len(text)]
        return torch.from_numpy(self._ground.scheme.encode(len(text), spans))


class _Network(nn.Module):
    """The layers that learn."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.upper = copy.deepcopy(ground.upper)
        self.dropout = nn.Dropout(ground.settings.dropout)
        self.head = nn.Linear(ground.width, len(ground.scheme))
        self.chain = ChainLoss(ground.scheme)

    def forward(self, states: Sequence[Tensor]) -> Tensor:
        """Scores, shape (batch, time, tags), of padded hidden states without [CLS] and [SEP]."""
        hidden = nn.utils.rnn.pad_sequence(list(states), batch_first=True)
        lengths = torch.tensor([len(rows) for rows in states])
        outside = torch.arange(hidden.shape[1])[None] >= lengths[:, None]
        mask = torch.zeros(outside.shape).masked_fill(outside, -1e4)[:, None, None]
        for layer in self.upper:
            hidden = layer(hidden, mask)
        scores: Tensor = self.head(self.dropout(hidden))
        return scores[:, 1:-1]


def _batches(count: int, size: int, dice: random.Random) -> Iterator[list[int]]:
    """`STEPS` batches of indices; every sentence has its turn before any has the next."""
    waiting: list[int] = []
    for _ in range(STEPS):
        while len(waiting) < size:
            waiting += dice.sample(range(count), count)
        yield waiting[:size]
        del waiting[:size]


def _optimizer(
    network: _Network, settings: Settings
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    new = [*network.head.parameters(), *network.chain.parameters()]
    groups = [
        {"params": list(network.upper.parameters()), "lr": settings.learning_rate},
        {"params": new, "lr": settings.head_learning_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
    warm = max(1, round(STEPS * settings.warmup))

    def rate(step: int) -> float:
        return min((step + 1) / warm, (STEPS - step) / max(1, STEPS - warm))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
