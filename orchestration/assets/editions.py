"""The asset `edition`: a month frozen as it was published, and the call that materializes it.

What belongs here: the partition, the configuration and the check of an edition, and one run in
process for the `kurasi` command. What does not: what an edition is (`publication/`).
"""

import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import dagster as dg

from ingest.home import Home
from orchestration.months import zone_of
from orchestration.publication.editions import DamagedEdition, Edition
from orchestration.publication.finished_state import NoState
from orchestration.publication.month import NotPublishable
from orchestration.publication.publish import NotRecomputed, Request, publish
from orchestration.resources import BUREAU, HOME, RESOURCES, HomeResource
from orchestration.runner import QUIET, Silence, problems

# One run for a range of months; Dagster calls that a beta feature on every start.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy`")

#: The zone of the policy in force when the code is loaded.
ZONE = zone_of(HOME.home)
#: Long before any policy.
FIRST_MONTH = "2020-01"
#: Up to the month that has begun.
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=1, timezone=ZONE
)
#: By noon on the 1st there is an edition of that day: the provisional one of the month before.
FRESHNESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 12 1 * *", lower_bound_delta=timedelta(hours=12), timezone=ZONE
)
_RECOMPUTES = dg.AssetCheckSpec(
    "edition_recomputes",
    asset="edition",
    description="An isolated interpreter recomputes the rankings from the edition's evidence "
    "alone, and all formats agree; an edition of which this fails is never published.",
)


class EditionConfig(dg.Config):
    """What is asked for."""

    #: Refused while the month is below its policy's coverage or evidence.
    final: bool = False
    #: Final although the month lacks something; needs the reason, which is printed on the edition.
    despite: bool = False
    #: Why an edition replaces a final one, or is final despite what the month lacks.
    reason: str | None = None


@dg.asset(
    deps=["monthly_rankings"],
    partitions_def=MONTHS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[_RECOMPUTES],
    group_name="publication",
    kinds={"parquet", "duckdb", "excel"},
    owners=BUREAU,
    tags={"layer": "publication", "access": "public"},
    freshness_policy=FRESHNESS,
)
def edition(
    context: dg.AssetExecutionContext, config: EditionConfig, home: HomeResource
) -> Iterator[Any]:
    """The rankings of a month as published, with all evidence; never changed after.

    A range of months is one run. What can be published of it is; at its end the run fails with
    what can't, and why.
    """
    request = Request(config.final, config.despite, config.reason)
    published: list[Edition] = []
    refused: list[str] = []
    for month in context.partition_keys:
        try:
            with home.told(NotPublishable, NoState, DamagedEdition):
                first_day = date.fromisoformat(f"{month}-01")
                made, is_new = publish(home.home, first_day, request, context.run_id)
        except dg.Failure as failure:
            refused.append(str(failure.description))
        except NotRecomputed as difference:
            yield dg.AssetCheckResult(
                passed=False,
                check_name=_RECOMPUTES.name,
                metadata={"month": month, "difference": str(difference)},
            )
            refused.append(f"{month}: {difference}")
            break
        else:
            published.append(made)
            context.add_asset_metadata({**_told(made), "is_new": is_new}, partition_key=month)
    if refused:
        for made in published:
            yield dg.AssetMaterialization("edition", partition=made.month, metadata=_told(made))
        raise dg.Failure("\n".join(refused), allow_retries=False)
    yield dg.MaterializeResult(
        check_results=[dg.AssetCheckResult(passed=True, check_name=_RECOMPUTES.name)]
    )


def _told(made: Edition) -> dict[str, Any]:
    """What Dagster shows of an edition."""
    manifest = json.loads((made.path / "manifest.json").read_bytes())
    return {
        "edition": made.edition_id,
        "status": made.status,
        "lacks": manifest["lacks"] or "nothing",
        "reason": manifest["reason"] or "none given",
        "replaces": manifest["replaces"] or "none",
        "workbook": dg.MetadataValue.path(made.path / "bulletin.xlsx"),
        "path": dg.MetadataValue.path(made.path),
        "manifest_sha256": made.manifest_sha256,
    }


def publish_month(home: Home, month: str, request: Request) -> tuple[bool, list[str]]:
    """Materialize the edition of one month in process.

    Returns:
        Whether there is a new edition, and what went wrong, one line each.
    """
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    config = {key: value for key, value in asdict(request).items() if value is not None}
    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance, contextlib.redirect_stdout(Silence()):
        result = defs.resolve_job_def("publish_edition").execute_in_process(
            instance=instance,
            resources={**RESOURCES, "home": HomeResource(root=str(home.root), is_patient=False)},
            partition_key=month,
            run_config={**QUIET, "ops": {"edition": {"config": config}}},
            tags={"kurasi/call": "publish"},
            raise_on_error=False,
        )
    made = result.get_asset_materialization_events()
    is_new = any(
        event.step_materialization_data.materialization.metadata["is_new"].value for event in made
    )
    return is_new, problems(result)
