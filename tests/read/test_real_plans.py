"""The five real plans: nothing of the site stays, nothing of the plan goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workplan.read import fold, read_plan
from workplan.types import Plan

FOREIGN = re.compile(
    "ICP|版权|分享到|扫一扫|当前页|浏览次数|字体|打印|转载|www|无码|索引号|发文机关|"
    "附件下载|解读$|印发给你们|来源|首页",
    re.I | re.M,
)
LIST_NUMBER = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}\.(?!\d))"
)


@pytest.fixture(scope="module")
def plans(shared: Path) -> dict[str, Plan]:
    return {path.stem: read_plan(path) for path in (shared / "plans").glob("*.txt")}


@pytest.mark.parametrize(
    ("name", "issuer", "number", "year", "dates"),
    [
        ("chengdu2017", None, None, 2017, {"更新日期": "2017-03-18"}),
        (
            "fuzhou2021",
            "福州市卫生健康委员会",
            "榕卫〔2021〕3号",
            2021,
            {"成文日期": "2021-03-29", "发布日期": "2021-03-30"},
        ),
        ("lucheng20xx", None, None, 2021, {}),
        ("qingdao2021", "青島市衛生健康委員會", None, 2021, {"发布日期": "2021-03-05"}),
        (
            "zhejiang2020",
            "浙江省卫生健康委",
            "浙卫发〔2020〕11号",
            2020,
            {"成文日期": "2020-03-26", "公开日期": "2020-03-26", "发布日期": "2020-03-26"},
        ),
    ],
)
def test_metadata(
    plans: dict[str, Plan],
    name: str,
    issuer: str | None,
    number: str | None,
    year: int,
    dates: dict[str, str],
) -> None:
    found = plans[name].metadata
    assert (found.issuer, found.number, found.year) == (issuer, number, year)
    assert found.dates == dates
    assert found.year_evidence
    if issuer is None:
        assert any("发文机关" in reason for reason in found.reasons)


def test_the_masked_year_comes_with_its_evidence(plans: dict[str, Plan]) -> None:
    found = plans["lucheng20xx"].metadata
    assert found.title is None
    assert "建党100周年" in (found.year_evidence or "")
    assert any("20xx" in reason for reason in found.reasons)


def test_the_damaged_date_is_named(plans: dict[str, Plan]) -> None:
    assert any("2021329日" in reason for reason in plans["fuzhou2021"].metadata.reasons)


def test_nothing_foreign_stays(plans: dict[str, Plan]) -> None:
    assert len(plans) == 5
    for name, plan in plans.items():
        assert not FOREIGN.search(plan.view), name


def test_no_paragraph_goes_but_notices_and_spam(plans: dict[str, Plan]) -> None:
    expected = {
        "chengdu2017": [],
        "fuzhou2021": ["notice"],
        "lucheng20xx": [],
        "qingdao2021": [],
        "zhejiang2020": ["notice"],
    }
    for name, plan in plans.items():
        gone = [why for start, end, why in plan.removed if "。" in plan.source[start:end]]
        assert gone == expected[name]
        length = sum(end - start for start, end, why in plan.removed if why != "spam")
        assert length < 600


def test_every_numbered_line_of_the_source_is_in_the_text(plans: dict[str, Plan]) -> None:
    counts = dict.fromkeys(plans, 0)
    for name, plan in plans.items():
        kept = plan.text.split("\n")
        for line in map(str.strip, plan.source.splitlines()):
            if LIST_NUMBER.match(fold(line)):
                counts[name] += 1
                assert any(line.startswith(text[:30]) for text in kept), line[:30]
    assert counts == {
        "chengdu2017": 31,
        "fuzhou2021": 45,
        "lucheng20xx": 8,
        "qingdao2021": 32,
        "zhejiang2020": 30,
    }


def test_damage_and_masks_stay_as_they_are(plans: dict[str, Plan]) -> None:
    assert "乡~~市" in plans["fuzhou2021"].text
    assert "71日起" in plans["fuzhou2021"].text
    assert "xxx.xx%" in plans["lucheng20xx"].text
