"""How the text of a cell becomes a value, shared by all layouts.

What belongs here: null tokens, whole numbers, identifiers, times; each as polars expressions that
give the value, or the rule that the text broke. What does not: which column holds what (the
platforms' modules) and what is allowed of a row as a whole (`contract.py`).

Sources of the rules: the platforms' exports as found in the wild, dated where they drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

#: Texts that mean "not reported" on some platform; never zero. TikTok Business Suite writes `--`
#: and `NAN`, TikTok Studio `undefined`, X `-`.
NULL_TOKENS = ("", "-", "--", "nan", "undefined", "n/a", "null")

META_ZONE = "America/Los_Angeles"

_MONTHS = {
    # English and Indonesian month names by their first letters; "agu" and "agt" both occur.
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8},
    **{"sep": 9, "oct": 10, "nov": 11, "dec": 12},
    **{"mei": 5, "agu": 8, "agt": 8, "okt": 10, "des": 12},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value read from a record, and where it can't be read, why.

    `problem` is null where the value is good, else the name of the broken rule; `text` is what the
    record says, for the reject's detail.
    """

    value: pl.Expr
    problem: pl.Expr | None = None
    text: pl.Expr | None = None


def text(field: str) -> pl.Expr:
    """A cell's text without surrounding white space; null where it is a null token.

    A spreadsheet's marks that a number is text, `="123"` and `'123`, are taken off.
    """
    stripped = (
        pl.col(field)
        .str.strip_chars()
        .str.replace(r'^="([^"]*)"$', "${1}")
        .str.replace(r"^'(-?[0-9][0-9.,]*)$", "${1}")
    )
    return pl.when(~stripped.str.to_lowercase().is_in(NULL_TOKENS)).then(stripped)


def prose(field: str) -> pl.Expr:
    """A caption, to the character as delivered; null where it is empty."""
    return pl.when(pl.col(field) != "").then(pl.col(field))


def count(field: str, *, hidden: str | None = None) -> Cell:
    """A counter: a whole number of people or actions, null where it is not reported.

    Args:
        field: the field that holds the text.
        hidden: a text that means "hidden by the account" (TikTok writes -1 for hidden comments).

    `12.0` is a whole number that went through a spreadsheet and is repaired; anything else that is
    not digits is not guessed at: `10,6 rb` has lost digits, and `1.000` could be read two ways.
    """
    raw = text(field) if hidden is None else text(field).replace(hidden, None)
    # Digits only: a plain cast would also take a sign.
    digits = raw.str.extract(r"^([0-9]+)(?:\.00?)?$")
    value = digits.cast(pl.Int64, strict=False)
    problem = (
        pl.when(raw.is_null() | value.is_not_null())
        .then(None)
        .when(raw.str.contains(r"^-[0-9]+(\.0+)?$"))
        .then(pl.lit("negative_count"))
        .when(
            raw.str.contains(r"(?i)^[0-9][.,]?[0-9]*e[+]?[0-9]+$|[0-9]\s*(rb|jt|k|m|mil|ribu)\.?$")
        )
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_count"))
    )
    return Cell(value, problem, pl.format("{} = {}", pl.lit(field), raw))


def identifier(field: str, pattern: str) -> Cell:
    """A platform's ID: the whole text matches `pattern`, else the record is rejected.

    A spreadsheet turns long IDs into `1.23E+16`; the digits are gone, so nothing can repair it.
    """
    raw = text(field)
    good = raw.str.contains(f"^(?:{pattern})$").fill_null(value=False)
    problem = (
        pl.when(good)
        .then(None)
        .when(raw.str.contains(r"(?i)^[0-9][.,]?[0-9]*e[+]?[0-9]+$"))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_id"))
    )
    return Cell(
        pl.when(good).then(raw), problem, pl.format("{} = {}", pl.lit(field), raw.fill_null(""))
    )


def flag(field: str) -> Cell:
    """A yes or no; blank means no."""
    raw = text(field).str.to_lowercase()
    yes, no = raw.is_in(["1", "true", "yes", "1.0"]), raw.is_in(["0", "false", "no", "0.0"])
    problem = pl.when(raw.is_not_null() & ~yes & ~no).then(pl.lit("unreadable_flag"))
    return Cell(yes.fill_null(value=False), problem, pl.format("{} = {}", pl.lit(field), raw))


