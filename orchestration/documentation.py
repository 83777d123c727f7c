"""`make docs`: the models' documentation and the lineage of every column, as two pages.

    docs-site/models.html    dbt's own documentation
    docs-site/lineage.html   from each column to the columns that it is made of

What belongs here: building the models on an empty home and calling the two programs that draw them.
What does not: descriptions, which stand beside the models. Both pages are one file each and open
from the disk without a network.

dagster-dbt knows columns' lineage too (`fetch_column_metadata`), but shows it in its own interface
only, and on DuckDB it withholds all news of a build until dbt has ended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from ingest import pipeline
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.reference import load
from ingest.storage import make_folder, write_bytes

_ROOT = Path(__file__).parents[1]
_TEMPLATES = _ROOT / "ingest" / "templates"


def build(site: Path) -> list[Path]:
    """Write the pages into the folder `site`; returns their paths."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        _prepare(home)
        _dbt(home, "run")
        _name_sources(home)
        _dbt(home, "docs", "generate", "--static")
        target = home.root / "target"
        models = (target / "static_index.html").read_text("utf-8")
        write_bytes(site / "models.html", models.replace(str(home.root), "home").encode())
        _lineage(home, target, site / "lineage.html")
    return [site / "models.html", site / "lineage.html"]


def _prepare(home: Home) -> None:
    """An empty lake with the shipped policies."""
    shutil.copytree(_TEMPLATES, home.root)
    pipeline.prepare(home)
    load.ingest_registry(home, NAMES_ACCOUNTS)
    load.ingest_policies(home, KEYS)
    make_folder(home.warehouse)


def _dbt(home: Home, *words: str) -> None:
    folders = [f"--target-path={home.root / 'target'}", f"--log-path={home.root / 'logs'}"]
    subprocess.run(
        [Path(sys.executable).with_name("kurasi-dbt"), "--quiet", *words, *folders],
        env={**os.environ, "KURASI_HOME": str(home.root)},
        check=True,
    )


def _manifest(home: Home) -> Any:
    return json.loads((home.root / "target" / "manifest.json").read_bytes())


def _name_sources(home: Home) -> None:
    """Views in the place where dbt looks for sources, since Parquet files are in no catalog."""
    with duckdb.connect(str(home.database)) as warehouse:
        warehouse.execute(f"set file_search_path = '{home.warehouse}'")
        for source in _manifest(home)["sources"].values():
            warehouse.execute(f"create schema if not exists {source['schema']}")
            warehouse.execute(
                f"create view {source['schema']}.{source['identifier']} as "
                f"from {source['relation_name']}"
            )


def _lineage(home: Home, target: Path, page: Path) -> None:
    """Draw the lineage from SQL that names its sources."""
    manifest = _manifest(home)
    for source in manifest["sources"].values():
        place = source["relation_name"]
        source["relation_name"] = ".".join(
            f'"{source[key]}"' for key in ("database", "schema", "identifier")
        )
        for node in manifest["nodes"].values():
            if node.get("compiled_code"):
                node["compiled_code"] = node["compiled_code"].replace(
                    place, source["relation_name"]
                )
    named = target / "manifest.named.json"
    named.write_text(json.dumps(manifest))
    # dbt-colibri 0.3 asks for an attribute by the name that it had before sqlglot 28.
    program = (
        "from sqlglot.optimizer import Scope; "
        "Scope.union_scopes = property(lambda scope: scope.set_operation_scopes); "
        "from dbt_colibri.cli.cli import cli; cli()"
    )
    out = target / "colibri"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            "generate",
            "--disable-telemetry",
            "--manifest",
            named,
            "--catalog",
            target / "catalog.json",
            "--output-dir",
            out,
        ],
        env={**os.environ, "DBT_COLIBRI_NO_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    if problems := [
        line
        for line in done.stdout.splitlines() + done.stderr.splitlines()
        if "[ERROR]" in line or "[WARNING]" in line
    ]:
        raise RuntimeError("the lineage has gaps: " + "; ".join(problems[:5]))
    text = (out / "index.html").read_text("utf-8")
    write_bytes(page, text.encode())


if __name__ == "__main__":
    for made in build(_ROOT / "docs-site"):
        sys.stdout.write(f"{made}\n")
