"""What `kurasi run` does: ingest what is new, and build where that changes anything.

What belongs here: whether there is anything to do, and beginning again after damage. What does not:
how jobs are executed (`in_process.py`) and words for the terminal (`cli/`).

Most runs of a schedule find nothing new. That is found out without Dagster, whose start takes
longer than looking; such a run leaves no trace in its history.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from ingest import children, inbox, pipeline
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.reference import load
from ingest.reference.errors import InputProblems
from ingest.storage import exclusive, make_folder, refuse_newer
from orchestration import damage
from orchestration.opinion import sample
from orchestration.publication import finished_state
from orchestration.publication.log.record import record
from orchestration.publication.log.store import DamagedLog
from orchestration.shipped import dbt_sources
from orchestration.standby import standing_by

if TYPE_CHECKING:
    from orchestration.in_process import Jobs

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
#: What Dagster's run meets too, and tells: in its history, and to whom `KURASI_ALERT` names.
_TOLD_BY_DAGSTER = (
    InputProblems,
    sample.NotSampled,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
)


@dataclass(slots=True)
class Outcome:
    """What a run did: counts of this run's deliveries, and what went wrong, one line each."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    problems: list[str] = field(default_factory=list)
    #: Whether something failed that is no mistake of a user, so that a file may be damaged.
    is_unforeseen: bool = False

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what was done before, in the same run."""
        for name in _OF_THIS_RUN:
            self.counts[name] += counts[name]


def run_pipeline(home: Home) -> Outcome:
    """Ingest what is new; where that, the registry, a policy or a model changed, build and rank.

    Raises:
        HomeIsBusy: another run is under way in this home.
        HomeIsNewer: a newer program has written to it.
    """
    refuse_newer(home)
    with exclusive(home, "run"):
        before = _look(home)
        if before and not before.counts["damaged"] and _is_built(home):
            return before
        outcome = _run_jobs(home)
        if before:
            outcome.add(before.counts)
    return outcome


def _look(home: Home) -> Outcome | None:
    """Ingest without Dagster, where no export arrived; None where that is Dagster's to do."""
    if inbox.arrivals(home):
        children.warm()  # whoever reads them will be ready when Dagster is
        return None
    try:
        load.ingest_registry(home, NAMES_ACCOUNTS)
        load.ingest_policies(home, KEYS)
        sample.write_tables(home)
        summary = pipeline.ingest(home)
    except _TOLD_BY_DAGSTER:
        return None
    with suppress(DamagedLog):  # stops nothing; whoever reads the log says so
        record(home)
    return Outcome(asdict(summary))


def _is_built(home: Home) -> bool:
    """Whether the last finished state is of the lake as it is now."""
    is_built = finished_state.fingerprint(home, dbt_sources()) == finished_state.built_from(home)
    if is_built:
        log.info("nothing new since the last finished state")
    return is_built


def _run_jobs(home: Home) -> Outcome:
    """Ingest and build as runs of Dagster; once more where a damaged file could be removed."""
    make_folder(home.warehouse)  # where dbt works
    with standing_by(home):
        from orchestration import in_process  # late: Dagster takes seconds to import

        with in_process.jobs(home) as jobs:
            outcome = _attempt(home, jobs)
            if outcome.is_unforeseen and damage.remove_all(home):
                before = outcome.counts
                outcome = _attempt(home, jobs)
                outcome.add(before)
    return outcome


def _attempt(home: Home, jobs: Jobs) -> Outcome:
    read = jobs.execute("ingest_exports")
    outcome = Outcome(problems=read.problems, is_unforeseen=read.is_unforeseen)
    outcome.counts.update(read.counts)
    if outcome.problems or _is_built(home):
        return outcome
    log.info("building the warehouse")
    outcome.problems = jobs.execute("build_warehouse").problems
    outcome.is_unforeseen = bool(outcome.problems)
    return outcome
