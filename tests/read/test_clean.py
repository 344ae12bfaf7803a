"""What goes and, above all, what must not go."""

from __future__ import annotations

import pytest

from workplan.read import plan_from_text
from workplan.types import Plan

HEAD = (
    "云溪县民政局2023年工作要点\n2023年全县民政工作的总体要求是：坚持以人民为中心。\n一、兜牢底线\n"
)


def removed(plan: Plan) -> dict[str, str]:
    """What was taken out, and why."""
    return {plan.source[start:end]: why for start, end, why in plan.removed}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("当前位置：首页 > 政务公开 > 规划计划 > 正文", "navigation"),
        ("您所在的位置: 首页 -> 新闻中心 -> 正文", "navigation"),
        ("【打印本页】 【关闭窗口】", "navigation"),
        ("扫一扫在手机打开当前页", "navigation"),
        ("掃一掃在手機打開當前頁", "navigation"),
        ("上一篇：关于做好春节慰问的通知", "navigation"),
        ("分享到：微信 微博", "share"),
        ("某省卫生信息中心版权所有", "copyright"),
        ("备案序号:某ICP备00000000号-1", "copyright"),
        ("— 12 —", "page"),
        ("第3页 共10页", "page"),
        ("（此件公开发布）", "distribution"),
        ("抄送：县委办公室，县人大常委会办公室。", "distribution"),
        ("云溪县民政局办公室 2023年2月15日印发", "distribution"),
        ("附件：2023年重点任务分解表.docx", "navigation"),
        ("一、兜牢底线……………………3", "navigation"),
    ],
)
def test_lines_of_the_site_go_wherever_they_stand(line: str, why: str) -> None:
    plan = plan_from_text(f"{HEAD}1.完成复核。\n{line}\n2.新建养老点12个。\n")
    assert removed(plan) == {line: why}
    assert plan.text == f"{HEAD}1.完成复核。\n2.新建养老点12个。"


@pytest.mark.parametrize(
    "line",
    [
        "（三）推进政府信息公开",
        "（四）保护版权所有者权益",
        "建设“互联网+民政”平台，推广首页办理",
        "严厉打击六合彩、网络赌博、裸聊敲诈、代开发票等违法犯罪。",
        "打造亚洲精品高清国产影视基地，开展在线观看服务。",
        "为老年人和无码人员开设通道3条。",
        "掀起学习高潮，评选精品课程20门。",
        "通过www.example.gov.cn受理申请，办结率达到98%。",
        "登录健康平台（www.example.com）预约，覆盖医院12家。",
        "推广手机应用（APP）5款，发放健康码（二维码）。",
        "主办单位：县总工会",
        "各乡镇要做好以下工作：",
        "抓好来源：县级财政资金1200万元。",
        "2023年3月底前完成",
        "责任单位：县民政局、县财政局",
        "乡~~市三级转诊网络建成率达到xx%。",
        "全国统一热线12345、云溪网红街2条。",
    ],
)
def test_no_line_of_a_plan_goes(line: str) -> None:
    text = f"{HEAD}1.完成复核。\n{line}\n2.新建养老点12个。"
    plan = plan_from_text(text)
    assert plan.text == text
    assert plan.removed == ()


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("( wWw.example.cOm 转载请注明 )", "watermark"),
        ("（www.example.com 整理）", "watermark"),
        ("本文来自www.example.com", "watermark"),
        ("更多范文请访问http://www.example.com/a1", "watermark"),
        ("【来源：某某公文网 www.example.net】", "watermark"),
        ("澳门新葡京官网注册送彩金。", "spam"),
        ("\u200b\u200b", "invisible"),
        ("&nbsp;", "markup"),
    ],
)
def test_what_strangers_put_between_sentences(mark: str, why: str) -> None:
    plan = plan_from_text(f"{HEAD}1.推进养老改革。{mark}年底前新建养老点12个。")
    assert removed(plan) == {mark: why}
    assert plan.text == f"{HEAD}1.推进养老改革。年底前新建养老点12个。"


def test_readings_beside_characters_go() -> None:
    plan = plan_from_text(f"{HEAD}1.建設(shè)養老服務(wù)點12個，開發（APP）。")
    assert plan.text == f"{HEAD}1.建設養老服務點12個，開發（APP）。"


