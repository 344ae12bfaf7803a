"""The Ray engine puts out what the local engine does, whatever is killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import labellers
import psutil
import pytest
from chaos import drive, wait_for_shards
from drive import FORMATS
from small_plans import outputs, write_plan

from workplan.batch.actor import Order, settle
from workplan.batch.job import Job, fingerprint
from workplan.batch.manifest import Manifest
from workplan.batch.shards import read_entries
from workplan.bench.plans import write_plans
from workplan.bench.sentences import read_views
from workplan.errors import UserError

if not os.environ.get("CI"):  # there a Ray that is missing is a failure
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'workplan[ray]'")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ray clusters are not for Windows")

Plans = Callable[[int], Path]
Run = Callable[..., Manifest]
ALL = ("xlsx", "html", "csv")


class Nodes:
    """A cluster on this machine: a head that does no work, and nodes of one core."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        quick = {"health_check_period_ms": 500, "health_check_failure_threshold": 4}
        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": 100_000_000}
        self._cluster = Cluster(head_node_args={**head, "_system_config": quick})
        self._cluster.add_node(**head, _system_config=quick)
        self.address: str = self._cluster.address

    def add(self) -> Any:
        """Start a node."""
        return self._cluster.add_node(num_cpus=1, object_store_memory=100_000_000)

    def kill(self, node: Any) -> None:
        """End a node as a power cut does."""
        self._cluster.remove_node(node, allow_graceful=False)

    def shutdown(self) -> None:
        """End all."""
        self._cluster.shutdown()


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """A cluster with two nodes that work."""
    with pytest.MonkeyPatch.context() as patch:
        known = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        patch.setenv("PYTHONPATH", os.pathsep.join(known))  # nodes have what actors import
        found = Nodes()
        found.add()
        found.add()
        yield found
        found.shutdown()


def test_bytes_are_those_of_the_local_engine(
    nodes: Nodes, plans: Plans, run: Run, tmp_path: Path
) -> None:
    source = plans(15)
    for word in "错杀":
        write_plan(source / f"0007-{word}.txt", more=f"推进{word}。")
    (source / "空.txt").write_text("")
    os.symlink(tmp_path / "nowhere.txt", source / "gone.txt")
    settings = {"formats": ALL, "attempts": 2, "group_files": 3}
    run(source, tmp_path / "local", **settings)
    manifest = run(source, tmp_path / "ray", engine="ray", address=nodes.address, **settings)
    assert {failure.code for failure in manifest.failures} == {
        "internal",
        "crash",
        "empty",
        "missing",
    }
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local")
    records = [json.loads((tmp_path / name / "run.json").read_bytes()) for name in ("ray", "local")]
    for record in records:
        del record["timings"]
        record["command"].pop("engine")
    assert records[0] == records[1]


def test_file_over_the_limit_is_given_up_alone(nodes: Nodes, plans: Plans, run: Run) -> None:
    source = plans(3)
    write_plan(source / "0001-slow.txt", more="推进睡。")
    manifest = run(source, engine="ray", address=nodes.address, seconds_per_file=5)
    assert [failure.code for failure in manifest.failures] == ["time"]
    assert manifest.counts["plans"] == 3


def test_real_plans_give_the_same(nodes: Nodes, shared: Path, run: Run, tmp_path: Path) -> None:
    source = shared / "plans"
    run(source, tmp_path / "local", load=None, formats=ALL)
    ray = {"engine": "ray", "address": nodes.address}
    manifest = run(source, tmp_path / "ray", load=None, formats=ALL, **ray)
    assert manifest.counts["plans"] >= 5
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local")


@pytest.mark.slow
def test_generated_plans_give_the_same(nodes: Nodes, run: Run, root: Path, tmp_path: Path) -> None:
    views = read_views([root / "annotations" / "test.jsonl"], 40_000)
    write_plans(tmp_path / "in", views, 500, 600)
    run(tmp_path / "in", tmp_path / "local", load=None, formats=ALL)
    ray = {"engine": "ray", "address": nodes.address}
    manifest = run(tmp_path / "in", tmp_path / "ray", load=None, formats=ALL, **ray)
    assert manifest.counts["plans"] == 500
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local")


