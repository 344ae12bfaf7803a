"""run.json: what a run was asked, what it worked with, what came of it and how long it took."""

from __future__ import annotations

import hashlib
import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workplan.batch.job import OWN_CONFIGS, Job
from workplan.batch.shards import Entry
from workplan.write.failure import Failure
from workplan.write.line import encode_line


@dataclass(frozen=True, slots=True)
class Manifest:
    """A finished run. `counts` sums over plans; `began`, `worked` and `ended` are UTC.

    `inputs` is a SHA-256 sum over the files' names and contents, in their order.
    """

    job: Job
    fingerprint: dict[str, str]
    inputs: str
    files: int
    resumed: int
    counts: dict[str, int]
    skipped: list[str]
    failures: list[Failure]
    began: datetime
    worked: datetime
    ended: datetime

    def record(self) -> dict[str, Any]:
        """The manifest as JSON values; a run can be repeated from it."""
        seconds = (self.ended - self.began).total_seconds()
        read = self.files - self.resumed
        return {
            "fingerprint": self.fingerprint,
            "python": platform.python_version(),
            "command": {
                "paths": [str(path) for path in self.job.paths],
                "labeller": self.job.labeller,
                "formats": list(self.job.formats),
                "all": self.job.show_all,
                "folder": os.getcwd(),
                "config": os.environ.get(OWN_CONFIGS),
                "engine": self.job.engine,
            },
            "inputs": self.inputs,
            "settings": asdict(self.job.settings),
            "files": {"found": self.files, "resumed": self.resumed, "failed": len(self.failures)},
            "counts": self.counts,
            "timings": {
                "began": self.began.isoformat(timespec="seconds"),
                "seconds": round(seconds, 3),
                "reading": round((self.worked - self.began).total_seconds(), 3),
                "merging": round((self.ended - self.worked).total_seconds(), 3),
                "files_per_second": round(read / max(seconds, 1e-9), 3),
            },
            "failures": [{"path": f.path, "code": f.code} for f in self.failures],
            "skipped": self.skipped,
        }


def make_manifest(
    job: Job,
    key: dict[str, str],
    entries: Sequence[Entry],
    skipped: list[str],
    resumed: int,
    times: tuple[datetime, datetime],
) -> Manifest:
    """The manifest of a run that ends now. `times`: when it began, when all files were read."""
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(entry.counts)
    failures = [entry.failure for entry in entries if entry.failure]
    plans = {"plans": len(entries) - len(failures)}
    return Manifest(
        job=job,
        fingerprint=key,
        inputs=_sum(entries),
        files=len(entries),
        resumed=resumed,
        counts=plans | dict(sorted(counts.items())),
        skipped=skipped,
        failures=failures,
        began=times[0],
        worked=times[1],
        ended=datetime.now(UTC),
    )


def _sum(entries: Sequence[Entry]) -> str:
    total = hashlib.sha256()
    for entry in entries:
        total.update(os.fsencode(entry.path) + b"\0" + entry.digest.encode() + b"\n")
    return total.hexdigest()


def write_manifest(path: Path, manifest: Manifest, outputs: Sequence[str]) -> None:
    """Write run.json; `outputs` are the names of the files that stand beside it."""
    path.write_bytes(encode_line(manifest.record() | {"outputs": sorted(outputs)}))
