"""Rows that are written at once are those that XlsxWriter writes cell by cell."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workplan.write.cells import put
from workplan.write.sheet import PlainSheet
from workplan.write.table import Cell

Rows = list[list[Cell]]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=12).filter(lambda text: not text.startswith("<r>")),
    st.sampled_from(["=1+1", "a&b<c>", " 前后 ", "_x0041_", "\t", "第一行\n第二行", "'", "9" * 20]),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1850, 1, 1), date(2100, 1, 1)),
)


def write(path: Path, rows: Rows, *, at_once: bool) -> bytes:
    """The bytes of a sheet: a header cell by cell, then `rows`."""
    book = Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})
    book.worksheet_class = PlainSheet if at_once else Worksheet
    styles = [book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})]
    sheet = book.add_worksheet()
    sheet.set_row(0, 22)
    put(sheet, 0, 0, "表头", styles[0])
    for number, row in enumerate(rows, 1):
        height = 14.5 * number
        styled = [(value, styles[column % 2]) for column, value in enumerate(row)]
        if at_once:
            sheet.put_row(number, height, styled)
        else:
            sheet.set_row(number, height)
            for column, (value, style) in enumerate(styled):
                put(sheet, number, column, value, style)
    book.close()
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml") + archive.read("xl/styles.xml")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=4))
def test_bytes_are_the_library_s(tmp_path: Path, rows: Rows) -> None:
    path = tmp_path / "a.xlsx"
    assert write(path, rows, at_once=True) == write(path, rows, at_once=False)


def test_text_that_reads_like_markup_stays_text(tmp_path: Path) -> None:
    text = "<r><t>推进</t></r>"
    for at_once in (True, False):
        book = Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
        book.worksheet_class = PlainSheet
        sheet, style = book.add_worksheet(), book.add_format()
        if at_once:
            sheet.put_row(0, 15, [(text, style)])
        else:
            put(sheet, 0, 0, text, style)
        book.close()
        assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A1"].value == text
