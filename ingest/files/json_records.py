"""JSON: one response, or one document a line, as a table of the records in it.

What belongs here: where the records stand, and keys as a header. What does not: strict reading
(`json_text.py`), copies without some records (`json_copies.py`) and any platform's words.

A column is named as RFC 9535 writes paths: `@.reactions.summary.total_count` is a value of the
record, `$.business_discovery.username` one of the document around it. A key that is absent or null
is a blank cell, a list is its own text. Documents are a text's one value or its lines (JSON Lines),
or the elements of either where they are lists. Records are the documents themselves, or stand in a
list or an object of each: wherever a layout knows them, the nearest to the root.

Python's parser reads the records, pydantic's (jiter, in Rust) counts them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pydantic_core

from ingest.bounds import bounds
from ingest.files.json_text import REMEDY, Text, dumped, lines_of, values
from ingest.files.table import (
    Damage,
    Documents,
    IsKnown,
    MalformedRecord,
    Place,
    References,
    Table,
    UnknownTable,
)

#: A key that stands in a path as it is.
_PLAIN = re.compile(r"[^\W\d][\w-]*")
#: Records stand at most so many keys below the root: `business_discovery.media.data`, and what a
#: tool puts around a response.
_DEEPEST = 5
#: So many places are looked at for records.
_MOST_PLACES = 100
_LONGEST_TEXT = 2_000


class _Found(NamedTuple):
    """A record, or what stands in the place of one."""

    value: Any
    document: Any
    place: Place
    #: Its document has nothing where others have their records.
    is_absent: bool = False


def read(content: bytes, is_known: IsKnown, references: References) -> Table | UnknownTable:
    """The table of the records that a layout knows.

    Args:
        content: the file's bytes.
        is_known: whether some layout knows a header.
        references: which keys name an object of a list beside the records.

    Raises:
        Damage: as `values` says; or it is an empty list, two lists of records stand beside each
            other, the records have too many keys, or two parsers count them differently.
    """
    text = values(content)
    documents = list(documents_of(text.values))
    if not documents:
        raise Damage("the JSON is an empty list, so that nothing tells what it is a list of")
    headers: list[tuple[str, ...]] = []
    for level in _levels([document for document, *_ in documents]):
        known = []
        for path in level:
            found = list(_records(documents, path))
            header, cells = _cells(found, path, references)
            if len(header) > bounds().keys:
                raise Damage(f"its records have more keys than {bounds().told('keys')}")
            headers.append(header)
            if is_known(header, None):
                known.append((path, found, header, cells))
        if len(known) > 1:
            names = " and ".join(".".join(path) for path, *_ in known)
            raise Damage(f"the JSON has several lists of records, {names}; send each by itself")
        for path, found, header, cells in known:
            numbers, columns, malformed = _split(found, header, cells)
            return Table(
                header=header,
                numbers=numbers,
                columns=columns,
                malformed=malformed,
                second_count=_count(text, path),
                repairs=text.repairs,
                documents=Documents(
                    text.values,
                    text.is_lines,
                    path,
                    references,
                    tuple(each.place for each in found),
                ),
            )
    keys = dict.fromkeys(key for document, *_ in documents for key in _keys(document))
    return UnknownTable(tuple(headers), has_known_header_below=False, keys=tuple(keys))


def documents_of(found: Sequence[Any]) -> Iterator[tuple[Any, int, int | None]]:
    """Each document, the number of its value, and its own where the value is a list."""
    for value, top in enumerate(found):
        if isinstance(top, list):
            for number, document in enumerate(top):
                yield document, value, number
        else:
            yield top, value, None


def _keys(document: Any) -> Iterator[str]:
    """The keys of a document, and of what stands right below them."""
    for key, value in document.items() if isinstance(document, dict) else ():
        below = value[0] if isinstance(value, list) and value else value
        if isinstance(below, dict) and below:
            yield from (f"{key}.{each}" for each in below)
        else:
            yield key


def _levels(documents: Sequence[Any]) -> Iterator[list[tuple[str, ...]]]:
    """Where records may stand, the nearest to the root first: the documents, then their keys."""
    level: dict[tuple[str, ...], list[Any]] = {(): list(documents)}
    for _ in range(_DEEPEST + 1):
        yield list(level)
        below: dict[tuple[str, ...], list[Any]] = {}
        for path, around in level.items():
            for each in around:
                if not isinstance(each, dict):
                    continue
                for key, inner in each.items():
                    if not isinstance(inner, dict | list) or not inner:
                        continue
                    if (*path, key) in below or len(below) < _MOST_PLACES:
                        below.setdefault((*path, key), []).append(inner)
        level = below


def _records(
    documents: Sequence[tuple[Any, int, int | None]], path: Sequence[str]
) -> Iterator[_Found]:
    """The records that stand under some keys of the documents."""
    for document, value, number in documents:
        found = value_at(document, path)
        if path and isinstance(found, list):
            for element, record in enumerate(found):
                yield _Found(record, document, (value, number, element))
        else:
            is_absent = bool(path) and not isinstance(found, dict)
            record = document if is_absent else found
            yield _Found(record, document, (value, number, None), is_absent)


def value_at(value: Any, path: Sequence[str]) -> Any:
    """What stands under some keys; None where nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _cells(
    found: Sequence[_Found], path: Sequence[str], references: References
) -> tuple[tuple[str, ...], list[dict[str, str] | None]]:
    """The header of some records, in the order in which the keys come, and the cells of each.

    What is no record has none.
    """
    every: list[dict[str, str] | None] = []
    header: dict[str, None] = {}
    around: dict[str, str] = {}
    listed: dict[str, dict[str, Any]] = {}
    last: Any = None
    for each in found:
        if each.is_absent or not isinstance(each.value, dict):
            every.append(None)
            continue
        if path and each.document is not last:
            last = each.document
            around = _around(last, path, references)
            listed = {
                column: _by_identity(value_at(last, reference.place.split(".")))
                for column, reference in references.items()
            }
        cells: dict[str, str] = {}
        _flatten(each.value, "@", cells)
        for column, objects in listed.items():
            if (named := objects.get(cells.get(column, ""))) is not None:
                _flatten(named, f"$.{references[column].place}", cells)
        if path:
            cells |= around
        every.append(cells)
        header.update(dict.fromkeys(cells))
    return tuple(header), every


