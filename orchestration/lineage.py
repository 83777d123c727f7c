"""Which columns each column of a dbt model is made of, read from the SQL that dbt compiled.

What belongs here: SQL into columns, by sqlglot. What does not: compiling the models and keeping
what is found (`resources.py`), showing it (`assets/columns.py`), and the page of `make docs`, which
another program draws (`documentation.py`).

A column is made of those whose values it takes or computes with. What only picks rows (a condition,
a join's, a group) makes no column, as in Dagster's own lineage of dbt.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlglot import MappingSchema, exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

log = logging.getLogger("kurasi")

#: dbt's ID of a model to its columns, each to the columns that it is made of: dbt's ID and name.
Lineage: TypeAlias = dict[str, dict[str, list[list[str]]]]

_DIALECT = "duckdb"


def lineage_of(manifest: Mapping[str, Any]) -> Lineage:
    """The columns of all models, in the order of the manifest.

    A model of SQL that sqlglot can't read is left out, and the log says so.

    Args:
        manifest: dbt's, with compiled models.
    """
    found: Lineage = {}
    for node_id, node in manifest["nodes"].items():
        if node["resource_type"] != "model":
            continue
        try:
            found[node_id] = _of_model(node, _parents(manifest, node))
        except SqlglotError as problem:
            log.warning("no lineage of %s: %s", node["name"], str(problem).splitlines()[0])
    return found


def _parents(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What a model reads, by dbt's IDs."""
    known = manifest["nodes"] | manifest["sources"]
    return {each: known[each] for each in node["depends_on"]["nodes"]}


def _of_model(
    node: Mapping[str, Any], parents: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[list[str]]]:
    sql = node["compiled_code"]
    schema, ids = MappingSchema(dialect=_DIALECT), {}
    for number, (parent_id, parent) in enumerate(parents.items()):
        # Sources are calls that read files; each parent gets a plain name.
        sql = sql.replace(parent["relation_name"], f"parent_{number}")
        ids[f"parent_{number}"] = parent_id
        if parent["columns"]:
            columns = {
                name: each["data_type"] or "text" for name, each in parent["columns"].items()
            }
            schema.add_table(f"parent_{number}", columns)
    query = qualify(
        parse_one(sql, dialect=_DIALECT),
        schema=schema,
        dialect=_DIALECT,
        validate_qualify_columns=False,
    )
    trees = lineage(
        None,
        query,
        schema,
        dialect=_DIALECT,
        scope=build_scope(query),
        trim_selects=False,
        copy=False,
    )
    found = {}
    for name in node["columns"]:
        leaves = (_column(each, ids) for each in trees[name].walk())
        found[name] = [list(leaf) for leaf in sorted({leaf for leaf in leaves if leaf})]
    return found


def _column(node: Node, ids: Mapping[str, str]) -> tuple[str, str] | None:
    """The parent's column that a leaf of sqlglot's tree is; None where it is anything else."""
    if node.downstream or not isinstance(node.expression, exp.Table):
        return None
    parent = ids.get(node.expression.name)
    return (parent, exp.to_column(node.name).name) if parent else None
