"""Files without the private persons in them.

What belongs here: which files are looked through, for the inbox and for ZIPs alike. What does not:
what goes (the layouts and `comments/` declare it), how a copy is written (`files/json_copies.py`),
and erasing (`redaction.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.comments import exportcomments, kept, labels, responses
from ingest.files import Damage, Table, json_copies, json_records, json_text, xlsx
from ingest.parsing.recognise import is_known
from ingest.platforms import LAYOUTS, PERSONS, REFERENCES

#: So many bytes of a file tell whether it is looked through.
BEGINNING = 256


def may_name_persons(beginning: bytes) -> bool:
    """Whether a file that begins so may hold private persons beside what is ranked."""
    is_table = xlsx.is_one(beginning) or exportcomments.may_be_one(beginning)
    return json_text.is_one(beginning) or is_table


def without_persons(content: bytes) -> bytes | None:
    """A copy of a file without private persons; None where there are none, or nobody can read it.

    Of comments of the public, and of a workbook of labels, only what is needed is in the copy.

    For a child, as it opens the file.
    """
    try:
        if json_text.is_one(content[:BEGINNING]):
            return _of_json(content)
        if xlsx.is_one(content) and (copy := labels.without_persons(content)):
            return copy
        if may_name_persons(content[:BEGINNING]):
            return _of_table(content)
    except Damage:
        return None
    return None


def _of_json(content: bytes) -> bytes | None:
    copy = responses.without_persons(content)
    if copy is None or _has_posts(content):
        return json_copies.without_persons(content, is_known, REFERENCES, PERSONS)
    return None if copy == content else copy


def _of_table(content: bytes) -> bytes | None:
    found = [kept.record(*each) for each in exportcomments.comments(content)]
    return kept.written(exportcomments.KIND, "comments", found) if found else None


def _has_posts(content: bytes) -> bool:
    """Whether a layout knows posts in a file, beside which its comments stand."""
    try:
        return isinstance(json_records.read(content, _is_of_platform, REFERENCES), Table)
    except Damage:
        return False


def _is_of_platform(header: Sequence[str], sheet: str | None) -> bool:
    return any(layout.match(header, sheet) for layout in LAYOUTS)
