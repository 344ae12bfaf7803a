"""The road for one file and for a group."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import labellers
import pytest
from small_plans import write_plan

from workplan.batch.chain import prepare, read_group, read_one
from workplan.errors import FileError
from workplan.types import Plan, Span


def test_one_file_goes_down_the_road(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "计划.txt", 3)
    extraction = read_one(path, labellers.quick())
    assert extraction.labeller == "verbs"
    assert extraction.plan.path == str(path)
    assert [task.action for task in extraction.tasks] == ["推进", "加强", "完成"]
    text = extraction.plan.text
    for task in extraction.tasks:
        assert text[task.action_start : task.action_end] == task.action


def test_group_gives_what_each_file_gives_alone(tmp_path: Path) -> None:
    paths = [str(write_plan(tmp_path / f"{number}.txt", number)) for number in range(5)]
    paths.insert(2, str(tmp_path / "missing.txt"))
    together = read_group(paths, labellers.quick(), lambda: None)
    apart = [read_group([path], labellers.quick(), lambda: None)[0] for path in paths]
    assert together == apart
    assert [parcel.entry.path for parcel in together] == paths
    failure = together[2].entry.failure
    assert failure
    assert failure.code == "missing"


def test_labeller_gets_sentences_by_length(tmp_path: Path) -> None:
    class Watcher(labellers.Verbs):
        lengths: list[int] = []

        def label(self, views: Sequence[str]) -> list[list[Span]]:
            self.lengths += [len(view) for view in views]
            return super().label(views)

    paths = [str(write_plan(tmp_path / f"{number}.txt", number)) for number in range(4)]
    watcher = Watcher()
    read_group(paths, watcher, lambda: None)
    assert watcher.lengths == sorted(watcher.lengths)


def test_sentence_that_breaks_the_labeller_fails_its_file_alone(tmp_path: Path) -> None:
    good = str(write_plan(tmp_path / "good.txt"))
    bad = str(write_plan(tmp_path / "bad.txt", more="错"))
    first, second = read_group([bad, good], labellers.quick(), lambda: None)
    assert first.entry.failure
    assert first.entry.failure.code == "internal"
    assert "no such word" in first.entry.failure.reason
    assert second.entry.failure is None
    assert second.entry.counts["tasks"] > 0


def test_file_that_changes_while_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import workplan.read

    path = write_plan(tmp_path / "a.txt")
    original, reads = workplan.read.read_plan, []

    def read(given: Path | str) -> Plan:
        plan = original(given)
        reads.append(plan)
        if len(reads) <= changes:
            write_plan(path, len(reads), more="新" * len(reads))
            os.utime(path, ns=(len(reads), len(reads)))
        return plan

    monkeypatch.setattr(workplan.read, "read_plan", read)
    changes = 1
    assert prepare(path).plan is reads[1]
    changes = 99
    with pytest.raises(FileError) as error:
        prepare(path)
    assert error.value.code == "changing"
