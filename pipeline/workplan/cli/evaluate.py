"""`workplan eval`: scores on annotated plans."""

from __future__ import annotations

from pathlib import Path

import click

from workplan import resources


@click.command()
@click.argument("gold", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--labeller",
    "names",
    multiple=True,
    help="rules, tagger, full, fast, lac or a model's folder; repeat to compare. Default: all.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for JSON and HTML.")
@click.option("--brief", is_flag=True, help="Only the tables that compare.")
@click.option("--amendments", is_flag=True, help="List what differs from tables by hand.")
@click.option("--linking", is_flag=True, help="List records that go wrong from right spans.")
def evaluate(
    gold: tuple[Path, ...],
    names: tuple[str, ...],
    out: Path | None,
    brief: bool,
    amendments: bool,
    linking: bool,
) -> None:
    """Score labellers on GOLD (annotated JSONL; default: the corpus' test plans).

    \b
    Prints strict F1 by label with a 95 % interval over plans, scores of target records, wrong
    values per value given and lost records; for the last labeller named also partial and type
    scores, plans, domains and confusions. Then the task tables of whole plans against those made
    by hand in annotations/tables: tasks lost, dates, organisations and roles, wrong figures.
    With --out: evaluation.json, errors.html, tables.txt with every difference in context, and
    card.md, the card of the last labeller named.
    \b
    Examples:
      workplan eval
      workplan eval gold.jsonl --labeller rules --labeller tagger --out runs/eval
    """
    from workplan.evaluate import run, tables
    from workplan.evaluate.card import card
    from workplan.evaluate.errors_page import write_errors
    from workplan.evaluate.linking import listing
    from workplan.train.corpus import read_corpora

    paths = list(gold) or [resources.root() / "annotations" / "test.jsonl"]
    examples = read_corpora(paths)
    labellers = [_labeller(name) for name in names or _available()]
    evaluations = [run.evaluate(labeller, examples) for labeller in labellers]
    table = run.comparison([*evaluations, run.gold_spans(examples)])
    scored = f"{len(examples)} sentences of {len({e.plan for e in examples})} plans"
    click.echo(f"{scored}\n\n{table}")
    details = "" if brief and not out else run.details(evaluations[-1], examples)
    if not brief:
        click.echo("\n" + details)
    if linking:
        click.echo("\n" + listing(examples))
    folder = resources.root() / "annotations"
    by_hand = [tables.evaluate_tables(one, folder) for one in (*labellers, None)]
    report = [tables.comparison(by_hand), *(tables.listing(one) for one in by_hand[-2:])]
    click.echo("\n" + "\n\n".join(report if amendments else report[:1]))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        run.save(evaluations, out, by_hand)
        (out / "tables.txt").write_text("\n\n".join(report) + "\n", encoding="utf-8")
        write_errors(examples, evaluations[-1].found, out / "errors.html")
        written = card(labellers[-1], scored, (table, details, report[0]))
        (out / "card.md").write_text(written, encoding="utf-8")
        files = ("evaluation.json", "errors.html", "tables.txt", "card.md")
        click.echo("\n" + "\n".join(str(out / name) for name in files))


def _available() -> list[str]:
    from workplan.evaluate.peers import lac_installed

    names = ["lac"] if lac_installed() else []
    names.append("rules")
    names += [n for n in ("fast", "full", "tagger") if (resources.model(n) / "card.json").is_file()]
    return names


def _labeller(name: str):  # type: ignore[no-untyped-def]  # Labeller; imported late
    if name == "lac":
        from workplan.evaluate.peers import LacLabeller

        return LacLabeller()
    from workplan.tag import get_labeller

    return get_labeller(name)
