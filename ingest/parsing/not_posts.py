"""Records that are no posts and no days: totals, blank rows, headers again, what failed at Meta.

What belongs here: how such a record is told, by words that are declared here and by cells that a
post can't lack. What does not: totals and notices that a platform writes in every export of a kind
(`Layout.totals`, `Layout.cap_notice`), and records whose cells moved (`shifted_cells.py`).

They are set aside and counted. A record that may be a post in disorder is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl
import pyarrow.compute

from ingest.fields.characters import OTHER, SPACE
from ingest.fields.layout import Layout, Match, normalise
from ingest.files import Damage, MalformedRecord, Table
from ingest.platforms import LAYOUTS

#: Why records are set aside, in words for the ledger.
TOTALS = "totals row"
CAP_NOTICE = "notice that the platform cut the list"
BLANK = "row of delimiters alone"
HEADER = "header again"
UNCOMPUTED = "row that the platform could not compute"
NOTHING = "record of a table that holds nothing"

#: What people write before the totals below a table, in small letters, with or without a colon.
TOTALS_WORDS = {
    "en": ("total", "totals", "grand total", "subtotal", "sub total", "sum", "average"),
    "id": ("jumlah", "jumlah total", "total keseluruhan", "jumlah keseluruhan", "rata-rata"),
    "es": ("suma", "total general", "promedio"),
    "pt": ("soma", "total geral", "média"),
    "de": ("gesamt", "summe", "gesamtsumme", "durchschnitt"),
    "fr": ("somme", "total général", "moyenne"),
}
_ANY_TOTALS = "|".join(re.escape(word) for words in TOTALS_WORDS.values() for word in words)
_IS_TOTALS = rf"(?i)^(?:{_ANY_TOTALS})\s*:?$"
_LONGEST_QUOTE = 200
_LETTER = re.compile(r"[^\W\d_]")
_KNOWN = frozenset(name for layout in LAYOUTS for name in layout.by_header)
#: The title of a table that stands above others in one file; it is no cell of a record.
_TITLE = "table"


class NoPost(NamedTuple):
    """A record that is no post."""

    number: int
    #: One of the constants above.
    reason: str
    #: What the record itself says of it; None where it says nothing.
    quote: str | None


def find(
    table: Table, characters: Sequence[frozenset[str]], layout: Layout, match: Match
) -> list[NoPost]:
    """The records that are no posts, among those that have as many cells as the header.

    Args:
        table: the records as text.
        characters: what occurs in each of its columns (`characters.py`).
        layout: knows its header.
        match: how it reads the header.

    Raises:
        Damage: another header stands below.
    """
    again = _headers(table, characters, layout, match)
    found = {number: NoPost(number, HEADER, None) for number in again}
    if layout.record_type != "nothing":
        for record in _without_identity(table, characters, layout, match):
            found.setdefault(record.number, record)
    return list(found.values())


def errors(table: Table, layout: Layout, match: Match) -> list[NoPost]:
    """The records of JSON that have an error in the place of a post, with what it says."""
    says = [place for place, name in enumerate(match.names) if name in layout.comment_headers]
    if not says:
        return []
    naming = [place for places in match.positions.values() for place in places]
    no_post = pl.all_horizontal(pl.col(str(place)) == "" for place in naming)
    found = table.frame([*says, *naming]).filter(no_post & (pl.col(str(says[0])) != ""))
    return [NoPost(row[0], UNCOMPUTED, row[1][:_LONGEST_QUOTE]) for row in found.iter_rows()]


def is_blank(record: MalformedRecord) -> bool:
    """Whether a record of another width has delimiters alone."""
    return bool(re.fullmatch(r'(?:[,;\t \r\n]|"")*[,;\t](?:[,;\t \r\n]|"")*', record.text))


def _headers(
    table: Table, characters: Sequence[frozenset[str]], layout: Layout, match: Match
) -> list[int]:
    """The numbers of records that are the header again, where exports were put under each other.

    Raises:
        Damage: it is one of other columns or in another order.
    """
    fewest = min(3, len(match.names))
    # A header has words where others have numbers, so few records are looked at.
    numbers = [p for field in layout.numbers for p in match.positions.get(field, ())]
    if numbers and not any(OTHER in characters[place] for place in numbers):
        return []
    worded = [pl.col(str(place)).str.contains(r"\p{L}") for place in numbers]
    every = table.frame(range(len(match.names)))
    maybe = every.filter(pl.any_horizontal(worded)) if worded else every
    again = []
    for number, *texts in maybe.iter_rows():
        if sum(text.strip().lower() in _KNOWN for text in texts) < fewest:
            continue
        if not any(each.match(texts) for each in LAYOUTS):
            continue
        if not _say_the_same(texts, layout, match):
            raise Damage(
                f"record {number} is a second header, with other columns or in another order; "
                "send each export as a file of its own"
            )
        again.append(number)
    return again


def _say_the_same(texts: Sequence[str], layout: Layout, match: Match) -> bool:
    def field(name: str) -> str:
        column = layout.by_header.get(name)
        return column.field if column else name

    return [field(normalise(text)) for text in texts] == [field(name) for name in match.names]


def _without_identity(
    table: Table, characters: Sequence[frozenset[str]], layout: Layout, match: Match
) -> Iterator[NoPost]:
    """Records that lack whatever would name and date a post.

    Of the layout's columns that hold no numbers at most one is filled, apart from the one that says
    that a record is a lifetime total.
    """
    comments = [n for n, name in enumerate(match.names) if name in layout.comment_headers]
    numbers = {p for field in layout.numbers for p in match.positions.get(field, ())}
    naming = [
        place
        for field, places in match.positions.items()
        if field != _TITLE
        for place in places
        if place not in numbers
    ]
    can_be_blank = [place for place in naming if _may_have_blank(table, characters, place)]
    if len(can_be_blank) < len(naming) - 1:
        return
    filled = pl.sum_horizontal(pl.col(str(n)).str.strip_chars() != "" for n in naming)
    every = table.frame(range(len(match.names)))
    for number, *cells in every.filter(filled <= 1).iter_rows():
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            yield NoPost(number, BLANK, None)
            continue
        named = [texts[place] for place in naming if texts[place]]
        worded = [
            text
            for place, text in enumerate(texts)
            if place not in numbers and _LETTER.search(text)
        ]
        if len(worded) == 1 and re.fullmatch(_IS_TOTALS, worded[0]) and named in ([], worded):
            yield NoPost(number, TOTALS, None)
            continue
        said = next((texts[place] for place in comments if _LETTER.search(texts[place])), None)
        dates = [texts[place] for place in match.positions.get("date", ())]
        if said and named in ([], dates):
            yield NoPost(number, UNCOMPUTED, said[:_LONGEST_QUOTE])


def _may_have_blank(table: Table, characters: Sequence[frozenset[str]], place: int) -> bool:
    shortest = pyarrow.compute.min(pyarrow.compute.binary_length(table.columns[place]))
    return SPACE in characters[place] or shortest.as_py() == 0
