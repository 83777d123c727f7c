"""The exact interval against another library's distribution, and kappa against a textbook's."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from scipy.stats import hypergeom

from orchestration.opinion.interval import interval, kappa

RANDOM = random.Random(18)
SIZES = [
    (every, drawn, RANDOM.randint(0, drawn))
    for every in (1, 2, 7, 30, 61, 180, 640)
    for drawn in sorted({1, min(every, 20), min(every, 60)})
]


@pytest.mark.parametrize(("every", "drawn", "found"), SIZES)
def test_an_interval_holds_all_numbers_that_the_draw_does_not_refute(
    every: int, drawn: int, found: int
) -> None:
    held = [
        count
        for count in range(found, every - drawn + found + 1)
        if hypergeom.cdf(found, every, count, drawn) > 0.025
        and hypergeom.sf(found - 1, every, count, drawn) > 0.025
    ]
    assert interval(found, drawn, every) == (min(held), max(held))


def test_where_all_were_drawn_the_number_is_known() -> None:
    assert [interval(found, 25, 25) for found in (0, 9, 25)] == [(0, 0), (9, 9), (25, 25)]


def test_whatever_the_truth_the_interval_holds_it_95_times_of_100() -> None:
    every, drawn = 120, 30
    told = [interval(found, drawn, every) for found in range(drawn + 1)]
    for count in range(every + 1):
        chance = sum(
            hypergeom.pmf(found, every, count, drawn)
            for found, (low, high) in enumerate(told)
            if low <= count <= high
        )
        assert chance >= 0.95


def test_kappa_is_the_agreement_beyond_chance() -> None:
    counts = {("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}
    assert kappa(counts) == Fraction(4, 10)
    assert kappa({("a", "a"): 3, ("b", "b"): 4}) == 1
    assert kappa({("a", "b"): 5, ("b", "a"): 5}) == -1
    # One label alone tells nothing.
    assert kappa({("a", "a"): 5}) is None
    assert kappa({}) is None
