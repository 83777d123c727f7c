"""What the assets work with: the home, dbt, and the dbt project with its manifest.

What belongs here: making these for one home. What does not: reading a home or the environment,
which `definitions.py` and `runner.py` do, and what is done with them (`assets/`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject

from ingest.home import Home
from ingest.reference.errors import InputProblems
from ingest.storage import HomeIsBusy, HomeIsNewer, refuse_newer, write_bytes

ROOT = Path(__file__).parents[1]
_DBT_FOLDER = ROOT / "dbt_project"

#: One step at a time writes to the lake and the warehouse, of all runs of an instance.
WRITER = "warehouse"
#: Who answers for what.
ENGINEERS, BUREAU = ["team:data-engineering"], ["team:communications-bureau"]


class HomeResource(dg.ConfigurableResource[Home]):
    """The home that the assets work on."""

    root: str
    #: Whether a step that finds the home busy tries again later; a user of the command does not
    #: wait, but reads that it is busy.
    is_patient: bool = True

    @property
    def home(self) -> Home:
        return Home(Path(self.root))

    @contextmanager
    def user_errors(self, *mistakes: type[Exception]) -> Iterator[None]:
        """Turn what a user can mend into a failure of one line.

        Raises:
            dagster.RetryRequested: the home is busy; everything else that fails would fail again.
            dagster.Failure: instead of `InputProblems`, `HomeIsNewer` and the mistakes named.
        """
        try:
            refuse_newer(self.home)
            yield
        except HomeIsBusy as busy:
            if self.is_patient:
                raise dg.RetryRequested(max_retries=5, seconds_to_wait=60) from busy
            raise dg.Failure(str(busy), allow_retries=False) from None
        except Exception as problem:
            if not isinstance(problem, (InputProblems, HomeIsNewer, *mistakes)):
                raise
            raise dg.Failure(str(problem), allow_retries=False) from None


def dbt_project() -> DbtProject:
    """The project of the warehouse's models."""
    return DbtProject(project_dir=_DBT_FOLDER, profiles_dir=_DBT_FOLDER, target_path="target")


class _Dbt(DbtCliResource):
    """dbt in a process of its own, and in that alone."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Nothing. Dagster imports dbt's adapter into its own process too, which takes two seconds,
        to ask the warehouse for numbers of rows; nobody asks here."""


def dbt(home: Home) -> DbtCliResource:
    """dbt on a home: that of this virtual environment, whether or not it is on the PATH."""
    return _Dbt(
        project_dir=os.fspath(_DBT_FOLDER),
        profiles_dir=os.fspath(_DBT_FOLDER),
        dbt_executable=str(Path(sys.executable).with_name("kurasi-dbt")),
        global_config_flags=["--home", str(home.root)],  # for `cli/dbt.py`, which dbt never sees
    )


def dbt_sources() -> list[Path]:
    """The files that decide what the warehouse's models are."""
    files = [_DBT_FOLDER / "dbt_project.yml"]
    for folder in ("models", "macros", "tests"):
        files += (_DBT_FOLDER / folder).rglob("*.*")
    return files


def prepare_manifest(project: DbtProject, dbt: DbtCliResource) -> Path:
    """The dbt manifest, parsed anew where a model is newer or it is damaged; a fresh clone has
    none."""
    manifest = project.manifest_path
    newest = max(path.stat().st_mtime for path in dbt_sources())
    if not _is_json(manifest) or manifest.stat().st_mtime < newest:
        # dbt writes in place, and another process may read or write at the same time.
        with TemporaryDirectory() as folder:
            # Not by `dbt.cli`: that opens the warehouse, and there may be none yet.
            command = [dbt.dbt_executable, *dbt.global_config_flags]
            command += ["--quiet", "parse", "--target-path", folder, "--log-path", folder]
            subprocess.run(command, check=True)
            # The manifest last: where it is new, all is.
            for name in ("partial_parse.msgpack", manifest.name):
                write_bytes(manifest.with_name(name), (Path(folder) / name).read_bytes())
    return manifest


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return True
