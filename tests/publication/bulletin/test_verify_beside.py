"""What stands beside the rankings can't contradict itself or them unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from orchestration.publication.verify_beside import differences
from tests.publication.bulletin.small_beside import month_with_all

_PROVEN, _ACEH = pl.col("is_proven"), pl.col("office_id") == "aceh"


def put(column: str, value: object, where: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """With another value in the rows that are named."""

    def change(table: pl.DataFrame) -> pl.DataFrame:
        told = pl.lit(value).cast(table.schema[column])
        return table.with_columns(pl.when(where).then(told).otherwise(column).alias(column))

    return change


CONTRADICTIONS = {
    "a ratio outside of its interval": (
        "agg_guidance",
        put("ratio", Decimal("2.50"), _PROVEN),
    ),
    "a p-value that is not its offices'": (
        "agg_guidance",
        put("p_value", Decimal("0.001000"), _PROVEN),
    ),
    "proven though the interval holds 1": ("agg_guidance", put("is_proven", True, ~_PROVEN)),
    "more posts than count": ("agg_campaign", put("post_count", 9, _ACEH)),
    "a rank that is another": ("agg_flag_effect", put("rank", 2, _ACEH)),
    "a rank without a post": ("agg_flag_effect", put("rank_without", 4, _ACEH)),
    "a post that does not count": ("agg_flag_effect", put("post_key", "x:7", _ACEH)),
    "a ratio of followers": (
        "agg_office_followers",
        put("per_thousand_ratio", Decimal("999.00"), _ACEH),
    ),
    "posts of followers": ("agg_office_followers", put("post_count", 5, _ACEH)),
}


def test_what_agrees_is_not_told() -> None:
    assert list(differences(month_with_all())) == []


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_a_contradiction_is_named_by_its_table(what: str) -> None:
    name, change = CONTRADICTIONS[what]
    month = month_with_all()
    forged = replace(month, tables=month.tables | {name: change(month.tables[name])})
    found = list(differences(forged))
    assert found and all(text.startswith(f"tables/{name}: ") for text in found)
