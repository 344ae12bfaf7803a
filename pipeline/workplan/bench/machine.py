"""The machine that is measured on: what it is, and how many of its cores a process may use."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from workplan.batch.settings import usable_cores
from workplan.batch.worker import THREAD_VARIABLES


@dataclass(frozen=True, slots=True)
class Machine:
    """`cores` are those this process may run on; `load` is the mean number of busy processes in
    the last minute before, 0 where the system does not tell."""

    processor: str
    cores: int
    gigabytes: float
    system: str
    python: str
    onnxruntime: str
    load: float

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.gigabytes:.0f} GB, {self.system}, "
            f"Python {self.python}, onnxruntime {self.onnxruntime}, load before {self.load:.1f}"
        )


def describe() -> Machine:
    """This machine."""
    return Machine(
        processor=_processor(),
        cores=usable_cores(),
        gigabytes=round(psutil.virtual_memory().total / 1e9, 1),
        system=platform.system(),
        python=platform.python_version(),
        onnxruntime=version("onnxruntime"),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
    )


def hold(cores: int) -> None:
    """Keep this process, and those it starts, to so many cores where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def environment(threads: int) -> dict[str, str]:
    """The environment for a process whose numeric libraries use so many threads."""
    told = dict.fromkeys(THREAD_VARIABLES, str(threads))
    return os.environ | told | {"PYTHONIOENCODING": "utf-8"}


def peak_memory() -> int:
    """The most bytes that this process has held in memory at a time.

    Linux' ru_maxrss starts from what the parent held, so that its own record is read instead.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024


def _processor() -> str:
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
