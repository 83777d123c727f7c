"""Which files of comments are understood, for the listing of layouts.

What belongs here: a row per source. What does not: the layouts of posts (`platforms/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.comments import exportcomments
from ingest.platforms import COMMENT_SOURCES


def listing() -> list[dict[str, Any]]:
    """A row per source, as `platforms.listing` has them; `platform` is null of one for all."""
    rows = [
        _row(source.platform, source.kind, source.seen, [f"@.{key}" for key in source.keys])
        for source in COMMENT_SOURCES
    ]
    tables = _row(None, exportcomments.KIND, exportcomments.SEEN, exportcomments.HEADERS)
    return [*rows, tables]


def _row(platform: str | None, kind: str, seen: str, headers: Sequence[str]) -> dict[str, Any]:
    return {
        "platform": platform,
        "kind": kind,
        "holds": "comments",
        "locales": ["en"],
        "seen": seen,
        "headers": {"en": list(headers)},
        # A record proves itself by the post that it names.
        "inferred": [],
        "optional": [],
        "note": None,
    }
