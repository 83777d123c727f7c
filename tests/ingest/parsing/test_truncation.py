"""Twenty good files, cut at every byte or at 200 places: no value differs from the whole file's.

Of a file that does not end as its platform's files do, the last record is rejected as
`unterminated`, since its last number may have lost digits. What the record of each file says is
known from what was written.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import Any, NamedTuple

import polars as pl
import pytest

from ingest.parsing import parse
from tests.ingest import truths
from tests.ingest.export_files import CHOSEN, file_of
from tests.ingest.exports import split


class Form(NamedTuple):
    """How a good file is written, and what shows its last record to be whole.

    `line`: only a line end. `quote`: a closing quote too. `bare`: its last column is none that is
    read, or is left out, so a record with all its fields.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    first: str = ""
    ending: str = "line"
    is_quoted: bool = False


_STUDIO = Form("utf-8-sig", ending="quote", is_quoted=True)
_META = Form("utf-8-sig")
_SERIES = Form("utf-16", first="sep=,\n", is_quoted=True)
FILES = {
    "instagram_content en 1": _META,
    "instagram_content id 1": Form("utf-16", "\t"),
    "instagram_content es 1": Form("cp1252", ";", "\r\n"),
    "instagram_stories id 1": Form(line_end="\r\n"),
    "facebook_content en 1": _META,
    "facebook_content en 2": Form("cp1252", ";", "\r\n", first="sep=;\r\n"),
    "facebook_videos en 1": _META,
    "x_content en 1": Form(line_end="\r\n"),
    "x_content en 2": Form(ending="bare"),
    "x_tweet_activity en 1": Form(is_quoted=True),
    "x_daily_activity en 1": Form(is_quoted=True),
    "x_overview en 1": Form(ending="bare"),
    "tiktok_studio_content id 1": _STUDIO,
    "tiktok_studio_overview es 1": _STUDIO,
    "tiktok_studio_followers en 1": _STUDIO,
    "tiktok_business_video en 1": Form("utf-8-sig", ending="bare"),
    "tiktok_business_account en 1": Form("utf-16", ";", "\r\n", ending="bare"),
    "youtube_table en 1": Form("utf-8", ";"),
    "youtube_table id 2": Form("utf-16", "\t", "\r\n"),
    "meta_daily en 1": _SERIES,
    "meta_daily es 1": Form("cp1252", ";", "\r\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_wherever_a_file_is_cut_no_value_differs(name: str) -> None:
    form, file = FILES[name], file_of(CHOSEN[name])
    whole = file.written(
        delimiter=form.delimiter,
        line_end=form.line_end,
        first=form.first,
        encoding=form.encoding,
        is_quoted=form.is_quoted,
    )
    if form.ending != "line":
        codec = "utf-16-le" if form.encoding == "utf-16" else form.encoding.removesuffix("-sig")
        whole = whole.removesuffix(form.line_end.encode(codec))
    truth = {(row["record_number"], row.get("metric")): row for row in truths.rows(file.export)}
    alike: dict[tuple[str, ...], list[tuple[int, parse.Records]]] = defaultdict(list)
    places = range(len(whole) + 1) if len(whole) <= 200 else range(0, len(whole), len(whole) // 200)
    refused = 0
    for length in {*places, len(whole)}:
        try:
            records = split(whole[:length], f"{length:064}")
        except parse.Quarantine:
            refused += 1
            continue
        alike[records.layout.kind, *sorted(records.fitting.columns)].append((length, records))
    for group in alike.values():
        found = parse.interpret([records for _, records in group])
        for length, records in group:
            rows, rejects, aside = (
                part.filter(pl.col("sha256") == records.sha256)
                for part in (found.observations, found.rejects, found.set_aside)
            )
            numbers = {*rows["record_number"], *rejects["record_number"], *aside["record_number"]}
            assert numbers == set(range(1, records.count + 1)), length
            assert rejects.height + aside.height + rows["record_number"].n_unique() == records.count
            for row in rows.to_dicts():
                _compare(row, truth[row["record_number"], row.get("metric")], records.count)
            is_open = records.count and not _ends_whole(whole[:length], form)
            unterminated = rejects.filter(pl.col("rule") == "unterminated")["record_number"]
            assert unterminated.to_list() == ([records.count] if is_open else []), length
    assert 0 < refused < len(whole)


def _compare(row: dict[str, Any], expected: dict[str, Any], last: int) -> None:
    for column, value in row.items():
        if column == "sha256" or value == expected[column]:
            continue
        # Without a line end the last number of some files is not reported.
        assert value is None and row["record_number"] == last, (column, value, expected[column])
        assert column in ("save_count", "value")


def _ends_whole(content: bytes, form: Form) -> bool:
    """Whether a file ends as its platform's do, so that its last record can't have lost digits."""
    text = content.decode(form.encoding)
    if text.endswith(("\n", "\r")) or form.ending == "line":
        return text.endswith(("\n", "\r"))
    header, *records = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter)
    has_all_fields = len(records[-1]) == len(header)
    return has_all_fields and (form.ending == "bare" or text.endswith('"'))
