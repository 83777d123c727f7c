"""Failed runs are told to a program; runs of the command are known; partitions begin in time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from ingest.home import Home
from orchestration import in_process
from orchestration.alerts import tell_failures
from orchestration.months import first_month


@dg.op
def broken() -> None:
    raise dg.Failure("registry/offices.csv: row 3 has no league", allow_retries=False)


@dg.job
def breaks() -> None:
    broken()


@pytest.fixture
def failure() -> Iterator[dg.RunFailureSensorContext]:
    with dg.DagsterInstance.ephemeral() as instance:
        result = breaks.execute_in_process(instance=instance, raise_on_error=False)
        yield dg.build_run_status_sensor_context(
            sensor_name="tell_failures",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()


def test_the_program_gets_job_run_and_what_failed(
    failure: dg.RunFailureSensorContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told by the program"
    keeps = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
    monkeypatch.setenv("KURASI_ALERT", f"{sys.executable} -c '{keeps}' '{told}'")
    tell_failures(failure)
    assert told.read_text().splitlines() == [
        f"Kurasi: breaks failed (run {failure.dagster_run.run_id})",
        "broken: registry/offices.csv: row 3 has no league",
    ]


def test_a_program_that_fails_is_not_silent(
    failure: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASI_ALERT", f"{sys.executable} -c 'import sys; sys.exit(3)'")
    with pytest.raises(Exception, match="exit status 3"):
        tell_failures(failure)


def test_without_a_program_nothing_is_called(
    failure: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KURASI_ALERT", raising=False)
    assert isinstance(tell_failures(failure), dg.SkipReason)


def test_runs_of_the_command_belong_to_the_location_of_the_workspace() -> None:
    workspace = yaml.safe_load((Path(__file__).parents[2] / "workspace.yaml").read_text())
    with dg.DagsterInstance.ephemeral() as instance:
        in_process._place(instance, "breaks")
        run = breaks.execute_in_process(instance=instance, raise_on_error=False).dagster_run
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.job_name == "breaks"
    location = workspace["load_from"][0]["python_module"]["location_name"]
    assert run.remote_job_origin.location_name == location


def test_partitions_begin_with_the_first_month_that_is_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert first_month(home) == "2020-01"
    for month in ("2025-09", "2025-07"):
        (home.published / month / f"{month}-1").mkdir(parents=True)
    assert first_month(home) == "2025-07"
