"""Instagram: comments of the Graph API, and of Apify's comment scraper.

The API's fields as Meta's reference has them (IG Comment, IG Media), not yet seen in a real file.
Comments tell their post by `media`, or stand in it: `?fields=permalink,username,comments{…}`. Only
the post around them tells whose it is, and so which comments are the account's own.

The scraper's as its documentation and other people's parsers show them in 2026. It does not tell
whose the post is, unless its link does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.fields.comments import Around, Comment, CommentSource, is_same, listed_at, text_at
from ingest.fields.links import address
from ingest.platforms.instagram.links import LINKS


def _of_api(record: dict[str, Any], around: Around) -> Iterator[Comment]:
    media = next((each for each in reversed(around) if "comments" in each), {})
    post = _post(record.get("media")) or _post(media)
    yield from _with_answers(record, None, post, _owner(media))


def _with_answers(
    record: dict[str, Any], parent: str | None, post: str | None, owner: tuple[str | None, ...]
) -> Iterator[Comment]:
    number, name = owner
    is_by_number = is_same(text_at(record, "from.id"), number)
    writer = text_at(record, "username") or text_at(record, "from.username")
    yield Comment(
        comment_id=text_at(record, "id"),
        post=post,
        published_at=text_at(record, "timestamp"),
        text=text_at(record, "text"),
        like_count=text_at(record, "like_count"),
        parent_comment_id=parent or text_at(record, "parent_id"),
        # The two numbers of an account differ between Meta's logins, so a name alone denies.
        is_by_account=True if is_by_number else is_same(writer, name),
    )
    for each in listed_at(record, "replies.data"):
        yield from _with_answers(each, text_at(record, "id"), post, owner)


def _post(media: Any) -> str | None:
    """What names a post: its link, else its number."""
    return text_at(media, "permalink") or text_at(media, "id")


def _owner(media: Any) -> tuple[str | None, str | None]:
    """The number and the name of a post's account."""
    name = text_at(media, "username") or text_at(media, "owner.username")
    return text_at(media, "owner.id"), name


def _of_scraper(record: dict[str, Any], _: Around) -> Iterator[Comment]:
    post = text_at(record, "postUrl")
    yield from _scraped(record, None, post)


def _scraped(record: dict[str, Any], parent: str | None, post: str | None) -> Iterator[Comment]:
    yield Comment(
        comment_id=text_at(record, "id"),
        post=post,
        published_at=text_at(record, "timestamp"),
        text=text_at(record, "text"),
        like_count=text_at(record, "likesCount"),
        parent_comment_id=parent,
        is_by_account=is_same(text_at(record, "ownerUsername"), _name_in(post)),
    )
    for each in listed_at(record, "replies"):
        yield from _scraped(each, text_at(record, "id"), post)


def _name_in(link: str | None) -> str | None:
    """The account in `instagram.com/name/p/…`."""
    place = address(link) if link else None
    return LINKS.handle_in(place) if place else None


COMMENTS = (
    CommentSource(
        platform="instagram",
        kind="instagram_api_comments",
        seen="2026-11, in Meta's reference",
        keys=("id", "text", "timestamp", "like_count"),
        comments=_of_api,
    ),
    CommentSource(
        platform="instagram",
        kind="instagram_apify_comments",
        seen="2026, in the scraper's documentation",
        keys=("id", "text", "timestamp", "ownerUsername", "postUrl"),
        comments=_of_scraper,
    ),
)
