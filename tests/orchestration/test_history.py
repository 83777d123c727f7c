"""Dagster's history of runs, whose files stay open: Dagster itself must read what was written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster_dbt import DbtCliResource
from sqlalchemy import Engine, event

SETTINGS = Path(__file__).parents[2] / "dagster.yaml"


@dg.asset
def thing() -> dg.MaterializeResult[None]:
    """An asset."""
    return dg.MaterializeResult(metadata={"rows": 3})


@dg.asset_check(asset=thing)
def sound() -> dg.AssetCheckResult:
    """A check of it."""
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dagster.yaml").write_bytes(SETTINGS.read_bytes())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The SQLite files of which a connection was opened."""
    files: list[str] = []

    def note(connection: object, record: object) -> None:
        names = connection.execute("pragma database_list").fetchall()  # type: ignore[attr-defined]
        files.append(Path(names[0][2]).name)

    event.listen(Engine, "connect", note)
    yield files
    event.remove(Engine, "connect", note)


def materialize() -> str:
    with dg.DagsterInstance.get() as instance:
        result = dg.materialize([thing, sound], instance=instance)
        assert result.success
        return result.run_id


def test_dagster_s_own_storage_reads_the_same_history(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = materialize()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
        assert [each.run_id for each in instance.get_runs()] == [run]
        kinds = {each.dagster_event_type for each in instance.all_logs(run)}
        assert {dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.RUN_SUCCESS} <= kinds
        latest = instance.get_latest_materialization_event(thing.key)
        assert latest and latest.run_id == run
        # ... and a history that Dagster began goes on.
        again = dg.materialize([thing, sound], instance=instance).run_id
    (home / "dagster.yaml").write_bytes(SETTINGS.read_bytes())
    with dg.DagsterInstance.get() as instance:
        assert {each.run_id for each in instance.get_runs()} == {run, again}


def test_a_file_is_opened_once_and_not_for_each_event(home: Path, opened: list[str]) -> None:
    with dg.DagsterInstance.get() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(thing.key))
        assert "index.db" in opened
        opened.clear()
        for _ in range(3):
            instance.report_runless_asset_event(dg.AssetMaterialization(thing.key))
        assert not opened
        assert len(instance.fetch_materializations(thing.key, limit=9).records) == 4


def test_few_files_stay_open_however_many_runs_are_looked_at(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        for number in range(20):
            assert not instance.all_logs(f"run-{number}")
        links = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
        runs = {
            path.name for path in links if path.name.startswith("run-") and path.suffix == ".db"
        }
        assert 0 < len(runs) < 10


def test_processes_write_at_once(home: Path) -> None:
    materialize()
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.orchestration.test_history import materialize
for _ in range(3):
    materialize()
"""
    processes = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs()
        assert len(runs) == 10
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}


def test_what_is_left_out_of_dagster_s_dbt_is_there() -> None:
    """`resources.py` overrides it; should its name change, dbt's adapter would be made again."""
    assert callable(vars(DbtCliResource)["_initialize_dbt_core_adapter"])
