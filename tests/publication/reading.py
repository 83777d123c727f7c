"""Reads what is published again and again, as docs/reading.md says, and tells what it saw.

    python -m tests.publication.reading <published> docs/reading.md

The page's own lines are run, on several tables. It prints `ready` after the first round. Once a
file `done` lies beside the editions it reads a last time, the first folder too, and prints as JSON:
ways, rounds, sets, and by way how often it met a mixture or an error.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

TABLES = ("rank_monthly", "dim_post")
#: A line of the page's table: what reads, how, and that this test does it.
LINE = re.compile(r"^\| ([^|]+) \| `([^`]+)` \| with every test \|$", re.MULTILINE)
#: What those lines may use, besides `folder`.
LIBRARIES = {"duckdb": duckdb, "pd": pd, "pl": pl, "pq": pq}


def editions_of(table: object) -> set[str]:
    """The editions of which a table has rows, whatever library the table is of."""
    return set(pl.DataFrame(table)["edition_id"])


def read_line(line: str, folder: Path) -> list[set[str]]:
    """The editions that a line of the page finds in a resolved folder, by table."""
    lines = [line.replace(TABLES[0], name) for name in TABLES]
    return [editions_of(eval(each, LIBRARIES | {"folder": folder})) for each in lines]


def read_by_index(published: Path) -> list[set[str]]:
    """What a reader without links finds: the index says in which folder it lies."""
    index = json.loads((published / "current" / "index.json").read_bytes())
    folder = published / index["folder"]
    found = [editions_of(pl.read_parquet(folder / f"{name}.parquet")) for name in TABLES]
    return [set(index["months"].values()), *found]


def read_through_link(published: Path) -> list[set[str]]:
    """What a program finds that only takes a fixed path: one connection to the one file."""
    with duckdb.connect(str(published / "current" / "kurasi.duckdb"), read_only=True) as base:
        return [editions_of(base.table(name)) for name in TABLES]


def read_editions(folder: Path) -> list[set[str]]:
    """What the files of a set's newest editions themselves say: JSON, CSV, a workbook."""
    published = folder.parents[1]
    index = json.loads((folder / "index.json").read_bytes())
    found: list[set[str]] = [set(), set(), set(), set()]
    for each in index["editions"]:
        if each["edition_id"] not in index["months"].values():
            continue
        path = published / each["path"]
        book = openpyxl.load_workbook(path / "bulletin.xlsx", read_only=True)
        found[0].add(json.loads((path / "manifest.json").read_bytes())["edition_id"])
        found[1] |= set(pl.read_csv(path / "people" / "peringkat.csv")["edition_id"])
        found[2].add(str(book.active["A1"].value))
        found[3].add(each["edition_id"])
    return found


def readers(published: Path, page: Path, folder: Path) -> dict[str, Callable[[], list[set[str]]]]:
    """All ways of reading, by name: those of a resolved folder, and those of a fixed path."""
    found = {
        name: partial(read_line, line, folder) for name, line in LINE.findall(page.read_text())
    }
    return {
        **found,
        "editions": partial(read_editions, folder),
        "index.json": partial(read_by_index, published),
        "fixed path": partial(read_through_link, published),
    }


class Seen:
    """What went wrong, by way of reading."""

    def __init__(self) -> None:
        self.mixed, self.errors = Counter[str](), Counter[str]()

    def read(self, published: Path, page: Path, folder: Path) -> list[str]:
        """Read in every way while others publish; returns the ways."""
        index = json.loads((folder / "index.json").read_bytes())
        newest = set(index["months"].values())
        ways = readers(published, page, folder)
        for name, read in ways.items():
            try:
                found = read()
            except Exception as problem:
                self.errors[f"{name}: {problem!r}"] += 1
                continue
            # The link may lead to a newer set than the one that was resolved, but to one alone.
            is_resolved = name not in ("index.json", "fixed path")
            expected = newest if is_resolved else found[0]
            self.mixed[name] += any(each != expected for each in found)
        return list(ways)


def main(published: Path, page: Path) -> None:
    """Read until all is published."""
    seen, folders = Seen(), []
    is_last = False
    while not is_last:
        is_last = (published / "done").exists()
        folders.append((published / "current").resolve())
        ways = seen.read(published, page, folders[-1])
        if len(folders) == 1:
            print("ready", flush=True)
        time.sleep(0.2)
    seen.read(published, page, folders[0])
    told = {"ways": ways, "rounds": len(folders), "sets": len(set(folders))}
    print(json.dumps({**told, "mixed": +seen.mixed, "errors": seen.errors}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
