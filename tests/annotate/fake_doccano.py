"""A Doccano of a few lines: the calls that the loop makes, and faults on demand.

What it answers follows a real server of version 1.8.4; test_real_server.py keeps it honest.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PASSWORD = "a long password of its own"


@dataclass
class FakeDoccano:
    """The server's state, and what goes wrong: `fault(method, path)` may name "drop" (the line
    breaks), "html" (a web page in place of JSON) or "error" (500) for a request."""

    url: str = ""
    users: dict[str, int] = field(default_factory=lambda: {"admin": 1, "li": 2, "wang": 3})
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    worker: bool = True
    fault: Callable[[str, str], str | None] = lambda method, path: None
    import_fault: str = ""
    """How the next import goes wrong: "no labels", "twice" or "lost"."""
    log: list[str] = field(default_factory=list)
    uploads: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, Any] = field(default_factory=dict)
    queue: list[tuple[str, Callable[[], Any]]] = field(default_factory=list)
    _number: int = 100

    def number(self) -> int:
        """A number that was not given before."""
        self._number += 1
        return self._number

    def run_worker(self) -> None:
        """Do the jobs in the queue, in turn."""
        while self.queue:
            task, job = self.queue.pop(0)
            self.tasks[task] = {"ready": True, "result": job(), "error": None}

    def add_job(self, job: Callable[[], Any]) -> str:
        """Put a job in the queue; with a worker it is done at once."""
        task = f"task-{self.number()}"
        self.tasks[task] = {"ready": False, "result": None, "error": None}
        self.queue.append((task, job))
        if self.worker:
            self.run_worker()
        return task

    def project(self) -> dict[str, Any]:
        """The only project."""
        (project,) = self.projects.values()
        return project

    def spans_of(self, key: str, user: str) -> list[tuple[int, int, str]]:
        """A user's spans in the sentence with metadata `key`, as (start, end, type's name)."""
        project = self.project()
        names = {kind["id"]: kind["text"] for kind in project["types"]}
        return sorted(
            (s["start_offset"], s["end_offset"], names[s["label"]])
            for example in project["examples"].values()
            if example["meta"].get("key") == key
            for s in example["spans"]
            if s["user"] == self.users[user]
        )

    def example_of(self, key: str) -> dict[str, Any]:
        """The sentence with metadata `key`."""
        return next(e for e in self.project()["examples"].values() if e["meta"]["key"] == key)

    def import_rows(self, project: dict[str, Any], user: str, text: str) -> dict[str, list]:
        """What the worker does with an upload."""
        fault, self.import_fault = self.import_fault, ""
        if fault == "lost":
            return {"error": []}
        kinds = {kind["text"]: kind["id"] for kind in project["types"]}
        for _ in range(2 if fault == "twice" else 1):
            for line in text.split("\n"):
                if line:
                    row = json.loads(line)
                    labels = [] if fault == "no labels" else row["label"]
                    example = {
                        "id": self.number(),
                        "text": row["text"],
                        "meta": {k: v for k, v in row.items() if k not in ("text", "label")},
                        "spans": [
                            self.span(self.users[user], kinds[name], start, end)
                            for start, end, name in labels
                        ],
                        "states": [],
                    }
                    project["examples"][example["id"]] = example
        return {"error": []}

    def span(self, user: int, kind: int, start: int, end: int) -> dict[str, Any]:
        """A span of a user."""
        return {
            "id": self.number(),
            "user": user,
            "label": kind,
            "start_offset": start,
            "end_offset": end,
        }

    def export(self, project: dict[str, Any], confirmed: bool) -> bytes:
        """The zip that a download gives."""
        names = {kind["id"]: kind["text"] for kind in project["types"]}
        people = {number: name for name, number in self.users.items()}
        shared = project["collaborative_annotation"]
        files = ["all"] if shared else [people[n] for n in project["members"]]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in files:
                lines = [
                    self._row(e, names, None if shared else self.users[name])
                    for e in project["examples"].values()
                    if not confirmed
                    or any(shared or s["confirmed_by"] == self.users[name] for s in e["states"])
                ]
                archive.writestr(f"{name}.jsonl", "".join(line + "\n" for line in lines))
        return buffer.getvalue()

    def _row(self, example: dict[str, Any], names: dict[int, str], user: int | None) -> str:
        labels = [
            [s["start_offset"], s["end_offset"], names[s["label"]]]
            for s in example["spans"]
            if user is None or s["user"] == user
        ]
        row = {"id": example["id"], "text": example["text"], **example["meta"], "label": labels}
        return json.dumps(row | {"Comments": []}, ensure_ascii=False)


@contextmanager
def serving() -> Iterator[FakeDoccano]:
    """A fake server that listens on loopback while the block runs."""
    fake = FakeDoccano()
    handler = type("Bound", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeDoccano

    def do_GET(self) -> None:  # noqa: N802  (the base class calls it so)
        self._serve("GET")

    def do_POST(self) -> None:  # noqa: N802
        self._serve("POST")

    def do_DELETE(self) -> None:  # noqa: N802
        self._serve("DELETE")

    def log_message(self, *args: object) -> None:
        return

    def _serve(self, method: str) -> None:
        place = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(place.query).items()}
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fake.log.append(f"{method} {place.path}")
        fault = self.fake.fault(method, place.path)
        if fault == "drop":
            self.close_connection = True
            self.connection.close()
            return None
        if fault == "html":
            return self._send(b"<html>", "text/html")
        if fault == "error":
            return self._json({"detail": "database is locked"}, 500)
        for verb, pattern, name in _ROUTES:
            match = re.fullmatch(pattern, place.path)
            if verb == method and match:
                return getattr(self, name)(*map(int, match.groups()))
        return self._send(b"<html>the page of a single-page app", "text/html")

    @property
    def user(self) -> str:
        match = re.search(r"sessionid=(\w+)", self.headers.get("Cookie", ""))
        return match[1] if match else ""

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, data: bytes, kind: str, status: int = 200, cookie: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if cookie:
            self.send_header("Set-Cookie", f"sessionid={cookie}; Path=/")
        self.end_headers()
        self.wfile.write(data)

    def login(self) -> None:
        form = parse_qs(self.body.decode())
        name = form["username"][0]
        if name not in self.fake.users or form["password"][0] != PASSWORD:
            return self._json({"non_field_errors": ["Unable to log in."]}, 400)
        return self._send(b'{"key": "x"}', "application/json", cookie=name)

    def me(self) -> None:
        self._json({"id": self.fake.users[self.user], "username": self.user})

    def users(self) -> None:
        self._json([{"id": n, "username": name} for name, n in self.fake.users.items()])

    def roles(self) -> None:
        self._json([{"id": 1, "name": "project_admin"}, {"id": 2, "name": "annotator"}])

    def projects(self) -> None:
        rows = [_plain(project) for project in self.fake.projects.values()]
        self._json({"count": len(rows), "results": rows})

    def create_project(self) -> None:
        number = self.fake.number()
        project = json.loads(self.body) | {"id": number, "types": [], "examples": {}}
        project["members"] = [self.fake.users[self.user]]
        self.fake.projects[number] = project
        self._json(_plain(project), 201)

    def project(self, number: int) -> None:
        if number not in self.fake.projects:
            return self._json({"detail": "Not found."}, 404)
        return self._json(_plain(self.fake.projects[number]))

    def types(self, number: int) -> None:
        self._json(self.fake.projects[number]["types"])

    def create_type(self, number: int) -> None:
        kind = json.loads(self.body) | {"id": self.fake.number()}
        self.fake.projects[number]["types"].append(kind)
        self._json(kind, 201)

    def members(self, number: int) -> None:
        people = {n: name for name, n in self.fake.users.items()}
        members = self.fake.projects[number]["members"]
        self._json([{"user": n, "username": people[n]} for n in members])

    def add_member(self, number: int) -> None:
        self.fake.projects[number]["members"].append(json.loads(self.body)["user"])
        self._json({}, 201)

    def process(self) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        (part,) = BytesParser().parsebytes(head + self.body).get_payload()
        name = f"upload{self.fake.number()}"
        self.fake.uploads[name] = part.get_payload(decode=True).decode("ascii")
        self._send(name.encode(), "text/plain")

    def upload(self, number: int) -> None:
        (upload,) = json.loads(self.body)["uploadIds"]
        project, user, text = self.fake.projects[number], self.user, self.fake.uploads[upload]
        task = self.fake.add_job(lambda: self.fake.import_rows(project, user, text))
        self._json({"task_id": task})

    def start_download(self, number: int) -> None:
        project, confirmed = self.fake.projects[number], json.loads(self.body)["exportApproved"]
        self._json({"task_id": self.fake.add_job(lambda: self.fake.export(project, confirmed))})

    def download(self, number: int) -> None:
        self._send(self.fake.tasks[self.query["taskId"]]["result"], "application/zip")

    def task(self, number: int) -> None:
        status = self.fake.tasks[f"task-{number}"]
        result = status["result"] if not isinstance(status["result"], bytes) else "a path"
        self._json(status | {"result": result})

    def spans(self, number: int, example: int) -> None:
        spans = self.fake.projects[number]["examples"][example]["spans"]
        self._json([s for s in spans if s["user"] == self.fake.users[self.user]])

    def add_span(self, number: int, example: int) -> None:
        row, user = json.loads(self.body), self.fake.users[self.user]
        spans = self.fake.projects[number]["examples"][example]["spans"]
        start, end = row["start_offset"], row["end_offset"]
        if any(
            s["user"] == user and s["start_offset"] < end and start < s["end_offset"] for s in spans
        ):
            return self._json({"detail": ["This overlapping is not allowed."]}, 400)
        spans.append(self.fake.span(user, row["label"], start, end))
        return self._json(spans[-1], 201)

    def delete_span(self, number: int, example: int, span: int) -> None:
        found = self.fake.projects[number]["examples"][example]
        found["spans"] = [s for s in found["spans"] if s["id"] != span]
        self._send(b"", "", 204)

    def delete_example(self, number: int, example: int) -> None:
        del self.fake.projects[number]["examples"][example]
        self._send(b"", "", 204)

    def states(self, number: int, example: int) -> None:
        project = self.fake.projects[number]
        states = project["examples"][example]["states"]
        if not project["collaborative_annotation"]:
            states = [s for s in states if s["confirmed_by"] == self.fake.users[self.user]]
        self._json({"count": len(states), "results": states})

    def toggle(self, number: int, example: int) -> None:
        states = self.fake.projects[number]["examples"][example]["states"]
        user = self.fake.users[self.user]
        mine = [s for s in states if s["confirmed_by"] == user]
        for state in mine:
            states.remove(state)
        if not mine:
            states.append({"confirmed_by": user, "confirmed_at": "2026-03-02T08:30:00.5Z"})
        self._json({}, 201)


def _plain(project: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in project.items() if k not in ("types", "examples", "members")}


_P = r"/v1/projects/(\d+)"
_E = rf"{_P}/examples/(\d+)"
_ROUTES = [
    ("POST", "/v1/auth/login/", "login"),
    ("GET", "/v1/me", "me"),
    ("GET", "/v1/users", "users"),
    ("GET", "/v1/roles", "roles"),
    ("GET", "/v1/projects", "projects"),
    ("POST", "/v1/projects", "create_project"),
    ("GET", _P, "project"),
    ("GET", f"{_P}/span-types", "types"),
    ("POST", f"{_P}/span-types", "create_type"),
    ("GET", f"{_P}/members", "members"),
    ("POST", f"{_P}/members", "add_member"),
    ("POST", "/v1/fp/process/", "process"),
    ("POST", f"{_P}/upload", "upload"),
    ("POST", f"{_P}/download", "start_download"),
    ("GET", f"{_P}/download", "download"),
    ("GET", r"/v1/tasks/status/task-(\d+)", "task"),
    ("GET", f"{_E}/spans", "spans"),
    ("POST", f"{_E}/spans", "add_span"),
    ("DELETE", rf"{_E}/spans/(\d+)", "delete_span"),
    ("DELETE", _E, "delete_example"),
    ("GET", f"{_E}/states", "states"),
    ("POST", f"{_E}/states", "toggle"),
]
