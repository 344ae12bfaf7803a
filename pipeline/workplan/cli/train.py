"""`workplan train`: a tagger from the annotated corpus."""

from __future__ import annotations

from pathlib import Path

import click

from workplan.cli.training import load_settings, need_torch


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Default: configs/train.yaml.")
@click.option("--encoder", help="In place of the configuration's: a folder or a hub model.")
@click.option("--extra", multiple=True, help="Further annotated JSONL to train on.")
@click.option("--weak", type=click.Path(path_type=Path), help="Weak labels to learn from first.")
@click.option("--out", help="In place of the configuration's folder for the model.")
@click.option("--epochs", type=float, help="In place of the configuration's.")
@click.option("--seed", type=int, help="In place of the configuration's.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def train(
    config: Path | None,
    encoder: str | None,
    extra: tuple[str, ...],
    weak: Path | None,
    out: str | None,
    epochs: float | None,
    seed: int | None,
    resume: bool,
) -> None:
    """Train the tagger, quantise it, score it on the test plans.

    \b
    Examples:
      workplan train
      workplan train --weak runs/weak.jsonl --out models/mine
      workplan train --resume
      workplan extract plans/ --out out/ --labeller models/mine
    """
    need_torch("training")
    from workplan.evaluate.spans import table_of
    from workplan.train.run import train as run

    settings = load_settings(config, encoder=encoder, out=out, epochs=epochs, seed=seed)
    if extra:
        settings = settings.with_train(extra)
    done = run(settings, weak=weak, resume=resume, say=lambda line: click.echo(line, err=True))
    click.echo(f"model: {done.folder}\nstrict F1 on dev (float32): {done.dev_f1:.3f}")
    click.echo(f"calibration error on dev: {done.calibration_error:.3f}\n\ntest plans, int8:")
    click.echo(table_of(done.test))
