"""Inputs behind URLs are read as those on this machine are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import labellers
import pytest
from small_plans import outputs, write_plan

from workplan.batch.chain import prepare, read_one
from workplan.batch.location import digest, digests, find, is_inside, is_url, location
from workplan.batch.manifest import Manifest
from workplan.errors import FileError, UserError

fsspec = pytest.importorskip("fsspec", reason="needs fsspec: pip install 'workplan[urls]'")

Plans = Callable[[int], Path]
Run = Callable[..., Manifest]


@pytest.fixture
def memory() -> Iterator[str]:
    """An empty file system in this process' memory."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield "memory://bucket"
    system.store.clear()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("s3://bucket/plans", True),
        ("hdfs://name:8020/a", True),
        ("file:///a", True),
        ("计划.docx", False),
        ("C:\\plans", False),
        ("C://plans", False),
        ("/a/b", False),
        ("a:b", False),
    ],
)
def test_a_url_is_told_from_a_path(text: str, url: bool) -> None:
    assert is_url(location(text)) is url
    assert location(text) == (text if url else Path(text))


def test_a_folder_gives_what_the_same_folder_here_gives(plans: Plans, tmp_path: Path) -> None:
    source = plans(2)
    write_plan(source / "b" / "c" / "deep.txt")
    write_plan(source / "b" / "flat.txt")
    write_plan(source / ".hidden" / "x.txt")
    write_plan(source / "~$lock.txt")
    (source / "a.jpg").write_bytes(b"1")
    files, skipped = find([source])
    urls, passed = find([f"file://{source}"])
    assert urls == [f"file://{path}" for path in files]
    assert len(urls) == 4
    assert sorted(passed) == sorted(f"file://{line}" for line in skipped)


def test_places_of_both_kinds_keep_their_order(plans: Plans, memory: str) -> None:
    source = plans(3)
    fsspec.filesystem("memory").pipe("/bucket/m.txt", b"1")
    first, second = str(source / "0002.txt"), str(source / "0000.txt")
    files, _ = find([Path(first), f"{memory}/m.txt", Path(second), source, memory])
    assert files == [first, f"{memory}/m.txt", second, str(source / "0001.txt"), files[-1]]
    assert files[-1].endswith("bucket/m.txt")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://bucket/none", "no such file or folder"),
        ("nosuch://bucket/a", "(?i)protocol"),
    ],
)
def test_mistakes_are_named(memory: str, url: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as error:
        find([url])
    assert error.value.where == url
    assert error.value.remedy


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(url: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(UserError, match="Install s3fs") as error:
        find(["s3://bucket/plans"])
    assert "pip install" in error.value.remedy


def test_one_file_goes_down_the_road(tmp_path: Path, memory: str) -> None:
    here = write_plan(tmp_path / "计划.txt", 3)
    fsspec.filesystem("memory").put_file(str(here), "/bucket/计划.txt")
    local = read_one(here, labellers.quick())
    remote = read_one(f"{memory}/计划.txt", labellers.quick())
    assert remote.plan.path == f"{memory}/计划.txt"
    assert remote.plan.digest == local.plan.digest
    assert [task.id for task in remote.tasks] == [task.id for task in local.tasks]


@pytest.mark.parametrize(("name", "code"), [("none.txt", "missing"), ("empty.txt", "empty")])
def test_a_file_that_cannot_be_read_says_where(memory: str, name: str, code: str) -> None:
    fsspec.filesystem("memory").pipe("/bucket/empty.txt", b"")
    with pytest.raises(FileError) as error:
        prepare(f"{memory}/{name}")
    assert error.value.code == code
    assert error.value.where == f"{memory}/{name}"


def test_a_file_over_the_limit_is_not_fetched(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    system = fsspec.filesystem("memory")
    system.pipe("/bucket/large.txt", b"1")
    monkeypatch.setattr(type(system), "size", lambda self, path: 1 << 40)
    monkeypatch.setattr(type(system), "get_file", None)
    with pytest.raises(FileError) as error:
        prepare(f"{memory}/large.txt")
    assert error.value.code == "too-large"


def test_a_file_that_changes_while_fetched_is_read_again(
    memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = fsspec.filesystem("memory")
    texts = [write_plan(tmp_path / f"{number}.txt", number).read_bytes() for number in (1, 2)]
    system.pipe("/bucket/a.txt", texts[0])
    fetch, fetched = type(system).get_file, []

    def get_file(self: object, path: str, copy: str) -> None:
        fetch(self, path, copy)
        fetched.append(path)
        if len(fetched) == 1:
            system.pipe("/bucket/a.txt", texts[1])

    monkeypatch.setattr(type(system), "get_file", get_file)
    assert "第2号" in prepare(f"{memory}/a.txt").plan.text
    assert len(fetched) == 2


def test_sums_are_of_the_bytes(tmp_path: Path, memory: str) -> None:
    fsspec.filesystem("memory").pipe("/bucket/a", b"abc")
    (tmp_path / "a").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert digest(tmp_path / "a") == digest(f"{memory}/a") == expected
    paths = [str(tmp_path / "a"), f"{memory}/none", f"{memory}/a", str(tmp_path / "none")]
    assert list(digests(paths)) == [expected, None, expected, None]


def test_results_below_the_input_are_known(tmp_path: Path) -> None:
    assert is_inside("s3://b/in/out/x.txt", "s3://b/in/out")
    assert not is_inside("s3://b/in/out2/x.txt", "s3://b/in/out")
    assert not is_inside(str(tmp_path / "x.txt"), "s3://b")
    assert is_inside(str(tmp_path / "out" / "x.txt"), tmp_path / "out")
    assert not is_inside("s3://b/x.txt", tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="file:// paths are others there")
def test_a_run_over_urls_gives_the_same_tasks(plans: Plans, run: Run, tmp_path: Path) -> None:
    source = plans(6)
    (source / "空.txt").write_text("")
    run(source, tmp_path / "here", formats=("csv",))
    manifest = run(f"file://{source}", tmp_path / "there", formats=("csv",))
    assert [failure.code for failure in manifest.failures] == ["empty"]
    here, there = outputs(tmp_path / "here"), outputs(tmp_path / "there")
    assert set(here) == set(there)
    for name in here:
        assert there[name].replace(f"file://{source}".encode(), str(source).encode()) == here[name]
    record = json.loads((tmp_path / "there" / "run.json").read_bytes())
    assert record["command"]["paths"] == [f"file://{source}"]
