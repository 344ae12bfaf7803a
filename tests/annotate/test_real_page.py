"""An annotator's view of a real Doccano in Chromium: see the spans, change some, tick, pull."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from odd_sentences import odd_sentences
from office import Office, configuration

from workplan.annotate import server
from workplan.annotate.answers import read_answers
from workplan.annotate.journal import Journal, Sent
from workplan.annotate.push import push
from workplan.annotate.settings import read_settings
from workplan.types import Span

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.doccano, pytest.mark.slow, pytest.mark.timeout(900)]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
WHERE = """needle => {
  const node = [...document.querySelectorAll("svg text")]
    .find(text => text.textContent.includes(needle)).firstChild;
  const range = document.createRange(), start = node.data.indexOf(needle);
  range.setStart(node, start); range.setEnd(node, start + needle.length);
  const {left, right, top, bottom} = range.getBoundingClientRect();
  return {left, right, middle: (top + bottom) / 2};
}"""
LINES = """() => [...document.querySelectorAll("svg line")].map(line => {
  const {left, right} = line.getBoundingClientRect();
  return {left, right, colour: line.getAttribute("stroke")};
})"""


@pytest.fixture
def page(office: Office) -> Iterator[Page]:
    """A page of a browser in which annotator1 is logged in."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api")
    found = server.find_server(office.data)
    assert found is not None
    passwords = json.loads((office.data / "credentials.json").read_text())["passwords"]
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=found.url, viewport={"width": 1300, "height": 700})
        page.goto("/auth", wait_until="networkidle")
        page.fill("input[type=text]", "annotator1")
        page.fill("input[type=password]", passwords["annotator1"])
        page.press("input[type=password]", "Enter")
        page.wait_for_url("**/projects**")
        yield page
        browser.close()


def test_spans_stand_under_their_words_and_corrections_come_back(
    office: Office, page: Page, tmp_path: Path
) -> None:
    office = replace(office, corpus=tmp_path)
    config = configuration("annotate.yaml", tmp_path / "page.yaml", project="page")
    example = next(e for e in odd_sentences(9) if "😀" in e.text and "灌溉泵站" in e.text)
    sent = Sent(example.id, example.plan, example.text, example.spans[:-1], ("一、水利",), "random")
    journal = Journal.load(tmp_path / "sent" / "page.jsonl")
    push(
        server.own_session(office.data),
        journal,
        read_settings(config),
        lambda: [sent],
        annotators={"annotator1": server.own_session(office.data, "annotator1")},
        quiet=True,
    )
    page.goto(f"/zh/projects/{journal.project['id']}/sequence-labeling?page=1")
    page.wait_for_selector("svg line", state="attached")
    page.wait_for_timeout(1000)  # the page fades in
    colours = {kind.label: kind.colour for kind in read_settings().types}
    lines = {line["colour"]: line for line in page.evaluate(LINES)}
    for span in sent.spans:  # all but one of them after 😀
        words = page.evaluate(WHERE, sent.text[span.start : span.end])
        line = lines[colours[span.label]]
        assert abs(line["left"] - words["left"]) < 6, span
        assert abs(line["right"] - words["right"]) < 6, span

    _rub_out(page, "动作")
    _draw(page, "３座", "数量")
    _tick(page)
    pulled = office.run("pull", "--config", str(config))
    assert "1 new" in pulled.output
    answer = read_answers(tmp_path, "page")[example.id, "annotator1"]
    # Gold has 单位, 时限, 动作, 指标, 数量; 动作 was rubbed out, 数量 was drawn by hand.
    assert answer.spans == tuple(s for s in example.spans if s.label != "ACTION")
    assert Span(16, 18, "QUANTITY") in answer.spans


def _rub_out(page: Page, name: str) -> None:
    page.locator("svg g text", has_text=name).click()
    chip = page.locator(".v-menu__content .v-chip", has_text=name)
    chip.locator("button").click()
    page.locator("svg g text", has_text=name).wait_for(state="detached")


def _draw(page: Page, words: str, name: str) -> None:
    place = page.evaluate(WHERE, words)
    page.mouse.move(place["left"] + 1, place["middle"])
    page.mouse.down()
    page.mouse.move(place["right"] - 1, place["middle"], steps=5)
    page.mouse.up()
    page.locator(".v-menu__content .v-list-item", has_text=name).click()
    page.locator("svg g text", has_text=name).wait_for()


def _tick(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/states")):
        page.locator(".v-btn-toggle button").first.click()
