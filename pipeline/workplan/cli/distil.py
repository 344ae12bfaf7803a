"""`workplan distil`: a faster tagger of fewer layers, taught by the full one."""

from __future__ import annotations

from pathlib import Path

import click

from workplan.cli.training import load_settings, need_torch


@click.command()
@click.argument("texts", nargs=-1, type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="Default: configs/fast.yaml.")
@click.option("--encoder", help="The teacher's folder, in place of the configuration's.")
@click.option("--layers", type=click.IntRange(1), default=2, show_default=True, help="Student's.")
@click.option("--limit", type=click.IntRange(1), help="Take at most so many sentences of TEXTS.")
@click.option("--out", help="In place of the configuration's folder for the model.")
@click.option("--epochs", type=float, help="In place of the configuration's.")
@click.option("--seed", type=int, help="In place of the configuration's.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def distil(
    texts: tuple[Path, ...],
    config: Path | None,
    encoder: str | None,
    layers: int,
    limit: int | None,
    out: str | None,
    epochs: float | None,
    seed: int | None,
    resume: bool,
) -> None:
    """Train a student of fewer layers to say what the full tagger says, in less time.

    TEXTS are text files, a paragraph a line, .xz too; the training sentences are used as well.
    The teacher is a fine-tuned folder, runs/full by default. The shipped tagger is such a student
    of four layers.

    \b
    Examples:
      workplan twin models/full --out runs/full
      workplan distil papers.txt.xz --limit 32000
      workplan distil papers.txt.xz --layers 4 --out models/mine
      workplan label in.jsonl out.jsonl --labeller fast
    """
    need_torch("training")
    from workplan.evaluate.spans import table_of
    from workplan.train.bootstrap import sentences_of
    from workplan.train.student import distil as run

    settings = load_settings(
        config, "fast.yaml", encoder=encoder, out=out, epochs=epochs, seed=seed
    )
    done = run(
        settings,
        sentences_of(texts),
        layers=layers,
        limit=limit,
        resume=resume,
        say=lambda line: click.echo(line, err=True),
    )
    click.echo(f"model: {done.folder}\nstrict F1 on dev (float32): {done.dev_f1:.3f}")
    click.echo(f"\ntest plans, int8:\n{table_of(done.test)}")
