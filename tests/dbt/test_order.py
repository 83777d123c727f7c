"""Same input, same result: whatever the order of rows and files, and the number of threads."""

from __future__ import annotations

import random
from dataclasses import fields
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.models import Models
from tests.properties import examples
from tests.reference import Lake

READERS = ("marts", "ranking", "reports")


def tables(models: Models, threads: int) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables for readers of the lake as it lies there, in a total order."""
    names = [n["name"] for n in models.nodes("model").values() if n["fqn"][1] in READERS]
    with models.run(threads) as warehouse:
        return {n: warehouse.execute(f"from {n} order by all").fetchall() for n in names}


@settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lake=worlds.lakes(), rng=st.randoms(use_true_random=False))
def test_order_of_rows_and_files_and_number_of_threads_change_nothing(
    models: Models, lake: Lake, rng: random.Random
) -> None:
    models.write(lake)
    expected = tables(models, threads=1)

    shuffled = {f.name: rng.sample(rows := getattr(lake, f.name), len(rows)) for f in fields(lake)}
    folder = models.write(Lake(**shuffled))
    files = sorted(folder.glob("observations/**/*.parquet"))
    for file, place in zip(files, rng.sample(range(len(files)), len(files)), strict=True):
        file.rename(file.with_name(f"{place:04}.parquet"))
    assert tables(models, threads=2) == expected
