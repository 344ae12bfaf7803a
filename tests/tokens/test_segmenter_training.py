"""The training command makes a model that loads, with a card from its own figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from workplan.cli.train_segmenter import train_segmenter as command
from workplan.errors import UserError
from workplan.tokens.tokenizer import load_tokenizer
from workplan.train.segmenter import Agreement, agreement, train_segmenter


def test_agreement_counts_words_with_both_edges_right() -> None:
    found = agreement(["新建", "公办", "幼儿园"], ["新建", "公", "办", "幼儿园"])
    assert found == Agreement(gold=3, predicted=4, shared=2)
    assert found.precision == 0.5
    assert found.recall == pytest.approx(2 / 3)
    assert found.f1 == pytest.approx(4 / 7)
    assert Agreement().f1 == 0.0


def test_trains_scores_and_writes_its_card(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "segmenter"
    text = next(samples.glob("*.txt"))
    done = CliRunner().invoke(
        command, [str(text), "--out", str(out), "--characters", "2400", "--passes", "2"]
    )
    assert done.exit_code == 0, done.output
    assert "held-out word F1 against LAC: 0." in done.output
    card = (out / "README.md").read_text(encoding="utf-8")
    assert f"| {text.name} |" in card
    assert "2 passes" in card
    words = [token.text for token in load_tokenizer(out)("新建公办幼儿园。")]
    assert "".join(words) == "新建公办幼儿园。"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere.txt"):
        train_segmenter([tmp_path / "nowhere.txt"], tmp_path / "out")


def test_too_little_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("新建学校。\n", encoding="utf-8")
    with pytest.raises(UserError, match="too little text"):
        train_segmenter([tmp_path / "short.txt"], tmp_path / "out")
