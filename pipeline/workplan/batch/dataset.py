"""The process that drives Ray Data: it has groups taken down the road by actors, and keeps shards.

A process of its own, since a driver that loses its cluster may hang or be ended by Ray.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path

from workplan.batch.actor import Actor, Order
from workplan.batch.job import Job
from workplan.batch.shards import receive_shard
from workplan.batch.worker import Done, Fatal, Group, end_with_parent, full_disk
from workplan.errors import UserError

STALLED = 60.0
"""Seconds that Ray may take, after it has lost a node, until the next group is done. What only an
actor of that node could make again it would wait for until there is room for one."""
_KNOCK = 10
"""Seconds that a cluster's head may take to answer."""
LOST = 75
"""Exit code of a process that gives up for that reason."""

_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
_ALONE = {
    # Ray asks this variable, on any system, whether other machines shall hear its servers.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}


@dataclass(frozen=True, slots=True)
class Connected:
    """Ray is there, with so many cores."""

    cores: int


def drive(pipe: connection.Connection, order: Order, files: int, log: Path) -> None:
    """Connect, then put the groups that come through `pipe` into their shards.

    Sends Connected, then Done for each group, in order, or Fatal. What Ray prints goes to `log`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        pipe.send(Connected(_connect(order.job, files)))
        groups, actors = pipe.recv()
        watch = _Watch()
        for number, shard in _results(order, groups, actors):
            watch.progress()
            try:
                pipe.send(Done(receive_shard(groups[number].shard, shard)))
            except OSError as error:
                raise full_disk(groups[number].shard, error) from error
    except UserError as error:
        pipe.send(Fatal(error.what, error.where, error.remedy))
    except (EOFError, BrokenPipeError):
        pass


def _connect(job: Job, files: int) -> int:
    """Connect to the job's cluster, or start one here; gives its cores.

    One that is started is heard by this machine alone, has no dashboard and no more memory for
    objects than the settings say.
    """
    os.environ.update(_ENVIRONMENT if job.address else _ENVIRONMENT | _ALONE)
    import ray

    given: dict[str, object] = {"address": job.address}
    if not job.address:
        given = {
            "address": "local",
            "num_cpus": min(job.settings.processes(), files),
            "include_dashboard": False,
            "object_store_memory": job.settings.ray_megabytes * 1_000_000,
        }
    try:
        if job.address and job.address != "auto":
            _knock(job.address)
        ray.init(**given, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # Ray has many ways to fail here
        raise UserError(
            f"there is no Ray cluster: {str(error)[:300]} (无法连接 Ray 集群)",
            where=job.address or "this machine",
            remedy="name the address of its head node (host:6379), where the same ray and Python"
            " are installed (核对集群地址与版本)",
        ) from error
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _knock(address: str) -> None:
    """Raise OSError or ValueError where nobody answers: Ray itself would try for minutes."""
    from ray.util import get_node_ip_address

    host, _, port = address.rpartition(":")
    if host in ("localhost", "127.0.0.1"):
        host = get_node_ip_address()  # as Ray does
    socket.create_connection((host, int(port)), timeout=_KNOCK).close()


def _results(order: Order, groups: Sequence[Group], actors: int) -> Generator[tuple[int, bytes]]:
    """The shards of all groups, in order."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    items = [
        {"number": number, "paths": json.dumps(group.paths)}  # ASCII, whatever a name holds
        for number, group in enumerate(groups)
    ]
    # A block a group: what a node loses is done again group by group. Ray Data by itself restarts
    # actors and repeats their calls without end, which here only a lost node makes it do.
    batches = (
        ray.data.from_items(items, override_num_blocks=len(items))
        .map_batches(
            Actor,
            fn_constructor_args=(order,),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(
                size=min(actors, len(items)),
                max_tasks_in_flight_per_actor=2,  # one group in work, one at hand
            ),
        )
        .iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)
    )
    for batch in batches:
        for row in batch.to_pylist():
            if row["fatal"]:
                raise UserError(**json.loads(row["fatal"]))
            yield row["number"], row["shard"]


class _Watch:
    """Ends this process where a node is lost and nothing comes any more."""

    def __init__(self) -> None:
        self._nodes = _alive()
        self._seen = time.monotonic()
        threading.Thread(target=self._look, daemon=True).start()

    def progress(self) -> None:
        """A group is done."""
        self._seen = time.monotonic()

    def _look(self) -> None:
        while True:
            time.sleep(1)
            waited = time.monotonic() - self._seen
            if waited > STALLED and not self._nodes <= _alive():
                os._exit(LOST)


def _alive() -> set[str]:
    """The ids of the nodes that are alive."""
    import ray

    return {node["NodeID"] for node in ray.nodes() if node["Alive"]}
