"""What the assets work with: the home, dbt, and the dbt project with its manifest and lineage.

What belongs here: making these for one home. What does not: reading a home or the environment,
which `definitions.py` and `runner.py` do, and what is done with them (`assets/`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import dagster as dg

from ingest.home import Home
from ingest.reference.errors import InputProblems
from ingest.storage import HomeIsBusy, HomeIsNewer, make_folder, refuse_newer, write_bytes
from orchestration.dagster_dbt_alone import dagster_dbt
from orchestration.lineage import Lineage, lineage_of
from orchestration.shipped import DBT_PROJECT, dbt_sources, manifest_folder

#: What dbt writes of its environment into a manifest begins so; there it stands without.
_DBT_NOTE = "DBT_ENV_CUSTOM_ENV_"
_SOURCES = "KURASI_SOURCES"

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


def dbt_project(home: Home) -> dagster_dbt.DbtProject:
    """The project of the warehouse's models, and where its manifest lies."""
    return dagster_dbt.DbtProject(
        project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT, target_path=manifest_folder(home)
    )


class _Dbt(dagster_dbt.DbtCliResource):
    """dbt in a process of its own, and in that alone."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Nothing. Dagster imports dbt's adapter into its own process too, which takes two seconds,
        to ask the warehouse for numbers of rows; nobody asks here."""


def dbt(home: Home) -> dagster_dbt.DbtCliResource:
    """dbt on a home: that of this virtual environment, whether or not it is on the PATH."""
    return _Dbt(
        project_dir=os.fspath(DBT_PROJECT),
        profiles_dir=os.fspath(DBT_PROJECT),
        dbt_executable=str(Path(sys.executable).with_name("kurasi-dbt")),
        global_config_flags=["--home", str(home.root)],  # for `cli/dbt.py`, which dbt never sees
    )


def prepare_manifest(project: dagster_dbt.DbtProject, dbt: dagster_dbt.DbtCliResource) -> Path:
    """The dbt manifest, parsed anew where it is of other models or damaged; a fresh clone has
    none. Files' times tell nothing: an image may be older than the home that it is started on."""
    manifest = project.manifest_path
    sources = _hash_of_sources()
    if _sources_of(manifest) != sources:
        # dbt writes in place, and another process may read or write at the same time.
        with TemporaryDirectory() as folder:
            # Not by `dbt.cli`: that opens the warehouse, and there may be none yet.
            command = [dbt.dbt_executable, *dbt.global_config_flags]
            command += ["--quiet", "parse", "--target-path", folder, "--log-path", folder]
            environment = {**os.environ, _DBT_NOTE + _SOURCES: sources}
            subprocess.run(command, check=True, env=environment)
            # The manifest last: where it is new, all is.
            for name in ("partial_parse.msgpack", manifest.name):
                write_bytes(manifest.with_name(name), (Path(folder) / name).read_bytes())
    return manifest


def prepare_lineage(project: dagster_dbt.DbtProject, dbt: dagster_dbt.DbtCliResource) -> Lineage:
    """Which columns the models' columns are made of, found anew where the models are others than
    those of the file beside the manifest. The SQL is that of a first build, in an empty home."""
    kept = project.manifest_path.with_name("lineage.json")
    sources = _hash_of_sources()
    found = _lineage_in(kept, sources)
    if found is None:
        with TemporaryDirectory() as folder:
            empty = Home(Path(folder) / "home")
            make_folder(empty.warehouse)
            # So dbt need not parse again.
            shutil.copy(project.manifest_path.with_name("partial_parse.msgpack"), folder)
            command = [dbt.dbt_executable, "--home", str(empty.root), "--quiet", "compile"]
            command += ["--target-path", folder, "--log-path", folder]
            subprocess.run(command, check=True)
            found = lineage_of(json.loads((Path(folder) / "manifest.json").read_bytes()))
        write_bytes(kept, json.dumps({"sources": sources, "columns": found}).encode())
    return found


def _lineage_in(file: Path, sources: str) -> Lineage | None:
    """What a file says of these models; None if it is of others, damaged or not there."""
    try:
        kept = json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("sources") != sources:
        return None
    return cast(Lineage, kept["columns"])


def _hash_of_sources() -> str:
    # What dbt has read, another version of it reads again: with each run, if it were kept.
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')} ".encode())
    for path in sorted(dbt_sources()):
        digest.update(f"{path.relative_to(DBT_PROJECT)} ".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources_of(manifest: Path) -> str | None:
    """The hash of the models that a manifest is of; null if there is none or it is damaged."""
    try:
        notes = json.loads(manifest.read_bytes())["metadata"]["env"]
    except (FileNotFoundError, ValueError):
        return None
    return str(notes.get(_SOURCES))
