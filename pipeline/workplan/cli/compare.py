"""`workplan compare`: one year's plan against another's, or one city's against another's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workplan.compare import Comparison

_LISTED = 60
"""Rows that the terminal shows; the files hold all."""


class _SeveralAfterWith(click.Command):
    """Lets `--with` take several paths: everything up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        open_option = False
        for word in args:
            if word.startswith("-") and word != "-":
                open_option = word == "--with"
                if not open_option:
                    spread.append(word)
                continue
            spread += ["--with", word] if open_option else [word]
        if args and args[-1] == "--with":
            spread.append("--with")
        return super().parse_args(ctx, spread)


@click.command(cls=_SeveralAfterWith)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--with",
    "others",
    multiple=True,
    metavar="B…",
    type=click.Path(path_type=Path),
    help="What to compare with: last year's plan, another city's. Takes several paths.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for comparison.html, .xlsx, .csv and .json; made where it is missing.",
)
@click.option(
    "--labeller",
    metavar="NAME|FOLDER",
    help="What finds the spans: rules, tagger, full, fast or a trained model's folder.",
)
@click.option(
    "--evaluate",
    is_flag=True,
    help="Print precision and recall of the alignment on written pairs, then end.",
)
def compare(
    paths: tuple[Path, ...],
    others: tuple[Path, ...],
    out: Path | None,
    labeller: str | None,
    evaluate: bool,
) -> None:
    """Compare plans target by target (计划对比：指标升降、新增、消失、时限变动).

    A… are the plans that matter now, B… what they are held against: plan files, folders of them,
    or --out folders of `workplan extract`. Targets are aligned by what they measure, whatever
    the wording and the unit; the table says what rose, fell, appeared, vanished or moved its date.

    \b
    Examples:
      workplan compare 2024.docx --with 2023.docx --out cmp/
      workplan compare 甲市.txt --with 乙市.txt 丙市.txt
    """
    if evaluate:
        _evaluate()
        return
    if not paths or not others:
        raise click.UsageError("name plans on both sides: workplan compare A… --with B…")
    from workplan.compare import compare as align
    from workplan.compare import read_plans, write_comparison
    from workplan.tag import get_labeller

    found = get_labeller(labeller) if labeller else None
    comparison = align(read_plans(paths, found), read_plans(others, found))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    click.echo(terminal_table(comparison))
    if out:
        write_comparison(comparison, out)
        click.echo(f"\n→ {out / 'comparison.html'}, .xlsx, .csv, .json")


def terminal_table(comparison: Comparison) -> str:
    """The plans, the counts and a block a metric, shared metrics first."""
    from workplan.compare.table import changes_of, counts_of, figure_of, plan_names

    names = plan_names(comparison.plans)
    first = comparison.first_of_this
    letters = [
        f"A{place - first + 1}" if place >= first else f"B{place + 1}"
        for place in range(len(names))
    ]
    lines = [
        f"{letter}  {name}  [{plan.path}]"
        for letter, name, plan in zip(letters, names, comparison.plans, strict=True)
    ]
    counts = counts_of(comparison)
    lines += ["", "，".join(f"{word} {count}" for word, count in counts.items() if count), ""]
    for row in comparison.rows[:_LISTED]:
        figures = "  ".join(
            f"{letter} {figure_of(cell, mention) or '—'}"
            for letter, cell, mention in zip(letters, row.cells, row.mentions, strict=True)
        )
        lines.append(f"{row.name}\n    {figures}\n    {'；'.join(changes_of(row, letters))}")
    rest = len(comparison.rows) - _LISTED
    if rest > 0:
        lines.append(f"… {rest} more metrics: name a folder with --out (其余见 --out)")
    if comparison.untold:
        lines.append(
            f"{len(comparison.untold)} targets name no metric and could not be aligned"
            " (未识别指标，未能对齐)"
        )
    return "\n".join(lines)


def _evaluate() -> None:
    from workplan.compare.pairs import read_pairs, table, written_pairs

    for name in ("dev", "test"):
        click.echo(table(name, read_pairs(written_pairs(name))))
