"""`workplan bootstrap`: weak labels for unlabelled text."""

from __future__ import annotations

import os
from pathlib import Path

import click

from workplan.errors import UserError


@click.command()
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="JSONL to write.")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many sentences.")
@click.option("--labeller", default="rules", show_default=True, help="Who labels.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists.")
def bootstrap(
    texts: tuple[Path, ...], out: Path, limit: int | None, labeller: str, overwrite: bool
) -> None:
    """Label TEXTS (text files, a paragraph a line, .xz too) by the rules, for `workplan train`.

    \b
    Example:
      workplan bootstrap corpus.txt.xz --out runs/weak.jsonl --limit 20000
      workplan train --weak runs/weak.jsonl
    """
    from workplan.tag import get_labeller
    from workplan.train.bootstrap import bootstrap as run
    from workplan.train.bootstrap import sentences_of
    from workplan.train.corpus import write_corpus

    if out.exists() and not overwrite:
        raise UserError("OUT exists already (文件已存在)", where=str(out), remedy="--overwrite")
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(out.name + ".part")
    write_corpus(aside, run(sentences_of(texts), get_labeller(labeller), limit=limit))
    os.replace(aside, out)
    click.echo(f"{out}", err=True)
