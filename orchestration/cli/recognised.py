"""Sentences of the rooms below, known again by their wording and told in the language spoken.

Why a file was not read, what a check found, what must be done: these arise in the rooms below, in
English. Ledger, log, editions and Dagster's events keep them as whole sentences, where they must
not vary, so whoever reads them there has no parts any more that gettext could put together. Here a
sentence is known again by the wording that made it: `words/sentences.id.po` holds wordings with
their parts in braces, and the parts of a sentence are what stands in their place. What no wording
fits stays English.

What belongs here: knowing and telling such sentences. What does not: the command's own texts,
which are looked up as they stand in the code (`language.py`).
"""

from __future__ import annotations

import logging
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.cli import language

CATALOGUE = Path(__file__).parent / "words" / "sentences.id.po"
#: What stands between sentences, before examples, or between a place and what is said of it; and
#: what stands at the end of it then.
_BETWEEN = {"; ": "", " — ": "", " (": ")", ": ": ""}
#: So many characters of its own make a part of a wording a sentence that can be known by itself.
_SHORTEST = 8
#: A whole number with English marks between thousands.
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a sentence is worded, and how it is told."""

    #: Matches its sentences; a group for each part, by name.
    sentences: re.Pattern[str]
    #: How many characters are its own: of several wordings that fit the longest holds.
    own_length: int
    twin: str


def told(text: str) -> str:
    """A sentence of the rooms below in the language that is spoken, as far as it is known.

    It may be several, with semicolons or a colon between them, and have examples in brackets at its
    end; each is known by itself.
    """
    return text if language.is_english() else _told(text)


def told_record(record: logging.LogRecord) -> logging.LogRecord:
    """A record of the log with its sentence, and the sentences in it, in the language spoken."""
    if language.is_english():
        return record
    spoken = logging.makeLogRecord(record.__dict__)
    spoken.msg = _twins().get(record.msg, record.msg)
    if isinstance(record.args, tuple):
        spoken.args = tuple(_told(each) if isinstance(each, str) else each for each in record.args)
    return spoken


@cache
def _told(text: str) -> str:
    if twin := _twins().get(text):
        return twin
    if _NUMBER.fullmatch(text):
        return language.number(int(text.replace(",", "")))
    fitting = [
        (wording, found)
        for wording in _wordings()
        if (found := wording.sentences.fullmatch(text)) is not None
    ]
    if fitting:
        wording, found = max(fitting, key=lambda each: each[0].own_length)
        parts = {name: _told(part) for name, part in found.groupdict().items()}
        return wording.twin.format(**parts)
    for mark, end in _BETWEEN.items():
        first, found_mark, rest = text.removesuffix(end).partition(mark)
        if found_mark and text.endswith(end):
            return f"{_told(first)}{mark}{_told(rest)}{end}"
    return text


@cache
def _twins() -> dict[str, str]:
    """Every wording with its twin, and each of several sentences in it with its own."""
    # Late: only Indonesian needs it.
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale=language.INDONESIAN)
    whole = {str(each.id): str(each.string) for each in catalogue if each.id and each.string}
    parts: dict[str, str] = {}
    for wording, twin in whole.items():
        for part, told_part in zip(wording.split("; "), twin.split("; "), strict=True):
            if _own_length(part) >= _SHORTEST:
                parts.setdefault(part, told_part)
    return parts | whole


@cache
def _wordings() -> tuple[_Wording, ...]:
    """The wordings that have parts."""
    return tuple(
        _Wording(
            re.compile("".join(_pattern(wording)), re.DOTALL),
            _own_length(wording),
            twin,
        )
        for wording, twin in _twins().items()
        if "{" in wording
    )


def _own_length(wording: str) -> int:
    return sum(len(own) for own, *_ in string.Formatter().parse(wording))


def _pattern(wording: str) -> Iterator[str]:
    for own, part, _form, _conversion in string.Formatter().parse(wording):
        yield re.escape(own)
        if part is not None:
            yield f"(?P<{part}>.*?)"
