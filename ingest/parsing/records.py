"""The records of a table by the fields of its layout.

What belongs here: which column feeds a field, also where columns are repeated, what is derived of
the fields, and the last record of a table that may be cut. What does not: how text is split into
records (`files/`), which layout it is (`recognise.py`) and what a cell means (`parse.py`,
`platforms/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from ingest.fields.layout import Layout, Match, normalise
from ingest.fields.numbers import with_counts
from ingest.fields.values import with_texts
from ingest.files import Damage, MalformedRecord, Table


def fields(table: Table, match: Match) -> pl.DataFrame:
    """The records by the fields of their layout, and `…:conflict` where repeated columns differ."""
    found = sorted(match.positions.items())
    frame = table.named({field: positions[0] for field, positions in found})
    repeated = [(field, positions) for field, positions in found if len(positions) > 1]
    if not repeated:
        return frame
    texts = table.frame(place for _, positions in repeated for place in positions)
    return frame.with_columns(
        *texts.select(_one_of(positions).alias(field) for field, positions in repeated),
        *texts.select(
            _conflict(positions).alias(f"{field}:conflict") for field, positions in repeated
        ),
    )


def derived(
    frame: pl.DataFrame, layout: Layout, characters: Mapping[str, frozenset[str]]
) -> pl.DataFrame:
    """The records with what their cells' meaning needs: texts, counts, the layout's own columns.

    Args:
        frame: the records as text, with `file`, a number for each file.
        layout: knows them.
        characters: what occurs in each field (`characters.py`).
    """
    plain = {field: found for field, found in characters.items() if field not in layout.prose}
    counted = {field: found for field, found in plain.items() if field in layout.numbers}
    frame = with_counts(with_texts(frame, plain), counted)
    for derive in layout.derived:
        frame = derive(frame)
    return frame


def unterminated(
    table: Table,
    fitting: pl.DataFrame,
    malformed: list[MalformedRecord],
    layout: Layout,
    match: Match,
) -> tuple[pl.DataFrame, list[MalformedRecord]]:
    """Take the last record of a file without a line end out, where it may be cut inside a number.

    Args:
        table: does not end with a line end.
        fitting: its records by the fields of the layout.
        malformed: its malformed records, and those of which cells have moved.
        layout: says how files of its kind end.
        match: how it reads the header.

    Raises:
        Damage: the header itself may be cut, so that "no records" is no true zero.
    """
    ending = layout.ending
    count = table.record_count
    if not count:
        if ending.kind == "line" or match.names[-1] != normalise(ending.last):
            raise Damage("the file ends inside or right after its header; export it again")
        return fitting, malformed
    last = fitting.filter(pl.col("record_number") == count)
    if last.height:
        if ending.kind == "quote" and table.ending == "quote":
            return fitting, malformed
        field = match.last_field
        if ending.kind == "bare" and field is None:
            return fitting, malformed
        if ending.kind == "bare" and field and match.names[-1] == normalise(ending.last):
            is_last = pl.col("record_number") == count
            blanked = pl.when(~is_last).then(pl.col(field)).otherwise(pl.lit(""))
            return fitting.with_columns(blanked.alias(field)), malformed
        text = last[layout.cap_notice[0]].item() if layout.cap_notice else ""
    else:
        text = malformed[-1].text
    detail = (
        "the file ends without a line end, so its last record may be cut, even inside a number; "
        "export it again"
    )
    others = [each for each in malformed if each.number != count]
    return (
        fitting.filter(pl.col("record_number") != count),
        [*others, MalformedRecord(count, "unterminated", detail, text)],
    )


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
