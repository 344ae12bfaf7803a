"""`workplan bench`: all that is measured, one after the other, on one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workplan import resources
from workplan.bench import engine as engines
from workplan.bench import floor as floors
from workplan.bench import labellers
from workplan.bench.machine import Machine, describe
from workplan.bench.sentences import read_views
from workplan.errors import UserError
from workplan.tag.labeller import SHIPPED

if TYPE_CHECKING:
    from workplan.bench.trials import Trial


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: labellers on `characters` of text in `rounds` processes each, and the
    engine on `files` plans of `size` bytes (no engine where `files` is 0). With `trials` the
    first model's network also in the ways that were tried and not taken."""

    names: tuple[str, ...]
    text: tuple[Path, ...]
    characters: int = 40_000
    rounds: int = 3
    threads: int = 2
    files: int = 200
    size: int = 5_000
    trials: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, where and on what."""

    machine: Machine
    plan: Plan
    sentences: int
    characters: int
    speeds: list[labellers.Speed]
    help: float
    floors: list[floors.Floor]
    engine: engines.Engine | None
    trials: list[Trial]

    def __str__(self) -> str:
        plan = self.plan
        parts = [
            f"{self.machine}",
            f"{self.characters:,} characters in {self.sentences:,} sentences; each labeller in "
            f"{plan.rounds} fresh processes, cores and threads: {plan.threads}; medians",
            labellers.table(self.speeds),
            f"`workplan --help` takes {self.help:.2f} s.",
        ]
        if self.floors:
            parts.append(floors.table(self.floors))
        if self.trials:
            from workplan.bench.trials import table

            parts.append(table(self.trials))
        if self.engine:
            parts.append(f"`workplan extract`, files of {plan.size:,} bytes, a core for a worker:")
            parts.append(engines.table(self.engine))
        return "\n\n".join(parts)

    def record(self) -> dict[str, Any]:
        """All figures as JSON values."""
        return {
            "machine": asdict(self.machine),
            "text": {"sentences": self.sentences, "characters": self.characters},
            "threads": self.plan.threads,
            "rounds": self.plan.rounds,
            "labellers": [speed.record() for speed in self.speeds],
            "help_seconds": self.help,
            "floors": [floor.record() for floor in self.floors],
            "trials": [asdict(trial) for trial in self.trials],
            "engine": self.engine.record() if self.engine else None,
        }


def run(plan: Plan, say: Callable[[str], None] = lambda line: None) -> Report:
    """Measure. Raises UserError where the machine has too few cores or a part fails."""
    machine = describe()
    if plan.threads > machine.cores:
        raise UserError(
            f"this process may use {machine.cores} cores, not {plan.threads} (核数不足)",
            where="--threads",
            remedy=f"--threads {machine.cores}",
        )
    views = read_views(plan.text, plan.characters)
    speeds = labellers.measure(plan.names, views, threads=plan.threads, rounds=plan.rounds, say=say)
    reached = {speed.name: speed.middle.batch for speed in speeds}
    folders = _models(plan.names) if find_spec("onnx") else {}
    return Report(
        machine=machine,
        plan=plan,
        sentences=len(views),
        characters=sum(map(len, views)),
        speeds=speeds,
        help=labellers.time_help(plan.threads, plan.rounds),
        floors=floors.measure_floors(folders, reached, views, plan.threads),
        engine=_engine(plan, views, say),
        trials=_trials(plan, folders, views),
    )


def _engine(plan: Plan, views: Sequence[str], say: Callable[[str], None]) -> engines.Engine | None:
    """The engine with the labeller that it takes by itself."""
    if not plan.files:
        return None
    default = "tagger" if "tagger" in labellers.available() else "rules"
    workers = (1, plan.threads) if plan.threads > 1 else (1,)
    return engines.measure_engine(
        default, views, files=plan.files, size=plan.size, workers=workers, say=say
    )


def _trials(plan: Plan, folders: dict[str, Path], views: Sequence[str]) -> list[Trial]:
    if not plan.trials or not folders:
        return []
    from workplan.bench.trials import run_trials

    return run_trials(next(iter(folders.values())), views, plan.threads, plan.rounds)


def _models(names: Sequence[str]) -> dict[str, Path]:
    """Where the models of those labellers lie that have one."""
    places = {name: resources.model(name) if name in SHIPPED else Path(name) for name in names}
    return {name: folder for name, folder in places.items() if (folder / "model.onnx").is_file()}
