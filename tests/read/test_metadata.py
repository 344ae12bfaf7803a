"""What a plan says about itself, as sites and offices set it."""

from __future__ import annotations

import pytest

from workplan.read import plan_from_text
from workplan.types import Metadata

BODY = "一、兜牢民生底线\n1.完成低保复核。新建养老点12个。"


def metadata(text: str) -> Metadata:
    return plan_from_text(text).metadata


def test_a_notice_and_its_plan(plan_text: str) -> None:
    assert metadata(plan_text) == Metadata(
        title="2023年民政工作要点",
        notice="云溪县民政局关于印发2023年民政工作要点的通知",
        issuer="云溪县民政局",
        number="云民〔2023〕5号",
        year=2023,
        year_evidence="2023年",
        dates={"成文日期": "2023-02-14"},
    )


@pytest.mark.parametrize(
    "card",
    [
        "索 引 号: YX-01 发布机构: 云溪县民政局 文  号: 云民〔2023〕5号 成文日期: 2023-02-14",
        "• 发布机构：云溪县民政局\n• 发文字号：云民〔2023〕5号\n• 成文日期：2023年2月14日",
        "文 号 | 云民〔2023〕5号 | 成文日期 | 2023-02-14 |\n---|---|\n发布机构 | 云溪县民政局 |",
        "发布机构：\n云溪县民政局\n文号：\n云民〔2023〕5号\n成文日期：\n2023-02-14",
        "發布機構：云溪县民政局\n文號：云民〔2023〕5号\n成文日期：２０２３－０２－１４",
    ],
)
def test_cards(card: str) -> None:
    found = metadata(f"{card}\n2023年全县民政工作要点\n{BODY}")
    assert found.issuer == "云溪县民政局"
    assert found.number == "云民〔2023〕5号"
    assert found.dates == {"成文日期": "2023-02-14"}


def test_a_card_is_no_part_of_the_text() -> None:
    plan = plan_from_text(f"索引号：YX01\n发布机构：云溪县民政局\n2023年全县民政工作要点\n{BODY}")
    assert plan.text == f"2023年全县民政工作要点\n{BODY}"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            "云溪县人民政府办公室\n关于印发2023年重点工作\n责任分工的通知",
            "云溪县人民政府办公室关于印发2023年重点工作责任分工的通知",
        ),
        ("云溪县民政局\n2023年工作要点", "云溪县民政局2023年工作要点"),
        ("云溪县民政局2023年\n工作要点", "云溪县民政局2023年工作要点"),
        (
            "民政信息\n2023年全县民政工作要点\n发布时间：2023-02-14\n2023年全县民政工作要点",
            "2023年全县民政工作要点",
        ),
    ],
)
def test_titles(head: str, title: str) -> None:
    plan = plan_from_text(f"{head}\n{BODY}")
    assert plan.metadata.title == title
    assert plan.text == f"{title}\n{BODY}"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        # A signature gives the name in full where the title shortens it.
        (
            "云溪县卫健委关于印发2023年工作要点的通知\n"
            + BODY
            + "\n云溪县卫健委员会\n2023年2月1日",
            "云溪县卫健委员会",
        ),
        ("云溪县民政局 2023年2月1日\n2023年全县工作要点\n" + BODY, "云溪县民政局"),
        ("云溪县民政局文件\n云民〔2023〕5号\n2023年全县工作要点\n" + BODY, "云溪县民政局"),
        # The site that copied the page is no issuer, a place-less name the last resort.
        ("2023年全县工作要点\n来源：云溪日报社 时间：2023-02-01\n" + BODY, None),
        ("2023年全县工作要点\n来源：县融媒体中心\n" + BODY, None),
        ("县民政局2023年工作要点\n来源：云溪县民政局\n" + BODY, "云溪县民政局"),
        ("县卫生健康局2023年工作要点\n" + BODY, "县卫生健康局"),
        ("市南区教育局2023年工作要点\n来源：海州市教育局\n" + BODY, "市南区教育局"),
        (
            "政府工作报告\n——2023年1月5日在云溪县第十八届人民代表大会第二次会议上\n" + BODY,
            "云溪县人民政府",
        ),
        # A body that the text only mentions did not issue it.
        ("2023年全县工作要点\n按照《云溪县民政局关于开展评估的通知》要求推进工作。\n" + BODY, None),
    ],
)
def test_issuers(text: str, issuer: str | None) -> None:
    found = metadata(text)
    assert found.issuer == issuer
    assert issuer or any("issuing body" in reason for reason in found.reasons)


def test_a_number_that_the_text_cites_is_not_its_own() -> None:
    assert metadata(f"2023年全县工作要点\n按照云民〔2022〕9号要求推进。\n{BODY}").number is None


