"""report.html as people use it, in Chromium: filters, click-through, keys, print, hostile text."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pdfplumber
import pytest

from workplan.types import Due, Extraction, Target
from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
from workplan.write.options import DEFAULTS, Options
from workplan.write.report import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TALL = {"width": 1500, "height": 1000}


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the report of some results from disk.

    An error in the page, or a reach for anything but a file beside it, fails the test.
    """
    faults: list[str] = []
    context = browser.new_context(viewport=TALL, offline=True, locale="zh-CN")  # type: ignore[arg-type]

    def open_page(*results: Extraction | Failure, options: Options = DEFAULTS) -> Page:
        report = Report(tmp_path, options)
        for result in results:
            if isinstance(result, Failure):
                report.fail(result)
            else:
                report.add(Bundle.of(result))
        report.close()
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        home = (tmp_path / "report.html").as_uri()
        page.on("request", lambda asked: asked.url == home or faults.append(asked.url))
        page.goto(home)
        page.wait_for_selector("tbody tr:not(.gap), #none:not([hidden])")
        return page

    yield open_page
    context.close()
    assert not faults


@pytest.fixture
def two_plans(extraction: Extraction, make_extraction: Callable[..., Extraction]) -> list:
    """Two plans, the second's figure due in 2033."""
    other = make_extraction("plans/住建.txt", "2033年云皮县住房工作要点")
    task = replace(other.tasks[0], due=Due(None, "2033-06-30"))
    targets = tuple(replace(target, due=task.due) for target in task.targets)
    return [extraction, replace(other, tasks=[replace(task, targets=targets), *other.tasks[1:]])]


def repeat(extraction: Extraction, times: int) -> Extraction:
    """The plan with its second task many times over."""
    tasks = [replace(extraction.tasks[1], id=f"t{number}") for number in range(times)]
    return replace(extraction, tasks=tasks)


def count(page: Page) -> str:
    page.wait_for_timeout(200)  # Typing is answered after a pause.
    return page.inner_text("#count")


def chosen_marks(page: Page) -> list[str]:
    marks = page.query_selector_all("#text mark.chosen")
    return [mark.text_content() or "" for mark in marks]


def test_overview_counts(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction, Failure("空.txt", "empty", "the file is empty (空文件)", "重新下载"))
    cards = page.inner_text("#cards").split()
    assert cards == [
        "1", "份计划", "2", "项任务", "2", "个目标值", "1", "项有时限", "1", "项待核",
        "1", "个文件未处理", "1", "条未列出",
    ]  # fmt: skip
    assert "空.txt — 空文件 → 重新下载" in page.inner_text("#failures")
    assert page.inner_text("#bodies").split() == ["县教育局", "2", "县财政局", "1"]


@pytest.mark.parametrize("read", [True, False])
def test_report_without_tasks_opens(
    show: Callable[..., Page],
    extraction: Extraction,
    barriers: Callable[[Page], list[str]],
    read: bool,
) -> None:
    results = [replace(extraction, tasks=[])] if read else []
    page = show(*results, Failure("空.txt", "empty", "空文件", "重新下载"))
    assert page.inner_text("#cards").split()[:4] == ["1" if read else "0", "份计划", "0", "项任务"]
    assert page.is_visible("#none")
    assert "空.txt" in page.inner_text("#failures")
    assert page.inner_text("#timeline") == "—"
    page.keyboard.press("ArrowDown")
    assert barriers(page) == []


def test_time_line_shows_whole_years(show: Callable[..., Page], two_plans: list) -> None:
    page = show(*two_plans)
    assert page.locator("#timeline .label").all_inner_texts() == ["2031年", "2032年", "2033年"]
    assert page.locator("#timeline .period").count() == 36
    bars = page.locator("#timeline button")
    names = [bar.get_attribute("aria-label") for bar in bars.all()]
    assert names == ["2031年12月：1 项任务", "2033年6月：1 项任务"]
    bars.last.click()
    assert (page.input_value("#f-from"), page.input_value("#f-to")) == ("2033-06-01", "2033-06-30")
    assert count(page) == "显示 1 / 4 项任务"


