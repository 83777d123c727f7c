"""The sample of a month as a home keeps it: what was drawn, and from how many.

What belongs here: the file `archive/opinion/2025-08.json`, and the tables of the lake that are made
of such files. What does not: which comments are drawn (`draw.py`).

A sample is written once and never changed, so that comments that come later change neither what is
read nor how many there were. It names comments by codes alone; who erases a comment erases nothing
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import dataframely as dy
import polars as pl
import pydantic

from ingest.home import Home
from ingest.schemas import OpinionDraw, OpinionInterval, OpinionOffice
from ingest.storage import write_bytes, write_table
from orchestration.opinion.interval import interval

#: Of so many comments one is read by another person too.
ONE_OF = 5


class NotSampled(Exception):
    """What is asked of a sample can't be done; the text says what to do."""


class OfficeSample(pydantic.BaseModel):
    """What was drawn of one office's comments."""

    model_config = pydantic.ConfigDict(extra="forbid")

    office_id: str
    #: The comments that could be drawn.
    comment_count: int
    #: Those that were, by code, in the order of the draw.
    codes: list[str]


class Sample(pydantic.BaseModel):
    """What was drawn of a month."""

    model_config = pydantic.ConfigDict(extra="forbid")

    #: As `2025-08`.
    month: str
    seed: str
    per_office: int
    offices: list[OfficeSample]

    @property
    def twice(self) -> frozenset[str]:
        """The codes of the comments that another person reads again: a fifth of all."""
        codes = sorted(code for office in self.offices for code in office.codes)
        return frozenset(codes[::ONE_OF])


def read(home: Home, month: str) -> Sample | None:
    """The sample of a month; None where none was drawn.

    Raises:
        NotSampled: its file is damaged.
    """
    path = _path(home, month)
    return _read(path) if path.exists() else None


def keep(home: Home, sample: Sample) -> None:
    """Write a sample that was drawn."""
    content = sample.model_dump_json(indent=1) + "\n"
    write_bytes(_path(home, sample.month), content.encode())


def write_tables(home: Home) -> dict[str, int]:
    """Write the lake's tables of all samples; returns the rows of each.

    Raises:
        NotSampled: the file of a sample is damaged.
    """
    samples = [_read(path) for path in sorted(home.opinion.glob("*.json"))]
    tables: dict[str, pl.DataFrame] = {
        "opinion_offices": OpinionOffice.validate(_frame(OpinionOffice, list(_offices(samples)))),
        "opinion_draws": OpinionDraw.validate(_frame(OpinionDraw, list(_draws(samples)))),
        "opinion_intervals": OpinionInterval.validate(
            _frame(OpinionInterval, list(_intervals(samples)))
        ),
    }
    for name, rows in tables.items():
        write_table(home.table(name), rows)
    return {name: rows.height for name, rows in tables.items()}


def remedy(home: Home, month: str) -> str:
    """How to draw anew, as long as nobody has labelled anything."""
    return (
        f"a sample is drawn once, so that nobody draws until it pleases; as long as no label has "
        f"come in, delete {_path(home, month)} and draw again"
    )


def _path(home: Home, month: str) -> Path:
    return home.opinion / f"{month}.json"


def _read(path: Path) -> Sample:
    try:
        return Sample.model_validate_json(path.read_bytes())
    except ValueError:
        raise NotSampled(f"{path} is damaged; restore it from a backup") from None


def _frame(schema: type[dy.Schema], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema.create_empty().schema, orient="row")


def _offices(samples: Sequence[Sample]) -> Iterator[tuple[object, ...]]:
    for sample in samples:
        for office in sample.offices:
            yield _first_day(sample), office.office_id, office.comment_count, len(office.codes)


def _draws(samples: Sequence[Sample]) -> Iterator[tuple[object, ...]]:
    for sample in samples:
        twice = sample.twice
        for office in sample.offices:
            for code in office.codes:
                yield _first_day(sample), code, office.office_id, code in twice


def _intervals(samples: Sequence[Sample]) -> Iterator[tuple[object, ...]]:
    """The intervals of every size that occurs, whatever people may say of the comments."""
    sizes = {
        (office.comment_count, len(office.codes)) for sample in samples for office in sample.offices
    }
    for comment_count, sampled_count in sorted(sizes):
        for label_count in range(sampled_count + 1):
            low, high = interval(label_count, sampled_count, comment_count)
            yield comment_count, sampled_count, label_count, low, high


def _first_day(sample: Sample) -> date:
    return date.fromisoformat(f"{sample.month}-01")
