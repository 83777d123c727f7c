"""How much room a text takes in a cell: programs that print do not fit rows to their text.

What belongs here: lines, heights and widths. What does not: what is written (`page.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from xlsxwriter.utility import xl_pixel_width

#: In points, of all text but titles.
FONT_SIZE = 10
#: How much wider bold text is, and what programs draw wider than it is told.
BOLD, _SLACK = 1.1, 1.04
_POINTS_PER_LINE, _POINTS_BESIDE = 13, 3
#: Widths are told for the type in which spreadsheets measure columns, which is of this size.
_MEASURED_SIZE = 11
#: Between a cell's text and its borders, in pixels.
_PADDING = 8


def pixels_of(width: int) -> int:
    """How wide a column of so many digits is."""
    return 7 * width + 5


def height_of(lines: Iterable[int]) -> float:
    """How high a row of so many lines is, in points; Excel has no higher one than 409."""
    return min(_POINTS_PER_LINE * max(lines) + _POINTS_BESIDE, 409)


@lru_cache(maxsize=100_000)
def lines_of(text: str, width: int, slack: float = _SLACK) -> int:
    """In how many lines a text wraps in a column of so many digits."""
    room = pixels_of(width) - _PADDING
    return sum(_wrapped(line.split(" "), room, slack) for line in text.split("\n"))


def _wrapped(words: Sequence[str], room: float, slack: float) -> int:
    lines, used = 1, 0.0
    gap = xl_pixel_width(" ")
    for word in words:
        wide = xl_pixel_width(word) * FONT_SIZE / _MEASURED_SIZE * slack
        if used and used + gap + wide > room:
            lines, used = lines + 1, 0.0
        used += gap + wide if used else wide
        # A word that is wider than its column is broken in it.
        while used > room:
            lines, used = lines + 1, used - room
    return lines
