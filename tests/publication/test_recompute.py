"""`recompute.py` agrees with the warehouse on random worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from ingest.home import Home
from orchestration.publication import evidence, finished_state, recompute
from orchestration.publication.month import read_month
from tests import worlds
from tests.lakes import day, delivery, lake, record
from tests.models import Models
from tests.properties import examples
from tests.reference import Lake


def keep_state(home: Home, database: duckdb.DuckDBPyConnection) -> None:
    """A finished state as `finished_state.keep` leaves it, from a database in memory."""
    folder = home.warehouse / "current"
    folder.mkdir(parents=True, exist_ok=True)
    for (name,) in database.execute("select table_name from information_schema.tables").fetchall():
        if name.startswith(finished_state.PUBLIC) or name in finished_state.EVIDENCE:
            table = database.execute(f"from {name} order by all").pl()
            table.write_parquet(folder / f"{name}.parquet")


# Shrinking a whole world takes minutes and tells little; the failing world is printed.
@settings(
    max_examples=examples(20),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(world=worlds.lakes())
def test_a_stranger_gets_the_published_rankings(
    models: Models, tmp_path_factory: pytest.TempPathFactory, world: Lake
) -> None:
    home = Home(models.home)
    with models.build(world) as database:
        keep_state(home, database)
    ranked = finished_state.table(home, "rank_monthly").select("month").unique().collect()
    assume(ranked.height)
    for first_day in ranked["month"].sort():
        folder = tmp_path_factory.mktemp("evidence")
        for name, content in evidence.evidence(read_month(home, first_day), {}).items():
            (folder / name).write_bytes(content)
        # Alone in an interpreter it is run by `test_verify.py`, which takes ten times as long.
        assert _faults(folder) == []


def test_a_stranger_knows_what_an_export_that_is_rejected_whole_may_hold(
    models: Models, tmp_path: Path
) -> None:
    july = {"covers_from": day("2025-07-01"), "covers_to": day("2025-07-31")}
    whole = delivery("2025-08-01", record(), **july)
    rejected = {"status": "rejected", "record_count": 1, "rejected_count": 1}
    lost = delivery("2025-08-02", account_id="A1", **july, **rejected)
    reject = {"sha256": lost[0]["sha256"], "record_number": 1, "rule": "digits_lost", "detail": ""}
    unknown = dict.fromkeys(("platform", "post_id", "published_at", "published_date"))
    home = Home(models.home)
    with models.build(replace(lake(whole, lost), rejects=[reject | unknown])) as database:
        keep_state(home, database)
    for name, content in evidence.evidence(read_month(home, day("2025-07-01")), {}).items():
        (tmp_path / name).write_bytes(content)
    assert _faults(tmp_path) == []
    told = recompute.recompute(recompute.Evidence(tmp_path))
    assert {row["state"] for row in told["coverage"].values()} == {"partial"}


def _faults(folder: Path) -> list[str]:
    """What differs, apart from the posts' IDs, which tell no time in these worlds."""
    told = recompute.Evidence(folder)
    return [*recompute.faults_of_files(told), *recompute.faults_of_results(told)]
