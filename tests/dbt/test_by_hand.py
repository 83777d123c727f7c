"""dbt by hand, in the project's folder: it works on the home that is named, or on nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.shipped import ROOT
from tests import worlds
from tests.lakes import delivery, lake, record

PROJECT = ROOT / "dbt_project"
DBT = Path(sys.executable).with_name("dbt")


def by_hand(folder: Path, *words: str, home: Path | None) -> subprocess.CompletedProcess[str]:
    """Call dbt in the project's folder, as a person would; what it writes goes to `folder`."""
    environment = {name: text for name, text in os.environ.items() if name != "KURASI_HOME"}
    if home:
        environment["KURASI_HOME"] = str(home)
    places = (f"--target-path={folder / 'target'}", f"--log-path={folder / 'logs'}")
    return subprocess.run(
        [DBT, *words, *places],
        cwd=PROJECT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def databases() -> list[Path]:
    return list(ROOT.glob("*.duckdb")) + list(PROJECT.rglob("*.duckdb"))


def test_it_refuses_where_no_home_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    refused = by_hand(tmp_path, "build", home=None)
    assert refused.returncode == 2
    assert "Env var required but not provided: 'KURASI_HOME'" in refused.stdout
    assert databases() == []


def test_it_refuses_a_home_without_a_warehouse_and_leaves_nothing(tmp_path: Path) -> None:
    refused = by_hand(tmp_path, "build", home=tmp_path)
    assert refused.returncode != 0
    assert str(tmp_path / "warehouse" / "kurasi.duckdb") in refused.stdout + refused.stderr
    assert databases() == []
    assert not (tmp_path / "warehouse").exists()


def test_it_builds_the_warehouse_of_the_home_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    worlds.write_lake(lake(delivery("2025-07-11", record())), tmp_path / "lake")
    built = by_hand(tmp_path, "run", "--select", "+dim_office", home=tmp_path)
    assert built.returncode == 0, built.stdout
    with duckdb.connect(tmp_path / "warehouse" / "kurasi.duckdb", read_only=True) as warehouse:
        assert warehouse.execute("select office_name from dim_office").fetchall() == [("O1",)]
    assert databases() == []


def test_kurasi_dbt_refuses_a_home_without_a_warehouse(tmp_path: Path) -> None:
    dbt = DBT.with_name("kurasi-dbt")
    refused = subprocess.run(
        [dbt, "build"],
        cwd=tmp_path,
        env={**os.environ, "KURASI_HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert "kurasi run" in refused.stderr
    assert list(tmp_path.iterdir()) == []
