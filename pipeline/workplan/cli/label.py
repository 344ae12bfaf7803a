"""`workplan label`: spans, targets and dates of sentences, JSON lines in and out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from workplan.errors import UserError
from workplan.types import LABELS, Span


@click.command()
@click.argument("source", metavar="IN.jsonl")
@click.argument("out", metavar="OUT.jsonl")
@click.option("--labeller", "name", help="rules, tagger, full, fast or a model's folder.")
@click.option("--spans", type=click.Choice(["gold"]), help="Take IN's spans as given.")
@click.option("--year", type=click.IntRange(1949, 2199), help="The plan's year.")
@click.option("--vote", type=click.Choice(["hmm", "majority"]), help="How the rules combine.")
def label(
    source: str, out: str, name: str | None, spans: str | None, year: int | None, vote: str | None
) -> None:
    """Label sentences: one {"id", "text"} a line in, the same with spans, targets, dates out.

    \b
    "-" stands for standard input and output. A line's own "year" comes before --year; without
    either no year is assumed.
    \b
    Examples:
      workplan label sentences.jsonl labelled.jsonl --year 2021
      workplan label - - --labeller rules < sentences.jsonl
      workplan label gold.jsonl targets.jsonl --spans gold
    """
    find = _finder(name, vote) if spans is None else None
    with _lines_of(source) as lines, _written_aside(out) as target:
        rows = read_rows(lines, where="standard input" if source == "-" else source)
        for row in label_rows(_with_progress(rows, source), find, year):
            target.write(json.dumps(row, ensure_ascii=False) + "\n")


Finder = Callable[[Sequence[str]], list[list[Span]]]


def read_rows(lines: Iterable[str], where: str) -> Iterator[dict[str, Any]]:
    """Parse and check input lines. Raises UserError that names `where` and the line's number."""
    for number, line in enumerate(lines, start=1):
        place = f"{where}:{number}"
        try:
            row = json.loads(line.lstrip("\ufeff"))
        except json.JSONDecodeError as error:
            raise UserError(
                f"not a JSON object: {error.msg} at column {error.colno} (不是JSON)",
                where=place,
                remedy='write one {"id": …, "text": …} a line, no blank lines',
            ) from error
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
            raise UserError(
                'the line has no "id" or no "text" (缺少id或text)',
                where=place,
                remedy='write one {"id": …, "text": …} a line',
            )
        given = row.get("year")
        if given is not None and not _is_year(given):
            raise UserError(
                f'"year" is {given!r}, not a year (年份无效)',
                where=place,
                remedy="write a number such as 2021, or leave it out",
            )
        row["_where"] = place
        yield row


def label_rows(
    rows: Iterable[dict[str, Any]], find: Finder | None, year: int | None = None
) -> Iterator[dict[str, Any]]:
    """Each row with spans, targets and dates, in order.

    `find` labels views; None takes each row's own spans. `year` is the plan's year where a row
    has none. Raises UserError for given spans that do not fit their text.
    """
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        if find is None:
            found = [_given_spans(row) for row in batch]
        else:
            from workplan.read import fold

            found = find([fold(row["text"]) for row in batch])
        for row, spans in zip(batch, found, strict=True):
            yield _complete(row, spans, row.get("year") or year)


_BATCH = 256


def _complete(row: dict[str, Any], spans: Sequence[Span], year: int | None) -> dict[str, Any]:
    from workplan.assemble import targets_of
    from workplan.write.records import target_record

    row.pop("_where", None)
    row["spans"] = [[span.start, span.end, span.label] for span in spans]
    row["targets"] = [target_record(target) for target in targets_of(row["text"], spans, year)]
    row["dates"] = [_date(row["text"], span, year) for span in spans if span.label == "DEADLINE"]
    return row


def _date(text: str, span: Span, year: int | None) -> dict[str, Any]:
    from workplan.normalise import read_date

    before, after = text[: span.start], text[span.end :]
    due = read_date(text[span.start : span.end], year=year, before=before, after=after)
    return {"start": span.start, "end": span.end, "from": due.start, "to": due.end}


def _finder(name: str | None, vote: str | None) -> Finder:
    from workplan.tag import get_labeller

    if vote is None:
        return get_labeller(name).label
    if name not in (None, "rules"):
        raise UserError(
            "only the rules have a vote (只有规则需要投票)",
            where="--vote",
            remedy="leave --vote out, or use --labeller rules",
        )
    from workplan.tag.rules import RulesLabeller

    return RulesLabeller(vote).label


def _given_spans(row: dict[str, Any]) -> list[Span]:
    """The row's own spans, checked: known labels, within the text, no overlap."""
    spans = []
    for item in row.get("spans") or []:
        if not _is_span(item, len(row["text"])):
            raise UserError(
                f"{item!r} is no span of this text (标注无效)",
                where=row["_where"],
                remedy=f"write [start, end, label] with a label of {', '.join(LABELS)}",
            )
        spans.append(Span(*item))
    spans.sort()
    for left, right in zip(spans, spans[1:], strict=False):
        if right.start < left.end:
            raise UserError(
                f"two spans overlap at {right.start} (标注重叠)",
                where=row["_where"],
                remedy="keep one of them",
            )
    return spans


def _is_span(item: Any, length: int) -> bool:
    if not isinstance(item, list) or len(item) != 3 or item[2] not in LABELS:
        return False
    start, end = item[:2]
    return type(start) is int and type(end) is int and 0 <= start < end <= length


def _is_year(value: Any) -> bool:
    return type(value) is int and 1949 <= value <= 2199


def _with_progress(rows: Iterator[dict[str, Any]], source: str) -> Iterator[dict[str, Any]]:
    """A progress bar on standard error, where that is a terminal and the input a file."""
    from tqdm import tqdm

    quiet = source == "-" or not sys.stderr.isatty()
    return iter(tqdm(rows, unit="句", disable=quiet, delay=2))


@contextmanager
def _lines_of(source: str) -> Iterator[Iterable[str]]:
    if source == "-":
        yield _decoded(sys.stdin.buffer, "standard input")
        return
    try:
        file = open(source, "rb")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise UserError(
            f"the file cannot be read: {error.strerror} (无法读取)",
            where=source,
            remedy="name a file of JSON lines, or - for standard input",
        ) from error
    with file:
        yield _decoded(file, source)


def _decoded(file: IO[bytes], where: str) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UserError(
                "the line is not UTF-8 (不是UTF-8编码)",
                where=f"{where}:{number}",
                remedy="save the file as UTF-8",
            ) from error


@contextmanager
def _written_aside(out: str) -> Iterator[IO[str]]:
    """A file that takes its name only when all is written; "-" is standard output."""
    if out == "-":
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", newline="\n")
        yield sys.stdout
        return
    aside = Path(f"{out}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(aside, out)
    except OSError as error:
        raise UserError(
            f"cannot write: {error.strerror} (无法写入)", where=out, remedy="name another file"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
