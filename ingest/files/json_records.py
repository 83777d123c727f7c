"""JSON: one response, or one document a line, as a table of the records in it.

What belongs here: strict reading, where the records stand, keys as a header, and writing a copy
without some records. What does not: any platform's words (its own module).

A column is named as RFC 9535 writes paths: `@.reactions.summary.total_count` is a value of the
record, `$.business_discovery.username` one of the document around it. A key that is absent or null
is a blank cell, a list is its own text. Documents are a text's one value or its lines (JSON Lines),
or the elements of either where they are lists. Records are the documents themselves, or stand in a
list or an object of each: wherever a layout knows them, the nearest to the root.

Python's parser reads the records, pydantic's (jiter, in Rust) counts them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

import polars as pl
import pyarrow as pa
import pydantic_core

from ingest.bounds import bounds
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

REPAIR = "characters that are none (NUL, half of a surrogate pair) stand as �"

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
#: A key that stands in a path as it is.
_PLAIN = re.compile(r"[^\W\d][\w-]*")
#: Escapes: a surrogate pair; half of one, or NUL; any other.
_ESCAPES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000))"
    r"|\\.",
    re.DOTALL,
)
_MAY_BE_NONE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
#: Records stand at most so many keys below the root, as in `business_discovery.media.data`.
_DEEPEST = 3
#: So many places are looked at for records.
_MOST_PLACES = 100
_LONGEST_TEXT = 2_000
_REMEDY = "save the response again, whole and as it came"


class Number(str):
    """A number, as it is written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text of JSON and its values."""

    text: str
    values: list[Any]
    #: The values stand one a line.
    is_lines: bool
    repairs: tuple[str, ...]


class _Found(NamedTuple):
    """A record, or what stands in the place of one."""

    value: Any
    document: Any
    place: Place
    #: Its document has nothing where others have their records.
    is_absent: bool = False


def is_one(content: bytes) -> bool:
    """Whether the bytes begin as a JSON object or list."""
    start = content[:256]
    if start.startswith(_UTF16):
        start = start[2:].replace(b"\0", b"")
    return start.removeprefix(_UTF8_MARK).lstrip().startswith((b"{", b"["))


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
    documents = list(_documents(text.values))
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


def values(content: bytes) -> Text:
    """The values of a text of JSON, one or one a line; numbers are `Number`.

    Raises:
        Damage: it is no strict JSON (RFC 8259): broken or cut, a key stands twice in an object, it
            has NaN or Infinity, other bytes than UTF-8 (or UTF-16 with its mark), or is nested too
            deep.
    """
    try:
        if content.startswith(_UTF16):
            text = content.decode("utf-16")
        else:
            text = content.removeprefix(_UTF8_MARK).decode()
    except UnicodeDecodeError as problem:
        raise Damage(f"the JSON is not UTF-8 (byte {problem.start}); {_REMEDY}") from None
    repairs: tuple[str, ...] = ()
    if _MAY_BE_NONE.search(text):
        whole = _ESCAPES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
        repairs = () if whole == text else (REPAIR,)
        text = whole
    lines = _lines(text)
    is_lines = len(lines) > 1 and _is_whole(lines[0])
    found = [_value(line, number) for number, line in enumerate(lines if is_lines else [text], 1)]
    for each in found:
        _refuse_deep(each, bounds().nesting)
    return Text(text, found, is_lines, repairs)


def written(found: Sequence[Any], *, is_lines: bool) -> bytes:
    """Values as a text of JSON, numbers as they were written."""
    end = "\n" if is_lines else ""
    return "".join(f"{_dumped(value)}{end}" for value in found).encode()


def without(documents: Documents, removed: Collection[int]) -> bytes:
    """A copy without some records, by number, and without the objects to which only they refer."""
    kept = copy.deepcopy(documents.values)
    gone = [documents.places[number - 1] for number in removed]
    # From the end, so that the places of the others stay.
    for value, document, element in sorted(gone, key=_order, reverse=True):
        around = kept[value] if document is None else kept[value][document]
        if element is not None:
            del _at(around, documents.path)[element]
        elif document is not None:
            del kept[value][document]
        else:
            del kept[value]
    for document, _, _ in _documents(kept):
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
    for document, _, _ in _documents(found):
        keep_referred(document, path, references, is_without_answers=True)
    ends = [tuple(end.split(".")) for end in persons]
    for value in found:
        _take_out(value, (), ends)
    after = written(found, is_lines=is_lines)
    return None if after == before else after


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
    at = _at(document, path)
    records = at if isinstance(at, list) else [at]
    for column, reference in references.items():
        listed = _at(document, reference.place.split("."))
        if not path or not isinstance(listed, list):
            continue
        used = set()
        for record in records:
            name = _named(record, column)
            answered = _named(record, reference.answers) if is_without_answers else None
            if name is not None and answered in (None, name):
                used.add(name)
        listed[:] = [each for each in listed if _identity(each) in used]


def _named(record: Any, column: str) -> str | None:
    """What a record says in a column, where that is a text."""
    found = _at(record, column.removeprefix("@.").split("."))
    return found if isinstance(found, str) else None


def _order(place: Place) -> list[int]:
    return [-1 if each is None else each for each in place]


def _lines(text: str) -> list[str]:
    """The lines of a text that are not blank; a line end stands inside no value of JSON Lines."""
    return [line for line in text.split("\n") if line.strip()]


def _is_whole(line: str) -> bool:
    """Whether a line is a value of JSON by itself."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _value(text: str, line: int = 0) -> Any:
    where = f"line {line}: " if line > 1 else ""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=Number,
            parse_int=Number,
        )
    except json.JSONDecodeError as problem:
        at = f"line {line if line > 1 else problem.lineno}, column {problem.colno}"
        raise Damage(f"the JSON is broken or cut ({at}: {problem.msg}); {_REMEDY}") from None
    except RecursionError:
        raise Damage(f"the JSON is nested too deep; {_REMEDY}") from None
    except ValueError as problem:
        raise Damage(f"the JSON is not strict: {where}{problem}; {_REMEDY}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:40]} stands twice in an object")
    return found


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _refuse_deep(value: Any, left: int) -> None:
    """Whatever walks through a document would fail in it."""
    if not left:
        raise Damage(f"the JSON is nested deeper than {bounds().told('nesting')}")
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            _refuse_deep(each, left - 1)


