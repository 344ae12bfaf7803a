"""`workplan rules`: how each labelling function does, and how their vote is trained."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import click

from workplan import resources
from workplan.errors import UserError
from workplan.types import Span


@click.group()
def rules() -> None:
    """The labelling functions: report on them, train their vote."""


@rules.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="JSON records in place of the table.")
@click.option("--limit", type=click.IntRange(1), default=5000, show_default=True)
def report(sources: tuple[Path, ...], as_json: bool, limit: int) -> None:
    """Coverage, overlaps and conflicts of each function, with precision on gold.

    \b
    SOURCES are annotated JSONL (default: the corpus' dev plans) or text files, plain or .xz.
    coverage   share of sentences in which the function finds anything
    stretches  what it finds in all
    overlap    share of these that another function for the same label finds exactly so
    conflict   share that overlaps a stretch of another label, or one that is voted against
    precision  share that are gold spans (against: that touch none of the label)
    recall     share of the label's gold spans that it finds
    \b
    Examples:
      workplan rules report
      workplan rules report gold.jsonl --json > report.json
      workplan rules report corpus.txt.xz --limit 2000
    """
    from workplan.tag.rules.report import rows, table, tally

    _load_rules()
    paths = sources or (resources.root() / "annotations" / "dev.jsonl",)
    tallies, gold, sentences = tally(islice(_sentences(paths), limit))
    records = rows(tallies, gold, sentences)
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        click.echo(table(records, gold, sentences))


@rules.command()
@click.argument("texts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="Annotated JSONL.")
@click.option("--out", type=click.Path(path_type=Path), help="Default: models/rules/vote.json.")
@click.option("--limit", type=click.IntRange(10), default=1500, show_default=True)
def fit(texts: tuple[Path, ...], gold: tuple[Path, ...], out: Path | None, limit: int) -> None:
    """Train the vote with skweak's hidden Markov model.

    \b
    TEXTS are unlabelled text files, plain or .xz; --limit sentences of them are drawn. Where
    --gold is given, its counts lead and the unlabelled text stands behind as a prior.
    \b
    Examples:
      workplan rules fit corpus.txt.xz
      workplan rules fit corpus.txt.xz --gold annotations/train.jsonl
    """
    try:
        import skweak  # noqa: F401  (only to say early what is missing)
    except ImportError as error:
        raise UserError(
            "training the vote needs skweak (训练需要额外的依赖)",
            remedy="pip install 'workplan[train]'",
        ) from error
    from workplan.tag.rules.fit import draw, fit

    _load_rules()
    known = [(text, spans) for text, spans in _sentences(gold) if spans is not None]
    plain = draw((text for text, _ in _sentences(texts)), limit)
    model = fit(plain, known)
    target = out or resources.model("rules") / "vote.json"
    day = date.today().isoformat()
    model.save(target, f"{len(plain)} unlabelled and {len(known)} gold sentences, {day}")
    click.echo(f"{target}: trained on {len(plain)} unlabelled and {len(known)} gold sentences")


def _load_rules() -> None:
    from workplan.tag.rules import load_functions

    load_functions()


def _sentences(paths: Sequence[Path]) -> Iterator[tuple[str, Sequence[Span] | None]]:
    """Views of all sentences, with their spans where the file is annotated JSONL."""
    from workplan.read import fold
    from workplan.train.bootstrap import sentences_of
    from workplan.train.corpus import read_corpus

    for path in paths:
        if path.suffix == ".jsonl":
            for example in read_corpus(path):
                yield fold(example.text), example.spans
        else:
            for text in sentences_of([path]):
                yield fold(text), None
