"""Spreadsheets for the tests: XLSX by xlsxwriter, which no reader here uses, and XML by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def xlsx(
    sheets: Sheets, links: Mapping[str, str] | None = None, *, has_shared_texts: bool = True
) -> bytes:
    """A workbook; `links` are hyperlinks of the first sheet's cells, behind their texts.

    Its texts stand in a table of their own, which cells share, or each in its cell.
    """
    content = io.BytesIO()
    # With constant memory each row is written as it comes, and its texts with it.
    options = {"strings_to_urls": False}
    options["in_memory" if has_shared_texts else "constant_memory"] = True
    book = xlsxwriter.Workbook(content, options)
    day = book.add_format({"num_format": "m/d/yy h:mm AM/PM"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date | datetime):
                    sheet.write_datetime(number, place, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write(number, place, value)
    for cell, target in (links or {}).items():
        book.worksheets()[0].write_url(cell, target, string="Open")
    book.close()
    return content.getvalue()


def with_formula(sheets: Sheets, cell: str, formula: str, value: Any) -> bytes:
    """A workbook in which one cell of the first sheet is a formula with the value it had."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
    book.worksheets()[0].write_formula(cell, formula, None, value)
    book.close()
    return content.getvalue()


def xml(sheets: Sheets) -> bytes:
    """XML Spreadsheet 2003 as Facebook wrote it."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    ]
    for name, rows in sheets.items():
        parts.append(f'<Worksheet ss:Name="{escape(name)}"><Table>')
        parts += ["<Row>" + "".join(map(_cell, row)) + "</Row>" for row in rows]
        parts.append("</Table></Worksheet>")
    return ("".join(parts) + "</Workbook>").encode()


def _cell(value: Any) -> str:
    kind, text = "String", str(value)
    if isinstance(value, bool):
        kind, text = "Boolean", str(int(value))
    elif isinstance(value, datetime):
        kind, text = "DateTime", value.isoformat(timespec="milliseconds")
    elif isinstance(value, int | float):
        kind = "Number"
    elif value is None:
        return "<Cell/>"
    return f'<Cell><Data ss:Type="{kind}">{escape(text)}</Data></Cell>'
