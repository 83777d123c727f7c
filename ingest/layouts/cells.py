"""How the text of a cell becomes a value, shared by all layouts.

What belongs here: null tokens, texts, identifiers, times; each as polars expressions that give the
value, or the rule that the text broke. What does not: counters (`numbers.py`), days (`dates.py`),
which column holds what (the platforms' modules) and what is allowed of a row as a whole
(`contract.py`).

Sources of the rules: the platforms' exports as found in the wild, dated where they drift.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

#: Texts that mean "not reported" on some platform; never zero. TikTok Business Suite writes `--`
#: and `NAN`, TikTok Studio `undefined`, X `-`.
NULL_TOKENS = ("", "-", "--", "nan", "undefined", "n/a", "null")

_IS_NULL = f"(?i)^(?:{'|'.join(NULL_TOKENS)})$"

META_ZONE = "America/Los_Angeles"
#: A number that lost its last digits, as spreadsheets write long ones.
SCIENTIFIC = r"(?i)^[0-9](?:[.,][0-9]*)?e[+]?[0-9]+$"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value read from a record, and where it can't be read, why.

    `problem` is null where the value is good, else the name of the broken rule; `text` is what the
    record says, for the reject's detail. Both are worked out only for the few records of which some
    cell is not good, so an expression that looks at other records (`over`) does not belong in them:
    the layout derives it before. `is_good` is cheap; without it `problem` is worked out for all.
    """

    value: pl.Expr
    problem: pl.Expr | None = None
    text: pl.Expr | None = None
    is_good: pl.Expr | None = None