@pytest.mark.parametrize("number", ["雲民〔2023〕5號", "云民[２０２３]５号"])
def test_a_document_number_keeps_its_own_characters(number: str) -> None:
    text = f"云溪县民政局关于印发2023年工作要点的通知\n{number}\n2023年工作要点\n{BODY}"
    assert metadata(text).number == number


@pytest.mark.parametrize(
    ("title", "year", "evidence"),
    [
        ("云溪县民政局2023年工作要点", 2023, "2023年"),
        ("云溪县民政局二〇二三年工作要点", 2023, "二〇二三年"),
        ("云溪县2022年工作总结和2023年工作计划", 2023, "2023年"),
        ("云溪县2023年度工作要点", 2023, "2023年度"),
    ],
)
def test_the_year_of_a_title(title: str, year: int, evidence: str) -> None:
    found = metadata(f"{title}\n2020年是改革之年。\n{BODY}")
    assert (found.year, found.year_evidence) == (year, evidence)


@pytest.mark.parametrize(
    ("statement", "year", "evidence"),
    [
        ("2023年是民政改革攻坚之年，任务艰巨。", 2023, "2023年是民政改革攻坚之年"),
        ("2023年全县民政工作的总体要求是：稳中求进。", 2023, "2023年全县民政工作的总体要求"),
        ("为做好2023年全县民政工作，制定本要点。", 2023, "做好2023年全县民政工作"),
        (
            "20xx年是“十四五”规划开局之年，以优异成绩庆祝建党100周年。",
            2021,
            "“十四五”规划开局之年；建党100周年",
        ),
        ("××年是“十三五”规划收官之年，任务艰巨。", 2020, "“十三五”规划收官之年"),
        ("今年是新中国成立70周年，任务艰巨。", 2019, "新中国成立70周年"),
        # Nothing fixes the year, or two things fix different ones.
        ("20xx年是任务艰巨的一年。", None, None),
        ("202x年是“十四五”规划开局之年，庆祝新中国成立70周年。", None, None),
        # A year that is over, a meeting's year.
        ("2022年，全县完成低保复核3次。", None, None),
        ("为贯彻2022年全国民政会议精神，制定本要点。", None, None),
    ],
)
def test_the_year_of_a_first_statement(
    statement: str, year: int | None, evidence: str | None
) -> None:
    found = metadata(f"全县民政工作要点\n{statement}\n{BODY}")
    assert (found.year, found.year_evidence) == (year, evidence)
    assert year or any("年份" in reason for reason in found.reasons)


def test_a_masked_year_is_said_to_be_masked() -> None:
    found = metadata(f"20xx年是“十四五”规划开局之年，任务艰巨。\n{BODY}")
    assert found.year == 2021
    assert any("masked as 20xx年" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("date", "year"), [("2023-02-14", 2023), ("2022-12-28", None), ("2022-11-01", None)]
)
def test_the_year_of_a_date_unless_it_is_late_in_the_year(date: str, year: int | None) -> None:
    found = metadata(f"成文日期：{date}\n全县民政工作要点\n{BODY}")
    assert found.year == year
    if year is None:
        assert any("次年" in reason for reason in found.reasons)


def test_a_title_over_several_years_names_no_single_one() -> None:
    found = metadata(f"成文日期：2023-02-14\n云溪县养老服务三年行动计划（2023—2025年）\n{BODY}")
    assert found.year == 2023
    assert found.year_evidence == "成文日期 2023-02-14"
    assert any("跨年度" in reason for reason in found.reasons)


def test_the_date_a_page_was_changed_tells_no_year() -> None:
    assert metadata(f"更新时间：2023-02-14\n全县民政工作要点\n{BODY}").year is None


@pytest.mark.parametrize("damaged", ["2021329日", "2021年329日", "202年3月9日", "2021年2月30日"])
def test_a_damaged_date_is_no_date(plan_text: str, damaged: str) -> None:
    found = metadata(plan_text.replace("2023年2月14日", damaged))
    assert found.dates == {}
    assert any(damaged in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "written", ["2023年2月14日", "二〇二三年二月十四日", "二○二三年二月十四日", "2023.2.14"]
)
def test_dates_under_a_signature(plan_text: str, written: str) -> None:
    assert metadata(plan_text.replace("2023年2月14日", written)).dates == {"成文日期": "2023-02-14"}


def test_traditional_metadata_keeps_its_characters() -> None:
    found = metadata(
        "市衛生健康委2021年工作要點\n發布日期 : 2021-03-05 來源 : 海州市衛生健康委員會\n一、強化"
    )
    assert found.title == "市衛生健康委2021年工作要點"
    assert found.issuer == "海州市衛生健康委員會"
    assert found.dates == {"发布日期": "2021-03-05"}
    assert found.year == 2021
