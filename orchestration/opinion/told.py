"""What labels tell at home: an office's figures, and the questions that nobody answered.

What belongs here: reading them from the last finished state. What does not: what is published
(`dbt_project/models/marts/fct_opinion_month.sql`), and words for the terminal (`cli/`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from ingest.home import Home
from orchestration.opinion import sample as samples
from orchestration.opinion.draw import at_home, drawn
from orchestration.opinion.sample import NotSampled
from orchestration.publication import finished_state


def figures(home: Home, month: str) -> pl.DataFrame:
    """The rows of `fct_opinion_month` of a month, in the order of offices and labels.

    Raises:
        NoState: nothing is built yet, or an older version built it.
    """
    return (
        at_home(home, "fct_opinion_month")
        .filter(pl.col("month") == date.fromisoformat(f"{month}-01"))
        .sort("office_id", "label")
        .collect()
    )


def without_post(home: Home) -> int:
    """How many comments answer a post that no export holds; nobody can draw them."""
    return int(
        at_home(home, "int_comments").select(pl.col("post_key").is_null().sum()).collect().item()
    )


def unanswered(home: Home, month: str, office_id: str) -> pl.DataFrame:
    """The drawn questions and complaints of an office to which its account wrote nothing after.

    Returns:
        `published_at, platform, permalink, text, is_answered`, the oldest first; `is_answered` is
        false, or null where no response tells which comments are the account's.

    Raises:
        NoState: nothing is built yet, or an older version built it.
        NotSampled: no comments of the month were drawn, or the lake has moved on since the build.
    """
    sample = samples.read(home, month)
    if sample is None:
        raise NotSampled(f"no comments of {month} were drawn; kurasi opinion sample draws them")
    asked = at_home(home, "int_opinion_labels").filter(
        reading="first", label="question_or_complaint"
    )
    posts = finished_state.table(home, "dim_post").select("post_key", "permalink")
    return (
        drawn(home, sample)
        .lazy()
        .filter(pl.col("office_id") == office_id, ~pl.col("is_answered").fill_null(value=False))
        .join(asked, left_on="code", right_on="comment_code", how="semi")
        .join(posts, on="post_key", how="left")
        .select("published_at", "platform", "permalink", "text", "is_answered")
        .sort("published_at", "permalink", "text", nulls_last=True)
        .collect()
    )
