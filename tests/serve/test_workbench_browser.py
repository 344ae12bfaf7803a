"""The workbench as clerks use it, in Chromium: drop, read, correct, undo, export, keys alone."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from bureau import Office
from icalendar import Calendar
from openpyxl import load_workbook

from workplan.serve.guard import Rules
from workplan.serve.server import listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE = {"width": 1500, "height": 1000}
HOSTILE = (
    "2031年<script>alert(1)</script>县工作要点\n一、任务</script><img src=x onerror=alert(1)>\n"
    "县教育局年底前新建\u202e公办幼儿园\u202c3所，{{user}}𠮷率达到85%以上。\n"
    "推进" + "建设" * 5000 + "12处。\n"
)
Served = tuple[Office, str]


@pytest.fixture
def served(open_office: Callable[..., Office]) -> Iterator[Served]:
    """A workbench on a port of its own, with its address."""
    office = open_office(guard=Rules(hosts=frozenset({"127.0.0.1"})))
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(office.client.app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield office, f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def open_page(served: Served, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a path; an error in the page or a request to elsewhere fails the test."""
    faults: list[str] = []
    address = served[1]
    context = browser.new_context(viewport=WIDE, locale="zh-CN")  # type: ignore[arg-type]

    def visit(path: str = "/") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        # A refusal that a test provokes is no fault of the page.
        page.on(
            "console",
            lambda said: (
                said.type == "error" and "409" not in said.text and faults.append(said.text)
            ),
        )
        page.on("request", lambda r: r.url.startswith((address, "data:")) or faults.append(r.url))
        page.on("dialog", lambda dialog: faults.append(dialog.message) or dialog.dismiss())
        page.goto(address + path)
        page.wait_for_selector("#list tbody tr:not([hidden]), #drop, tbody tr:not(.gap)")
        return page

    yield visit
    context.close()
    assert not faults


def saved(page: Page, act: Callable[[], None]) -> None:
    """Do what saves a change, and wait until the page is back."""
    page.evaluate("window.before = true")
    act()
    page.wait_for_function("() => !window.before")
    page.wait_for_selector("#note.good")


def test_four_kinds_of_file_are_dropped_and_read(
    served: Served, open_page: Callable[..., Page], samples: Path
) -> None:
    page = open_page()
    assert page.input_value("#who") == "clerk"
    files = sorted(path for path in samples.iterdir() if path.suffix != ".md")
    assert {path.suffix for path in files} == {".txt", ".html", ".docx", ".pdf"}
    page.set_input_files("#files", files)
    page.wait_for_selector("#total:has-text('4 份计划')", timeout=120_000)
    assert sorted(page.locator("#list .plan small").all_inner_texts()) == [p.name for p in files]
    assert re.fullmatch(r"4 份计划，\d+ 项任务，\d+ 项待核", page.inner_text("#total"))
    page.click("#list a >> nth=0")
    page.wait_for_selector("#text mark")
    assert page.locator("tbody tr:not(.gap)").count() > 5
    page.click("#home")
    page.wait_for_selector("#list a")
    with page.expect_download() as download:
        page.click("#exports a:has-text('Excel')")
    assert download.value.suggested_filename == "tasks.xlsx"
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert len(book["计划目录"]["A"]) == 5


