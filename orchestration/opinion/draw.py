"""Drawing comments of each office by hash, so that anybody who has them can draw them again.

What belongs here: which comments can be drawn, and which are. What does not: how a sample is kept
(`sample.py`) and how people label it (`form.py`).

A comment is drawn by SHA-256 of `seed,platform:comment_id` (UTF-8): of each office the smallest.
The office's own comments and those without a word can't be drawn; those of which nobody knows
whether the office wrote them can.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from ingest import batches
from ingest.home import Home
from ingest.schemas import Comment
from orchestration.opinion.sample import NotSampled, OfficeSample, Sample
from orchestration.publication import finished_state

#: So many digits of the hash name a comment.
_DIGITS = 16


def drawable(home: Home, month: str) -> pl.DataFrame:
    """The comments of a month that can be drawn, as the last finished state has them.

    Returns:
        `comment_key, platform, post_key, office_id, published_at, is_answered, sha256,
        record_number`, ordered by `comment_key`.

    Raises:
        NoState: nothing is built yet, or an older version built it.
    """
    return (
        at_home(home, "int_comments")
        .filter(
            pl.col("month") == date.fromisoformat(f"{month}-01"),
            pl.col("office_id").is_not_null(),
            pl.col("has_text"),
            ~pl.col("is_by_account").fill_null(value=False),
        )
        .select(
            "comment_key",
            "platform",
            "post_key",
            "office_id",
            "published_at",
            "is_answered",
            "sha256",
            "record_number",
        )
        .sort("comment_key")
        .collect()
    )


def at_home(home: Home, name: str) -> pl.LazyFrame:
    """A table of the last finished state that is for the home alone.

    Raises:
        NoState: nothing is built yet, or an older version built it.
    """
    path: Path = finished_state.current(home) / f"{name}.parquet"
    if not path.exists():
        raise finished_state.NoState(
            "an older version built the last state; call `kurasi run`, which builds it anew"
        )
    return finished_state.scan(path)


def draw(comments: pl.DataFrame, month: str, per_office: int, seed: str) -> Sample:
    """Draw so many comments of each office, or all where it has no more.

    Args:
        comments: as `drawable` gives them.
        month: as `2025-08`.
        per_office: how many of each office.
        seed: anything, chosen before anybody looks at the comments.
    """
    offices = []
    for (office_id,), own in comments.sort("office_id").group_by("office_id", maintain_order=True):
        codes = sorted(_hash(seed, key) for key in own["comment_key"])
        offices.append(
            OfficeSample(
                office_id=str(office_id),
                comment_count=own.height,
                codes=[each[:_DIGITS] for each in codes[:per_office]],
            )
        )
    return Sample(month=month, seed=seed, per_office=per_office, offices=offices)


def drawn(home: Home, sample: Sample) -> pl.DataFrame:
    """The comments of a sample that are still there, with their texts.

    Returns:
        The columns of `drawable`, `code` and `text`, ordered by code.

    Raises:
        NoState: as `drawable`.
        NotSampled: the lake has moved on since the last build.
    """
    codes = [code for office in sample.offices for code in office.codes]
    found = drawable(home, sample.month)
    named = found.with_columns(
        code=pl.Series(
            [_hash(sample.seed, key)[:_DIGITS] for key in found["comment_key"]], dtype=pl.String
        )
    ).filter(pl.col("code").is_in(codes))
    key = ["sha256", "record_number"]
    texts = batches.scan(home.comments("").parent, Comment).select(*key, "text")
    told = named.lazy().join(texts, on=key).unique("code").collect()
    if told.height < named.height:
        raise NotSampled("the lake has moved on since the last build; `kurasi run` first")
    return told.sort("code")


def _hash(seed: str, comment_key: str) -> str:
    return hashlib.sha256(f"{seed},{comment_key}".encode()).hexdigest()
