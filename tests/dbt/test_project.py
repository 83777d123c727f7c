"""The dbt project keeps its own rules: layers, contracts, descriptions, types, data tests."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from ingest.home import Home
from orchestration.definitions import definitions
from tests import worlds
from tests.lakes import delivery, lake, offices, record
from tests.models import Models, run_dbt
from tests.properties import examples
from tests.reference import Lake

LAYERS = ["staging", "intermediate", "marts", "ranking", "reports"]
EMPTY = Lake([], [], [], [], [])


def layer(model: dict[str, Any]) -> int:
    """The place of a model's layer in the order of layers."""
    return LAYERS.index(model["fqn"][1])


def test_a_model_reads_its_own_or_an_earlier_layer_and_only_staging_reads_sources(
    models: Models,
) -> None:
    nodes = models.nodes("model")
    for name, node in nodes.items():
        for parent in node["depends_on"]["nodes"]:
            if layer(node) == 0 or parent not in nodes:
                assert (layer(node), parent.split(".")[0]) == (0, "source"), (name, parent)
            else:
                assert layer(nodes[parent]) <= layer(node), (name, parent)


def test_the_lake_is_read_through_sources_only(models: Models) -> None:
    files = {n["name"] for n in models.nodes("model").values() if "read_" in n["raw_code"]}
    assert files == set()


def test_marts_and_rankings_have_an_enforced_contract(models: Models) -> None:
    readers = {n["name"]: n for n in models.nodes("model").values() if layer(n) >= 2}
    assert {name for name, node in readers.items() if node["contract"]["enforced"]} == set(readers)
    assert len(readers) >= 14


def test_every_model_and_column_is_described(models: Models) -> None:
    for node in models.nodes("model").values():
        assert node["description"].strip(), node["name"]
        for name, column in node["columns"].items():
            assert column["description"].strip(), (node["name"], name)


def test_documented_columns_are_the_real_ones_with_their_types(models: Models) -> None:
    with models.build(EMPTY) as warehouse:
        for node in models.nodes("model").values():
            rows = warehouse.execute(f"describe {node['name']}").fetchall()
            real = {row[0]: row[1].lower() for row in rows}
            assert set(node["columns"]) == set(real), node["name"]
            if layer(node) >= 2:
                told = {name: column["data_type"] for name, column in node["columns"].items()}
                assert told == real, node["name"]


def test_no_column_is_a_float_or_would_become_one_in_parquet(models: Models) -> None:
    # A sum without a cast is a HUGEINT, which Parquet turns into a DOUBLE without a word.
    sql = "select table_name, column_name, data_type from information_schema.columns"
    with models.build(EMPTY) as warehouse:
        columns = warehouse.execute(sql).fetchall()
    assert len(columns) > 300
    assert [c for c in columns if re.search("FLOAT|DOUBLE|REAL|HUGEINT", c[2])] == []


def failures(models: Models, warehouse: Any) -> dict[str, int]:
    """How many rows each of dbt's data tests and constraints finds fault with, if any."""
    tests = {node["name"]: node["compiled_code"] for node in models.nodes("test").values()}
    tests |= {
        f"{node['name']}.{column}": f"select 1 from {node['name']} where {column} is null"
        for node in models.nodes("model").values()
        for column, told in node["columns"].items()
        if told["constraints"]
    }
    found = {name: len(warehouse.execute(sql).fetchall()) for name, sql in tests.items()}
    return {name: count for name, count in found.items() if count}


@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds.lakes())
def test_data_tests_find_no_fault_with_valid_worlds(models: Models, world: Lake) -> None:
    with models.build(world) as warehouse:
        assert failures(models, warehouse) == {}


@pytest.mark.parametrize(
    ("test", "damage"),
    [
        ("counted_and_uncounted_are_all_posts", "delete from int_post_values where value = 5"),
        ("counted_and_uncounted_are_all_posts", "insert into int_post_values from int_post_values"),
        ("ranks_have_no_holes", "update rank_monthly set rank = rank + 1"),
        ("ranks_have_no_holes", "update rank_monthly set rank = 3 where office_id = 'O2'"),
        ("rank_lies_between_its_bounds", "update rank_monthly set rank_best = rank + 1"),
        ("rank_lies_between_its_bounds", "update rank_monthly set rank_worst = rank - 1"),
        ("score_lies_between_its_bounds", "update rank_monthly set score_low = score + 1"),
        ("score_lies_between_its_bounds", "update rank_monthly set score_high = score - 1"),
        ("evidence_adds_up_to_the_score", "update rank_monthly set late_score = late_score + 1"),
        ("loaded_records_are_observations", "delete from int_observations where record_number = 1"),
        ("loaded_records_are_observations", "insert into int_observations from int_observations"),
    ],
)
def test_damage_is_found(models: Models, test: str, damage: str) -> None:
    files = delivery("2025-07-11", record(likes=5), record("P2", 3, platform_account_id="A2"))
    with models.build(lake(files, **offices(2))) as warehouse:
        assert failures(models, warehouse) == {}
        warehouse.execute(damage)
        assert test in failures(models, warehouse)


def test_every_data_test_is_an_asset_check(models: Models) -> None:
    graph = definitions(Home(models.home)).resolve_asset_graph()
    checks = {key.name for key in graph.asset_check_keys}
    tests = {node["name"] for node in models.nodes("test").values()}
    assert tests - checks == set()
    assert len(tests) > 70


def test_a_blank_where_the_contract_has_none_stops_the_build_and_the_old_table_stays(
    models: Models, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "warehouse").mkdir(parents=True)
    worlds.write_lake(lake(delivery("2025-07-11", record())), home / "lake")
    run_dbt(home, "run")
    offices = home / "lake" / "offices.parquet"
    pl.read_parquet(offices).with_columns(name=pl.lit(None, pl.String)).write_parquet(offices)
    with pytest.raises(subprocess.CalledProcessError):
        run_dbt(home, "run", "--select", "dim_office")
    with duckdb.connect(home / "warehouse" / "kurasi.duckdb", read_only=True) as warehouse:
        assert warehouse.execute("select office_name from dim_office").fetchall() == [("O1",)]


def test_unit_tests_and_contracts_hold_in_dbt(models: Models) -> None:
    worlds.write_lake(EMPTY, models.home / "lake")
    run_dbt(models.home, "build", "--exclude", "test_type:data")
