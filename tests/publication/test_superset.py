"""`kurasi superset`: a bundle that is locked, names what is there, and counts each thing once."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import pytest
import yaml

from ingest.home import Home
from orchestration.publication.editions import Edition
from orchestration.publication.newest import refresh
from orchestration.publication.reports import REPORTS
from orchestration.superset.bundle import NoAddress, bundle
from tests.conftest import Kurasi

#: The settings of charts that name columns or metrics of their dataset.
_LISTS = ("groupby", "groupbyRows", "groupbyColumns", "all_columns", "metrics", "column_config")
_SINGLE = ("x_axis", "metric")


def documents(content: bytes) -> dict[str, Any]:
    """The files of a bundle by their names, without the folder and the ending."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.partition("/")[2].removesuffix(".yaml"): yaml.safe_load(archive.read(name))
            for name in archive.namelist()
        }


@pytest.fixture(scope="module")
def home(edition: Edition) -> Home:
    home = Home(edition.path.parents[2])
    refresh(home)
    return home


@pytest.fixture(scope="module")
def bundled(home: Home) -> dict[str, Any]:
    return documents(bundle(home.published))


@pytest.fixture(scope="module")
def datasets(bundled: dict[str, Any]) -> dict[str, Any]:
    """The datasets of the bundle by their UUIDs."""
    found = [each for name, each in bundled.items() if name.startswith("datasets/")]
    return {each["uuid"]: each for each in found}