def seconds(instant: pl.Expr) -> pl.Expr:
    """An instant from milliseconds since 1970, truncated to whole seconds (UTC)."""
    return pl.from_epoch(instant // 1000, time_unit="s").cast(pl.Datetime("us"))


def meta_steps(field: str) -> tuple[tuple[str, pl.Expr], ...]:
    """What `meta_time` needs of its field, as columns, so that each is worked out once."""
    raw, wall = text(field), pl.col("wall")
    # Parsing alone would take a year of two digits for one of the first century.
    whole = raw.str.extract(r"^([0-9]{1,2}/[0-9]{1,2}/20[0-9]{2} [0-9]{1,2}:[0-9]{2})$")
    day_first = raw.str.contains("^(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/")

    def reading(which: str) -> pl.Expr:
        zoned = wall.dt.replace_time_zone(META_ZONE, ambiguous=pl.lit(which), non_existent="null")
        return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    return (
        ("wall", whole.str.to_datetime("%m/%d/%Y %H:%M", strict=False, time_unit="us")),
        ("first_at", reading("earliest")),
        ("second_at", reading("latest")),
        ("is_day_first_file", day_first.any().over("sha256")),
    )


def meta_time(field: str, id_at: pl.Expr) -> Cell:
    """Meta's `Publish time`: `MM/DD/YYYY HH:MM`, Los Angeles wall time in every locale, to UTC.

    Args:
        field: the field that holds the text; the layout derives its `meta_steps`.
        id_at: the time that the post's ID encodes (UTC), or null.

    What can be read two ways is resolved by the ID where that lies within two hours of one reading
    (an ID can be older than a scheduled post), else rejected with both readings named: the hour
    that occurs twice each November, and day and month in a file of which another record writes
    the day first. The hour that never existed in March is rejected.
    """
    raw, wall, first, second = text(field), *map(pl.col, ("wall", "first_at", "second_at"))
    nearer = pl.when((id_at - first).abs() <= (id_at - second).abs()).then(first).otherwise(second)
    confirmed = ((id_at - nearer).abs() <= timedelta(hours=2)).fill_null(value=False)
    swappable = (
        pl.col("is_day_first_file") & (wall.dt.day() <= 12) & (wall.dt.day() != wall.dt.month())
    )
    value = pl.when(confirmed | ((first == second) & ~swappable)).then(nearer)
    problem = (
        pl.when(value.is_not_null())
        .then(None)
        .when(wall.is_null())
        .then(pl.lit("unreadable_time"))
        .when(first.is_null())
        .then(pl.lit("time_never_existed"))
        .otherwise(pl.lit("ambiguous_time"))
    )
    readings = [reading.dt.to_string("%H:%M") for reading in (first, second)]
    detail = pl.format(
        "{} = {} in Los Angeles{}",
        pl.lit(field),
        raw.fill_null(""),
        pl.when(first != second)
        .then(pl.format(", which is {} or {} UTC", *readings))
        .when(swappable)
        .then(pl.lit(", but other records of the file write the day first"))
        .otherwise(pl.lit("")),
    )
    return Cell(value, problem, detail)


def written_date(field: str) -> Cell:
    """A day written out: `Dec 18, 2022`, `Sat, Aug 1, 2026`, `Mon Feb 17 2025`, `18 Des 2022`.

    The month is a word, so its place says which number is the day.
    """
    raw = text(field)
    month_first = raw.str.extract_groups(
        r"^(?:[A-Za-z]{3},? )?"
        r"(?<month>[A-Za-z]{3})[a-z]*\.? (?<day>[0-9]{1,2}),? (?<year>20[0-9]{2})$"
    )
    day_first = raw.str.extract_groups(
        r"^(?<day>[0-9]{1,2}) (?<month>[A-Za-z]{3})[a-z]*\.? (?<year>20[0-9]{2})$"
    )

    def part(name: str) -> pl.Expr:
        return pl.coalesce(month_first.struct.field(name), day_first.struct.field(name))

    month = (
        part("month").str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.Int8)
    )
    value = pl.format("{}-{}-{}", part("year"), month, part("day")).str.to_date(
        "%Y-%m-%d", strict=False
    )
    problem = pl.when(value.is_null()).then(
        pl.when(raw.is_null()).then(pl.lit("missing_date")).otherwise(pl.lit("unreadable_date"))
    )
    return Cell(value, problem, pl.format("{} = {}", pl.lit(field), raw.fill_null("")))


def plausible(instant: pl.Expr) -> pl.Expr:
    """Null where an instant decoded from an ID lies outside the platforms' lifetime."""
    return pl.when(instant.is_between(datetime(2006, 3, 21), datetime(2100, 1, 1))).then(instant)
