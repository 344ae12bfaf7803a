"""Small plans to run, and what a run has put out."""

from __future__ import annotations

from pathlib import Path

BODY = "一、重点任务\n推进示范园区建设，加强跟踪调度。\n各科室完成年度清单{n}项。\n{more}\n"


def write_plan(path: Path, number: int = 1, more: str = "") -> Path:
    """A small plan of its own content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"{2000 + number % 60}年示范区第{number}号工作要点\n" + BODY.format(n=number, more=more),
        encoding="utf-8",
    )
    return path


def outputs(folder: Path) -> dict[str, bytes]:
    """Every output but run.json, which tells times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