@pytest.mark.parametrize(
    ("last", "periods", "name"),
    [("2037-08-31", 28, "2037年第3季度"), ("2060-01-01", 30, "2060年")],
)
def test_longer_time_line_has_longer_periods(
    show: Callable[..., Page], extraction: Extraction, last: str, periods: int, name: str
) -> None:
    far = replace(extraction.tasks[1], deadline="远期", due=Due(None, last))
    page = show(replace(extraction, tasks=[extraction.tasks[0], far]))
    assert page.locator("#timeline .period").count() == periods
    assert page.locator("#timeline button").last.get_attribute("aria-label") == f"{name}：1 项任务"
    page.locator("#timeline button").last.click()
    assert count(page) == "显示 1 / 2 项任务"


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
    # A reported result is coloured, too, and no row of the table.
    page.click("#text mark:has-text('建成')")
    assert "此处未列为任务" in page.inner_text("#detail")


def test_chosen_row_stays_in_sight(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(repeat(extraction, 40))
    # The lowest row in sight: its detail opens over the place where it stood.
    box = page.locator("#scroll").bounding_box()
    assert box
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] - 20)
    chosen = page.locator("tr.chosen").bounding_box()
    detail = page.locator("#detail").bounding_box()
    assert chosen
    assert detail
    assert box["y"] <= chosen["y"] <= chosen["y"] + chosen["height"] <= detail["y"] + 1


def test_click_in_another_plan_shows_its_source(show: Callable[..., Page], two_plans: list) -> None:
    page = show(*two_plans)
    page.click("tbody tr:not(.gap) >> nth=3")
    assert page.inner_text("#plan-title") == "2033年云皮县住房工作要点"
    assert "2033年云皮县住房工作要点" in page.inner_text("#detail")
    page.select_option("#f-plan", "0")
    assert count(page) == "显示 2 / 4 项任务"
    assert page.inner_text("#plan-title") == "2031年云皮县教育工作要点"
    # What is filtered away is no longer described.
    assert not page.is_visible("#detail")


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
    page.click(".card:has-text('目标值')")
    assert page.is_checked("#f-figure")
    assert count(page) == "显示 1 / 2 项任务"


def test_kinds_can_be_chosen_where_all_are_listed(
    show: Callable[..., Page], extraction: Extraction
) -> None:
    page = show(extraction, options=Options(show_all=True))
    page.select_option("#f-kind", "result")
    assert count(page) == "显示 1 / 3 项任务"
    assert "建成食堂12个" in page.inner_text("tbody")


@pytest.mark.parametrize(
    ("column", "up", "down"),
    [
        (7, ["0.87", "0.87", "0.95"], ["0.95", "0.87", "0.87"]),
        # Figures go by size, and a row without one stands last either way.
        (5, ["3所", "85%以上", ""], ["85%以上", "3所", ""]),
    ],
)
def test_columns_sort_both_ways(
    show: Callable[..., Page], extraction: Extraction, column: int, up: list, down: list
) -> None:
    page = show(extraction)
    cells = page.locator(f"tbody tr:not(.gap) td:nth-child({column})")
    head = page.locator(f"th:nth-child({column})")
    head.locator("button").click()
    assert cells.all_inner_texts() == up
    head.locator("button").click()
    assert cells.all_inner_texts() == down
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "none"


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


def test_tab_reaches_everything(show: Callable[..., Page], extraction: Extraction) -> None:
    page = show(extraction)
    reached: dict[str, int] = {}
    for step in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("(e => e.id || e.textContent.trim())(document.activeElement)")
        reached.setdefault(name, step)
        if name == "help":
            page.keyboard.press("Enter")
            assert page.is_visible("#keys")
        if name == "目标值":
            page.keyboard.press("Enter")
            assert page.get_attribute("th:nth-child(5)", "aria-sort") == "ascending"
            assert page.evaluate("document.activeElement.textContent") == "目标值"
            break
    wanted = [
        "language", "theme", "print", "help", "f-plan", "f-text", "f-body", "f-metric", "f-from",
        "f-to", "f-review", "f-figure", "清除筛选", "text", "scroll", "目标值",
    ]  # fmt: skip
    assert sorted(set(wanted) & set(reached), key=reached.__getitem__) == wanted
    assert {"1项待核", "112"} <= set(reached)  # A card; on the time line, one task in month 12.


