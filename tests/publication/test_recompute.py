"""`recompute.py` agrees with the warehouse on random worlds."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from ingest.home import Home
from ingest.schemas import Reject
from ingest.storage import write_table
from orchestration.publication import evidence, finished_state
from orchestration.publication.month import read_month
from tests import worlds
from tests.models import Models
from tests.properties import examples
from tests.reference import Lake


def consistent(lake: Lake) -> Lake:
    """The same bytes have the same number of rejected records, whenever they came."""
    rejected = {d["sha256"]: d["rejected_count"] for d in lake.deliveries}
    counts = [
        {"rejected_count": rejected[d["sha256"]]}
        | {"record_count": d["loaded_count"] + rejected[d["sha256"]]}
        for d in lake.deliveries
    ]
    deliveries = [d | more for d, more in zip(lake.deliveries, counts, strict=True)]
    return replace(lake, deliveries=deliveries)


def keep_state(home: Home, lake: Lake, database: duckdb.DuckDBPyConnection) -> None:
    """A finished state as `state.keep` leaves it, from a database in memory, and its rejects."""
    folder = home.warehouse / "current"
    folder.mkdir(parents=True, exist_ok=True)
    for (name,) in database.execute("select table_name from information_schema.tables").fetchall():
        if name.startswith(finished_state.PUBLIC) or name in finished_state.EVIDENCE:
            table = database.execute(f"from {name} order by all").pl()
            table.write_parquet(folder / f"{name}.parquet")
    rejected = {
        (delivery["sha256"], 10_000 + number, "unreadable_time", "")
        for delivery in lake.deliveries
        for number in range(delivery["rejected_count"])
    }
    schema = Reject.create_empty().schema
    write_table(home.rejects("all"), pl.DataFrame(sorted(rejected), schema=schema, orient="row"))


# Shrinking a whole world takes minutes and tells little; the failing world is printed.
@settings(
    max_examples=examples(100),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(lake=worlds.lakes().map(consistent))
def test_a_stranger_gets_the_published_rankings(
    models: Models, tmp_path_factory: pytest.TempPathFactory, lake: Lake
) -> None:
    home = Home(models.home)
    with models.build(lake) as database:
        keep_state(home, lake, database)
    months = (
        finished_state.table(home, "rank_monthly")
        .select("month")
        .unique()
        .collect()["month"]
        .sort()
    )
    assume(months.len())
    for first_day in months:
        folder = tmp_path_factory.mktemp("evidence")
        for name, content in evidence.evidence(read_month(home, first_day), {}).items():
            (folder / name).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-I", "-S", folder / "recompute.py"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
