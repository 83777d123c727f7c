"""How many of all comments have a label, told from those that were drawn. Standard library only.

What belongs here: the exact interval, and how far two readers agree. What does not: which comments
are drawn (`draw.py`). Whoever doubts a published figure can run these functions on it by hand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction
from math import comb

#: Either end of an interval may be wrong with this chance, so that 95 % hold in all.
END = Fraction(25, 1000)
#: Below this kappa two readers agree too little for anything to be told.
LEAST_KAPPA = Fraction(6, 10)


def interval(label_count: int, sampled_count: int, comment_count: int) -> tuple[int, int]:
    """Between which numbers of all comments have a label, exactly, as drawn without replacement.

    Between them are all numbers that the draw does not refute: were it fewer, so many of those
    drawn would have the label with a chance of 2.5 % at most; were it more, so few would. The
    chance is the hypergeometric distribution's, in whole numbers.

    Args:
        label_count: how many of the comments drawn have the label.
        sampled_count: how many were drawn.
        comment_count: how many there are.
    """
    others = sampled_count - label_count
    low = _fewest(label_count, sampled_count, comment_count)
    return low, comment_count - _fewest(others, sampled_count, comment_count)


def kappa(counts: Mapping[tuple[str, str], int]) -> Fraction | None:
    """Cohen's kappa: how far two readers agree beyond chance; 1 is wholly.

    Args:
        counts: the first reader's label and the second's, and how many comments have the two.

    Returns:
        None where nothing was read twice, or both gave one label alone: then nothing tells.
    """
    labels = {label for pair in counts for label in pair}
    total = sum(counts.values())
    agreed = sum(count for (first, second), count in counts.items() if first == second)
    by_chance = sum(
        sum(count for (first, _), count in counts.items() if first == label)
        * sum(count for (_, second), count in counts.items() if second == label)
        for label in labels
    )
    if by_chance == total * total:
        return None
    return Fraction(total * agreed - by_chance, total * total - by_chance)


def _fewest(label_count: int, sampled_count: int, comment_count: int) -> int:
    """The fewest of all with which so many of those drawn, or more, are no rare thing."""
    possible = range(label_count, comment_count - (sampled_count - label_count) + 1)
    draws = comb(comment_count, sampled_count)
    place = bisect_left(
        possible,
        True,
        key=lambda labelled: (
            _draws_with(label_count, sampled_count, labelled, comment_count) > END * draws
        ),
    )
    return possible[place]


def _draws_with(least: int, sampled_count: int, labelled: int, comment_count: int) -> int:
    """How many different draws hold at least so many of the labelled comments."""
    others = comment_count - labelled
    count = max(least, sampled_count - others)
    draws = comb(labelled, count) * comb(others, sampled_count - count)
    found = 0
    while draws:
        found += draws
        # One labelled comment more, one other less; the quotient is whole.
        more = (labelled - count) * (sampled_count - count)
        fewer = (count + 1) * (others - sampled_count + count + 1)
        draws = draws * more // fewer
        count += 1
    return found
