"""The asset `edition`: a month frozen as it was published.

What belongs here: the partition, the configuration and the check of an edition. What does not: what
an edition is (`publication/publish.py`) and the run that the command starts (`runner.py`).
"""

import json
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import dagster as dg

from ingest.storage import DamagedArchive
from orchestration.publication.editions import DamagedEdition, Edition
from orchestration.publication.finished_state import NoState
from orchestration.publication.log.store import DamagedLog
from orchestration.publication.month import NotPublishable
from orchestration.publication.publish import NotRecomputed, Request, publish
from orchestration.resources import BUREAU, HomeResource

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


def months_of_editions(first: str, zone: str) -> dg.MonthlyPartitionsDefinition:
    """A partition for each month from the first up to the one that has begun in the zone."""
    return dg.MonthlyPartitionsDefinition(
        start_date=first, fmt="%Y-%m", end_offset=1, timezone=zone
    )


def edition_asset(months: dg.TimeWindowPartitionsDefinition, zone: str) -> dg.AssetsDefinition:
    """The asset, with the partitions given."""
    # By noon on the 1st there is an edition of that day: the provisional one of the month before.
    freshness = dg.FreshnessPolicy.cron(
        deadline_cron="0 12 1 * *", lower_bound_delta=timedelta(hours=12), timezone=zone
    )
    with warnings.catch_warnings():
        # One run for a range of months; Dagster calls that a beta feature on every start.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return dg.asset(
            deps=["monthly_rankings"],
            partitions_def=months,
            backfill_policy=dg.BackfillPolicy.single_run(),
            check_specs=[_RECOMPUTES],
            group_name="publication",
            kinds={"parquet", "duckdb", "excel"},
            owners=BUREAU,
            tags={"layer": "publication", "access": "public"},
            freshness_policy=freshness,
        )(edition)


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
            with home.user_errors(
                NotPublishable, NoState, DamagedEdition, DamagedArchive, DamagedLog
            ):
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
            context.add_asset_metadata({**_metadata(made), "is_new": is_new}, partition_key=month)
    if refused:
        for made in published:
            yield dg.AssetMaterialization("edition", partition=made.month, metadata=_metadata(made))
        raise dg.Failure("\n".join(refused), allow_retries=False)
    yield dg.MaterializeResult(
        check_results=[dg.AssetCheckResult(passed=True, check_name=_RECOMPUTES.name)]
    )


def _metadata(made: Edition) -> dict[str, Any]:
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
