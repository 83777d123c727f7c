"""The shell completes what the home holds, and keeps silent where it holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.publication import queries
from orchestration.publication.publish import Edition


def completed(home: Path, *words: str) -> list[str]:
    """What bash is offered after these words, of which the last is being typed."""
    line = ["kurasi", "--home", str(home), *words]
    done = subprocess.run(
        [Path(sys.executable).with_name("kurasi")],
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "_KURASI_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(line),
            "COMP_CWORD": str(len(line) - 1),
        },
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_names_of_the_home_are_completed(pristine: Home, edition: Edition) -> None:
    root = pristine.root
    first = queries.rank(pristine, "2025-08")[0]
    assert "2025-08" in completed(root, "rank", "--month", "2025")
    assert completed(root, "rank", "--policy", "kemen") == ["kemenkum-2025-07"]
    assert first["league"] in completed(root, "rank", "--league", "")
    assert first["office_id"] in completed(root, "explain", "--office", first["office_id"][:4])
    delivery = queries.deliveries(pristine)[0]["delivery_id"]
    assert completed(root, "rejects", delivery[:8]) == [delivery]
    published = edition.path.parents[2]
    assert completed(published, "verify", "2025-08-p") == [edition.edition_id]


@pytest.mark.parametrize("words", [("rank", "--month", ""), ("rejects", ""), ("diff", "")])
def test_an_empty_home_completes_nothing_and_keeps_silent(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert completed(tmp_path, *words) == []
