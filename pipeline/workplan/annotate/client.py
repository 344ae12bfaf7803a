"""The one way to talk to a Doccano server: every answer's status and content type is checked."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from doccano_client import DoccanoClient

from workplan.annotate.settings import LabelType
from workplan.errors import UserError

PAGE = 500
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Row = dict[str, Any]


class ServerError(UserError):
    """The server did not answer, or not as it should; `status` is the HTTP status of a refusal."""

    status: int = 0


class JobError(ServerError):
    """A job of the worker failed, or nobody took it up."""


class PasswordError(UserError):
    """The server refuses the user or the password."""


class _Session(requests.Session):
    """A session that never waits for ever and lets no bad answer pass."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__()
        self.place, self.seconds = url, seconds
        if urlsplit(url).hostname in LOOPBACK:
            self.trust_env = False  # an office's proxy cannot reach our own machine

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or self.seconds
        try:
            answer = super().request(method, url, *args, **kwargs)
        except requests.Timeout as error:
            raise ServerError(
                f"no answer within {self.seconds:g} seconds (服务器无响应)",
                where=self.place,
                remedy="run the same command again; it goes on where it stopped",
            ) from error
        except requests.RequestException as error:
            raise ServerError(
                "cannot reach Doccano, or it stopped in the middle (连接不上或中途断开)",
                where=self.place,
                remedy="start it (`make doccano`), then run the same command again",
            ) from error
        self._check(answer)
        return answer

    def _check(self, answer: requests.Response) -> None:
        path = urlsplit(answer.url).path
        if answer.status_code >= 400:
            raise _refusal(answer, f"{self.place}: {answer.request.method} {path}")
        if answer.status_code == 204:
            return
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind not in _expected(answer.request.method or "", path):
            raise ServerError(
                f"the answer is {kind or 'of no type'}, not what Doccano's interface gives"
                " (返回内容类型不对)",
                where=f"{self.place}: {path}",
                remedy="check that the address is a Doccano server of version 1.8",
            )


class _Client(DoccanoClient):
    """doccano-client over a checked session, not yet logged in."""

    def __init__(self, url: str, seconds: float) -> None:
        self.baseurl = url.rstrip("/") + "/"
        self.session = _Session(self.baseurl, seconds)
        self.session.headers.update({"referer": self.baseurl, "Accept": "application/json, */*"})


