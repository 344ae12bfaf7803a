"""Web pages of several builds: all of the plan, none of the site."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from workplan.read import read_plan
from workplan.types import Plan

Write = Callable[[str, bytes], Path]

PARAGRAPHS = (
    "2023年全县水务工作要点",
    "2023年全县水务工作坚持节水优先，统筹推进供水保障。",
    "一、保障农村供水",
    "1.新建集中供水工程6处，6月底前完成投资1.5亿元。",
    "2.改造老旧管网42公里，供水保证率达到95%以上。",
    "二、加强河湖管理",
    "1.清理乱占乱建问题30个，由县河长办每月通报。",
)
ROWS = (
    "类别：供水；序号：1；工作任务：新建水厂2座；责任单位：县水务局 县住建局；完成时限：6月底前",
    "类别：供水；序号：2；工作任务：改造管网42公里；责任单位：县水务局；完成时限：12月底前",
    "类别：河湖；序号：3；工作任务：清理问题30个；责任单位：县河长办；完成时限：9月底前",
)
TABLE = """<table border=1>
<tr><td colspan=5>2023年重点任务分解表</td></tr>
<tr><td rowspan=2>类别</td><td rowspan=2>序号</td><td rowspan=2>工作任务</td>
<td colspan=2>落实要求</td></tr><tr><td>责任单位</td><td>完成时限</td></tr>
<tr><td rowspan=2>供水</td><td>1</td><td>新建水厂2座。</td><td>县水务局<br>县住建局</td>
<td>6月底前</td></tr>
<tr><td>2</td><td>改造管网42公里。</td><td>县水务局</td><td>12月底前</td></tr>
<tr><td>河湖</td><td>3</td><td>清理问题30个。</td><td>县河长办</td><td>9月底前</td></tr></table>"""
MENU = "".join(f"<li><a href='/c{n}'>栏目{n}</a></li>" for n in range(8))
NEWS = "".join(f"<li><a href='/n{n}'>县水务局召开第{n}次会议研究工作</a></li>" for n in range(9))


def body(line: str = "<p>　　{}</p>") -> str:
    return "".join(line.format(paragraph) for paragraph in PARAGRAPHS[1:])


def page(content: str, charset: str = "utf-8") -> str:
    return (
        f"<html><head><meta http-equiv=Content-Type content='text/html; charset={charset}'>"
        f"<title>某页</title><script>var a='推进';</script></head><body>{content}</body></html>"
    )


MODERN = page(
    f"""<header><nav><ul>{MENU}</ul></nav></header>
<div class="crumbs">当前位置：<a href=/>首页</a> &gt; <a href=/a>规划计划</a> &gt; 正文</div>
<h1>{PARAGRAPHS[0]}</h1>
<div class=info>发布时间：2023-03-01 来源：泉溪县水务局 浏览次数：<i>3</i> <a>大</a></div>
<div class=article>{body()}</div><div class=annex>{TABLE}</div>
<div class="related"><h3>相关阅读</h3><ul>{NEWS}</ul></div>
<footer>主办单位：泉溪县水务局　地址：河滨路1号　电话：0000-0000000</footer>"""
)
NESTED = page(
    f"""<table width=1000><tr><td><table><tr>{MENU.replace("li>", "td>")}</tr></table></td></tr>
<tr><td><table><tr><td width=200><ul>{NEWS}</ul></td><td><table>
<tr><td>您的位置：<a href=/>首页</a> &gt;&gt; <a href=/b>工作计划</a> &gt;&gt; 正文</td></tr>
<tr><td align=center><b>{PARAGRAPHS[0]}</b></td></tr>
<tr><td>发布时间：2023-03-01　作者：办公室　点击：8次　【<a>大</a> <a>中</a> <a>小</a>】</td></tr>
<tr><td>{body("<p>&nbsp;&nbsp;<font><span>{}</span></font><o:p></o:p></p>")}{TABLE}</td></tr>
<tr><td>上一篇：<a href=1>关于节水的通知</a></td></tr></table></td></tr></table></td></tr>
<tr><td>版权所有：泉溪县水务局<br>某ICP备00000000号</td></tr></table>""",
    "gb2312",
)
BREAKS = page(
    f"""<div class=nav>{MENU}</div><div class=box><div>{PARAGRAPHS[0]}</div>
