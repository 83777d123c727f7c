"""Honest counting: a quote in the wrong place is found in every layout, and records are counted
by a third oracle, which is neither of the two parsers that the reading has.

A quote in the wrong place makes lenient readers join or drop records without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.parsing import parse
from tests.ingest import truths
from tests.ingest.export_files import CHOSEN, File, file_of
from tests.ingest.exports import split
from tests.ingest.naughty import NAUGHTY

#: One layout of each kind, and the second generation of some.
ENGLISH = [name for name in CHOSEN if name.endswith("en 1")] + ["x_content en 2"]
#: What a quote may change in the record in which it stands, as it may any text …
_TEXTS = ("text", "account_name", "account_handle", "permalink", "post_type", "delivered_post_id")
#: … and what follows from these.
_FOLLOWING = ("post_kind", "hashtags", "caption_length", "has_question")
_CHANGED = (*_TEXTS, *_FOLLOWING)


def third_count(text: str, delimiter: str = ",") -> int | None:
    """The records of a table that are not blank, by RFC 4180; None where a quote is misplaced.

    A quote inside a cell that is not quoted is a character like any other.
    """
    count, is_blank, state = 0, True, "start"
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        if state == "quoted":
            state = "closing" if character == '"' else "quoted"
        elif character == "\n":
            count += not is_blank
            is_blank, state = True, "start"
        elif character == delimiter:
            is_blank, state = False, "start"
        elif character == '"' and state in ("start", "closing"):
            is_blank, state = False, "quoted"
        elif state == "closing":
            return None
        else:
            is_blank, state = False, "plain"
    return None if state == "quoted" else count + (not is_blank)


def _heads(file: File) -> int:
    """How many records of a file are titles and headers."""
    return {"meta_daily": 2, "meta_tables": 4}.get(file.format.kind, 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a,b\n", 1),
        ("a,b\n1,2", 2),
        ("\n\na\n\r\nb\n", 2),
        (",\n", 1),
        ('""\n', 1),
        ('"a\nb",c\n', 1),
        ('"a""\n""b"\r\n1\n', 2),
        ('a"b,c\n', 1),
        ('a,"b', None),
        ('"a"b,c\n', None),
        ('"a" ,c\n', None),
        ('"""\n', None),
        ('""""\n', 1),
        ("a\rb\r", 2),
    ],
)
def test_the_third_count_is_the_standard_s(text: str, count: int | None) -> None:
    assert third_count(text) == count


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", CHOSEN)
def test_records_of_good_files_are_counted_alike(name: str, delimiter: str) -> None:
    file = file_of(CHOSEN[name])
    texts = file.columns({"text", "escaped", "title", "name"})
    records = [
        [text if place in texts else cell for place, cell in enumerate(file.records[-1])]
        for text in NAUGHTY
    ]
    for is_quoted in (False, True):
        content = file.written(
            records=records, delimiter=delimiter, is_quoted=is_quoted, encoding="utf-8-sig"
        )
        counted = third_count(content.decode("utf-8-sig"), delimiter)
        assert counted == len(records) + len([*filter(None, file.before)]) + 1
        assert split(content, "0" * 64).count == counted - _heads(file)


def _faults(file: File, is_quoted: bool) -> Iterator[tuple[int, str]]:
    """Files with one quote too many or too few in the header or the second record, and which."""
    good = file.written(is_quoted=is_quoted).decode()
    lines = [len(good) - len(rest) for rest in _tails(good)]
    header = len(file.before)
    for number, place in ((0, lines[header]), (2, lines[header + 2])):
        end = good.index("\n", place)
        marks = [n for n in range(place, end) if good[n] in ',"'] or [place]
        for at in {place, end, *marks[:: 1 + len(marks) // 8]}:
            for shift in (0, 1):
                if place <= at + shift <= end:
                    yield number, good[: at + shift] + '"' + good[at + shift :]
            if good[at] == '"':
                yield number, good[:at] + good[at + 1 :]


def _tails(text: str) -> Iterator[str]:
    """What is left of a text at the start of each record."""
    ends = [n for n, c in enumerate(text, 1) if c == "\n" and text[:n].count('"') % 2 == 0]
    yield from (text[end:] for end in (0, *ends))


@pytest.mark.parametrize("name", ENGLISH)
def test_a_quote_in_the_wrong_place_is_found(name: str) -> None:
    file = file_of(CHOSEN[name])
    truth = {(row["record_number"], row.get("metric")): row for row in truths.rows(file.export)}
    alike: dict[tuple[str, ...], list[tuple[int, parse.Records]]] = defaultdict(list)
    good = split(file.written(), "0" * 64).count
    found = 0
    for is_quoted in (False, True):
        for at, text in _faults(file, is_quoted):
            counted = third_count(text)
            try:
                records = split(text.encode(), f"{len(alike) + found:064}")
            except parse.Quarantine as problem:
                found += 1
                assert len(str(problem)) > 20
                continue
            assert counted is not None, text
            assert records.count == counted - _heads(file), text
            alike[records.layout.kind, *sorted(records.fitting.columns)].append((at, records))
    assert found > 3
    for group in alike.values():
        for at, records in group:
            rows = parse.interpret([records])
            numbers = {*rows.observations["record_number"], *rows.rejects["record_number"]}
            assert numbers | {*rows.set_aside["record_number"]} == set(range(1, records.count + 1))
            for row in rows.observations.drop("sha256").to_dicts():
                number = row["record_number"]
                # A caption that lost its quotes may be two records, which moves the later ones.
                moved = records.count - good if number > at > 0 else 0
                expected = truth[number - moved, row.get("metric")]
                _compare(row, expected, is_hit=number == at or at == 0)


def _compare(row: dict[str, Any], expected: dict[str, Any], *, is_hit: bool) -> None:
    """Whatever is loaded is as it was written, but for the text of the record that was hit."""
    for column, value in row.items():
        if column == "record_number":
            continue
        is_same = value == expected[column] or (is_hit and (value is None or value is False))
        assert is_same or (is_hit and column in _CHANGED), (column, value, expected[column])
