"""The assets: raw tables from exports, the warehouse's models, the monthly rankings.

Each asset calls the room that does the work, and tells Dagster what came of it.
"""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import dagster as dg
import polars as pl
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from ingest import deliveries, reference_data
from ingest.contract import PLATFORMS, Delivery
from ingest.lake import Home, HomeIsBusy, make_folder, read_table
from ingest.problems import InputProblems
from orchestration.publication import answers, state
from orchestration.resources import DBT_PROJECT, HomeResource, dbt_sources, prepare_manifest

log = logging.getLogger("kurasi")

_PLATFORM_SPECS = [
    dg.AssetSpec(
        ["raw", platform],
        group_name="raw",
        kinds={"polars", "parquet"},
        description=f"Records of all {platform} exports, as read and held to the contract.",
    )
    for platform in PLATFORMS
]
_DAYS_SPEC = dg.AssetSpec(
    ["raw", "account_days"],
    group_name="raw",
    kinds={"polars", "parquet"},
    description="Days of accounts in all exports, as read and held to the contract.",
)
_LEDGER_SPEC = dg.AssetSpec(
    ["raw", "deliveries"],
    group_name="raw",
    kinds={"polars", "parquet"},
    description="The ledger: one row per delivery, with its accounting.",
)

_PLATFORMS_SPEC = dg.AssetSpec(
    ["raw", "platforms"],
    group_name="raw",
    kinds={"parquet"},
    description="The platforms that the layouts read.",
)


@dg.multi_asset(
    specs=[*_PLATFORM_SPECS, _DAYS_SPEC, _LEDGER_SPEC, _PLATFORMS_SPEC], name="ingest_exports"
)
def raw_exports(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Bring every new export of the inbox into the archive, the lake and the ledger."""
    try:
        summary = deliveries.ingest(home.home)
    except HomeIsBusy as busy:
        raise dg.Failure(str(busy), allow_retries=False) from None
    ledger = read_table(home.home.table("deliveries"), Delivery)
    for platform in PLATFORMS:
        yield dg.MaterializeResult(
            asset_key=["raw", platform],
            metadata=_accounting(ledger.filter(platform=platform, holds="posts")),
        )
    yield dg.MaterializeResult(
        asset_key=["raw", "account_days"],
        metadata=_accounting(ledger.filter(holds="account_days")),
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "deliveries"],
        metadata={**_accounting(ledger), "new": dg.MetadataValue.json(asdict(summary))},
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "platforms"], metadata={"dagster/row_count": len(PLATFORMS)}
    )


def _accounting(ledger: pl.DataFrame) -> dict[str, Any]:
    quarantined = ledger.filter(pl.col("status") == "quarantined")
    preview = quarantined.select("name", "reason").head(10)
    lines = [f"| {name} | {reason} |" for name, reason in preview.iter_rows()]
    return {
        "files": ledger.height,
        "dagster/row_count": ledger["loaded_count"].sum(),
        "rejects": ledger["rejected_count"].sum(),
        "set_aside": ledger["set_aside_count"].sum(),
        "quarantined": quarantined.height,
        "quarantine": dg.MetadataValue.md("\n".join(["| file | reason |", "|---|---|", *lines])),
    }


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", name],
            group_name="raw",
            kinds={"csv", "parquet"},
            description=f"The registry's {name}, effective-dated.",
        )
        for name in ("offices", "accounts")
    ],
    name="ingest_registry",
)
def raw_registry(home: HomeResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Check the registry and keep it; a clash or a gap stops here and names both rows."""
    with _told_to_the_user():
        counts = reference_data.ingest_registry(home.home)
    for name, count in counts.items():
        yield dg.MaterializeResult(asset_key=["raw", name], metadata={"dagster/row_count": count})


@dg.asset(key=["raw", "policies"], group_name="raw", kinds={"yaml", "parquet"})
def raw_policies(home: HomeResource) -> dg.MaterializeResult[Any]:
    """The policies, one row per file."""
    with _told_to_the_user():
        count = reference_data.ingest_policies(home.home)
    return dg.MaterializeResult(metadata={"dagster/row_count": count})


class _told_to_the_user:
    """Turns a mistake in a user's file into a failure that a retry can't help."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, InputProblems):
            raise dg.Failure(str(problem), allow_retries=False) from None


class _Translator(DagsterDbtTranslator):
    """Groups models by layer, and lets the source of posts be one raw asset per platform."""

    def get_asset_spec(self, manifest: Any, unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        posts = dg.AssetKey(["raw", "posts"])
        if posts not in {dep.asset_key for dep in spec.deps}:
            return spec
        others = [dep for dep in spec.deps if dep.asset_key != posts]
        return spec.replace_attributes(
            deps=[*others, *(dg.AssetDep(["raw", platform]) for platform in PLATFORMS)]
        )

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        return str(dbt_resource_props["fqn"][1])


@dbt_assets(
    manifest=prepare_manifest(),
    project=DBT_PROJECT,
    dagster_dbt_translator=_Translator(),
    name="build_warehouse",
    pool="warehouse",
)
def warehouse(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, home: HomeResource
) -> Iterator[Any]:
    """Build and test all models."""
    make_folder(home.home.warehouse)
    # Unit tests show the models' rules, whatever the data; `make test` runs them.
    build = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context)
    built = 0
    for event in build.stream():
        if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
            built += 1
            if built % 10 == 0:
                log.info("built %d of %d models", built, len(context.selected_asset_keys))
        yield event
    log.info("built and tested %d models", built)


@dg.asset(
    deps=[["rank_monthly"], ["rank_policy_sensitivity"], ["rank_month_state"]],
    group_name="publication",
    kinds={"parquet"},
    pool="warehouse",
)
def monthly_rankings(home: HomeResource) -> dg.MaterializeResult[Any]:
    """The finished marts and rankings, copied out of the working warehouse for readers."""
    mark = state.fingerprint(home.home, dbt_sources())
    rows = state.keep(home.home, home.home.warehouse / "kurasi.duckdb", mark)
    log.info("finished state %s is current", mark)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows["rank_monthly"],
            "rows": dg.MetadataValue.json(rows),
            "top_ten": dg.MetadataValue.md(top_ten(home.home)),
        }
    )


def top_ten(home: Home) -> str:
    """The first ten of every ranking of the newest month, as markdown."""
    ranked = answers.months(home)
    if not ranked:
        return "No month is ranked yet: no post of a registered account is known."
    names = answers.office_names(home, ranked[-1])
    lines = [f"**{ranked[-1]}**"]
    title = ""
    for row in answers.rank(home, ranked[-1]):
        heading = f"\n{row['league']} · {row['category']} · {row['policy_id']}\n"
        if heading != title:
            lines += [heading, "| rank | office | score |", "|--:|---|--:|"]
            title = heading
        if row["rank"] <= 10:
            lines.append(f"| {row['rank']} | {names[row['office_id']]} | {row['score']} |")
    return "\n".join(lines)


ASSETS: list[dg.AssetsDefinition] = [
    raw_exports,
    raw_registry,
    raw_policies,
    warehouse,
    monthly_rankings,
]
RAW = dg.AssetSelection.groups("raw")
