"""Where things are: the home, the dbt project, and what prepares them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject

from ingest.home import Home
from ingest.reference.errors import InputProblems
from ingest.storage import HomeIsBusy, write_bytes

ROOT = Path(__file__).parents[1]

# dbt runs in its own folder, so the home must not be relative.
os.environ["KURASI_HOME"] = str(Path(os.environ.get("KURASI_HOME", "home")).resolve())

DBT_PROJECT = DbtProject(
    project_dir=ROOT / "dbt_project", profiles_dir=ROOT / "dbt_project", target_path="target"
)


#: The dbt of this virtual environment, whether or not that is on the PATH (`dbt.py`).
DBT = DbtCliResource(
    project_dir=DBT_PROJECT, dbt_executable=str(Path(sys.executable).with_name("kurasi-dbt"))
)


#: One step at a time writes to the lake and the warehouse, of all runs of an instance.
WRITER = "warehouse"
#: Who answers for what.
ENGINEERS, BUREAU = ["team:data-engineering"], ["team:communications-bureau"]


class HomeResource(dg.ConfigurableResource[Home]):
    """The home that the assets work on."""

    root: str
    #: Whether a step that finds the home busy tries again later; the command's user is told.
    is_patient: bool = True

    @property
    def home(self) -> Home:
        return Home(Path(self.root))

    @contextmanager
    def told(self, *mistakes: type[Exception]) -> Iterator[None]:
        """Turn what a user can mend into a failure of one line.

        Raises:
            dagster.RetryRequested: the home is busy; everything else that fails would fail again.
            dagster.Failure: instead of `InputProblems` and the mistakes named.
        """
        try:
            yield
        except HomeIsBusy as busy:
            if self.is_patient:
                raise dg.RetryRequested(max_retries=5, seconds_to_wait=60) from busy
            raise dg.Failure(str(busy), allow_retries=False) from None
        except Exception as problem:
            if not isinstance(problem, (InputProblems, *mistakes)):
                raise
            raise dg.Failure(str(problem), allow_retries=False) from None


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
        # dbt writes in place, and another process may read or write at the same time.
        with TemporaryDirectory() as folder:
            DBT.cli(["parse", "--quiet"], target_path=Path(folder)).wait()
            for name in ("partial_parse.msgpack", manifest.name):  # the manifest tells that all is
                write_bytes(manifest.with_name(name), (Path(folder) / name).read_bytes())
    return manifest


HOME = HomeResource(root=os.environ["KURASI_HOME"])
RESOURCES = {"home": HOME, "dbt": DBT}
