"""What Meta calls a story, in each of its languages.

What belongs here: words of `Post type` that decide something. What does not: those that are only
handed on, as delivered.
"""

from __future__ import annotations

from ingest.fields import values
from ingest.fields.values import Cell

_STORY = (
    "story",  # English
    "stories",
    "cerita",  # Indonesian
    "historia",  # Spanish
)
_IS_STORY = rf"(?i)\b({'|'.join(_STORY)})\b"


def is_story(field: str) -> Cell:
    """Whether the field that holds the post's type calls it a story."""
    return Cell(values.word(field).str.contains(_IS_STORY).fill_null(value=False))
