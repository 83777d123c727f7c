"""Dagster's jobs in this process, with their runs in the home's history.

What belongs here: executing jobs on a home, and what went wrong in a line each. What does not:
whether a job is needed (`runner.py`), what the jobs are (`definitions.py`) and words for the
terminal (`cli/`).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from sqlalchemy.exc import SQLAlchemyError

from ingest.home import Home
from orchestration import damage
from orchestration.definitions import definitions
from orchestration.publication.publish import Request

log = logging.getLogger("kurasi")

#: Marks the runs of `kurasi run`.
_RUN_TAGS = {"kurasi/call": "run"}
_PUBLISH_TAGS = {"kurasi/call": "publish"}
#: Whoever called a command that was killed calls it again, and not Dagster's daemon.
_NO_RETRY = {"dagster/max_retries": "0"}
#: The code location of `workspace.yaml`. Dagster's timeline and its sensors know only runs of one.
_LOCATION = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("kurasi"), "__repository__")
_LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


@dataclass(frozen=True, slots=True)
class Executed:
    """What came of a job."""

    #: Of the exports that it read, as `ingest.pipeline.Summary`; empty where it read none.
    counts: Mapping[str, int]
    #: Why steps failed, one line each.
    problems: list[str]
    #: Whether a step failed by anything but a mistake that it names itself.
    is_unforeseen: bool


class Jobs:
    """The jobs of a home, and where their runs are kept."""

    def __init__(self, home: Home, instance: dg.DagsterInstance) -> None:
        self._definitions = definitions(home, is_patient=False)
        self._instance = instance

    def execute(self, job: str) -> Executed:
        """Run a job by its name."""
        with _quiet():
            _place(self._instance, job)
            result = self._definitions.resolve_job_def(job).execute_in_process(
                instance=self._instance,
                run_config={"loggers": _LOGGERS},
                tags=_RUN_TAGS | _NO_RETRY,
                raise_on_error=False,
            )
        return Executed(_counts(result), _problems(result), _is_unforeseen(result))


@contextmanager
def jobs(home: Home) -> Iterator[Jobs]:
    """The jobs of a home, for a caller who holds its lock `run`."""
    with _instance(home) as instance:
        _end_what_was_killed(instance)
        yield Jobs(home, instance)


def publish_month(home: Home, month: str, request: Request) -> tuple[bool, list[str]]:
    """Materialize the edition of one month.

    Returns:
        Whether there is a new edition, and what went wrong, one line each.
    """
    job = definitions(home, is_patient=False).resolve_job_def("publish_edition")
    config = {key: value for key, value in asdict(request).items() if value is not None}
    with _instance(home) as instance, _quiet():
        _place(instance, "publish_edition")
        result = job.execute_in_process(
            instance=instance,
            partition_key=month,
            run_config={"loggers": _LOGGERS, "ops": {"edition": {"config": config}}},
            tags=_PUBLISH_TAGS | _NO_RETRY,
            raise_on_error=False,
        )
    is_new = any(
        event.step_materialization_data.materialization.metadata["is_new"].value
        for event in result.get_asset_materialization_events()
    )
    return is_new, _problems(result)


def _instance(home: Home) -> dg.DagsterInstance:
    """Dagster's storage of runs in the home, as the interface on the same home reads it."""
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    try:
        instance = dg.DagsterInstance.get()
        instance.get_runs(limit=1)
    except SQLAlchemyError as problem:
        if not damage.set_history_aside(home):
            raise
        log.warning("what Dagster's storage said: %s", str(problem).splitlines()[0])
        instance = dg.DagsterInstance.get()
    return instance


def _place(instance: dg.DagsterInstance, job: str) -> None:
    """Let the next run, of a job, belong to the code location that the interface shows."""
    create = partial(
        dg.DagsterInstance.create_run_for_job,
        instance,
        remote_job_origin=RemoteJobOrigin(_LOCATION, job),
    )
    instance.create_run_for_job = create  # type: ignore[method-assign]


@contextmanager
def _quiet() -> Iterator[None]:
    """Dagster and dbt write their own logs to standard output, which is kept for results."""
    if os.environ.get("KURASI_DEBUG"):
        with redirect_stdout(sys.stderr):
            yield
        return
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


def _end_what_was_killed(instance: dg.DagsterInstance) -> None:
    """End the runs of calls that were killed; nobody else runs while the home's lock is held."""
    unfinished = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished, tags=_RUN_TAGS)):
        instance.report_run_failed(run, "the call was killed")


def _counts(result: dg.ExecuteInProcessResult) -> Mapping[str, int]:
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        if materialization.asset_key.path == ["raw", "deliveries"]:
            new: Any = materialization.metadata["new"].value
            return {name: int(count) for name, count in new.items()}
    return {}


def _problems(result: dg.ExecuteInProcessResult) -> list[str]:
    """Why steps failed, one line each, without tracebacks."""
    lines: list[str] = []
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        failure = event.step_failure_data
        description = failure.user_failure_data.description if failure.user_failure_data else None
        lines += (description or _last_line(failure.error)).splitlines()
    return lines


def _is_unforeseen(result: dg.ExecuteInProcessResult) -> bool:
    """Whether a step failed by anything but a mistake that it names itself."""
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    return any(failure.user_failure_data is None for failure in failures)


def _last_line(error: Any) -> str:
    """The innermost cause of an unforeseen failure, in one line."""
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(str(error.message).split()) if error is not None else "a step failed"
