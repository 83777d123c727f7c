"""Months, days and instants in a policy's zone, and on which days the registry's rows hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reference.lake import Row

DAY = timedelta(days=1)


def utc(day: date, zone: str, hour: int = 0) -> datetime:
    """The instant of a full local hour; one that the clock skips or repeats, at its first."""
    local = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def local_date(instant: datetime, zone: str) -> date:
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def last_day(month: date) -> date:
    return next_month(month) - DAY


def days_of(month: date) -> Iterator[date]:
    return (month.replace(day=day) for day in range(1, last_day(month).day + 1))


def cutoff_at(month: date, policy: Row) -> datetime:
    """The last instant, inclusive, whose captures count for the month."""
    if policy["cutoff_days"] is None:
        return datetime.max
    return utc(next_month(month) + policy["cutoff_days"] * DAY, policy["time_zone"])


def valid_on(span: Row, day: date) -> bool:
    """`valid_to` is exclusive; blank means still valid."""
    return bool(span["valid_from"] <= day and (not span["valid_to"] or day < span["valid_to"]))


def valid_in(span: Row, month: date) -> bool:
    return any(valid_on(span, day) for day in days_of(month))


def only(names: Iterable[str]) -> str | None:
    """The one distinct name; none where there is none or more than one."""
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None
