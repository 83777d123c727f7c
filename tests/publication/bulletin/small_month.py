"""A month of four offices, written by hand, of which every answer is known.

What belongs here: its tables, with what the bulletin reads of them. What does not: whether the
warehouse would compute such ranks (`tests/dbt/`).

    Aceh    certain first in both; was second, certainly
    Bali    second; its likely ranks of both months overlap; one post was seen too late
    RIAU    a name of 200 characters with markup, a formula and marks that turn text around
    Papua   nothing of it arrived, so its score has no upper bound; not in the month before
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from orchestration.publication.month import PublishedMonth

AUGUST = date(2025, 8, 1)
NEW, OLD = "kemenkum-2025-07", "kuantitas-2025-01"
HOSTILE = '=1+1 #eval("x") <script>alert(1)</script> \u202egnort\x1b[2J ' + "Riau" * 40
MANIFEST: dict[str, Any] = {
    "edition_id": "2025-08-provisional-1",
    "status": "provisional",
    "replaces": None,
    "reason": None,
    "despite": False,
}
NO_OBJECTIONS = pl.DataFrame(
    schema={
        "objection_id": pl.String,
        "office_id": pl.String,
        "outcome": pl.String,
        "answered_date": pl.Date,
    }
)
PREVIOUS: dict[str, Any] = {
    "edition_id": "2025-07-final-1",
    "month": "2025-07",
    "content_sha256": "0" * 64,
    "ranks": [
        {
            "league": "kanwil",
            "category": category,
            "office_id": office_id,
            "rank": rank,
            "rank_likely_best": best,
            "rank_likely_worst": worst,
            "is_complete": True,
        }
        for category in ("active", "popular")
        for office_id, rank, best, worst in (
            ("riau", 1, 1, 1),
            ("aceh", 2, 2, 2),
            ("bali", 3, 2, 3),
        )
    ],
}


def small_month() -> PublishedMonth:
    """August 2025."""
    return PublishedMonth(
        AUGUST,
        {
            "rank_monthly": _rankings(),
            "rank_policy_sensitivity": _sensitivity(),
            "rank_month_state": _states(),
            "fct_post_month": _posts(),
            "fct_coverage": _coverage(),
            "dim_office": _offices(),
            "dim_account": _accounts(),
            "dim_platform": pl.DataFrame(
                {"platform": ["instagram", "x"], "platform_name": ["Instagram", "X"]}
            ),
            "dim_policy": _policies(),
            "dim_post": _posts()
            .unique("post_key", maintain_order=True)
            .select("post_key", permalink=pl.lit(None, pl.String)),
        },
    )


#: Category, office, rank, best, worst, likely best, likely worst, without its best post, score.
_RANKS = (
    ("active", "aceh", 1, 1, 4, 1, 1, 1, 4),
    ("active", "bali", 2, 2, 4, 2, 3, 2, 3),
    ("active", "riau", 3, 3, 4, 3, 3, 3, 2),
    ("active", "papua", 4, 1, 4, 4, 4, 4, 0),
    ("popular", "aceh", 1, 1, 4, 1, 1, 2, 12_345),
    ("popular", "bali", 2, 1, 4, 1, 3, 3, 100),
    ("popular", "riau", 3, 2, 4, 2, 3, 3, 60),
    ("popular", "papua", 4, 1, 4, 4, 4, 4, 0),
)


def _rankings() -> pl.DataFrame:
    rows = [
        {
            "month": AUGUST,
            "policy_id": policy,
            "is_official": policy == NEW,
            "league": "kanwil",
            "category": category,
            "rank": rank,
            "rank_best": best,
            "rank_worst": worst,
            "rank_likely_best": likely_best,
            "rank_likely_worst": likely_worst,
            "rank_without_best_post": without,
            "office_id": office,
            "score": score,
            "is_complete": office != "papua",
        }
        for policy in (NEW, OLD)
        for (
            category,
            office,
            rank,
            best,
            worst,
            likely_best,
            likely_worst,
            without,
            score,
        ) in _RANKS
    ]
    return pl.DataFrame(rows)


def _sensitivity() -> pl.DataFrame:
    """The old rule has Bali before Aceh among the popular, else the same."""
    swapped = {("popular", "aceh"): 2, ("popular", "bali"): 1}
    rows = [
        {
            "league": "kanwil",
            "category": category,
            "office_id": office,
            "policy_id": policy,
            "rank": swapped.get((category, office), rank) if policy == OLD else rank,
        }
        for policy in (NEW, OLD)
        for category, office, rank, *_ in _RANKS
    ]
    return pl.DataFrame(rows)


def _states() -> pl.DataFrame:
    rows = [
        {
            "policy_id": policy,
            "account_count": 5,
            "complete_account_count": 3,
            "coverage_percent": 60,
            "evidence_percent": 40,
            "is_complete": False,
            "state": "coverage 60 of 100 percent",
        }
        for policy in (NEW, OLD)
    ]
    return pl.DataFrame(rows)


def _policies() -> pl.DataFrame:
    new = {
        "policy_id": NEW,
        "policy_sha256": "a" * 64,
        "title": "Aturan baru",
        "effective_from_date": date(2025, 7, 1),
        "platforms": ["x", "instagram"],
        "leagues": ["kanwil", "unit_utama"],
        "window_hours": 24,
        "minimum_coverage_percent": 100,
        "minimum_evidence_percent": 50,
    }
    old = new | {
        "policy_id": OLD,
        "title": "Aturan lama",
        "effective_from_date": date(2025, 1, 1),
        "window_hours": None,
        "minimum_evidence_percent": 0,
    }
    return pl.DataFrame([new, old])


def _offices() -> pl.DataFrame:
    names = {
        "aceh": "Kantor Wilayah Kementerian Hukum Aceh",
        "bali": "Kantor Wilayah Kementerian Hukum Bali",
        "riau": HOSTILE,
        "papua": "Kantor Wilayah Kementerian Hukum Papua",
    }
    rows = [
        {"office_id": office, "office_name": name, "valid_from_date": date(2024, 1, 1)}
        for office, name in names.items()
    ]
    # From September on it is called otherwise, which is nothing to August.
    renamed = {"office_id": "aceh", "office_name": "Aceh Baru", "valid_from_date": date(2025, 9, 1)}
    return pl.DataFrame([*rows, renamed])


#: Account, its office, platform, and the state of its exports.
_ACCOUNTS = (
    ("aceh-x", "aceh", "x", "complete"),
    ("bali-x", "bali", "x", "complete"),
    ("riau-x", "riau", "x", "partial"),
    ("bali-instagram", "bali", "instagram", "complete"),
    ("papua-x", "papua", "x", "missing"),
)


def _accounts() -> pl.DataFrame:
    rows = [
        {
            "account_id": account,
            "office_id": office,
            "platform": platform,
            "handle": f"@{account}",
            "account_name": None,
            "valid_from_date": date(2024, 1, 1),
            "valid_to_date": None,
        }
        for account, office, platform, _ in _ACCOUNTS
    ]
    return pl.DataFrame(
        rows, schema_overrides={"account_name": pl.String, "valid_to_date": pl.Date}
    )


def _coverage() -> pl.DataFrame:
    rows = [
        {"policy_id": policy, "account_id": account, "platform": platform, "state": state}
        for policy in (NEW, OLD)
        for account, _, platform, state in _ACCOUNTS
    ]
    return pl.DataFrame(rows)


#: Office, reason, value, likely low, likely high, low, high, grade.
_POSTS: tuple[tuple[Any, ...], ...] = (
    ("aceh", "counted", 10, 10, 10, 10, 10, "exact"),
    ("aceh", "counted", 20, 18, 22, 15, 25, "interpolated"),
    ("aceh", "counted", 30, 30, 30, 30, 30, "exact"),
    ("aceh", "counted", 12_285, 12_000, 13_000, 12_000, 13_000, "interpolated"),
    ("bali", "counted", 40, 30, 60, 0, 80, "late"),
    ("bali", "counted", 60, 55, 65, 60, None, "early"),
    ("bali", "counted", None, 0, None, 0, None, "none"),
    ("bali", "reply", 5, 5, 5, 5, 5, "exact"),
    ("bali", "reply", 6, 6, 6, 6, 6, "exact"),
    ("bali", "seen_after_cutoff", None, 0, None, 0, None, "none"),
    ("riau", "counted", 50, 50, 50, 50, 50, "exact"),
    ("riau", "counted", 10, 10, 10, 10, 10, "exact"),
)


def _posts() -> pl.DataFrame:
    rows = [
        {
            "policy_id": policy,
            "post_key": f"x:{number}",
            "platform": "x",
            "post_id": str(1950000000000000000 + number),
            "local_date": date(2025, 8, 1 + number),
            "account_id": f"{office}-x",
            "office_id": office,
            "league": "kanwil",
            "is_counted": reason == "counted",
            "reason": reason,
            "value": value,
            "value_likely_low": likely_low,
            "value_likely_high": likely_high,
            "value_low": low,
            "value_high": high,
            "grade": grade,
            "is_incomplete": grade == "none",
        }
        for policy in (NEW, OLD)
        for number, (
            office,
            reason,
            value,
            likely_low,
            likely_high,
            low,
            high,
            grade,
        ) in enumerate(_POSTS)
    ]
    return pl.DataFrame(rows)
