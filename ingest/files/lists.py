"""Lists that people write: the rows of a CSV or an XLSX file, whatever stands in them.

What belongs here: the rows with their numbers as a spreadsheet shows them, and why a file can't be
read. What does not: exports, whose headers are known (`table.py`), and what a cell means.

A person's list has no header that anybody knows, rows above it, blank rows between, and rows of
different lengths. So nothing is refused but what is no text and no workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.bounds import bounds
from ingest.files import encodings, json_text, xlsx, xml_spreadsheet, zips
from ingest.files.spreadsheet_cells import is_filled
from ingest.files.table import Damage

_DELIMITERS = (";", "\t", ",", "|")
#: Of a text so much tells what stands between its cells.
_WINDOW = 2**16


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds anything."""

    #: The sheet's name; None of a text.
    sheet: str | None
    #: From 1, as a spreadsheet numbers it: blank rows count.
    number: int
    cells: tuple[str, ...]


def read(path: Path) -> list[Row] | Damage:
    """The rows of a person's list; damage is given back, so that a child can say it.

    Where a cell of a workbook has a hyperlink and its text is no link, the target stands in its
    place.

    Raises:
        OSError: the file is not there or may not be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(bounds().bytes_of("read_mib") + 1)
        if len(content) > bounds().bytes_of("read_mib"):
            raise Damage(f"the file is larger than {bounds().told('read_mib')}; send a shorter one")
        return list(_rows(content))
    except Damage as problem:
        return Damage(str(problem))


def _rows(content: bytes) -> Iterator[Row]:
    if not content.strip():
        raise Damage("the file is empty")
    if zips.is_one(content):
        raise Damage("the file is a ZIP; unpack it and give the list inside")
    if xlsx.is_one(content):
        yield from _of_workbook(content)
    elif xml_spreadsheet.is_one(content) or json_text.is_one(content):
        raise Damage("the file is no list as CSV or XLSX; save it as one of them")
    else:
        yield from _of_text(encodings.read(content).encoded.decode())


def _of_workbook(content: bytes) -> Iterator[Row]:
    for sheet in xlsx.sheets(content, lambda _: True):
        is_first = True
        for place, cells in enumerate(sheet.rows):
            if not is_filled(cells):
                continue
            # Of the row that stands where tables have their header the targets are kept apart.
            behind = sheet.behind.get(place, ()) if is_first else ()
            yield Row(sheet.name, place + 1, (*cells, *behind))
            is_first = False


def _of_text(text: str) -> Iterator[Row]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        count = 0
        for number, cells in enumerate(rows, start=1):
            count += len(cells)
            if count > bounds().cells:
                raise Damage(f"the list has more cells than {bounds().told('cells')}")
            if is_filled(cells):
                yield Row(None, number, tuple(cells))
    except csv.Error as problem:
        raise Damage(f"its rows can't be told apart ({problem}); save it as XLSX") from None


def _delimiter(text: str) -> str:
    """What stands between the cells: what most lines have, outside of quotes as a rule."""
    lines = text[:_WINDOW].splitlines()
    return max(_DELIMITERS, key=lambda each: sum(each in line for line in lines))
