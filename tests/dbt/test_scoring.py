"""The warehouse agrees with a second implementation of the definitions, to the integer.

`reference.py` was written from the definitions and not from the SQL; on random small worlds both
must give the same value, score and rank for everything.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from tests import reference, worlds
from tests.models import Models
from tests.properties import examples
from tests.reference import Lake

POST = (
    "month",
    "account_id",
    "office_id",
    "league",
    "is_counted",
    "reason",
    "value",
    "value_low",
    "value_high",
    "value_likely_low",
    "value_likely_high",
    "grade",
    "is_incomplete",
    "component_count",
    "sound_component_count",
    "is_month_uncertain",
)
RANK = {
    "rank": "rank",
    "rank_best": "rank_best",
    "rank_worst": "rank_worst",
    "rank_likely_best": "rank_likely_best",
    "rank_likely_worst": "rank_likely_worst",
    "score_likely_low": "score_likely_low",
    "score_likely_high": "score_likely_high",
    "is_complete": "is_complete",
    "rank_without_best_post": "rank_without_best_post",
    "score": "score",
    "score_low": "score_low",
    "score_high": "score_high",
    "post_count": "post_count",
    "is_official": "is_official",
    **{
        f"{grade}_score": f"evidence_{grade}"
        for grade in ["exact", "interpolated", "late", "early", "none"]
    },
    **{
        f"{state}_account_count": f"coverage_{state}"
        for state in ["complete", "partial", "missing"]
    },
}


def scored(models: Models, lake: Lake) -> dict[str, dict[Any, dict[str, Any]]]:
    """What the warehouse makes of a lake, in the reference's form."""
    with models.build(lake) as database:
        rows = {
            table: database.execute(f"from {table}").pl().to_dicts()
            for table in ("fct_post_month", "rank_monthly", "fct_coverage", "rank_month_state")
        }
    for row in (row for table in rows.values() for row in table):
        row["month"] = f"{row['month']:%Y-%m}"
    return {
        "post_month": {
            (row["policy_id"], row["platform"], row["post_id"]): {key: row[key] for key in POST}
            for row in rows["fct_post_month"]
        },
        "rank_monthly": {
            (row["policy_id"], row["month"], row["league"], row["category"], row["office_id"]): {
                name: row[column] for column, name in RANK.items()
            }
            for row in rows["rank_monthly"]
        },
        "coverage": {
            (row["policy_id"], row["month"], row["account_id"]): row["state"]
            for row in rows["fct_coverage"]
        },
        "evidence_percent": {
            (row["policy_id"], row["month"]): row["evidence_percent"]
            for row in rows["rank_month_state"]
        },
    }


@settings(
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lake=worlds.lakes())
def test_the_warehouse_agrees_with_the_reference(models: Models, lake: Lake) -> None:
    expected = reference.score(lake)
    found = scored(models, lake)
    posts = {key: {name: row[name] for name in POST} for key, row in expected.post_month.items()}
    assert found["post_month"] == posts
    assert found["coverage"] == expected.coverage
    assert found["rank_monthly"] == expected.rank_monthly
    assert found["evidence_percent"] == expected.evidence_percent
