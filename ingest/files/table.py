"""The type to which every form of a table is brought.

What belongs here: what a table is, and what is said of one that can't be had. What does not: how a
form is opened (its own module), which layout it is and what a cell means (`parsing/`, `fields/`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, NamedTuple

import polars as pl
import pyarrow as pa

#: Whether a header is that of some layout; the sheet's name is None where there is no sheet.
IsKnown = Callable[[Sequence[str], str | None], bool]
#: Whether the cells under a header are links.
IsLink = Callable[[str], bool]
#: How a table's text ends: with a line end, with a closing quote, or with something else. Only the
#: first always proves that the last record is whole.
Ending = Literal["line", "quote", "open"]


class Reference(NamedTuple):
    """A list beside the records of a JSON document, to whose objects they refer."""

    #: The list's path in the document.
    place: str
    #: The column of the records that tells whom a record answers, by the same names.
    answers: str = ""


#: A column of JSON whose value names, by its `id`, an object of a list beside the records.
References = Mapping[str, Reference]
#: Of a JSON record the number of its text's value, of its document where that value is a list, and
#: of its element where the records stand in a list.
Place = tuple[int, int | None, int | None]


class Damage(Exception):
    """A file that can't be brought to tables; the message says why, for a person."""

    def __init__(self, reason: str, header: Sequence[str] | None = None) -> None:
        super().__init__(reason)
        #: The header, where it was known and only the records are damaged.
        self.header = header


class MalformedRecord(NamedTuple):
    """A record that can't be taken as its header says."""

    number: int
    #: The rule that it broke, such as `field_count`.
    rule: str
    #: What is wrong, for a person.
    detail: str
    #: The record's text as it stands in the file, as far as it is known.
    text: str


@dataclass(frozen=True, slots=True)
class Documents:
    """What a table of JSON was made of, so that a copy can be written."""

    #: A text's one value, or one a line.
    values: list[Any]
    is_lines: bool
    #: The keys from a document to its records; none where documents are records.
    path: tuple[str, ...]
    references: References
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts under a known header, its records counted by two parsers."""

    header: tuple[str, ...]
    #: The numbers of the records that have as many cells as the header. Records count from 1.
    numbers: pl.Series
    #: Their texts, a column for each of the header's.
    columns: tuple[pa.ChunkedArray, ...]
    #: The records with more or fewer cells.
    malformed: tuple[MalformedRecord, ...]
    #: The records as the second parser counted them.
    second_count: int
    #: What was repaired, for a person.
    repairs: tuple[str, ...] = ()
    #: The sheet's name, where the table stands in a spreadsheet.
    sheet: str | None = None
    #: What stands between cells, where the table is delimited text.
    delimiter: str | None = None
    ending: Ending = "line"
    #: By record number: texts that a spreadsheet has behind a record's cells, such as the targets
    #: of hyperlinks. They are not read; erasure looks at them.
    behind: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    #: What the table was made of, where it is JSON: each value has its key, so that none can stand
    #: under another's.
    documents: Documents | None = None

    def __post_init__(self) -> None:
        if self.record_count != self.second_count:
            raise Damage(
                f"two parsers count {self.record_count} and {self.second_count} records; a quote "
                "stands in the wrong place",
                self.header,
            )

    @property
    def record_count(self) -> int:
        """All records, also those that are malformed."""
        return len(self.numbers) + len(self.malformed)

    def frame(self, places: Iterable[int]) -> pl.DataFrame:
        """`record_number` and some columns, named by their places."""
        return self.named({str(place): place for place in places})

    def named(self, places: Mapping[str, int]) -> pl.DataFrame:
        """`record_number` and some columns, by the names that they are given."""
        table = pa.table({name: self.columns[place] for name, place in places.items()})
        frame = pl.from_arrow(table, rechunk=False)
        assert isinstance(frame, pl.DataFrame)
        return frame.insert_column(0, self.numbers.alias("record_number"))

    def record(self, number: int) -> list[str] | None:
        """The cells of a record; None where it is malformed or there is none of that number."""
        place = self.numbers.index_of(number)
        return None if place is None else [column[place].as_py() for column in self.columns]

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record's number and cells, in order, also of those that are malformed.

        For few records, or where time does not matter: a value at a time.
        """
        malformed = {each.number: each.text for each in self.malformed}
        fitting = self.frame(range(len(self.columns))).iter_rows()
        for number in range(1, self.record_count + 1):
            if number in malformed:
                yield number, split_record(malformed[number], self.delimiter or ",")
            else:
                yield number, list(next(fitting)[1:])


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A table whose header no layout knows, so that its records were not split."""

    #: The header, as each delimiter gives it that lets it be read.
    headers: tuple[tuple[str, ...], ...]
    #: One of the next records is a known header.
    has_known_header_below: bool
    sheet: str | None = None
    #: The keys of a JSON document's own; None where it is no JSON.
    keys: tuple[str, ...] | None = None


def split_record(text: str, delimiter: str) -> list[str]:
    """The cells of one record's text, also where its quotes are in disorder."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def is_known_below(records: Iterable[Sequence[str]], sheet: str | None, is_known: IsKnown) -> bool:
    """Whether one of the first records is a known header under something else."""
    return any(is_known(record, sheet) for record in islice(records, 20) if record)
