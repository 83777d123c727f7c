"""What a post was worth at the end of the policy's window: per component, then together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.reference.lake import COMPONENTS, GRADES, Row
from tests.reference.sightings import Sighting
from tests.reference.time import DAY, utc

MILLION = 1_000_000
#: Beyond any count that is accepted, a number bounds nothing.
LARGEST_COUNT = 10**12
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LOW, TYPICAL, HIGH = 1, 2, 3
#: What was observed of a component: at an instant one number or, where exports differ, several.
Numbers = dict[datetime, list[int]]
Curve = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Value:
    """A number with its hard and its likely bounds; `None` as a high is unbounded."""

    grade: str
    value: int | None
    low: int
    high: int | None
    likely_low: int
    likely_high: int | None


NOTHING = Value("none", None, 0, None, 0, 0)


@dataclass(frozen=True)
class Window:
    """When a post can have been published and when its window ends (UTC).

    All three instants are one where the time is known; of a day they are its start, its noon and
    its end.
    """

    first: datetime
    middle: datetime
    last: datetime
    hours: int

    @property
    def is_day(self) -> bool:
        return self.first != self.last

    @property
    def ends_at(self) -> datetime:
        return self.middle + self.hours * HOUR

    def age(self, instant: datetime) -> int:
        """Whole seconds since publication, never below 0."""
        return max(0, (instant - self.middle) // SECOND)


def nearest(dividend: int, divisor: int) -> int:
    """A quotient to the nearest whole number, half up."""
    return (2 * dividend + divisor) // (2 * divisor)


def part(curve: Curve, column: int, age: int) -> int:
    """What a typical post has at an age, in millionths of what it has at the window's end."""
    for first, second in pairwise(curve):
        start, stop = first[0] * 3600, second[0] * 3600
        if start <= age < stop:
            rise = 1000 * (second[column] - first[column])
            return 1000 * first[column] + rise * (age - start) // (stop - start)
    return 1000 * curve[-1][column]


def value_of(
    post: list[Sighting],
    at: datetime | None,
    day: date,
    policy: Row,
    cutoff: datetime,
    doubtful: set[str],
) -> tuple[Value, dict[str, Value]]:
    """A post's value and those of its weighted components.

    Args:
        post: its sightings.
        at: when it was published; None where only the day is known.
        day: the day in the policy's zone.
        policy: the rule.
        cutoff: the last instant whose captures count.
        doubtful: the deliveries whose capture time is disproved; they give no value.
    """
    platform = post[0].row["platform"]
    weights = weights_on(policy, platform)
    begins = at or utc(day, policy["time_zone"])
    used = [
        s
        for s in post
        if begins <= s.captured_at <= cutoff and s.delivery["delivery_id"] not in doubtful
    ]
    components = {c: component_value(c, used, at, day, policy, platform) for c in weights}
    return together(weights, components), components


def weights_on(policy: Row, platform: str) -> dict[str, int]:
    """The components that count on a platform; a set of its own replaces the general one."""
    if platform not in policy["platforms"]:
        return {}
    own = (policy["engagement_on"] or {}).get(platform)
    weights = {c: policy[f"{c}_weight"] if own is None else own.get(c, 0) for c in COMPONENTS}
    return {component: weight for component, weight in weights.items() if weight > 0}


def component_value(
    component: str,
    used: list[Sighting],
    at: datetime | None,
    day: date,
    policy: Row,
    platform: str,
) -> Value:
    numbers: Numbers = {}
    for s in used:
        count = s.row[f"{component}_count"]
        if count is not None:
            numbers.setdefault(s.captured_at, []).append(count)
    if policy["window_hours"] is None:
        return last_value(numbers)
    zone = policy["time_zone"]
    window = Window(
        first=at or utc(day, zone),
        middle=at or utc(day, zone, 12),
        last=at or utc(day + DAY, zone),
        hours=policy["window_hours"],
    )
    late = policy["late_limit_hours"]
    if late is not None:
        numbers = {t: n for t, n in numbers.items() if t <= window.ends_at + late * HOUR}
    curve = policy["growth"][platform] if policy["growth"] else None
    return value_at_end(numbers, window, curve)


def last_value(numbers: Numbers) -> Value:
    """Without a window, the last observation up to the cut-off decides."""
    if not numbers:
        return NOTHING
    last = numbers[max(numbers)]
    low, high = min(last), max(last)
    return Value("exact", low, low, high, low, high)


