"""The card that `workplan eval --out` writes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workplan import resources
from workplan.cli import cli


def _card(root: Path, out: Path, labeller: str) -> str:
    gold = out / "gold.jsonl"
    lines = (root / "annotations" / "test.jsonl").read_text(encoding="utf-8").splitlines()[:12]
    gold.write_text("\n".join(lines) + "\n", encoding="utf-8")
    arguments = ["eval", str(gold), "--brief", "--labeller", labeller, "--out", str(out / "eval")]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert str(out / "eval" / "card.md") in done.output
    return (out / "eval" / "card.md").read_text(encoding="utf-8")


def test_a_models_card_says_what_it_reached_and_what_it_is(root: Path, tmp_path: Path) -> None:
    if not (resources.model("tagger") / "card.json").is_file():
        pytest.skip("no tagger is shipped")
    card = _card(root, tmp_path, "tagger")
    assert card.startswith("# tagger\n\n12 sentences of ")
    assert re.search(r"^METRIC +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}", card, re.MULTILINE)
    assert "## Made from" in card
    model = (resources.model("tagger") / "model.onnx").read_bytes()
    assert f"| `model.onnx` | `{hashlib.sha256(model).hexdigest()}` |" in card


def test_the_rules_have_no_files(root: Path, tmp_path: Path) -> None:
    card = _card(root, tmp_path, "rules")
    assert card.startswith("# rules\n\n12 sentences of ")
    assert "## Files" not in card
