"""How the text of a table is split into records, and counted by a second parser.

What belongs here: delimiters, quotes, records that don't fit their header, ends of cut files. What
does not: which layout it is and what a cell means (`parse.py`, `platforms/`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from ingest.fields.characters import SPACE, occurring
from ingest.fields.layout import Layout, Match, normalise
from ingest.files import Damage

#: A record longer than this is damage (an open quote), not a post.
_LONGEST_RECORD = 16 * 2**20

#: A header is looked for in so many bytes, and where it does not end there, in so many.
_HEADER_WINDOWS = (2**13, 2**18)

#: A shorter text is counted by Python's parser sooner than its quotes are looked at.
_SHORT = 2**16

#: Record number, rule, what is wrong, and the record's text, as far as it is known.
Misfit = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Cells:
    """The records of a table that have as many cells as its header, as text."""

    numbers: pl.Series
    #: A column for each of the header's.
    columns: list[pa.ChunkedArray]
    #: What occurs in each (`characters.py`).
    characters: list[frozenset[str]]

    def frame(self, places: Iterable[int]) -> pl.DataFrame:
        """`record_number` and some columns, named by their places."""
        return self.named({str(place): place for place in places})

    def named(self, places: Mapping[str, int]) -> pl.DataFrame:
        """`record_number` and some columns, by the names that they are given."""
        table = pa.table({name: self.columns[place] for name, place in places.items()})
        frame = pl.from_arrow(table, rechunk=False)
        assert isinstance(frame, pl.DataFrame)
        return frame.insert_column(0, self.numbers)

    def has_blank(self, place: int) -> bool:
        """Whether some cell of a column may be blank."""
        shortest = pyarrow.compute.min(pyarrow.compute.binary_length(self.columns[place]))
        return SPACE in self.characters[place] or shortest.as_py() == 0


def header(encoded: bytes, delimiter: str) -> tuple[list[str], int]:
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
    return cells, len(text[: lines.tell()].encode())


def split(body: bytes, width: int, delimiter: str) -> tuple[Cells, list[Misfit]]:
    """Split the records with pyarrow, and count them a second time.

    Args:
        body: the records, in good UTF-8.
        width: the number of cells in the header.
        delimiter: what stands between cells.

    Blank lines are no records. Records with more or fewer fields than `width` are misfits: their
    number, rule, what is wrong, their text.

    Raises:
        Damage: the text can't be split, or two parsers count its records differently.
    """
    names = [str(position) for position in range(width)]
    misfits: list[Misfit] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        wrong = f"{row.actual_columns} of {row.expected_columns} fields"
        misfits.append((row.number, "field_count", wrong, row.text))
        return "skip"

    if not _is_empty(body):
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(body),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=names,
                    use_threads=False,  # else misfits have no number
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
            raise Damage(f"the records can't be split: {problem}") from None
    else:
        table = pa.table({name: pa.array([], pa.string()) for name in names})
    count = table.num_rows + len(misfits)
    if (second := _count(body, delimiter, count)) != count:
        raise Damage(
            f"two parsers count {count} and {second} records; a quote stands in the wrong place"
        )
    numbers: Iterable[int] = range(1, count + 1)
    if misfits:
        numbers = sorted(set(numbers) - {number for number, *_ in misfits})
    record_numbers = pl.Series("record_number", numbers, dtype=pl.Int64)
    return Cells(record_numbers, table.columns, [occurring(c) for c in table.columns]), misfits


def fields(cells: Cells, match: Match) -> pl.DataFrame:
    """The records by the fields of their layout, and `…:conflict` where repeated columns differ."""
    found = sorted(match.positions.items())
    frame = cells.named({field: positions[0] for field, positions in found})
    repeated = [(field, positions) for field, positions in found if len(positions) > 1]
    if not repeated:
        return frame
    texts = cells.frame(place for _, positions in repeated for place in positions)
    return frame.with_columns(
        *texts.select(_one_of(positions).alias(field) for field, positions in repeated),
        *texts.select(
            _conflict(positions).alias(f"{field}:conflict") for field, positions in repeated
        ),
    )


def unterminated(
    encoded: bytes, fitting: pl.DataFrame, misfits: list[Misfit], layout: Layout, match: Match
) -> tuple[pl.DataFrame, list[Misfit]]:
    """Take the last record of a file without a line end out, where it may be cut inside a number.

    Raises:
        Damage: the header itself may be cut, so that "no records" is no true zero.
    """
    ending = layout.ending
    count = fitting.height + len(misfits)
    if not count:
        if ending.kind == "line" or match.names[-1] != normalise(ending.last):
            raise Damage("the file ends inside or right after its header; export it again")
        return fitting, misfits
    last = fitting.filter(pl.col("record_number") == count)
    if last.height:
        if ending.kind == "quote" and encoded.endswith(b'"'):
            return fitting, misfits
        field = match.last_field
        if ending.kind == "bare" and field is None:
            return fitting, misfits
        if ending.kind == "bare" and field and match.names[-1] == normalise(ending.last):
            is_last = pl.col("record_number") == count
            blanked = pl.when(~is_last).then(pl.col(field)).otherwise(pl.lit(""))
            return fitting.with_columns(blanked.alias(field)), misfits
        text = last[layout.cap_notice[0]].item() if layout.cap_notice else ""
    else:
        text = misfits[-1][-1]
    detail = (
        "the file ends without a line end, so its last record may be cut, even inside a number; "
        "export it again"
    )
    kept = [misfit for misfit in misfits if misfit[0] != count]
    return (
        fitting.filter(pl.col("record_number") != count),
        [*kept, (count, "unterminated", detail, text)],
    )


def _is_empty(body: bytes) -> bool:
    return not body or body.isspace()


def _count(body: bytes, delimiter: str, expected: int) -> int:
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
            "send the export as it was downloaded"
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


def _one_of(positions: Sequence[int]) -> pl.Expr:
    """The text of a field; where its column is repeated, the first that is not blank or 0.

    A blank beside a 0 is blank: a column that is dead holds 0.
    """
    texts = [pl.col(str(position)) for position in positions]
    if len(texts) == 1:
        return texts[0]
    telling = [pl.when(~text.str.strip_chars().is_in(["", "0"])).then(text) for text in texts]
    blank = [pl.when(text.str.strip_chars() == "").then(text) for text in texts]
    return pl.coalesce(*telling, *blank, *texts)


def _conflict(positions: Sequence[int]) -> pl.Expr:
    """Whether the repeated columns of a field hold different texts that are not blank or 0."""
    texts = [pl.col(str(position)).str.strip_chars() for position in positions]
    telling = [pl.when(~text.is_in(["", "0"])).then(text) for text in texts]
    first = pl.coalesce(*telling)
    return pl.any_horizontal(*((text != first).fill_null(value=False) for text in telling))
