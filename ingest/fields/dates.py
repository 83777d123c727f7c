"""How a written day is read: the month is a word, in any language below, or stands in ISO.

What belongs here: names of months, by language, days with and without a year. What does not:
instants with a time of day (`platforms/meta/publish_time.py`) and the year of a day without one,
which follows from the capture.
"""

from __future__ import annotations

import polars as pl

from ingest.fields.values import Cell, Step, text

#: The names of the twelve months by language: in full and, by dots or not, shortened. A new
#: language is a new entry here.
MONTH_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("january", "jan"),
        ("february", "feb"),
        ("march", "mar"),
        ("april", "apr"),
        ("may",),
        ("june", "jun"),
        ("july", "jul"),
        ("august", "aug"),
        ("september", "sep", "sept"),
        ("october", "oct"),
        ("november", "nov"),
        ("december", "dec"),
    ),
    "id": (
        ("januari", "jan"),
        ("februari", "pebruari", "feb", "peb"),
        ("maret", "mar"),
        ("april", "apr"),
        ("mei",),
        ("juni", "jun"),
        ("juli", "jul"),
        ("agustus", "agu", "agt", "ags"),
        ("september", "sep", "sept"),
        ("oktober", "okt"),
        ("november", "nopember", "nov", "nop"),
        ("desember", "des"),
    ),
    "es": (
        ("enero", "ene"),
        ("febrero", "feb"),
        ("marzo", "mar"),
        ("abril", "abr"),
        ("mayo",),
        ("junio", "jun"),
        ("julio", "jul"),
        ("agosto", "ago"),
        ("septiembre", "setiembre", "sep", "set", "sept"),
        ("octubre", "oct"),
        ("noviembre", "nov"),
        ("diciembre", "dic"),
    ),
    "pt": (
        ("janeiro", "jan"),
        ("fevereiro", "fev"),
        ("março", "mar"),
        ("abril", "abr"),
        ("maio", "mai"),
        ("junho", "jun"),
        ("julho", "jul"),
        ("agosto", "ago"),
        ("setembro", "set"),
        ("outubro", "out"),
        ("novembro", "nov"),
        ("dezembro", "dez"),
    ),
    "de": (
        ("januar", "jan", "jän", "jänner"),
        ("februar", "feb"),
        ("märz", "mär", "mrz"),
        ("april", "apr"),
        ("mai",),
        ("juni", "jun"),
        ("juli", "jul"),
        ("august", "aug"),
        ("september", "sep", "sept"),
        ("oktober", "okt"),
        ("november", "nov"),
        ("dezember", "dez"),
    ),
    "fr": (
        ("janvier", "janv", "jan"),
        ("février", "févr", "fév"),
        ("mars",),
        ("avril", "avr"),
        ("mai",),
        ("juin",),
        ("juillet", "juil"),
        ("août",),
        ("septembre", "sept", "sep"),
        ("octobre", "oct"),
        ("novembre", "nov"),
        ("décembre", "déc"),
    ),
}
#: Every name of a month to its number.
MONTHS: dict[str, int] = {
    name: number
    for months in MONTH_NAMES.values()
    for number, names in enumerate(months, start=1)
    for name in names
}
#: The days of the longest February and of every other month.
_LONGEST = {
    1: 31,
    2: 29,
    3: 31,
    4: 30,
    5: 31,
    6: 30,
    7: 31,
    8: 31,
    9: 30,
    10: 31,
    11: 30,
    12: 31,
}

