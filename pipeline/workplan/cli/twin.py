"""`workplan twin`: the shipped tagger as a folder for transformers."""

from __future__ import annotations

from pathlib import Path

import click

from workplan import resources
from workplan.cli.training import need_torch


@click.command()
@click.argument("model", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out", default="runs/twin", show_default=True, type=click.Path(path_type=Path), help="Folder."
)
@click.option(
    "--gold", type=click.Path(path_type=Path), help="Sentences to compare on. Default: dev plans."
)
def twin(model: Path | None, out: Path, gold: Path | None) -> None:
    """Write MODEL (default: models/tagger) as config.json and model.safetensors.

    AutoModelForTokenClassification loads the folder. Its weights are those of the int8 model,
    and its spans are compared with that model's before it is put in place.

    \b
    Examples:
      workplan twin
      workplan twin models/full --out runs/full
      workplan twin models/trained --out runs/mine
    """
    need_torch("the twin")
    from workplan.train.corpus import read_corpus
    from workplan.train.twin import build_twin

    sentences = read_corpus(gold or resources.root() / "annotations" / "dev.jsonl")
    done = build_twin(model or resources.model("tagger"), out, sentences)
    click.echo(f"{done.folder}: {100 * done.agreement:.2f} % of spans as the int8 model's")
