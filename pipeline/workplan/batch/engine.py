"""Files in, outputs in one folder, by way of shards that worker processes or actors make."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.batch.folder import MANIFEST, OutputFolder
from workplan.batch.garbage import seldom_collected
from workplan.batch.job import ENGINES, Job, fingerprint
from workplan.batch.location import digests, find, is_inside, is_url
from workplan.batch.manifest import Manifest, make_manifest, write_manifest
from workplan.batch.pool import Pool
from workplan.batch.remote import RemoteFolder
from workplan.batch.shards import Entry, read_results
from workplan.batch.worker import Group
from workplan.errors import UserError
from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
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
    _check_engine(job)
    files, skipped = _find(job)
    folder = _folder(job)
    key = fingerprint(job)
    before = folder.open(key, overwrite=job.overwrite, resume=job.resume)
    finished = False
    entries: dict[str, Entry] = {}
    try:
        entries.update(_unchanged(files, before))
        resumed = len(entries)
        _work(job, key, folder, files, entries)
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
    files, skipped = find(job.paths)
    out = job.out.resolve() if isinstance(job.out, Path) else job.out
    mine = [path for path in files if not is_inside(path, out)]
    if not mine:
        raise UserError(
            "there is no file to read (没有可读取的文件)",
            where=", ".join(map(str, job.paths)),
            remedy="name txt, html, docx or pdf files, or folders that hold some",
        )
    return mine, [line for line in skipped if not is_inside(line, out)]


def _folder(job: Job) -> OutputFolder:
    if isinstance(job.out, str):
        return RemoteFolder(job.out)
    return OutputFolder(job.out)


def _check_engine(job: Job) -> None:
    """Raise UserError now where the engine is unknown or lacks its package."""
    if job.engine not in ENGINES:
        raise UserError(
            f"unknown engine {job.engine!r} (未知引擎)", remedy=f"choose from {', '.join(ENGINES)}"
        )
    if job.engine == "ray":
        from workplan.batch.cluster import check_ray

        check_ray()


def _unchanged(files: Sequence[str], before: dict[str, Entry]) -> dict[str, Entry]:
    """What an earlier start has done of these files, where their content is still the same."""
    known = [path for path in files if path in before]
    now = digests(known)
    return {
        path: before[path]
        for path, digest in zip(known, now, strict=True)
        if digest == before[path].digest
    }


def _work(
    job: Job,
    key: dict[str, str],
    folder: OutputFolder,
    files: list[str],
    entries: dict[str, Entry],
) -> None:
    """Bring every file that has no entry through the road; fills `entries`."""
    todo = [path for path in files if path not in entries]
    if not todo:
        return
    run = _on_ray if job.engine == "ray" else _on_this_machine
    with _bar(job, "read", len(files), len(entries)) as bar:
        tasks = 0
        with closing(run(job, key, folder, todo)) as done:
            for group in done:
                folder.keep(group)
                entries.update((entry.path, entry) for entry in group)
                tasks += sum(entry.counts.get("tasks", 0) for entry in group)
                bar.set_postfix_str(f"{tasks} tasks", refresh=False)
                bar.update(len(group))


def _on_this_machine(
    job: Job, key: dict[str, str], folder: OutputFolder, todo: list[str]
) -> Generator[list[Entry]]:
    count = min(job.settings.processes(), len(todo))
    with Pool(count, job.loader, job.settings) as pool:
        yield from pool.run(_groups(todo, folder, job, count))


def _on_ray(
    job: Job, key: dict[str, str], folder: OutputFolder, todo: list[str]
) -> Generator[list[Entry]]:
    from workplan.batch.cluster import run_on_ray

    def group(actors: int) -> Iterator[Group]:
        return _groups(todo, folder, job, actors)

    yield from run_on_ray(job, key, len(todo), group, folder.work / "ray.log")


def _groups(files: Sequence[str], folder: OutputFolder, job: Job, workers: int) -> Iterator[Group]:
    """Neighbouring files, few enough that each worker gets several groups."""
    settings, outputs = job.settings, job.outputs
    most = max(1, min(settings.group_files, len(files) // (workers * 2)))
    room = settings.group_kilobytes * 1024
    chosen: list[str] = []
    size = number = 0
    for path in files:
        length = _size(path)
        if chosen and (len(chosen) == most or size + length > room):
            yield Group(tuple(chosen), folder.shard(number), outputs)
            chosen, size, number = [], 0, number + 1
        chosen.append(path)
        size += length
    yield Group(tuple(chosen), folder.shard(number), outputs)


def _merge(job: Job, folder: OutputFolder, entries: Sequence[Entry]) -> None:
    """Write the outputs from the shards, in the order of the input."""
    with _bar(job, "write", len(entries)) as bar, seldom_collected():
        results = _told(read_results(folder.shards, entries), bar)
        outputs = job.outputs
        write_outputs(results, folder.fresh_final(), outputs.formats, outputs.options)


def _told(results: Iterator[Bundle | Failure], bar: tqdm) -> Iterator[Bundle | Failure]:
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
    if is_url(path):
        return 0  # asking costs a journey for each: their number alone makes the groups
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
