"""JSON as APIs and scrapers write it: a response, a list, or a document a line.

What belongs here: nesting the cells of a sheet under their keys. What does not: the keys
(`responses.py`) and anything that reads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ingest.sample.formats import ExportFormat

#: Fields that hold lists, written as they are.
_LISTS = ("referenced",)
#: Fields whose digits are texts in every response.
_TEXTS = ("text", "name", "handle", "id", "owner", "page_post", "number", "answered", "shortcode")


def encode(records: Sequence[Sequence[str]], export_format: ExportFormat) -> bytes:
    """The bytes of a sheet; a blank cell leaves its key out."""
    listed: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    beside: dict[str, dict[str, dict[str, Any]]] = {
        place: {} for place in export_format.references.values()
    }
    for record in records[1:]:
        item: dict[str, Any] = {}
        for (path, field), text in zip(export_format.columns, record, strict=True):
            if not text:
                continue
            value = _value(export_format, field, text)
            column, place = _reference(export_format, path)
            if place:
                name = record[[each for each, _ in export_format.columns].index(column)]
                one = beside[place].setdefault(name, {"id": name})
                _put(one, path.removeprefix(f"$.{place}."), value)
            else:
                _put(document if path.startswith("$.") else item, path[2:], value)
        listed.append(item)
    if export_format.is_lines:
        return "".join(f"{json.dumps(item)}\n" for item in listed).encode()
    if not export_format.records_under:
        return json.dumps(listed, indent=2, ensure_ascii=False).encode()
    _put(document, export_format.records_under, listed)
    for place, objects in beside.items():
        _put(document, place, list(objects.values()))
    return json.dumps(document, ensure_ascii=False).encode()


def _reference(export_format: ExportFormat, path: str) -> tuple[str, str]:
    """The column that names an object beside the records to which a path leads, and its list."""
    for column, place in export_format.references.items():
        if path.startswith(f"$.{place}."):
            return column, place
    return "", ""


def _value(export_format: ExportFormat, field: str, text: str) -> Any:
    if field in _LISTS:
        return json.loads(text)
    is_number = text.lstrip("-").isdecimal() and text.isascii() and field not in _TEXTS
    return int(text) if is_number and not export_format.has_numbers_as_texts else text


def _put(around: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        around = around.setdefault(step, {})
    around[last] = value
