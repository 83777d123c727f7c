"""What the layouts of account days share: a record tells some metrics of an account on one day.

What belongs here: the metrics' names and the reader that a table of columns makes. What does not:
any platform's headers (its own module) and how a day is written (`dates.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.fields import numbers
from ingest.fields.values import Cell

_CHANGES = ("follower_change",)


def reader(
    dates: Callable[[str], dict[str, Cell]], metrics: dict[str, str], net: tuple[str, ...] = ()
) -> Callable[[frozenset[str]], dict[str, Cell]]:
    """A reader of records with a day in `date` and a column per metric.

    Args:
        dates: how the day is written.
        metrics: metric to the field that tells it.
        net: metrics that are a day's gains less its losses, so that they can be negative.
    """

    def read(fields: frozenset[str]) -> dict[str, Cell]:
        counters = {
            f"metric:{metric}": (numbers.change if metric in (*_CHANGES, *net) else numbers.count)(
                column
            )
            for metric, column in metrics.items()
            if column in fields
        }
        return {**dates("date"), **counters}

    return read
