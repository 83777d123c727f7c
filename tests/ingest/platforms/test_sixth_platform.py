"""A platform more is one module and one fixture: with nothing else changed, all of it is tested.

The two files of `sixth_platform/` are laid into a copy of the project, as anybody would add them.
Then the tests that hold for every platform hold for that one too: they find it by themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent / "sixth_platform"
_IGNORED = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the platform in it."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("ingest", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=_IGNORED)
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copy(HERE / "platform.py", copy / "ingest" / "platforms" / "forum.py")
    shutil.copy(HERE / "fixture.py", copy / "ingest" / "sample" / "platforms" / "forum.py")
    return copy


def _pytest(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_exports_are_found_and_read_in_every_language(project: Path) -> None:
    files = [
        "tests/ingest/platforms/test_layouts.py",
        "tests/ingest/parsing/test_mutations.py",
        "tests/ingest/platforms/test_round_trip.py",
        "tests/ingest/sample/test_sample.py",
    ]
    # What is the other platforms' own is tested elsewhere.
    chosen = "forum or every or world or ledger"
    done = _pytest(project, "-k", chosen, *files)
    assert done.returncode == 0, done.stdout[-5000:]
    for expected in (
        "test_posts_read_back_as_they_were_written[forum_posts] PASSED",
        "test_mutated_files_are_understood_or_refused[forum_posts en 1] PASSED",
        "test_mutated_files_are_understood_or_refused[forum_posts fr 1] PASSED",
        "test_no_header_of_a_layout_is_known_to_another[forum_posts] PASSED",
        "test_every_observation_of_every_export_reads_back_as_the_truth PASSED",
        "test_the_ledger_tells_the_truth_of_every_export PASSED",
    ):
        assert expected in done.stdout


def test_without_a_fixture_a_test_says_what_is_missing(project: Path) -> None:
    fixture = project / "ingest" / "sample" / "platforms" / "forum.py"
    away = fixture.rename(project / "forum.py")
    done = _pytest(project, "-k", "has_a_fixture", "tests/ingest/platforms/test_round_trip.py")
    away.rename(fixture)
    assert done.returncode == 1
    assert "'forum'" in done.stdout
