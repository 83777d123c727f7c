"""The only assembly: everything that Dagster knows of this project, made for one home.

What belongs here: putting assets, checks, jobs, sensors, schedules and resources together. What
does not: any of them. Nothing is made, and no home is looked at, while this module is imported.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.home import Home
from orchestration.alerts import tell_failures
from orchestration.assets import columns
from orchestration.assets.bulletin import bulletin_asset
from orchestration.assets.editions import edition_asset, months_of_editions
from orchestration.assets.exports_due import columns_of_list, exports_due
from orchestration.assets.raw import raw_exports, raw_policies, raw_registry, raw_samples
from orchestration.assets.warehouse import monthly_rankings, warehouse_assets
from orchestration.checks.captures import check_captures, check_exports_due
from orchestration.checks.rankings import check_rankings
from orchestration.checks.records import check_records
from orchestration.lineage import Lineage
from orchestration.months import first_month, zone_of
from orchestration.resources import (
    HomeResource,
    dbt,
    dbt_project,
    prepare_lineage,
    prepare_manifest,
)
from orchestration.schedules import (
    JOBS,
    due_schedule,
    final_schedule,
    provisional_schedule,
    watch_inbox,
)
from orchestration.shipped import place_in_repository


@dg.definitions
def load() -> dg.Definitions:
    """What Dagster's services load: the definitions on the home that `KURASI_HOME` names."""
    home = Home(Path(os.environ.get("KURASI_HOME", "home")).resolve())
    project = dbt_project(home)
    prepare_manifest(project, dbt(home))
    return definitions(home, lineage=prepare_lineage(project, dbt(home)))


def definitions(
    home: Home, *, is_patient: bool = True, lineage: Lineage | None = None
) -> dg.Definitions:
    """Everything, on a home, in the time zone of its policy in force today.

    Args:
        home: what the assets work on, unless a run is given another.
        is_patient: whether a step that finds the home busy tries again later.
        lineage: of the models' columns, for whoever looks at them; no run needs it.
    """
    zone = zone_of(home)
    return dg.Definitions(
        assets=linked(assets(home, zone, lineage or {})),
        asset_checks=[check_records, check_captures, check_rankings, check_exports_due],
        jobs=JOBS,
        sensors=[watch_inbox, tell_failures],
        schedules=[due_schedule(zone), provisional_schedule(zone), final_schedule(zone)],
        resources={
            "home": HomeResource(root=str(home.root), is_patient=is_patient),
            "dbt": dbt(home),
        },
        # One step at a time may write anyway, and a process for each costs more than most steps do.
        executor=dg.in_process_executor,
    )


def assets(home: Home, zone: str, lineage: Lineage) -> list[dg.AssetsDefinition]:
    """All assets, from the raw tables to the bulletins, with their columns."""
    project = dbt_project(home)
    models = warehouse_assets(project, prepare_manifest(project, dbt(home)))
    months = months_of_editions(first_month(home), zone)
    # Of the tables that these two publish, the one that they are named after, and count.
    rankings = columns.of(models, dg.AssetKey("rank_monthly"))
    return [
        raw_exports,
        raw_registry,
        raw_policies,
        raw_samples,
        columns.with_lineage(models, lineage),
        columns.shown(monthly_rankings, rankings),
        columns.shown(exports_due, columns_of_list(zone)),
        columns.shown(edition_asset(months, zone), rankings),
        bulletin_asset(months),
    ]


class _InRepository(dg.FilePathMapping):
    def convert_to_source_control_path(self, local_path: Path) -> str:
        return place_in_repository(local_path).as_posix()


def linked(assets: Sequence[Any]) -> Sequence[Any]:
    """The assets, each with a link to its source.

    To the file on this machine, or to a repository where `KURASI_REPOSITORY` names one, as
    `https://github.com/<owner>/<name>` or of a GitLab, with `KURASI_BRANCH` (else `main`).
    """
    with warnings.catch_warnings():
        # Dagster calls links a beta feature, on every start and for every call.
        warnings.simplefilter("ignore", dg.BetaWarning)
        found = dg.with_source_code_references(assets)
        if repository := os.environ.get("KURASI_REPOSITORY"):
            found = dg.link_code_references_to_git(
                found,
                git_url=repository,
                platform="github" if "github" in repository else "gitlab",
                git_branch=os.environ.get("KURASI_BRANCH", "main"),
                file_path_mapping=_InRepository(),
            )
    return found
