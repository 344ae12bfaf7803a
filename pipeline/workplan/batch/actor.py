"""An actor of the Ray engine: groups of files in, their shards out.

It does not read files itself: it keeps a worker process as the local engine does, so that limits,
retries and failures are the same, and no file ends an actor.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from workplan.batch.job import OWN_CONFIGS, Job, fingerprint
from workplan.batch.location import is_url
from workplan.batch.pool import Pool
from workplan.batch.shards import send_shards
from workplan.batch.worker import Group, full_disk
from workplan.errors import UserError

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Order:
    """What an actor needs to know of a run: `folder` is where it was started, `config` the folder
    of the user's own configs."""

    job: Job
    key: dict[str, str]
    folder: str
    config: str | None


class Actor:
    """What Ray Data calls with groups of files."""

    def __init__(self, order: Order) -> None:
        # Spawned processes import their parent's main module again: here Ray's, which is slow.
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._fatal = ""
        try:
            settle(order)
        except UserError as error:
            self._fatal = _packed(error)
        job = order.job
        self._outputs = job.outputs
        self._pool = Pool(1, job.loader, job.settings, threads=1)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """`batch`: a group a row, as `number` and `paths` (JSON).

        Gives `number`, `shard` and `fatal`: why nothing can go on, a UserError as JSON, or "".
        """
        import pyarrow

        shards = [self._shard(json.loads(paths)) for paths in batch["paths"].to_pylist()]
        return pyarrow.table(
            {
                "number": batch["number"],
                "shard": pyarrow.array(shards, pyarrow.large_binary()),
                "fatal": pyarrow.array([self._fatal] * len(shards), pyarrow.large_string()),
            }
        )

    def _shard(self, paths: Sequence[str]) -> bytes:
        if self._fatal:
            return b""
        with TemporaryDirectory(prefix="workplan-") as name:
            folder = Path(name)
            group = Group(tuple(paths), folder / "0.shard", self._outputs)
            try:
                entries = [entry for done in self._pool.run([group]) for entry in done]
                return send_shards(folder, [entry for entry in entries if not entry.shard])
            except UserError as error:
                self._fatal = _packed(error)
            except OSError as error:
                self._fatal = _packed(full_disk(group.shard, error))
        return b""


def settle(order: Order) -> None:
    """Make this process see what the one sees that started the run.

    Raises UserError where this node has other code, models or configs, or lacks the input.
    """
    os.environ.pop(OWN_CONFIGS, None)
    if order.config:
        os.environ[OWN_CONFIGS] = order.config
    here = [path for path in order.job.paths if not is_url(path)]
    try:
        os.chdir(order.folder)
    except OSError:
        missing = [path for path in here if not Path(path).is_absolute()]
    else:
        missing = []
    missing += [path for path in here if not os.path.lexists(path)]
    if missing:
        raise UserError(
            f"the node {_node()} has no such file or folder (该节点上没有此路径)",
            where=str(missing[0]),
            remedy="mount it at the same place on all nodes, or name a URL (各节点挂载同一目录)",
        )
    differing = [part for part, ours in fingerprint(order.job).items() if order.key[part] != ours]
    if differing:
        raise UserError(
            f"the node {_node()} has other {', '.join(differing)} (节点上的版本不同)",
            remedy="install the same workplan, models, configs on all nodes (各节点安装同一版本)",
        )


def _packed(error: UserError) -> str:
    return json.dumps({"what": error.what, "where": error.where, "remedy": error.remedy})


def _node() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "?")
