"""Copies of JSON that lack some records, or the private persons beside the posts.

What belongs here: what a copy leaves out. What does not: which keys name persons (the platforms'
modules), whose records go (`redaction.py`) and when a copy is made (`inbox.py`, `erasure.py`).
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from typing import Any

from ingest.files.json_records import documents_of, identity, read, value_at
from ingest.files.json_text import values, written
from ingest.files.table import Damage, Documents, IsKnown, Place, References, Table


def without(documents: Documents, removed: Collection[int]) -> bytes:
    """A copy without some records, by number, and without the objects to which only they refer."""
    kept = copy.deepcopy(documents.values)
    gone = [documents.places[number - 1] for number in removed]
    # From the end, so that the places of the others stay.
    for value, document, element in sorted(gone, key=_order, reverse=True):
        around = kept[value] if document is None else kept[value][document]
        if element is not None:
            del value_at(around, documents.path)[element]
        elif document is not None:
            del kept[value][document]
        else:
            del kept[value]
    for document, _, _ in documents_of(kept):
        keep_referred(document, documents.path, documents.references)
    return written(kept, is_lines=documents.is_lines)


def without_persons(
    content: bytes, is_known: IsKnown, references: References, persons: Collection[str]
) -> bytes | None:
    """A copy without the private persons who stand beside the posts; None where there are none.

    Args:
        content: the file's bytes.
        is_known: whether some layout knows a header.
        references: which keys name an object of a list beside the records. Objects that no record
            names are taken out, and those that are named by answers to others alone.
        persons: the ends of the paths, as `comments.data`, of what is taken out wherever it stands.

    Raises:
        Damage: it is no strict JSON.
    """
    text = values(content)
    found, is_lines = text.values, text.is_lines
    before = written(found, is_lines=is_lines)
    path = _path(content, is_known, references)
    for document, _, _ in documents_of(found):
        keep_referred(document, path, references, is_without_answers=True)
    ends = [tuple(end.split(".")) for end in persons]
    for value in found:
        _take_out(value, (), ends)
    after = written(found, is_lines=is_lines)
    return None if after == before else after


def keep_referred(
    document: Any,
    path: Sequence[str],
    references: References,
    *,
    is_without_answers: bool = False,
) -> None:
    """Take out of the lists beside a document's records what no record refers to.

    Args:
        document: the whole.
        path: the keys to its records; where it is a record itself, nothing stands beside it.
        references: the lists.
        is_without_answers: a record that answers another's does not count.
    """
    found = value_at(document, path)
    records = found if isinstance(found, list) else [found]
    for column, reference in references.items():
        listed = value_at(document, reference.place.split("."))
        if not path or not isinstance(listed, list):
            continue
        used = set()
        for record in records:
            name = _named(record, column)
            answered = _named(record, reference.answers) if is_without_answers else None
            if name is not None and answered in (None, name):
                used.add(name)
        listed[:] = [each for each in listed if identity(each) in used]


def _path(content: bytes, is_known: IsKnown, references: References) -> tuple[str, ...]:
    """The keys to the records of a text; none where no layout knows them."""
    try:
        table = read(content, is_known, references)
    except Damage:
        return ()
    known = table.documents if isinstance(table, Table) else None
    return known.path if known else ()


def _take_out(value: Any, path: tuple[str, ...], ends: Sequence[tuple[str, ...]]) -> None:
    """Take out what is not empty and stands under keys that end so."""
    if isinstance(value, list):
        for each in value:
            _take_out(each, path, ends)
    elif isinstance(value, dict):
        for key, each in list(value.items()):
            here = (*path, key)
            if each and any(here[-len(end) :] == end for end in ends):
                del value[key]
            else:
                _take_out(each, here, ends)


def _named(record: Any, column: str) -> str | None:
    """What a record says in a column, where that is a text."""
    found = value_at(record, column.removeprefix("@.").split("."))
    return found if isinstance(found, str) else None


def _order(place: Place) -> list[int]:
    return [-1 if each is None else each for each in place]
