"""The programs that recompute editions, as they were released: by hash, with what they can read.

What belongs here: a line for each `recompute.py` that stood on the main branch at a landing, so
that editions of every released version still verify, each by the program that it was published
with. What does not: running them (`verify.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.publication.evidence import VERSION

#: The program of this version.
RECOMPUTE = Path(__file__).with_name("recompute.py")


@dataclass(frozen=True, slots=True)
class Program:
    """A `recompute.py`; `evidence_version` is the one that it reads."""

    sha256: str
    evidence_version: int
    released_on: date


#: The oldest first. A program that changes between two landings replaces its own line.
RELEASED = (
    Program(
        "e1c923e6f60e8483f8c7e653ace646333f901f1c4f461cdcf667f4b34a33fb1b", 2, date(2026, 11, 24)
    ),
    Program(
        "bea3a413a445f2320609f172d3a385568f9bd4003b4808bd5d0c9f5cc7f649ed", 3, date(2026, 11, 28)
    ),
    Program(
        "edf49c1b2d986c7aadfac25e2b68b888b9147ab4641ddf8274361b4945cd2168", 4, date(2026, 11, 29)
    ),
    Program(
        "0157cbd8467695d5754dc9af05824b2555a8f6d305196820cbd70f8b320a305c", 4, date(2026, 11, 29)
    ),
    Program(
        "ca542590413c61edb8c9bb2e552dc68b75c2666e965ebbdedc3eb3dba20db76d", 5, date(2026, 11, 30)
    ),
    Program(
        "4386524b573d336849d2eaa83ff178830cd5169a782b56af63e60e4a8515749c", 6, date(2026, 11, 30)
    ),
)


def readable_version(program: bytes) -> int | None:
    """The version of the evidence that a program reads; None where it was never released."""
    if program == RECOMPUTE.read_bytes():
        return VERSION
    sha256 = hashlib.sha256(program).hexdigest()
    return next((each.evidence_version for each in RELEASED if each.sha256 == sha256), None)
