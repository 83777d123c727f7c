"""What is kept of a comment that a member of the public wrote, and how a platform's comes to it.

What belongs here: the type of a kept comment, and the declaration of a source of comments. What
does not: any platform's keys (`platforms/<platform>/comments.py`), finding the comments in a file,
and taking persons out of their texts (`comments/`).

A comment is kept without whoever wrote it: no name, handle, number, avatar or link of a profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.files.json_records import value_at

#: The objects around a record, from the whole file down.
Around = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is kept; texts as the file writes them, None where it does not tell."""

    comment_id: str | None
    #: The post's ID as the file writes it, or a link to it.
    post: str | None
    #: With an offset from UTC, ISO 8601.
    published_at: str | None
    text: str | None
    like_count: str | None
    #: The comment that it answers; None of one that answers the post.
    parent_comment_id: str | None
    #: Whether the post's own account wrote it; None where the file does not tell.
    is_by_account: bool | None
    #: Names that stand in the text as they are, as the platform says.
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentSource:
    """One kind of response or scrape that holds comments."""

    platform: str
    kind: str
    #: When such files were seen, for the listing.
    seen: str
    #: The keys that a comment has in it, by which it is known; of two sources that know a record
    #: the one that asks for more.
    keys: tuple[str, ...]
    #: The comments of a record: its own, and those that answer it.
    comments: Callable[[dict[str, Any], Around], Iterator[Comment]]

    def knows(self, record: dict[str, Any]) -> bool:
        """Whether a record has all keys of a comment of this source."""
        return all(value_at(record, key.split(".")) is not None for key in self.keys)


def text_at(value: Any, path: str) -> str | None:
    """A text or a number under some keys, as a text; None where there is none or it is blank."""
    found = value_at(value, path.split("."))
    return found if isinstance(found, str) and found.strip() else None


def listed_at(value: Any, path: str) -> list[dict[str, Any]]:
    """The objects of a list under some keys."""
    found = value_at(value, path.split("."))
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def is_same(some: str | None, other: str | None) -> bool | None:
    """Whether two names or numbers are of one account; None where one is not told."""
    if some is None or other is None:
        return None
    return some.removeprefix("@").lower() == other.removeprefix("@").lower()