def test_a_bad_file_is_told_and_can_be_removed(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    bad = {"name": "图.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n1"}
    page.set_input_files("#files", [bad])  # type: ignore[list-item]
    page.wait_for_selector("#list .failed")
    assert "不是文档" in page.inner_text("#list .state small")
    page.click("#list button")
    page.wait_for_selector("#empty:not([hidden])")
    page.click("#note button")
    page.wait_for_selector("#list .failed")


def test_a_name_is_needed(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(f"/plans/{served[0].upload()}")
    page.fill("#who", "")
    page.click("tbody tr:not(.gap)")
    page.keyboard.press("r")
    page.wait_for_selector("#note.warn")
    assert page.evaluate("document.activeElement.id") == "who"
    page.keyboard.type("赵敏")
    page.keyboard.press("Tab")
    saved(page, lambda: page.click("#act-check"))
    assert "赵敏" in page.inner_text("#acts")


def test_a_row_is_corrected_and_exported(served: Served, open_page: Callable[..., Page]) -> None:
    office, _ = served
    page = open_page(f"/plans/{office.upload()}")
    page.click("tbody tr:has-text('普惠率')")
    page.click("#act-edit")
    assert page.input_value("#cell-low") == "85"
    page.fill("#cell-quantity", "不低于90%")
    page.fill("#cell-deadline", "6月底前")
    page.fill("#cell-orgs", "县教育局（牵头）、县财政局（配合）")
    page.wait_for_selector("#cell-low")
    page.wait_for_function("() => document.getElementById('cell-to').value === '2031-06-30'")
    assert page.input_value("#cell-low") == "90"
    saved(page, lambda: page.click("#cells button.main"))
    row = page.locator("tr.chosen td").all_inner_texts()
    assert row[4:6] == ["不低于90%", "6月底前"]
    assert "已改" in row[7]
    book = load_workbook(io.BytesIO(office.client.get("/api/export/xlsx").content))
    columns = {column[0]: column[1:] for column in book["全部"].iter_cols(values_only=True)}
    assert columns["下限"] == (3, 90, None)
    events = Calendar.from_ical(office.client.get("/api/export/ics").content).walk("VEVENT")
    assert {str(event.decoded("dtstart")) for event in events} == {"2031-06-30", "2031-12-31"}


def test_numbers_put_themselves_into_words(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(f"/plans/{served[0].upload()}")
    page.click("tbody tr:has-text('3所')")
    page.keyboard.press("e")
    page.fill("#cell-low", "1,200")
    page.press("#cell-low", "Tab")
    assert page.input_value("#cell-quantity") == "1,200所"
    assert page.input_value("#cell-phrase") == "新建公办幼儿园1,200所"
    page.fill("#cell-low", "很多")
    page.press("#cell-low", "Tab")
    page.click("#cells button.main")
    assert "不是数字" in page.inner_text("#cells output")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")


def test_a_slip_of_the_mouse_loses_nothing(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(f"/plans/{served[0].upload()}")
    page.click("tbody tr:has-text('普惠率')")
    page.keyboard.press("e")
    page.fill("#cell-metric", "公办率")
    page.click("tbody tr:has-text('做好')")
    page.click("#act-check")
    assert "还没有保存" in page.inner_text("#note")
    assert page.input_value("#cell-metric") == "公办率"
    saved(page, lambda: page.click("#cells button.main"))
    assert "公办率" in page.inner_text("tbody")
    assert served[0].bench.store.plans()[0].counts["reviewed"] == 0


def test_spans_are_corrected_by_mouse(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page(f"/plans/{served[0].upload()}")
    page.click("#text mark:has-text('普惠率')")
    page.click("#act-mark")
    page.click("#spans li:has-text('普惠率') button:has-text('✕')")
    page.click("#spans button.word:has-text('公办幼儿园')")
    page.click("#spans li.chosen button >> nth=1")  # left edge in
    assert page.inner_text("#spans li.chosen .word") == "办幼儿园"
    saved(page, lambda: page.click("#marks button.main"))
    words = page.locator("#text mark").all_text_contents()
    assert "普惠率" not in words
    assert "办幼儿园" in words
    page.click("#changes")
    assert page.locator("#history del").all_inner_texts() == ["公办幼儿园", "普惠率"]
    saved(page, lambda: page.click("#history button:has-text('撤销')"))
    assert "普惠率" in page.locator("#text mark").all_text_contents()
    assert page.locator("#history li.undone button").inner_text() == "恢复"


def test_words_chosen_in_the_source_open_their_sentence(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"/plans/{served[0].upload()}")
    page.locator("#text p").nth(3).scroll_into_view_if_needed()
    page.evaluate(
        """() => {
          const part = document.querySelectorAll("#text p")[3];
          const last = part.lastChild;
          getSelection().setBaseAndExtent(last, 0, last, 4);
          part.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
        }"""
    )
    page.wait_for_selector("#marks")
    page.keyboard.press("4")
    assert page.inner_text("#spans li.chosen .word") == "经费保障"
    saved(page, lambda: page.keyboard.press("Control+Enter"))
    assert "经费保障" in page.locator("#text mark.METRIC").all_text_contents()


def test_the_keyboard_is_enough(served: Served, open_page: Callable[..., Page]) -> None:
    """Open, choose, check, correct a cell and a span, undo: without a mouse."""
    served[0].upload()
    page = open_page()
    page.wait_for_selector("#list a")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.key || ''").startswith("open-"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody tr:not(.gap)")
    page.keyboard.press("ArrowDown")
    saved(page, lambda: page.keyboard.press("r"))
    assert "已核" in page.inner_text("tr.chosen")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "cell-phrase"
    page.keyboard.press("Control+a")
    page.keyboard.type("办好幼儿园")
    saved(page, lambda: page.keyboard.press("Control+Enter"))
    assert "办好幼儿园" in page.inner_text("tr.chosen")
    page.keyboard.press("]")  # The next sentence: 县财政局做好经费保障。
    assert "做好经费保障" in page.inner_text("tr.chosen")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("4")
    assert page.inner_text("#spans li.chosen .word") == "经费保障"
    saved(page, lambda: page.keyboard.press("Control+Enter"))
    assert "经费保障" in page.locator("#text mark.METRIC").all_text_contents()
    saved(page, lambda: page.keyboard.press("Control+z"))
    assert "经费保障" not in page.locator("#text mark.METRIC").all_text_contents()


def test_a_hostile_plan_is_shown_as_text(
    served: Served, open_page: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    office, _ = served
    name = "<b onmouseover=alert(1)>\u202etxt.exe"
    plan = office.upload(HOSTILE, name)
    page = open_page()
    page.wait_for_selector("#list a")
    assert page.inner_text("#list a") == "<b onmouseover=alert(1)>txt.exe"
    page.click("#list a")
    page.wait_for_selector("#text mark")
    assert "任务</script><img src=x onerror=alert(1)>" in (page.text_content("#text") or "")
    assert "{{user}}𠮷率" in (page.text_content("#text") or "")
    assert not page.query_selector_all("#text img, #text script, tbody img, #text b")
    page.click("#text mark:has-text('85%')")
    page.keyboard.press("m")
    text = page.input_value("#words")
    # Offsets count characters; the field counts the rare one twice.
    start = text.index("𠮷")
    page.evaluate(f"document.getElementById('words').setSelectionRange({start}, {start} + 3)")
    page.keyboard.press("4")
    assert page.inner_text("#spans li.chosen .word") == "𠮷率"
    saved(page, lambda: page.keyboard.press("Control+Enter"))
    page.click("#changes")
    (change,) = office.show(plan)["history"]
    words = change["body"]["words"]
    marked = [
        words[start:end] for start, end, label in change["body"]["spans"] if label == "METRIC"
    ]
    assert "𠮷率" in marked
    assert barriers(page) == []


def test_somebody_else_was_faster(served: Served, open_page: Callable[..., Page]) -> None:
    office, _ = served
    plan = office.upload()
    page = open_page(f"/plans/{plan}")
    task = office.show(plan)["tasks"][0]["id"]
    office.change(plan, kind="cells", task=task, cells={"phrase": "甲"}, who="李")
    page.click("tbody tr:not(.gap)")
    page.keyboard.press("e")
    page.fill("#cell-phrase", "乙")
    with page.expect_console_message(lambda said: "409" in said.text):
        page.click("#cells button.main")
    page.wait_for_selector("#note.warn")
    assert "他人刚刚改过" in page.inner_text("#note")
    page.click("#note button")
    page.wait_for_selector("tbody tr:has-text('甲')")


def test_language_name_and_view_stay(served: Served, open_page: Callable[..., Page]) -> None:
    plan = served[0].upload()
    page = open_page()
    page.fill("#who", "孙丽")
    page.click("#language")
    assert page.inner_text("h1") == "Workbench"
    page.goto(f"{served[1]}/plans/{plan}")
    page.wait_for_selector("tbody tr:not(.gap)")
    assert page.input_value("#who") == "孙丽"
    assert page.inner_text("#act-edit").startswith("Edit row")
    page.check("#f-figure")
    page.wait_for_timeout(300)
    page.click("tbody tr:has-text('普惠率')")
    saved(page, lambda: page.keyboard.press("r"))
    assert page.is_checked("#f-figure")
    assert "普惠率" in page.inner_text("tr.chosen")
    page.click("#kinds-all")
    page.wait_for_selector("#kinds:not([hidden])")
    assert page.inner_text("#kinds-all") == "Tasks only"


def test_nothing_bars_the_way(
    served: Served, open_page: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    """axe-core finds no serious fault, whatever is open, in light and dark."""
    office, address = served
    plan = office.upload()
    office.upload(b"\x89PNG\r\n1", "图.png")
    page = open_page()
    page.wait_for_selector("#list a")
    assert barriers(page) == []
    page.goto(f"{address}/plans/{plan}")
    page.wait_for_selector("tbody tr:not(.gap)")
    page.click("tbody tr:has-text('普惠率')")
    saved(page, lambda: page.keyboard.press("r"))
    page.click("#changes")
    for key in ("e", "m"):
        page.click("tr.chosen")
        page.keyboard.press(key)
        assert barriers(page) == []
        page.keyboard.press("Escape")
    page.click("#theme")
    page.keyboard.press("m")
    assert barriers(page) == []


def test_the_api_page_works_without_network(served: Served, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(served[1] + "/docs")
    page.wait_for_selector(".opblock-tag-section")
    assert page.locator(".opblock").count() >= 8
