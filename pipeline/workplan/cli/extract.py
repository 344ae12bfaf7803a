"""`workplan extract`: plan files in, task tables out."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workplan.batch.job import Job
    from workplan.batch.location import Location
    from workplan.batch.manifest import Manifest
    from workplan.batch.repeat import Recorded

_NAMED = 10
"""Failures and skipped files that the summary names; the rest stand in errors.jsonl, run.json."""


class Place(click.ParamType):
    """A path of this machine, or a URL that fsspec opens; `folder`: it must not be a file."""

    name = "path"

    def __init__(self, *, folder: bool = False) -> None:
        self._folder = folder

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> Location:
        """The place that a word of the command line means."""
        from workplan.batch.location import location

        place = location(str(value))
        if self._folder and isinstance(place, Path) and place.is_file():
            self.fail(f"Directory {str(place)!r} is a file.", param, context)
        return place


@click.command()
@click.argument("paths", nargs=-1, type=Place())
@click.option(
    "--out",
    required=True,
    type=Place(folder=True),
    metavar="FOLDER|URL",
    help="Folder for the results; made where it is missing.",
)
@click.option(
    "--labeller",
    metavar="NAME|FOLDER",
    help="What finds the spans: rules, tagger, full, fast or a trained model's folder. "
    "[default: the shipped tagger, rules until there is one]",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[,NAME…]",
    help="Further outputs: csv, parquet, ics. May be repeated.",
)
@click.option("--all", "show_all", is_flag=True, help="List results, background, headings too.")
@click.option("--workers", type=click.IntRange(1), help="Processes. [default: one for each core]")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Processes of this machine, or actors of Ray (pip install 'workplan[ray]').",
)
@click.option("--address", metavar="HOST:PORT", help="A Ray cluster. [default: this machine]")
@click.option("--overwrite", is_flag=True, help="Replace the results of a finished run.")
@click.option(
    "--resume/--no-resume",
    default=True,
    help="Go on with an unfinished run in the folder, or start it over.  [default: resume]",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of your own configs: its batch.yaml, lexicons/… take the shipped ones' place.",
)
@click.option(
    "--repeat",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Repeat the run that this run.json records, in place of PATHS and the options above.",
)
def extract(
    paths: tuple[Location, ...],
    out: Location,
    labeller: str | None,
    formats: tuple[str, ...],
    show_all: bool,
    workers: int | None,
    engine: str,
    address: str | None,
    overwrite: bool,
    resume: bool,
    config: Path | None,
    repeat: Path | None,
) -> None:
    """Read work plans into task tables (读取工作计划，生成任务分解表).

    PATHS are files (txt, html, docx, pdf, md; doc, wps and ofd where LibreOffice is installed)
    and folders of them, here or behind a URL (s3://…, where the package for it is installed).
    In the folder of --out you find

    \b
      tasks.xlsx     任务分解表: all tasks, and a sheet for each plan to print
      report.html    the plans' text with coloured spans beside the table; open it in a browser
      tasks.jsonl    every clause with its offsets, for programs; plans.jsonl: a line a plan
      errors.jsonl   files that could not be read: why, and what to do
      run.json       what this run was made of and how long it took

    Ctrl-C stops a run; the same command goes on where it stopped. A finished folder is not
    touched without --overwrite. The exit code is 0 when all is done, 1 when some files failed
    and 2 when the command itself is wrong.

    \b
    Examples:
      workplan extract 计划.docx --out out/
      workplan extract 2024/ 2025/ --out out/ --format csv,ics
      workplan extract --repeat out/run.json --out again/
      workplan extract s3://bucket/plans --out s3://bucket/out --engine ray --address head:6379
    """
    if address and engine != "ray":
        raise click.UsageError("--address is for --engine ray.")
    recorded = None
    if repeat:
        if paths or labeller or formats or show_all or config:
            raise click.UsageError("--repeat takes PATHS and all choices from run.json.")
        recorded = _recorded(repeat, out, overwrite=overwrite, resume=resume)
        job = recorded.job
    elif not paths:
        raise click.UsageError("Missing argument 'PATHS...'.")
    else:
        names = tuple(name.strip() for given in formats for name in given.split(",") if name)
        job = _job(paths, out, labeller, names, config)
        job = replace(job, show_all=show_all, overwrite=overwrite, resume=resume)
    if workers:
        job = replace(job, settings=replace(job.settings, workers=workers))
    manifest = _run(replace(job, progress=True, engine=engine, address=address))
    click.echo(summary(manifest))
    for part in recorded.differences(manifest) if recorded else ():
        click.echo(f"Not as in {repeat}: {part} (与原运行不同)", err=True)
    sys.exit(1 if manifest.failures else 0)


def _job(
    paths: tuple[Location, ...],
    out: Location,
    labeller: str | None,
    formats: tuple[str, ...],
    config: Path | None,
) -> Job:
    from workplan.batch.job import OWN_CONFIGS, Job
    from workplan.batch.settings import read_settings

    if config:
        # Through the environment, so that the worker processes see it too.
        os.environ[OWN_CONFIGS] = str(config.resolve())
    return Job(paths, out, labeller, formats, settings=read_settings())


def _recorded(path: Path, out: Location, *, overwrite: bool, resume: bool) -> Recorded:
    from workplan.batch.repeat import read_run

    recorded = read_run(path, out, overwrite=overwrite, resume=resume)
    recorded.enter()
    return recorded


def _run(job: Job) -> Manifest:
    """Run a job; Ctrl-C and a polite kill end it cleanly, with exit code 130."""
    from workplan.batch.engine import Stopped
    from workplan.batch.engine import extract as run

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return run(job)
    except Stopped as stop:
        click.echo(
            f"Stopped: {stop.done} of {stop.total} files are done and kept in {job.out}.\n"
            "  → run the same command again to go on (已中断；重新运行同一命令即可续跑)",
            err=True,
        )
        sys.exit(130)


def summary(manifest: Manifest) -> str:
    """What came of a run, in a few lines."""
    counts, job = manifest.counts, manifest.job
    plans, tasks, targets, reviews = (
        counts.get(key, 0) for key in ("plans", "tasks", "targets", "reviews")
    )
    lines = [
        f"{plans} plans, {tasks} tasks, {targets} targets, {reviews} tasks to review"
        f" (计划 {plans}，任务 {tasks}，目标值 {targets}，待核 {reviews})"
    ]
    hidden = [counts.get(key, 0) for key in ("results", "background", "headings")]
    if any(hidden) and not job.show_all:
        lines.append(
            "Not in the tables: {} results, {} background, {} headings; --all lists them"
            " (成效、背景、标题类未列出)".format(*hidden)
        )
    if manifest.resumed:
        lines.append(
            f"{_files(manifest.resumed)} done before (其中 {manifest.resumed} 份此前已完成)"
        )
    lines += _named(
        f"{_files(len(manifest.failures))} failed, see errors.jsonl (未处理的文件)",
        [f"{failure.path}: {failure.reason}" for failure in manifest.failures],
    )
    lines += _named(
        f"{_files(len(manifest.skipped))} skipped (已跳过的文件)",
        manifest.skipped,
    )
    lines.append(f"→ {job.out}")
    return "\n".join(lines)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _named(title: str, names: list[str]) -> list[str]:
    """A title and the first of its names; nothing where there are none."""
    if not names:
        return []
    rest = len(names) - _NAMED
    return [title, *(f"  {name}" for name in names[:_NAMED]), *([f"  … {rest} more"] * (rest > 0))]


def _interrupt(number: int, frame: FrameType | None) -> None:
    """A polite kill ends a run as Ctrl-C does: cleanly, and ready to go on."""
    raise KeyboardInterrupt
