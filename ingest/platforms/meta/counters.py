"""The counters of Meta's content exports: lifetime totals, and a reach that guests' posts lack.

What belongs here: the rules of `Date` and `Reach`, which Instagram and Facebook share. What does
not: how a number is written (`fields/numbers.py`) and either platform's other counters.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import numbers, values
from ingest.fields.values import Cell, Step

#: A row is a lifetime total. A dated row is one day's gain and not the post's counters.
LIFETIME = {
    "en": "lifetime",
    "id": "sepanjang masa",
    "es": "total",
    "pt": "vitalício",
    "de": "gesamtlaufzeit",  # inferred, as the next
    "fr": "durée de vie",
}


def lifetime(field: str) -> Cell:
    """The `Date` column of Meta's content exports: passes where the row is a lifetime total."""
    raw = values.text(field)
    is_lifetime = raw.str.to_lowercase().is_in(list(LIFETIME.values())).fill_null(value=False)
    problem = pl.when(~is_lifetime).then(pl.lit("not_a_lifetime_total"))
    return Cell(raw, problem, pl.format("{} = {}", pl.lit(field), raw.fill_null("")), is_lifetime)


def lost_reach_step(owner: str, counter: str) -> Step:
    """`reach:is_lost`: a blank stands among the reaches of one account, so that cells moved.

    Args:
        owner: the field of the account that owns the post. A guest's posts have no reach.
        counter: a field that is told of every post, unless nothing is.
    """
    blank = pl.col("reach").str.strip_chars() == ""
    is_told = pl.col(counter).str.strip_chars() != ""
    several = pl.len().over("file", owner) >= 6
    is_rare = several & (blank.mean().over("file", owner) <= 0.25)

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        if "reach" not in frame.columns:
            return frame
        has_blank = frame.select(blank.any()).item()
        is_lost = blank & is_told & is_rare if has_blank else pl.lit(value=False)
        return frame.with_columns(is_lost.alias("reach:is_lost"))

    return derive


def reach() -> Cell:
    """The reach; the layout derives `lost_reach_step` as `reach:is_lost`."""
    read, is_lost = numbers.count("reach"), pl.col("reach:is_lost")
    detail = pl.lit("reach is blank, where the account's other posts have one")
    return Cell(
        read.value,
        pl.when(is_lost).then(pl.lit("cells_moved")),
        pl.when(is_lost).then(detail).otherwise(read.text),
        (read.value.is_not_null() | values.text("reach").is_null()) & ~is_lost,
        withheld=read.withheld,
        source=read.source,
    )