def test_killed_node_loses_and_doubles_nothing(
    nodes: Nodes, plans: Plans, run: Run, tmp_path: Path
) -> None:
    source = plans(60)
    run(source, tmp_path / "whole", formats=FORMATS)
    victim = nodes.add()
    process = drive(source, tmp_path / "out", 0.02, engine=("ray", nodes.address))
    wait_for_shards(tmp_path / "out", process, 2)
    done = sum(1 for _ in read_entries(tmp_path / "out" / ".work" / "shards"))
    nodes.kill(victim)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert done < 60
    assert outputs(tmp_path / "out") == outputs(tmp_path / "whole")


def test_killed_driver_is_resumed(nodes: Nodes, plans: Plans, run: Run, tmp_path: Path) -> None:
    source, out = plans(40), tmp_path / "out"
    process = drive(source, out, 0.02, engine=("ray", nodes.address))
    wait_for_shards(out, process, 3)
    process.kill()
    process.wait()
    # What one engine has done the other goes on with.
    manifest = run(source, out, formats=FORMATS)
    assert 12 <= manifest.resumed < 40
    run(source, tmp_path / "whole", formats=FORMATS)
    assert outputs(out) == outputs(tmp_path / "whole")


def test_stop_keeps_what_is_done(nodes: Nodes, plans: Plans, tmp_path: Path) -> None:
    source, out = plans(60), tmp_path / "out"
    process = drive(source, out, 0.02, engine=("ray", nodes.address))
    wait_for_shards(out, process, 2)
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert said.startswith(b"stopped at")
    assert b"Traceback" not in said
    assert {path.name for path in out.iterdir()} == {".work"}
    _, alive = psutil.wait_procs(started, timeout=30)
    assert not alive


def test_cluster_of_its_own_is_heard_here_alone_and_ends(
    plans: Plans, run: Run, tmp_path: Path
) -> None:
    source, out = plans(30), tmp_path / "out"
    process = drive(source, out, 0.05, engine=("ray",))
    wait_for_shards(out, process)
    assert process.poll() is None, process.communicate()
    started = psutil.Process(process.pid).children(recursive=True)
    names = " ".join(one.name() for one in started)
    assert "raylet" in names
    assert "gcs_server" in names
    heard = {
        connection.laddr.ip
        for one in started
        for connection in _sockets(one)
        if connection.status == psutil.CONN_LISTEN
    }
    assert heard
    assert {ip.removeprefix("::ffff:") for ip in heard} <= {"127.0.0.1", "::1"}
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(started, timeout=60)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


def _sockets(process: psutil.Process) -> list[Any]:
    try:
        return list(process.net_connections("inet"))
    except psutil.Error:
        return []


def test_no_cluster_at_the_address_is_a_mistake(plans: Plans, run: Run) -> None:
    with pytest.raises(UserError, match="Ray") as error:
        run(plans(1), engine="ray", address="127.0.0.1:9")
    assert error.value.remedy


def test_labeller_that_does_not_load_ends_the_run(nodes: Nodes, plans: Plans, run: Run) -> None:
    with pytest.raises(UserError, match="code 3"):
        run(plans(2), engine="ray", address=nodes.address, load=labellers.unloadable)


def test_node_that_is_not_as_it_should_be_says_so(
    plans: Plans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKPLAN_CONFIGS", "")
    job = Job((plans(1),), tmp_path / "out", labeller="rules")
    order = Order(job, fingerprint(job), str(tmp_path), None)
    settle(order)
    with pytest.raises(UserError, match="has other code"):
        settle(replace(order, key=order.key | {"code": "0"}))
    lost = replace(job, paths=(tmp_path / "not-mounted",))
    with pytest.raises(UserError, match="not-mounted: the node"):
        settle(replace(order, job=lost))
    relative = replace(order, job=replace(job, paths=(Path("in"),)), folder="/not/here")
    with pytest.raises(UserError, match="in: the node"):
        settle(relative)
