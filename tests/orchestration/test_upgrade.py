"""A home of the state before goes on, and one of a newer program is left alone.

`homes/format-1.tar.xz` is a small sample home as the program of commit 4cb5d03 left it: registry,
policies, eight exports, the lake, and the provisional edition of August 2025.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ingest.storage import HOME_FORMAT
from orchestration.publication.log.against_head import check_head
from orchestration.publication.log.store import read_log
from orchestration.publication.verify import verify
from tests.conftest import Kurasi

_FORMER = Path(__file__).with_name("homes") / "format-1.tar.xz"
_FIRST = "2025-08-provisional-1"


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of format 1; the tests of this module go on with it in their order."""
    root = tmp_path_factory.mktemp("former")
    with tarfile.open(_FORMER) as packed:
        packed.extractall(root, filter="data")
    return root


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _failed(edition: Path) -> list[dict[str, Any]]:
    return [check for check in verify(edition) if not check["ok"]]


def test_a_former_edition_verifies_by_its_own_program(former: Path, tmp_path: Path) -> None:
    edition = former / "published" / "2025-08" / _FIRST
    assert _failed(edition) == []
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    for name, content in _contents(edition / "evidence").items():
        (evidence / name).write_bytes(content)
    rankings = evidence / "rankings.csv"
    rankings.write_text(
        rankings.read_text().replace("unit_utama,popular,1", "unit_utama,popular,2")
    )
    (check,) = _failed(evidence)
    assert "rankings" in check["detail"]
    (evidence / "recompute.py").write_text("print('no difference')\n")
    (check,) = _failed(evidence)
    assert "recompute.py is not a released program of evidence version 2" in check["detail"]


def test_a_former_home_runs_on_and_says_that_definitions_changed(
    former: Path, kurasi: Kurasi
) -> None:
    edition = former / "published" / "2025-08" / _FIRST
    before, policies = _contents(edition), _contents(former / "policies")
    ran = kurasi(former, "--json", "run")
    assert ran.code == 0, ran.err
    assert (ran.json["deliveries"], ran.json["months"]) == (0, ["2025-07", "2025-08"])
    assert json.loads((former / "home.json").read_bytes()) == {"home_format": HOME_FORMAT}
    # What the home had before there was a log is in it now, and its edition can be held to it.
    log = read_log(former / "published" / "log")
    assert log and [fact["kind"] for fact in log.facts()].count("delivery") == 8
    assert log.fact(-1)["edition_id"] == _FIRST
    checkpoint = former / "published" / "log" / "checkpoint"
    assert all(each["ok"] for each in check_head(edition, checkpoint.parent, checkpoint))
    published = kurasi(former, "--json", "publish", "--month", "2025-08")
    assert published.code == 0, published.err
    assert published.json["edition_id"] == "2025-08-provisional-2"
    assert _failed(Path(published.json["path"])) == []
    assert (_contents(edition), _contents(former / "policies")) == (before, policies)
    moved = kurasi(former, "--json", "diff", _FIRST, "2025-08-provisional-2").json
    assert moved["definition_versions"] == [1, 3]
    assert not moved["new_deliveries"] and not moved["changed_policies"]
    told = [{cause["cause"] for cause in office["causes"]} for office in moved["offices"]]
    assert told
    assert all("definition_changed" in " ".join(causes) for causes in told)


@pytest.mark.parametrize(
    "call", [("run",), ("rank", "-m", "2025-08"), ("publish", "-m", "2025-08"), ("deliveries",)]
)
def test_a_home_of_a_newer_program_is_refused_in_one_line(
    tmp_path: Path, kurasi: Kurasi, call: tuple[str, ...]
) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "offices.csv").touch()
    (tmp_path / "home.json").write_text(json.dumps({"home_format": HOME_FORMAT + 1}))
    refused = kurasi(tmp_path, *call)
    assert refused.code in (1, 2)
    assert refused.out == ""
    assert refused.err.count("\n") == 1
    assert "a newer version of kurasi has written to" in refused.err
    assert "install that version" in refused.err
    assert not (tmp_path / "lake").exists()