@pytest.fixture
def base(home: Home, bundled: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database as the bundle's address opens it."""
    path, _, query = bundled["databases/Kurasi"]["sqlalchemy_uri"].partition("?")
    path = path.removeprefix("duckdb:///")
    assert path == str(home.published / "current" / "kurasi.duckdb")
    with duckdb.connect(path, config=dict(parse_qsl(query))) as connection:
        yield connection


def test_the_same_home_gives_the_same_bytes_and_another_only_another_address() -> None:
    here, there = (PurePosixPath(path) for path in ("/srv/kurasi/published", "/published"))
    assert bundle(here) == bundle(here)
    one, other = documents(bundle(here)), documents(bundle(there))
    assert [name for name in one if one[name] != other[name]] == ["databases/Kurasi"]
    with pytest.raises(NoAddress, match="rename"):
        bundle(PurePosixPath("/srv/what?/published"))


def test_the_address_is_locked(
    base: duckdb.DuckDBPyConnection, bundled: dict[str, Any], tmp_path: Path
) -> None:
    secret, written = tmp_path / "secret.csv", tmp_path / "written.csv"
    secret.write_text("number\n42\n")
    for sql in (
        f"from read_text('{secret}')",
        f"copy rpt_office to '{written}'",
        f"attach '{tmp_path / 'other.duckdb'}'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "delete from rpt_ranking",
        "create table mine as select 1 as number",
    ):
        with pytest.raises(duckdb.Error):
            base.execute(sql)
    assert [*tmp_path.iterdir()] == [secret]
    database = bundled["databases/Kurasi"]
    for right in ("allow_dml", "allow_ctas", "allow_cvas", "allow_file_upload"):
        assert database[right] is False


def test_datasets_are_the_reports_and_their_columns_and_metrics_can_be_read(
    base: duckdb.DuckDBPyConnection, datasets: dict[str, Any]
) -> None:
    # A report has the policy in force alone; no other table may be a dataset.
    assert {each["table_name"] for each in datasets.values()} == REPORTS.keys()
    for each in datasets.values():
        name = each["table_name"]
        assert each["sql"] is None
        published = {row[0] for row in base.execute(f"describe {name}").fetchall()}
        stored = [column for column in each["columns"] if column["expression"] is None]
        assert {column["column_name"] for column in stored} == published
        for column in each["columns"]:
            assert column["verbose_name"] and column["description"], column["column_name"]
            base.execute(f"select {column['expression'] or column['column_name']} from {name}")
        for metric in each["metrics"]:
            rows = base.execute(f"select {metric['expression']} from {name}").fetchall()
            assert len(rows) == 1, metric["metric_name"]


def test_metrics_count_each_post_once_and_no_ranks_together(
    base: duckdb.DuckDBPyConnection, datasets: dict[str, Any]
) -> None:
    metrics = {
        metric["metric_name"]: (metric["expression"], each["table_name"])
        for each in datasets.values()
        for metric in each["metrics"]
    }

    def told(name: str) -> Any:
        expression, table = metrics[name]
        [(value,)] = base.execute(f"select {expression} from {table}").fetchall()
        return value

    official = "from obt_post_month where is_official and is_counted"
    [(count, value)] = base.execute(f"select count(*), sum(value) {official}").fetchall()
    assert (told("counted_posts"), told("interactions")) == (count, value)
    assert told("interactions_per_post") == pytest.approx(value / count)
    [(every,)] = base.execute("select count(*) from obt_post_month where is_counted").fetchall()
    assert every > count  # another policy's posts are there to be counted twice
    [(accounts,)] = base.execute("select count(distinct account_id) from fct_coverage").fetchall()
    assert told("accounts") == accounts
    assert told("rank_of_one") is None


def test_a_chart_names_what_its_report_has(
    bundled: dict[str, Any], datasets: dict[str, Any]
) -> None:
    charts = {name: each for name, each in bundled.items() if name.startswith("charts/")}
    for name, chart in charts.items():
        dataset, settings = datasets[chart["dataset_uuid"]], chart["params"]
        known = {column["column_name"] for column in dataset["columns"]}
        known |= {metric["metric_name"] for metric in dataset["metrics"]}
        asked = {each for key in _LISTS for each in settings.get(key, ())}
        asked |= {settings[key] for key in _SINGLE if key in settings}
        asked |= {json.loads(each)[0] for each in settings.get("order_by_cols", ())}
        assert asked and asked <= known, name
    dashboard = bundled["dashboards/kurasi"]
    tiles = [each["meta"] for each in dashboard["position"].values() if "chartId" in str(each)]
    assert {each["uuid"] for each in tiles} == {each["uuid"] for each in charts.values()}
    for each in dashboard["metadata"]["native_filter_configuration"]:
        [target] = each["targets"]
        columns = {column["column_name"] for column in datasets[target["datasetUuid"]]["columns"]}
        assert target["column"]["name"] in columns


def test_a_move_that_is_not_certain_is_no_zero(datasets: dict[str, Any]) -> None:
    [ranking] = [each for each in datasets.values() if each["table_name"] == "rpt_ranking"]
    expressions = {column["column_name"]: column["expression"] for column in ranking["columns"]}
    rows = "(values (null, null), (3, null), (3, 0), (3, 2), (3, -4)) as moves"
    told = duckdb.sql(
        f"select {expressions['move']} from {rows} (previous_rank, places_gained_count)"
    ).fetchall()
    assert [word for (word,) in told] == ["–", "tidak pasti", "tetap", "▲ naik 2", "▼ turun 4"]
    likely = duckdb.sql(
        f"select {expressions['likely_ranks']} from (values (2, 5), (3, 3)) as ranges "
        "(rank_likely_best, rank_likely_worst)"
    ).fetchall()
    assert likely == [("2 s.d. 5",), ("3",)]


def test_a_call_writes_the_bundle_or_says_what_to_do(
    home: Home, kurasi: Kurasi, tmp_path: Path
) -> None:
    target = tmp_path / "kurasi.zip"
    done = kurasi(
        home.root, "superset", "--out", str(target), "--published", "/published", "--json"
    )
    assert done.code == 0
    assert done.json["sqlalchemy_uri"].startswith("duckdb:////published/current/kurasi.duckdb?")
    assert target.read_bytes() == bundle(PurePosixPath("/published"))
    failed = kurasi(home.root, "superset", "--out", str(tmp_path / "none" / "kurasi.zip"))
    assert failed.code == 2 and "make it first" in failed.err
