"""A real inbox of every fate reconciles; what was damaged in its lake is found."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ingest import batches
from ingest.home import Home
from ingest.pipeline import ingest
from orchestration.checks.records import unreconciled
from orchestration.publication import finished_state
from tests.ingest.exports import NOON, X_1, deliver, export, fill


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Files of every fate, one of them good with a broken sidecar."""
    home = Home(tmp_path / "home")
    fill(home)
    deliver(home, "b/same.csv", export(X_1), NOON)
    ingest(home)
    return home


def test_an_inbox_of_every_fate_reconciles(home: Home) -> None:
    assert unreconciled(home).is_empty()


@pytest.mark.parametrize("folder", ["observations", "rejects"])
def test_a_record_lost_or_doubled_in_the_lake_is_found(home: Home, folder: str) -> None:
    paths = (home.lake / folder).rglob("*.parquet")
    path = next(path for path in paths if pl.read_parquet(path).height)
    whole = pl.read_parquet(path, hive_partitioning=False)
    whole[1:].write_parquet(path)
    assert unreconciled(home).height == 1
    more = whole.with_columns(pl.col("record_number") + 100)
    pl.concat([whole, more]).write_parquet(path)
    assert not unreconciled(home).is_empty()


def test_another_reading_of_the_same_files_is_built_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in finished_state.INPUTS:
        if not home.table(name).exists():
            home.table(name).write_bytes(b"")
    before = finished_state.fingerprint(home, [])
    ingest(home)
    assert finished_state.fingerprint(home, []) == before
    monkeypatch.setattr(batches, "reader_version", lambda: "another")
    ingest(home)
    assert finished_state.fingerprint(home, []) != before
