"""How the text of a counter becomes a whole number, or why it can't.

What belongs here: thousands separators, decimal marks, rounded and destroyed numbers. What does
not: which column holds what (the platforms' modules).

Platforms write plain digits; everything else was put there by a spreadsheet or by an interface made
for reading. `10,6 rb` stands for anything from 10,550 to 10,649, so it is no count (decision 17).
`1.234` is 1234 where points group thousands and a fraction where they don't: the numbers of the
whole file tell which, or the record is rejected with both readings.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingest.layouts.cells import SCIENTIFIC, Cell, text

#: The column that holds the sign by which the file groups thousands, null where that is unknown.
THOUSANDS = "thousands"

_UNIT = r"(?:rb|ribu|jt|juta|m|miliar|k|b|mil|mill|mio|millones|mil\s*m)\.?"
_ROUNDED = rf"(?i)^[0-9]+(?:[.,][0-9]+)?\s*{_UNIT}$"
#: Digits, and a fraction of zeros that can't be a group of three.
_PLAIN = r"^([0-9]{1,18})(?:[.,](?:0{1,2}|0{4,}))?$|^([0-9]{4,18}|0)[.,]0+$"


def _grouped(mark: str, decimal: str) -> str:
    """Thousands in groups, which one group alone does not prove."""
    group = rf"[1-9][0-9]{{0,2}}(?:\{mark}[0-9]{{3}})"
    return rf"^({group}{{2,5}})(?:\{decimal}0+)?$|^({group}{{1,5}})\{decimal}0+$"


def _decimals(mark: str, other: str) -> str:
    """A fraction that can't be a group of thousands, of a number, a share or a rounded number."""
    end = rf"\s*(?:%|{_UNIT})?$"
    fraction = (
        rf"(?:0\{mark}[0-9]+|[0-9]+\{mark}(?:[0-9]{{1,2}}|[0-9]{{4,}})|[0-9]{{4,}}\{mark}[0-9]+)"
    )
    return rf"(?i)^-?(?:{fraction}|[1-9][0-9]{{0,2}}(?:\{other}[0-9]{{3}})+\{mark}[0-9]+){end}"


def thousands(fields: Sequence[str]) -> pl.Expr:
    """The sign by which each file groups thousands, as its numbers prove; else null.

    Args:
        fields: the columns that hold numbers; shares and hours count as proof too.
    """

    def occurs(pattern: str) -> pl.Expr:
        found = [pl.col(field).str.strip_chars().str.contains(pattern) for field in fields]
        return pl.any_horizontal(*found, pl.lit(value=False)).any().over("sha256")

    point = occurs(_grouped(".", ",")) | occurs(_decimals(",", "."))
    comma = occurs(_grouped(",", ".")) | occurs(_decimals(".", ","))
    return (
        pl.when(point & ~comma)
        .then(pl.lit("."))
        .when(comma & ~point)
        .then(pl.lit(","))
        .otherwise(pl.lit(None, dtype=pl.String))
    )


def count(field: str, *, can_be_hidden: bool = False) -> Cell:
    """A counter: a whole number of people or actions, null where it is not reported.

    Args:
        field: the field that holds the text.
        can_be_hidden: -1 means that the account hides it (TikTok's comments).
    """
    raw = text(field)
    if can_be_hidden:
        raw = pl.when(~raw.str.contains(r"^-1(?:\.0+)?$")).then(raw)
    return _cell(field, raw, raw, pl.lit(1))


def change(field: str) -> Cell:
    """A whole number that may be negative: gains less losses."""
    raw = text(field)
    sign = pl.when(raw.str.starts_with("-")).then(pl.lit(-1)).otherwise(pl.lit(1))
    return _cell(field, raw, raw.str.replace(r"^[+-]", ""), sign)


def _cell(field: str, raw: pl.Expr, unsigned: pl.Expr, sign: pl.Expr) -> Cell:
    mark = pl.col(THOUSANDS)
    single = unsigned.str.extract(r"^[1-9][0-9]{0,2}([.,])[0-9]{3}$")
    digits = pl.coalesce(
        *(
            unsigned.str.extract(pattern, group)
            for pattern in (_PLAIN, _grouped(".", ","), _grouped(",", "."))
            for group in (1, 2)
        ),
        pl.when(single == mark).then(unsigned),
    ).str.replace_all(r"[.,]", "")
    value = digits.cast(pl.Int64, strict=False)
    is_ambiguous = single.is_not_null() & value.is_null()
    problem = (
        pl.when(raw.is_null() | value.is_not_null())
        .then(None)
        .when(is_ambiguous)
        .then(pl.lit("ambiguous_count"))
        .when(unsigned.str.contains(r"^-[0-9]+(?:\.0+)?$"))
        .then(pl.lit("negative_count"))
        .when(unsigned.str.contains(_ROUNDED))
        .then(pl.lit("rounded_count"))
        .when(unsigned.str.contains(SCIENTIFIC))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_count"))
    )
    readings = pl.format(
        ", which is {} or a fraction", unsigned.str.replace_all(r"[.,]", "").fill_null("")
    )
    detail = pl.format(
        "{} = {}{}",
        pl.lit(field),
        raw,
        pl.when(is_ambiguous).then(readings).otherwise(pl.lit("")),
    )
    return Cell(value * sign, problem, detail)