def _around(document: Any, path: Sequence[str], references: References) -> dict[str, str]:
    """The single values around a document's records, and the names of what else stands there."""
    cells = {}
    joined = [f"$.{reference.place}" for reference in references.values()]
    name = "$"
    for key in path:
        if not isinstance(document, dict):
            break
        for other, value in document.items():
            column = f"{name}{_step(other)}"
            if other != key and column not in joined:
                cells[column] = "" if isinstance(value, dict | list) else _cell(value)
        name = f"{name}{_step(key)}"
        document = document.get(key)
    return cells


def _by_identity(listed: Any) -> dict[str, Any]:
    objects = listed if isinstance(listed, list) else []
    return {str(name): each for each in objects if (name := identity(each)) is not None}


def identity(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else None


def _flatten(value: dict[str, Any], path: str, cells: dict[str, str]) -> None:
    for key, each in value.items():
        name = f"{path}{_step(key)}"
        if isinstance(each, dict):
            _flatten(each, name, cells)
        else:
            cells[name] = _cell(each)


def _step(key: str) -> str:
    return f".{key}" if _PLAIN.fullmatch(key) else f"[{json.dumps(key)}]"


def _cell(value: Any) -> str:
    if value is None or value == []:
        return ""
    return str(value) if isinstance(value, str) else dumped(value)


def _split(
    found: Sequence[_Found], header: tuple[str, ...], cells: Sequence[dict[str, str] | None]
) -> tuple[pl.Series, tuple[pa.ChunkedArray, ...], tuple[MalformedRecord, ...]]:
    """The numbers and the columns of the records, and what is none."""
    if len(header) * len(found) > bounds().values:
        raise Damage(
            f"the JSON has {len(found):,} records with {len(header):,} keys, which is more than "
            f"{bounds().told('values')}"
        )
    malformed = [
        _malformed(number, each)
        for number, (each, own) in enumerate(zip(found, cells, strict=True), start=1)
        if own is None
    ]
    numbers = [number for number, own in enumerate(cells, start=1) if own is not None]
    fitting = [own for own in cells if own is not None]
    columns = tuple(
        pa.chunked_array([[own.get(name, "") for own in fitting]], pa.string()) for name in header
    )
    return pl.Series("record_number", numbers, dtype=pl.Int64), columns, tuple(malformed)


def _malformed(number: int, found: _Found) -> MalformedRecord:
    text = dumped(found.value)[:_LONGEST_TEXT]
    if found.is_absent:
        keys = ", ".join(found.document) if isinstance(found.document, dict) else text
        detail = f"the document has no records where the others have theirs, but {keys[:200]}"
        return MalformedRecord(number, "no_records", detail, text)
    return MalformedRecord(number, "no_object", f"{text[:200]} is no JSON object", text)


def _count(text: Text, path: Sequence[str]) -> int:
    """Count the records by another parser."""
    parts = lines_of(text.text) if text.is_lines else [text.text]
    count = 0
    try:
        for part in parts:
            found = pydantic_core.from_json(part, allow_inf_nan=False)
            for document in found if isinstance(found, list) else [found]:
                records = value_at(document, path)
                count += len(records) if path and isinstance(records, list) else 1
    except ValueError as problem:
        raise Damage(f"the JSON is broken ({problem}); {REMEDY}") from None
    return count
