"""From a response or a scrape with comments to what is kept of it.

What belongs here: which objects of a JSON file are comments, wherever they stand, and the kept
copy. What does not: a platform's keys (`platforms/<platform>/comments.py`) and files of which a
layout knows posts, which stay such files and lose their commenters (`files/json_copies.py`).

Only what is named here is kept: an unknown key of a comment may name a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.comments import kept, persons
from ingest.fields.comments import Around, Comment, CommentSource, text_at
from ingest.files import json_text
from ingest.platforms import COMMENT_SOURCES

#: What stands in a list of comments and is none: a scraper's error, say. It is kept empty, so that
#: it is rejected and told.
_NONE = Comment(None, None, None, None, None, None, None)


def without_persons(content: bytes) -> bytes | None:
    """The kept copy of a file of comments; None of a file that holds none.

    Raises:
        Damage: it is no strict JSON.
    """
    found = json_text.values(content).values
    if len(found) == 1 and _is_kept(found[0]):
        return _again(found[0])
    comments = [each for value in found for each in _comments(value, ())]
    # Of several kinds in one file the first names it.
    source = next((source for source, _ in comments if source), None)
    if source is None:
        return None
    records = [kept.record((own or source).platform, comment) for own, comment in comments]
    return kept.written(source.kind, "comments", records)


def _comments(value: Any, around: Around) -> Iterator[tuple[CommentSource | None, Comment]]:
    """The comments in a value, with the source that knows each."""
    if isinstance(value, list):
        yield from _listed(value, around)
    elif isinstance(value, dict):
        source = _source(value)
        if source is not None:
            yield from ((source, comment) for comment in source.comments(value, around))
        else:
            for each in value.values():
                yield from _comments(each, (*around, value))


def _listed(
    values: Sequence[Any], around: Around
) -> Iterator[tuple[CommentSource | None, Comment]]:
    is_of_comments = any(isinstance(each, dict) and _source(each) for each in values)
    for each in values:
        if is_of_comments and not (isinstance(each, dict) and _source(each)):
            yield None, _NONE
        else:
            yield from _comments(each, around)


def _source(record: dict[str, Any]) -> CommentSource | None:
    """The source that knows a record, of several the one that asks for most."""
    known = [source for source in COMMENT_SOURCES if source.knows(record)]
    return max(known, key=lambda source: len(source.keys), default=None)


def _is_kept(value: Any) -> bool:
    """Whether a file is one that was kept before, in this home or in another."""
    return isinstance(value, dict) and value.keys() in (
        {"kept", "comments"},
        {"kept", "labels"},
    )


def _again(document: dict[str, Any]) -> bytes:
    """What is kept of a kept file: the same, unless somebody put more into it."""
    (place,) = document.keys() - {"kept"}
    keys = kept.COMMENT_KEYS if place == "comments" else kept.LABEL_KEYS
    records = []
    for each in document[place] if isinstance(document[place], list) else []:
        record: dict[str, Any] = {key: text_at(each, key) for key in keys}
        if place == "comments":
            is_by_account = each.get("is_by_account") if isinstance(each, dict) else None
            record["is_by_account"] = is_by_account if isinstance(is_by_account, bool) else None
            record["text"] = persons.without(record["text"]) if record["text"] else None
        records.append(record)
    return kept.written(text_at(document, "kept") or "", place, records)
