"""Whether what stands beside the rankings agrees with itself and with the edition's other tables.

What belongs here: the tables of `month.BESIDE`. They look back over months or stand on captions, so
the evidence of a month does not give them: what is found here contradicts itself or the rankings,
and not a guidance that was made up as a whole. What does not: all other tables
(`verify_tables.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from math import comb
from typing import Any

from orchestration.publication.month import PublishedMonth

Row = dict[str, Any]
Place = tuple[str, ...]
#: Up to this q-value a statement is proven; and so much may rounding move a probability.
_PROVEN_UP_TO, _ROUNDING = Decimal("0.1"), Decimal("0.000002")


def differences(month: PublishedMonth) -> Iterator[str]:
    """What contradicts itself or the rankings."""
    yield from _guidance(month)
    yield from _campaigns(month)
    yield from _flags(month)
    yield from _followers(month)


def _rows(month: PublishedMonth, table: str) -> list[Row]:
    return month.tables[table].to_dicts()


def _guidance(month: PublishedMonth) -> Iterator[str]:
    """A statement's interval holds its ratio, its p-value is its offices', and both decide."""
    for row in _rows(month, "agg_guidance"):
        low, high = row["ratio_low"], row["ratio_high"]
        is_outside = low > 1 or high < 1
        is_sound = (
            low <= row["ratio"] <= high
            and row["higher_office_count"] + row["lower_office_count"] <= row["office_count"]
            and abs(row["p_value"] - _sign_test(row)) <= _ROUNDING
            and row["p_value"] <= row["q_value"]
            and row["is_proven"] == (row["q_value"] <= _PROVEN_UP_TO and is_outside)
        )
        if not is_sound:
            statement = f"{row['platform']} {row['feature']} {row['level']}"
            yield f"tables/agg_guidance: {statement} contradicts itself"


def _sign_test(row: Row) -> Decimal:
    """How probable it is that offices fall so unevenly on both sides by chance."""
    higher, lower = int(row["higher_office_count"]), int(row["lower_office_count"])
    trials = higher + lower
    as_uneven = 2 * sum(comb(trials, count) for count in range(min(higher, lower) + 1))
    return min(Decimal(1), Decimal(as_uneven) / Decimal(2**trials))


def _campaigns(month: PublishedMonth) -> Iterator[str]:
    """A campaign judges no more posts of an office on a platform than count there."""
    counted = _counted_posts(month)
    judged: dict[tuple[str, Place], int] = defaultdict(int)
    for row in _rows(month, "agg_campaign"):
        judged[row["campaign_id"], _place(row)] += row["post_count"]
    for (campaign_id, place), posts in judged.items():
        if posts > counted[place]:
            yield f"tables/agg_campaign: {campaign_id} has more posts of {place[2]} than count"


def _flags(month: PublishedMonth) -> Iterator[str]:
    """The ranks with and without a post are those of the rankings and of its value."""
    ranking = {
        (row["policy_id"], row["category"], row["league"], row["office_id"]): row
        for row in _rows(month, "rank_monthly")
    }
    values = {
        (row["policy_id"], row["post_key"]): row["value"] or 0
        for row in _rows(month, "fct_post_month")
        if row["is_counted"]
    }
    for row in _rows(month, "agg_flag_effect"):
        place = (row["policy_id"], row["category"], row["league"])
        own = ranking.get((*place, row["office_id"]))
        value = values.get((row["policy_id"], row["post_key"]))
        if own is None or value is None:
            yield f"tables/agg_flag_effect: {row['post_key']} is no post that counts there"
            continue
        without = own["score"] - (1 if row["category"] == "active" else value)
        better = sum(
            other["score"] > without
            for (*others_place, office), other in ranking.items()
            if tuple(others_place) == place and office != row["office_id"]
        )
        if (row["rank"], row["rank_without"]) != (own["rank"], better + 1):
            yield f"tables/agg_flag_effect: the ranks of {row['post_key']} are not the rankings'"


def _followers(month: PublishedMonth) -> Iterator[str]:
    """As many posts as count, and the ratio is that of its two numbers."""
    counted = _counted_posts(month)
    for row in _rows(month, "agg_office_followers"):
        place = _place(row)
        posts = sum(
            count
            for each, count in counted.items()
            if each[:3] == place[:3] and place[3] in (None, each[3])
        )
        followers, ratio = row["follower_count"], row["per_thousand_ratio"]
        of_both = None
        if followers:
            hundredths = (200_000 * row["interaction_count"] + followers) // (2 * followers)
            of_both = Decimal(hundredths) / 100
        is_sound = row["known_post_count"] <= row["post_count"] == posts and ratio == of_both
        if not is_sound:
            yield f"tables/agg_office_followers: {row['office_id']} contradicts itself"


def _counted_posts(month: PublishedMonth) -> Counter[Place]:
    """Policy, league, office and platform to the number of posts that count."""
    return Counter(_place(row) for row in _rows(month, "fct_post_month") if row["is_counted"])


def _place(row: Row) -> Place:
    return row["policy_id"], row["league"], row["office_id"], row["platform"]
