"""Columns on the assets' pages in Dagster: which there are, and of which others they are made.

What belongs here: putting them onto assets. What does not: what a column means, which stands beside
its model, and finding the lineage (`lineage.py`).

Dagster's own interface hides `dagster/column_lineage`, and gives it out by its API (GraphQL) alone.
So each column says in its description, too, what it is made of.
"""

from __future__ import annotations

import dagster as dg

from ingest.platforms import KEYS
from orchestration.lineage import Lineage

_SCHEMA, _LINEAGE = "dagster/column_schema", "dagster/column_lineage"


def of(assets: dg.AssetsDefinition, key: dg.AssetKey) -> dg.TableSchema:
    """The columns that one of these assets shows."""
    schema: dg.TableSchema = assets.get_asset_spec(key).metadata[_SCHEMA]
    return schema


def shown(asset: dg.AssetsDefinition, schema: dg.TableSchema) -> dg.AssetsDefinition:
    """The asset with columns on its page."""
    return asset.map_asset_specs(lambda spec: spec.merge_attributes(metadata={_SCHEMA: schema}))


def with_lineage(models: dg.AssetsDefinition, lineage: Lineage) -> dg.AssetsDefinition:
    """The models, each column with those of which it is made; the others as they are."""
    by_key = {_key(node): columns for node, columns in lineage.items()}

    def told(spec: dg.AssetSpec) -> dg.AssetSpec:
        if spec.key not in by_key:
            return spec
        deps = {name: _deps(made_of) for name, made_of in by_key[spec.key].items()}
        schema: dg.TableSchema = spec.metadata[_SCHEMA]
        columns = [
            dg.TableColumn(
                column.name,
                column.type,
                description=_told(column.description, deps[column.name]),
                constraints=column.constraints,
                tags=column.tags,
            )
            for column in schema.columns
        ]
        return spec.merge_attributes(
            metadata={
                _SCHEMA: dg.TableSchema(columns, constraints=schema.constraints),
                _LINEAGE: dg.TableColumnLineage(deps),
            }
        )

    return models.map_asset_specs(told)


def _key(node: str) -> dg.AssetKey:
    """The asset of a model or a source, by dbt's ID of it."""
    kind, *_, name = node.split(".")
    return dg.AssetKey(["raw", name] if kind == "source" else name)


def _deps(made_of: list[list[str]]) -> list[dg.TableColumnDep]:
    """Columns by dbt's IDs as those of assets; posts are one asset for each platform."""
    deps = []
    for node, column in made_of:
        key = _key(node)
        keys = [key]
        if key.path == ["raw", "posts"]:
            keys = [dg.AssetKey(["raw", platform]) for platform in KEYS]
        deps += [dg.TableColumnDep(each, column) for each in keys]
    return deps


def _told(meaning: str | None, deps: list[dg.TableColumnDep]) -> str:
    sources = ", ".join(f"`{dep.asset_key.to_user_string()}.{dep.column_name}`" for dep in deps)
    return f"{meaning}\n\nMade of {sources}." if sources else str(meaning)
