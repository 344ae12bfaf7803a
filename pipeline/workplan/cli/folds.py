"""`workplan folds`: the tagger trained and scored on ten folds of the corpus, by plan."""

from __future__ import annotations

from pathlib import Path

import click

from workplan.cli.training import load_settings, need_torch


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Default: configs/train.yaml.")
@click.option("--folds", "count", default=10, show_default=True, help="How many.")
@click.option("--encoder", help="In place of the configuration's: a folder or a hub model.")
@click.option("--epochs", type=float, help="In place of the configuration's.")
@click.option("--seed", type=int, help="In place of the configuration's.")
@click.option("--out", default="runs/folds", show_default=True, type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace folds of another corpus or settings.")
def folds(
    config: Path | None,
    count: int,
    encoder: str | None,
    epochs: float | None,
    seed: int | None,
    out: Path,
    overwrite: bool,
) -> None:
    """Train and score the tagger on ten folds of the corpus, split by plan.

    Each fold takes as long as `workplan train` does. Prints strict F1 by label on plans held
    out (float32): mean, standard deviation and range over folds, and pooled. A run that is
    stopped goes on where it was when the same command is given again.

    \b
    Examples:
      workplan folds
      workplan folds --folds 5 --epochs 4 --out runs/five
    """
    need_torch("training")
    from workplan.train.folds import run_folds, table

    settings = load_settings(config, encoder=encoder, epochs=epochs, seed=seed)
    done = run_folds(
        settings,
        out,
        count=count,
        overwrite=overwrite,
        say=lambda line: click.echo(line, err=True),
    )
    click.echo(table(done))
