"""Tables written again, so that reading the copy gives the same records.

What belongs here: the form of a copy. What does not: which records it lacks and whether it reads
alike; that is the caller's to choose and to check.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from datetime import datetime

import xlsxwriter
import xlsxwriter.exceptions

from ingest.files import json_copies
from ingest.files.table import Table

#: The same tables give the same bytes.
_CREATED = datetime(2000, 1, 1)


class NotWritable(Exception):
    """A table that can't be written in the form of a copy; the message says why."""


def without(tables: Sequence[Table], removed: Sequence[Collection[int]]) -> bytes:
    """A file of some tables without some of their records.

    Args:
        tables: all tables of a file.
        removed: of each, the numbers of the records that are left out.

    Text becomes UTF-8 of the same delimiter, and tables that stood under each other or inside cells
    one plain table. JSON stays JSON. Spreadsheets become XLSX workbooks of texts; what stood behind
    cells is gone.

    Raises:
        NotWritable: a workbook can't hold a text or a sheet's name, or nothing is left of JSON.
    """
    if (documents := tables[0].documents) is not None:
        if len(removed[0]) == len(documents.places):
            raise NotWritable(
                "all its records are the account's, and JSON without any tells nothing"
            )
        return json_copies.without(documents, removed[0])
    if tables[0].sheet is None:
        return _text(tables[0], removed[0])
    return _workbook(tables, removed)


def _text(table: Table, removed: Collection[int]) -> bytes:
    malformed = {record.number: record.text for record in table.malformed}
    delimiter = table.delimiter or ","
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=delimiter,
        # Both characters, so that a cell that holds one of them is quoted.
        lineterminator="\r\n",
        # A copy of a text that ends in a quote does so too, and that of another one does not.
        quoting=csv.QUOTE_ALL if table.ending == "quote" else csv.QUOTE_MINIMAL,
    )
    writer.writerow(table.header)
    for number, cells in table.records():
        if number in removed:
            continue
        if number in malformed:
            text.write(f"{malformed[number]}\r\n")
        else:
            writer.writerow(cells)
    written = text.getvalue()
    is_last_kept = table.record_count not in removed
    if table.ending != "line" and is_last_kept:
        written = written.removesuffix("\r\n")
    return written.encode()


def _workbook(tables: Sequence[Table], removed: Sequence[Collection[int]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": _CREATED})
    try:
        for table, left_out in zip(tables, removed, strict=True):
            sheet = book.add_worksheet(table.sheet)
            kept = [cells for number, cells in table.records() if number not in left_out]
            for row, cells in enumerate([list(table.header), *kept]):
                for column, cell in enumerate(cells):
                    if cell and sheet.write_string(row, column, cell) != 0:
                        raise NotWritable(f"a workbook can't hold a cell of sheet {table.sheet}")
    except xlsxwriter.exceptions.XlsxWriterException as problem:
        raise NotWritable(str(problem)) from None
    book.close()
    return content.getvalue()
