"""Tables of ExportComments.com: comments of any platform, as XLSX or CSV.

What belongs here: its headers, and how a row becomes a comment. What does not: what is kept of a
comment (`kept.py`).

The columns as other people's files of 2026 have them, not yet seen in a real file. So a row proves
itself: its link must lead to a post of a platform, else it is rejected. `Date` has no zone and is
not read, and no column tells which comment another one answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.fields import links
from ingest.fields.comments import Comment, is_same
from ingest.fields.layout import normalise
from ingest.fields.values import SCIENTIFIC
from ingest.files import Table, tables
from ingest.platforms import LINKS

KIND = "exportcomments_comments"
SEEN = "2026, in other people's files"
ID, TEXT, LIKES, LINK, WRITER = "Comment ID", "Comment", "Likes", "Comment URL", "Username"
HEADERS = (ID, TEXT, LIKES, LINK)
_SCIENTIFIC = re.compile(SCIENTIFIC)


def may_be_one(beginning: bytes) -> bool:
    """Whether a delimited text begins with such a header."""
    return all(header.encode() in beginning for header in (ID, LINK))


def comments(content: bytes) -> Iterator[tuple[str | None, Comment]]:
    """The comments of a file, each with the platform of its link; none of any other file.

    Raises:
        Damage: it is no table, is broken or too large, or two readers disagree.
    """
    for table in tables(content, _is_known, lambda header: normalise(header) == LINK.lower(), {}):
        if isinstance(table, Table) and _is_known(table.header, None):
            names = [normalise(name) for name in table.header]
            for _, cells in table.records():
                texts = dict(zip(names, cells, strict=False))
                yield _comment({name: text.strip() for name, text in texts.items() if text.strip()})


def _is_known(header: Sequence[str], _: str | None) -> bool:
    return {name.lower() for name in HEADERS} <= {normalise(name) for name in header}


def _comment(texts: dict[str, str]) -> tuple[str | None, Comment]:
    link = texts.get(LINK.lower())
    named = links.name(link, LINKS) if link else None
    number = texts.get(ID.lower())
    writer = is_same(texts.get(WRITER.lower()), named.handle if named else None)
    return named.platform if named else None, Comment(
        comment_id=None if number and _SCIENTIFIC.match(number) else number,
        post=link,
        published_at=None,
        text=texts.get(TEXT.lower()),
        like_count=texts.get(LIKES.lower()),
        parent_comment_id=None,
        # Whether somebody else's comment was answered, no column tells.
        is_by_account=writer or None,
    )
