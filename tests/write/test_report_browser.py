"""report.html as people use it, in Chromium: filters, click-through, keys, print, hostile text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from workplan.types import Extraction
from workplan.write.failure import Failure
from workplan.write.options import DEFAULTS, Options
from workplan.write.report import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
TALL = {"width": 1500, "height": 1000}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, offline."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the report of some results from disk; an error in the page fails the test."""
    faults: list[str] = []
    context = browser.new_context(viewport=TALL, offline=True, locale="zh-CN")  # type: ignore[arg-type]

    def open_page(*results: Extraction | Failure, options: Options = DEFAULTS) -> Page:
        report = Report(tmp_path, options)
        for result in results:
            if isinstance(result, Failure):
                report.fail(result)
            else:
                report.add(result)
        report.close()
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_selector("tbody tr:not(.gap)")
        return page

    yield open_page
    context.close()
    assert not faults


def count(page: Page) -> str:
    page.wait_for_timeout(200)  # Typing is answered after a pause.
    return page.inner_text("#count")


def chosen_marks(page: Page) -> list[str]:
    marks = page.query_selector_all("#text mark.chosen")
    return [mark.text_content() or "" for mark in marks]


def test_overview_counts(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction, Failure("空.txt", "empty", "空文件", "重新下载"))
    cards = page.inner_text("#cards").split()
    assert cards == [
        "1", "份计划", "2", "项任务", "2", "个目标值", "1", "项有时限", "1", "项待核",
        "1", "个文件未处理", "1", "条未列出",
    ]  # fmt: skip
    assert "空.txt — 空文件 → 重新下载" in page.inner_text("#failures")
    assert page.inner_text("#bodies").split() == ["县教育局", "2", "县财政局", "1"]


def test_source_is_coloured(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)
    marks = page.query_selector_all("#text mark")
    words = [(mark.get_attribute("class"), mark.text_content()) for mark in marks]
    assert words[1:4] == [("ORG", "县教育局"), ("DEADLINE", "年底前"), ("ACTION", "新建")]
    assert page.text_content("#text") == extraction.plan.text.replace("\n", "")


def test_row_finds_its_words_and_words_their_row(
    show: Callable[..., Page], extraction: Extraction
) -> None:
    page = show(extraction)
    page.click("tbody tr:has-text('普惠率')")
    assert chosen_marks(page) == ["新建", "普惠率", "85%以上"]
    assert "覆盖范围不明" in page.inner_text("#detail")
    assert "不限 — 2031-12-31" in page.inner_text("#detail")
    page.click("#text mark:has-text('做好')")
    assert "做好经费保障" in page.inner_text("tr.chosen")
    assert chosen_marks(page) == ["做好"]


def test_filters_narrow_and_clear(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)
    assert count(page) == "显示 2 / 2 项任务"
    for field, text, expected in (
        ("#f-text", "经费 县财政局", 1),
        ("#f-body", "县财政局", 1),
        ("#f-metric", "普惠率", 1),
        ("#f-from", "2032-01-01", 0),
        ("#f-to", "2031-12-31", 1),
    ):
        page.fill(field, text)
        assert count(page) == f"显示 {expected} / 2 项任务", field
        assert page.is_visible("#none") == (expected == 0)
        page.keyboard.press("Escape")
        assert count(page) == "显示 2 / 2 项任务"
        assert page.input_value(field) == ""
    page.check("#f-review")
    assert count(page) == "显示 1 / 2 项任务"
    page.click("button[type=reset]")
    page.click(".month")
    assert page.input_value("#f-to") == "2031-12-31"
    assert count(page) == "显示 1 / 2 项任务"


def test_kinds_can_be_chosen_where_all_are_listed(
    show: Callable[..., Page], extraction: Extraction
) -> None:
    page = show(extraction, options=Options(show_all=True))
    page.select_option("#f-kind", "result")
    assert count(page) == "显示 1 / 3 项任务"
    assert "建成食堂12个" in page.inner_text("tbody")


def test_columns_sort_both_ways(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)

    def confidences() -> list[str]:
        cells = page.query_selector_all("tbody tr:not(.gap) td:nth-child(7)")
        return [cell.inner_text() for cell in cells]

    page.click("th:nth-child(7) button")
    assert confidences() == ["0.87", "0.87", "0.95"]
    page.click("th:nth-child(7) button")
    assert confidences() == ["0.95", "0.87", "0.87"]
    assert page.get_attribute("th:nth-child(7)", "aria-sort") == "descending"


def test_keyboard_is_enough(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "普惠率" in page.inner_text("tr.chosen")
    page.keyboard.press("End")
    assert "做好经费保障" in page.inner_text("tr.chosen")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("/")
    page.keyboard.type("普惠")
    assert count(page) == "显示 1 / 2 项任务"


def test_language_switches(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)
    page.click("#language")
    assert "tasks" in page.inner_text("#cards")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_attribute("#text mark.ORG", "data-short") == "ORG"
    page.click("#language")
    assert "项任务" in page.inner_text("#cards")


def test_hostile_plan_is_shown_as_text(show: Callable[..., Page], extraction: Extraction) -> None:
    text = "推进<img src=x onerror=alert(1)>‮建设</script><b>𠮷</b>。"
    plan = replace(
        extraction.plan,
        text=text,
        view=text,
        source=text,
        origin=np.arange(len(text), dtype=np.int32),
        metadata=replace(extraction.plan.metadata, title="<i>标题</i>"),
    )
    sentence = replace(extraction.sentences[1], start=0, end=len(text), text=text, view=text)
    start = text.index("𠮷")
    task = replace(
        extraction.tasks[1],
        start=0,
        end=len(text),
        action_start=0,
        action_end=2,
        phrase=text,
        sentence=text,
    )
    spans = [replace(extraction.spans[1][0], start=start, end=start + 1)]
    page = show(replace(extraction, plan=plan, sentences=[sentence], spans=[spans], tasks=[task]))
    assert page.text_content("#text") == text
    # Offsets count code points: the rare character is one of them, and the span holds it whole.
    assert page.text_content("#text mark") == "𠮷"
    assert page.inner_text("#plan-title") == "<i>标题</i>"
    assert page.inner_text("tbody tr:not(.gap) td:nth-child(2)").startswith("推进<img")
    assert not page.query_selector_all("#text img, #text b, tbody img")


def test_ten_thousand_tasks_scroll_at_once(
    show: Callable[..., Page], extraction: Extraction
) -> None:
    many = replace(
        extraction,
        tasks=[replace(extraction.tasks[1], id=f"t{number}") for number in range(10_000)],
    )
    page = show(many)
    assert count(page) == "显示 10,000 / 10,000 项任务"
    assert len(page.query_selector_all("tbody tr")) < 80
    page.evaluate("document.getElementById('scroll').scrollTop = 1e9")
    page.wait_for_selector("tbody tr:has-text('10000')")
    page.fill("#f-text", "没有这个词")
    assert count(page) == "显示 0 / 10,000 项任务"


def test_print_shows_every_row(show: Callable[..., Page], extraction: Extraction) -> None:
    many = replace(
        extraction,
        tasks=[replace(extraction.tasks[1], id=f"t{number}") for number in range(300)],
    )
    page = show(many)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert len(page.query_selector_all("tbody tr:not(.gap)")) == 300
    assert not page.is_visible("#filters")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
