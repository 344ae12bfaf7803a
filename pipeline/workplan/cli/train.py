"""`workplan train`: a tagger from the annotated corpus."""

from __future__ import annotations

from pathlib import Path

import click

from workplan import resources
from workplan.errors import UserError


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
    try:
        import torch  # noqa: F401  (only to say early what is missing)
    except ImportError as error:
        raise UserError(
            "training needs torch and transformers (训练需要额外的依赖)",
            remedy="pip install 'workplan[train]'",
        ) from error
    from workplan.evaluate.spans import table_of
    from workplan.train.run import train as run
    from workplan.train.settings import Settings

    changes = {"encoder": encoder, "out": out, "epochs": epochs, "seed": seed}
    path = config or resources.config("train.yaml")
    settings = Settings.load(path, **{k: v for k, v in changes.items() if v is not None})
    if extra:
        settings = settings.with_train(extra)
    done = run(settings, weak=weak, resume=resume, say=lambda line: click.echo(line, err=True))
    click.echo(f"model: {done.folder}\nstrict F1 on dev (float32): {done.dev_f1:.3f}")
    click.echo(f"calibration error on dev: {done.calibration_error:.3f}\n\ntest plans, int8:")
    click.echo(table_of(done.test))
