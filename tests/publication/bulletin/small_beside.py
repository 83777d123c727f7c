"""What stands beside the rankings of the small month, written by hand.

What belongs here: the tables of `month.BESIDE` for the posts and offices of `small_month.py`. What
does not: whether the warehouse would compute them (`tests/dbt/`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl

from orchestration.publication.month import PublishedMonth
from tests.publication.bulletin.small_month import AUGUST, NEW, small_month

_TWO, _SIX = pl.Decimal(9, 2), pl.Decimal(7, 6)


def month_with_all() -> PublishedMonth:
    """The small month with every table beside its rankings."""
    month = small_month()
    tables = {
        "agg_guidance": guidance(),
        "agg_campaign": campaigns(),
        "agg_flag_effect": flags(),
        "agg_office_followers": followers(),
        "fct_opinion_month": opinion(),
    }
    return replace(month, tables=month.tables | tables)


def guidance() -> pl.DataFrame:
    """Reels are proven: 9 offices of 10 are higher, which is 22 of 1,024. The hours are not."""
    proven = {
        "month": AUGUST,
        "policy_id": NEW,
        "platform": "instagram",
        "feature": "kind",
        "level": "reel",
        "post_kind": None,
        "basis": "window",
        "first_month": date(2025, 3, 1),
        "post_count": 1_234,
        "rest_post_count": 900,
        "office_count": 10,
        "ratio": Decimal("1.50"),
        "ratio_low": Decimal("1.10"),
        "ratio_high": Decimal("2.05"),
        "higher_office_count": 9,
        "lower_office_count": 1,
        "p_value": Decimal("0.021484"),
        "q_value": Decimal("0.042969"),
        "is_proven": True,
    }
    hours = proven | {
        "platform": "x",
        "feature": "hour_band",
        "level": "06-10",
        "post_kind": "text",
        "basis": "last",
        "post_count": 60,
        "office_count": 8,
        "ratio": Decimal("0.76"),
        "ratio_low": Decimal("0.63"),
        "ratio_high": Decimal("1.09"),
        "higher_office_count": 2,
        "lower_office_count": 6,
        "p_value": Decimal("0.289062"),
        "q_value": Decimal("0.289062"),
        "is_proven": False,
    }
    decimals = {"ratio": _TWO, "ratio_low": _TWO, "ratio_high": _TWO}
    chances = {"p_value": _SIX, "q_value": _SIX}
    return pl.DataFrame([proven, hours], schema_overrides=decimals | chances)


def campaigns() -> pl.DataFrame:
    """Aceh carries it three times of four, Bali once misspelt and once not at all."""
    rows = [
        {
            "month": AUGUST,
            "campaign_id": "pasti",
            "hashtag": "#KemenkumPasti",
            "keyword": None,
            "policy_id": NEW,
            "league": "kanwil",
            "office_id": office,
            "platform": "x",
            "finding": finding,
            "post_count": posts,
        }
        for office, finding, posts in (
            ("aceh", "exact", 2),
            ("aceh", "case", 1),
            ("aceh", "absent", 1),
            ("bali", "misspelt", 1),
            ("bali", "absent", 1),
            ("bali", "unknown", 1),
        )
    ]
    return pl.DataFrame(rows, schema_overrides={"keyword": pl.String})


def flags() -> pl.DataFrame:
    """Aceh's largest post stands out; without it Aceh is second among the popular."""
    rows = [
        {
            "month": AUGUST,
            "policy_id": NEW,
            "category": category,
            "league": "kanwil",
            "office_id": "aceh",
            "post_key": "x:3",
            "flag": "outstanding",
            "size": Decimal("9.10"),
            "rank": 1,
            "rank_without": without,
        }
        for category, without in (("active", 1), ("popular", 2))
    ]
    return pl.DataFrame(rows, schema_overrides={"size": pl.Decimal(18, 2)})


def followers() -> pl.DataFrame:
    rows = [
        {
            "month": AUGUST,
            "policy_id": NEW,
            "league": "kanwil",
            "office_id": office,
            "platform": platform,
            "post_count": posts,
            "known_post_count": posts if count else 0,
            "follower_count": count,
            "interaction_count": interactions,
            "per_thousand_ratio": ratio,
        }
        for office, posts, count, interactions, ratio in (
            ("aceh", 4, 10_000, 12_345, Decimal("1234.50")),
            ("bali", 3, 1_000, 100, Decimal("100.00")),
            ("riau", 2, None, 0, None),
        )
        for platform in (None, "x")
    ]
    return pl.DataFrame(rows, schema_overrides={"per_thousand_ratio": pl.Decimal(18, 2)})


def opinion() -> pl.DataFrame:
    """Of Aceh's 200 comments 60 were read; Bali's may not be told."""
    labels = ("negative", "neutral", "positive", "question_or_complaint", "not_about_office")
    rows = [
        {
            "month": AUGUST,
            "office_id": office,
            "label": label,
            "comment_count": 200,
            "sampled_count": 60,
            "labelled_count": 60 if is_publishable else 12,
            "label_count": 12 if is_publishable else None,
            "low_count": 25 if is_publishable else None,
            "high_count": 61 if is_publishable else None,
            "kappa_ratio": Decimal("0.7200"),
            "is_publishable": is_publishable,
        }
        for office, is_publishable in (("aceh", True), ("bali", False))
        for label in labels
    ]
    return pl.DataFrame(rows, schema_overrides={"kappa_ratio": pl.Decimal(5, 4)})
