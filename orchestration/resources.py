"""Where things are: the home, the dbt project, and what prepares them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject

from ingest.lake import Home

ROOT = Path(__file__).parents[1]

# dbt runs in its own folder, so the home must not be relative.
os.environ["KURASI_HOME"] = str(Path(os.environ.get("KURASI_HOME", "home")).resolve())

DBT_PROJECT = DbtProject(
    project_dir=ROOT / "dbt_project", profiles_dir=ROOT / "dbt_project", target_path="target"
)


#: The dbt of this virtual environment, whether or not that is on the PATH.
DBT = DbtCliResource(
    project_dir=DBT_PROJECT, dbt_executable=str(Path(sys.executable).with_name("dbt"))
)


class HomeResource(dg.ConfigurableResource[Home]):
    """The home that the assets work on."""

    root: str

    @property
    def home(self) -> Home:
        return Home(Path(self.root))


def dbt_sources() -> list[Path]:
    """The files that decide what the warehouse's models are."""
    folders = ("models", "macros", "tests")
    return [
        ROOT / "dbt_project" / "dbt_project.yml",
        *(path for folder in folders for path in (ROOT / "dbt_project" / folder).rglob("*.*")),
    ]


def prepare_manifest() -> Path:
    """The dbt manifest, parsed anew where a model is newer; a fresh clone has none."""
    manifest = DBT_PROJECT.manifest_path
    newest = max(path.stat().st_mtime for path in dbt_sources())
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        DBT.cli(["parse", "--quiet"], target_path=manifest.parent).wait()
    return manifest


RESOURCES = {
    "home": HomeResource(root=os.environ["KURASI_HOME"]),
    "dbt": DBT,
}