_WEEKDAY = r"^(?:\p{L}{2,9}\.?,? )?"
_WORD = r"(?<month>\p{L}{3,10})\.?"
#: German puts a dot behind the day, French writes the first as `1er`.
_DAY = r"(?<day>[0-9]{1,2})(?:\.|er)?"
_YEAR = r"(?<year>20[0-9]{2})"
_TIME = "(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?"
_ISO = rf"^{_YEAR}[-/](?<month>[0-9]{{2}})[-/](?<day>[0-9]{{2}}){_TIME}$"
_WITH_YEAR = (
    rf"{_WEEKDAY}{_WORD} {_DAY},? {_YEAR}$",
    rf"{_WEEKDAY}{_DAY} (?:de )?{_WORD} (?:de )?{_YEAR}$",
    _ISO,
)
_WITHOUT_YEAR = (
    rf"^{_WORD} {_DAY}$",
    rf"^{_DAY}[ -](?:de )?{_WORD}$",
    # A spreadsheet adds the year in which it was opened.
    _ISO.replace("[-/]", "-"),
)


def _part(raw: pl.Expr, patterns: tuple[str, ...], name: str) -> pl.Expr:
    lower = raw.str.to_lowercase().str.replace("t([0-9])", "T${1}")
    return pl.coalesce(*(lower.str.extract_groups(p).struct.field(name) for p in patterns))


def _month(raw: pl.Expr, patterns: tuple[str, ...]) -> pl.Expr:
    name = _part(raw, patterns, "month")
    numbers = {f"{month:02}": month for month in range(1, 13)}
    return name.replace_strict({**MONTHS, **numbers}, default=None, return_dtype=pl.Int64)


def _detail(field: str, raw: pl.Expr) -> pl.Expr:
    return pl.format("{} = {}", pl.lit(field), raw.fill_null(""))


def written_date_step(field: str) -> Step:
    """What `written_date` needs of its field: the day. Many records tell the same one."""
    raw, known = text(field), pl.col("text")
    year, day = (_part(known, _WITH_YEAR, name) for name in ("year", "day"))
    value = pl.format("{}-{}-{}", year, _month(known, _WITH_YEAR), day)

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        texts = frame.select(raw.alias("text"))
        days = texts.unique().with_columns(value.str.to_date("%Y-%m-%d", strict=False).alias("day"))
        found = texts.join(days, on="text", how="left", maintain_order="left")
        return frame.with_columns(found["day"].alias(f"{field}:day"))

    return derive


def written_date(field: str) -> Cell:
    """A day: `Dec 18, 2022`, `Sat, Aug 1, 2026`, `8 de marzo de 2026`, `1. Aug. 2026`, ISO.

    The layout derives `written_date_step`.
    """
    raw, value = text(field), pl.col(f"{field}:day")
    problem = pl.when(value.is_null()).then(
        pl.when(raw.is_null()).then(pl.lit("missing_date")).otherwise(pl.lit("unreadable_date"))
    )
    return Cell(value, problem, _detail(field, raw), value.is_not_null())


def iso_day(field: str) -> dict[str, Cell]:
    """`2025-08-01`, `2025/08/01` or `2025-08-01T01:00:00`, whose hour is the zone's doing."""
    raw = text(field)
    groups = raw.str.extract_groups(_ISO)
    parts = [groups.struct.field(name) for name in ("year", "month", "day")]
    day = pl.format("{}-{}-{}", *parts).str.to_date("%Y-%m-%d", strict=False)
    problem = pl.when(day.is_null()).then(pl.lit("unreadable_date"))
    return {"date": Cell(day, problem, _detail(field, raw), day.is_not_null())}


def written_day(field: str) -> dict[str, Cell]:
    """`Tue, Feb 18, 2025`: a day with its year, the month as a word."""
    return {"date": written_date(field)}


def yearless_day(field: str) -> dict[str, Cell]:
    """`February 28`, `28 Februari`, `28 de febrero`, `28-Feb`: month and day."""
    raw = text(field)
    month = _month(raw, _WITHOUT_YEAR)
    day = _part(raw, _WITHOUT_YEAR, "day").cast(pl.Int64)
    longest = month.replace_strict(_LONGEST, default=None, return_dtype=pl.Int64)
    is_day = day.is_between(1, longest).fill_null(value=False)
    problem = pl.when(~is_day).then(pl.lit("unreadable_date"))
    return {"month": Cell(month, problem, _detail(field, raw), is_day), "day": Cell(day)}
