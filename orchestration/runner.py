"""One run in process: the same assets that Dagster materializes, for the `kurasi` command.

What belongs here: running jobs on a home, and what went wrong in a line each. What does not: what
the jobs are (`definitions.py`) and words for the terminal (`cli/`).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, field
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
from ingest.storage import exclusive
from orchestration import damage
from orchestration.definitions import definitions
from orchestration.publication import finished_state
from orchestration.publication.publish import Request
from orchestration.resources import dbt_sources

log = logging.getLogger("kurasi")

#: What one run adds; it is added up where a run begins again.
_OF_THIS_RUN = (
    "deliveries",
    "records",
    "loaded",
    "rejected",
    "set_aside",
    "quarantined",
    "rejected_whole",
    "withheld",
)
#: What is wrong as long as nobody mends it.
_COUNTED = (*_OF_THIS_RUN, "damaged", "not_taken")
#: Marks the runs of `kurasi run`.
_RUN_TAGS = {"kurasi/call": "run"}
_PUBLISH_TAGS = {"kurasi/call": "publish"}
#: Whoever called a command that was killed calls it again, and not Dagster's daemon.
_NO_RETRY = {"dagster/max_retries": "0"}
#: The code location of `workspace.yaml`. Dagster's timeline and its sensors know only runs of one.
_LOCATION = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("kurasi"), "__repository__")
_LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


@dataclass(slots=True)
class Outcome:
    """What a run did: counts of this run's deliveries, and what went wrong, one line each."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    problems: list[str] = field(default_factory=list)
    #: Whether something failed that is no mistake of a user, so that a file may be damaged.
    is_unforeseen: bool = False


def run_pipeline(home: Home) -> Outcome:
    """Ingest what is new; where that, the registry, a policy or a model changed, build and rank.

    Raises:
        HomeIsBusy: another run is under way in this home.
    """
    defs = definitions(home, is_patient=False)

    def execute(job: str) -> dg.ExecuteInProcessResult:
        with _quiet():
            _place(instance, job)
            return defs.resolve_job_def(job).execute_in_process(
                instance=instance,
                run_config={"loggers": _LOGGERS},
                tags=_RUN_TAGS | _NO_RETRY,
                raise_on_error=False,
            )

    def attempt() -> Outcome:
        raw = execute("ingest_exports")
        outcome = Outcome(_counts(raw), _problems(raw), _is_unforeseen(raw))
        if outcome.problems:
            return outcome
        mark = finished_state.fingerprint(home, dbt_sources())
        if mark == finished_state.built_from(home):
            log.info("nothing new since the last finished state")
            return outcome
        log.info("building the warehouse")
        outcome.problems = _problems(execute("build_warehouse"))
        outcome.is_unforeseen = bool(outcome.problems)
        return outcome

    with exclusive(home, "run"), _instance(home) as instance:
        _end_what_was_killed(instance)
        outcome = attempt()
        if outcome.is_unforeseen and damage.remove_all(home):
            before = outcome.counts
            outcome = attempt()
            for name in _OF_THIS_RUN:
                outcome.counts[name] += before[name]
    return outcome


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


def _counts(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        if materialization.asset_key.path == ["raw", "deliveries"]:
            new: Any = materialization.metadata["new"].value
            return {name: int(new[name]) for name in _COUNTED}
    return dict.fromkeys(_COUNTED, 0)


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
