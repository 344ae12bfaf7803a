"""The Ray engine: groups of files through an actor pool of Ray Data, on this machine or a cluster.

An actor does not read files itself: it keeps a worker process as the local engine does, so that
limits, retries and failures are the same, and no file ends an actor. What Ray repeats is what is
lost with a node. Shards come back as bytes and are kept by the process that started the run.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from workplan.batch.job import OWN_CONFIGS, Job, fingerprint
from workplan.batch.location import is_url
from workplan.batch.pool import Pool
from workplan.batch.shards import Entry, receive_shard, send_shards
from workplan.batch.worker import Group, full_disk
from workplan.errors import UserError

if TYPE_CHECKING:
    import pyarrow

_TRIES = 3
"""How often in a row Ray may give up without one group done."""
_HERE = {
    # Ray asks this variable whether its servers shall be heard by other machines, on any system.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}
_ALWAYS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # else errors of no import on each actor
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


def check_ray() -> None:
    """Raise UserError where Ray Data is not installed."""
    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise UserError(
            "the engine ray needs the package ray (缺少 ray)",
            where="--engine",
            remedy="pip install 'workplan[ray]', or leave --engine out",
        )


@contextmanager
def cluster(job: Job, files: int) -> Iterator[int]:
    """A connection to the cluster that the job names, or one started for it; gives the number of
    actors to use for so many files.

    One that is started is heard by this machine alone, has no dashboard and no more memory for
    objects than the settings say. A connection that the program has is used and left as it is.
    Raises UserError where there is no cluster at the address.
    """
    os.environ.update(_ALWAYS if job.address else _ALWAYS | _HERE)
    import ray

    if ray.is_initialized():
        yield _actors(job, files)
        return
    with _own_signals():
        _connect(job, files)
    try:
        yield _actors(job, files)
    finally:
        ray.shutdown()


def run(
    job: Job, key: dict[str, str], groups: Sequence[Group], actors: int
) -> Generator[list[Entry]]:
    """Yield the entries of each group, in order, when its shard is in place.

    Raises UserError where the actors cannot work, or Ray gives up again and again.
    """
    from ray.exceptions import RayError

    waiting = dict(enumerate(groups))
    failed = 0
    while waiting:
        before = len(waiting)
        try:
            for number, shard in _results(job, key, waiting, actors):
                yield _received(waiting[number], shard)
                del waiting[number]
        except RayError as error:
            failed = failed + 1 if len(waiting) == before else 0
            if failed == _TRIES:
                raise UserError(
                    f"Ray gives up: {type(error).__name__}: {str(error)[-300:]} (Ray 运行失败)",
                    where=job.address or "this machine",
                    remedy="see that its nodes are well, then run the same command again: it goes"
                    " on where it stopped (检查集群后重新运行同一命令即可续跑)",
                ) from error


@dataclass(frozen=True, slots=True)
class _Order:
    """What an actor needs to know of the run."""

    job: Job
    key: dict[str, str]
    folder: str
    config: str | None


class _Actor:
    """Takes groups of files and gives their shards, or why nothing can go on."""

    def __init__(self, order: _Order) -> None:
        # Processes that are spawned import this process' main module again: Ray's own.
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._fatal = ""
        try:
            _settle(order)
        except UserError as error:
            self._fatal = _packed(error)
        job = order.job
        self._pool = Pool(1, job.loader, job.settings, threads=1)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """`batch`: groups as `number` and `paths`; gives `number`, `shard` and `fatal`."""
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
        try:
            with TemporaryDirectory(prefix="workplan-") as folder:
                group = Group(tuple(paths), Path(folder, "0.shard"))
                entries = [entry for done in self._pool.run([group]) for entry in done]
                return send_shards(Path(folder), [entry for entry in entries if not entry.shard])
        except UserError as error:
            self._fatal = _packed(error)
        except OSError as error:
            self._fatal = _packed(full_disk(Path(folder), error))
        return b""


def _settle(order: _Order) -> None:
    """Make this process see what the one sees that started the run.

    Raises UserError where the node has other code, models or configs, or lacks the input.
    """
    os.environ.pop(OWN_CONFIGS, None)
    if order.config:
        os.environ[OWN_CONFIGS] = order.config
    here = [path for path in order.job.paths if not is_url(path)]
    try:
        os.chdir(order.folder)
        missing = [str(path) for path in here if not os.path.lexists(path)]
    except OSError:
        missing = [str(path) for path in here if not Path(path).is_absolute()]
        missing += [str(path) for path in here if not os.path.lexists(path)]
    if missing:
        raise UserError(
            f"the node {_node()} has no such file or folder (该节点上没有此路径)",
            where=missing[0],
            remedy="mount it at the same place on all nodes, or name a URL (各节点挂载同一目录)",
        )
    differing = [part for part, ours in fingerprint(order.job).items() if order.key[part] != ours]
    if differing:
        raise UserError(
            f"the node {_node()} has other {', '.join(differing)} (节点上的版本不同)",
            where=order.job.address or "this machine",
            remedy="install the same workplan, models, configs on all nodes (各节点安装同一版本)",
        )


def _results(
    job: Job, key: dict[str, str], waiting: Mapping[int, Group], actors: int
) -> Generator[tuple[int, bytes]]:
    """The shards of all waiting groups, in order, from a new pool of actors."""
    import ray.data

    order = _Order(job, key, os.getcwd(), os.environ.get(OWN_CONFIGS))
    with _context():
        items = [
            {"number": number, "paths": json.dumps(group.paths)}  # ASCII, whatever a name holds
            for number, group in waiting.items()
        ]
        # A block a group: what a node loses is done again group by group.
        batches = (
            ray.data.from_items(items, override_num_blocks=len(items))
            .map_batches(
                _Actor,
                fn_constructor_args=(order,),
                batch_size=None,
                batch_format="pyarrow",
                # One group in work, one at hand.
                compute=ray.data.ActorPoolStrategy(
                    size=min(actors, len(items)), max_tasks_in_flight_per_actor=2
                ),
                num_cpus=1,
                max_restarts=-1,
                max_task_retries=-1,
            )
            .iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)
        )
        for batch in batches:
            for row in batch.to_pylist():
                if row["fatal"]:
                    raise UserError(**json.loads(row["fatal"]))
                yield row["number"], row["shard"]


@contextmanager
def _context() -> Iterator[None]:
    """Ray Data as a run needs it, and as it was afterwards."""
    from ray.data import DataContext

    context = DataContext.get_current()
    before = context.execution_options.preserve_order, context.enable_progress_bars
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.execution_options.preserve_order, context.enable_progress_bars = before


def _connect(job: Job, files: int) -> None:
    import ray

    given: dict[str, Any] = {"address": job.address}
    if not job.address:
        given = {
            "address": "local",
            "num_cpus": min(job.settings.processes(), files),
            "include_dashboard": False,
            "object_store_memory": job.settings.ray_megabytes * 1_000_000,
        }
    try:
        ray.init(**given, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise UserError(
            f"there is no Ray cluster: {str(error)[:300]} (无法连接 Ray 集群)",
            where=job.address or "this machine",
            remedy="name the address of its head node (host:6379), where the same ray and Python"
            " are installed (核对集群地址与版本)",
        ) from error


def _actors(job: Job, files: int) -> int:
    """As many as told, else one for each core of the cluster; never more than there are files."""
    import ray

    cores = int(ray.cluster_resources().get("CPU", 1))
    return max(1, min(job.settings.workers or cores, files))


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray puts a handler of its own on SIGTERM when it starts: take it back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _received(group: Group, shard: bytes) -> list[Entry]:
    try:
        return receive_shard(group.shard, shard)
    except OSError as error:
        raise full_disk(group.shard, error) from error


def _packed(error: UserError) -> str:
    return json.dumps({"what": error.what, "where": error.where, "remedy": error.remedy})


def _node() -> str:
    import ray

    return ray.util.get_node_ip_address()
