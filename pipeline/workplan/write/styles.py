"""How the spreadsheet's cells look: one named style each, made once a workbook."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

STATES = ["未开始", "进行中", "已完成", "已取消"]
"""What a clerk may choose in the column 状态."""

Styles = dict[str, "Format"]

_BASE = {"font_name": "宋体", "font_size": 10, "valign": "top"}
_BOX = {"border": 1, "border_color": "#9AA5B1"}
_STYLES: dict[str, dict[str, Any]] = {
    "text": _BOX,
    "wrap": {"text_wrap": True, **_BOX},
    "centre": {"align": "center", **_BOX},
    "share": {"align": "center", "num_format": "0.00", **_BOX},
    "number": {"num_format": "General", **_BOX},
    "grouped": {"num_format": "#,##0", **_BOX},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", **_BOX},
    "review": {"text_wrap": True, "bg_color": "#FFF2CC", **_BOX},
    "header": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        **_BOX,
    },
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "note": {"align": "center", "valign": "vcenter", "font_color": "#52606D"},
    "link": {"font_color": "#0B5CAD", "underline": 1, **_BOX},
}


def make_styles(book: Workbook) -> Styles:
    """The workbook's styles by name, the first that it gets."""
    styles = {name: book.add_format(_BASE | style) for name, style in _STYLES.items()}
    for style in styles.values():
        style._get_xf_index()  # numbered now, and so alike in every workbook
    return styles


@cache
def style_numbers() -> dict[str, int]:
    """The styles' numbers in a workbook whose first they are, by name."""
    from xlsxwriter import Workbook

    return {name: style._get_xf_index() for name, style in make_styles(Workbook(BytesIO())).items()}
