"""The road for one file and for a group of files: read, segment, label, assemble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from workplan.batch.location import Location, fetched, is_url, version
from workplan.batch.shards import NOTHING, Entry, Outputs, Parcel, pack
from workplan.errors import FileError, UserError
from workplan.types import Extraction, Plan, Sentence, Span
from workplan.write.failure import Failure

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

S = TypeVar("S")
T = TypeVar("T")
Beat = Callable[[], None]

_SLICE_CHARACTERS = 60_000
"""What the labeller gets at a time: enough to fill its batches, little enough to show progress."""
_READS = 3
"""How often a file is read that changes while it is read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is read and cut into sentences, but not labelled yet."""

    plan: Plan
    sentences: list[Sentence]

    @property
    def views(self) -> list[str]:
        """What the labeller sees."""
        return [sentence.view for sentence in self.sentences]


def load_road() -> None:
    """Import every step now, so that the first file does not pay for it."""
    for step in ("read", "segment", "assemble"):
        import_module(f"workplan.{step}")


def read_one(path: Location, labeller: Labeller) -> Extraction:
    """Take one file down the whole road. Raises FileError where it cannot be read."""
    draft = prepare(path)
    return finish(draft, label_by_length(draft.views, labeller), labeller.name)


def prepare(path: Location) -> Draft:
    """Read and segment a file.

    Raises FileError where it cannot be read, or changes each time that it is.
    """
    from workplan.segment import segment

    for _ in range(_READS):
        before = version(path)
        plan = _read(path)
        if version(path) == before:
            return Draft(plan, segment(plan))
    raise FileError(
        "changing",
        "the file changes while it is read (文件正在被改写)",
        where=str(path),
        remedy="wait until it is complete, then run the command again (待写入完成后重试)",
    )


def finish(draft: Draft, spans: Sequence[Sequence[Span]], labeller: str) -> Extraction:
    """Assemble a labelled file's tasks."""
    from workplan.assemble import assemble

    tasks = assemble(draft.plan, draft.sentences, spans)
    return Extraction(draft.plan, draft.sentences, spans, tasks, labeller)


def read_group(
    paths: Sequence[str], labeller: Labeller, beat: Beat, outputs: Outputs = NOTHING
) -> list[Parcel]:
    """Take several files down the road, their sentences labelled together, and render their parts
    of the outputs.

    One parcel a path, in their order; a file that fails gives its failure and the rest goes on.
    `beat` is called at each sign of life: at every file and every slice of sentences.
    """
    # Step by step over all files: a step's own code and data stay in the core's caches.
    drafts = _each(paths, paths, lambda path, _: prepare(path), beat)
    spans = iter(_label_drafts([one for one in drafts if isinstance(one, Draft)], labeller, beat))

    def finished(path: str, draft: Draft) -> Extraction | Failure:
        found = next(spans)
        return found if isinstance(found, Failure) else finish(draft, found, labeller.name)

    extractions = _each(paths, drafts, finished, beat)
    packed = _each(paths, extractions, lambda path, one: pack(path, one, outputs), beat)
    return [
        Parcel(Entry(path, failure=one)) if isinstance(one, Failure) else one
        for path, one in zip(paths, packed, strict=True)
    ]


def label_by_length(
    views: Sequence[str], labeller: Labeller, beat: Beat = lambda: None
) -> list[list[Span]]:
    """Spans of each view; views of like length go to the labeller together, since it pads.

    It gets so much at a time that its memory does not grow with the text.
    """
    found: list[list[Span]] = [[] for _ in views]
    order = sorted(range(len(views)), key=lambda place: len(views[place]))
    for chosen in _slices(order, views):
        beat()
        spans = labeller.label([views[place] for place in chosen])
        for place, one in zip(chosen, spans, strict=True):
            found[place] = one
    return found


def too_big() -> FileError:
    """The error for a file that needs more memory than it may take."""
    return FileError(
        "memory",
        "the file needs more memory than allowed (内存超限)",
        remedy="split it, or raise megabytes_per_worker in configs/batch.yaml (拆分文件或调高上限)",
    )


def _read(path: Location) -> Plan:
    from workplan.read import read_plan

    if not (isinstance(path, str) and is_url(path)):
        return read_plan(path)
    try:
        with fetched(path) as copy:
            return replace(read_plan(copy), path=path)
    except FileError as error:
        raise FileError(error.code, error.what, where=path, remedy=error.remedy) from error


def _each(
    paths: Sequence[str],
    given: Iterable[S | Failure],
    step: Callable[[str, S], T | Failure],
    beat: Beat,
) -> list[T | Failure]:
    """What a step makes of each file; one that has failed already stays as it is."""
    made: list[T | Failure] = []
    for path, one in zip(paths, given, strict=True):
        beat()
        made.append(one if isinstance(one, Failure) else _attempt(path, step, path, one))
    return made


def _label_drafts(
    drafts: Sequence[Draft], labeller: Labeller, beat: Beat
) -> list[list[list[Span]] | Failure]:
    """Each draft's spans: all drafts labelled together, or one by one where that fails."""
    views = [view for draft in drafts for view in draft.views]
    try:
        spans = iter(label_by_length(views, labeller, beat))
        return [[next(spans) for _ in draft.sentences] for draft in drafts]
    except UserError:
        raise
    except Exception:
        return [
            _attempt(draft.plan.path, label_by_length, draft.views, labeller, beat)
            for draft in drafts
        ]


def _slices(order: Sequence[int], views: Sequence[str]) -> Iterator[list[int]]:
    """`order` cut into runs of about _SLICE_CHARACTERS."""
    chosen: list[int] = []
    length = 0
    for place in order:
        if chosen and length + len(views[place]) > _SLICE_CHARACTERS:
            yield chosen
            chosen, length = [], 0
        chosen.append(place)
        length += len(views[place])
    if chosen:
        yield chosen


def _attempt(path: str, step: Callable[..., T], *given: Any) -> T | Failure:
    """What `step(*given)` returns, or the Failure that its error means for the file."""
    try:
        return step(*given)
    except FileError as error:
        return Failure.of(path, error)
    except UserError:
        raise  # A mistake in the set-up, not in the file: it would fail every file alike.
    except MemoryError:
        return Failure.of(path, too_big())
    except Exception as error:
        return Failure(
            path,
            "internal",
            f"{type(error).__name__}: {error} (程序内部错误)",
            "report this with the file (请连同文件反馈给开发者)",
        )
