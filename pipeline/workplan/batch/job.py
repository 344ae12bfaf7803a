"""What a run is asked to do, and by which code, models and settings it does it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workplan import __version__, resources
from workplan.batch.location import Location, digest
from workplan.batch.settings import Settings
from workplan.batch.shards import Outputs
from workplan.write.options import Options

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

OWN_CONFIGS = "WORKPLAN_CONFIGS"
"""The environment variable for a user's own configs, through which worker processes see them."""
ENGINES = ("local", "ray")
"""What works through the files: processes of this machine, or actors of a Ray cluster."""


@dataclass(frozen=True, slots=True)
class Job:
    """`paths` (files and folders) into the folder `out`.

    `formats` come on top of those in the settings. `engine` is one of ENGINES; `address` is that
    of a Ray cluster, None for one of this machine alone. `load` makes the labeller in place of
    the one called `labeller`; it must be picklable.
    """

    paths: tuple[Location, ...]
    out: Location
    labeller: str | None = None
    formats: tuple[str, ...] = ()
    show_all: bool = False
    overwrite: bool = False
    resume: bool = True
    settings: Settings = field(default_factory=Settings)
    load: Callable[[], Labeller] | None = None
    progress: bool = False
    engine: str = "local"
    address: str | None = None

    @property
    def loader(self) -> Callable[[], Labeller]:
        """What each worker calls once for its labeller."""
        return self.load or partial(load_labeller, self.labeller)

    @property
    def all_formats(self) -> tuple[str, ...]:
        """Every format to write beside the JSON lines."""
        return tuple(dict.fromkeys((*self.settings.formats, *self.formats)))

    @property
    def outputs(self) -> Outputs:
        """What the run writes."""
        options = Options(self.show_all, self.settings.plan_sheets, self.settings.report_tasks)
        return Outputs(self.all_formats, options)


def load_labeller(name: str | None) -> Labeller:
    """The labeller called `name`, imported in the process that uses it."""
    from workplan.tag.labeller import get_labeller

    return get_labeller(name)


def fingerprint(job: Job) -> dict[str, str]:
    """All that the tasks depend on beside the files: results under one fingerprint compare equal.

    Code, models and configs are SHA-256 sums over names and contents. Raises UserError where
    there is no such labeller.
    """
    from workplan.tag.labeller import find_model

    models = [resources.model("")]
    if (chosen := find_model(job.labeller)) and resources.model("") not in chosen.parents:
        models.append(chosen)
    configs = [resources.root() / "configs"]
    if own := os.environ.get(OWN_CONFIGS):
        configs.append(Path(own))
    return {
        "workplan": __version__,
        "labeller": job.labeller or "default",
        "code": _sum([Path(resources.__file__).parent], "*.py"),
        "models": _sum(models, "*"),
        "configs": _sum(configs, "*"),
    }


def _sum(folders: list[Path], pattern: str) -> str:
    total = hashlib.sha256()
    for folder in folders:
        for path in _files(folder, pattern):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update((digest(path) or "").encode())
    return total.hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    """Files that results may depend on, sorted; how a batch is run is none of them."""
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.name != "batch.yaml" and "__pycache__" not in path.parts:
            yield path
