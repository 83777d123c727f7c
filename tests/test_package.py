"""What a wheel holds, and what is written for machines that run it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.publication.manifest import versions
from orchestration.shipped import ROOT
from tests.conftest import call_kurasi
from tests.installed import build_wheel

_SETTINGS = ("dagster.yaml", "dagster.postgres.yaml", "workspace.yaml", "requirements.lock")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, as an installation has them."""
    folder = tmp_path_factory.mktemp("wheel")
    site = folder / "site"
    with zipfile.ZipFile(build_wheel(folder)) as wheel:
        wheel.extractall(site)
    return site


def committed(folder: str) -> set[str]:
    """The files of a folder of the repository, as Git names them."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    return set(listed.stdout.splitlines())


def test_a_wheel_holds_every_file_of_the_project(unpacked: Path) -> None:
    shipped = unpacked / "orchestration" / "shipped"
    held = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    links = {f"orchestration/shipped/{name}" for name in (*_SETTINGS, "dbt_project")}
    assert committed("ingest") | committed("orchestration") - links <= held
    project = {str(path.relative_to(shipped)) for path in (shipped / "dbt_project").rglob("*.*")}
    assert project == committed("dbt_project")
    for name in _SETTINGS:
        assert (shipped / name).read_bytes() == (ROOT / name).read_bytes()


def test_an_edition_names_the_same_code_whether_installed_or_not(unpacked: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from orchestration.publication import manifest\n"
            "print(manifest.__file__, manifest.versions()['code']['sha256'])",
        ],
        cwd=unpacked,
        check=True,
        capture_output=True,
        text=True,
    )
    file, code = told.stdout.split()
    assert Path(file).is_relative_to(unpacked)
    assert code == versions()["code"]["sha256"]


def test_a_home_finds_the_definitions_without_a_checkout(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert call_kurasi(home.root, "init").code == 0
    assert (home.dagster / "workspace.yaml").read_bytes() == (ROOT / "workspace.yaml").read_bytes()


def test_the_command_says_its_version(tmp_path: Path) -> None:
    said = call_kurasi(tmp_path, "--version")
    assert (said.code, said.out) == (0, "kurasi 0.1.0\n")