def test_spam_inside_a_sentence_leaves_the_sentence() -> None:
    plan = plan_from_text(f"{HEAD}1.推进养老澳门新葡京娱乐城官网服务改革，新建养老点12个。")
    assert plan.text == f"{HEAD}1.推进养老服务改革，新建养老点12个。"
    assert list(removed(plan).values()) == ["spam"]


def test_a_line_of_spam_links_goes() -> None:
    spam = "在线无码视频| 人妻中文字幕| 免费毛片| 国产精品| 高清不卡| 欧美激情| 五月天"
    plan = plan_from_text(f"{HEAD}1.完成复核。\n扫一扫分享\n{spam}")
    assert plan.text == f"{HEAD}1.完成复核。"


def test_short_lines_go_only_below_the_foot_of_a_page() -> None:
    plan = plan_from_text(f"{HEAD}1.完成复核。\n附件下载\n文字解读\n图片解读\n网民留言")
    assert plan.text == f"{HEAD}1.完成复核。"
    plan = plan_from_text(f"{HEAD}1.完成复核。\n县级联席会议制度\n部门包保制度")
    assert plan.text.endswith("\n县级联席会议制度\n部门包保制度")


def test_an_annex_below_the_signature_stays() -> None:
    plan = plan_from_text(
        f"{HEAD}1.完成复核。\n云溪县民政局\n2023年2月14日\n附件1\n重点任务分工\n1.县财政局安排资金300万元。"
    )
    assert plan.text == f"{HEAD}1.完成复核。\n附件1\n重点任务分工\n1.县财政局安排资金300万元。"
    assert removed(plan) == {"云溪县民政局": "signature", "2023年2月14日": "signature"}


def test_the_notice_goes_and_the_plan_stays(plan_text: str) -> None:
    plan = plan_from_text(plan_text)
    assert plan.text.split("\n") == [
        "2023年民政工作要点",
        "2023年是民政事业改革攻坚之年。全县民政工作坚持以人民为中心。",
        "一、兜牢民生底线",
        "1.完善低保制度。6月底前完成低保对象复核，动态调整率保持在5%以上。",
        "2.发展养老服务。新建农村互助养老点12个。",
    ]
    assert set(removed(plan).values()) == {"notice", "distribution"}


def test_a_notice_that_asks_for_something_stays(plan_text: str) -> None:
    asks = "请于每季度末报送进展情况。"
    plan = plan_from_text(plan_text.replace("请认真贯彻落实。", asks))
    assert asks in plan.text


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", [" ", "\t", "(", "推", "a.", "2021年", "www.", "关于印发", "|", "《"]
)
def test_a_paragraph_of_one_thing_takes_no_longer(piece: str) -> None:
    plan = plan_from_text(
        HEAD + "1." + piece * (90_000 // len(piece)) + "。\n" + f"{piece}\n" * 3000
    )
    assert plan.text.startswith(HEAD)


def test_a_list_without_numbers_or_stops_stays_whole() -> None:
    text = "\n".join(
        [
            "云溪县2023年民生实事项目清单",
            "新建公办幼儿园3所",
            "责任单位：县教育局",
            "时间：2023年6月底前",
            "实施老旧小区改造工程",
            "惠及居民1200户",
            "推进农村养老行动",
            "责任单位：县民政局",
            "各乡镇配合单位：",
            "农村敬老院提升三年行动计划",
            "改造敬老院8所。",
        ]
    )
    assert plan_from_text(text).text == text


def test_a_table_of_tabs_is_rows() -> None:
    table = "任务\t单位\t时限\n新建养老点\t民政局\t6月\n改造敬老院\t民政局\t9月"
    plan = plan_from_text(f"{HEAD}{table}\n1.\t强化保障。\n2.\t加大投入。\n3.\t通报。")
    assert plan.rows == {3, 4, 5}
    assert plan.text.split("\n")[4] == "新建养老点\t民政局\t6月"


def test_hard_wrapped_paragraphs_close_up() -> None:
    words = "推进农村互助养老服务设施建设并完善运行补贴机制" * 8
    rows = [words[at : at + 30] for at in range(0, len(words), 30)]
    text = "\n".join(["　　" + rows[0][:28], rows[0][28:] + rows[1][:28], *rows[2:]])
    wrapped = "\n".join([text, text, text])
    plan = plan_from_text(wrapped)
    assert plan.text.count("\n") == 2


def test_headings_of_even_length_do_not_close_up() -> None:
    text = "\n".join(
        f"{number}.推进农村互助养老服务设施建设完善运行补贴机制" for number in range(10, 40)
    )
    assert plan_from_text(text).text == text
