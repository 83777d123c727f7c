"""Spreadsheets as platforms write them: XLSX, and XML Spreadsheet 2003.

What belongs here: one sheet of texts, whole numbers and dates. What does not: anything that reads;
XLSX is written by xlsxwriter, which no reader here uses.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import xlsxwriter

CellValue = str | int | datetime
_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def xlsx(name: str, rows: Sequence[Sequence[CellValue]]) -> bytes:
    """A workbook of one sheet; its bytes vary with the time of writing."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    day = book.add_format({"num_format": "m/d/yy h:mm AM/PM"})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, value)
    book.close()
    return content.getvalue()


def xml(name: str, rows: Sequence[Sequence[CellValue]]) -> bytes:
    """XML Spreadsheet 2003, which Facebook named `.xls`."""
    written = "".join("<Row>" + "".join(map(_cell, row)) + "</Row>" for row in rows)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Workbook xmlns="{_NAMESPACE}"'
        f' xmlns:ss="{_NAMESPACE}"><Worksheet ss:Name="{escape(name)}"><Table>{written}'
        "</Table></Worksheet></Workbook>"
    ).encode()


def _cell(value: CellValue) -> str:
    kind, text = "String", escape(str(value))
    if isinstance(value, datetime):
        kind, text = "DateTime", value.isoformat(timespec="milliseconds")
    elif isinstance(value, int):
        kind = "Number"
    return f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>'
