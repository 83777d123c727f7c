"""One run in process: the same assets that Dagster materializes, for the `kurasi` command."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from ingest.home import Home
from ingest.storage import exclusive

log = logging.getLogger("kurasi")

_NOTHING = dict.fromkeys(
    ("deliveries", "records", "loaded", "rejected", "set_aside", "quarantined"), 0
)
#: Marks the runs of `kurasi run`.
_CALL = {"kurasi/call": "run"}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(slots=True)
class Outcome:
    """What a run did: counts of this run's deliveries, and what went wrong, one line each."""

    counts: dict[str, int] = field(default_factory=lambda: dict(_NOTHING))
    problems: list[str] = field(default_factory=list)


def run_pipeline(home: Home) -> Outcome:
    """Ingest what is new; where that, the registry, a policy or a model changed, build and rank.

    Raises:
        HomeIsBusy: another run is under way in this home.
    """
    os.environ["KURASI_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    from orchestration import resources
    from orchestration.definitions import defs
    from orchestration.publication import finished_state

    def execute(job: str) -> dg.ExecuteInProcessResult:
        # Dagster and dbt write their own logs to standard output, which is kept for results.
        with contextlib.redirect_stdout(
            sys.stderr if os.environ.get("KURASI_DEBUG") else Silence()
        ):
            return defs.resolve_job_def(job).execute_in_process(
                instance=instance,
                resources={**resources.RESOURCES, "home": impatient},
                run_config=QUIET,
                tags=_CALL,
                raise_on_error=False,
            )

    outcome = Outcome()
    impatient = resources.HomeResource(root=str(home.root), is_patient=False)
    with exclusive(home, "run"), dg.DagsterInstance.get() as instance:
        _end_what_was_killed(instance)
        raw = execute("ingest_exports")
        outcome.counts = _counts(raw)
        outcome.problems = problems(raw)
        if outcome.problems:
            return outcome
        if finished_state.fingerprint(home, resources.dbt_sources()) == finished_state.built_from(
            home
        ):
            log.info("nothing new since the last finished state")
            return outcome
        log.info("building the warehouse")
        outcome.problems = problems(execute("build_warehouse"))
    return outcome


def _end_what_was_killed(instance: dg.DagsterInstance) -> None:
    """End the runs of calls that were killed; nobody else runs while the home's lock is held."""
    unfinished = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished, tags=_CALL)):
        instance.report_run_failed(run, "the call was killed")


class Silence:
    """Takes what is written and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


def _counts(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        if materialization.asset_key.path == ["raw", "deliveries"]:
            new: Any = materialization.metadata["new"].value
            return {name: int(new[name]) for name in _NOTHING}
    return dict(_NOTHING)


def problems(result: dg.ExecuteInProcessResult) -> list[str]:
    """Why steps failed, one line each, without tracebacks."""
    lines: list[str] = []
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        failure = event.step_failure_data
        told = failure.user_failure_data.description if failure.user_failure_data else None
        lines += (told or _last_line(failure.error)).splitlines()
    return lines


def _last_line(error: Any) -> str:
    """The innermost cause of an unforeseen failure, in one line."""
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(str(error.message).split()) if error is not None else "a step failed"
