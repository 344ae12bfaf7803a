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
    help="rules, tagger, fast, lac or a model's folder; repeat to compare. Default: all there are.",
)
@click.option(
    "--text",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Annotated JSONL to measure on. Default: the corpus' test and dev plans.",
)
@click.option("--characters", default=40_000, show_default=True, help="Text, repeated to this.")
@click.option("--rounds", default=3, show_default=True, help="Fresh processes for each labeller.")
@click.option("--threads", default=2, show_default=True, help="Cores to use, and workers at most.")
@click.option("--files", default=200, show_default=True, help="Plans for the engine; 0: leave out.")
@click.option("--size", default=5_000, show_default=True, help="Bytes of each of these plans.")
@click.option(
    "--json", "target", metavar="FILE", help="Write all figures there; -: to stdout alone."
)
def bench(
    names: tuple[str, ...],
    text: tuple[Path, ...],
    characters: int,
    rounds: int,
    threads: int,
    files: int,
    size: int,
    target: str | None,
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
      workplan bench --files 2000 --json runs/bench.json
    """
    from workplan.bench.labellers import available
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
    )
    report = run(plan, say=lambda line: click.echo(line, err=True))
    if target:
        figures = json.dumps(report.record(), ensure_ascii=False, indent=1) + "\n"
        if target == "-":
            click.echo(figures, nl=False)
            return
        aside = Path(target + ".part")
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(figures, encoding="utf-8")
        os.replace(aside, target)
    click.echo(report)
