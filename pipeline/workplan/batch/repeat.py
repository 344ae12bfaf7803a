"""A run again: what run.json says of a finished one, as a job for another folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workplan.batch.job import OWN_CONFIGS, Job
from workplan.batch.location import Location, location
from workplan.batch.manifest import Manifest
from workplan.batch.settings import settings_of
from workplan.errors import UserError


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished run: its job, where it was started and with whose configs, and on what."""

    job: Job
    folder: Path
    config: str | None
    fingerprint: dict[str, str]
    inputs: str

    def enter(self) -> None:
        """Go where the run was started, so that its paths mean, and are written as, the same."""
        try:
            os.chdir(self.folder)
        except OSError as error:
            raise UserError(
                f"the folder in which the run was started is gone: {error.strerror} (原目录不存在)",
                where=str(self.folder),
                remedy="name the files anew: workplan extract PATH… --out DIR",
            ) from error
        os.environ.pop(OWN_CONFIGS, None)
        if self.config:
            os.environ[OWN_CONFIGS] = self.config

    def differences(self, manifest: Manifest) -> Iterator[str]:
        """What was not the same when it was repeated as `manifest`; nothing: equal outputs."""
        for part, before in self.fingerprint.items():
            if manifest.fingerprint.get(part) != before:
                yield part
        if manifest.inputs != self.inputs:
            yield "files"


def read_run(
    path: Path, out: Location, *, overwrite: bool = False, resume: bool = True
) -> Recorded:
    """The run that the run.json at `path` records, to be put out into `out`.

    Raises UserError where the file is no such record.
    """
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        command = record["command"]
        job = Job(
            paths=tuple(map(location, command["paths"])),
            out=out.absolute() if isinstance(out, Path) else out,
            labeller=command["labeller"],
            formats=tuple(command["formats"]),
            show_all=bool(command["all"]),
            overwrite=overwrite,
            resume=resume,
            settings=settings_of(record["settings"], path),
        )
        return Recorded(
            job,
            Path(command["folder"]),
            command["config"],
            dict(record["fingerprint"]),
            str(record["inputs"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"this records no run that can be repeated: {error!r} (无法从该文件重跑)",
            where=str(path),
            remedy="name the run.json of a finished output folder",
        ) from error
