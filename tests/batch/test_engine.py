"""The local engine: everything done once, in order, and no file stops the others."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import labellers
import pytest
from small_plans import outputs, write_plan

from workplan.batch.folder import OutputFolder
from workplan.batch.manifest import Manifest
from workplan.errors import UserError
from workplan.write.jsonl import read_lines

Plans = Callable[[int], Path]
Run = Callable[..., Manifest]


def failures(manifest: Manifest) -> dict[str, str]:
    return {Path(failure.path).name: failure.code for failure in manifest.failures}


def test_bytes_do_not_depend_on_the_number_of_workers(
    plans: Plans, run: Run, tmp_path: Path
) -> None:
    source = plans(25)
    write_plan(source / "坏.txt", more="错")
    (source / "空.txt").write_text("")
    formats = ("xlsx", "html", "csv")
    run(source, tmp_path / "one", formats=formats, workers=1)
    run(source, tmp_path / "three", formats=formats, workers=3, group_files=2)
    one, three = outputs(tmp_path / "one"), outputs(tmp_path / "three")
    assert {"tasks.jsonl", "tasks.xlsx", "report.html", "tasks.csv"} <= set(one)
    assert one == three


def test_results_stand_in_the_order_of_the_input(plans: Plans, run: Run, tmp_path: Path) -> None:
    manifest = run(plans(12), group_files=1)
    names = [Path(plan["path"]).name for plan in read_lines(tmp_path / "out" / "plans.jsonl")]
    assert names == [f"{number:04}.txt" for number in range(12)]
    assert manifest.counts["plans"] == 12
    tasks = list(read_lines(tmp_path / "out" / "tasks.jsonl"))
    assert manifest.counts["tasks"] == sum(task["kind"] == "task" for task in tasks) > 0


def test_bad_files_are_named_and_the_rest_is_done(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(1000)
    (source / "empty.txt").write_bytes(b"")
    (source / "zero.docx").write_bytes(b"")
    whole = tmp_path / "whole.docx"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("word/document.xml", "<w/>" * 1000)
    (source / "cut.docx").write_bytes(whole.read_bytes()[:60])
    (source / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (source / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    manifest = run(source)
    assert set(failures(manifest)) == {
        "empty.txt",
        "zero.docx",
        "cut.docx",
        "picture.txt",
        "gone.txt",
    }
    lines = list(read_lines(tmp_path / "out" / "errors.jsonl"))
    assert len(lines) == 5
    assert all(line["reason"] and line["advice"] and line["code"] for line in lines)
    assert manifest.counts["plans"] == 1000
    assert len(list(read_lines(tmp_path / "out" / "plans.jsonl"))) == 1000


@pytest.mark.parametrize(
    ("word", "code"), [("杀", "crash"), ("睡", "time"), ("吞", "memory"), ("错", "internal")]
)
def test_file_that_ends_its_worker_is_given_up_alone(
    plans: Plans, run: Run, word: str, code: str
) -> None:
    source = plans(10)
    write_plan(source / "0004-bad.txt", more=f"加强{word}。")
    seconds = 2 if code == "time" else 120  # a busy machine takes its time to fill memory
    manifest = run(source, seconds_per_file=seconds, megabytes_per_worker=500, attempts=2)
    assert failures(manifest) == {"0004-bad.txt": code}
    assert manifest.counts["plans"] == 10


def test_killed_worker_loses_nothing(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(30)
    write_plan(source / "x.txt", more="推进杀。")
    run(source, tmp_path / "hurt", group_files=8)
    (source / "x.txt").unlink()
    run(source, tmp_path / "whole")
    hurt, whole = outputs(tmp_path / "hurt"), outputs(tmp_path / "whole")
    assert hurt.pop("errors.jsonl")
    assert not whole.pop("errors.jsonl")
    assert hurt == whole


def test_workers_that_never_start_end_the_run(plans: Plans, run: Run) -> None:
    with pytest.raises(UserError, match="code 3"):
        run(plans(3), load=labellers.unloadable)


def test_engine_that_is_not_there_is_a_mistake(
    plans: Plans, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="unknown engine 'spark'"):
        run(plans(1), engine="spark")
    monkeypatch.setattr("workplan.batch.cluster.find_spec", lambda name: None)
    with pytest.raises(UserError, match="needs the package ray") as error:
        run(plans(1), engine="ray")
    assert "workplan[ray]" in error.value.remedy
    assert not (tmp_path / "out").exists()


def test_finished_folder_is_left_alone(plans: Plans, run: Run, tmp_path: Path) -> None:
    source, out = plans(2), tmp_path / "out"
    run(source, formats=("csv",))
    before = outputs(out)
    with pytest.raises(UserError, match="--overwrite"):
        run(source)
    assert outputs(out) == before
    assert not (out / ".work").exists()


def test_overwriting_leaves_nothing_of_the_earlier_run(
    plans: Plans, run: Run, tmp_path: Path
) -> None:
    source, out = plans(3), tmp_path / "out"
    run(source, formats=("csv", "html"))
    (out / "notes.md").write_text("mine")
    for path in sorted(source.iterdir())[1:]:
        path.unlink()
    run(source, overwrite=True)
    assert {path.name for path in out.iterdir()} == {
        "errors.jsonl",
        "notes.md",
        "plans.jsonl",
        "run.json",
        "sources",
        "tasks.jsonl",
    }
    assert len(list((out / "sources").iterdir())) == 1


def test_second_run_in_the_same_folder_is_refused(plans: Plans, run: Run, tmp_path: Path) -> None:
    holder = OutputFolder(tmp_path / "out")
    holder.open({}, overwrite=False, resume=True)
    with pytest.raises(UserError, match="another run"):
        run(plans(1))
    holder.close(finished=True)
    run(plans(1))


def test_results_below_the_input_are_not_read(plans: Plans, run: Run) -> None:
    source = plans(2)
    run(source, source / "out", formats=("html",))
    manifest = run(source, source / "out", formats=("html",), overwrite=True)
    assert manifest.counts["plans"] == 2
    assert not manifest.skipped


def test_folder_without_plans_is_a_mistake(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"1")
    with pytest.raises(UserError, match="no file to read"):
        run(tmp_path / "in")
    assert not (tmp_path / "out").exists()


def test_manifest_says_what_was_run(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(3)
    (source / "a.jpg").write_bytes(b"1")
    (source / "空.txt").write_text("")
    run(source)
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["counts"]["plans"] == 3
    assert record["files"] == {"found": 4, "resumed": 0, "failed": 1}
    assert record["failures"] == [{"path": str(source / "空.txt"), "code": "empty"}]
    assert record["skipped"][0].startswith(str(source / "a.jpg"))
    assert record["settings"]["workers"] == 2
    assert set(record["fingerprint"]) == {"workplan", "labeller", "code", "models", "configs"}
    assert record["outputs"] == ["errors.jsonl", "plans.jsonl", "sources", "tasks.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such names")
def test_name_that_is_no_text_is_read(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(1)
    name = os.fsencode(source) + b"/\xb9\xa4.txt"
    Path(os.fsdecode(name)).write_bytes((source / "0000.txt").read_bytes())
    run(source, formats=("xlsx", "html", "csv"))
    paths = [plan["path"] for plan in read_lines(tmp_path / "out" / "plans.jsonl")]
    assert os.fsdecode(name) in paths
