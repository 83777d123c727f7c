"""Whether the cells of a record stand where its header says, as the table as a whole shows it.

What belongs here: records swallowed by a quote, cells that moved, columns that make a table another
kind. What does not: how records are split (`files/`), what a cell means (`platforms/`), a second
header (`not_posts.py`), and what a counter that can't be read shows (`unreadable_counters.py`).

A number under the wrong header is as good as any other, so these traces are all that tells.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import polars as pl
import pyarrow.compute

from ingest.fields.characters import LINES, SPACE
from ingest.fields.layout import Layout, Match
from ingest.files import Damage, MalformedRecord, Table

#: A column that is blank in more records than this may be blank.
_RARE = 0.25
#: In fewer records a column may be blank by chance.
_SEVERAL = 6
_DIGITS = re.compile(r'^"?[0-9][0-9.,]*"?$')
_DAY = (
    r"^(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b|\p{L}{3,10}\.? [0-9]{1,2},? [0-9]{4}$"
    r"|[0-9]{1,2}[- ](?:de )?\p{L}{3,10}\.?[- ](?:de )?[0-9]{2,4}$)"
)


def check(
    table: Table,
    characters: Sequence[frozenset[str]],
    layout: Layout,
    match: Match,
    no_posts: Sequence[int] = (),
) -> list[MalformedRecord]:
    """The records whose cells may have moved.

    Args:
        table: the records as text.
        characters: what occurs in each of its columns (`characters.py`).
        layout: knows its header.
        match: how it reads the header.
        no_posts: the numbers of records that are no posts and show nothing of the others.

    Raises:
        Damage: a quote swallowed a record, the header's own cells may have moved, or a column makes
            the table another kind.
    """
    _no_record_in_a_cell(table, characters, layout, match)
    _no_moved_header(layout, match)
    _no_unknown_days(table, layout, match)
    moved = _under_no_header(table, characters, match)
    moved += _blank(table, characters, layout, match, no_posts)
    found = {record.number: record for record in moved if record.number not in no_posts}
    return list(found.values())


def _no_record_in_a_cell(
    table: Table, characters: Sequence[frozenset[str]], layout: Layout, match: Match
) -> None:
    """Two quotes in the wrong place join two texts and all that stands between them."""
    width = len(match.names)
    # A spreadsheet may have taken its cells from delimited text.
    delimiter = table.delimiter or ","
    numbers = {
        place
        for field, places in match.positions.items()
        if field in layout.numbers
        for place in places
    }
    for place in [n for n in range(width) if characters[n] & LINES]:
        count = pl.col(str(place)).str.count_matches(delimiter, literal=True)
        for number, joined in table.frame([place]).filter(count >= width - 1).rows():
            lines = re.split("[\r\n]+", joined)
            for above, below in itertools.pairwise(lines):
                if _are_one_record(above, below, place, numbers, width, delimiter):
                    raise Damage(
                        f"a quote stands in the wrong place in or before record {number}: a cell "
                        "holds a record; send the export as it was downloaded"
                    )


def _are_one_record(
    above: str, below: str, place: int, numbers: set[int], width: int, delimiter: str
) -> bool:
    """Whether a line ends as records do behind a cell, and the next begins as they do before it."""
    after, before = above.split(delimiter), below.split(delimiter)
    if len(after) < width - place or len(before) <= place:
        return False
    cells = {n: before[n] for n in range(place)}
    cells |= {n: after[n - width] for n in range(place + 1, width)}
    counts = [cells[n] for n in numbers if n != place and cells[n].strip()]
    return bool(counts) and all(_DIGITS.match(count) for count in counts)


def _no_moved_header(layout: Layout, match: Match) -> None:
    """A header cell that was taken out leaves a blank one at the end."""
    lacking = [
        column.example
        for column in layout.columns
        if column.field not in match.positions and layout.always_filled & column.locales.keys()
    ]
    if not match.names[-1] and lacking:
        raise Damage(
            f"the header lacks {lacking[0]} and ends in a blank cell, so its cells may have moved; "
            "send the export as it was downloaded"
        )


def _no_unknown_days(table: Table, layout: Layout, match: Match) -> None:
    if not layout.forbids_unknown_days:
        return
    for place, name in enumerate(match.names):
        if name in layout.by_header or name in layout.ignored_headers:
            continue
        filled = table.frame([place])[str(place)].str.strip_chars()
        filled = filled.filter(filled != "")
        if len(filled) and filled.str.contains(_DAY).all():
            raise Damage(
                f"the column {name} holds days, so that this may be a table by day and not of "
                f"{layout.kind}; export the table without it"
            )


def _under_no_header(
    table: Table, characters: Sequence[frozenset[str]], match: Match
) -> list[MalformedRecord]:
    """A first column without a header is a list's numbering; behind it, cells have moved."""
    nameless = [place for place, name in enumerate(match.names) if place and not name]
    if not nameless:
        return []
    has_moved = pl.any_horizontal(~_is_blank(characters, place) for place in nameless)
    detail = "a value stands in a column without a header, so the record's cells may have moved"
    numbers = table.frame(nameless).filter(has_moved)["record_number"]
    return [MalformedRecord(number, "cells_moved", detail, "") for number in numbers]


def _is_blank(characters: Sequence[frozenset[str]], place: int) -> pl.Expr:
    text = pl.col(str(place))
    return (text.str.strip_chars() if SPACE in characters[place] else text) == ""


def _may_have_blank(table: Table, characters: Sequence[frozenset[str]], place: int) -> bool:
    """Whether some cell of a column may be blank."""
    shortest = pyarrow.compute.min(pyarrow.compute.binary_length(table.columns[place]))
    return SPACE in characters[place] or shortest.as_py() == 0


def _blank(
    table: Table,
    characters: Sequence[frozenset[str]],
    layout: Layout,
    match: Match,
    no_posts: Sequence[int],
) -> list[MalformedRecord]:
    """A blank where the platform leaves none: a cell was lost or put in, and the others moved.

    Where none of the counters that the layout needs is reported, none can be reported wrongly.
    """
    blank = {
        place: _is_blank(characters, place)
        for place, name in enumerate(match.names)
        if name in layout.always_filled
    }
    needed = {column.field for column in layout.columns if column.is_number and column.required}
    is_reported = [
        ~blank[place]
        for field in needed
        for place in match.positions.get(field, ())
        if place in blank
    ]
    if not is_reported or len(table.numbers) - len(no_posts) < _SEVERAL:
        return []
    if not any(_may_have_blank(table, characters, place) for place in blank):
        return []
    frame = table.frame(blank)
    if no_posts:
        frame = frame.filter(~pl.col("record_number").is_in(list(no_posts)))
    shares = frame.select(is_blank.mean().alias(str(p)) for p, is_blank in blank.items())
    found: list[MalformedRecord] = []
    for place, is_blank in blank.items():
        name = match.names[place]
        # Of doubles one is often dead.
        if match.names.count(name) > 1 or not 0 < shares[str(place)].item() <= _RARE:
            continue
        detail = f"{name} is blank, as the platform never leaves it; the cells may have moved"
        moved = frame.filter(is_blank & pl.any_horizontal(is_reported))["record_number"]
        found += [MalformedRecord(number, "cells_moved", detail, "") for number in moved]
    return found
