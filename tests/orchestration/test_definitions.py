"""Dagster finds the whole project from its root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingest.home import Home
from ingest.platforms import KEYS
from orchestration.definitions import assets, definitions, linked, load
from orchestration.shipped import ROOT


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
        "from orchestration.definitions import load\n"
        "load().get_repository_def().load_all_definitions()"
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


def test_dbt_is_no_part_of_dagsters_process() -> None:
    # dagster-dbt takes it for missing, and goes on without: importing it takes seconds of each run.
    program = (
        "import sys; import orchestration.in_process; from dagster_dbt.compat import NodeType; "
        "print(NodeType.Model.value, [name for name in sys.modules if name.startswith('dbt.')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["model", "[]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def defs(home: Home) -> dg.Definitions:
    return definitions(home)


def test_every_asset_says_whose_it_is_and_what(defs: dg.Definitions) -> None:
    for spec in defs.resolve_all_asset_specs():
        assert spec.description and spec.owners and spec.group_name and spec.kinds, spec.key
        assert spec.tags["layer"] == spec.group_name and spec.tags["access"], spec.key
        assert "dagster/code_references" in spec.metadata, spec.key


def test_every_check_says_what_holds(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    specs = [spec for each in graph.assets_defs for spec in each.check_specs]
    assert {spec.key for spec in specs} <= graph.asset_check_keys
    assert [spec.name for spec in specs if not spec.description] == []
    told = {spec.name: spec.description for spec in specs}
    key = "relationships_rank_monthly_office_id__office_id__ref_dim_office_"
    assert told[key] == "Each `office_id` is a `office_id` of `dim_office`."


#: What is no table: pages and pictures.
_NO_TABLES = {"bulletin"}


def columns(spec: dg.AssetSpec) -> list[str]:
    schema = spec.metadata.get("dagster/column_schema", dg.TableSchema([]))
    return [column.name for column in schema.columns]


def test_every_table_shows_its_columns(defs: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert {name for name, spec in specs.items() if not columns(spec)} == _NO_TABLES
    assert columns(specs["edition"]) == columns(specs["rank_monthly"])
    assert columns(specs["exports_due"])[5] == "Ekspor terakhir (Asia/Jakarta)"


def test_columns_say_which_others_they_are_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASI_HOME", str(tmp_path))
    specs = {spec.key: spec for spec in load().resolve_all_asset_specs()}
    made_of = {
        key: spec.metadata["dagster/column_lineage"].deps_by_column
        for key, spec in specs.items()
        if "dbt" in spec.kinds
    }
    for key, deps in made_of.items():
        assert list(deps) == columns(specs[key])
        for each in (each for found in deps.values() for each in found):
            if each.column_name != "month" or each.asset_key.path[0] != "raw":  # a folder's name
                assert each.column_name in columns(specs[each.asset_key]), (key, each)
    offices = made_of[dg.AssetKey("rank_monthly")]["office_id"]
    assert offices == [dg.TableColumnDep("fct_office_month", "office_id")]
    captions = made_of[dg.AssetKey("stg_posts")]["caption"]
    assert captions == [dg.TableColumnDep(["raw", platform], "text") for platform in KEYS]
    schema = specs[dg.AssetKey("rank_monthly")].metadata["dagster/column_schema"]
    told = {column.name: column.description for column in schema.columns}
    assert told["office_id"].endswith("\n\nMade of `fct_office_month.office_id`.")


def links(
    home: Home, monkeypatch: pytest.MonkeyPatch, repository: str | None
) -> dict[str, list[Any]]:
    """Asset to the places that its page in Dagster leads to."""
    if repository:
        monkeypatch.setenv("KURASI_REPOSITORY", repository)
    return {
        spec.key.to_user_string(): list(spec.metadata["dagster/code_references"].code_references)
        for each in linked(assets(home, "Asia/Jakarta", {}))
        for spec in each.specs
    }


def test_each_asset_leads_to_its_source(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        asset: [Path(place.file_path) for place in places]
        for asset, places in links(home, monkeypatch, None).items()
    }
    assert all(path.is_file() for paths in files.values() for path in paths)
    assert "rank_monthly.sql" in [path.name for path in files["rank_monthly"]]
    assert [path.name for path in files["raw/x"]] == ["raw.py"]
    for repository, tree in (
        ("https://github.com/example/kurasi", "tree/main"),
        ("https://git.example.go.id/bureau/kurasi", "-/tree/main"),
    ):
        for asset, places in links(home, monkeypatch, repository).items():
            for place, path in zip(places, files[asset], strict=True):
                where = f"{repository}/{tree}/{path.relative_to(ROOT)}"
                assert place.url.startswith(where), place.url


def test_data_flows_from_raw_assets_through_models_to_the_rankings(defs: dg.Definitions) -> None:
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


def test_the_home_is_looked_at_when_the_definitions_are_made_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(ROOT / "ingest" / "templates" / "policies", policies)
    for path in policies.glob("*.yml"):
        path.write_text(path.read_text().replace("Asia/Jakarta", "Asia/Makassar"))
    monkeypatch.setenv("KURASI_HOME", str(tmp_path))
    defs = load()
    assert defs.resources["home"].root == str(tmp_path)
    assert defs.resolve_schedule_def("publish_final").execution_timezone == "Asia/Makassar"