def test_language_switches(show: Callable[..., Page], extraction: Extraction) -> None:
    reasons = ("the issuing body is not stated (未写明发文机关)",)
    metadata = replace(extraction.plan.metadata, reasons=reasons)
    page = show(replace(extraction, plan=replace(extraction.plan, metadata=metadata)))
    assert page.inner_text("#plan-facts").endswith("教育.txt · 未写明发文机关")
    page.click("#language")
    assert "tasks" in page.inner_text("#cards")
    assert page.inner_text("#plan-facts").endswith("教育.txt · the issuing body is not stated")
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
    body = replace(extraction.tasks[0].orgs[0], text="<b onclick=alert(1)>局</b>")
    task = replace(
        extraction.tasks[1],
        start=0,
        end=len(text),
        action_start=0,
        action_end=2,
        phrase=text,
        sentence=text,
        orgs=(body,),
        targets=(Target("<u>率</u>", "eq", 1, "<s>", "长" * 40_000),),
    )
    spans = [replace(extraction.spans[1][0], start=start, end=start + 1)]
    page = show(replace(extraction, plan=plan, sentences=[sentence], spans=[spans], tasks=[task]))
    assert page.text_content("#text") == text
    # Offsets count code points: the rare character is one of them, and the span holds it whole.
    assert page.text_content("#text mark") == "𠮷"
    assert page.inner_text("#plan-title") == "<i>标题</i>"
    assert page.inner_text("tbody tr:not(.gap) td:nth-child(2)").startswith("推进<img")
    assert page.inner_text("#bodies").startswith("<b onclick")
    page.click("tbody tr:not(.gap)")
    assert "<u>率</u>" in page.inner_text("#detail")
    assert not page.query_selector_all(
        "#text img, #text b, tbody img, #bodies b, #detail u, #plan-title i"
    )
    # A huge cell takes no more room than any other.
    assert page.locator("tbody tr:not(.gap)").bounding_box()["height"] == 49  # type: ignore[index]


def test_ten_thousand_tasks_scroll_at_once(
    show: Callable[..., Page], extraction: Extraction
) -> None:
    page = show(repeat(extraction, 10_000))
    assert count(page) == "显示 10,000 / 10,000 项任务"
    assert len(page.query_selector_all("tbody tr")) < 80
    page.evaluate("document.getElementById('scroll').scrollTop = 1e9")
    page.click("tbody tr:has-text('10000')")
    assert chosen_marks(page) == ["做好"]
    page.click("th:nth-child(7) button")
    page.keyboard.press("Home")
    assert page.inner_text("tr.chosen td:first-child") == "1"
    page.fill("#f-text", "没有这个词")
    assert count(page) == "显示 0 / 10,000 项任务"


def test_print_shows_every_row_under_its_plan(
    show: Callable[..., Page], extraction: Extraction, make_extraction: Callable[..., Extraction]
) -> None:
    other = make_extraction("plans/住建.txt", "2031年云皮县住房工作要点")
    page = show(repeat(extraction, 100), other)
    page.fill("#f-body", "县财政局")
    assert count(page) == "显示 101 / 102 项任务"
    sheets = pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    # A PDF may name 工 by its look-alike, the radical ⼯.
    texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in sheets.pages]
    whole = "\n".join(texts)
    assert "责任单位:县财政局" in texts[0]
    assert whole.count("做好经费保障") == 101
    assert len(texts) > 2
    # The table's head stands on every sheet, a plan's title above its rows.
    assert all("置信度" in text for text in texts[1:])
    assert whole.index("2031年云皮县教育工作要点") < whole.index("2031年云皮县住房工作要点")
    assert "清除筛选" not in whole
    # Back on the screen, only what is in sight is in the page, and columns sort again.
    assert len(page.query_selector_all("tbody tr")) < 80
    assert page.locator("th button").count() == 8


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_serious_barrier(
    show: Callable[..., Page],
    two_plans: list,
    barriers: Callable[[Page], list[str]],
    theme: str,
    language: str,
) -> None:
    page = show(*two_plans, Failure("空.txt", "empty", "空文件", "重新下载"))
    page.click("#help")
    if theme == "dark":
        page.click("#theme")
    if language == "en":
        page.click("#language")
    page.click("tbody tr:has-text('普惠率')")
    assert barriers(page) == []
    page.fill("#f-body", "县教育局")
    page.fill("#f-from", "2031-01-01")
    page.check("#f-review")
    page.wait_for_timeout(200)
    assert barriers(page) == []
