"""How records of JSON name an Instagram post: by a shortcode, a link with one, and a number.

What belongs here: what the API, Apify's scraper and CrowdTangle share. What does not: exports of
Business Suite (`content.py`), whose printed time is less sure than the link.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ingest.fields import values
from ingest.fields.values import Cell
from ingest.platforms.instagram.content import LINKED_SHORTCODE, shortcode_time

#: An ID can be older than a scheduled post, but not by more than this.
_FAR = timedelta(days=365)
_NONE = pl.lit(None, dtype=pl.String)


def step(frame: pl.DataFrame) -> pl.DataFrame:
    """The shortcode that a record tells in `shortcode`, and the one in its `permalink`."""
    told = values.text("shortcode").str.head(11) if "shortcode" in frame.columns else _NONE
    linked = LINKED_SHORTCODE if "permalink" in frame.columns else _NONE
    return frame.with_columns(told_code=told, linked_code=linked)


def read(
    fields: frozenset[str],
    published: Cell,
    number: str,
    is_story: pl.Expr = pl.lit(value=False),  # noqa: B008
) -> dict[str, Cell]:
    """The columns of a post's names and of the time that they encode.

    The layout derives `step`, and `values.rounded_ids_step` of `post_id`.

    Args:
        fields: those that the file has.
        published: when the record says that it was published.
        number: what the field `post_id` looks like, as a regular expression.
        is_story: it is a story, which has no shortcode and goes by its number.
    """
    delivered = values.identifier("post_id", number)
    told, linked = pl.col("told_code"), pl.col("linked_code")
    code = pl.coalesce(linked, told)
    id_at = shortcode_time(pl.when(~is_story).then(code))
    post_id = pl.when(is_story).then(delivered.value).otherwise(code)
    link = values.text("permalink") if "permalink" in fields else _NONE
    is_disputed = (told != linked).fill_null(value=False)
    is_far = ((published.value - id_at).abs() > _FAR).fill_null(value=False)
    is_unreadable = id_at.is_null() & ~is_story
    return {
        "post_id": Cell(
            post_id,
            pl.when(post_id.is_null())
            .then(pl.when(is_story).then(delivered.problem).otherwise(pl.lit("unreadable_link")))
            .when(is_disputed)
            .then(pl.lit("id_differs_from_link"))
            .when(is_far)
            .then(pl.lit("id_differs_from_time"))
            .when(is_unreadable)
            .then(pl.lit("unreadable_link")),
            pl.format(
                "{}, shortcode = {}, permalink = {}",
                delivered.text,
                told.fill_null(""),
                link.fill_null(""),
            ),
            post_id.is_not_null() & ~is_disputed & ~is_far & ~is_unreadable,
        ),
        "delivered_post_id": Cell(values.text("post_id")),
        "permalink": Cell(link),
        "id_at": Cell(id_at),
    }
