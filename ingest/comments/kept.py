"""The form in which comments and labels are archived and read: JSON with a record for each.

What belongs here: writing that form, and the two layouts that read it. What does not: where
comments and labels come from (`responses.py`, `labels.py`).

`{"kept": "youtube_api_comment_threads", "comments": [{"platform": …, "comment_id": …, …}]}`; labels
are `{"kept": "opinion_labels", "labels": [{"code": …, "reading": …, "label": …}]}`. What is kept of
a kept file is the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from ingest.comments import persons
from ingest.fields import instants, links, numbers, values
from ingest.fields.comments import Comment
from ingest.fields.layout import Column, Counter, Layout, Prose
from ingest.fields.values import Cell
from ingest.platforms import LINKS

#: The keys of a comment, and of a label.
COMMENT_KEYS = (
    "platform",
    "comment_id",
    "post_id",
    "published_at",
    "text",
    "like_count",
    "parent_comment_id",
    "is_by_account",
)
LABEL_KEYS = ("code", "reading", "label")


def written(kind: str, place: str, records: Sequence[dict[str, Any]]) -> bytes:
    """A kept file.

    Args:
        kind: what its records were taken from.
        place: `comments` or `labels`.
        records: each with all keys of its kind.
    """
    document = {"kept": kind, place: records}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def record(platform: str | None, comment: Comment) -> dict[str, Any]:
    """A comment by the keys that are kept, without persons in its text.

    Args:
        platform: its key; None where the file does not tell it.
        comment: as the file writes it.
    """
    return {
        "platform": platform,
        "comment_id": comment.comment_id,
        "post_id": _post_id(platform, comment.post),
        "published_at": comment.published_at,
        "text": persons.without(comment.text, comment.named) if comment.text else None,
        "like_count": comment.like_count,
        "parent_comment_id": comment.parent_comment_id,
        "is_by_account": comment.is_by_account,
    }


def _post_id(platform: str | None, post: str | None) -> str | None:
    """The ID of a post as posts are known by it, from an ID or a link; None of any other link."""
    if platform is None or post is None:
        return None
    own = LINKS[platform]
    if "://" not in post:
        return own.post_of(post) or post
    named = links.name(post, {platform: own})
    return named.readings[0].key if named.readings else None


def _comment(_: frozenset[str]) -> dict[str, Cell]:
    published = instants.iso("published_at")
    is_told = values.text("published_at").is_not_null()
    return {
        "platform": Cell(values.text("platform")),
        "source": Cell(values.text("kept")),
        "comment_id": Cell(values.text("comment_id")),
        "post_id": Cell(values.text("post_id")),
        "published_at": Cell(
            published.value,
            pl.when(is_told).then(published.problem),
            published.text,
            ~is_told | published.value.is_not_null(),
        ),
        "text": Cell(values.prose("text")),
        "like_count": numbers.count("likes"),
        "parent_comment_id": Cell(values.text("parent")),
        "is_by_account": Cell(values.text("is_by_account") == "true"),
    }


def _label(_: frozenset[str]) -> dict[str, Cell]:
    return {name: Cell(values.text(name)) for name in LABEL_KEYS}


COMMENTS = Layout(
    platform=None,
    kind="comments",
    record_type="comments",
    read=_comment,
    seen="its own",
    columns=(
        Column("platform", en="@.platform"),
        Column("comment_id", en="@.comment_id"),
        Column("post_id", en="@.post_id"),
        Column("published_at", en="@.published_at"),
        Prose("text", en="@.text"),
        Counter("likes", en="@.like_count"),
        Column("parent", en="@.parent_comment_id"),
        Column("is_by_account", en="@.is_by_account"),
        Column("kept", en="$.kept"),
    ),
)
LABELS = Layout(
    platform=None,
    kind="opinion_labels",
    record_type="labels",
    read=_label,
    seen="its own",
    columns=(
        Column("code", en="@.code"),
        Column("reading", en="@.reading"),
        Column("label", en="@.label"),
        Column("kept", en="$.kept"),
    ),
)
LAYOUTS = (COMMENTS, LABELS)
