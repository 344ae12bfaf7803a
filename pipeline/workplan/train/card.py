"""The model card, as the run writes it: facts and figures, to which its maker may add words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEXT = """# Tagger

Finds organisations, metrics, quantities, deadlines and action verbs in sentences of Chinese
government work plans: a character-level BERT with a linear layer and constrained BIOES decoding.

| file | what it is |
|---|---|
| `model.onnx` | the network, int8 (static QDQ), run by onnxruntime |
| `vocab.txt` | its characters |
| `lattice.json` | transition scores, temperature of the confidences |
| `card.json` | this card's facts and the files' SHA-256, checked before loading |

## Made from

{origin}
{dev} sentences of other plans chose the epoch and the temperature.

## Figures

Strict F1 of the int8 model on {test} sentences of the corpus' held-out test plans, as `workplan
eval --labeller {name}` prints them:

{scores}
{foreign}
On dev: strict F1 {dev_f1} (float32), expected calibration error {error}.

## Limits

Written for plans, not for news or law; best on sentences up to 254 characters (longer ones are
read in overlapping windows). Test plans were written for this corpus: real plans have more
damage. Read `needs_review`.
"""

TRAINED = """Encoder: {encoder} (see its README for origin and licence). Fine-tuned on {train}
sentences ({sources}){weak}."""
TAUGHT = """Layers {layers} of the tagger in {teacher}, counted from 0, taught to give every
character the scores that it gives (`workplan distil`): on {train} sentences ({sources}) and
{texts} more without annotations."""
"""Where `facts["taught"]` holds `teacher`, `layers` and the number of `texts`."""

FOREIGN = """
On {sentences} sentences of real plans and papers, which others annotated by the same guideline and
which no training saw (they are not part of this repository):

{scores}
"""
"""Where `facts["foreign"]` holds `sentences` and `strict_f1_int8`."""


def write_readme(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write README.md from the facts that card.json holds."""
    (folder / "README.md").write_text(_readme(facts), encoding="utf-8")


def _readme(facts: Mapping[str, Any]) -> str:
    foreign = facts.get("foreign")
    sentences = facts["sentences"]
    return TEXT.format(
        origin=_origin(facts),
        dev=f"{sentences['dev']:,}",
        test=f"{sentences['test']:,}",
        name=Path(facts["settings"]["out"]).name,
        scores=_table(facts["test_strict_f1_int8"]),
        foreign=FOREIGN.format(
            sentences=f"{foreign['sentences']:,}", scores=_table(foreign["strict_f1_int8"])
        )
        if foreign
        else "",
        dev_f1=f"{facts['dev_strict_f1_float32']:.3f}",
        error=f"{facts['dev_calibration_error']:.3f}",
    )


def _origin(facts: Mapping[str, Any]) -> str:
    sources = ", ".join(Path(source).name for source in facts["settings"]["train"])
    train = f"{facts['sentences']['train']:,}"
    if taught := facts.get("taught"):
        return TAUGHT.format(
            layers=", ".join(map(str, taught["layers"])),
            teacher=f"`{Path(taught['teacher']).name}`",
            train=train,
            sources=sources,
            texts=f"{taught['texts']:,}",
        )
    weak = facts.get("weak")
    return TRAINED.format(
        encoder=f"`{Path(facts['settings']['encoder']).name}`",
        train=train,
        sources=sources,
        weak=f", after weak labels ({weak})" if weak else "",
    )


def _table(scores: Mapping[str, float]) -> str:
    rows = [list(scores), ["---"] * len(scores), [f"{value:.3f}" for value in scores.values()]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
