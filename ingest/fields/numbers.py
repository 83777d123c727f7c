"""How the text of a counter becomes a whole number, or why it can't.

What belongs here: thousands separators, decimal marks, rounded and destroyed numbers. What does
not: which column holds what (the platforms' modules).

Platforms write plain digits; everything else was put there by a spreadsheet or by an interface made
for reading. `10,6 rb` stands for anything from 10,550 to 10,649, so it is no count (decision 22).
`1.234` is 1234 where points group thousands and a fraction where they don't: the numbers of the
whole file tell which, or the number is withheld with both readings.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.fields.characters import OTHER
from ingest.fields.values import SCIENTIFIC, Cell, text, with_texts
from ingest.schemas import MAX_COUNT

#: What stands between groups of thousands and before decimals.
MARKS = frozenset(".,")

#: What stands for thousands, millions or more behind a rounded number, by language.
UNITS = {
    "en": ("k", "m", "b"),
    "id": ("rb", "ribu", "jt", "juta", "m", "miliar"),
    "es": ("mil", "mill", "mio", "millones", "mil m"),
    "pt": ("mil", "mi", "milhões", "bi"),
    "de": ("tsd", "mio", "mrd"),
    "fr": ("k", "m", "md"),
}
_UNIT = rf"(?:{'|'.join(unit for units in UNITS.values() for unit in units)})\.?"
_ROUNDED = rf"(?i)^[0-9]+(?:[.,][0-9]+)? ?{_UNIT}$"
#: A fraction of zeros that can't be a group of three.
_WHOLE = (r"^([+-]?[0-9]{1,18})[.,](?:0{1,2}|0{4,})$", r"^([+-]?(?:[0-9]{4,18}|0))[.,]0+$")
_ONE_GROUP = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"


def _grouped(mark: str, decimal: str) -> str:
    """Thousands in groups, which one group alone does not prove."""
    group = rf"(?:\{mark}[0-9]{{3}})"
    return (
        rf"^[+-]?[1-9][0-9]{{0,2}}(?:{group}{{2,5}}(?:\{decimal}0+)?|{group}{{1,5}}\{decimal}0+)$"
    )


def _fraction(mark: str, other: str) -> str:
    """A fraction that can't be a group of thousands, of a number, a share or a rounded number."""
    return (
        rf"(?i)^[+-]?(?:0\{mark}[0-9]+|[0-9]+\{mark}(?:[0-9]{{1,2}}|[0-9]{{4,}})|"
        rf"[0-9]{{4,}}\{mark}[0-9]+|[1-9][0-9]{{0,2}}(?:\{other}[0-9]{{3}})+\{mark}[0-9]+)"
        rf" ?(?:%|{_UNIT})?$"
    )


def plain(
    frame: pl.DataFrame, marked: Mapping[str, frozenset[str]]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """A file's records with plain digits wherever its numbers leave no doubt, and what was done.

    Args:
        frame: the records of one file, as text.
        marked: the columns of numbers in which `MARKS` occur, and what else; shares and hours prove
            how decimals are written.
    """
    if not marked:
        return frame, ()
    texts = with_texts(frame, marked)
    cells = pl.concat([texts.select(text(field).alias("text")) for field in marked])["text"]

    def occurs(pattern: str) -> bool:
        return bool(cells.str.contains(pattern).any())

    point = occurs(_grouped(".", ",")) or occurs(_fraction(",", "."))
    comma = occurs(_grouped(",", ".")) or occurs(_fraction(".", ","))
    changed = {}
    for field in marked:
        raw = text(field)
        changed[field] = pl.coalesce(
            *(raw.str.extract(pattern) for pattern in _WHOLE),
            _joined(raw, ".", ",", is_proven=point and not comma),
            _joined(raw, ",", ".", is_proven=comma and not point),
            pl.col(field),
        )
    repaired = texts.with_columns(**changed).select(frame.columns)
    count = sum(
        int((frame[field] != repaired[field]).sum())
        - int(frame[field].str.contains(f"{_WHOLE[0]}|{_WHOLE[1]}").sum())
        for field in marked
    )
    return repaired, (f"thousands separators taken out of numbers: {count}",) if count else ()


def _joined(raw: pl.Expr, mark: str, decimal: str, *, is_proven: bool) -> pl.Expr:
    """The digits of a number in groups of thousands; null where it is none."""
    pattern = _grouped(mark, decimal)
    if is_proven:
        pattern = rf"{pattern}|^[+-]?[1-9][0-9]{{0,2}}\{mark}[0-9]{{3}}$"
    digits = raw.str.replace(rf"\{decimal}0+$", "").str.replace_all(rf"\{mark}", "")
    return pl.when(raw.str.contains(pattern)).then(digits)


def with_counts(frame: pl.DataFrame, characters: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """The records with a column more for each field: its whole number, up to `MAX_COUNT`."""
    wholes = frame.select(
        pl.when(
            text(field).str.contains("^[0-9]{1,18}$")
            if OTHER in found
            else text(field).str.len_bytes() <= 18
        )
        .then(text(field))
        .cast(pl.Int64, strict=False)
        .alias(_count_of(field))
        for field, found in characters.items()
    )
    too_large = [whole.name for whole in wholes if (whole > MAX_COUNT).any()]
    return frame.hstack(
        wholes.with_columns(
            pl.when(pl.col(name) <= MAX_COUNT).then(pl.col(name)).alias(name) for name in too_large
        )
    )


def _count_of(field: str) -> str:
    return f"{field}:count"


def count(field: str, *, can_be_hidden: bool = False) -> Cell:
    """A counter: a whole number of people or actions, null where it is not reported.

    Args:
        field: the field that holds the text, made `plain` before.
        can_be_hidden: -1 means that the account hides it (TikTok's comments).
    """
    raw = text(field)
    if can_be_hidden:
        raw = pl.when(raw != "-1").then(raw)
    return _cell(field, raw, pl.col(_count_of(field)))


def counts(columns: Mapping[str, str], fields: frozenset[str]) -> dict[str, Cell]:
    """Several counters: the contract's column to the field that tells it, where a file has that."""
    return {column: count(field) for column, field in columns.items() if field in fields}


def change(field: str) -> Cell:
    """A whole number that may be negative: gains less losses."""
    raw = text(field)
    is_whole = raw.str.contains("^[+-]?[0-9]{1,18}$")
    value = pl.when(is_whole).then(raw).cast(pl.Int64, strict=False)
    return _cell(field, raw, pl.when(value.is_between(-MAX_COUNT, MAX_COUNT)).then(value))


def _cell(field: str, raw: pl.Expr, value: pl.Expr) -> Cell:
    is_ambiguous = raw.str.contains(_ONE_GROUP)
    rule = (
        pl.when(raw.is_null() | value.is_not_null())
        .then(None)
        .when(is_ambiguous)
        .then(pl.lit("ambiguous_count"))
        .when(raw.str.contains("^[+-]?[0-9]{13,}$"))
        .then(pl.lit("count_too_large"))
        .when(raw.str.contains("^-[0-9]+$"))
        .then(pl.lit("negative_count"))
        .when(raw.str.contains(_ROUNDED))
        .then(pl.lit("rounded_count"))
        .when(raw.str.contains(SCIENTIFIC))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_count"))
    )
    readings = pl.format(", which is {} or a fraction", raw.str.replace_all("[.,]", ""))
    detail = pl.format(
        "{} = {}{}", pl.lit(field), raw, pl.when(is_ambiguous).then(readings).otherwise(pl.lit(""))
    )
    is_good = raw.is_null() | value.is_not_null()
    return Cell(value, None, detail, is_good, withheld=rule, source=field)
