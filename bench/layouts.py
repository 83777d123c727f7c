"""How fast each CSV layout is read, beside polars' own scan of the same bytes.

What belongs here: some large files per layout, written by the sample's writers, and two readers of
them, as a batch of alike files is read. What does not: the form of any export (`ingest/sample/`).
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

import polars as pl

from ingest.parsing import parse
from ingest.sample import (
    FIXTURES_BY_KIND,
    FORMATS,
    Counters,
    DayExport,
    DayMetrics,
    Export,
    ExportFormat,
    Habit,
    encode,
    make_world,
    sheet,
)
from ingest.schemas import METRICS

HEADER = ("layout", "locale", "columns", "rows", "rows / s", "polars rows / s", "ratio")
_POSTS = 5_000
_DAYS = 5_000
_RUNS = 3
_FILES = 5


def compare() -> Iterator[tuple[str, ...]]:
    """Rows per second of recognising, splitting, counting, parsing and validating, and of a scan.

    The scan takes every cell as text and adds up the lengths, so that it touches all of them too.
    """
    world = make_world(1, ("2025-07",), _POSTS, offices=2, habit=Habit(None))
    largest: dict[str, Export] = {}
    for export in sorted(world.exports, key=lambda export: len(export.posts)):
        largest[export.path.split("/")[1]] = export
    for kind, formats in FORMATS.items():
        for each in formats:
            if each.file_type != "csv":
                continue
            facts = _facts(each, largest)
            content = encode(sheet(facts), each)
            rows = _FILES * len(facts.posts if isinstance(facts, Export) else facts.days)
            ours, scan = _best(_read, content), _best(_scan, content)
            yield (
                kind,
                each.locale,
                str(len(each.columns)),
                f"{rows:,}",
                f"{rows / ours:,.0f}",
                f"{rows / scan:,.0f}",
                f"{scan / ours:.2f}",
            )


def _facts(export_format: ExportFormat, largest: dict[str, Export]) -> Export | DayExport:
    """A large file in this format: of posts where one of its columns is a post's, else of days."""
    names = set(export_format.fields)
    if "day" in names or not names & {"id", "plain", "link"}:
        first = date(2020, 1, 1)
        metrics = dict.fromkeys(METRICS, 1234)
        days = (DayMetrics(first + timedelta(days=n), metrics) for n in range(_DAYS))
        return DayExport(export_format, tuple(days))
    export = largest[FIXTURES_BY_KIND[export_format.kind].platform]
    reported = frozenset(Counters._fields) & names
    columns = export_format.columns
    return replace(export, format=export_format, columns=columns, reported=reported)


def _best(work: Callable[[bytes], object], content: bytes) -> float:
    took = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        work(content)
        took.append(time.perf_counter() - start)
    return min(took)


def _read(content: bytes) -> None:
    parse.interpret([*chain(*(parse.split(content, f"{n:064}") for n in range(_FILES)))])


def _scan(content: bytes) -> None:
    text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig").encode()
    for _ in range(_FILES):
        frame = pl.scan_csv(io.BytesIO(text), infer_schema=False, truncate_ragged_lines=True)
        frame.select(pl.all().str.len_bytes().sum()).collect()
