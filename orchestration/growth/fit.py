"""A growth curve fitted on posts, and how often its bounds hold.

What belongs here: the likelihood of a law of growth, its spread over single posts, how alike an
office's posts are, and how often the bounds of a curve hold on posts that it was not fitted on.
What does not: which posts of a home (`observed.py`).

Each interaction is an event of which only an interval of ages is known: after the last export that
did not have it and before the first that did. A law says which part of all interactions a post has
at an age; it is fitted by the likelihood of these intervals. Two laws are tried, log-logistic and
Weibull, and the likelier is kept: Weibull fits reactions over time best in Informatics 12(3):59,
2025 (10.3390/informatics12030059); log-logistic has a longer tail.

A curve is a rule, known before the month that it judges. So it is fitted on other months than the
newest, and measured on that one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from ingest.reference.growth import Column, Row, share

_Ages = NDArray[np.float64]

#: Fewer posts, or fewer by which the spread is known, are too little for a curve.
LEAST_POSTS = 30
LEAST_SPREAD_POSTS = 20
#: More posts say nothing more of the spread, and each takes a millisecond.
_MOST_SPREAD_POSTS = 5_000
#: Offices of which two posts or more are needed for their likeness.
_LEAST_OFFICES = 5
#: A post with fewer interactions says little of its own pace.
_LEAST_INTERACTIONS = 50
#: The first sight of a post by which its own pace is known, in hours.
_EARLY_HOURS = 48.0
#: Posts differ from one law by more than chance, so one with many interactions counts as fewer.
_OVERDISPERSION = 0.02
#: A value is known well where it was seen so close to the window's end on both sides, in parts of
#: the window; half of the posts that are exported daily are.
_CLOSE = 0.5
#: Close enough that the straight lines between them run along the curve; with half as many, values
#: between daily exports came out half a percent too high.
_FIRST_DAYS = (0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 27, 30, 36, 42, 48, 60, 72)
_HOURS = (*_FIRST_DAYS, 96, 120, 168, 240, 336, 504, 720)
_MILLION = 1_000_000
_NAMES = ("loglogistic", "weibull")
_BOUNDS: tuple[Column, ...] = ("low", "high")


@dataclass(frozen=True, slots=True)
class Post:
    """A post's interactions at its ages, in hours and ascending; counts never fall."""

    office_id: str
    month: date
    ages: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """Which part of all interactions a post has at an age in hours."""

    name: str
    scale: float
    shape: float

    def part(self, ages: _Ages | float, scale: float | None = None) -> _Ages:
        """Between 0 and 1; `scale` stands for a single post's own pace."""
        ratio = (np.asarray(ages, dtype=np.float64) / (scale or self.scale)) ** self.shape
        if self.name == "weibull":
            return np.asarray(-np.expm1(-ratio), dtype=np.float64)
        return np.asarray(ratio / (1 + ratio), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Fit:
    """A curve of one platform and what it stands on; no rows where the data are too few."""

    posts: int
    law: Law | None = None
    rows: tuple[Row, ...] = ()
    #: Why there are no rows; None where there are.
    reason: str | None = None
    #: The months of the posts that it was fitted on, oldest first, and the one it was measured on.
    fitted_months: tuple[date, ...] = ()
    measured_month: date | None = None
    #: How alike an office's posts differ from the curve, 0 to 100; None where too few offices tell.
    correlation_percent: int | None = None
    #: Of the newest month's well-known values, how many lie in the likely bounds of a late export.
    covered_percent: int | None = None
    measured_posts: int = 0


def fit(posts: Sequence[Post], window_hours: int) -> Fit:
    """Fit one platform's curve on all months but the newest, and measure it on that.

    Args:
        posts: of one platform, with what was seen of each.
        window_hours: the age at which a post is valued.
    """
    months = sorted({post.month for post in posts})
    newest = months[-1] if months else None
    known = [post for post in posts if post.month != newest and _tells(post)]
    if len(months) < 2:
        # A curve is never fitted on a month that it is measured on.
        return Fit(0, reason="it takes posts of two months: one is kept to measure the curve on")
    if len(known) < LEAST_POSTS:
        reason = (
            f"before the newest month only {len(known)} posts were seen at two ages or more, "
            f"a curve needs {LEAST_POSTS}"
        )
        return Fit(len(known), reason=reason)
    laws = [_likeliest(name, known) for name in _NAMES]
    law, _ = max(laws, key=lambda found: found[1])
    telling = [post for post in known if _tells_pace(post)]
    if len(telling) < LEAST_SPREAD_POSTS:
        reason = (
            f"only {len(telling)} posts of {_LEAST_INTERACTIONS} interactions or more were first "
            f"seen within {_EARLY_HOURS:.0f} hours, their spread needs {LEAST_SPREAD_POSTS}"
        )
        return Fit(len(known), law, reason=reason)
    step = -(-len(telling) // _MOST_SPREAD_POSTS)
    paces = [(post.office_id, _pace(post, law)) for post in telling[::step]]
    fast, slow = np.quantile([pace for _, pace in paces], (0.05, 0.95))
    rows = _rows(law, float(fast), float(slow), window_hours)
    hits = [
        hit
        for post in posts
        if post.month == newest and (hit := _holds(post, rows, window_hours)) is not None
    ]
    return Fit(
        posts=len(known),
        law=law,
        rows=rows,
        fitted_months=tuple(sorted({post.month for post in known})),
        measured_month=newest,
        correlation_percent=_correlation(paces),
        covered_percent=100 * sum(hits) // len(hits) if hits else None,
        measured_posts=len(hits),
    )


def _tells(post: Post) -> bool:
    """Whether a post was seen at two ages and had any interaction."""
    return len(post.ages) > 1 and post.counts[-1] > 0


def _tells_pace(post: Post) -> bool:
    return post.counts[-1] >= _LEAST_INTERACTIONS and post.ages[0] < _EARLY_HOURS


def _intervals(post: Post) -> tuple[_Ages, _Ages, _Ages]:
    """The ages between which interactions came, and how many came there."""
    ages = np.array((0.0, *post.ages))
    gains = np.diff(np.array((0, *post.counts), dtype=np.float64))
    return ages[:-1], ages[1:], gains


def _loss(law: Law, starts: _Ages, stops: _Ages, gains: _Ages, last: _Ages) -> float:
    """The negative log-likelihood of intervals, given that all came before the last sight."""
    parts = (law.part(stops) - law.part(starts)) / law.part(last)
    return float(-np.sum(gains * np.log(np.maximum(parts, 1e-12))))


def _likeliest(name: str, posts: Sequence[Post]) -> tuple[Law, float]:
    """The law of a name that fits best, and its log-likelihood."""
    starts, stops, gains, last = [], [], [], []
    for post in posts:
        first, second, own = _intervals(post)
        starts.append(first)
        stops.append(second)
        gains.append(own / (1 + _OVERDISPERSION * post.counts[-1]))
        last.append(np.full(len(own), post.ages[-1]))
    data = [np.concatenate(each) for each in (starts, stops, gains, last)]

    def loss(parameters: _Ages) -> float:
        return _loss(Law(name, *map(math.exp, parameters)), *data)

    found = minimize(loss, (math.log(12.0), 0.0), method="Nelder-Mead")
    scale, shape = (float(math.exp(value)) for value in found.x)
    return Law(name, scale, shape), -float(found.fun)


def _pace(post: Post, law: Law) -> float:
    """A single post's own scale, in hours, by the law's shape."""
    starts, stops, gains = _intervals(post)
    last = np.full(len(gains), post.ages[-1])

    def loss(log_scale: float) -> float:
        return _loss(Law(law.name, math.exp(log_scale), law.shape), starts, stops, gains, last)

    bounds = (math.log(law.scale / 50), math.log(law.scale * 50))
    # A pace that is known to a hundredth is known well enough.
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 0.01})
    return math.exp(float(found.x))


