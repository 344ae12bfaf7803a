"""What became of fuzz inputs, part by part, so that a run can be stopped and gone on with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

PART = 500
"""Inputs of a part."""


@dataclass(slots=True)
class Part:
    """Neighbouring inputs under one state of the code. `largest` and `slowest`: the most
    megabytes, the most seconds of the processor, each with the input's number."""

    code: str
    first: int
    inputs: int
    seconds: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)
    largest: tuple[float, int] = (0.0, -1)
    slowest: tuple[float, int] = (0.0, -1)


def parts_of(first: int, inputs: int) -> Iterator[tuple[int, int]]:
    """Firsts and counts of the parts, which are the same however a run is cut."""
    end = first + inputs
    while first < end:
        count = min(PART - first % PART, end - first)
        yield first, count
        first += count


def read_parts(path: Path, code: str) -> list[Part]:
    """The parts that are done under this code."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [Part(**json.loads(line)) for line in lines if line.endswith("}")]
    return [part for part in found if part.code == code]


def add_part(path: Path, part: Part) -> None:
    """Keep a part that is done."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(part)) + "\n")


def summary(parts: Iterable[Part]) -> str:
    """All parts in a few lines that can be quoted."""
    chosen = sorted(parts, key=lambda part: part.first)
    outcomes: Counter[str] = Counter()
    for part in chosen:
        outcomes.update(part.outcomes)
    megabytes, large = max(tuple(part.largest) for part in chosen)
    seconds, slow = max(tuple(part.slowest) for part in chosen)
    faults = [number for part in chosen for number in part.faults]
    return "\n".join(
        [
            f"{sum(part.inputs for part in chosen):,} inputs ({_ranges(chosen)}), code"
            f" {chosen[0].code[:12]}, {sum(part.seconds for part in chosen) / 60:.0f} minutes",
            "outcomes: " + ", ".join(f"{name} {count:,}" for name, count in outcomes.most_common()),
            f"faults: {len(faults)}" + (f" (inputs {faults})" if faults else ""),
            f"most memory: {megabytes:.0f} MB (input {large})",
            f"slowest: {seconds:.1f} s of processor time (input {slow})",
        ]
    )


def _ranges(parts: list[Part]) -> str:
    """The numbers of all inputs, as "0 to 5,999, 8,000 to 8,499"."""
    ranges: list[list[int]] = []
    for part in parts:
        if ranges and ranges[-1][1] == part.first:
            ranges[-1][1] += part.inputs
        else:
            ranges.append([part.first, part.first + part.inputs])
    return ", ".join(f"{start:,} to {end - 1:,}" for start, end in ranges)
