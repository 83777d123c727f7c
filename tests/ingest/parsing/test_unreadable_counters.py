"""A counter that can't be read is withheld only where the record's cells stand in their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pytest

from ingest.parsing import parse
from tests.ingest import truths
from tests.ingest.export_files import CHOSEN, file_of
from tests.ingest.exports import (
    GOOD,
    INSTAGRAM,
    TIKTOK_STUDIO,
    X_1,
    YOUTUBE,
    Record,
    export,
    read,
    rejects,
    split,
    withheld,
)

#: One layout of each kind that is read, and the second generation of some.
LAYOUTS = [
    name
    for name, each in CHOSEN.items()
    if (name.endswith("en 1") or name == "x_content en 2") and truths.rows(truths.fixed(each))
]


def _moved(record: Sequence[str], by: int) -> Iterator[list[str]]:
    """A record with cells lost or blanks put in at any place, as wide as before."""
    width = len(record)
    blanks = [""] * by
    for place in range(width - by):
        for end in sorted({place + by, min(place + by + 2, width - 1), width - 1}):
            yield [*record[:place], *record[place + by : end + 1], *blanks, *record[end + 1 :]]
            yield [*record[:place], *blanks, *record[place : end + 1 - by], *record[end + 1 :]]


@pytest.mark.parametrize("name", LAYOUTS)
def test_beside_a_withheld_counter_no_other_is_wrong(name: str) -> None:
    """Also in files of one record, where no other shows what its columns hold."""
    file = file_of(CHOSEN[name])
    truth = {(row["record_number"], row.get("metric")): row for row in truths.rows(file.export)}
    last = len(file.records)
    alike: dict[tuple[str, ...], list[parse.Records]] = defaultdict(list)
    for by in (1, 2):
        for number, record in enumerate(_moved(file.records[-1], by)):
            try:
                records = split(file.written(records=[record]), f"{by}{number:063}")
            except parse.Quarantine:
                continue
            alike[tuple(sorted(records.fitting.columns))].append(records)
    assert alike
    for group in alike.values():
        rows = parse.interpret(group)
        doubtful = rows.observations.join(rows.withheld, on="sha256", how="semi")
        for row in doubtful.to_dicts():
            expected = truth[last, row.get("metric")]
            for column, value in row.items():
                if column.endswith("_count") or column == "value":
                    assert value in (None, expected[column]), (column, value, row)


@pytest.mark.parametrize("text", ["1.2K", "10,6 rb", "12.5", "-5", "#REF!", "0.234", "tidak ada"])
@pytest.mark.parametrize("name", GOOD)
def test_a_damaged_counter_costs_nothing_else(name: str, text: str) -> None:
    record = GOOD[name]
    column = next(header for header, cell in record.items() if cell in ("75", "75.0"))
    good = read(export(record, {}, {}))[1].observations.drop("sha256")
    content = export(record, {column: text}, {})
    ((number, field, _, _),) = withheld(content)
    assert (number, field) == (1, "like_count")
    rows = read(content)[1].observations.drop("sha256")
    assert rows.drop("like_count").to_dicts() == good.drop("like_count").to_dicts()
    assert rows["like_count"].to_list() == [None, 75]


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        # A cell was put in before the link, the day, the duration; all behind it moved.
        (X_1, {"Link": "", "Impressions": X_1["Link"], "Likes": "1200"}),
        (TIKTOK_STUDIO, {"Post time": "", "Total likes": "1 Agustus", "Total comments": "75"}),
        (YOUTUBE, {"Duration": "", "Views": "0:05:12", "Impressions": "1200"}),
        # The watch time was lost, and a blank stands at the end.
        (YOUTUBE, {"Impressions": "5.03", "Unique viewers": "75", "Likes": "8", "Shares": ""}),
        # An ID, also one that a spreadsheet wrote.
        (INSTAGRAM, {"Views": "17900000000000001"}),
        (INSTAGRAM, {"Views": "1.79E+16"}),
        # A caption.
        (X_1, {"Impressions": "Kata Pengayoman, baris pertama dari dua baris"}),
    ],
)
def test_a_counter_that_holds_another_column_s_text_rejects_the_record(
    record: Record, changes: Record
) -> None:
    content = export(record, changes, {})
    assert [(number, rule) for number, rule, _ in rejects(content)] == [(1, "cells_moved")]
    assert read(content)[1].withheld.is_empty()


def test_the_reason_names_the_text_and_where_it_may_be_from() -> None:
    foreign = {"Link": "", "Impressions": X_1["Link"]}
    ((_, _, detail),) = rejects(export(X_1, foreign))
    assert detail == (
        "impressions holds https://x.com/KemenkumJabar/status/19509, which is no number of people; "
        "the cells may have moved"
    )
    shifted = {"Impressions": "5.03", "Shares": ""}
    ((_, _, detail),) = rejects(export(YOUTUBE, shifted))
    assert detail == (
        "impressions holds 5.03, as impressions click-through rate (%) may; "
        "the cells may have moved"
    )


def test_facebook_s_sum_that_can_not_be_read_costs_nothing() -> None:
    record = GOOD["facebook_content en"]
    content = export(record, {"Reactions, Comments and Shares": "10,6 rb"})
    assert withheld(content) == []
    assert read(content)[1].observations["like_count"].to_list() == [75]
