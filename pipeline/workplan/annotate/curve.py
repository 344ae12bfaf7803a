"""Learning curves of ways to choose sentences: kept point by point, as a table, as a picture."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from workplan.errors import UserError

BASE = "random"
"""The way that the others are measured against."""


@dataclass(frozen=True)
class Point:
    """Strict micro F1 on the test sentences after `sentences` corrected ones.

    `characters`: how many these have; `following`: ids of those that are corrected next.
    """

    way: str
    seed: int
    sentences: int
    characters: int
    f1: float
    following: tuple[str, ...] = ()


class Record:
    """A file of points, a JSON line each behind a line with the `facts` they were made from.

    A run that is stopped goes on where it was. Raises UserError where the file holds points of
    other facts, or cannot be written.
    """

    def __init__(self, path: Path, facts: Mapping[str, Any]) -> None:
        self._path = path
        self.points: dict[tuple[str, int, int], Point] = {}
        self._whole = 0
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        if not lines:
            self._append(dict(facts))
            return
        try:
            first, *rows = [json.loads(line) for line in lines]
            found = dict(first)
            points = [Point(**(row | {"following": tuple(row["following"])})) for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise _strange(path, f"not a record of points: {error}") from error
        wanted = json.loads(json.dumps(facts))
        if changed := sorted(key for key in found | wanted if found.get(key) != wanted.get(key)):
            raise _strange(path, f"points of another run, by {', '.join(changed)}, lie there")
        self._whole = sum(len(line) + 1 for line in lines)
        self.points = {(point.way, point.seed, point.sentences): point for point in points}

    def add(self, point: Point) -> None:
        """Keep a point; one that is known is left as it is."""
        key = (point.way, point.seed, point.sentences)
        if key not in self.points:
            self._append(asdict(point))
            self.points[key] = point

    def _append(self, row: dict[str, Any]) -> None:
        data = (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.truncate(self._whole)  # what an interruption left of a line goes
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UserError(
                f"cannot write: {error.strerror or error} (无法写入，磁盘可能已满)",
                where=str(self._path),
                remedy="make room, then run the same command again: it goes on",
            ) from error
        self._whole += len(data)


def curve(
    points: Sequence[Point], amount: Callable[[Point], int] = lambda point: point.sentences
) -> list[tuple[float, float]]:
    """The mean of several seeds: (amount, F1) for each size that every seed has reached."""
    seeds = {point.seed for point in points}
    steps = []
    for size in sorted({point.sentences for point in points}):
        reached = [point for point in points if point.sentences == size]
        if {point.seed for point in reached} == seeds:
            steps.append((mean(map(amount, reached)), mean(point.f1 for point in reached)))
    return steps


def needed(curve: Sequence[tuple[float, float]], f1: float) -> float | None:
    """The amount at which a curve first reaches `f1`, read between its points; None where it
    never does."""
    before: tuple[float, float] | None = None
    for amount, reached in curve:
        if reached >= f1:
            if before is None or reached == before[1]:
                return float(amount)
            return before[0] + (amount - before[0]) * (f1 - before[1]) / (reached - before[1])
        before = (amount, reached)
    return None


def table(points: Sequence[Point]) -> str:
    """A row a size: each way's mean F1; then, for each way but `BASE`, how many sentences and
    characters it needs for what `BASE` reaches at each size."""
    ways = _by_way(points)
    curves = {way: dict(curve(found)) for way, found in ways.items()}
    lines = [f"{'sentences':>9s} " + " ".join(f"{way:>12s}" for way in ways)]
    for size in sorted({size for found in curves.values() for size in found}):
        values = [curves[way].get(size) for way in ways]
        cells = [f"{value:12.3f}" if value is not None else " " * 12 for value in values]
        lines.append(f"{size:9.0f} " + " ".join(cells))
    for way in ways:
        if way != BASE and BASE in ways:
            lines += ["", f"{way} reaches what {BASE} reaches", *_savings(ways[way], ways[BASE])]
    return "\n".join(lines)


def plot(points: Sequence[Point], out: Path) -> None:
    """Draw F1 by sentences and by characters to the PNG `out`: means, and each seed thinly."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.8), sharey=True, layout="constrained")
    panels: tuple[tuple[str, Callable[[Point], int]], ...] = (
        ("sentences corrected", lambda point: point.sentences),
        ("characters read", _characters),
    )
    for axis, (label, amount) in zip(axes, panels, strict=True):
        for number, (way, found) in enumerate(_by_way(points).items()):
            colour = f"C{number}"
            for seed in {point.seed for point in found}:
                alone = curve([point for point in found if point.seed == seed], amount)
                axis.plot(*zip(*alone, strict=True), color=colour, alpha=0.3, linewidth=0.8)
            mean_curve = curve(found, amount)
            if mean_curve:
                axis.plot(*zip(*mean_curve, strict=True), color=colour, marker="o", label=way)
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("strict F1 on held-out plans")
    axes[0].legend()
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=120)
    pyplot.close(figure)


def _by_way(points: Sequence[Point]) -> dict[str, list[Point]]:
    return {
        way: [point for point in points if point.way == way]
        for way in dict.fromkeys(point.way for point in points)
    }


def _savings(points: Sequence[Point], base: Sequence[Point]) -> list[str]:
    """For each size of `base`: how many sentences and characters `points` need for its F1, and
    what that is against `base`; the sentences also for each seed by itself."""
    seeds = {point.seed for point in points} & {point.seed for point in base}
    points, base = ([p for p in some if p.seed in seeds] for some in (points, base))
    sentences, characters = curve(points), curve(points, _characters)
    lines = []
    for (size, f1), (read, _) in list(zip(curve(base), curve(base, _characters), strict=True))[1:]:
        few, long = needed(sentences, f1), needed(characters, f1)
        if few is None or long is None:
            lines.append(f"  at {size:4.0f} (F1 {f1:.3f}): never")
            continue
        lines.append(
            f"  at {size:4.0f} (F1 {f1:.3f}) with {few:4.0f} sentences ({_change(few, size)}),"
            f" {long:6.0f} characters ({_change(long, read)});"
            f" sentences by seed: {', '.join(_each_seed(points, base, size))}"
        )
    return lines


def _each_seed(points: Sequence[Point], base: Sequence[Point], size: float) -> Iterator[str]:
    for reached in (point for point in base if point.sentences == size):
        own = [point for point in points if point.seed == reached.seed]
        few = needed(curve(own), reached.f1)
        yield "never" if few is None else _change(few, size)


def _characters(point: Point) -> int:
    return point.characters


def _change(amount: float, base: float) -> str:
    return f"{100 * (amount / base - 1):+.0f} %"


def _strange(path: Path, what: str) -> UserError:
    return UserError(what, where=str(path), remedy="name another --out, or delete the file")
