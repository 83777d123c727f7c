"""The assets of the warehouse: dbt's models, and the finished state that readers get.

What belongs here: running dbt, and telling Dagster what came of it. What does not: the raw assets
(`raw.py`), the checks (`checks/`), editions (`editions.py`) and any rule of scoring (SQL).
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from ingest.home import Home
from ingest.platforms import KEYS
from ingest.storage import HomeIsBusy, exclusive, make_folder, write_bytes
from orchestration import damage
from orchestration.assets.dbt_tests import meaning
from orchestration.assets.rankings_report import page, top_tens
from orchestration.assets.raw import logged
from orchestration.dagster_dbt_alone import dagster_dbt
from orchestration.publication import editions, finished_state
from orchestration.resources import ENGINEERS, WRITER, HomeResource
from orchestration.shipped import dbt_sources

log = logging.getLogger("kurasi")


class _Translator(dagster_dbt.DagsterDbtTranslator):
    """Groups models by layer, and lets the source of posts be one raw asset per platform."""

    def get_asset_spec(self, manifest: Any, unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        spec = spec.replace_attributes(
            owners=ENGINEERS,
            tags={
                **spec.tags,
                "layer": props["fqn"][1],
                "access": props.get("access", "protected"),
            },
        )
        posts = dg.AssetKey(["raw", "posts"])
        if posts not in {dep.asset_key for dep in spec.deps}:
            return spec
        others = [dep for dep in spec.deps if dep.asset_key != posts]
        return spec.replace_attributes(
            deps=[*others, *(dg.AssetDep(["raw", platform]) for platform in KEYS)]
        )

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Any, unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        test = self.get_resource_props(manifest, unique_id)
        return spec and spec._replace(description=meaning(test))

    def get_description(self, dbt_resource_props: Any) -> str:
        """What the model is; its SQL is behind the link to the source."""
        return str(dbt_resource_props["description"])

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        return str(dbt_resource_props["fqn"][1])


def warehouse_assets(project: dagster_dbt.DbtProject, manifest: Path) -> dg.AssetsDefinition:
    """The models of a dbt project as assets, and their tests as checks."""

    @dagster_dbt.dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=_Translator(
            dagster_dbt.DagsterDbtTranslatorSettings(enable_code_references=True)
        ),
        name="run_dbt",
        pool=WRITER,
    )
    def warehouse(
        context: dg.AssetExecutionContext, dbt: dagster_dbt.DbtCliResource, home: HomeResource
    ) -> Iterator[Any]:
        """Build and test all models, the big ones in the months that something touches.

        By another code than the last time, all is built anew.
        """
        is_whole = set(context.selected_asset_keys) == set(warehouse.keys)
        yield from _build(context, dbt, home, is_whole=is_whole)

    return warehouse


def _build(
    context: dg.AssetExecutionContext,
    dbt: dagster_dbt.DbtCliResource,
    home: HomeResource,
    *,
    is_whole: bool,
) -> Iterator[Any]:
    make_folder(home.home.warehouse)
    make_folder(home.home.database.parent)
    # Nobody may move the lake's files while they are read.
    with home.user_errors(), exclusive(home.home, "ingest"), exclusive(home.home, "warehouse"):
        # Unit tests show the models' rules, whatever the data; `make test` runs them.
        words = ["build", "--exclude-resource-type", "unit_test"]
        damage.remove_database_if_damaged(home.home)
        code, built_by = finished_state.code(home.home, dbt_sources()), home.home.warehouse / "code"
        if not built_by.exists() or built_by.read_bytes() != code.encode():
            # Should this build be killed, the next one begins anew, whatever its code.
            built_by.unlink(missing_ok=True)
            words.append("--full-refresh")
        folder = home.home.warehouse / "dbt"
        # A build that gets nowhere must not be explained by the results of the last one.
        (folder / "run_results.json").unlink(missing_ok=True)
        build = dbt.cli(words, context=context, target_path=folder)
        built = 0
        try:
            for event in build.stream():
                if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
                    built += 1
                    if built % 10 == 0:
                        log.info("built %d of %d models", built, len(context.selected_asset_keys))
                yield event
        except dagster_dbt.DagsterDbtCliRuntimeError as failure:
            if "Could not set lock" in str(failure):  # a build whose run was killed goes on
                raise HomeIsBusy(
                    f"{home.home.warehouse} is being built; wait until it is"
                ) from None
            # The same input fails again.
            raise dg.Failure(_what_failed(build, failure), allow_retries=False) from None
        if is_whole:
            write_bytes(built_by, code.encode())
        for name, rows in _row_counts(home.home).items():
            # The models are told as they are built, while nobody else may open the warehouse.
            if (key := dg.AssetKey(name)) in context.selected_asset_keys:
                context.log_event(dg.AssetObservation(key, metadata={"dagster/row_count": rows}))
    log.info("built and tested %d models", built)


def _row_counts(home: Home) -> dict[str, int]:
    """Table of the warehouse to its number of rows; DuckDB keeps it, so no table is read."""
    with duckdb.connect(str(home.database), read_only=True) as warehouse:
        names = warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
        return {
            name: warehouse.table(name).aggregate("count(*)").fetchall()[0][0] for (name,) in names
        }


def _what_failed(build: dagster_dbt.DbtCliInvocation, failure: Exception) -> str:
    """What failed, in one line."""
    path = build.target_path / "run_results.json"
    if not path.exists():  # dbt did not get as far as running anything
        return " ".join(str(failure).split())
    results = json.loads(path.read_bytes())["results"]
    failed = [
        f"{each['unique_id'].split('.')[2]} ({' '.join((each['message'] or '').split())})"
        for each in results
        if each["status"] in ("error", "fail")
    ]
    return f"dbt: {', '.join(failed)}; the whole log: {build.target_path / 'dbt.log'}"


@dg.asset(
    deps=[["rank_monthly"], ["rank_policy_sensitivity"], ["rank_month_state"]],
    group_name="publication",
    kinds={"parquet"},
    owners=ENGINEERS,
    tags={"layer": "publication", "access": "public"},
    pool=WRITER,
)
def monthly_rankings(home: HomeResource) -> dg.MaterializeResult[Any]:
    """The last finished state: marts and rankings, copied out of the working warehouse.

    Readers and BI get these Parquet files; the link `warehouse/current` turns in one step, and only
    after every blocking check passed.
    """
    mark = finished_state.fingerprint(home.home, dbt_sources())
    with home.user_errors(), exclusive(home.home, "warehouse"):
        rows = finished_state.keep(home.home, home.home.database, mark)
    log.info("finished state %s is current", mark)
    published = editions.editions(home.home)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows["rank_monthly"],
            **{name: dg.MetadataValue.md(text) for name, text in top_tens(home.home).items()},
            "rankings": dg.MetadataValue.md(page(home.home)),
            "editions": dg.MetadataValue.asset(dg.AssetKey("edition")),
            "newest_edition": dg.MetadataValue.path(published[-1].path)
            if published
            else "none yet",
            "path": dg.MetadataValue.path(home.home.warehouse / "current"),
            # The registry and the policies of this state are logged with it.
            "log": logged(home.home),
            "rows": dg.MetadataValue.json(rows),
        }
    )