def _documents(found: Sequence[Any]) -> Iterator[tuple[Any, int, int | None]]:
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
        found = _at(document, path)
        if path and isinstance(found, list):
            for element, record in enumerate(found):
                yield _Found(record, document, (value, number, element))
        else:
            is_absent = bool(path) and not isinstance(found, dict)
            record = document if is_absent else found
            yield _Found(record, document, (value, number, None), is_absent)


def _at(value: Any, path: Sequence[str]) -> Any:
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
                column: _by_identity(_at(last, reference.place.split(".")))
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
    return {str(name): each for each in objects if (name := _identity(each)) is not None}


def _identity(value: Any) -> Any:
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
    return str(value) if isinstance(value, str) else _dumped(value)


def _dumped(value: Any) -> str:
    """A value as JSON without spaces."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)}:{_dumped(each)}" for key, each in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_dumped, value))}]"
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


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
    text = _dumped(found.value)[:_LONGEST_TEXT]
    if found.is_absent:
        keys = ", ".join(found.document) if isinstance(found.document, dict) else text
        detail = f"the document has no records where the others have theirs, but {keys[:200]}"
        return MalformedRecord(number, "no_records", detail, text)
    return MalformedRecord(number, "no_object", f"{text[:200]} is no JSON object", text)


def _count(text: Text, path: Sequence[str]) -> int:
    """Count the records by another parser."""
    parts = _lines(text.text) if text.is_lines else [text.text]
    count = 0
    try:
        for part in parts:
            found = pydantic_core.from_json(part, allow_inf_nan=False)
            for document in found if isinstance(found, list) else [found]:
                records = _at(document, path)
                count += len(records) if path and isinstance(records, list) else 1
    except ValueError as problem:
        raise Damage(f"the JSON is broken ({problem}); {_REMEDY}") from None
    return count
