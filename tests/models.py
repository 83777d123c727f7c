"""The warehouse's models as plain SQL, so that a small lake is scored in a fraction of a second.

dbt compiles the models once; what runs on each lake is exactly that SQL, in DuckDB, in dbt's order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.resources import ROOT


@dataclass(frozen=True)
class Models:
    """The compiled models, in an order in which each comes after those that it reads."""

    home: Path
    statements: tuple[tuple[str, str], ...]

    def build(self) -> duckdb.DuckDBPyConnection:
        """Build all models from the lake in `home` into a database in memory."""
        database = duckdb.connect()
        database.execute("set timezone = 'UTC'; attach ':memory:' as kurasi; use kurasi")
        for name, sql in self.statements:
            kind = "view" if name.startswith("stg_") else "table"
            database.execute(f"create {kind} {name} as {sql}")
        return database


def compile_models(home: Path) -> Models:
    """Compile the dbt project for the lake in `home`, which must exist."""
    target = home / "target"
    project = ROOT / "dbt_project"
    dbt = Path(sys.executable).with_name("dbt")
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [dbt, "--quiet", "compile", "--target-path", target, "--log-path", home / "logs"],
        cwd=project,
        env={**os.environ, "KURASI_HOME": str(home), "DBT_PROFILES_DIR": str(project)},
        check=True,
    )
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    return Models(home, tuple(_in_order(models)))


def _in_order(models: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    ordered: dict[str, str] = {}
    while waiting := [key for key in models if key not in ordered]:
        for key in waiting:
            parents = [parent for parent in models[key]["depends_on"]["nodes"] if parent in models]
            if all(parent in ordered for parent in parents):
                ordered[key] = models[key]["compiled_code"]
    return [(models[key]["name"], sql) for key, sql in ordered.items()]
