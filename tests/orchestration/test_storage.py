"""Dagster's run storage on a real PostgreSQL server, with the configuration that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sample import Habit, make_world, write_world
from orchestration.shipped import ROOT
from tests import postgresql
from tests.conftest import Kurasi


def test_runs_and_their_events_go_to_postgresql(
    server: postgresql.Server, kurasi: Kurasi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(server.port),
        "DB": "postgres",
        "USER": "kurasi",
        "PASSWORD": server.password,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KURASI_POSTGRES_{name}", value)
    home = tmp_path / "home"
    world = make_world(3, ("2025-08",), posts_per_account_month=2, offices=3, habit=Habit(None))
    write_world(world, home)
    assert kurasi(home, "init").code == 0
    configuration = home / "dagster" / "dagster.yaml"
    others, _, _ = configuration.read_text().partition("storage:\n")
    configuration.write_text(others + (ROOT / "dagster.postgres.yaml").read_text())
    done = kurasi(home, "run", "--json")
    assert done.code == 0, done.err
    with server.connect() as database, database.cursor() as cursor:
        cursor.execute("select status, count(*) from runs group by status")
        assert cursor.fetchall() == [("SUCCESS", 2)]
        cursor.execute("select count(*) from asset_keys where asset_key = '[\"monthly_rankings\"]'")
        assert cursor.fetchone() == (1,)
    assert not list((home / "dagster").rglob("*.db"))
