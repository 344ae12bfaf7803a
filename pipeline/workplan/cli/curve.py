"""`workplan curve`: how many gold sentences the tagger needs, with and without the bootstrap."""

from __future__ import annotations

from pathlib import Path

import click

from workplan.cli.training import load_settings, need_torch, numbers, read_splits


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Default: configs/train.yaml.")
@click.option("--sizes", default="0,50,200,800", show_default=True, help="Beside all sentences.")
@click.option("--seeds", default="13", show_default=True, help="Several give a spread: 13,14,15.")
@click.option("--weak", type=click.Path(path_type=Path), help="Weak labels that TEXTS gave.")
@click.option("--sentences", type=click.IntRange(1), help="Gold sentences in all. Default: all.")
@click.option("--encoder", help="In place of the configuration's: a folder or a hub model.")
@click.option("--epochs", type=float, help="In place of the configuration's.")
@click.option("--out", default="runs/curve", show_default=True, type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a curve of other settings.")
def curve(
    config: Path | None,
    sizes: str,
    seeds: str,
    weak: Path | None,
    sentences: int | None,
    encoder: str | None,
    epochs: float | None,
    out: Path,
    overwrite: bool,
) -> None:
    """Train on more and more gold sentences, from the encoder alone and from weak labels.

    Strict F1 on the test plans goes to curve.md, curve.png and curve.json in OUT. Without --weak
    (what `workplan bootstrap` wrote) the rules label the training sentences' own text. A run that
    is stopped goes on where it was when the same command is given again.

    \b
    Examples:
      workplan curve
      workplan curve --weak runs/weak.jsonl --seeds 13,14,15
      workplan curve --sizes 0,50 --sentences 200 --epochs 1 --out runs/small
    """
    need_torch("training")
    from workplan.tag import get_labeller
    from workplan.train.corpus import read_corpus
    from workplan.train.curve import Splits, rules_f1, run_curve, table, weak_labels, write

    chosen_sizes, chosen_seeds = numbers(sizes, "--sizes"), numbers(seeds, "--seeds")
    settings = load_settings(config, encoder=encoder, epochs=epochs)
    train, dev, test = read_splits(settings, sentences)
    rules = get_labeller("rules")
    weakly = read_corpus(weak) if weak else weak_labels(train, rules)
    points = run_curve(
        settings,
        Splits(train, dev, test, weakly),
        out,
        sizes=chosen_sizes,
        seeds=chosen_seeds,
        overwrite=overwrite,
        say=lambda line: click.echo(line, err=True),
    )
    write(points, rules_f1(test, rules), out)
    click.echo(f"{table(points)}\n\n{out / 'curve.md'}\n{out / 'curve.png'}\n{out / 'curve.json'}")
