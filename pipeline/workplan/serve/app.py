"""Which address answers what: the pages, the workbench's API, /label and /extract for programs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from workplan import __version__
from workplan.errors import UserError
from workplan.serve import pages
from workplan.serve.change import ConflictError
from workplan.serve.export import Format, export
from workplan.serve.forms import Change, LabelCall, Text, Who
from workplan.serve.guard import POLICY, Guard, Rules, refusal
from workplan.serve.programs import Labels, extracted
from workplan.serve.view import listed_view, plan_view, reading_of
from workplan.serve.workbench import MissingError, Taken, Workbench

_ABOUT = """Work plans in, task tables out.

`/label` and `/extract` are for programs and keep nothing. The addresses under `/api` are those of
the workbench's own page: what they take is kept, with who and when.

Where a token is set, send it: `Authorization: Bearer TOKEN`. An error comes as
`{"error": {"code", "what", "where", "remedy"}}`."""

_Plan = Annotated[str, "the plan's id: the first 16 digits of its file's SHA-256"]


def make_app(bench: Workbench, rules: Rules, labels: Labels, user: str) -> FastAPI:
    """The application; `user` is the name that the page proposes for changes."""
    app = FastAPI(
        title="workplan",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_tags=[
            {"name": "programs", "description": "for programs; nothing is kept"},
            {"name": "workbench", "description": "what the page uses; changes are kept"},
        ],
    )
    app.add_middleware(Guard, rules=rules)
    _add_errors(app)
    _add_pages(app, bench, user)
    _add_plans(app, bench)
    _add_changes(app, bench)
    _add_programs(app, bench, labels)
    return app


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(UserError)
    def user_error(request: Request, error: UserError) -> JSONResponse:
        status = (
            404
            if isinstance(error, MissingError)
            else 409
            if isinstance(error, ConflictError)
            else 400
        )
        code = {404: "missing", 409: "conflict", 400: "refused"}[status]
        return refusal(status, code, error.what, error.remedy, error.where)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        what = str(first["msg"]).removeprefix("Value error, ")
        return refusal(422, "invalid", what, "see /docs for what is taken", where)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> JSONResponse:
        return refusal(error.status_code, "http", str(error.detail), "")


def _add_pages(app: FastAPI, bench: Workbench, user: str) -> None:
    @app.get("/", include_in_schema=False)
    def desk() -> HTMLResponse:
        return HTMLResponse(pages.desk_page(user))

    @app.get("/plans/{plan}", include_in_schema=False)
    def plan_page(plan: str, show: str = "") -> Response:
        try:
            return HTMLResponse(pages.plan_page(user, _view(bench, plan, show_all=show == "all")))
        except MissingError:
            return RedirectResponse("/", 303)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        # Swagger UI sets styles on its elements and draws its signs from data addresses.
        policy = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        return HTMLResponse(pages.docs_page(), headers={"content-security-policy": policy})

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if found := pages.asset(name):
            return Response(found[0], media_type=found[1])
        if path := pages.swagger_asset(name):
            return FileResponse(path)
        raise HTTPException(404, "there is no such file (没有这个文件)")


def _add_plans(app: FastAPI, bench: Workbench) -> None:
    @app.get("/api/plans", tags=["workbench"])
    def list_plans() -> list[dict[str, Any]]:
        """The plans on the list, in the order of their upload."""
        return [listed_view(plan) for plan in bench.store.plans()]

    @app.post("/api/plans", tags=["workbench"], status_code=201)
    def upload(
        files: Annotated[list[UploadFile], File(description="txt, html, docx, pdf, md …")],
        who: Annotated[Who, Form()],
    ) -> list[dict[str, Any]]:
        """Take in files; each is read in its turn. `news`: new, known, again or restored."""
        _check_count(files, bench.limits.files_per_upload)
        return [_taken(bench.take(file.file, file.filename, who)) for file in files]

    @app.get("/api/plans/{plan}", tags=["workbench"])
    def show_plan(plan: _Plan, show_all: bool = False) -> dict[str, Any]:
        """A plan as read and corrected: text, spans, tasks, history."""
        return _view(bench, plan, show_all=show_all)

    @app.delete("/api/plans/{plan}", tags=["workbench"], status_code=204)
    def remove_plan(plan: _Plan) -> None:
        """Take a plan off the list. Nothing is deleted: the same file brings it back."""
        bench.remove(plan, removed=True)

    @app.post("/api/plans/{plan}/restore", tags=["workbench"], status_code=204)
    def restore_plan(plan: _Plan) -> None:
        """Put a removed plan back on the list."""
        bench.remove(plan, removed=False)

    @app.get("/api/export/{kind}", tags=["workbench"], response_class=FileResponse)
    def export_plans(kind: Format, plan: Annotated[list[str], Query()] = []) -> FileResponse:  # noqa: B006
        """The plans on the list, or those named, corrections applied; jsonl comes as a zip."""
        path, media_type = export(bench, kind, plan)
        folder = path.parent if kind == "jsonl" else path.parent.parent
        clear = BackgroundTask(partial(shutil.rmtree, folder, ignore_errors=True))
        return FileResponse(path, media_type=media_type, filename=path.name, background=clear)


def _add_changes(app: FastAPI, bench: Workbench) -> None:
    @app.post("/api/plans/{plan}/changes", tags=["workbench"], status_code=201)
    def change_plan(plan: _Plan, change: Change) -> dict[str, Any]:
        """Change a plan: spans, cells, a review, its year, or undo a change. All is kept."""
        event = bench.change(plan, change)
        return {"number": event.number, "who": event.who, "at": event.at}

    @app.get("/api/read", tags=["workbench"])
    def read_words(
        quantity: Text | None = None, deadline: Text | None = None, year: int | None = None
    ) -> dict[str, Any]:
        """What a figure's or a deadline's words mean."""
        return reading_of(quantity, deadline, year)


def _add_programs(app: FastAPI, bench: Workbench, labels: Labels) -> None:
    @app.post("/label", tags=["programs"])
    def label(call: LabelCall) -> dict[str, Any]:
        """Spans, target records and dates of sentences, as `workplan label` gives them."""
        return {"sentences": labels.of(call, bench.limits)}

    @app.post("/extract", tags=["programs"])
    async def extract(file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Read one file: `plan` is its line of plans.jsonl, `tasks` its lines of tasks.jsonl."""
        reading = await run_in_threadpool(bench.read, file.file, file.filename)
        # Waiting holds no thread: calls that queue up leave the page its own.
        return extracted(await asyncio.wrap_future(reading))


def _view(bench: Workbench, identifier: str, *, show_all: bool) -> dict[str, Any]:
    now = bench.result(identifier)
    plan = bench.store.plan(identifier)
    if plan is None:
        raise MissingError("there is no such plan (没有这份计划)", where=identifier)
    return plan_view(plan, now, bench.store.events(identifier), show_all=show_all)


def _check_count(files: Sequence[UploadFile], most: int) -> None:
    if len(files) > most:
        raise UserError(
            f"{len(files)} files at once, more than the {most} that are taken (文件数过多)",
            remedy="send them in several goes, or raise files_per_upload in configs/serve.yaml"
            " (请分批上传或调整上限)",
        )


def _taken(taken: Taken) -> dict[str, Any]:
    failure = taken.failure.record() if taken.failure else None
    return {"name": taken.name, "id": taken.id, "news": taken.news, "failure": failure}
