"""`workplan train-segmenter`: a word segmenter from any official text."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train-segmenter")
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the model.")
@click.option("--characters", default=1_000_000, show_default=True, help="Text to learn from.")
@click.option("--passes", default=10, show_default=True, help="Passes over the text.")
@click.option("--seed", default=0, show_default=True, help="Of the sample and its order.")
def train_segmenter(
    texts: tuple[Path, ...], out: Path, characters: int, passes: int, seed: int
) -> None:
    """Train the word segmenter on TEXTS, .txt or .txt.xz with a paragraph a line.

    LAC cuts the text into words, pkuseg learns the cuts (about 12,000 characters a second and
    pass), and the model's card says how well both agree on paragraphs held out.

    \b
    Examples:
      workplan train-segmenter reports.txt.xz laws.txt --out models/segmenter
      workplan train-segmenter plans.txt --characters 200000 --passes 5 --out runs/segmenter
    """
    from workplan.train.segmenter import Recipe, train_segmenter

    report = train_segmenter(texts, out, Recipe(characters=characters, passes=passes, seed=seed))
    click.echo(f"model: {out} ({report.size / 1e6:.1f} MB)")
    click.echo(f"held-out word F1 against LAC: {report.total.f1:.4f}")
