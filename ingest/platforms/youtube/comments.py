"""YouTube's Data API: `commentThreads.list`.

Fields as Google's reference has them (YouTube Data API v3, CommentThreads), not yet seen in a real
file. A thread holds five of its answers at most; the others are asked for apart and not read.
`textDisplay` is HTML unless `textFormat=plainText` was asked for.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from ingest.fields.comments import Around, Comment, CommentSource, is_same, listed_at, text_at


def _comments(thread: dict[str, Any], _: Around) -> Iterator[Comment]:
    video = text_at(thread, "snippet.videoId")
    channel = text_at(thread, "snippet.channelId")
    top = thread["snippet"]["topLevelComment"]
    for each in (top, *listed_at(thread, "replies.comments")):
        yield Comment(
            comment_id=text_at(each, "id"),
            post=video or text_at(each, "snippet.videoId"),
            published_at=text_at(each, "snippet.publishedAt"),
            text=_text(each),
            like_count=text_at(each, "snippet.likeCount"),
            parent_comment_id=None if each is top else text_at(top, "id"),
            is_by_account=is_same(
                text_at(each, "snippet.authorChannelId.value"),
                channel or text_at(each, "snippet.channelId"),
            ),
        )


def _text(comment: Any) -> str | None:
    """As it was written; of HTML the words, with a line for each of its breaks."""
    original = text_at(comment, "snippet.textOriginal")
    shown = text_at(comment, "snippet.textDisplay")
    if original is not None or shown is None:
        return original
    lines = re.sub(r"<br\s*/?>", "\n", shown, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", lines))


COMMENTS = (
    CommentSource(
        platform="youtube",
        kind="youtube_api_comment_threads",
        seen="2026-11, in Google's reference",
        keys=("snippet.topLevelComment.id", "snippet.topLevelComment.snippet"),
        comments=_comments,
    ),
)