def _rows(law: Law, fast: float, slow: float, window_hours: int) -> tuple[Row, ...]:
    """The curve per mille of what a post has at the window's end."""
    rows = []
    for hours in sorted({*_HOURS, window_hours}):
        per_mille = [
            math.floor(1000 * float(law.part(hours, scale) / law.part(window_hours, scale)) + 0.5)
            for scale in (law.scale, fast, slow)
        ]
        rows.append(Row(hours, min(per_mille), per_mille[0], max(per_mille)))
    return tuple(rows)


def _correlation(paces: Iterable[tuple[str, float]]) -> int | None:
    """The intra-class correlation of the logarithms of the posts' paces by office, in percent.

    By the analysis of variance of one way (Shrout and Fleiss, 1979, ICC(1)), with offices of
    different size.
    """
    offices: dict[str, list[float]] = defaultdict(list)
    for office, pace in paces:
        offices[office].append(math.log(pace))
    groups = [np.array(own) for own in offices.values() if len(own) > 1]
    if len(groups) < _LEAST_OFFICES:
        return None
    sizes = np.array([len(own) for own in groups])
    total = int(sizes.sum())
    mean = np.concatenate(groups).mean()
    between = sum(len(own) * (own.mean() - mean) ** 2 for own in groups) / (len(groups) - 1)
    within = sum(((own - own.mean()) ** 2).sum() for own in groups) / (total - len(groups))
    size = (total - (sizes**2).sum() / total) / (len(groups) - 1)
    spread = between + (size - 1) * within
    return max(0, min(100, round(100 * float((between - within) / spread)))) if spread else 0


def _holds(post: Post, rows: Sequence[Row], window_hours: int) -> bool | None:
    """Whether the likely bounds of the last sight alone hold the value; None where that is unknown.

    The value is known well where the post was seen close to the window's end on both sides; it lies
    between the two along the curve.
    """
    before = [at for at, age in enumerate(post.ages) if age <= window_hours]
    after = [at for at, age in enumerate(post.ages) if age >= window_hours]
    if not before or not after:
        return None
    start, stop, late = before[-1], after[0], len(post.ages) - 1
    close = _CLOSE * window_hours
    if window_hours - post.ages[start] > close or post.ages[stop] - window_hours > close:
        return None
    if post.ages[late] < 2 * window_hours:
        return None
    first, second = (_part(rows, "typical", post.ages[at]) for at in (start, stop))
    value = post.counts[start]
    if second > first:
        gain = post.counts[stop] - value
        value += (2 * gain * (_MILLION - first) + (second - first)) // (2 * (second - first))
    bounds = [_back(post.counts[late], rows, column, post.ages[late]) for column in _BOUNDS]
    return min(bounds) <= value <= max(bounds)


def _back(count: int, rows: Sequence[Row], column: Column, age_hours: float) -> int:
    """What a post with so many at an age had at the window's end, half up."""
    whole = _part(rows, column, age_hours)
    return (2 * count * _MILLION + whole) // (2 * whole) if whole else 0


def _part(rows: Sequence[Row], column: Column, age_hours: float) -> int:
    return share(rows, column, int(age_hours * 3600))
