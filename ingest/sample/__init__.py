"""The sample world: the inverse of the readers.

What belongs here: a seeded world of offices, accounts, posts and their counters over time, what
happens in it, and its export files in the platforms' real formats, with the registry; and every
other format that is read. A platform's headers stand in `platforms/<platform>.py`, written out
independently of the readers. What is true is known without the pipeline. What does not: anything
that reads.

All instants are UTC without a zone mark, in whole seconds; months are Jakarta's. The same arguments
give the same bytes.

    python -m ingest.sample HOME [--seed N] [--correction]
"""

from __future__ import annotations

from ingest.sample.exports import Habit
from ingest.sample.fixture import PlatformFixture
from ingest.sample.formats import ExportFormat
from ingest.sample.growth import Law, Pace
from ingest.sample.home import write_correction, write_policies, write_world
from ingest.sample.platforms import FIXTURES, FIXTURES_BY_KIND, FORMATS
from ingest.sample.truth import (
    AccountRow,
    Counters,
    DayExport,
    DayFile,
    DayMetrics,
    Export,
    Growth,
    OfficeRow,
    Post,
    World,
)
from ingest.sample.world import ids, make_world
from ingest.sample.writing import Sheet, encode, sheet

__all__ = [
    "FIXTURES",
    "FIXTURES_BY_KIND",
    "FORMATS",
    "AccountRow",
    "Counters",
    "DayExport",
    "DayFile",
    "DayMetrics",
    "Export",
    "ExportFormat",
    "Growth",
    "Habit",
    "Law",
    "OfficeRow",
    "Pace",
    "PlatformFixture",
    "Post",
    "Sheet",
    "World",
    "encode",
    "ids",
    "make_world",
    "sheet",
    "write_correction",
    "write_policies",
    "write_world",
]
