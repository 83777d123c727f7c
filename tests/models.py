"""The warehouse's models as plain SQL, so that a small lake is scored in a fraction of a second.

dbt compiles the models once; what runs on each lake is exactly that SQL, in DuckDB, in dbt's order.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests import worlds
from tests.reference import Lake

_REBUILT = "select post_month from int_months where is_rebuilt"
#: The months that a model which is materialized by month replaces, by the name of its month.
_REPLACED = {
    "post_month": _REBUILT,
    "month": f"select cast(post_month + to_months(n) as date) from ({_REBUILT}), range(-1, 2) r(n)",
}
#: The months that look back so many months at one that is rebuilt.
_LOOKING = (
    "select distinct months.post_month from int_months as months "
    f"inner join ({_REBUILT}) as rebuilt on rebuilt.post_month <= months.post_month "
    "and rebuilt.post_month + to_months({}) >= months.post_month"
)


@dataclass(frozen=True)
class Models:
    """The compiled dbt project: its manifest, and the home whose lake its SQL reads."""

    home: Path
    manifest: dict[str, Any]

    def build(self, lake: Lake) -> duckdb.DuckDBPyConnection:
        """Build all models from a lake into a database in memory."""
        self.write(lake)
        return self.run()

    def write(self, lake: Lake) -> Path:
        """Put a lake in the place of the one before; returns its folder."""
        folder = self.home / "lake"
        shutil.rmtree(folder)
        worlds.write_lake(lake, folder)
        return folder

    def run(self, threads: int = 1) -> duckdb.DuckDBPyConnection:
        """Run the models on the lake as it lies there; a small lake takes longer on two threads."""
        database = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
        # A lake is put in the place of another within a second, which the cache does not see.
        database.execute("set timezone = 'UTC'; set enable_external_file_cache = false")
        database.execute("attach ':memory:' as kurasi; use kurasi")
        # The models' SQL finds the lake from there.
        database.execute(f"set file_search_path = '{self.home / 'warehouse'}'")
        self.update(database, is_new=True)
        return database

    def update(self, database: duckdb.DuckDBPyConnection, *, is_new: bool = False) -> None:
        """Bring a database to the lake as it lies there, as dbt would: models that are built in
        months replace those that are rebuilt, one after the other."""
        at_start, at_end = (
            self.manifest["nodes"][f"operation.kurasi.kurasi-on-run-{moment}-0"]["compiled_code"]
            for moment in ("start", "end")
        )
        database.execute(at_start)
        for node in self.in_order():
            name, config, sql = node["name"], node["config"], node["compiled_code"]
            if config["materialized"] == "by_month" and not is_new:
                self._replace_months(database, node)
            else:
                kind = "view" if config["materialized"] == "view" else "table"
                database.execute(f"create or replace {kind} {name} as {sql}")
            if name == "int_months":
                database.execute(f"delete from built_months where post_month in ({_REBUILT})")
        invocation = self.manifest["metadata"]["invocation_id"]
        database.execute(at_end.replace(invocation, str(uuid.uuid4())))

    def _replace_months(self, database: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
        """What `macros/materializations/by_month.sql` does, in batches of one month."""
        name, key, sql = node["name"], node["config"]["unique_key"], node["compiled_code"]
        meta = node["config"]["meta"]
        rebuilt = [month for (month,) in database.execute(_REBUILT).fetchall()]
        if "looks_back" in meta:
            looking = _LOOKING.format(9_999 if meta["looks_back"] == "all" else meta["looks_back"])
            months = [month for (month,) in database.execute(looking).fetchall()]
            database.execute(f"delete from {name} where {key} in ({looking})")
        else:
            months = rebuilt
            database.execute(f"delete from {name} where {key} in ({_REPLACED[key]})")
        is_batched = meta.get("is_batched", True)
        for batch in [[month] for month in months] if is_batched else [months]:
            _set_batch(database, batch)
            database.execute(f"insert into {name} by name {sql}")
        _set_batch(database, rebuilt)

    def nodes(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """The manifest's nodes of a type (`model`, `test`) by their unique ID."""
        nodes = self.manifest["nodes"].items()
        return {key: node for key, node in nodes if node["resource_type"] == resource_type}

    def in_order(self) -> Iterator[dict[str, Any]]:
        """The models, each after those that it reads."""
        waiting = self.nodes("model")
        while waiting:
            for key, node in list(waiting.items()):
                if not set(node["depends_on"]["nodes"]) & waiting.keys():
                    yield waiting.pop(key)


def _set_batch(database: duckdb.DuckDBPyConnection, months: list[date]) -> None:
    database.execute("delete from int_batch_months")
    database.execute("insert into int_batch_months select unnest(?::date[])", [months])


def compile_models(home: Path) -> Models:
    """Compile the dbt project for a home, which gets an empty lake."""
    worlds.write_lake(Lake([], [], [], [], []), home / "lake")
    (home / "warehouse").mkdir(parents=True)
    run_dbt(home, "compile")
    return Models(home, json.loads((home / "target" / "manifest.json").read_text()))


def run_dbt(home: Path, *words: str) -> None:
    """Run dbt for a home; what it writes stays there."""
    dbt = Path(sys.executable).with_name("kurasi-dbt")
    folders = (f"--target-path={home / 'target'}", f"--log-path={home / 'logs'}")
    subprocess.run(
        [dbt, "--quiet", *words, *folders],
        env={**os.environ, "KURASI_HOME": str(home)},
        check=True,
    )
