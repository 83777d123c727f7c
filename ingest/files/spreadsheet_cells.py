"""How the cells of a spreadsheet become a table of texts.

What belongs here: what XLSX and XML Spreadsheet share. What does not: how one of them is opened
(its module).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pyarrow as pa

from ingest.bounds import bounds
from ingest.files.table import Damage, MalformedRecord, Table

#: A number of more digits is rounded by a spreadsheet without a word.
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet as text, blank ones too."""

    name: str
    rows: Sequence[Sequence[str]]
    #: The rows that are not blank, with the header, as a second parser counts them.
    filled_count: int
    #: By place in `rows`: texts behind the cells of a row.
    behind: Mapping[int, Sequence[str]] = field(default_factory=dict)


def refuse_too_many(cells: int) -> None:
    """Hold the cells of a spreadsheet, or the places over which they are spread, to the bound.

    Raises:
        Damage: they are too many.
    """
    if cells > bounds().cells:
        raise Damage(
            f"the spreadsheet's cells fill or span {cells:,} places, more than "
            f"{bounds().told('cells')}; send the export as it was downloaded, of a shorter period"
        )


def cell(value: object) -> str:
    """The text of a spreadsheet's cell: digits as they are meant, dates in ISO 8601.

    A number is written without an exponent, except where the spreadsheet has rounded it: then the
    exponent says that its digits are gone.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def is_filled(row: Sequence[str]) -> bool:
    """Whether a row holds anything; a spreadsheet has blank rows for its looks."""
    return any(text.strip() for text in row)


def table(sheet: Sheet) -> Table | None:
    """The filled rows of a sheet as a table, the first of them its header; None where none is.

    Records are as wide as the header. One with text beyond it is malformed.
    """
    places = [place for place, row in enumerate(sheet.rows) if is_filled(row)]
    if not places:
        return None
    first, *others = places
    width = _width(sheet.rows[first])
    numbers: list[int] = []
    fitting: list[list[str]] = []
    malformed: list[MalformedRecord] = []
    behind: dict[int, tuple[str, ...]] = {}
    for number, place in enumerate(others, start=1):
        row = sheet.rows[place]
        if texts := sheet.behind.get(place):
            behind[number] = tuple(texts)
        if (own := _width(row)) > width:
            detail = f"{own} of {width} fields"
            malformed.append(MalformedRecord(number, "field_count", detail, _line(row[:own])))
        else:
            numbers.append(number)
            fitting.append([*row[:width], *[""] * (width - len(row))])
    texts_by_column = zip(*fitting, strict=True) if fitting else [()] * width
    return Table(
        header=tuple(sheet.rows[first][:width]),
        numbers=pl.Series("record_number", numbers, dtype=pl.Int64),
        columns=tuple(pa.chunked_array([pa.array(c, pa.string())]) for c in texts_by_column),
        malformed=tuple(malformed),
        second_count=sheet.filled_count - 1,
        sheet=sheet.name,
        behind=behind,
    )


def _width(row: Sequence[str]) -> int:
    """How many cells a row has, up to the last that is not blank."""
    return max((n for n, text in enumerate(row, start=1) if text.strip()), default=0)


def _line(row: Sequence[str]) -> str:
    """A row as a line of delimited text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="", quoting=csv.QUOTE_ALL).writerow(row)
    return text.getvalue()
