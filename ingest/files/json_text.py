"""Strict JSON: a text's values, and values as a text again.

What belongs here: encodings, and what RFC 8259 and good sense refuse. What does not: which values
are records (`json_records.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ingest.bounds import bounds
from ingest.files.table import Damage

REPAIR = "characters that are none (NUL, half of a surrogate pair) stand as �"

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
#: Escapes: a surrogate pair; half of one, or NUL; any other.
_ESCAPES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000))"
    r"|\\.",
    re.DOTALL,
)
_MAY_BE_NONE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
REMEDY = "save the response again, whole and as it came"


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


def is_one(content: bytes) -> bool:
    """Whether the bytes begin as a JSON object or list."""
    start = content[:256]
    if start.startswith(_UTF16):
        start = start[2:].replace(b"\0", b"")
    return start.removeprefix(_UTF8_MARK).lstrip().startswith((b"{", b"["))


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
        raise Damage(f"the JSON is not UTF-8 (byte {problem.start}); {REMEDY}") from None
    repairs: tuple[str, ...] = ()
    if _MAY_BE_NONE.search(text):
        whole = _ESCAPES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
        repairs = () if whole == text else (REPAIR,)
        text = whole
    lines = lines_of(text)
    is_lines = len(lines) > 1 and _is_whole(lines[0])
    found = [_value(line, number) for number, line in enumerate(lines if is_lines else [text], 1)]
    for each in found:
        _refuse_deep(each, bounds().nesting)
    return Text(text, found, is_lines, repairs)


def written(found: Sequence[Any], *, is_lines: bool) -> bytes:
    """Values as a text of JSON, numbers as they were written."""
    end = "\n" if is_lines else ""
    return "".join(f"{dumped(value)}{end}" for value in found).encode()


def dumped(value: Any) -> str:
    """A value as JSON without spaces."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)}:{dumped(each)}" for key, each in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(dumped, value))}]"
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def lines_of(text: str) -> list[str]:
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
        raise Damage(f"the JSON is broken or cut ({at}: {problem.msg}); {REMEDY}") from None
    except RecursionError:
        raise Damage(f"the JSON is nested too deep; {REMEDY}") from None
    except ValueError as problem:
        raise Damage(f"the JSON is not strict: {where}{problem}; {REMEDY}") from None


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
