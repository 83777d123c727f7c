"""Mutations of every layout: each ends as known, recorded, withheld, rejected or quarantined.

Never as another number: the truth is what was written. Random damage is in `test_any_export.py`,
files that were cut in `test_truncation.py`, quotes in the wrong place in `test_counting.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from ingest.parsing import parse
from tests.ingest import truths
from tests.ingest.export_files import CHOSEN, File, file_of
from tests.ingest.exports import split
from tests.ingest.mutations import KNOWN, MUTATIONS, QUARANTINED, RECORDED, REJECTED


def _judged(file: File) -> Iterator[tuple[str, str]]:
    """Each mutation and how one of its files ends; what is read must be as it was written.

    Files with the same columns are read together, as ingest does.
    """
    truth = {(row["record_number"], row.get("metric")): row for row in truths.rows(file.export)}
    mutants: dict[str, tuple[str, list[int | None] | None]] = {}
    alike: dict[tuple[str, ...], list[parse.Records]] = defaultdict(list)
    good = file.written()
    for name, (mutate, _) in MUTATIONS.items():
        for mutant in mutate(file):
            content, origin = mutant if isinstance(mutant, tuple) else (mutant, None)
            if content == good:  # nothing in this layout that it could change
                continue
            sha256 = f"{len(mutants):064}"
            try:
                records = split(content, sha256)
            except parse.Quarantine as problem:
                assert len(str(problem)) > 20, name
                yield name, "quarantined"
                continue
            mutants[sha256] = (name, origin)
            alike[records.layout.kind, *sorted(records.fitting.columns)].append(records)
    for group in alike.values():
        found = parse.interpret(group)
        parts = [
            part.partition_by("sha256", as_dict=True)
            for part in (found.observations, found.rejects, found.set_aside, found.withheld)
        ]
        for records in group:
            name, origin = mutants[records.sha256]
            rows, rejects, aside, withheld = (
                part.get((records.sha256,), pl.DataFrame(schema={"record_number": pl.Int64}))
                for part in parts
            )
            try:
                end = _end(records, rows, rejects, aside, origin, truth)
                yield name, _with_cells_told(end, rows, withheld)
            except AssertionError as problem:
                raise AssertionError(f"{name}: {problem}") from problem


def _with_cells_told(end: str, rows: pl.DataFrame, withheld: pl.DataFrame) -> str:
    """How a file ends whose counters may be withheld: such a one is null, its record is loaded."""
    cells = {(row["record_number"], row["field"]) for row in withheld.to_dicts()}
    assert len(cells) == withheld.height, "a cell is told twice"
    for row in rows.to_dicts():
        named = {row["metric"]: row["value"]} if "metric" in row else row
        for name, value in named.items():
            if (row["record_number"], name) in cells:
                assert value is None, name
                cells.remove((row["record_number"], name))
    assert not cells, "a cell of a record that is not loaded"
    return "withheld" if withheld.height and end in ("known", "unreported") else end


def _end(
    records: parse.Records,
    rows: pl.DataFrame,
    rejects: pl.DataFrame,
    aside: pl.DataFrame,
    origin: list[int | None] | None,
    truth: dict[tuple[int | None, str | None], dict[str, Any]],
) -> str:
    told = [set(part["record_number"]) for part in (rows, rejects, aside)]
    assert sum(map(len, told)) == records.count, "records are lost or told twice"
    assert set().union(*told) == set(range(1, records.count + 1)), "records are lost"
    is_whole = True
    for row in rows.to_dicts():
        number = row["record_number"]
        source = number if origin is None else origin[number - 1]
        assert (source, row.get("metric")) in truth, f"record {number} is loaded"
        is_whole &= _is_as_written(row, truth[source, row.get("metric")])
    if rejects.height:
        told_rules = rejects.select("rule", "detail").rows()
        assert all(len(rule) > 3 and detail for rule, detail in told_rules)
        return "rejected"
    if records.unknown_columns:
        return "recorded"
    width = len({metric for _, metric in truth}) * (records.count - aside.height)
    return "known" if is_whole and rows.height == width else "unreported"


def _is_as_written(row: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether a row says everything that was written; fails where it says something else."""
    is_whole = True
    if row.get("published_precision") == "minute":  # and says so
        cut = {name: expected[name].replace(second=0) for name in ("published_at", "printed_at")}
        expected = {**expected, **cut, "published_precision": "minute"}
    for name, value in row.items():
        if name in ("sha256", "record_number", "delivered_post_id"):  # the cell as it stands
            continue
        if name == "is_guest" and row["reach_count"] is None:  # what tells guests
            continue
        wanted = expected[name]
        if name == "text":  # some mutations can't keep a line end
            value, wanted = (each and " ".join(each.split()) for each in (value, wanted))
        if value != wanted:
            is_reported = value is not None and value is not False
            assert not is_reported, f"{name} is {value!r}, written was {wanted!r}"
            is_whole = False
    return is_whole


@pytest.mark.parametrize("name", CHOSEN)
def test_mutated_files_are_understood_or_refused(name: str) -> None:
    file = file_of(CHOSEN[name])
    # Of a table that holds nothing, nothing may be loaded, however it is mutated.
    always = frozenset() if truths.rows(file.export) else KNOWN | RECORDED | REJECTED | QUARANTINED
    ends: dict[str, set[str]] = defaultdict(set)
    for mutation, end in _judged(file):
        ends[mutation].add(end)
    wrong = {
        mutation: found
        for mutation, found in ends.items()
        if not found <= MUTATIONS[mutation][1] | always
    }
    assert wrong == {}
    assert len(ends) >= 12
