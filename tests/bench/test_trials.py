"""The ways that were tried compute the same, and are all timed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from workplan.bench import trials
from workplan.bench.trials import Trial, run_trials, table, unfuse_attention
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.labeller import batch_ids


def _logits(model: onnx.ModelProto, ids: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"input_ids": ids})[0]


def test_plain_attention_gives_what_the_fused_one_gives(tagger: Path, texts: list[str]) -> None:
    """Compared before quantising: rounding to int8 would turn a last bit into a step."""
    model = trials._float(tagger, onnx.load(tagger / "model.onnx"))
    alphabet = Alphabet.load(tagger)
    ids, lengths = batch_ids(alphabet, texts, 32)
    fused, plain = _logits(model, ids), _logits(unfuse_attention(model), ids)
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(fused[row, : length + 2], plain[row, : length + 2], atol=1e-4)
    kinds = {node.op_type for node in unfuse_attention(model).graph.node}
    assert "Attention" not in kinds
    assert "Softmax" in kinds


def test_every_way_is_timed(tagger: Path, texts: list[str]) -> None:
    found = run_trials(tagger, [*texts, "", "字" * 999], threads=2, rounds=1)
    assert len({trial.name for trial in found}) == len(found) == 10
    assert found[0].name == "as shipped, 2 threads"
    assert all(trial.rate > 0 for trial in found)


def test_batches_hold_every_text_once_in_its_bucket(tagger: Path) -> None:
    alphabet = Alphabet.load(tagger)
    texts = ["推" * length for length in (1, 5, 14, 15, 40, 41)]
    batches = trials._batches(alphabet, texts, (16, 64), 64)
    assert sorted(batch.shape for batch in batches) == [(1, 64), (1, 64), (1, 64), (3, 16)]
    real = sum(int((batch != alphabet.pad).sum()) for batch in batches)
    assert real == sum(map(len, texts)) + 2 * len(texts)


def test_the_table_compares_with_what_is_shipped() -> None:
    text = table([Trial("as shipped", 8000), Trial("other", 2000)])
    assert [cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]] == [
        "other",
        "2,000",
        "0.25",
    ]


@pytest.mark.parametrize("threads", [1, 2])
def test_one_thread_has_no_ways_with_threads(tagger: Path, texts: list[str], threads: int) -> None:
    names = [trial.name for trial in run_trials(tagger, texts, threads, 1)]
    assert ("all threads on each batch" in names) == (threads == 2)
