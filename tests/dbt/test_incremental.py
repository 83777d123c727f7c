"""Building only what changed gives what building everything gives, over any history of a lake."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.lakes import account, day, delivery, lake, office, offices, policy, record
from tests.models import Models, run_dbt
from tests.properties import examples
from tests.reference import Lake

#: What tells how a build went, not what it made.
LEFT_OUT = ("int_months", "int_batch_months", "int_month_inputs", "int_record_ids")


def tables(models: Models, warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """The rows of every model, in a total order, but for numbers that hold within one build."""
    kept = "select columns(c -> c not in ('observation_order', 'last_order'))"
    return {
        node["name"]: warehouse.execute(f"{kept} from {node['name']} order by all").fetchall()
        for node in models.nodes("model").values()
        if node["name"] not in LEFT_OUT
    }


def history(whole: Lake, rng: random.Random) -> list[Lake]:
    """A lake as it grew: deliveries in any order, some taken back, the registry and the policies
    corrected on the way."""
    told = rng.sample(whole.deliveries, len(whole.deliveries))
    states = []
    for count in sorted({rng.randint(0, len(told)) for _ in range(3)} | {len(told)}):
        known = told[:count]
        if rng.random() < 0.2:
            known = known[1:]
        hashes = {row["sha256"] for row in known}
        state = replace(
            whole,
            deliveries=known,
            observations=[row for row in whole.observations if row["sha256"] in hashes],
        )
        if rng.random() < 0.4 and whole.accounts:
            state = replace(state, accounts=_corrected(whole.accounts, rng))
        if rng.random() < 0.2:
            state = replace(state, policies=whole.policies[:1])
        if rng.random() < 0.3:
            changed = {**whole.policies[0], "window_hours": 1, "policy_sha256": "0" * 64}
            state = replace(state, policies=[changed, *whole.policies[1:]])
        if rng.random() < 0.2:
            offices = [{**row, "league": "upt"} for row in whole.offices]
            state = replace(state, offices=offices)
        states.append(state)
    return states


def _corrected(accounts: list[Any], rng: random.Random) -> list[Any]:
    """Accounts of which one is not there yet, is known by a handle only, or is valid later."""
    place = rng.randrange(len(accounts))
    row = accounts[place]
    fault = rng.choice(["missing", "handle", "later"])
    rest = accounts[:place] + accounts[place + 1 :]
    if fault == "missing":
        return rest
    if fault == "handle":
        return [*rest, {**row, "platform_account_id": None}]
    return [*rest, {**row, "valid_from": row["valid_from"] + timedelta(days=500)}]


@settings(
    max_examples=examples(20),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(whole=worlds.lakes(), rng=st.randoms(use_true_random=False))
def test_any_history_ends_as_a_full_build(models: Models, whole: Lake, rng: random.Random) -> None:
    warehouse = None
    for state in history(whole, rng):
        models.write(state)
        if warehouse is None:
            warehouse = models.run()
        else:
            models.update(warehouse)
        with models.run() as full:
            assert tables(models, warehouse) == tables(models, full)
    assert warehouse is not None
    warehouse.close()


def rebuilt(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "select strftime(post_month, '%Y-%m') from int_months where is_rebuilt order by all"
    return [month for (month,) in warehouse.execute(sql).fetchall()]


def test_only_months_that_something_touches_are_rebuilt(models: Models) -> None:
    june = delivery("2025-06-11", record("J", at="2025-06-10"))
    july = delivery("2025-07-11", record("P1", 5))
    models.write(lake(june, july))
    with models.run() as warehouse:
        assert rebuilt(warehouse) == ["2025-06", "2025-07"]
        models.update(warehouse)
        assert rebuilt(warehouse) == []
        models.write(lake(june, july, delivery("2025-07-12", record("P1", 7))))
        models.update(warehouse)
        assert rebuilt(warehouse) == ["2025-07"]


def test_a_post_that_moves_between_months_takes_both_with_it(models: Models) -> None:
    """A number alone is known in July; its shortcode, published in June, comes later and goes."""
    number = delivery("2025-07-12", record("179", 3, delivered_post_id="179"))
    told = delivery("2025-07-13", record("ABC", 5, "2025-06-30 23:00", delivered_post_id="179"))
    steps = [lake(number), lake(number, told), lake(number)]
    models.write(steps[0])
    warehouse = models.run()
    for step, months in zip(steps[1:], (["2025-06", "2025-07"],) * 2, strict=True):
        models.write(step)
        models.update(warehouse)
        assert rebuilt(warehouse) == months
        with models.run() as full:
            assert tables(models, warehouse) == tables(models, full)
    warehouse.close()


JUNE = delivery("2025-06-11", record("J", 3, at="2025-06-10"))
JULY = delivery("2025-07-11", record("P1", 5, platform_account_id="A2"))
TWO = offices(2)
SOUND = lake(JUNE, JULY, **TWO)
#: A later export of A1 whose range takes in June, and that lacks its post there.
LACKING = delivery(
    "2025-08-01",
    record("P2", 5),
    covers_from=day("2025-06-01"),
    covers_to=day("2025-07-31"),
)


@pytest.mark.parametrize(
    ("after", "months"),
    [
        (lake(JUNE, JULY, LACKING, **TWO), ["2025-06", "2025-07"]),
        (replace(SOUND, accounts=[account("A1", "O2"), TWO["accounts"][1]]), ["2025-06"]),
        (replace(SOUND, offices=[office("O1", league="upt"), office("O2")]), ["2025-06"]),
        (replace(SOUND, policies=[policy(window_hours=1)]), ["2025-06", "2025-07"]),
        (lake(JULY, **TWO), ["2025-06"]),
    ],
    ids=["a range", "an account", "an office", "a policy", "an erased file"],
)
def test_what_decides_a_month_rebuilds_it_and_no_other(
    models: Models, after: Lake, months: list[str]
) -> None:
    models.write(SOUND)
    with models.run() as warehouse:
        before = tables(models, warehouse)
        models.write(after)
        models.update(warehouse)
        assert rebuilt(warehouse) == months
        with models.run() as full:
            assert tables(models, warehouse) == tables(models, full) != before


def test_dbt_itself_builds_month_by_month_what_a_full_build_gives(
    models: Models, tmp_path: Path
) -> None:
    (tmp_path / "warehouse").mkdir()
    later = delivery("2025-07-20", record("P1", 7, platform_account_id="A2"))
    both = ["2025-06", "2025-07"]
    for state, months in (
        (SOUND, both),
        (lake(JUNE, JULY, LACKING, **TWO), both),
        (lake(JUNE, JULY, LACKING, later, **TWO), both[1:]),
    ):
        shutil.rmtree(tmp_path / "lake", ignore_errors=True)
        worlds.write_lake(state, tmp_path / "lake")
        run_dbt(tmp_path, "run")
        with (
            models.build(state) as full,
            duckdb.connect(tmp_path / "warehouse" / "kurasi.duckdb", read_only=True) as warehouse,
        ):
            assert rebuilt(warehouse) == months
            # Views of the lake find it from where dbt runs.
            warehouse.execute(f"set file_search_path = '{tmp_path / 'warehouse'}'")
            assert tables(models, warehouse) == tables(models, full)
        # By the dates themselves: by a sub-query the tables below would be read whole.
        [ran] = (tmp_path / "target" / "run").rglob("int_posts.sql")
        assert "int_batch_months" not in ran.read_text()
        dates = ", ".join(f"date '{month}-01'" for month in months)
        assert f"post_month in ({dates})" in ran.read_text()
