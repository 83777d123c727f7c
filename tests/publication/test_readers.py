"""Readers see one publication, whatever is published meanwhile; nobody changes what they read."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ingest import storage
from ingest.bounds import InvalidBound
from ingest.home import Home
from ingest.sealing import seal
from orchestration.publication import newest
from orchestration.publication.editions import EDITION_FORMAT
from orchestration.publication.formats import json_bytes, parquet_bytes, write_duckdb
from orchestration.publication.links import kept_hours
from tests.conftest import Kurasi

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reading.md"
PUBLICATIONS = 50


def publish_small(home: Home, number: int, month: str = "2025-08") -> Path:
    """Publish an edition of few rows, as `publish` does it; returns the new set of all editions."""
    name = f"{month}-revised-{number}"
    building = home.published / ".building"
    rows = pl.DataFrame({"month": [month] * 300, "post_id": range(300), "score": [number] * 300})
    content = parquet_bytes(rows)
    listed = {f"tables/{table}.parquet": content for table in ("rank_monthly", "dim_post")}
    for path, table in listed.items():
        storage.write_bytes(building / path, table)
    people = pl.DataFrame({"edition_id": [name]}).write_csv()
    storage.write_bytes(building / "people" / "peringkat.csv", people.encode())
    with xlsxwriter.Workbook(building / "bulletin.xlsx") as book:
        book.add_worksheet().write_string("A1", name)
    write_duckdb(building / "kurasi.duckdb", {}, {})
    manifest = json_bytes(
        {
            "edition_id": name,
            "edition_format": EDITION_FORMAT,
            "month": month,
            "status": "revised",
            "number": number,
            "content_sha256": str(number),
            "files": {path: {"sha256": _sha256(table)} for path, table in listed.items()},
        }
    )
    run = {
        "published_at": f"2025-09-01T00:{number:02}:00Z",
        "manifest_sha256": _sha256(manifest),
    }
    storage.write_bytes(building / "manifest.json", manifest)
    storage.write_bytes(building / "run.json", json_bytes(run))
    path = home.published / month / name
    storage.name_folder(building, path)
    seal(path)
    return newest.refresh(home)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_nobody_meets_an_error_or_a_mixture_while_fifty_editions_are_published(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    publish_small(home, 1, "2025-07")
    publish_small(home, 1)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.publication.reading", home.published, PAGE],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout and reader.stdout.readline() == "ready\n"
        try:
            for number in range(2, PUBLICATIONS + 2):
                publish_small(home, number)
        finally:
            (home.published / "done").touch()
        told = json.loads(reader.stdout.read())
    assert told["mixed"] == {} and told["errors"] == {}
    assert told["sets"] > 1
    assert len(told["ways"]) == 9, "six lines of the page, editions, index.json and the fixed path"


def test_a_superseded_set_stays_for_the_hours_that_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    first = publish_small(home, 1)
    _set_back(first, hours=100)
    second = publish_small(home, 2)
    assert first.exists(), "it was made long ago, and superseded now"
    _set_back(first, hours=5)
    third = publish_small(home, 3)
    assert first.exists() and second.exists()
    _set_back(first, hours=7)
    _set_back(second, hours=5)
    publish_small(home, 4)
    assert not first.exists() and second.exists() and third.exists()
    monkeypatch.setenv("KURASI_KEPT_HOURS", "4")
    publish_small(home, 5)
    assert not second.exists() and third.exists()


def _set_back(folder: Path, hours: int) -> None:
    """As if a folder had been made or superseded so long ago."""
    then = time.time() - hours * 3600
    os.utime(folder, (then, then))


def test_the_command_says_where_readers_begin(tmp_path: Path, kurasi: Kurasi) -> None:
    home = Home(tmp_path / "a [b] :x: home")
    nothing = kurasi(home.root, "current")
    assert nothing.code == 2
    assert nothing.err.strip().endswith("yet; `kurasi publish` does it")
    folder = publish_small(home, 1)
    assert kurasi(home.root, "current").out == f"{folder}\n"
    months = {"2025-08": "2025-08-revised-1"}
    told = kurasi(home.root, "current", "--json").json
    assert told == {"path": str(folder), "months": months}


def test_a_setting_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KURASI_KEPT_HOURS", "a day")
    with pytest.raises(InvalidBound, match="KURASI_KEPT_HOURS is 'a day'; write a whole number"):
        kept_hours()
