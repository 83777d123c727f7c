"""A table as delimited text, and how a spreadsheet's rows become one.

What belongs here: what the forms share. What does not: how one of them is opened (its module).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

#: A number of more digits is rounded by a spreadsheet without a word.
_EXACT = 10**15
#: More cells than this in one sheet are no export of an account.
LARGEST_SHEET = 20_000_000
TOO_LARGE = "the spreadsheet is larger than any export; export a shorter period"


class Damage(Exception):
    """A file that can't be brought to tables; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as delimited text, its header first."""

    #: UTF-8 without a byte order mark.
    encoded: bytes
    #: What was repaired, for a person.
    repairs: tuple[str, ...] = ()
    #: The sheet's name, where the table stands in a spreadsheet.
    sheet: str | None = None
    #: The rows of a spreadsheet that are not blank, with the header, by a second parser.
    row_count: int | None = None


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


def from_rows(sheet: str, rows: Sequence[Sequence[str]], row_count: int) -> Table:
    """The filled rows of a sheet as delimited text, each as wide as the first, the header.

    A row with text beyond the header keeps it, so that it does not fit and is told.
    """
    filled = [list(row) for row in rows if is_filled(row)]
    width = max((n for n, text in enumerate(filled[0], start=1) if text.strip()), default=0)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in filled:
        last = max((n for n, text in enumerate(row, start=1) if text.strip()), default=0)
        row += [""] * (width - len(row))
        writer.writerow(row[: max(width, last)])
    return Table(written.getvalue().encode(), (), sheet, row_count)
