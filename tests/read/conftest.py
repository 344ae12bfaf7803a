"""Small documents of our own in every format, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLAN = """云溪县民政局关于印发2023年民政工作要点的通知
云民〔2023〕5号

各乡镇人民政府，局机关各股室：

现将《2023年民政工作要点》印发给你们，请认真贯彻落实。

云溪县民政局
2023年2月14日

2023年民政工作要点

2023年是民政事业改革攻坚之年。全县民政工作坚持以人民为中心。

一、兜牢民生底线

1.完善低保制度。6月底前完成低保对象复核，动态调整率保持在5%以上。

2.发展养老服务。新建农村互助养老点12个。

（此件主动公开）
"""
"""A plan inside its notice, as a txt file has it."""


@pytest.fixture(scope="session")
def plan_text() -> str:
    """A plan inside its notice."""
    return PLAN


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Writes a file into a fresh folder and says where."""

    def write_file(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write_file


@pytest.fixture(scope="session")
def saved() -> Callable[[Any], bytes]:
    """The bytes of a python-docx document."""

    def save(document: Any) -> bytes:
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    return save


@pytest.fixture(scope="session")
def drawn() -> Callable[..., bytes]:
    """The bytes of a PDF that a function draws on a reportlab canvas with a Chinese font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(on: Callable[[Any], None], **options: Any) -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=(595, 842), **options)
        on(canvas)
        canvas.save()
        return stream.getvalue()

    return draw
