"""`workplan encoders`: the same fine-tuning from each encoder, in one table."""

from __future__ import annotations

from pathlib import Path

import click

from workplan.cli.training import load_settings, need_torch, numbers, read_splits


@click.command()
@click.argument("encoders", nargs=-1)
@click.option("--config", type=click.Path(path_type=Path), help="Default: configs/train.yaml.")
@click.option("--seeds", default="13", show_default=True, help="Several give a spread: 13,14,15.")
@click.option("--sentences", type=click.IntRange(1), help="Gold sentences. Default: all.")
@click.option("--epochs", type=float, help="In place of the configuration's.")
@click.option("--out", default="runs/encoders", show_default=True, type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace results of other settings.")
def encoders(
    encoders: tuple[str, ...],
    config: Path | None,
    seeds: str,
    sentences: int | None,
    epochs: float | None,
    out: Path,
    overwrite: bool,
) -> None:
    """Fine-tune from each of ENCODERS (folders or hub models; default: models/encoder).

    Strict F1 by label on the test plans goes to encoders.md and encoders.json in OUT. A run that
    is stopped goes on where it was when the same command is given again; encoders named later
    join those that were done.

    \b
    Examples:
      workplan encoders models/encoder ../start/encoder
      workplan encoders models/encoder hfl/chinese-macbert-base --seeds 13,14,15
      workplan encoders models/encoder --sentences 200 --epochs 1 --out runs/small
    """
    need_torch("training")
    from workplan.train.encoders import run_encoders, table, write

    chosen_seeds = numbers(seeds, "--seeds")
    settings = load_settings(config, epochs=epochs)
    done = run_encoders(
        settings,
        list(dict.fromkeys(encoders)) or [settings.encoder],
        read_splits(settings, sentences),
        out,
        seeds=chosen_seeds,
        overwrite=overwrite,
        say=lambda line: click.echo(line, err=True),
    )
    write(done, out)
    click.echo(f"{table(done)}\n\n{out / 'encoders.md'}\n{out / 'encoders.json'}")
