"""A growth curve: what a typical post has at an age, as a part of what it has at the window's end.

What belongs here: the curve as a policy declares it, whether its rows are allowed, and its value at
an age, to the integer. What does not: where a curve comes from (`orchestration/growth.py`) and what
a post is worth, which the warehouse decides.

A curve is rows of whole hours and per mille. Between rows it is linear, after the last it stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

Column = Literal["low", "typical", "high"]
COLUMNS: tuple[Column, ...] = ("low", "typical", "high")
HOUR = 3600


class Row(NamedTuple):
    """What a post has at an age, per mille of what it has at the window's end.

    `low` and `high` enclose nine of ten posts. Before the window's end the slow ones are low; after
    it they are high, for they still gain.
    """

    hours: int
    low: int
    typical: int
    high: int


def share(curve: Sequence[Row], column: Column, age: int) -> int:
    """What a post has at an age, in millionths of what it has at the window's end.

    Args:
        curve: rows in ascending order, the first at hour 0.
        column: one of the curve's three.
        age: whole seconds since publication, never negative.
    """
    for before, after in pairwise(curve):
        if age < after.hours * HOUR:
            start, stop = before.hours * HOUR, after.hours * HOUR
            first, second = getattr(before, column), getattr(after, column)
            return int(1000 * first + 1000 * (second - first) * (age - start) // (stop - start))
    return int(1000 * getattr(curve[-1], column))


def faults(curve: Sequence[Row], window_hours: int) -> Iterator[str]:
    """What is wrong with a curve, in the order of its rows; nothing where it is allowed."""
    if not curve or curve[0] != (0, 0, 0, 0):
        yield "the first row is not 0 at hour 0"
    if (window_hours, 1000, 1000, 1000) not in curve:
        yield f"no row holds 1000, 1000, 1000 at the window's end, hour {window_hours}"
    for before, after in pairwise(curve):
        if after.hours <= before.hours:
            yield f"hour {after.hours} does not come after hour {before.hours}"
        for column in COLUMNS:
            if getattr(after, column) < getattr(before, column):
                yield f"{column} falls at hour {after.hours}"
    for row in curve:
        if not row.low <= row.typical <= row.high:
            yield f"low, typical and high are not in this order at hour {row.hours}"
