"""Whole documents in every format, from which the fuzz inputs are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "annotations" / "samples"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-be", "utf-32")

PLAN = """云溪县民政局关于印发2023年民政工作要点的通知
云民〔2023〕5号

各乡镇人民政府，局机关各股室：

现将《2023年民政工作要点》印发给你们，请认真贯彻落实。

云溪县民政局
2023年2月14日

2023年民政工作要点

2023年是民政事业改革攻坚之年。全县民政工作坚持以人民为中心。

一、兜牢民生底线

1.完善低保制度。6月底前完成低保对象复核，动态调整率保持在5%以上。（责任单位：救助股、各乡镇）

2.发展养老服务。新建农村互助养老点12个( wWw.example.cOm 转载请注明 )，由320元提高到350元。

（一）责任分解

序号\t任务\t责任单位\t完成时限
1\t建成“一老一小”服务中心2处\t养老股\t2023年10月底
2\t培训护理员300人次\t养老股、财务股\t12月20日前

（此件主动公开）
"""
TRADITIONAL = (
    "2023年民政工作要點\n\n一、健全救助制度\n\n6月底前完成低保對象複核，覆蓋率達到９５％。\n"
)
MARKDOWN = (
    PLAN
    + "\n| 任务 | 责任单位 |\n|---|---|\n| 新建养老点3个 | 养老股 |\n\n> - [链接](http://127.0.0.1/)\n"
)
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ArticleTitle"
content="2023年民政工作要点"><title>政府网</title></head><body><div class="nav"><a
href="/">首页</a></div><div id="zoom"><h1>2023年民政工作要点</h1><p>一、兜牢民生底线</p>
<p>1.新建<b>养老点</b>12个，
年底前完成。</p><ol start="3"><li>开展培训300人次。</li></ol><pre>二、保障
措施</pre><table><tr><td colspan="2">任务</td><td rowspan="2">责任单位</td></tr><tr><td>序号</td>
<td>内容</td></tr><tr><td>1</td><td>建成服务中心2处</td><td>养老股</td></tr></table></div>
<div style="display:none">隐藏</div><footer>版权所有</footer></body></html>"""


@dataclass(frozen=True, slots=True)
class Seed:
    """A document's bytes, and the suffix of its name."""

    suffix: str
    data: bytes


@cache
def seeds() -> dict[str, list[Seed]]:
    """All seeds by suffix; making them takes a second."""
    found: dict[str, list[Seed]] = {}
    for seed in (*_texts(), *_pages(), *_packed(), *_old()):
        found.setdefault(seed.suffix, []).append(seed)
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix in found:
            found[path.suffix].append(Seed(path.suffix, path.read_bytes()))
    return found


def _texts() -> Iterator[Seed]:
    for encoding in ENCODINGS:
        text = TRADITIONAL if encoding == "big5" else PLAN
        yield Seed(".txt", text.encode(encoding))
    yield Seed(".md", MARKDOWN.encode())


def _pages() -> Iterator[Seed]:
    yield Seed(".html", PAGE.encode())
    yield Seed(".html", PAGE.replace("utf-8", "gb2312").encode("gb18030"))
    yield Seed(
        ".mhtml",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + PAGE.encode()
        + b"\r\n--b--\r\n",
    )


def _packed() -> Iterator[Seed]:
    yield Seed(".docx", _word())
    yield Seed(".pdf", _printed(compression=0))
    yield Seed(".pdf", _printed(compression=1))


def _old() -> Iterator[Seed]:
    yield Seed(".doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + PLAN.encode("utf-16-le"))
    yield Seed(".rtf", b"{\\rtf1\\ansi\\ansicpg936 " + PLAN.encode("gb18030") + b"}")


def _word() -> bytes:
    """A document with a list, a table with merged cells, and another table inside one of them."""
    from docx import Document

    document = Document()
    for line in PLAN.split("\n")[:20]:
        document.add_paragraph(line)
    for item in ("新建养老点12个。", "培训护理员300人次。"):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(4, 3)
    for number, words in enumerate(("任务", "责任单位", "时限") * 4):
        table.cell(number // 3, number % 3).text = words if number < 3 else f"{words}{number}"
    table.cell(2, 0).merge(table.cell(3, 0))
    table.cell(1, 1).add_table(2, 2).cell(0, 0).text = "内表"
    saved, stream = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))  # without the time of day
    return stream.getvalue()


def _printed(compression: int) -> bytes:
    """Two pages with a ruled table; without compression, its drawing can be changed in place."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), pageCompression=compression, invariant=1)
    for page in (PLAN[:260], PLAN[260:]):
        canvas.setFont("STSong-Light", 14)
        for number, line in enumerate(page.replace("\t", " ").split("\n")):
            canvas.drawString(90, 760 - 22 * number, line)
        canvas.grid([90, 240, 390, 500], [80, 110, 140, 170])
        for number in range(9):
            canvas.drawString(95 + 150 * (number % 3), 150 - 30 * (number // 3), f"任务{number}")
        canvas.drawCentredString(297, 30, "— 1 —")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
