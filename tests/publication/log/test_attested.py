"""The attested interval of a delivery, and what of a score stands on such deliveries."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.home import Home
from orchestration.publication.log.attested import intervals, newest_ids, shares
from orchestration.publication.log.store import Log
from orchestration.publication.month import Month, read_month
from tests.publication.conftest import AUGUST

Rows = list[dict[str, Any]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def log_of(*lines: tuple[str, str, str]) -> Log:
    """A log in memory: of each delivery its ID, its capture, and when that was logged."""
    log = Log(Path("log"))
    for delivery_id, captured_at, logged_at in lines:
        fact = {
            "kind": "delivery",
            "delivery_id": delivery_id,
            "captured_at": f"{captured_at.replace(' ', 'T')}:00Z",
            "logged_at": f"{logged_at.replace(' ', 'T')}:00Z",
        }
        log.take(json.dumps(fact).encode())
    return log


#: Captured at noon of 5 August; the newest ID in the file, when it was logged, and what follows.
CASES = {
    "within": ("2025-08-05 09:00", "2025-08-06 09:00", True),
    "a minute more": ("2025-08-05 09:00", "2025-08-06 09:01", False),
    "no ID": (None, "2025-08-05 13:00", False),
    "not logged": ("2025-08-05 09:00", None, False),
    "logged before it was captured": ("2025-08-05 09:00", "2025-08-05 11:00", False),
    "an ID from after the capture": ("2025-08-05 13:00", "2025-08-05 14:00", False),
    "clocks that differ by minutes": ("2025-08-05 12:10", "2025-08-05 12:20", True),
    "an ID from after the log": ("2025-08-05 12:10", "2025-08-05 12:05", False),
}


@pytest.mark.parametrize(("newest", "logged", "expected"), CASES.values(), ids=CASES.keys())
def test_a_day_lies_between_the_newest_id_and_the_line_of_the_log(
    newest: str | None, logged: str | None, expected: bool
) -> None:
    noon = "2025-08-05 12:00"
    deliveries = pl.DataFrame({"delivery_id": ["d"], "sha256": ["f"], "captured_at": [at(noon)]})
    ids = pl.DataFrame({"sha256": ["f"], "newest_id_at": [newest and at(newest)]}).cast(
        {"newest_id_at": pl.Datetime("us")}
    )
    log = log_of(*[("d", noon, logged)] if logged else [])
    (row,) = intervals(deliveries, ids, log).to_dicts()
    assert row["is_attested"] is expected
    assert row["newest_id_at"] == (newest and at(newest))
    assert (row["log_index"], row["logged_at"]) == ((0, at(logged)) if logged else (None, None))


def test_a_capture_that_is_told_later_is_logged_later() -> None:
    """The first line of a delivery says another capture, so it attests nothing of this one."""
    deliveries = pl.DataFrame(
        {"delivery_id": ["d"], "sha256": ["f"], "captured_at": [at("2025-08-04 12:00")]}
    )
    ids = pl.DataFrame({"sha256": ["f"], "newest_id_at": [at("2025-08-04 11:00")]})
    log = log_of(
        ("d", "2025-08-05 12:00", "2025-08-05 12:00"),
        ("d", "2025-08-04 12:00", "2025-08-09 12:00"),
        ("d", "2025-08-04 12:00", "2025-08-10 12:00"),
    )
    (row,) = intervals(deliveries, ids, log).to_dicts()
    assert (row["log_index"], row["logged_at"]) == (1, at("2025-08-09 12:00"))
    assert not row["is_attested"]


@pytest.fixture(scope="module")
def month(pristine: Home) -> Month:
    return read_month(pristine, AUGUST)


def test_the_newest_id_is_that_of_any_month(pristine: Home, month: Month) -> None:
    found = newest_ids(pristine, month.deliveries)
    rows: Rows = [
        row
        for path in (pristine.lake / "observations").rglob("*.parquet")
        for row in pl.read_parquet(path, glob=False, hive_partitioning=False).to_dicts()
    ]
    expected: dict[str, datetime | None] = {}
    for row in rows:
        known = expected.get(row["sha256"])
        told = row["id_at"]
        expected[row["sha256"]] = max(filter(None, (known, told)), default=None)
    assert dict(found.iter_rows()) == {
        sha256: expected[sha256] for sha256 in month.deliveries["sha256"] if sha256 in expected
    }
    assert found["newest_id_at"].drop_nulls().len()


def told(month: Month, attested: set[str]) -> pl.DataFrame:
    return shares(
        month,
        month.deliveries.select(
            "delivery_id", is_attested=pl.col("delivery_id").is_in(list(attested))
        ),
    )


def test_where_every_delivery_is_attested_every_score_is_and_where_none_is_none_is(
    month: Month,
) -> None:
    every = told(month, set(month.deliveries["delivery_id"]))
    assert every["attested_score"].equals(every["score"].rename("attested_score"))
    assert set(every.filter(pl.col("score") > 0)["attested_percent"]) == {100}
    assert set(every["category"]) == {"active", "popular"}
    assert (
        every.filter(pl.col("score") == 0)["attested_percent"].null_count()
        == every.filter(pl.col("score") == 0).height
    )
    none = told(month, set())
    assert set(none["attested_score"]) == {0}


def by_hand(month: Month, attested: set[str]) -> dict[tuple[str, str, str, str], int]:
    """The attested scores, post by post."""
    weights: dict[tuple[str, str], dict[str, int]] = {
        (row["policy_id"], row["platform"]): row
        for row in month.tables["dim_policy_weights"].to_dicts()
    }
    limits = dict(month.tables["dim_policy"].select("policy_id", "late_limit_hours").iter_rows())
    published = dict(month.posts.select("post_key", "published_at").iter_rows())
    seen: defaultdict[str, Rows] = defaultdict(list)
    for row in month.observations.to_dicts():
        seen[row["post_key"]].append(row)
    found: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for post in month.decisions.filter("is_counted", month=AUGUST).to_dicts():
        policy_id, ends = post["policy_id"], post["window_ends_at"]
        usable = [
            row
            for row in seen[post["post_key"]]
            if (post["cutoff_at"] is None or row["captured_at"] <= post["cutoff_at"])
            and policy_id not in (row["doubted_by"] or ())
            and row["captured_at"] >= (published[post["post_key"]] or datetime.min)
            and not (
                limits[policy_id] is not None
                and row["captured_at"] > ends + timedelta(hours=limits[policy_id])
            )
        ]
        key = (policy_id, post["league"], post["office_id"])
        if any(row["delivery_id"] in attested for row in usable):
            found[*key, "active"] += 1
        deciding: Rows = []
        for component in ("like", "comment", "share", "save"):
            if not weights[policy_id, post["platform"]][f"{component}_weight"]:
                continue
            told = [row for row in usable if row[f"{component}_count"] is not None]
            before = [
                row["captured_at"] for row in told if ends is None or row["captured_at"] <= ends
            ]
            after = [row["captured_at"] for row in told if ends and row["captured_at"] > ends]
            instants = set()
            if before:
                instants.add(max(before))
            if after and ends not in instants:
                instants.add(min(after))
            deciding += [row for row in told if row["captured_at"] in instants]
        if deciding and all(row["delivery_id"] in attested for row in deciding):
            found[*key, "popular"] += post["value"] or 0
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_post_counts_where_all_that_decides_it_is_attested(month: Month, seed: int) -> None:
    every = sorted(month.deliveries["delivery_id"])
    attested = set(random.Random(seed).sample(every, len(every) * 4 // 5))
    expected = by_hand(month, attested)
    rows = told(month, attested).to_dicts()
    found = {
        (row["policy_id"], row["league"], row["office_id"], row["category"]): row["attested_score"]
        for row in rows
    }
    assert {key: score for key, score in found.items() if score} == {
        key: score for key, score in expected.items() if score
    }
    assert any(0 < row["attested_score"] < row["score"] for row in rows)
    for row in rows:
        if row["score"]:
            assert row["attested_percent"] == row["attested_score"] * 100 // row["score"]
