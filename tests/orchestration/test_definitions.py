"""Dagster finds the whole project from its root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingest.platforms import KEYS
from orchestration.resources import ROOT


def test_the_workspace_loads_without_a_complaint(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("dagster"), "definitions", "validate"],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path), "KURASI_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "orchestration" not in done.stderr.replace("orchestration.definitions", ""), done.stderr


def test_our_code_starts_without_a_warning(tmp_path: Path) -> None:
    load = (
        "from orchestration.definitions import defs\n"
        "defs.get_repository_def().load_all_definitions()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", load],
        env={**os.environ, "KURASI_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    warned = [line for line in done.stderr.splitlines() if "Warning" in line]
    # A package's note on another package is not about our code.
    assert [line for line in warned if "/site-packages/" not in line] == []
    assert [line for line in warned if "BetaWarning" in line or "PreviewWarning" in line] == []


def test_every_asset_says_whose_it_is_and_what() -> None:
    from orchestration.definitions import defs

    for spec in defs.resolve_all_asset_specs():
        assert spec.description and spec.owners and spec.group_name and spec.kinds, spec.key
        assert spec.tags["layer"] == spec.group_name and spec.tags["access"], spec.key
        assert "dagster/code_references" in spec.metadata, spec.key


def links(monkeypatch: pytest.MonkeyPatch, repository: str | None) -> dict[str, list[Any]]:
    """Asset to the places that its page in Dagster leads to."""
    from orchestration.assets.editions import edition
    from orchestration.assets.warehouse import ASSETS
    from orchestration.definitions import linked

    if repository:
        monkeypatch.setenv("KURASI_REPOSITORY", repository)
    return {
        spec.key.to_user_string(): list(spec.metadata["dagster/code_references"].code_references)
        for assets in linked([*ASSETS, edition])
        for spec in assets.specs
    }


def test_each_asset_leads_to_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        asset: [Path(place.file_path) for place in places]
        for asset, places in links(monkeypatch, None).items()
    }
    assert all(path.is_file() for paths in files.values() for path in paths)
    assert "rank_monthly.sql" in [path.name for path in files["rank_monthly"]]
    assert [path.name for path in files["raw/x"]] == ["raw.py"]
    for repository, tree in (
        ("https://github.com/example/kurasi", "tree/main"),
        ("https://git.example.go.id/bureau/kurasi", "-/tree/main"),
    ):
        for asset, places in links(monkeypatch, repository).items():
            for place, path in zip(places, files[asset], strict=True):
                where = f"{repository}/{tree}/{path.relative_to(ROOT)}"
                assert place.url.startswith(where), place.url


def test_data_flows_from_raw_assets_through_models_to_the_rankings() -> None:
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    raw = {dg.AssetKey(["raw", name]) for name in KEYS}
    rankings = dg.AssetKey("monthly_rankings")
    above = set()
    queue = [rankings]
    while queue:
        parents = graph.get(queue.pop()).parent_keys - above
        above |= parents
        queue += parents
    assert raw <= above
    assert dg.AssetKey("rank_monthly") in above
    checks = {key.asset_key for key in graph.asset_check_keys}
    assert dg.AssetKey("rank_monthly") in checks
