"""Facebook's Graph API: the comments of a page's posts.

Fields as Meta's reference of Comment has them, not yet seen in a real file. `id` is
`post_comment`. Only a post around the comments, `?fields=id,from,comments{…}`, tells the page, and
so which comments are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.fields.comments import Around, Comment, CommentSource, is_same, listed_at, text_at


def _comments(record: dict[str, Any], around: Around) -> Iterator[Comment]:
    around_it = next((each for each in reversed(around) if "comments" in each), {})
    post = text_at(around_it, "id")
    yield from _with_answers(
        record, None, post.rpartition("_")[2] if post else None, _page(around_it)
    )


def _with_answers(
    record: dict[str, Any], parent: str | None, post: str | None, page: str | None
) -> Iterator[Comment]:
    number = text_at(record, "id")
    yield Comment(
        comment_id=number,
        post=post or _post_of(number),
        published_at=text_at(record, "created_time"),
        text=text_at(record, "message"),
        like_count=text_at(record, "like_count"),
        parent_comment_id=parent or text_at(record, "parent.id"),
        is_by_account=is_same(text_at(record, "from.id"), page),
        named=tuple(
            name for each in listed_at(record, "message_tags") if (name := text_at(each, "name"))
        ),
    )
    for each in listed_at(record, "comments.data"):
        yield from _with_answers(each, number, post, page)


def _page(post: Any) -> str | None:
    """The number of a post's page: `from`, else what stands before `_` in its ID."""
    page, _, number = (text_at(post, "id") or "").partition("_")
    return text_at(post, "from.id") or (page if number else None)


def _post_of(comment_id: str | None) -> str | None:
    post, _, comment = (comment_id or "").partition("_")
    return post if comment else None


COMMENTS = (
    CommentSource(
        platform="facebook",
        kind="facebook_api_comments",
        seen="2026-11, in Meta's reference",
        keys=("id", "message", "created_time", "like_count"),
        comments=_comments,
    ),
)
