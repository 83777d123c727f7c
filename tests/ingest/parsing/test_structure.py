"""Cells that do not stand under their header: found by what the table as a whole shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from ingest.parsing import not_posts, parse
from tests.ingest.exports import (
    CAPTION,
    FACEBOOK,
    GOOD,
    INSTAGRAM,
    INSTAGRAM_ID,
    TIKTOK_STUDIO,
    X_1,
    X_2,
    Record,
    another,
    export,
    observations,
    quarantine,
    read,
    rejects,
)


def _table(record: Record, count: int = 8) -> list[list[str]]:
    """A header and records in which every counter is another number."""
    numbers = {
        name: [str(int(cell) * 10 + n) for n in range(count)]
        for name, cell in record.items()
        if cell.isdigit() and cell != "0" and len(cell) < 6 and "sum" not in name
    }
    rows = []
    for n in range(count):
        row = dict(another(record, n))
        row.update((name, cells[n]) for name, cells in numbers.items())
        if "Reactions, Comments and Shares" in row:
            parts = (int(row[name]) for name in ("Reactions", "Comments", "Shares"))
            row["Reactions, Comments and Shares"] = str(sum(parts))
        rows.append([*row.values()])
    return [[*record], *rows]


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue().encode()


SHIFTED = {"x": X_1, "x, second": X_2, "facebook": FACEBOOK, "tiktok": TIKTOK_STUDIO}


@pytest.mark.parametrize("name", [*SHIFTED, "instagram", "instagram id"])
@pytest.mark.parametrize("direction", ["left", "right", "right, padded"])
def test_a_record_whose_cells_moved_is_never_loaded(name: str, direction: str) -> None:
    """A cell was taken out or put in, in the second of eight records, at any place."""
    record = {**SHIFTED, "instagram": INSTAGRAM, "instagram id": INSTAGRAM_ID}[name]
    table = _table(record)
    good = {row["record_number"]: row for row in observations(_csv(table))}
    assert len(good) == 8
    for place in range(len(record)):
        header, first, moved, *others = table
        before, after = moved[:place], moved[place:]
        if direction == "left":
            changed = [header, first, [*before, *after[1:], ""], *others]
        elif direction == "right":
            changed = [header, first, [*before, "", *after[:-1]], *others]
        else:
            wide = [[*row, ""] for row in (header, first, *others)]
            changed = [*wide[:2], [*before, "", *after], *wide[2:]]
        _, rows = read(_csv(changed))
        for row in rows.observations.drop("sha256").to_dicts():
            number = row["record_number"]
            same = {n: c for n, c in row.items() if c not in (None, False)}
            assert same.items() <= good[number].items(), (header[place], row)
        if number_of_losses := 8 - rows.observations.height:
            assert rows.rejects.height == number_of_losses == 1


def test_the_reason_says_which_cell_is_blank() -> None:
    table = _table(X_1)
    table[2] = [*table[2][:9], *table[2][10:], ""]
    ((number, rule, detail),) = rejects(_csv(table))
    assert (number, rule) == (2, "cells_moved")
    assert detail == (
        "permalink clicks is blank, as the platform never leaves it; the cells may have moved"
    )


def test_counters_that_are_not_reported_at_all_are_no_damage() -> None:
    header, *rows = _table(X_1)
    rows[1] = [
        "" if name in ("Likes", "Replies", "Reposts", "Bookmarks") else cell
        for name, cell in zip(header, rows[1], strict=True)
    ]
    found = observations(_csv([header, *rows]))
    assert len(found) == 8
    assert found[1]["like_count"] is None


def test_a_header_whose_cells_moved_is_found() -> None:
    for record in (INSTAGRAM_ID, INSTAGRAM, X_1):
        header, *rows = _table(record)
        good = observations(_csv([header, *rows]))
        places = [n for n, cell in enumerate(record.values()) if cell.isdigit() and len(cell) < 6]
        for place in places:
            moved = [*header[:place], *header[place + 1 :], ""]
            try:
                found = observations(_csv([moved, *rows]))
            except parse.Quarantine as problem:
                assert "unknown layout" in str(problem) or "its cells may have moved" in str(
                    problem
                )
                continue
            for row in found:  # only what moved is not reported
                reported = {name: cell for name, cell in row.items() if cell not in (None, False)}
                expected = {**good[row["record_number"] - 1], "is_guest": True}
                assert reported.items() <= expected.items(), header[place]


def test_facebook_s_own_sum_tells_counters_that_were_changed() -> None:
    changed = {"Reactions": "80"}
    detail = "80, 8, 6 as reactions, comments and shares; their sum is said to be 89"
    assert rejects(export(FACEBOOK, {}, changed)) == [(2, "sum_differs", detail)]
    assert rejects(export(FACEBOOK, {**changed, "Reactions, Comments and Shares": ""})) == []


def test_a_number_in_a_column_without_a_header_is_found_and_a_numbering_is_not() -> None:
    header, *rows = _table(X_1, 3)
    wide = [[*rows[0], ""], [*rows[1], "7"], [*rows[2], ""]]
    ((number, rule, _),) = rejects(_csv([[*header, ""], *wide]))
    assert (number, rule) == (2, "cells_moved")
    numbered = [["", *header], *([str(n), *row] for n, row in enumerate(rows))]
    assert observations(_csv(numbered)) == observations(_csv([header, *rows]))


def test_an_export_pasted_below_in_another_order_is_quarantined() -> None:
    header, *rows = _table(INSTAGRAM, 3)
    order = [*range(11), 13, 12, 14, 11, 17, 16, 15]
    below = [[row[place] for place in order] for row in (header, *rows)]
    reason = quarantine(_csv([header, *rows, *below]))
    assert reason.startswith("record 4 is a second header, with other columns or in another order")
    # In the same order only the header itself is no post.
    _, found = read(_csv([header, *rows, header, *rows]))
    assert found.set_aside.drop("sha256").rows() == [(4, not_posts.HEADER, None)]
    assert found.observations.height == 6
    assert found.rejects.is_empty()


@pytest.mark.parametrize("name", [n for n in GOOD if "youtube" not in n])
def test_two_lost_quotes_never_join_two_records(name: str) -> None:
    record = GOOD[name]
    good = _csv(_table(record, 3)).decode()
    marks = [place for place, character in enumerate(good) if character == '"']
    opening = [place for place in marks if good[place + 1 :].startswith("Kata")]
    closing = [good.index('"', place + 30) for place in opening]
    assert CAPTION.replace('"', '""') in good
    for first in range(len(opening) - 1):
        end, start = closing[first], opening[first + 1]
        joined = good[:end] + good[end + 1 : start] + good[start + 1 :]
        plain = joined.replace('""', "")  # else the quotes inside tell
        assert "a quote stands in the wrong place" in quarantine(plain.encode())
