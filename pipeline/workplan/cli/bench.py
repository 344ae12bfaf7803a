"""`workplan bench`: speed and memory on this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from workplan import resources


@click.command()
@click.option(
    "--labeller",
    "names",
    multiple=True,
    help="rules, tagger, full, fast, lac or a model's folder; repeat to compare. Default: all.",
)
@click.option(
    "--text",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Annotated JSONL to measure on. Default: the corpus' test and dev plans.",
)
@click.option(
    "--characters",
    type=click.IntRange(1),
    default=40_000,
    show_default=True,
    help="Text, repeated to this.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Fresh processes for each labeller.",
)
@click.option(
    "--threads",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Cores to use, and workers at most.",
)
@click.option(
    "--files",
    type=click.IntRange(0),
    default=200,
    show_default=True,
    help="Plans for the engine; 0: leave out.",
)
@click.option(
    "--size",
    type=click.IntRange(300),
    default=5_000,
    show_default=True,
    help="Bytes of each of these plans.",
)
@click.option("--trials", is_flag=True, help="Time the tagger's network in other ways too.")
@click.option(
    "--json", "target", metavar="FILE", help="Write all figures there; -: to stdout alone."
)
@click.option("--page", type=click.Path(path_type=Path), help="Markdown page to put figures into.")
def bench(
    names: tuple[str, ...],
    text: tuple[Path, ...],
    characters: int,
    rounds: int,
    threads: int,
    files: int,
    size: int,
    trials: bool,
    target: str | None,
    page: Path | None,
) -> None:
    """Measure how fast this machine labels sentences and extracts files (测速).

    \b
    Labellers, each in fresh processes on the same text:
      batch, single  characters per second, all sentences at once and one at a time
      cold start     seconds from starting a process to its first labelled sentence
      peak           the most memory that the process held
    Models: the floor is what their arithmetic alone would take of these cores.
    Engine: `workplan extract` on files written for it, with one worker on one core and with as
    many workers as --threads; its memory after the first hundred files and at the last.

    \b
    Examples:
      workplan bench
      workplan bench --labeller tagger --labeller lac --files 0
      workplan bench --files 2000 --trials --page docs/performance.md
    """
    from workplan.bench.labellers import available
    from workplan.bench.page import check_page, put_figures
    from workplan.bench.run import Plan, run

    annotations = resources.root() / "annotations"
    plan = Plan(
        names=tuple(dict.fromkeys(names)) or tuple(available()),
        text=text or tuple(annotations / f"{split}.jsonl" for split in ("test", "dev")),
        characters=characters,
        rounds=rounds,
        threads=threads,
        files=files,
        size=size,
        trials=trials,
    )
    if page:
        check_page(page)
    report = run(plan, say=lambda line: click.echo(line, err=True))
    if page:
        put_figures(page, str(report))
    if target != "-":
        click.echo(report)
    if target:
        _write_json(target, json.dumps(report.record(), ensure_ascii=False, indent=1) + "\n")


def _write_json(target: str, text: str) -> None:
    """To standard output, or to a file that is complete or absent."""
    if target == "-":
        click.echo(text, nl=False)
        return
    aside = Path(target + ".part")
    aside.parent.mkdir(parents=True, exist_ok=True)
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, target)
