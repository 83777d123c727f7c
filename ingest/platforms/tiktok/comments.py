"""TikTok: the comments of Apify's comment scraper.

Keys as other people's parsers show them in 2026: `cid`, `videoWebUrl`, `diggCount`,
`createTimeISO`, `repliesToId`; answers are records of their own. The video's link has the account's
name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.fields.comments import Around, Comment, CommentSource, is_same, text_at
from ingest.fields.links import address
from ingest.platforms.tiktok.links import LINKS


def _comments(record: dict[str, Any], _: Around) -> Iterator[Comment]:
    link = text_at(record, "videoWebUrl")
    place = address(link) if link else None
    yield Comment(
        comment_id=text_at(record, "cid"),
        post=link,
        published_at=text_at(record, "createTimeISO"),
        text=text_at(record, "text"),
        like_count=text_at(record, "diggCount"),
        parent_comment_id=text_at(record, "repliesToId"),
        is_by_account=is_same(
            text_at(record, "uniqueId"), LINKS.handle_in(place) if place else None
        ),
    )


COMMENTS = (
    CommentSource(
        platform="tiktok",
        kind="tiktok_apify_comments",
        seen="2026, in other people's parsers",
        keys=("cid", "text", "videoWebUrl", "diggCount"),
        comments=_comments,
    ),
)
