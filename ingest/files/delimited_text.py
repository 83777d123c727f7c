"""Delimited text: its header, its records, and a second count of them.

What belongs here: delimiters, quotes, records that don't fit their header. What does not: encodings
(`encodings.py`) and the forms in which tables stand inside text (`stacked_tables.py`,
`wrapped_records.py`).

pyarrow splits the records, column by column. Python's parser, or the line ends where no quote can
be misread, count them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import polars as pl
import pyarrow as pa
import pyarrow.csv

from ingest.files import wrapped_records
from ingest.files.table import (
    Damage,
    Ending,
    IsKnown,
    MalformedRecord,
    Table,
    UnknownTable,
    is_known_below,
)

_DELIMITERS = ",;\t"
#: A record longer than this is damage (an open quote), not a post.
_LONGEST_RECORD = 16 * 2**20
#: A header is looked for in so many bytes, and where it does not end there, in so many.
_HEADER_WINDOWS = (2**13, 2**18)
#: A header under other rows is looked for in so many bytes.
_WINDOW = 256 * 2**10
#: A shorter text is counted by Python's parser sooner than its quotes are looked at.
_SHORT = 2**16


def read(
    encoded: bytes, repairs: tuple[str, ...], is_known: IsKnown, sheet: str | None = None
) -> Table | UnknownTable:
    """The table of a text, split where a layout knows its header.

    Args:
        encoded: the text in good UTF-8, without a byte order mark.
        repairs: what was repaired in it before.
        is_known: whether some layout knows a header; the first delimiter that gives such a one is
            taken.
        sheet: the sheet's name, where the text was taken out of a spreadsheet.

    Raises:
        Damage: the records can't be split, or two parsers count them differently.
    """
    headers: list[tuple[str, ...]] = []
    for delimiter in _DELIMITERS:
        try:
            header, end = read_header(encoded, delimiter)
        except csv.Error:
            continue
        if delimiter == "," and wrapped_records.is_wrapped(header, is_known):
            text = io.StringIO(encoded.decode(), newline="")
            inner = wrapped_records.unwrap(csv.reader(text, strict=True))
            return read(inner, (*repairs, wrapped_records.REPAIR), is_known, sheet)
        if is_known(header, sheet):
            numbers, columns, malformed = _split(encoded[end:], header, delimiter)
            count = len(numbers) + len(malformed)
            return Table(
                header=header,
                numbers=numbers,
                columns=columns,
                malformed=malformed,
                second_count=_count(encoded[end:], header, delimiter, count),
                repairs=repairs,
                sheet=sheet,
                delimiter=delimiter,
                ending=_ending(encoded),
            )
        headers.append(header)
    return UnknownTable(tuple(headers), _has_known_header_below(encoded, sheet, is_known), sheet)


def read_header(encoded: bytes, delimiter: str) -> tuple[tuple[str, ...], int]:
    """The cells of the first record, and where it ends (byte). Blank lines are no records.

    Raises:
        csv.Error: a quote stands in the wrong place, so that records would be taken for a part of
            the header; or a cell is longer than any text on a platform.
    """
    for size in _HEADER_WINDOWS:
        text = encoded[:size].decode("utf-8", errors="ignore")
        lines = io.StringIO(text, newline="")
        try:
            cells = next(filter(None, csv.reader(lines, delimiter=delimiter, strict=True)), [])
        except csv.Error:
            if size < min(len(encoded), _HEADER_WINDOWS[-1]):
                continue
            raise
        if lines.tell() < len(text):
            break
    return tuple(cells), len(text[: lines.tell()].encode())


def _split(
    body: bytes, header: tuple[str, ...], delimiter: str
) -> tuple[pl.Series, tuple[pa.ChunkedArray, ...], tuple[MalformedRecord, ...]]:
    """The numbers and the columns of the records that fit the header, and those that don't.

    Blank lines are no records.
    """
    names = [str(position) for position in range(len(header))]
    malformed: list[MalformedRecord] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        detail = f"{row.actual_columns} of {row.expected_columns} fields"
        malformed.append(MalformedRecord(row.number, "field_count", detail, row.text))
        return "skip"

    if _is_empty(body):
        table = pa.table({name: pa.array([], pa.string()) for name in names})
    else:
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(body),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=names,
                    use_threads=False,  # else malformed records have no number
                    block_size=min(len(body), _LONGEST_RECORD),
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid as problem:
            raise Damage(f"the records can't be split: {problem}", header) from None
    numbers: Iterable[int] = range(1, table.num_rows + len(malformed) + 1)
    if malformed:
        numbers = sorted(set(numbers) - {each.number for each in malformed})
    record_numbers = pl.Series("record_number", numbers, dtype=pl.Int64)
    return record_numbers, tuple(table.columns), tuple(malformed)


def _ending(encoded: bytes) -> Ending:
    if encoded.endswith((b"\n", b"\r")):
        return "line"
    return "quote" if encoded.endswith(b'"') else "open"


def _has_known_header_below(encoded: bytes, sheet: str | None, is_known: IsKnown) -> bool:
    window = encoded[:_WINDOW].decode("utf-8", errors="ignore")
    for delimiter in _DELIMITERS:
        records = csv.reader(io.StringIO(window, newline=""), delimiter=delimiter)
        try:
            if is_known_below(records, sheet, is_known):
                return True
        except csv.Error:
            continue
    return False


def _is_empty(body: bytes) -> bool:
    return not body or body.isspace()


def _count(body: bytes, header: tuple[str, ...], delimiter: str, expected: int) -> int:
    """Count the records by their line ends; where that gives another number, by Python's parser.

    Where all quotes are plain, a line end behind an even number of them ends a record. Blank lines
    make such a count differ. Python's parser accepts no quote in the wrong place, unlike pyarrow,
    which then drops or joins records without a word.
    """
    if _is_empty(body):
        return 0
    if len(body) > _SHORT and _count_plain(body, delimiter) == expected:
        return expected
    text = io.StringIO(body.decode("utf-8"), newline="")
    count = 0
    try:
        for record in csv.reader(text, delimiter=delimiter, strict=True):
            count += bool(record)
    except csv.Error as problem:
        raise Damage(
            f"a quote stands in the wrong place in or before record {count + 1} ({problem}); "
            "send the export as it was downloaded",
            header,
        ) from None
    return count


def _count_plain(body: bytes, delimiter: str) -> int | None:
    """The line ends outside quotes, with the end of the text; None where quotes are not plain.

    They are where they come in pairs around whole fields, or doubled inside; then nobody misreads.
    """
    octets = pl.Series(pa.Array.from_buffers(pa.uint8(), len(body), [None, pa.py_buffer(body)]))
    is_quote, is_line = octets == ord('"'), octets == ord("\n")
    before = octets.head(-1).filter(is_quote.tail(-1)).gather_every(2, body.startswith(b'"'))
    after = octets.tail(-1).filter(is_quote.head(-1)).gather_every(2, 1)
    outside = pl.Series([*delimiter.encode(), *b'\r\n"'], dtype=pl.UInt8)
    are_quotes = octets.filter(is_quote | is_line) == ord('"')
    depth = are_quotes.cum_sum()
    if are_quotes.sum() % 2 or not pl.concat([before, after]).is_in(outside.implode()).all():
        return None
    return int(((depth % 2 == 0) & ~are_quotes).sum()) + (not body.endswith(b"\n"))
