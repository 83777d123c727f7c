"""The sample world: the inverse of the readers.

What belongs here: a seeded world of offices, accounts, posts and their counters over time, and its
export files in the platforms' real layouts, with the registry; and a writer for every other layout
that is read. What is true is known without the pipeline. What does not: anything that reads.

All instants are UTC without a zone mark, in whole seconds; months are Jakarta's. The same arguments
give the same bytes.

    python -m ingest.sample HOME [--seed N]
"""

from __future__ import annotations

from ingest.sample.home import write_world
from ingest.sample.layout import Layout
from ingest.sample.truth import (
    AccountDay,
    AccountRow,
    Counters,
    DayExport,
    Export,
    OfficeRow,
    Post,
    World,
)
from ingest.sample.world import ids, make_world
from ingest.sample.writing import WRITERS, Sheet, encode, sheet

__all__ = [
    "WRITERS",
    "AccountDay",
    "AccountRow",
    "Counters",
    "DayExport",
    "Export",
    "Layout",
    "OfficeRow",
    "Post",
    "Sheet",
    "World",
    "encode",
    "ids",
    "make_world",
    "sheet",
    "write_world",
]
