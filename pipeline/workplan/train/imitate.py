"""Distillation: a student learns the scores that its teacher gives to every tag of every character.

Scores tell more than the spans read off them: how near the second best was (Hinton et al., 2015).
The states between layers are compared too (Jiao et al., 2020, "TinyBERT").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workplan.train.finetune import TaggerNetwork

TEMPERATURE = 2.0
"""Scores are divided by it before they are compared as probabilities."""
SCORES, STATES = 0.02, 0.2
"""What squared differences of scores, and of states, weigh beside the probabilities'."""


class Imitator(TaggerNetwork):
    """A student on its way; its `bert` and `chain` are those of the network that it was given.

    `layers`: for each of the student's layers the number of the teacher's that it stands for. The
    teacher is no part of what is trained or saved. The sentences' own tags are not looked at, and
    the chain's transitions stay as they are.
    """

    def __init__(
        self, student: TaggerNetwork, teacher: TaggerNetwork, layers: Sequence[int]
    ) -> None:
        super().__init__(student.bert, student.chain)
        self._layers = tuple(layers)
        # Inside a tuple torch does not count it among the modules.
        self._teacher = (teacher.bert.eval(),)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, tags: Tensor, lengths: Tensor,
        weights: Tensor,
    ) -> dict[str, Tensor]:  # fmt: skip
        given = {"input_ids": input_ids, "attention_mask": attention_mask}
        with torch.no_grad():
            aim = self._teacher[0].to(input_ids.device)(**given, output_hidden_states=True)
        own = self.bert(**given, output_hidden_states=True)
        kept = attention_mask.bool()
        loss = _score_loss(own.logits[kept].float(), aim.logits[kept].float())
        return {"loss": loss + STATES * self._state_loss(own, aim, kept), "logits": own.logits}

    def _state_loss(self, own: Any, aim: Any, kept: Tensor) -> Tensor:
        """Squared differences of states in parts of the teacher's squares, mean over layers."""
        losses = []
        for number, layer in enumerate(self._layers):
            target = aim.hidden_states[layer + 1][kept].float()
            reached = own.hidden_states[number + 1][kept].float()
            losses.append(functional.mse_loss(reached, target) / target.square().mean())
        return torch.stack(losses).mean()


def _score_loss(own: Tensor, aim: Tensor) -> Tensor:
    """Of scores of shape (characters, tags)."""
    probabilities = functional.kl_div(
        functional.log_softmax(own / TEMPERATURE, -1),
        functional.log_softmax(aim / TEMPERATURE, -1),
        reduction="batchmean",
        log_target=True,
    )
    apart = own - aim
    apart = apart - apart.mean(-1, keepdim=True)
    return TEMPERATURE**2 * probabilities + SCORES * apart.square().mean()
