"""Meta's printed time of publication: Los Angeles wall time in every locale, to UTC.

What belongs here: which of two readings of a time holds, and what in the file tells. What does not:
days (`dates.py`) and times that an ID encodes (the platforms' modules).
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ingest.fields.values import Cell, Step, text, where_rare

META_ZONE = "America/Los_Angeles"
_NEAR = timedelta(hours=2)
_LAST_YEAR_OF_MINUTELESS = 2024
_NEVER = pl.lit(None, dtype=pl.Datetime("us"))

_META = r"^[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2} [0-9]{1,2}:[0-9]{2}$"
_ISO = r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
_PARTS = ("day", "year", "time", "half")
_AMERICAN = (
    r"^(?<day>[0-9]{1,2}/[0-9]{1,2})/(?:20)?(?<year>[0-9]{2}) "
    r"(?<time>[0-9]{1,2}:[0-9]{2})(?::[0-9]{2})? (?<half>[AP]M)$"
)


def step(field: str, id_at: pl.Expr = _NEVER, *, is_legacy: bool = False) -> Step:
    """What `read` needs of its field, as columns, so that each is worked out once.

    Args:
        field: the field that holds the text, `MM/DD/YYYY HH:MM`, or a spreadsheet's date.
        id_at: the time that the post's ID encodes (UTC), or null.
        is_legacy: Facebook's old workbook, which holds dates and not texts, so that their day and
            month are sure; as text a spreadsheet writes them as `7/22/17 5:30 AM`.
    """
    raw, wall, first = text(field), pl.col("wall"), pl.col("first_at")
    printed = _read_as(raw, _META, "%m/%d/%Y %H:%M")
    if is_legacy:
        parts = [raw.str.extract_groups(_AMERICAN).struct.field(n) for n in _PARTS]
        american = pl.format("{}/20{} {} {}", *parts)
        printed = american.str.to_datetime("%m/%d/%Y %I:%M %p", strict=False, time_unit="us")
    typed = _read_as(raw, _ISO, "%Y-%m-%dT%H:%M:%S")

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        frame = frame.with_columns(printed.alias("wall"))
        frame = frame.with_columns(where_rare(frame, wall, wall.is_null(), typed).alias("wall"))
        frame = frame.with_columns(
            _swapped(frame["wall"]).alias("other"), first_at=_utc(wall, "earliest")
        )
        # Los Angeles turns its clocks back from two to one.
        second = where_rare(frame, first, wall.dt.hour() == 1, _utc(wall, "latest"))
        frame = frame.with_columns(second.alias("second_at"))
        is_near = (id_at - _utc(pl.col("other"), "earliest")).abs() <= _NEAR
        by_id = where_rare(frame, pl.lit(value=False), (id_at - first).abs() > _NEAR, is_near)
        signs = frame.select(
            "file", "wall", "other", by_id.alias("by_id"), *_signs(raw, id_at, is_legacy)
        )
        files = signs.group_by("file", maintain_order=True).agg(
            is_day_first=_is_day_first(),
            is_doubtful=_is_doubtful(),
            is_half_day=_is_half_day(),
            is_minuteless=_is_minuteless(),
            is_secondless=_is_secondless(),
        )
        found = files[signs["file"]]
        is_day_first = found["is_day_first"] | (signs["is_typed"] & found["is_doubtful"])
        return frame.with_columns(
            is_day_first=is_day_first,
            is_half_day=found["is_half_day"] | signs["is_late_half"],
            is_minuteless=found["is_minuteless"],
            is_secondless=found["is_secondless"],
        )

    return derive


def _read_as(raw: pl.Expr, pattern: str, form: str) -> pl.Expr:
    """Parsing alone would take a year of two digits for one of the first century."""
    good = pl.when(raw.str.contains(pattern)).then(raw)
    return good.str.to_datetime(form, strict=False, time_unit="us")


def _utc(wall: pl.Expr, which: str) -> pl.Expr:
    zoned = wall.dt.replace_time_zone(META_ZONE, ambiguous=pl.lit(which), non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _swapped(walls: pl.Series) -> pl.Series:
    """The same digits with the day first, where they can be read so."""
    dates = walls.dt.date()
    days = pl.DataFrame({"date": dates.unique().drop_nulls()})
    if days.is_empty():
        return walls
    day, month = pl.col("date").dt.day(), pl.col("date").dt.month()
    swapped = pl.when(day <= 12).then(pl.date(pl.col("date").dt.year(), day, month))
    moved = days.select(swapped.fill_null(pl.col("date")) - pl.col("date")).to_series()
    return walls + dates.replace_strict(days["date"], moved, return_dtype=pl.Duration("us"))


def _signs(raw: pl.Expr, id_at: pl.Expr, is_legacy: bool) -> list[pl.Expr]:
    """What a record shows of how the times of its file are written."""
    late = pl.col("wall").dt.day() > 12
    # A spreadsheet made the text a date, and may have written it out again without Meta's zeros.
    is_date = raw.str.contains(_ISO).fill_null(value=False) & pl.lit(value=not is_legacy)
    is_typed = is_date | raw.str.contains("^[1-9]/|^[0-9]+/[1-9]/").fill_null(value=False)
    is_text = raw.str.contains("^0|/0").fill_null(value=False)
    later, quarter, half = id_at - pl.col("first_at"), timedelta(minutes=15), timedelta(hours=12)
    signs = {
        "has_day_first": raw.str.contains("^(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/"),
        "is_typed": is_typed,
        "is_late_text": is_text & late,
        "shows_month_first": (is_typed | ~is_text) & late,
        "is_half_off": (later.abs() - half).abs() <= quarter,
        # A post's ID can be older than the post, but never younger.
        "is_late_half": (later - half).abs() <= quarter,
    }
    return [sign.fill_null(value=False).alias(name) for name, sign in signs.items()]


def _is_doubtful() -> pl.Expr:
    """Whether a file's typed dates may have their day first.

    Where a spreadsheet takes the day for the first number, it could not do so with the 13th to the
    31st, and leaves them as text.
    """
    return ~pl.col("shows_month_first").any() | pl.col("is_late_text").any()


def _is_day_first() -> pl.Expr:
    """Whether anything in a file says that the day may stand first in all its records."""
    wall, other = pl.col("wall"), pl.col("other")
    # Dates that lie four times closer together, or far more in order, with the day first.
    days = wall.filter(other != wall).dt.date().n_unique()
    spans = [each.max() - each.min() for each in (wall, other)]
    is_closer = (spans[0] > timedelta(days=31)) & (spans[1] * 4 <= spans[0])
    steps = [each.diff().dt.total_seconds() for each in (wall, other)]
    turns = [pl.min_horizontal((s > 0).sum(), (s < 0).sum()).cast(pl.Int64) for s in steps]
    is_in_order = turns[1] * 4 + 3 <= turns[0]
    says = pl.col("has_day_first").any() | pl.col("by_id").any()
    return says | ((days >= 6) & (is_closer | is_in_order)).fill_null(value=False)


def _is_half_day() -> pl.Expr:
    """Whether a file's hours are of a clock that counts to 12, without its half of the day.

    They all lie from 1 to 12, and on most of that clock, or an ID shows one to be 12 hours off.
    """
    hour = pl.col("wall").dt.hour()
    is_shown = pl.col("is_half_off").any() | (hour.n_unique() >= 10)
    return (hour.is_between(1, 12).all() & is_shown).fill_null(value=False)


def _is_minuteless() -> pl.Expr:
    """Whether a file prints the month in the place of the minutes, on a clock that counts to 12.

    So did Meta's exports of early 2024. The minute is the month and the hour is from 1 to 12 in
    every record; a sound file has that once by chance, in one of a hundred records. So one record
    alone is only doubted where such an export may hold it.
    """
    wall = pl.col("wall").drop_nulls()
    is_so = (wall.dt.minute() == wall.dt.month()) & wall.dt.hour().is_between(1, 12)
    is_told = (wall.len() > 1) | (wall.dt.year() <= _LAST_YEAR_OF_MINUTELESS).any()
    return is_so.all() & is_told & (wall.len() > 0)


def _is_secondless() -> pl.Expr:
    """Whether a file prints the day in the place of the seconds, in every one of its records.

    Nobody has seen it; it would be the same fault of a form of the time, and then nothing says what
    the minutes are. By chance three records on two days have it once in 200,000 files.
    """
    wall = pl.col("wall").drop_nulls()
    is_so = wall.dt.second() == wall.dt.day()
    return is_so.all() & (wall.len() >= 3) & (wall.dt.day().n_unique() >= 2)


def read(field: str, id_at: pl.Expr = _NEVER) -> Cell:
    """Meta's `Publish time`: `MM/DD/YYYY HH:MM`, Los Angeles wall time in every locale, to UTC.

    Args:
        field: the field that holds the text; the layout derives its `step`.
        id_at: the time that the post's ID encodes (UTC), or null.

    What can be read two ways is resolved by the ID where that lies within two hours of one reading
    (an ID can be older than a scheduled post), else rejected with both readings named: the hour
    that occurs twice each November; day and month, where another record writes the day first, an
    ID says so, or the file's dates lie far closer together or in order so; dates that a
    spreadsheet typed, where nothing shows that it read the month first; and the half of the day,
    where no hour is above 12. The hour that never existed in March is rejected.
    """
    raw, wall, first, second = text(field), *map(pl.col, ("wall", "first_at", "second_at"))
    nearer = pl.when((id_at - first).abs() <= (id_at - second).abs()).then(first).otherwise(second)
    confirmed = ((id_at - nearer).abs() <= _NEAR).fill_null(value=False)
    swappable = pl.col("is_day_first") & (pl.col("other") != wall)
    halved, minuteless = pl.col("is_half_day"), pl.col("is_minuteless")
    secondless = pl.col("is_secondless")
    value = (
        pl.when(minuteless | secondless)
        .then(pl.when(_is_same_hour_of_12(id_at, wall)).then(id_at))
        .when(confirmed | ((first == second) & ~swappable & ~halved))
        .then(nearer)
    )
    problem = (
        pl.when(value.is_not_null())
        .then(None)
        .when(wall.is_null())
        .then(pl.lit("unreadable_time"))
        .when(minuteless | secondless)
        .then(pl.lit("broken_time"))
        .when(first.is_null())
        .then(pl.lit("time_never_existed"))
        .otherwise(pl.lit("ambiguous_time"))
    )
    readings = [reading.dt.to_string("%H:%M") for reading in (first, second)]
    days = [each.dt.to_string("%Y-%m-%d") for each in (wall, pl.col("other"))]
    detail = pl.format(
        "{} = {} in Los Angeles{}",
        pl.lit(field),
        raw.fill_null(""),
        pl.when(minuteless)
        .then(
            pl.lit(
                ", but the file prints the month for the minutes, on a clock of 12 hours, as "
                "Meta's exports of early 2024 did; export it again"
            )
        )
        .when(secondless)
        .then(pl.lit(", but the file prints the day for the seconds; export it again"))
        .when(first != second)
        .then(pl.format(", which is {} or {} UTC", *readings))
        .when(swappable)
        .then(pl.format(", which is {} or {}, for the file may write the day first", *days))
        .when(halved)
        .then(pl.lit(", before or after noon, for the file has no hour above 12"))
        .otherwise(pl.lit("")),
    )
    return Cell(value, problem, detail, value.is_not_null())


def _is_same_hour_of_12(id_at: pl.Expr, wall: pl.Expr) -> pl.Expr:
    """Whether a time (UTC) falls on the same day and hour of a clock of 12 as a wall time."""
    there = id_at.dt.replace_time_zone("UTC").dt.convert_time_zone(META_ZONE)
    is_same_hour = there.dt.hour() % 12 == wall.dt.hour() % 12
    return (is_same_hour & (there.dt.date() == wall.dt.date())).fill_null(value=False)
