"""Whether a counter that can't be read shows that the cells of its record moved.

What belongs here: the traces that a text in a counter's column leaves of where it came from. What
does not: traces in records whose counters can all be read (`shifted_cells.py`), and why a number
can't be read (`fields/numbers.py`).

A counter that was damaged where it stands is withheld and costs nothing else. Where its text was
pushed there from another column, the record's other numbers stand under wrong headers too, and
are as good as any: such a record is rejected. A text is taken to be from elsewhere if it is a link,
a day, an ID or a caption, or if a column that holds such texts stands so near that a cell lost or
put in between would have brought it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl
import pyarrow.compute

from ingest.fields.characters import OTHER
from ingest.fields.dates import MONTHS
from ingest.fields.layout import Column, Layout, Match
from ingest.fields.values import NULL_TOKENS
from ingest.files import MalformedRecord, Table

#: A number of more digits is an ID.
_DIGITS = 14
#: Digits that no ID has, perhaps with a spreadsheet's marks of text.
_PLAIN = r"""^\s*(?:=?"|[='])?[0-9]{0,14}"?\s*$"""
#: The same of gains less losses.
_SIGNED = r"""^\s*(?:=?"|[='])?[+-]?[0-9]{0,14}"?\s*$"""
#: A link; a time, a duration or a day in digits; an ID, whole or in scientific notation.
_FOREIGN = (
    r"(?i)://|^www\.|[0-9]:[0-9]{2}|^[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}"
    r"|[0-9]{15}|^[0-9](?:[.,][0-9]*)?e\+?(?:1[2-9]|[2-9][0-9])$"
)
#: The fields that hold links.
_LINKS = ("link", "permalink")
_NEGATIVE = "^-[0-9]+$"
_WORD = re.compile(r"[^\W\d_]{3,}")
#: No damaged number is so long, captions are.
_LONGEST = 40
#: So far a text is taken to have been pushed.
_REACH = 2
#: In a column of such a name numbers may have fractions.
_MEASURE = re.compile(
    r"average|rata-rata|promedio|rate|rasio|percent|persen|porcentaje|%|hour|jam|hora|second|detik"
    r"|segundo|duration|durasi|duración|usd|earning|revenue|cpm|rpm"
)


def _longest(table: Table, place: int) -> int:
    """The bytes of the longest cell of a column."""
    return pyarrow.compute.max(pyarrow.compute.binary_length(table.columns[place])).as_py() or 0


class _Held(NamedTuple):
    """What the cells of a column are, in the whole table."""

    filled: int
    #: Those that are negative whole numbers, other numbers with marks, and those without digits.
    negatives: int
    numbers: int
    words: int


def moved(
    table: Table,
    fitting: pl.DataFrame,
    characters: Sequence[frozenset[str]],
    layout: Layout,
    match: Match,
) -> list[MalformedRecord]:
    """The records in which a counter's text came from another column.

    Args:
        table: the records as text.
        fitting: those that are not malformed, by the fields of the layout, numbers as plain as
            can be (`numbers.plain`).
        characters: what occurs in each of the table's columns (`characters.py`).
        layout: knows its header.
        match: how it reads the header.
    """
    places = {
        field: match.positions[field]
        for field in layout.counts
        if any(
            OTHER in characters[place] or _longest(table, place) > _DIGITS
            for place in match.positions.get(field, ())
        )
    }
    if not places:
        return []
    look = _Look(table, layout, match)
    readable = {
        field: _SIGNED if look.is_change(place[0]) else _PLAIN for field, place in places.items()
    }
    doubtful = [~pl.col(field).str.contains(pattern) for field, pattern in readable.items()]
    found = fitting.filter(pl.any_horizontal(doubtful)).select("record_number", *places)
    if found.is_empty():
        return []
    numbers = found["record_number"].implode()
    cells = table.frame(range(len(match.names))).filter(pl.col("record_number").is_in(numbers))
    moved: list[MalformedRecord] = []
    for (number, *texts), (_, *record) in zip(found.iter_rows(), cells.iter_rows(), strict=True):
        for field, text in zip(places, texts, strict=True):
            if re.match(readable[field], text) or text.strip().lower() in NULL_TOKENS:
                continue
            if why := look.whence(record, places[field], text.strip()):
                name = match.names[places[field][0]]
                detail = f"{name} holds {text.strip()[:_LONGEST]}, {why}; the cells may have moved"
                moved.append(MalformedRecord(number, "cells_moved", detail, ""))
                break
    return moved


class _Look:
    """The columns of a table, as far as they tell where a text may have come from."""

    def __init__(self, table: Table, layout: Layout, match: Match) -> None:
        self._table = table
        self._layout = layout
        self._match = match
        self._held: dict[int, _Held] = {}
        self._columns = [layout.by_header.get(name) for name in match.names]

    def is_change(self, place: int) -> bool:
        """Whether the numbers of a column may be negative."""
        column = self._columns[place]
        return column is not None and column.is_change

    def whence(self, record: Sequence[str], places: Sequence[int], text: str) -> str | None:
        """Why a text in a counter's column is from elsewhere; None where it is not."""
        if _is_foreign(text):
            return "which is no number of people"
        for place in places:
            if record[place].strip() != text:
                continue
            for source in self._sources(record, place):
                if self._can_hold(source, text):
                    name = self._match.names[source] or "the column without a name"
                    return f"as {name} may"
        return None

    def _sources(self, record: Sequence[str], place: int) -> Iterator[int]:
        """The columns from which a lost or an added cell would have pushed a text to a place.

        Behind a cell that stands where its header says, nothing moved. A record has as many cells
        as its header, so where one was put in or lost, a blank tells, unless a caption was split.
        """
        for step in (-1, 1):
            run = list(self._run(record, place, step))
            blanks = sum(not record[n].strip() for n in run)
            for distance, source in enumerate(run[:_REACH], start=1):
                column = self._columns[source]
                is_split = step < 0 and column is not None and column.is_prose
                is_whole = column is not None and column.is_count and not self.is_change(source)
                if not is_whole and (blanks >= distance or is_split):
                    yield source

    def _run(self, record: Sequence[str], place: int, step: int) -> Iterator[int]:
        """The columns on one side of a place, up to one that stands where its header says."""
        at = place + step
        while 0 <= at < len(record):
            if self._is_in_place(record[at].strip(), self._columns[at]):
                return
            yield at
            at += step

    def _is_in_place(self, text: str, column: Column | None) -> bool:
        """Whether a cell shows that it stands under its own header."""
        if not text or column is None or column.is_prose or column.is_number:
            return False
        return ("://" in text) == (column.field in _LINKS)

    def _can_hold(self, place: int, text: str) -> bool:
        """Whether a column may hold such a text, as its other cells show, or its name."""
        column = self._columns[place]
        if column is not None and column.is_prose:
            return True
        if self.is_change(place):
            return bool(re.match(_NEGATIVE, text))
        held = self._in_column(place)
        has_digits = any(character.isdigit() for character in text)
        if held.filled > 1 and re.match(_NEGATIVE, text):
            return held.negatives > 0
        if held.filled > 1:
            return (held.numbers if has_digits else held.words) > 0
        name = self._match.names[place]
        is_known = column is not None or name in self._layout.ignored_headers
        return not is_known or (has_digits and bool(_MEASURE.search(name)))

    def _in_column(self, place: int) -> _Held:
        if place not in self._held:
            text = pl.col(str(place)).str.strip_chars()
            others = text.filter((text != "") & ~text.str.contains("^[0-9]+$"))
            is_negative, has_digits = (others.str.contains(p) for p in (_NEGATIVE, "[0-9]"))
            counts = self._table.frame([place]).select(
                filled=(text != "").sum(),
                negatives=is_negative.sum(),
                numbers=(has_digits & ~is_negative).sum(),
                words=(~has_digits).sum(),
            )
            self._held[place] = _Held(*counts.row(0))
        return self._held[place]


def _is_foreign(text: str) -> bool:
    """Whether no damage makes such a text of a counter."""
    if len(text) > _LONGEST or "\n" in text or "\r" in text or re.search(_FOREIGN, text):
        return True
    names_month = any(word.lower() in MONTHS for word in _WORD.findall(text))
    return names_month and any(character.isdigit() for character in text)