<div class=txt>{body("&emsp;&emsp;{}<br><br>")}</div>{TABLE}
<div class=share>分享到：<a>微信</a></div></div>"""
)


def lines(plan: Plan) -> list[str]:
    return plan.text.split("\n")


@pytest.mark.parametrize(
    ("markup", "charset"), [(MODERN, "utf-8"), (NESTED, "gb18030"), (BREAKS, "utf-8")]
)
def test_pages(markup: str, charset: str, write: Write) -> None:
    plan = read_plan(write("plan.html", markup.encode(charset)))
    assert lines(plan) == [*PARAGRAPHS, "2023年重点任务分解表", *ROWS]
    assert plan.rows == {8, 9, 10}
    assert plan.metadata.title == PARAGRAPHS[0]


def test_what_the_page_says_of_its_article(write: Write) -> None:
    plan = read_plan(write("plan.html", MODERN.encode()))
    assert plan.metadata.issuer == "泉溪县水务局"
    assert plan.metadata.dates == {"发布日期": "2023-03-01"}


def test_meta_elements_fill_what_the_text_leaves_out(write: Write) -> None:
    head = (
        "<meta name=ArticleTitle content='2023年水务工作要点'><meta name=PubDate "
        "content='2023-03-01 08:00'><meta name=ContentSource content='泉溪县水务局'></head>"
    )
    markup = page(f"<div>{body()}</div>").replace("</head>", head)
    found = read_plan(write("plan.html", markup.encode())).metadata
    assert (found.title, found.issuer, found.year) == ("2023年水务工作要点", "泉溪县水务局", 2023)
    assert found.dates == {"发布日期": "2023-03-01"}


def test_hidden_words_go_hidden_panels_stay(write: Write) -> None:
    spoiled = PARAGRAPHS[3].replace("，", "，<span style='display:none'>抄袭可耻</span>")
    markup = page(f"<div><h1>{PARAGRAPHS[0]}</h1>{body().replace(PARAGRAPHS[3], spoiled)}</div>")
    assert lines(read_plan(write("a.html", markup.encode()))) == list(PARAGRAPHS)
    panel = page(f"<h1>{PARAGRAPHS[0]}</h1><div style='display: none'>{body()}</div>")
    assert lines(read_plan(write("b.html", panel.encode()))) == list(PARAGRAPHS)


def test_numbers_that_a_browser_would_show(write: Write) -> None:
    items = "".join(f"<li>{text}</li>" for text in ("新建水厂2座。", "改造管网42公里。"))
    markup = page(
        f"<div><h1>{PARAGRAPHS[0]}</h1>{body()}<ol>{items}</ol>"
        "<ol start=3><li>清理问题30个。</li><li>（二）通报情况4次。</li></ol></div>"
    )
    assert lines(read_plan(write("a.html", markup.encode())))[-4:] == [
        "1.新建水厂2座。",
        "2.改造管网42公里。",
        "3.清理问题30个。",
        "（二）通报情况4次。",
    ]


def test_line_wraps_of_the_markup_leave_no_blanks(write: Write) -> None:
    wrapped = body().replace("农村", "农\n      村").replace("统筹", "统\r\n筹")
    markup = page(f"<div><h1>{PARAGRAPHS[0]}</h1>{wrapped}</div>")
    assert lines(read_plan(write("a.html", markup.encode()))) == list(PARAGRAPHS)


def test_elements_nested_by_the_thousand(write: Write) -> None:
    markup = page(f"<h1>{PARAGRAPHS[0]}</h1>" + "<font><span>" * 4000 + body())
    assert lines(read_plan(write("a.html", markup.encode()))) == list(PARAGRAPHS)


def test_a_page_too_deep_to_tell_content_from_site_is_read_whole(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The telling compares every element's whole path: minutes for a page of this kind."""
    import trafilatura

    page = "<div>" * 200 + "<p>新建养老点12个。</p>" + "<br>" * 6000 + "<p>改造敬老院2所。</p>"
    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: pytest.fail("it was tried"))
    plan = read_plan(write("plan.html", page.encode()))
    assert lines(plan) == ["新建养老点12个。", "改造敬老院2所。"]


def test_a_table_is_the_whole_plan(write: Write) -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>改造片区{n}个</td><td>市住建局</td><td>{n}月底</td></tr>"
        for n in range(1, 13)
    )
    head = "<tr><th>序号</th><th>任务</th><th>责任单位</th><th>时限</th></tr>"
    markup = page(f"<ul>{MENU}</ul><h2>海晏市2024年重点任务分解表</h2><table>{head}{rows}</table>")
    plan = read_plan(write("a.html", markup.encode()))
    assert lines(plan) == [
        "海晏市2024年重点任务分解表",
        *(
            f"序号：{n}；任务：改造片区{n}个；责任单位：市住建局；时限：{n}月底"
            for n in range(1, 13)
        ),
    ]
    assert plan.rows == frozenset(range(1, 13))


def test_a_saved_web_archive(write: Write) -> None:
    archive = EmailMessage()
    archive["From"] = "<Saved by a browser>"
    archive.set_content(NESTED, subtype="html", charset="gb18030", cte="quoted-printable")
    archive.make_related()
    data = archive.as_bytes()
    assert lines(read_plan(write("plan.mhtml", data)))[: len(PARAGRAPHS)] == list(PARAGRAPHS)


def test_markdown(write: Write) -> None:
    text = (
        f"# {PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n## {PARAGRAPHS[2]}\n\n{PARAGRAPHS[3]}\n"
        f"{PARAGRAPHS[4]}\n\n**{PARAGRAPHS[5]}**\n\n{PARAGRAPHS[6]}\n\n"
        "| 工作任务 | 责任单位 |\n|---|---|\n| 新建水厂2座 | 县水务局 |\n\n乡~~市三级转诊。\n"
    )
    plan = read_plan(write("plan.md", text.encode()))
    assert lines(plan) == [
        *PARAGRAPHS,
        "工作任务：新建水厂2座；责任单位：县水务局",
        "乡~~市三级转诊。",
    ]
    assert plan.rows == {7}


def test_a_text_that_is_named_html_keeps_its_lines(write: Write) -> None:
    text = "\n".join(PARAGRAPHS).replace("。", "。<br>")
    assert lines(read_plan(write("a.html", text.encode()))) == list(PARAGRAPHS)


def test_a_page_that_is_named_doc_or_txt(write: Write) -> None:
    for name in ("plan.doc", "plan.txt"):
        assert lines(read_plan(write(name, NESTED.encode("gb18030"))))[0] == PARAGRAPHS[0]
