"""The workbench's addresses: files in, results out, and what is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from bureau import TEXT, Office
from icalendar import Calendar
from openpyxl import load_workbook

from workplan.serve.folder import shown_name, suffix_of
from workplan.serve.guard import Rules
from workplan.serve.settings import Limits


def test_files_come_in_and_are_listed(office: Office) -> None:
    files = [("files", ("a.txt", TEXT.encode())), ("files", ("b.md", b"# 2031\n"))]
    answer = office.client.post("/api/plans", files=files, data={"who": "王"})
    assert [(one["name"], one["news"]) for one in answer.json()] == [
        ("a.txt", "new"),
        ("b.md", "new"),
    ]
    first, second = office.client.get("/api/plans").json()
    assert (first["title"], first["state"], first["who"]) == (
        "2031年云皮县教育工作要点",
        "done",
        "王",
    )
    assert (first["counts"]["tasks"], first["counts"]["targets"]) == (2, 2)
    assert second["failure"] is None or second["state"] == "failed"


def test_a_bad_file_says_why_and_stops_no_other(office: Office) -> None:
    files = [("files", ("图.txt", b"\x89PNG\r\n123")), ("files", ("a.txt", TEXT.encode()))]
    office.client.post("/api/plans", files=files, data={"who": "王"})
    bad, good = office.client.get("/api/plans").json()
    assert (bad["state"], bad["failure"]["code"], bad["failure"]["path"]) == (
        "failed",
        "binary",
        "图.txt",
    )
    assert good["state"] == "done"
    missing = office.client.get(f"/api/plans/{bad['id']}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "missing")
    assert office.client.get(f"/plans/{bad['id']}", follow_redirects=False).status_code == 303


def test_the_same_file_is_the_same_plan(office: Office) -> None:
    plan = office.upload(name="甲.txt")
    again = {"files": ("乙.txt", TEXT.encode())}
    taken = office.client.post("/api/plans", files=again, data={"who": "李"}).json()[0]
    assert (taken["id"], taken["news"], taken["name"]) == (plan, "known", "甲.txt")
    assert len(office.client.get("/api/plans").json()) == 1


def test_a_removed_plan_comes_back_with_its_changes(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]["id"]
    office.change(plan, kind="cells", task=task, cells={"phrase": "甲"})
    assert office.client.delete(f"/api/plans/{plan}").status_code == 204
    assert office.client.get("/api/plans").json() == []
    assert "甲" not in office.client.get("/api/export/csv").text
    office.upload()
    assert office.show(plan)["tasks"][0]["phrase"] == "甲"
    office.client.delete(f"/api/plans/{plan}")
    assert office.client.post(f"/api/plans/{plan}/restore").status_code == 204
    assert len(office.client.get("/api/plans").json()) == 1
    assert office.client.delete("/api/plans/nothing").status_code == 404


def test_exports_open_again_with_corrections(office: Office) -> None:
    plan = office.upload()
    tasks = office.show(plan)["tasks"]
    cells = {"value": 90, "comparator": "ge", "quantity": "90%以上", "due": {"to": "2031-11-30"}}
    office.change(plan, kind="cells", task=tasks[0]["id"], target=1, target_cells=cells)
    office.change(plan, kind="review", task=tasks[1]["id"])
    book = load_workbook(io.BytesIO(office.client.get("/api/export/xlsx").content))
    head, *rows = book["全部"].iter_rows(values_only=True)
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["下限"] for row in table] == [3, 90, None]
    assert table[1]["目标值"] == "90%以上"
    assert str(table[1]["止"])[:10] == "2031-11-30"
    assert [bool(row["待核"]) for row in table] == [True, True, False]
    days = sorted(
        event.decoded("dtstart").isoformat()
        for event in Calendar.from_ical(office.client.get("/api/export/ics").content).walk("VEVENT")
    )
    assert days == ["2031-11-30", "2031-12-31"]
    csv = office.client.get("/api/export/csv")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "90%以上" in csv.text
    assert 'filename="tasks.csv"' in csv.headers["content-disposition"]
    assert "90%以上" in office.client.get("/api/export/html").text
    assert list(office.folder.work.iterdir()) == []


def test_jsonl_export_holds_everything(office: Office) -> None:
    first, second = office.upload(), office.upload("2032年某局工作要点\n推进建设3处。\n", "b.txt")
    task = office.show(first)["tasks"][0]["id"]
    office.change(first, kind="cells", task=task, cells={"phrase": "甲"})
    answer = office.client.get("/api/export/jsonl", params={"plan": [first]})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = set(archive.namelist())
        assert names == {
            "tasks.jsonl", "plans.jsonl", "errors.jsonl", "corrections.jsonl",
            f"sources/{first}.txt",
        }  # fmt: skip
        lines = archive.read("tasks.jsonl").decode().splitlines()
        change = json.loads(archive.read("corrections.jsonl"))
    assert task in [json.loads(line)["id"] for line in lines if json.loads(line)["phrase"] == "甲"]
    assert {json.loads(line)["plan"] for line in lines} == {"教育.txt"}
    assert (change["plan"], change["who"], change["kind"]) == (first, "王", "cells")
    assert second not in names


def test_limits_say_what_to_do(open_office: Callable[..., Office]) -> None:
    limits = Limits(files_per_upload=2, megabytes_per_file=1, files_kept=2, sentences_per_call=1)
    office = open_office(
        limits=limits, guard=Rules(hosts=frozenset({"127.0.0.1"}), upload_bytes=3_000_000)
    )

    def post(*data: bytes) -> tuple[int, str]:
        files = [("files", (f"{n}.txt", one)) for n, one in enumerate(data)]
        answer = office.client.post("/api/plans", files=files, data={"who": "王"})
        return answer.status_code, answer.text

    status, text = post(b"a", b"b", b"c")
    assert (status, "files_per_upload" in text) == (400, True)
    status, text = post(b"x" * 1_100_000)
    assert (status, "megabytes_per_file" in text) == (201, True)
    status, text = post(b"x" * 3_100_000)
    assert (status, "configs/serve.yaml" in text) == (413, True)
    office.upload()
    office.upload(TEXT + "推进建设。\n")
    status, text = post(b"third")
    assert '"full"' in text
    call = {"sentences": [{"id": 1, "text": "甲"}, {"id": 2, "text": "乙"}]}
    assert office.client.post("/label", json=call).status_code == 400
    assert list(office.folder.work.iterdir()) == []


def test_a_full_disk_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(office.folder, "save", full)
    files = {"files": ("a.txt", b"x")}
    (taken,) = office.client.post("/api/plans", files=files, data={"who": "王"}).json()
    assert taken["failure"]["code"] == "disk"
    assert "No space left" in taken["failure"]["reason"]


def test_a_body_without_a_length_is_cut_off(open_office: Callable[..., Office]) -> None:
    office = open_office(guard=Rules(hosts=frozenset({"127.0.0.1"}), upload_bytes=10_000))
    pieces = (b"x" * 1000 for _ in range(100))
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = office.client.post("/extract", content=pieces, headers=kind)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\计划\\a.docx", "a.docx"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\x00\nb.txt", "ab.txt"),
        ("", "未命名"),
        ("..", ".."),
        (None, "未命名"),
    ],
)
def test_names_are_only_shown(name: str | None, shown: str) -> None:
    assert shown_name(name) == shown


def test_names_never_become_paths(office: Office) -> None:
    for number, name in enumerate(("../../x.txt", "/etc/y.txt", "a/b\\c.txt", ".", "CON")):
        office.upload(TEXT + f"推进建设{number}处。\n", name)
    kept = [
        path.relative_to(office.data).as_posix()
        for path in office.data.rglob("*")
        if path.is_file()
    ]
    uploads = [path for path in kept if path.startswith("uploads/")]
    assert len(uploads) == 5
    assert all(re.fullmatch(r"uploads/[0-9a-f]{16}(\.txt)?", path) for path in uploads)
    assert suffix_of("x.docx/../../y") == ""
    assert suffix_of("计划.DOCX") == ".docx"


def test_label_for_programs(office: Office) -> None:
    call = {"sentences": [{"id": "s", "text": "年底前新建幼儿园3所。", "own": 1}], "year": 2031}
    (row,) = office.client.post("/label", json=call).json()["sentences"]
    assert row["spans"] == [
        [0, 3, "DEADLINE"], [3, 5, "ACTION"], [5, 8, "METRIC"], [8, 10, "QUANTITY"],
    ]  # fmt: skip
    assert row["targets"][0]["value"] == 3
    assert row["dates"] == [{"start": 0, "end": 3, "from": None, "to": "2031-12-31"}]
    assert row["own"] == 1


def test_extract_for_programs_keeps_nothing(office: Office) -> None:
    answer = office.client.post("/extract", files={"file": ("计划.txt", TEXT.encode())}).json()
    assert answer["plan"]["path"] == "计划.txt"
    assert [task["phrase"] for task in answer["tasks"] if task["kind"] == "task"] == [
        "新建公办幼儿园3所", "做好经费保障",
    ]  # fmt: skip
    assert office.client.get("/api/plans").json() == []
    bad = office.client.post("/extract", files={"file": ("空.txt", b"  ")})
    assert (bad.status_code, bad.json()["error"]["where"]) == (400, "空.txt")
    assert list(office.folder.work.iterdir()) == []
    assert list(office.folder.uploads.iterdir()) == []


def test_words_are_read_as_in_a_plan(office: Office) -> None:
    words = {"quantity": "2—3万亩", "deadline": "6月底前", "year": 2031}
    assert office.client.get("/api/read", params=words).json() == {
        "quantity": {"comparator": "range", "value": [20000, 30000], "unit": "亩", "reason": None},
        "deadline": {"from": None, "to": "2031-06-30", "reason": None},
    }


def test_the_description_is_whole_and_needs_no_network(office: Office) -> None:
    described = office.client.get("/openapi.json").json()
    for path in ("/label", "/extract", "/api/plans", "/api/plans/{plan}/changes"):
        assert path in described["paths"]
    page = office.client.get("/docs").text
    assert "http://" not in page
    assert "https://" not in page
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert office.client.get(address).status_code == 200, address
    assert office.client.get("/static/../app.py").status_code == 404


def test_the_page_is_the_reports(office: Office) -> None:
    page = office.client.get(f"/plans/{office.upload()}").text
    for mark in ('id="filters"', 'id="text"', 'id="table"', 'id="detail"'):
        assert mark in page
    assert "{{" not in page
    for name in ("plan.js", "desk.js", "workbench.css"):
        assert "{{" not in office.client.get(f"/static/{name}").text
