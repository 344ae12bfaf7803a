"""The workbench's pages: their own templates with the report's styles, scripts and panes in them.

A plan is shown by the report's own script; what only the workbench can do is added behind it.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from workplan.write import report
from workplan.write.report import embedded

_HERE = Path(__file__).parent / "page"
_REPORT = Path(report.__file__).parent
_PLAN_SCRIPTS = ("words.js", "asking.js", "state.js", "acts.js", "cells.js", "marks.js",
                 "history.js", "plan.js")  # fmt: skip
_OUR_STYLES = ("workbench.css", "desk.css", "panel.css")
_DESK_SCRIPTS = ("words.js", "asking.js", "desk.js")


def desk_page(user: str) -> str:
    """The page on which files are dropped and results exported."""
    return _page("desk.html").replace("{{user}}", escape(user, quote=True))


def plan_page(user: str, plan: dict[str, Any]) -> str:
    """The page of one plan: the report of it, open to corrections."""
    run = {"page": 1, "previous": None, "next": None, "first": 1, "hidden": plan["hidden"],
           "failed": 0, "failures": []}  # fmt: skip
    data = _data('class="plan"', plan) + _data('id="run"', run)
    page = _page("plan.html").replace("{{user}}", escape(user, quote=True))
    return page.replace("{{main}}", _report_main()).replace("{{data}}", data)


def login_page() -> str:
    """The page that asks for the token."""
    return _page("login.html")


def docs_page() -> str:
    """The page that shows /openapi.json."""
    return _page("docs.html")


@cache
def asset(name: str) -> tuple[str, str] | None:
    """A style or script by its name, with its media type; None for another name."""
    if name == "workbench.css":
        return _styles(), "text/css"
    if name == "desk.js":
        return _script([_REPORT / "words.js", *_own(_DESK_SCRIPTS)]), "text/javascript"
    if name == "plan.js":
        theirs = [_REPORT / script for script in report.SCRIPTS]
        return _script([*theirs, *_own(_PLAN_SCRIPTS)]), "text/javascript"
    if name == "docs.js":
        return (_HERE / name).read_text(encoding="utf-8"), "text/javascript"
    return None


def swagger_asset(name: str) -> Path | None:
    """The path of Swagger UI's style or script, which fastapi-offline brings along."""
    import fastapi_offline

    if name not in ("swagger-ui-bundle.js", "swagger-ui.css"):
        return None
    return Path(fastapi_offline.__file__).parent / "static" / name


def _page(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _own(names: tuple[str, ...]) -> list[Path]:
    return [_HERE / name for name in names]


def _script(parts: list[Path]) -> str:
    """Scripts in one block, as the report has them: they share names, the page sees none."""
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    return '"use strict";\n{\n' + text + "}\n"


def _styles() -> str:
    theirs = [_REPORT / name for name in report.STYLES]
    parts = [*theirs, *_own(_OUR_STYLES)]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


@cache
def _report_main() -> str:
    """The report's panes, without its header."""
    page = (_REPORT / "page.html").read_text(encoding="utf-8")
    return page.partition("<main>")[2].partition("</main>")[0]


def _data(mark: str, value: Any) -> str:
    return f'<script type="application/json" {mark}>{embedded(value).decode()}</script>\n'
