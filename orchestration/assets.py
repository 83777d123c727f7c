"""The assets of the warehouse: dbt's models, and the finished state that readers get.

What belongs here: running dbt, and telling Dagster what came of it. What does not: the raw assets
(`raw.py`), the checks (`checks.py`), editions (`publish.py`) and any rule of scoring (SQL).
"""

import logging
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtCliRuntimeError,
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    dbt_assets,
)

from ingest.contract import PLATFORMS
from ingest.lake import exclusive, make_folder
from orchestration.checks import check_rankings, check_records
from orchestration.publication import editions, state
from orchestration.rankings_page import page
from orchestration.raw import raw_exports, raw_policies, raw_registry
from orchestration.resources import (
    DBT_PROJECT,
    ENGINEERS,
    WRITER,
    HomeResource,
    dbt_sources,
    prepare_manifest,
)

log = logging.getLogger("kurasi")


class _Translator(DagsterDbtTranslator):
    """Groups models by layer, and lets the source of posts be one raw asset per platform."""

    def get_asset_spec(self, manifest: Any, unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        spec = spec.replace_attributes(owners=ENGINEERS)
        posts = dg.AssetKey(["raw", "posts"])
        if posts not in {dep.asset_key for dep in spec.deps}:
            return spec
        others = [dep for dep in spec.deps if dep.asset_key != posts]
        return spec.replace_attributes(
            deps=[*others, *(dg.AssetDep(["raw", platform]) for platform in PLATFORMS)]
        )

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        return str(dbt_resource_props["fqn"][1])

    def get_asset_check_spec(
        self, asset_spec: Any, manifest: Any, unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        """Tests of a single column's blanks stop the build like all others, but are no checks.

        They are two of three tests, and each check costs as much in the event log as its query.
        """
        if _test_name(manifest, unique_id) == "not_null":
            return None
        return super().get_asset_check_spec(asset_spec, manifest, unique_id, project)


def _test_name(manifest: Any, unique_id: str) -> str | None:
    known = manifest["nodes"][unique_id].get("test_metadata") or {}
    return known.get("name")


@dbt_assets(
    manifest=prepare_manifest(),
    project=DBT_PROJECT,
    dagster_dbt_translator=_Translator(DagsterDbtTranslatorSettings(enable_code_references=True)),
    name="run_dbt",
    pool=WRITER,
)
def warehouse(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, home: HomeResource
) -> Iterator[Any]:
    """Build and test all models."""
    make_folder(home.home.warehouse)
    with home.told(), exclusive(home.home, "warehouse"):
        # Unit tests show the models' rules, whatever the data; `make test` runs them.
        build = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context)
        built = 0
        try:
            for event in build.stream():
                # What is told of a test that is no check would be an event of its own.
                if isinstance(event, dg.AssetObservation):
                    continue
                if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
                    built += 1
                    if built % 10 == 0:
                        log.info("built %d of %d models", built, len(context.selected_asset_keys))
                yield event
        except DagsterDbtCliRuntimeError as failure:
            # The same input fails again.
            raise dg.Failure(" ".join(str(failure).split()), allow_retries=False) from None
    log.info("built and tested %d models", built)


@dg.asset(
    deps=[["rank_monthly"], ["rank_policy_sensitivity"], ["rank_month_state"]],
    group_name="publication",
    kinds={"parquet"},
    owners=ENGINEERS,
    pool=WRITER,
)
def monthly_rankings(home: HomeResource) -> dg.MaterializeResult[Any]:
    """The last finished state: marts and rankings, copied out of the working warehouse.

    Readers and BI get these Parquet files; the link `warehouse/current` turns in one step, and only
    after every blocking check passed.
    """
    mark = state.fingerprint(home.home, dbt_sources())
    with home.told(), exclusive(home.home, "warehouse"):
        rows = state.keep(home.home, home.home.warehouse / "kurasi.duckdb", mark)
    log.info("finished state %s is current", mark)
    published = editions.editions(home.home)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows["rank_monthly"],
            "top_ten": dg.MetadataValue.md(page(home.home)),
            "path": dg.MetadataValue.path(home.home.warehouse / "current"),
            "rows": dg.MetadataValue.json(rows),
            "editions": dg.MetadataValue.asset(dg.AssetKey("edition")),
            "newest_edition": dg.MetadataValue.path(published[-1].path)
            if published
            else "none yet",
        }
    )


ASSETS: list[dg.AssetsDefinition] = [
    raw_exports,
    raw_registry,
    raw_policies,
    check_records,
    warehouse,
    check_rankings,
    monthly_rankings,
]
RAW = dg.AssetSelection.groups("raw")
