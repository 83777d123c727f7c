"""Dagster's run storage on a real PostgreSQL server, with the configuration that is shipped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from ingest.sample import Habit, make_world, write_world
from orchestration.shipped import ROOT
from tests.conftest import Kurasi

#: PostgreSQL refuses to run as root.
UNPRIVILEGED = {"user": "nobody", "group": "nogroup", "extra_groups": []} if not os.getuid() else {}


@pytest.fixture
def server() -> Iterator[dict[str, str]]:
    """The environment that names a server of its own, with an empty database."""
    if not shutil.which("initdb") or not shutil.which("postgres"):
        pytest.skip("NOT TESTED: no PostgreSQL here (initdb and postgres are not on the PATH)")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # a socket's path must be short
        folder = Path(name)
        password = folder / "password"
        password.write_text("rahasia\n")
        if UNPRIVILEGED:
            for path in (folder, password):
                shutil.chown(path, "nobody", "nogroup")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        initialize = ["initdb", "-D", folder / "data", "-U", "kurasi", "-A", "scram-sha-256"]
        subprocess.run(
            [*initialize, f"--pwfile={password}", "--no-sync", "--encoding=UTF8", "--locale=C"],
            **UNPRIVILEGED,
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        process = subprocess.Popen(
            ["postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1"],
            **UNPRIVILEGED,
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            yield {
                "KURASI_POSTGRES_HOST": "127.0.0.1",
                "KURASI_POSTGRES_PORT": str(port),
                "KURASI_POSTGRES_DB": "postgres",
                "KURASI_POSTGRES_USER": "kurasi",
                "KURASI_POSTGRES_PASSWORD": "rahasia",
            }
        finally:
            process.terminate()
            process.wait(30)


def wait_for(port: int) -> None:
    """Until the server answers, which takes a second."""
    for _ in range(300):
        try:
            connect(str(port)).close()
        except psycopg2.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the PostgreSQL server does not answer")


def connect(port: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(
        host="127.0.0.1", port=port, dbname="postgres", user="kurasi", password="rahasia"
    )


def test_runs_and_their_events_go_to_postgresql(
    server: dict[str, str], kurasi: Kurasi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    world = make_world(3, ("2025-08",), posts_per_account_month=2, offices=3, habit=Habit(None))
    write_world(world, home)
    assert kurasi(home, "init").code == 0
    settings = home / "dagster" / "dagster.yaml"
    others, _, _ = settings.read_text().partition("storage:\n")
    settings.write_text(others + (ROOT / "dagster.postgres.yaml").read_text())
    done = kurasi(home, "run", "--json")
    assert done.code == 0, done.err
    with connect(server["KURASI_POSTGRES_PORT"]) as database, database.cursor() as cursor:
        cursor.execute("select status, count(*) from runs group by status")
        assert cursor.fetchall() == [("SUCCESS", 2)]
        cursor.execute("select count(*) from asset_keys where asset_key = '[\"monthly_rankings\"]'")
        assert cursor.fetchone() == (1,)
    assert not list((home / "dagster").rglob("*.db"))
