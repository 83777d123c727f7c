"""Guidance on posts by hand: what `agg_guidance` says of rows of `fct_post_baseline`.

What belongs here: a database with all that the model reads, and its compiled SQL run there. What
does not: worlds of posts; tests and `bench/guidance.py` make their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from tests.models import Models

POLICY = "policy"


@dataclass(frozen=True)
class Guidance:
    """The model's SQL, and a database in which it is run for one edition."""

    database: duckdb.DuckDBPyConnection
    sql: str

    def says(self, posts: pl.DataFrame) -> pl.DataFrame:
        """The rows of `agg_guidance` that follow from rows of `fct_post_baseline`."""
        self.database.register("posts", posts.to_arrow())
        self.database.execute("create or replace table fct_post_baseline as from posts")
        self.database.unregister("posts")
        return self.database.execute(self.sql).pl()


def guidance(models: Models, month: date) -> Guidance:
    """Guidance for the edition of a month (its first day), under POLICY."""
    (model,) = (node for node in models.nodes("model").values() if node["name"] == "agg_guidance")
    database = duckdb.connect()
    database.execute("attach ':memory:' as kurasi; use kurasi")
    database.execute(
        "create table int_policy_months as "
        "select $policy as policy_id, $month as month, true as is_official",
        {"policy": POLICY, "month": month},
    )
    database.execute(
        "create table int_batch_months as select month as post_month from int_policy_months"
    )
    return Guidance(database, model["compiled_code"])
