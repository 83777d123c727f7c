"""What occurs in a column: never less than does, whatever Arrow's buffers hold besides."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fields.characters import OTHER, SPACE, occurring
from ingest.files import delimited_text
from tests.properties import examples

TEXTS = st.lists(st.text("012\r\n.,='+- a\u00a0é", max_size=4), max_size=6)


@given(chunks=st.lists(TEXTS, max_size=3), first=st.integers(0, 6), length=st.integers(0, 8))
@settings(max_examples=examples(300))
def test_characters_are_those_of_the_cells_also_in_chunks_and_slices(
    chunks: list[list[str]], first: int, length: int
) -> None:
    column = pa.chunked_array([pa.array(texts, pa.string()) for texts in chunks], pa.string())
    text = "".join(column.slice(first, length).to_pylist())
    found = occurring(column.slice(first, length))
    assert found - {SPACE, OTHER} == set(text) & set("\r\n.,='+-")
    assert (OTHER in found) == any(character not in "012" for character in text)
    assert SPACE in found or not any(character.isspace() for character in text)


@given(text=st.text('a,"\n', min_size=1, max_size=12).map(lambda text: text.replace("a", "a1")))
@settings(max_examples=examples(500))
def test_plain_quotes_are_counted_as_a_strict_parser_does(text: str) -> None:
    count = delimited_text._count_plain(text.encode(), ",")
    if count is not None:
        assert count == len(list(csv.reader(io.StringIO(text, newline=""), strict=True)))


def test_quotes_around_fields_are_plain() -> None:
    assert delimited_text._count_plain(b'"a","b ""c"""\n"d\ne",f\n', ",") == 2
    assert delimited_text._count_plain(b'1,a "b" c\n', ",") is None
    assert delimited_text._count_plain(b'"a\n', ",") is None
