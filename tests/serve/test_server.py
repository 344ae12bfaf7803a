"""The real command: what it says, what it refuses, what outlives a kill."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from bureau import TEXT
from click.testing import CliRunner

from workplan.cli import cli
from workplan.errors import UserError
from workplan.serve.folder import DATABASE, DataFolder
from workplan.serve.server import check_packages, listen
from workplan.serve.settings import read_limits
from workplan.serve.store import Store

COMMAND = [sys.executable, "-c", "from workplan.cli import main; main()", "serve"]


class Running:
    """A server process with a client."""

    def __init__(self, *options: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", "--labeller", "rules", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
        )
        assert self.process.stdout is not None
        self.said = ""
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            self.said += line
        self.address = re.findall(r"http://\S+", self.said)[0]
        base = self.address.partition("?")[0].replace(socket.gethostname(), "127.0.0.1")
        self.client = httpx.Client(base_url=base, timeout=60, trust_env=False)

    def upload(self) -> str:
        """Upload the plan and wait until it is read."""
        files = {"files": ("教育.txt", TEXT.encode())}
        plan: str = self.client.post("/api/plans", files=files, data={"who": "王"}).json()[0]["id"]
        return self.wait(plan)

    def wait(self, plan: str) -> str:
        """Wait until a plan is read."""
        for _ in range(600):
            (listed,) = self.client.get("/api/plans").json()
            if listed["state"] == "done":
                return plan
            time.sleep(0.2)
        raise AssertionError(listed)

    def end(self, number: int) -> tuple[int, str, str]:
        """Send a signal; exit code and what was said until the end."""
        self.client.close()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    """Starts servers and makes sure that they end."""
    started: list[Running] = []

    def start(*options: str, **environment: str) -> Running:
        started.append(Running(*options, **environment))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def interrupt(one: Running) -> tuple[int, str, str]:
    return one.end(signal.SIGINT)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_correction_outlives_a_kill(run: Callable[..., Running], tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    first = run("--data", data)
    plan = first.upload()
    view = first.client.get(f"/api/plans/{plan}").json()
    change: dict[str, Any] = {"kind": "cells", "who": "王", "task": view["tasks"][0]["id"]}
    change |= {"cells": {"phrase": "办好幼儿园"}}
    assert first.client.post(f"/api/plans/{plan}/changes", json=change).status_code == 201
    before = first.client.get(f"/api/plans/{plan}").json()
    first.end(signal.SIGKILL)
    second = run("--data", data)
    assert second.client.get(f"/api/plans/{plan}").json() == before
    assert before["tasks"][0]["phrase"] == "办好幼儿园"
    code, out, err = interrupt(second)
    assert (code, err) == (0, "")
    assert "stopped" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_what_a_kill_left_unread_is_read_at_the_next_start(
    run: Callable[..., Running], tmp_path: Path
) -> None:
    first = run("--data", str(tmp_path))
    files = {"files": ("教育.txt", TEXT.encode())}
    plan = first.client.post("/api/plans", files=files, data={"who": "王"}).json()[0]["id"]
    first.end(signal.SIGKILL)
    second = run("--data", str(tmp_path))
    second.wait(plan)
    code, _, err = second.end(signal.SIGTERM)
    assert (code, err) == (0, "")


def test_no_network_is_used(run: Callable[..., Running], tmp_path: Path, root: Path) -> None:
    """Neither by the server nor by its worker, even where telemetry is set up for others."""
    tried = tmp_path / "tried"
    server = run(
        "--data",
        str(tmp_path / "data"),
        PYTHONPATH=str(root / "tests" / "batch" / "offline"),
        WORKPLAN_TEST_NETWORK=str(tried),
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
        OTEL_TRACES_EXPORTER="otlp",
    )
    plan = server.upload()
    for path in ("/", f"/plans/{plan}", "/docs", "/openapi.json", "/api/export/xlsx"):
        assert server.client.get(path).status_code == 200
    server.client.post("/extract", files={"file": ("a.txt", TEXT.encode())})
    interrupt(server)
    assert not tried.exists(), tried.read_text()


def test_one_server_a_folder_and_a_port(run: Callable[..., Running], tmp_path: Path) -> None:
    first = run("--data", str(tmp_path))
    port = first.address.rstrip("/").rpartition(":")[2]
    for options, told in (
        (["--port", "0", "--data", str(tmp_path)], "数据目录正被另一个服务使用"),
        (["--port", port, "--data", str(tmp_path / "b")], "端口被占用"),
    ):
        done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=120)
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_others_need_the_token_that_is_printed(run: Callable[..., Running], tmp_path: Path) -> None:
    server = run("--data", str(tmp_path), "--host", "0.0.0.0")
    token = re.findall(r"token=(\S+)", server.said)[0]
    assert server.client.get("/api/plans").status_code == 401
    bearer = {"authorization": f"Bearer {token}"}
    assert server.client.get("/api/plans", headers=bearer).json() == []


def test_wrong_set_ups_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="没有这个标注器"):
        CliRunner().invoke(
            cli, ["serve", "--data", str(tmp_path), "--labeller", "none"], catch_exceptions=False
        )
    with pytest.raises(UserError, match="本机没有这个地址"):
        listen("203.0.113.7", 0)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="数据目录不可用"):
        DataFolder(tmp_path / "file").open()
    (tmp_path / DATABASE).write_text("this is no database" * 100)
    with pytest.raises(UserError, match="无法打开工作台数据库"):
        Store(tmp_path / DATABASE)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UserError, match=r"pip install 'workplan\[serve\]'"):
        check_packages()


def test_a_later_database_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path / DATABASE).close()
    with sqlite3.connect(tmp_path / DATABASE) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="数据库版本不符"):
        Store(tmp_path / DATABASE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "key: value"),
        ("files: 3", "'files'"),
        ("files_kept: 0", "files_kept"),
        ("a: [", "read"),
    ],
)
def test_wrong_limits_are_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "serve.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=told):
        read_limits(path)


def test_the_folder_is_its_owners(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "new")
    folder.open()
    try:
        if os.name != "nt":
            assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    finally:
        folder.close()
    assert json.dumps(sorted(path.name for path in (tmp_path / "new").iterdir())) in (
        '["lock", "uploads"]',
        '["uploads"]',
    )