class Doccano:
    """A user's session on a Doccano server.

    Raises ServerError where the server is down or not a Doccano, PasswordError for a wrong
    password, UserError for what is no address.
    """

    def __init__(
        self, url: str, user: str, password: str, *, seconds: float = 60, job_seconds: float = 120
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise UserError(
                f"{url!r} is no address of a server (不是服务器地址)",
                where="--url",
                remedy="write https://doccano.example.org",
            )
        self.url, self.user, self.job_seconds = url.rstrip("/"), user, job_seconds
        self._client = _Client(url, seconds)
        try:
            self._client._login(user, password)
        except ServerError as error:
            if error.status in (400, 401):
                raise PasswordError(
                    f"Doccano refuses the user {user!r} or the password (用户名或密码错误)",
                    where=self.url,
                    remedy="check DOCCANO_USERNAME and DOCCANO_PASSWORD, or the password you typed",
                ) from error
            raise
        if self._client.get_me().get("username") != user:
            raise ServerError("the login had no effect (登录未生效)", where=self.url)

    # Projects and their types

    def projects(self, name: str) -> list[Row]:
        """The projects called `name` that this user sees."""
        return [row for row in self._pages("v1/projects") if row["name"] == name]

    def project(self, number: int) -> Row:
        """One project."""
        return self._get(f"v1/projects/{number}")

    def create_project(self, name: str, guideline: str, *, collaborative: bool) -> Row:
        """A new project for spans that do not overlap."""
        project = {
            "name": name,
            "description": "工作计划：动作、单位、指标、数量、时限",
            "guideline": guideline,
            "project_type": "SequenceLabeling",
            "resourcetype": "SequenceLabelingProject",
            "collaborative_annotation": collaborative,
            "random_order": False,
            "allow_overlapping": False,
            "grapheme_mode": False,
            "use_relation": False,
            "tags": [],
        }
        return self._post("v1/projects", project)

    def types(self, project: int) -> list[Row]:
        """The span types of a project: id, text, colours, keys."""
        return self._get(f"v1/projects/{project}/span-types")

    def create_type(self, project: int, kind: LabelType) -> Row:
        """A span type with its colour and key."""
        row = {
            "text": kind.name,
            "prefix_key": None,
            "suffix_key": kind.key,
            "background_color": kind.colour,
            "text_color": "#ffffff",
        }
        return self._post(f"v1/projects/{project}/span-types", row)

    # People

    def me(self) -> Row:
        """The user of this session."""
        return self._get("v1/me")

    def users(self) -> dict[str, int]:
        """Every user's number by name; for administrators."""
        return {row["username"]: row["id"] for row in self._get("v1/users")}

    def create_user(self, name: str, password: str) -> None:
        """A new user; for administrators. Doccano refuses weak passwords."""
        row = {"username": name, "password1": password, "password2": password}
        self._post("v1/users/create", row)

    def members(self, project: int) -> dict[int, str]:
        """The names of a project's members by user number."""
        return {row["user"]: row["username"] for row in self._get(f"v1/projects/{project}/members")}

    def add_annotator(self, project: int, user: int) -> None:
        """Make a user an annotator of a project."""
        roles = {row["name"]: row["id"] for row in self._get("v1/roles")}
        self._post(f"v1/projects/{project}/members", {"user": user, "role": roles["annotator"]})

    # Sentences and spans

    def upload(self, project: int, rows: Sequence[Row], name: str) -> None:
        """Import rows with text, label and metadata, and wait until it is done.

        Raises JobError where the worker does not run or reports errors. Every row must have the
        same keys. The JSON is ASCII, since Doccano guesses encodings.
        """
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        file = io.BytesIO(lines.encode("ascii"))
        file.name = name
        self._finish(self._client.post_doc_upload_binary(project, [file])["task_id"])

    def download(self, project: int, *, confirmed: bool = False) -> dict[str, list[Row]]:
        """All sentences by the name of their annotator ("all" in a collaborative project), each
        with its id, text, label and metadata; only those ticked with `confirmed`.

        The worker does jobs in turn: once this is done, every import before it is done or lost.
        """
        job = {"format": "JSONL", "exportApproved": confirmed}
        task = self._post(f"v1/projects/{project}/download", job)["task_id"]
        self._finish(task)
        path = f"v1/projects/{project}/download"
        answer = self._client.get_file(path, params={"taskId": task})
        try:
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                return {
                    name.rpartition("/")[2].removesuffix(".jsonl"): list(_rows(archive.read(name)))
                    for name in archive.namelist()
                    if name.endswith(".jsonl")
                }
        except (zipfile.BadZipFile, ValueError) as error:
            raise ServerError(
                "the download is damaged (下载文件损坏)",
                where=self.url,
                remedy="run the same command again",
            ) from error

    def delete_example(self, project: int, example: int) -> None:
        """Take one sentence, with its spans, out of a project."""
        self._client.delete_example(project, example)

    def spans(self, project: int, example: int) -> list[Row]:
        """Spans that this user (in a collaborative project: anyone) drew in a sentence."""
        return self._get(f"v1/projects/{project}/examples/{example}/spans")

    def add_span(self, project: int, example: int, start: int, end: int, kind: int) -> Row:
        """Draw a span of the type numbered `kind`, offsets in UTF-16 units."""
        span = {"start_offset": start, "end_offset": end, "label": kind}
        return self._post(f"v1/projects/{project}/examples/{example}/spans", span)

    def delete_span(self, project: int, example: int, span: int) -> None:
        """Rub out a span."""
        self._client.delete_span(project, example, span)

    def confirmations(self, project: int, example: int) -> list[Row]:
        """Who ticked a sentence (`confirmed_by`, a user's number) and when (`confirmed_at`)."""
        return list(self._pages(f"v1/projects/{project}/examples/{example}/states"))

    def toggle_confirmed(self, project: int, example: int) -> None:
        """Tick a sentence, or take the tick away."""
        self._post(f"v1/projects/{project}/examples/{example}/states", {})

    # Below the surface

    def _get(self, path: str, **params: Any) -> Any:
        return self._json(self._client.get_file(path, params=params))

    def _post(self, path: str, body: Row) -> Any:
        # The client sends an empty dict as a form; Doccano's views want JSON.
        headers = {"Content-Type": "application/json"}
        data = json.dumps(body).encode("ascii")
        answer = self._client.post(path, data=data, headers=headers, as_json=False)
        return self._json(answer)

    def _json(self, answer: requests.Response) -> Any:
        try:
            return answer.json()
        except ValueError as error:
            raise ServerError(
                "the answer is not JSON (返回内容无法解析)", where=answer.url
            ) from error

    def _pages(self, path: str) -> Iterator[Row]:
        seen = 0
        while True:
            page = self._get(path, limit=PAGE, offset=seen)
            yield from page["results"]
            seen += len(page["results"])
            if not page["results"] or seen >= page["count"]:
                return

    def _finish(self, task: str, pause: Callable[[float], None] = time.sleep) -> None:
        end = time.monotonic() + self.job_seconds
        wait = 0.1
        while not (status := self._get(f"v1/tasks/status/{task}"))["ready"]:
            if time.monotonic() > end:
                raise JobError(
                    f"the job was not done within {self.job_seconds:g} seconds: no worker runs, or"
                    " it is too slow (任务未执行，后台进程可能没有运行)",
                    where=self.url,
                    remedy="start the worker (`make doccano`), then run the same command again",
                )
            pause(wait)
            wait = min(1.0, wait * 1.5)
        failures = list(_failures(status))
        if failures:
            raise JobError(
                f"Doccano could not do it: {'; '.join(failures[:3])} (服务器处理失败)",
                where=self.url,
                remedy="run the same command again; if it recurs, see the server's logs",
            )


def _failures(status: Row) -> Iterator[str]:
    if status.get("error"):
        yield str(status["error"].get("text", status["error"]))
    result = status.get("result")
    if isinstance(result, dict):
        yield from (str(error.get("message", error)) for error in result.get("error") or ())


def _rows(data: bytes) -> Iterable[Row]:
    # Only "\n" ends a row: texts may hold U+2028 and the like.
    return (json.loads(line) for line in data.decode("utf-8").split("\n") if line.strip())


def _expected(method: str, path: str) -> set[str]:
    if path.endswith("/download") and method == "GET":
        return {"application/zip", "application/x-zip-compressed", "application/octet-stream"}
    if "/fp/" in path:
        return {"text/plain"}
    return {"application/json"}


def _refusal(answer: requests.Response, where: str) -> ServerError:
    detail = " ".join(answer.text.split())[:200] if "json" in _kind(answer) else answer.reason
    hints = {
        401: "log in with a user who may do this",
        403: "log in with a user who may do this: an administrator of the project",
        404: "check the address, and that nobody deleted the project",
    }
    error = ServerError(
        f"Doccano answers {answer.status_code}: {detail} (服务器拒绝了请求)",
        where=where,
        remedy=hints.get(answer.status_code, "run the same command again; see the server's logs"),
    )
    error.status = answer.status_code
    return error


def _kind(answer: requests.Response) -> str:
    return answer.headers.get("Content-Type", "")
