"""Files that were cut: a record that may have lost digits is rejected, never read.

A cut can leave a number that looks whole (`1234` as `12`). What tells is how the platform's files
end: with a line end, with a closing quote, or with nothing.
"""

from __future__ import annotations

import csv
import io

import pytest

from tests.ingest.exports import (
    FACEBOOK,
    GOOD,
    INSTAGRAM,
    TIKTOK_BUSINESS,
    TIKTOK_STUDIO,
    X_1,
    X_2,
    YOUTUBE,
    Record,
    export,
    observations,
    quarantine,
    read,
    rejects,
)

_DETAIL = (
    "the file ends without a line end, so its last record may be cut, even inside a number; "
    "export it again"
)


def _quoted(record: Record, *changes: Record) -> bytes:
    """As TikTok Studio writes it: every cell in quotes, no line end after the last record."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(record)
    writer.writerows({**record, **change}.values() for change in changes)
    return text.getvalue().removesuffix("\n").encode()


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK, X_1, YOUTUBE])
def test_where_every_file_ends_with_a_line_end_one_without_loses_its_last_record(
    record: Record,
) -> None:
    content = export(record, {}, {}).removesuffix(b"\n")
    assert rejects(content) == [(2, "unterminated", _DETAIL)]
    assert [row["record_number"] for row in observations(content)] == [1]


def test_a_record_of_tiktok_studio_is_whole_when_its_last_quote_is_closed() -> None:
    content = _quoted(TIKTOK_STUDIO, {}, {"Total views": "9876"})
    assert [row["view_count"] for row in observations(content)] == [1200, 9876]
    assert rejects(content.removesuffix(b'"9876"')) == [(2, "unterminated", _DETAIL)]
    assert "a quote stands in the wrong place" in quarantine(content.removesuffix(b'6"'))


def test_the_end_of_an_x_file_of_the_second_generation_is_a_column_that_is_not_read() -> None:
    content = export(X_2, {}, {"Permalink Clicks": "123"}).removesuffix(b"\n")
    assert len(observations(content)) == 2
    assert observations(content[:-2]) == observations(content)
    assert rejects(content.removesuffix(b",123")) == [(2, "unterminated", _DETAIL)]


def test_a_counter_at_the_end_of_an_x_file_may_be_cut_and_its_record_is_rejected() -> None:
    likes_last = {name: cell for name, cell in X_2.items() if name != "Likes"} | {"Likes": "75"}
    content = export(likes_last, {}, {}).removesuffix(b"\n")
    assert rejects(content) == [(2, "unterminated", _DETAIL)]


def test_the_last_counter_of_tiktok_business_suite_is_not_reported_without_a_line_end() -> None:
    whole = export(TIKTOK_BUSINESS, {}, {"Add to Favorites ": "1234"})
    assert [row["save_count"] for row in observations(whole)] == [4, 1234]
    for cut in (whole[:-1], whole[:-3], whole[:-5]):
        first, last = observations(cut)
        assert first["save_count"] == 4
        assert last == {**observations(whole)[1], "save_count": None}


@pytest.mark.parametrize("name", GOOD)
def test_a_header_that_is_cut_is_no_true_zero(name: str) -> None:
    header = export(GOOD[name]).split(b"\n", 1)[0]
    for length in range(len(header.rstrip())):
        quarantine(header[:length])
    ends_bare = name.split()[0].startswith("tiktok") or name == "x_content en, second"
    if ends_bare:
        assert read(header)[0].count == 0
    else:
        assert "inside or right after its header" in quarantine(header)
