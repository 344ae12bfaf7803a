"""Outputs behind a URL are complete or absent, and a run goes on there as it does here."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import outputs, write_plan

from workplan.batch.engine import Stopped
from workplan.batch.folder import OutputFolder
from workplan.batch.manifest import Manifest
from workplan.batch.remote import RemoteFolder
from workplan.errors import UserError

fsspec = pytest.importorskip("fsspec", reason="needs fsspec: pip install 'workplan[urls]'")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="file:// paths are others there")

Plans = Callable[[int], Path]
Run = Callable[..., Manifest]


@pytest.fixture
def there(tmp_path: Path) -> tuple[str, Path]:
    """A URL, and the folder that it stands for."""
    return f"file://{tmp_path}/there", tmp_path / "there"


def stop_after(monkeypatch: pytest.MonkeyPatch, groups: int) -> None:
    """The user stops the run when so many groups are kept."""
    keep, kept = RemoteFolder.keep, []

    def stopping(self: RemoteFolder, entries: list[object]) -> None:
        keep(self, entries)
        kept.append(entries)
        if len(kept) == groups:
            raise KeyboardInterrupt

    monkeypatch.setattr(RemoteFolder, "keep", stopping)


def test_outputs_are_those_of_a_folder_here(
    plans: Plans, run: Run, tmp_path: Path, there: tuple[str, Path]
) -> None:
    url, folder = there
    source = plans(6)
    formats = ("xlsx", "html", "csv")
    run(source, tmp_path / "here", formats=formats)
    run(source, url, formats=formats)
    assert outputs(folder) == outputs(tmp_path / "here")
    assert not (folder / ".work").exists()
    record = json.loads((folder / "run.json").read_bytes())
    assert set(record["outputs"]) | {"run.json"} == {path.name for path in folder.iterdir()}


def test_outputs_of_another_protocol(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(2)
    run(source, tmp_path / "here")
    run(source, "memory://bucket/out")
    system = fsspec.filesystem("memory")
    found = {path: system.cat_file(path) for path in system.find("/bucket/out")}
    found.pop("/bucket/out/run.json")
    assert {path.removeprefix("/bucket/out/"): data for path, data in found.items()} == outputs(
        tmp_path / "here"
    )
    system.rm("/bucket", recursive=True)


def test_a_stopped_run_goes_on(
    plans: Plans,
    run: Run,
    tmp_path: Path,
    there: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, folder = there
    source = plans(20)
    stop_after(monkeypatch, 2)
    with pytest.raises(Stopped):
        run(source, url, group_files=4)
    monkeypatch.undo()
    assert {path.name for path in folder.iterdir()} == {".work"}
    write_plan(source / "0019.txt", 99)  # at the end: most likely not yet done
    manifest = run(source, url, group_files=4)
    assert 4 <= manifest.resumed <= 8
    run(source, tmp_path / "here")
    assert outputs(folder) == outputs(tmp_path / "here")


def test_another_run_s_work_is_not_taken_up(
    plans: Plans,
    run: Run,
    tmp_path: Path,
    there: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, folder = there
    source = plans(12)
    stop_after(monkeypatch, 2)
    with pytest.raises(Stopped):
        run(source, url, group_files=3)
    monkeypatch.undo()
    own = tmp_path / "own" / "lexicons"
    own.mkdir(parents=True)
    (own / "verbs.txt").write_text("筹办\n", encoding="utf-8")
    monkeypatch.setenv("WORKPLAN_CONFIGS", str(tmp_path / "own"))
    assert run(source, url).resumed == 0
    assert not (folder / ".work").exists()


def test_finished_folder_is_left_alone(plans: Plans, run: Run, there: tuple[str, Path]) -> None:
    url, folder = there
    source = plans(3)
    run(source, url, formats=("csv",))
    before = outputs(folder)
    with pytest.raises(UserError, match="--overwrite"):
        run(source, url)
    assert outputs(folder) == before
    (folder / "notes.md").write_text("mine")
    (source / "0001.txt").unlink()
    run(source, url, overwrite=True)
    assert (folder / "notes.md").exists()
    assert not (folder / "tasks.csv").exists()
    assert len(list((folder / "sources").iterdir())) == 2


def test_the_later_of_two_runs_has_the_folder(tmp_path: Path, there: tuple[str, Path]) -> None:
    url, folder = there
    first, second = RemoteFolder(url), RemoteFolder(url)
    first.open({}, overwrite=False, resume=True)
    second.open({}, overwrite=False, resume=True)
    for run in (first, second):
        (run.fresh_final() / "tasks.jsonl").write_bytes(b"")
    with pytest.raises(UserError, match="another run has taken"):
        first.place()
    assert not (folder / "tasks.jsonl").exists()
    second.place()
    assert (folder / "tasks.jsonl").exists()
    first.close(finished=False)
    second.close(finished=True)


def test_a_file_half_put_is_not_there(
    there: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = there
    run = RemoteFolder(url)
    run.open({}, overwrite=False, resume=True)
    (run.fresh_final() / "tasks.jsonl").write_bytes(b"whole")
    system = type(fsspec.filesystem("file"))

    def broken(self: object, source: str, goal: str) -> None:
        Path(goal).write_bytes(b"wh")
        raise ConnectionError("reset by peer")

    monkeypatch.setattr(system, "put_file", broken)
    with pytest.raises(UserError, match="reset by peer") as error:
        run.place()
    assert "same command" in error.value.remedy
    assert not (folder / "tasks.jsonl").exists()
    run.close(finished=False)


def test_a_folder_here_keeps_nothing_twice(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "out")
    folder.open({}, overwrite=False, resume=True)
    before = sorted(tmp_path.rglob("*"))
    folder.keep([])
    assert sorted(tmp_path.rglob("*")) == before
    folder.close(finished=True)
