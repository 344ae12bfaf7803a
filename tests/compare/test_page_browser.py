"""comparison.html as people see it, in Chromium: table, chart, keys, print, hostile text."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber
import pytest
from side_by_side import make_plan, make_target, make_task

from workplan.compare import ComparedPlan, Comparison, compare, write_comparison

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EVIL = "<img src=x onerror=alert(1)></td></svg><script>alert(1)</script>\u202e率"


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a comparison's page from disk, without network; an error in it fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(comparison: Comparison, **options: str) -> Page:
        write_comparison(comparison, tmp_path)
        contexts.append(browser.new_context(offline=True, **options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        home = (tmp_path / "comparison.html").as_uri()
        page.on("request", lambda asked: asked.url == home or faults.append(asked.url))
        page.goto(home)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def section(page: Page, title: str) -> list[list[str]]:
    """The rows of the table under a heading, as their cells' first lines."""
    rows = page.locator(f"section:has(h2:has-text('{title}')) tbody tr")
    return [
        [cell.split("\n")[0] for cell in row.locator("th, td").all_inner_texts()]
        for row in rows.all()
    ]


def test_rows_stand_side_by_side(
    show: Callable[..., Page], two_years: tuple[ComparedPlan, ComparedPlan]
) -> None:
    last, this = two_years
    page = show(compare([this], [last]))
    shared = {row[0]: row[1:] for row in section(page, "两边都有")}
    assert shared["家庭医生签约率"] == ["40%以上", "45%以上", "", "上升 +5个百分点"]
    assert shared["高标准农田"] == ["30公顷", "300亩", "", "下降 -150亩"]
    # Six months became three: the date moved by 91 days.
    assert shared["农村公路危桥"] == ["12座", "12座", "", "持平；时限提前 91 天"]
    assert section(page, "新增") == [["充电桩", "—", "50个"]]
    assert section(page, "消失") == [["加装电梯", "20部", "—"]]
    assert "完成5项" in page.inner_text("section:has-text('未识别指标')")


def test_figure_opens_its_sentence_by_keys(
    show: Callable[..., Page], two_years: tuple[ComparedPlan, ComparedPlan]
) -> None:
    last, this = two_years
    page = show(compare([this], [last]))
    sentence = page.locator("details p", has_text="家庭医生签约率达到45%以上")
    assert not sentence.is_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "45%以上":
            break
    page.keyboard.press("Enter")
    assert sentence.is_visible()


def test_chart_draws_each_shared_figure(
    show: Callable[..., Page], two_years: tuple[ComparedPlan, ComparedPlan]
) -> None:
    last, this = two_years
    page = show(compare([this], [last]))
    assert page.locator("tbody svg").count() == 3
    first = page.locator("tr:has-text('签约') svg")
    assert first.get_attribute("aria-label") == "家庭医生签约率：40%以上 → 45%以上"
    # A share is drawn from 0 to 100 %: 45 % stands a twentieth of the scale to the right of 40 %.
    places = {
        side: float(first.locator(f"circle.{side}").get_attribute("cx") or "nan")
        for side in ("other", "this")
    }
    scale = first.locator("line.scale")
    length = float(scale.get_attribute("x2") or 0) - float(scale.get_attribute("x1") or 0)
    assert places["this"] - places["other"] == pytest.approx(length * 0.05, abs=0.2)


def test_hostile_text_is_shown(show: Callable[..., Page]) -> None:
    def plan(year: int, value: int) -> ComparedPlan:
        target = make_target(EVIL, f"{value}%", value, "%", orgs=(EVIL,))
        return make_plan(f"{year}{EVIL}", year, make_task(EVIL, target))

    page = show(compare([plan(2031, 6)], [plan(2030, 5)]))
    (row,) = section(page, "两边都有")
    assert row == [EVIL, "5%", "6%", "", "上升 +1个百分点"]
    assert page.locator("svg").get_attribute("aria-label") == f"{EVIL}：5% → 6%"
    assert page.locator("img, script").count() == 0


def test_print_holds_all_rows(
    show: Callable[..., Page], two_years: tuple[ComparedPlan, ComparedPlan]
) -> None:
    last, this = two_years
    page = show(compare([this], [last]), color_scheme="dark")
    sheets = pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert sheets.pages[0].width > sheets.pages[0].height
    text = unicodedata.normalize("NFKC", "".join(one.extract_text() for one in sheets.pages))
    for word in ("高标准农田", "充电桩", "加装电梯", "完成5项"):
        assert word in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(
    show: Callable[..., Page],
    two_years: tuple[ComparedPlan, ComparedPlan],
    barriers: Callable[[Page], list[str]],
    scheme: str,
) -> None:
    last, this = two_years
    page = show(compare([this], [last]), color_scheme=scheme)
    page.locator("summary").first.click()
    assert barriers(page) == []
