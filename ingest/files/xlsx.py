"""XLSX workbooks.

What belongs here: the ZIP around the sheets, and two readers that must agree. What does not: how
cells become a table (`spreadsheet_cells.py`).

python-calamine reads the cells. openpyxl counts the rows, holds numbers and dates against it, and
gives what calamine leaves out without a word: errors, formulas that nobody has calculated yet, and
the targets of hyperlinks (TikTok's workbooks put the links of videos there).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import python_calamine

from ingest.bounds import bounds
from ingest.files.spreadsheet_cells import (
    Sheet,
    cell,
    is_filled,
    refuse_too_many,
    table,
)
from ingest.files.table import Damage, IsLink, Table

_ZIP = b"PK\x03\x04"
#: OLE: the binary workbooks of before 2007, and encrypted ones.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The start of a cell in a sheet's XML, whatever its namespace is called.
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_WORKSHEETS = "xl/worksheets/"
_STEP = 2**20
_HYPERLINK = re.compile(r'^=HYPERLINK\("([^"]+)"', re.IGNORECASE)
_BROKEN = "the workbook is damaged or cut; send the export as it was downloaded"


def is_one(content: bytes) -> bool:
    """Whether the bytes are a ZIP or an old binary workbook."""
    return content.startswith((_ZIP, _OLE))


def read(content: bytes, is_link: IsLink) -> tuple[Table, ...]:
    """The sheets of a workbook that hold anything, in order, hidden ones too.

    Raises:
        Damage: it is no XLSX workbook, is broken or too large, or the readers disagree.
    """
    found = [filled for sheet in sheets(content, is_link) if (filled := table(sheet))]
    if not found:
        raise Damage("the workbook is empty; export it again")
    return tuple(found)


def sheets(content: bytes, is_link: IsLink) -> Iterator[Sheet]:
    """The sheets of a workbook with all their rows, in order, hidden ones too.

    Raises:
        Damage: as `read`, but of what is empty.
    """
    _check(content)
    try:
        refuse_too_many(_cell_count(content))
        with warnings.catch_warnings(action="ignore"):  # of styles that are not read
            second = openpyxl.load_workbook(io.BytesIO(content))
        first = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (Damage, MemoryError):
        raise
    except Exception as problem:  # both raise whatever a broken file leads them to
        raise Damage(f"{_BROKEN} ({type(problem).__name__})") from None
    # From the first cell to the last, for both readers make all that lie between.
    refuse_too_many(sum(sheet.max_row * sheet.max_column for sheet in second.worksheets))
    for sheet in second.worksheets:
        try:
            values = first.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        except MemoryError:
            raise
        except Exception as problem:
            raise Damage(f"{_BROKEN} ({type(problem).__name__})") from None
        yield _sheet(sheet, values, is_link)


def _check(content: bytes) -> None:
    if content.startswith(_OLE):
        raise Damage(
            "the workbook is of the binary kind of before 2007, or has a password; send the export "
            "as it was downloaded, or save it as XLSX"
        )
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise Damage(_BROKEN) from None
    names = {entry.filename for entry in entries}
    if names & {"content.xml", "Index/Document.iwa"}:
        raise Damage(
            "the file is a spreadsheet of another program; send the export as it was downloaded, "
            "or save it as XLSX"
        )
    if "xl/workbook.xml" not in names:
        raise Damage(
            "the file is a document of another program; send the export as it was downloaded"
        )
    size = sum(entry.file_size for entry in entries)
    if size > bounds().unpacked_mib * 2**20:
        most = bounds().told("unpacked_mib")
        raise Damage(f"the workbook holds {size:,} bytes, unpacked, more than {most}")


def _cell_count(content: bytes) -> int:
    """The cells that exist in all sheets, counted without making one."""
    count = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith(_WORKSHEETS):
                continue
            with archive.open(entry) as sheet:
                # One whose start lies across two pieces is left out: one of many thousands.
                while piece := sheet.read(_STEP):
                    count += len(_CELL.findall(piece))
    return count


def _sheet(sheet: Any, values: list[list[Any]], is_link: IsLink) -> Sheet:
    """A sheet's rows as calamine gives them, with what openpyxl has besides."""
    rows = [[cell(value) for value in row] for row in values]
    behind: dict[int, list[str]] = {}
    filled_count = 0
    header: list[str] = []
    for number, others in enumerate(sheet.iter_rows()):
        row = rows[number] if number < len(rows) else []
        row += [""] * (len(others) - len(row))
        for place, other in enumerate(others):
            if not _agree(values, number, place, other):
                raise Damage(
                    f"two readers see different values in cell {other.coordinate} of the sheet "
                    f"{sheet.title}; send the export as it was downloaded"
                )
            # An error, or a formula without its value.
            row[place] = row[place] or cell(other.value)
            if header and place < len(header) and is_link(header[place]):
                row[place] = _linked(row[place], other)
            if hidden := _behind(other):
                behind.setdefault(number, []).extend(hidden)
        if number >= len(rows):
            rows.append(row)
        filled_count += is_filled([cell(other.value) for other in others])
        header = header or (row if is_filled(row) else [])
    return Sheet(sheet.title, rows, filled_count, behind)


def _agree(values: list[list[Any]], number: int, place: int, other: Any) -> bool:
    """Whether calamine has the number or the date that openpyxl has."""
    if number >= len(values) or place >= len(values[number]):
        return other.value is None or not cell(other.value).strip()
    value = values[number][place]
    if other.data_type == "n" and other.value is not None:
        return isinstance(value, int | float) and float(value) == float(other.value)
    if isinstance(other.value, datetime):
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        return isinstance(value, datetime) and abs(value - other.value) < timedelta(seconds=1)
    return True


def _linked(text: str, other: Any) -> str:
    """The link of a cell: its text where that is one, else what its hyperlink points to."""
    if "://" in text:
        return text
    if other.hyperlink is not None and other.hyperlink.target:
        return str(other.hyperlink.target)
    formula = _HYPERLINK.match(str(other.value))
    return formula[1] if formula else text


def _behind(other: Any) -> list[str]:
    """The texts behind a cell: the target of its hyperlink, its comment, its formula."""
    texts = []
    if other.hyperlink is not None and other.hyperlink.target:
        texts.append(str(other.hyperlink.target))
    if other.comment is not None:
        texts.append(str(other.comment.text))
    if other.data_type == "f" and (formula := _HYPERLINK.match(str(other.value))):
        texts.append(formula[1])
    return texts
