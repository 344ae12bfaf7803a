"""The training loss: negative log-likelihood of a linear-chain CRF over the BIOES lattice."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workplan.tag.tagger.scheme import FORBIDDEN, Scheme


class ChainLoss(nn.Module):
    """Learns scores of the allowed transitions; forbidden ones stay forbidden.

    Called with scores (batch, time, tags), tags (batch, time) and lengths (batch,), gives one
    loss a row, shape (batch,), divided by the row's length.
    """

    allowed: Tensor
    starts: Tensor
    ends: Tensor

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self.learned = nn.Parameter(torch.zeros(len(scheme), len(scheme)))
        self.register_buffer("allowed", torch.from_numpy(scheme.transitions()))
        self.register_buffer("starts", torch.from_numpy(scheme.starts()))
        self.register_buffer("ends", torch.from_numpy(scheme.ends()))

    def transitions(self) -> Tensor:
        """Shape (tags, tags): learned where allowed, FORBIDDEN elsewhere."""
        return torch.where(self.allowed <= FORBIDDEN, self.allowed, self.learned)

    def forward(self, scores: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        scores = scores.float()
        gold = self._path(scores, tags, lengths)
        return (self._total(scores, lengths) - gold) / lengths

    def _path(self, scores: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        time = scores.shape[1]
        inside = torch.arange(time, device=scores.device)[None] < lengths[:, None]
        tags = tags.masked_fill(~inside, 0)
        own = scores.gather(2, tags[..., None])[..., 0].masked_fill(~inside, 0).sum(1)
        moves = self.transitions()[tags[:, :-1], tags[:, 1:]]
        moves = moves.masked_fill(~inside[:, 1:], 0).sum(1)
        last = tags.gather(1, (lengths - 1)[:, None])[:, 0]
        return own + moves + self.starts[tags[:, 0]] + self.ends[last]

    def _total(self, scores: Tensor, lengths: Tensor) -> Tensor:
        factors = self.transitions().exp()
        state = scores[:, 0] + self.starts
        for step in range(1, scores.shape[1]):
            peak = state.amax(1, keepdim=True).detach()
            moved = ((state - peak).exp() @ factors).clamp_min(1e-30).log() + peak
            state = torch.where((lengths > step)[:, None], moved + scores[:, step], state)
        return torch.logsumexp(state + self.ends, 1)
