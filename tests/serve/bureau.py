"""A workbench whose files are read at once, in the test's own process, by the rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from workplan.batch.chain import read_one
from workplan.errors import FileError
from workplan.serve.app import make_app
from workplan.serve.folder import DataFolder
from workplan.serve.guard import Rules
from workplan.serve.programs import Labels
from workplan.serve.reader import Result
from workplan.serve.settings import Limits
from workplan.serve.store import Store
from workplan.serve.workbench import Workbench
from workplan.tag import Labeller, get_labeller
from workplan.write.failure import Failure

HOME = "http://127.0.0.1:8765"
TEXT = """2031年云皮县教育工作要点
一、扩充学位
县教育局年底前新建公办幼儿园3所，普惠率达到85%以上。
县财政局做好经费保障。
"""


@cache
def rules() -> Labeller:
    """The rules, loaded once."""
    return get_labeller("rules")


class InlineReader:
    """Reads a file when it is submitted; stands in for the worker process."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""

    def submit(self, path: Path, begun: Callable[[], None] = lambda: None) -> Future[Result]:
        begun()
        done: Future[Result] = Future()
        try:
            done.set_result(read_one(path, rules()))
        except FileError as error:
            done.set_result(Failure.of(str(path), error))
        return done


class Office:
    """A workbench with a client of its API."""

    def __init__(self, data: Path, limits: Limits, guard: Rules) -> None:
        self.data = data
        self.folder = DataFolder(data)
        self.folder.open()
        reader: Any = InlineReader()
        self.bench = Workbench(self.folder, Store(self.folder.database), reader, limits)
        self.bench.start()
        app = make_app(self.bench, guard, Labels(rules), "clerk")
        self.client = TestClient(app, base_url=HOME, raise_server_exceptions=False)

    def close(self) -> None:
        """Stop as the server does."""
        self.bench.stop()
        self.folder.close()

    def upload(self, text: str | bytes = TEXT, name: str = "教育.txt") -> str:
        """Upload one plan; its id."""
        data = text.encode() if isinstance(text, str) else text
        answer = self.client.post("/api/plans", files={"files": (name, data)}, data={"who": "王"})
        assert answer.status_code == 201, answer.text
        identifier: str = answer.json()[0]["id"]
        return identifier

    def show(self, plan: str) -> dict[str, Any]:
        """The plan as its page gets it."""
        answer = self.client.get(f"/api/plans/{plan}")
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    def change(self, plan: str, status: int = 201, **change: Any) -> Any:
        """Send a change; the answer."""
        seen = self.bench.result(plan).last
        body = {"who": "王", "seen": seen} | change
        answer = self.client.post(f"/api/plans/{plan}/changes", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()
