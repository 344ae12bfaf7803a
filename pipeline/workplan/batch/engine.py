"""The local engine: files in, outputs in one folder, through worker processes and shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.batch.folder import MANIFEST, OutputFolder
from workplan.batch.job import Job, file_digest, fingerprint
from workplan.batch.manifest import Manifest, make_manifest, write_manifest
from workplan.batch.pool import Pool
from workplan.batch.settings import Settings
from workplan.batch.shards import Entry, read_results
from workplan.batch.worker import Group
from workplan.errors import UserError
from workplan.types import Extraction
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.outputs import check_formats, write_outputs

if TYPE_CHECKING:
    from tqdm import tqdm


class Stopped(KeyboardInterrupt):
    """The user has stopped the run: `done` of `total` files are safe in the shards."""

    def __init__(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        super().__init__(f"{done} of {total} files are done")


def extract(job: Job) -> Manifest:
    """Read all files of a job into its folder, going on where an unfinished run stopped.

    The outputs depend on the files and their order alone, not on the number of workers, nor on
    how often the run was stopped. Raises UserError where the job cannot be begun or go on, and
    Stopped at Ctrl-C. A script that calls this needs `if __name__ == "__main__":`, since
    workers are spawned.
    """
    began = datetime.now(UTC)
    check_formats(job.all_formats)
    files, skipped = _find(job)
    folder = OutputFolder(job.out)
    key = fingerprint(job)
    before = folder.open(key, overwrite=job.overwrite, resume=job.resume)
    finished = False
    entries: dict[str, Entry] = {}
    try:
        entries.update(_unchanged(files, before))
        resumed = len(entries)
        _work(job, folder, files, entries)
        worked = datetime.now(UTC)
        ordered = [entries[path] for path in files]
        _merge(job, folder, ordered)
        manifest = make_manifest(job, key, ordered, skipped, resumed, (began, worked))
        outputs = [path.name for path in folder.final.iterdir()]
        write_manifest(folder.final / MANIFEST, manifest, outputs)
        folder.place()
        finished = True
        return manifest
    except KeyboardInterrupt:
        raise Stopped(len(entries), len(files)) from None
    finally:
        folder.close(finished=finished)


def _find(job: Job) -> tuple[list[str], list[str]]:
    """The files to read, each once and in order, and those left out; DIR's own are neither."""
    from workplan.read import find_files

    files, skipped = find_files(job.paths)
    out = job.out.resolve()
    mine = [str(path) for path in files if out not in path.resolve().parents]
    if not mine:
        raise UserError(
            "there is no file to read (没有可读取的文件)",
            where=", ".join(map(str, job.paths)),
            remedy="name txt, html, docx or pdf files, or folders that hold some",
        )
    others = (one for one in skipped if out not in one.path.resolve().parents)
    return mine, [f"{one.path}: {one.why}" for one in others]


def _unchanged(files: Sequence[str], before: dict[str, Entry]) -> dict[str, Entry]:
    """What an earlier start has done of these files, where their content is still the same."""
    return {
        path: before[path]
        for path in files
        if path in before and file_digest(Path(path)) == before[path].digest
    }


def _work(job: Job, folder: OutputFolder, files: list[str], entries: dict[str, Entry]) -> None:
    """Bring every file that has no entry through the road; fills `entries`."""
    todo = [path for path in files if path not in entries]
    if not todo:
        return
    count = min(job.settings.processes(), len(todo))
    groups = _groups(todo, folder, job.settings, count)
    with _bar(job, "read", len(files), len(entries)) as bar:
        tasks = 0
        with closing(Pool(count, job.loader, job.settings).run(groups)) as done:
            for group in done:
                entries.update((entry.path, entry) for entry in group)
                tasks += sum(entry.counts.get("tasks", 0) for entry in group)
                bar.set_postfix_str(f"{tasks} tasks", refresh=False)
                bar.update(len(group))


def _groups(
    files: Sequence[str], folder: OutputFolder, settings: Settings, workers: int
) -> Iterator[Group]:
    """Neighbouring files, few enough that each worker gets several groups."""
    most = max(1, min(settings.group_files, len(files) // (workers * 2)))
    room = settings.group_kilobytes * 1024
    chosen: list[str] = []
    size = number = 0
    for path in files:
        length = _size(path)
        if chosen and (len(chosen) == most or size + length > room):
            yield Group(tuple(chosen), folder.shard(number))
            chosen, size, number = [], 0, number + 1
        chosen.append(path)
        size += length
    yield Group(tuple(chosen), folder.shard(number))


def _merge(job: Job, folder: OutputFolder, entries: Sequence[Entry]) -> None:
    """Write the outputs from the shards, in the order of the input."""
    options = Options(job.show_all, job.settings.plan_sheets, job.settings.report_tasks)
    with _bar(job, "write", len(entries)) as bar:
        results = _told(read_results(folder.shards, entries), bar)
        write_outputs(results, folder.fresh_final(), job.all_formats, options)


def _told(results: Iterator[Extraction | Failure], bar: tqdm) -> Iterator[Extraction | Failure]:
    """`results`, each shown on the bar."""
    for result in results:
        yield result
        bar.update()


def _bar(job: Job, what: str, total: int, done: int = 0) -> tqdm:
    """A progress bar on standard error, where there is a person to see it."""
    from tqdm import tqdm

    return tqdm(
        total=total,
        initial=done,
        unit=" files",
        desc=what,
        smoothing=0.1,
        dynamic_ncols=True,
        disable=None if job.progress else True,
    )


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
