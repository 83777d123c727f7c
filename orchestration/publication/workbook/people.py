"""The files of the folder `people/`: tables as CSV that an Indonesian spreadsheet opens.

What belongs here: which columns they have and their words. What does not: how a cell is written
(`formats.people_csv`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from orchestration.publication.formats import kept_text, people_csv
from orchestration.publication.labels import (
    CATEGORIES,
    GRADES,
    HEADINGS,
    LEAGUES,
    REASONS,
    STATES,
    STATUSES,
    UNBOUNDED,
    Words,
)
from orchestration.publication.month import PublishedMonth
from orchestration.publication.workbook.tables import coverage, platform_names, posts, rankings

#: Ranges are two numbers each.
_RANKING = (
    "edition_id",
    "status",
    "month",
    "policy_id",
    "is_official",
    "coverage_percent",
    "evidence_percent",
    "league",
    "category",
    "rank",
    "office_name",
    "is_complete",
    "score",
    "rank_likely_best",
    "rank_likely_worst",
    "rank_best",
    "rank_worst",
    "rank_without_best_post",
    "score_likely_low",
    "score_likely_high",
    "score_low",
    "score_high",
    "post_count",
    "exact_score",
    "interpolated_score",
    "late_score",
    "early_score",
    "none_score",
    "complete_account_count",
    "partial_account_count",
    "missing_account_count",
    "office_id",
)
_POST = (
    "policy_id",
    "office_name",
    "platform",
    "account_id",
    "post_id",
    "permalink",
    "published_local",
    "is_counted",
    "reason",
    "value",
    "value_likely_low",
    "value_likely_high",
    "value_low",
    "value_high",
    "grade",
    "is_incomplete",
    "office_id",
    "league",
)
_COVERAGE = ("policy_id", "office_name", "platform", "account_id", "state", "office_id")
#: Everything that these files have a column for.
COLUMNS = tuple(dict.fromkeys((*_RANKING, *_POST, *_COVERAGE)))


def people(month: PublishedMonth, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files by name.

    Args:
        month: the rows.
        manifest: the edition's ID and status.
    """
    tables = {
        "peringkat.csv": _rankings(month, manifest).select(_RANKING),
        "unggahan.csv": _posts(month).select(_POST),
        "cakupan.csv": _in_words(coverage(month), month).select(_COVERAGE),
    }
    return {
        name: people_csv(
            [HEADINGS[column].indonesian for column in table.columns], table.iter_rows()
        )
        for name, table in tables.items()
    }


def _rankings(month: PublishedMonth, manifest: Mapping[str, Any]) -> pl.DataFrame:
    states = month.tables["rank_month_state"].select(
        "policy_id", "coverage_percent", "evidence_percent"
    )
    told = _in_words(rankings(month, "id"), month)
    return told.join(states, on="policy_id", how="left", maintain_order="left").with_columns(
        _bounded("score_high"),
        _bounded("score_likely_high"),
        edition_id=pl.lit(manifest["edition_id"]),
        status=pl.lit(STATUSES[manifest["status"]].indonesian),
    )


def _posts(month: PublishedMonth) -> pl.DataFrame:
    """Each post under the official policy; under each where none is."""
    official = month.official_policy
    policies = [official] if official else month.tables["dim_policy"]["policy_id"].to_list()
    rows = posts(month, policies)
    # A spreadsheet that opens CSV shall leave long IDs whole.
    kept = [kept_text(text) for text in rows["post_id"]]
    time = pl.col("published_local").dt.strftime("%Y-%m-%d %H:%M:%S")
    return _in_words(rows, month).with_columns(
        _bounded("value_high"),
        _bounded("value_likely_high"),
        pl.Series("post_id", kept, pl.String),
        published_local=pl.coalesce(time, pl.col("local_date").cast(pl.String)),
    )


def _in_words(table: pl.DataFrame, month: PublishedMonth) -> pl.DataFrame:
    """With words in the place of codes."""
    codes: dict[str, dict[str, Words]] = {
        "category": CATEGORIES,
        "league": LEAGUES,
        "reason": REASONS,
        "grade": GRADES,
        "state": STATES,
    }
    words = {
        column: {code: told.indonesian for code, told in known.items()}
        for column, known in codes.items()
    }
    words["platform"] = platform_names(month)
    return table.with_columns(
        pl.col(column).replace(known) for column, known in words.items() if column in table.columns
    )


def _bounded(column: str) -> pl.Expr:
    """An upper bound, or the word for that there is none."""
    return pl.col(column).cast(pl.String).fill_null(UNBOUNDED.indonesian)
