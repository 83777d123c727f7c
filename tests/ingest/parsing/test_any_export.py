"""Properties: whatever an export says is read as an independent reading has it, or not at all."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.parsing import parse
from ingest.schemas import MAX_COUNT
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    GOOD,
    INSTAGRAM,
    TIKTOK_STUDIO,
    X_1,
    YOUTUBE,
    Record,
    another,
    export,
    read,
)
from tests.properties import examples

_CAPTIONS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.text('",;\n\r\t aé🇮🇩'),
    max_size=6,
)


@given(
    captions=_CAPTIONS,
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    record=st.sampled_from([INSTAGRAM, X_1, TIKTOK_STUDIO, YOUTUBE]),
)
@settings(max_examples=examples(80))
def test_any_caption_comes_through_unchanged(
    captions: list[str], delimiter: str, line_end: str, record: Record
) -> None:
    text = io.StringIO()
    # Everything quoted: Python would leave a lone carriage return without quotes.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(record)
    caption = next(name for name, cell in record.items() if cell == CAPTION)
    writer.writerows(
        {**another(record, number), caption: each}.values() for number, each in enumerate(captions)
    )
    records, rows = read(text.getvalue().encode())
    assert records.count == len(captions)
    assert rows.observations["text"].to_list() == [each or None for each in captions]
    assert rows.rejects.is_empty()


_STRUCTURE = ['"', '""', '","', "\n", "\r\n", "\r", ",", ";", '"\n', '\n"', '\\"', " ", "\n\n"]


def _damaged(content: str, rng: Random) -> str:
    """A file with one to three faults of structure: something inserted, dropped or cut off."""
    for _ in range(rng.choice([1, 1, 2, 3])):
        place = rng.randrange(len(content) + 1)
        marks = [n for n, character in enumerate(content) if character in '",\r\n']
        fault = rng.choice(["insert", "drop", "replace", "cut", "lose"])
        if fault == "insert":
            content = content[:place] + rng.choice(_STRUCTURE) + content[place:]
        elif fault == "cut":
            content = content[:place]
        elif fault == "lose":
            content = content[:place] + content[place + rng.randrange(60) :]
        elif marks:
            mark = rng.choice(marks)
            new = rng.choice(_STRUCTURE) if fault == "replace" else ""
            content = content[:mark] + new + content[mark + 1 :]
    return content


@given(seed=st.integers(0, 2**32), name=st.sampled_from(list(GOOD)))
@settings(max_examples=examples(300))
def test_what_loads_from_a_damaged_file_is_what_an_independent_parser_reads(
    seed: int, name: str
) -> None:
    rng = Random(seed)
    record = GOOD[name]
    likes = next(n for n, cell in enumerate(record.values()) if cell in ("75", "75.0"))
    caption = next(n for n, cell in enumerate(record.values()) if cell == CAPTION)
    changes = [
        {list(record)[likes]: str(1000 + n), list(record)[caption]: rng.choice(["a", CAPTION])}
        for n in range(5)
    ]
    content = _damaged(export(record, *changes).decode(), rng).encode()
    try:
        records, rows = read(content)
    except parse.Quarantine:
        return
    lines = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if row]
    if len(lines[0]) == 1:  # the damage made another delimiter the better one
        return
    header, *independent = lines
    assert records.count == len(independent)
    parts = (rows.observations, rows.rejects, rows.set_aside)
    numbers = pl.concat(part.select("record_number") for part in parts)["record_number"].sort()
    assert numbers.to_list() == list(range(1, records.count + 1))
    for row in rows.observations.to_dicts():
        cells = independent[row["record_number"] - 1]
        assert len(cells) == len(header)
        named = dict(zip([cell.strip().casefold() for cell in header], cells, strict=True))
        # YouTube's likes may be missing: under a damaged header they are not reported.
        assert row["like_count"] == _number(named.get(list(record)[likes].casefold(), ""))
        if "facebook" not in name:  # the longer of two columns
            assert (row["text"] or "") == named[list(record)[caption].casefold()]


def _number(text: str) -> int | None:
    """X writes whole numbers as `75.0`."""
    number = Decimal(text) if text.strip() else None
    assert number is None or number == int(number)
    return None if number is None else int(number)


_NULL = ("", "-", "--", "nan", "undefined", "n/a", "null")
_WITHHELD = "withheld"
#: What may be an ID or a caption that stands in the wrong column.
_NO_COUNT = r"(?i)[0-9]{15}|e\+?[0-9]{2,}$|^[0-9]+-[0-9]+-[0-9]+|.{41}"
#: Thousands in groups, with a point or a comma between them and perhaps a fraction of zeros.
_GROUPED = (
    r"[1-9][0-9]{0,2}(?P<groups>(?:\.[0-9]{3})+)(?P<fraction>,0+)?",
    r"[1-9][0-9]{0,2}(?P<groups>(?:,[0-9]{3})+)(?P<fraction>\.0+)?",
)


def _readings(text: str) -> set[int | str]:
    """What a counter's text may be read as, a number or `withheld`."""
    whole = re.fullmatch(r"([0-9]{1,18})(?:[.,](0+))?", text)
    if whole and (len(whole[2] or "") != 3 or len(whole[1]) > 3 or whole[1] == "0"):
        return {_within_bounds(int(whole[1]))}
    for pattern in _GROUPED:
        if found := re.fullmatch(pattern, text):
            digits = text.removesuffix(found["fraction"] or "")
            number = _within_bounds(int(re.sub("[.,]", "", digits)))
            # One group alone may be a fraction; only the file's other numbers can tell.
            is_certain = len(found["groups"]) > 4 or found["fraction"]
            return {number} if is_certain else {number, _WITHHELD}
    return {_WITHHELD}


def _within_bounds(number: int) -> int | str:
    return number if number <= MAX_COUNT else _WITHHELD


@given(texts=st.lists(st.text("0123456789.,-+eE rbjtKM%") | st.sampled_from(_NULL), min_size=1))
@example(texts=["0,0"])
@settings(max_examples=examples(60))
def test_any_counter_is_a_plain_number_or_not_reported_or_withheld(texts: list[str]) -> None:
    _, rows = read(export(X_1, *({"Likes": text} for text in texts)))
    found: dict[int, int | str | None] = {}
    found.update(rows.observations.select("record_number", "like_count").iter_rows())
    for number in rows.withheld["record_number"]:
        assert found[number] is None
        found[number] = _WITHHELD
    for number, text in enumerate(map(str.strip, texts), start=1):
        if number not in found and re.search(_NO_COUNT, text):
            continue
        if not text and len(texts) >= 6 and number not in found:
            assert texts.count("") <= len(texts) / 4  # a rare blank may be a cell that moved
        elif text.lower() in _NULL:
            assert found[number] is None, text
        else:
            assert found[number] in _readings(text), text


@given(instants=st.lists(st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)), min_size=1))
@settings(max_examples=examples(40))
def test_any_minute_in_los_angeles_is_read_back_unless_it_occurs_twice(
    instants: list[datetime],
) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    walls = [instant.replace(tzinfo=UTC).astimezone(zone) for instant in instants]
    times = [{"Publish time": f"{wall:%m/%d/%Y %H:%M}"} for wall in walls]
    expected = [
        instant.replace(second=0, microsecond=0)
        for instant, wall in zip(instants, walls, strict=True)
        if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset()
    ]
    _, rows = read(export(FACEBOOK, *times))
    assert rows.observations["published_at"].to_list() == expected