def value_at_end(numbers: Numbers, window: Window, curve: Curve | None) -> Value:
    """The table of grades."""
    end = window.ends_at
    before = max((t for t in numbers if t < end), default=None)
    after = min((t for t in numbers if t > end), default=None)
    low: int
    high: int | None
    if end in numbers:
        grade, low, high = "exact", min(numbers[end]), max(numbers[end])
        estimates = dict.fromkeys((LOW, TYPICAL, HIGH), low)
    elif before is not None and after is not None:
        both = numbers[before] + numbers[after]
        grade, low, high = "interpolated", min(both), max(both)
        u, v = min(numbers[before]), min(numbers[after])
        ages = window.age(before), window.age(after)
        estimates = {k: between(u, v, ages, window, curve, k) for k in (LOW, TYPICAL, HIGH)}
    elif after is not None:
        grade, low, high = "late", 0, max(numbers[after])
        v = min(numbers[after])
        estimates = {k: back(v, window.age(after), curve, k) for k in (LOW, TYPICAL, HIGH)}
    elif before is not None:
        grade, low, high = "early", min(numbers[before]), None
        estimates = dict.fromkeys((LOW, TYPICAL, HIGH), low)
    else:
        return NOTHING
    value = estimates[TYPICAL]
    if window.is_day:
        grade = "interpolated" if grade == "exact" else grade
        low, high = day_bounds(numbers, window, value)
    if grade == "early" and before is not None:
        highest = max(number for each in numbers.values() for number in each)
        likely_high = ahead(value, window.age(before), curve, highest)
        return Value(grade, value, low, high, min(low, value), likely_high)
    if grade == "exact":
        return Value(grade, value, low, high, low, high)
    if curve is None:
        widest = None if high is None else max(high, value)
        return Value(grade, value, low, high, min(low, value), widest)
    edges = estimates[LOW], estimates[HIGH]
    likely_low = min(value, max(low, min(edges)))
    likely_high = max(value, max(edges) if high is None else min(high, max(edges)))
    return Value(grade, value, low, high, likely_low, likely_high)


def between(
    u: int, v: int, ages: tuple[int, int], window: Window, curve: Curve | None, column: int
) -> int:
    """Between two observations, along the curve; without one in whole seconds."""
    if curve is None:
        # Without a curve growth is even; a day counts from its noon.
        start, stop, end = *ages, window.hours * 3600
        return u if start == stop else u + nearest((v - u) * (end - start), stop - start)
    start, stop = part(curve, column, ages[0]), part(curve, column, ages[1])
    return u if start == stop else u + nearest((v - u) * (MILLION - start), stop - start)


def back(v: int, age: int, curve: Curve | None, column: int) -> int:
    """From an observation after the window's end back to it."""
    return v if curve is None else nearest(v * MILLION, part(curve, column, age))


def ahead(u: int, age: int, curve: Curve | None, highest: int) -> int | None:
    """How much a post that was last seen early probably has at most; None where nothing tells."""
    grown = part(curve, LOW, age) if curve is not None else 0
    most = max(highest, nearest((u + 1) * MILLION, grown)) if grown else None
    return most if most is not None and most <= LARGEST_COUNT else None


def day_bounds(numbers: Numbers, window: Window, value: int) -> tuple[int, int | None]:
    """The bounds of a post known to the day: at the window's ends of the day's two edges."""
    earliest, latest = (edge + window.hours * HOUR for edge in (window.first, window.last))
    before = max((t for t in numbers if t <= earliest), default=None)
    after = min((t for t in numbers if t >= latest), default=None)
    low = min(numbers[before]) if before is not None else 0
    high = max(numbers[after]) if after is not None else None
    if high is not None and low > high:
        low, high = high, low
    return min(low, value), None if high is None else max(high, value)


def together(weights: dict[str, int], components: dict[str, Value]) -> Value:
    """The post's value: its components by their weights; where nothing weighs anything, 0."""
    if not weights:
        return Value("exact", 0, 0, 0, 0, 0)
    known = {c: v for c, v in components.items() if v.grade != "none"}
    if not known:
        return NOTHING
    highs = [v.high for v in components.values()]
    likely_highs = [v.likely_high for v in known.values()]
    return Value(
        grade=max((v.grade for v in known.values()), key=GRADES.index),
        value=sum(weights[c] * (v.value or 0) for c, v in known.items()),
        low=sum(weights[c] * v.low for c, v in known.items()),
        high=None if None in highs else weighted(weights, known, "high"),
        likely_low=sum(weights[c] * v.likely_low for c, v in known.items()),
        likely_high=None if None in likely_highs else weighted(weights, known, "likely_high"),
    )


def weighted(weights: dict[str, int], components: dict[str, Value], name: str) -> int:
    return sum(weights[c] * getattr(value, name) for c, value in components.items())