def with_texts(frame: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
    """The records with a column more for each field, which `text` stands for.

    A spreadsheet's marks that a number is text, `="123"`, `=123` and `'123`, are taken off.
    """
    stripped = frame.select(pl.col(field).str.strip_chars() for field in fields)
    is_marked = (pl.all().str.starts_with("=") | pl.all().str.starts_with("'")).any()
    marked = [name for name, found in stripped.select(is_marked).to_dict().items() if found.item()]
    return frame.hstack(
        stripped.with_columns(
            pl.col(field)
            .str.replace(r'^="([^"]*)"$', "${1}")
            .str.replace(r"^['=](-?[0-9][0-9.,]*)$", "${1}")
            for field in marked
        ).select(
            pl.when(~pl.col(field).str.contains(_IS_NULL))
            .then(pl.col(field))
            .alias(_text_of(field))
            for field in stripped.columns
        )
    )


def _text_of(field: str) -> str:
    return f"{field}:text"


def text(field: str) -> pl.Expr:
    """A cell's text without surrounding white space; null where it is a null token."""
    return pl.col(_text_of(field))


def word(field: str) -> pl.Expr:
    """A name or a handle without surrounding white space; `nan` is one, only blank is null."""
    stripped = pl.col(field).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def prose(field: str) -> pl.Expr:
    """A caption, to the character as delivered; null where it is empty."""
    return pl.when(pl.col(field) != "").then(pl.col(field))


def roundings(*fields: str) -> tuple[tuple[str, pl.Expr], ...]:
    """What `identifier` needs of its field: whether a spreadsheet has rounded a file's long IDs.

    Of numbers with 16 digits and more it keeps 15 and writes zeros. One ID may end so by chance;
    all of three don't.
    """
    steps = []
    for field in fields:
        raw = text(field)
        is_long = raw.str.contains("^[0-9]{16,}$")
        is_rounded = raw.str.contains("^[0-9]{15}0+$")
        long = pl.when(is_long).then(raw)
        is_rounded_file = (is_rounded | ~is_long).all().over("sha256") & (
            long.n_unique().over("sha256") - long.is_null().any().over("sha256") >= 3
        )
        steps.append((f"{field}:is_rounded", is_rounded & is_rounded_file))
    return tuple(steps)


def identifier(field: str, pattern: str) -> Cell:
    """A platform's ID: the whole text matches `pattern`, else the record is rejected.

    A spreadsheet turns long IDs into `1.23E+16` or rounds them (the layout derives `roundings`);
    the digits are gone, so nothing can repair it. `123.0` is a short ID that is still whole.
    """
    raw = text(field).str.replace(r"^([0-9]{1,15})\.0+$", "${1}")
    is_rounded = pl.col(f"{field}:is_rounded").fill_null(value=False)
    good = raw.str.contains(f"^(?:{pattern})$").fill_null(value=False) & ~is_rounded
    problem = (
        pl.when(good)
        .then(None)
        .when(is_rounded | raw.str.contains(rf"{SCIENTIFIC}|^[0-9]{{16,}}\.0+$"))
        .then(pl.lit("digits_lost"))
        .otherwise(pl.lit("unreadable_id"))
    )
    detail = pl.format("{} = {}", pl.lit(field), raw.fill_null(""))
    return Cell(pl.when(good).then(raw), problem, detail, good)


def flag(field: str) -> Cell:
    """A yes or no; blank means no."""
    raw = text(field).str.to_lowercase()
    yes, no = raw.is_in(["1", "true", "yes", "1.0"]), raw.is_in(["0", "false", "no", "0.0"])
    problem = pl.when(raw.is_not_null() & ~yes & ~no).then(pl.lit("unreadable_flag"))
    detail = pl.format("{} = {}", pl.lit(field), raw)
    return Cell(yes.fill_null(value=False), problem, detail, raw.is_null() | yes | no)


def seconds(instant: pl.Expr) -> pl.Expr:
    """An instant from milliseconds since 1970, truncated to whole seconds (UTC)."""
    return pl.from_epoch(instant // 1000, time_unit="s").cast(pl.Datetime("us"))


def meta_steps(field: str) -> tuple[tuple[str, pl.Expr], ...]:
    """What `meta_time` needs of its field, as columns, so that each is worked out once."""
    raw, wall = text(field), pl.col("wall")
    # Parsing alone would take a year of two digits for one of the first century.
    whole = raw.str.extract(r"^([0-9]{1,2}/[0-9]{1,2}/20[0-9]{2} [0-9]{1,2}:[0-9]{2})$")
    day_first = raw.str.contains("^(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/")
    typed = raw.str.extract(r"^(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})$")
    # A spreadsheet made the text a date. Where it takes the day for the first number, it could
    # not do so with the 13th to the 31st, and leaves them as text.
    late = pl.col("wall").dt.day() > 12
    is_doubtful = typed.is_not_null() & (
        ~(typed.is_not_null() & late).any().over("sha256")
        | (whole.is_not_null() & late).any().over("sha256")
    )

    def reading(which: str) -> pl.Expr:
        zoned = wall.dt.replace_time_zone(META_ZONE, ambiguous=pl.lit(which), non_existent="null")
        return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    return (
        (
            "wall",
            pl.coalesce(
                whole.str.to_datetime("%m/%d/%Y %H:%M", strict=False, time_unit="us"),
                typed.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us"),
            ),
        ),
        ("first_at", reading("earliest")),
        ("second_at", reading("latest")),
        ("is_day_first", day_first.any().over("sha256") | is_doubtful),
    )


def meta_time(field: str, id_at: pl.Expr) -> Cell:
    """Meta's `Publish time`: `MM/DD/YYYY HH:MM`, Los Angeles wall time in every locale, to UTC.

    Args:
        field: the field that holds the text; the layout derives its `meta_steps`.
        id_at: the time that the post's ID encodes (UTC), or null.

    What can be read two ways is resolved by the ID where that lies within two hours of one reading
    (an ID can be older than a scheduled post), else rejected with both readings named: the hour
    that occurs twice each November, day and month in a file of which another record writes the day
    first, and dates that a spreadsheet typed, where nothing shows that it read the month first. The
    hour that never existed in March is rejected.
    """
    raw, wall, first, second = text(field), *map(pl.col, ("wall", "first_at", "second_at"))
    nearer = pl.when((id_at - first).abs() <= (id_at - second).abs()).then(first).otherwise(second)
    confirmed = ((id_at - nearer).abs() <= timedelta(hours=2)).fill_null(value=False)
    day, month = wall.dt.day(), wall.dt.month()
    swappable = pl.col("is_day_first") & (day <= 12) & (day != month)
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
    days = [wall.dt.to_string(form) for form in ("%Y-%m-%d", "%Y-%d-%m")]
    detail = pl.format(
        "{} = {} in Los Angeles{}",
        pl.lit(field),
        raw.fill_null(""),
        pl.when(first != second)
        .then(pl.format(", which is {} or {} UTC", *readings))
        .when(swappable)
        .then(pl.format(", which is {} or {}, for the file writes days first too", *days))
        .otherwise(pl.lit("")),
    )
    return Cell(value, problem, detail, value.is_not_null())


def plausible(instant: pl.Expr) -> pl.Expr:
    """Null where an instant decoded from an ID lies outside the platforms' lifetime."""
    return pl.when(instant.is_between(datetime(2006, 3, 21), datetime(2100, 1, 1))).then(instant)
