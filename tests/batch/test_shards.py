"""Shards: complete or absent, and read back as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import labellers
import pytest
from small_plans import outputs, write_plan

from workplan.batch.chain import read_group, read_one
from workplan.batch.folder import OutputFolder
from workplan.batch.shards import (
    Entry,
    Outputs,
    Parcel,
    pack,
    read_entries,
    read_results,
    write_shard,
)
from workplan.batch.worker import stored
from workplan.errors import UserError
from workplan.types import Due
from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.outputs import write_outputs


def parcels(folder: Path) -> list[Parcel]:
    paths = [str(write_plan(folder / f"{number}.txt", number)) for number in range(3)]
    return read_group([*paths, str(folder / "missing.txt")], labellers.quick(), lambda: None)


def test_entries_read_back(tmp_path: Path) -> None:
    written = write_shard(tmp_path / "a.shard", parcels(tmp_path))
    assert list(read_entries(tmp_path)) == written
    assert [entry.failure is None for entry in written] == [True, True, True, False]


def test_results_come_in_the_order_asked_for(tmp_path: Path) -> None:
    first, second, third, missing = parcels(tmp_path)
    entries = write_shard(tmp_path / "a.shard", [third, first])
    entries += write_shard(tmp_path / "b.shard", [second, missing])
    wanted = sorted(entries, key=lambda entry: entry.path)
    results = list(read_results(tmp_path, wanted))
    paths = [one.path if isinstance(one, Failure) else one.extraction.plan.path for one in results]
    assert paths == [entry.path for entry in wanted]
    assert isinstance(results[-1], Failure)
    alone = read_one(wanted[0].path, labellers.quick())
    assert isinstance(results[0], Bundle)
    assert results[0].extraction.tasks == alone.tasks
    assert results[0].extraction.plan.metadata == alone.plan.metadata


def test_shard_that_was_being_written_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "torn.part").write_bytes(b'{"path":"a.txt","di')
    assert list(read_entries(tmp_path)) == []


def test_disk_that_is_full_ends_the_run_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run the same command again"):
        stored(tmp_path / "gone" / "a.shard", [Parcel(Entry("a.txt"))])


def test_folder_that_cannot_be_made_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        OutputFolder(tmp_path / "file" / "out").open({}, overwrite=False, resume=True)


@pytest.mark.parametrize("due", [Due(end="2031-02-30"), Due(start="soon")])
def test_date_that_is_none_fails_its_own_file(tmp_path: Path, due: Due) -> None:
    extraction = read_one(write_plan(tmp_path / "a.txt"), labellers.quick())
    task = replace(extraction.tasks[0], due=due)
    with pytest.raises(ValueError, match="day|isoformat"):
        pack("a.txt", replace(extraction, tasks=[task]))


@pytest.mark.parametrize("show_all", [False, True])
def test_parts_rendered_ahead_are_those_rendered_when_wanted(
    tmp_path: Path, show_all: bool
) -> None:
    plan = write_plan(tmp_path / "a.txt", more="去年已完成园区改造。")
    formats, options = ("csv", "html", "xlsx"), Options(show_all=show_all)
    packed = read_group([str(plan)], labellers.quick(), lambda: None, Outputs(formats, options))
    (bundle,) = read_results(tmp_path, write_shard(tmp_path / "a.shard", packed))
    write_outputs([bundle], tmp_path / "ahead", formats, options)
    write_outputs([read_one(str(plan), labellers.quick())], tmp_path / "late", formats, options)
    assert outputs(tmp_path / "ahead") == outputs(tmp_path / "late")
