"""How well alignment does on pairs of metrics written for it: precision and recall.

A pair is right when `likeness` reaches the threshold exactly where the writer called both the
same metric. Precision: of the pairs called the same, how many are; recall: of those that are, how
many were called so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workplan import resources
from workplan.compare.likeness import likeness
from workplan.compare.metric import Metric
from workplan.compare.settings import settings
from workplan.errors import UserError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two metrics, and whether a person calls them the same."""

    name: str
    this: Metric
    other: Metric
    same: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of pairs: called the same rightly, called so wrongly, missed, rightly told apart."""

    threshold: float
    right: int
    wrong: int
    missed: int
    apart: int

    @property
    def precision(self) -> float:
        """1.0 where nothing was called the same."""
        called = self.right + self.wrong
        return self.right / called if called else 1.0

    @property
    def recall(self) -> float:
        """1.0 where nothing is the same."""
        same = self.right + self.missed
        return self.right / same if same else 1.0


def written_pairs(name: str) -> Path:
    """The pairs of the corpus: "dev" set the threshold, "test" did not."""
    return resources.root() / "annotations" / "pairs" / f"{name}.jsonl"


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file of JSON lines. Raises UserError where a line is none."""
    pairs = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UserError(
            f"the pairs cannot be read: {error.strerror} (无法读取)",
            where=str(path),
            remedy="run this in a checkout of workplan, which holds annotations/pairs",
        ) from error
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            pairs.append(
                Pair(
                    str(record["id"]),
                    _metric(record["this"]),
                    _metric(record["other"]),
                    bool(record["same"]),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"no pair of metrics: {error} (格式有误)",
                where=f"{path}:{number}",
                remedy='write {"id", "this": {"metric", "unit"}, "other": {…}, "same": true}',
            ) from error
    return pairs


def score(pairs: Iterable[Pair], threshold: float | None = None) -> Score:
    """Count the pairs at `threshold` (default: the one of configs/compare.yaml)."""
    limit = settings().threshold if threshold is None else threshold
    counts = {(said, same): 0 for said in (True, False) for same in (True, False)}
    for pair in pairs:
        counts[likeness(pair.this, pair.other) >= limit, pair.same] += 1
    return Score(
        limit, counts[True, True], counts[True, False], counts[False, True], counts[False, False]
    )


def table(name: str, pairs: Sequence[Pair]) -> str:
    """Precision and recall at several thresholds, the one in use marked; then what is wrong."""
    used = settings().threshold
    lines = [f"{name}: {len(pairs)} pairs", "  threshold  precision  recall"]
    for limit in sorted({0.5, 0.6, 0.7, 0.8, 0.9, used}):
        found = score(pairs, limit)
        mark = "  ← in use" if limit == used else ""
        lines.append(f"  {limit:>9.2f}  {found.precision:>9.3f}  {found.recall:>6.3f}{mark}")
    for pair in pairs:
        said = likeness(pair.this, pair.other)
        if (said >= used) != pair.same:
            fault = "missed" if pair.same else "wrong"
            lines.append(f"  {fault}: {pair.this.name} | {pair.other.name} ({said:.2f})")
    return "\n".join(lines)


def _metric(record: dict[str, Any]) -> Metric:
    return Metric(record["metric"], record["unit"], record.get("lead", ""), record.get("topic", ""))
