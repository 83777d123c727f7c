"""Receipts: which of them are one delivery, and what sidecars and names say of it."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.pipeline import ingest
from ingest.receipts import Receipt
from ingest.receipts import deliveries as deliveries_of
from tests.ingest.exports import (
    EVENING,
    MORNING,
    NOON,
    POSTS,
    TIKTOK_STUDIO,
    VIDEOS,
    deliver,
    export,
    lake_rows,
    ledger,
)
from tests.properties import examples


def identities(home: Home) -> list[tuple[Any, ...]]:
    """What a delivery is: its bytes, when captured, by whom, of which account; and its state."""
    keys = ("captured_at", "captured_at_source", "office_id", "account_id", "status")
    return [tuple(row[key] for key in keys) for row in ledger(home)]


# Which receipts are one delivery.


@pytest.mark.parametrize("order", [(MORNING, EVENING), (EVENING, MORNING)])
def test_the_same_file_twice_is_one_delivery_with_the_earliest_receipt(
    home: Home, order: tuple[str, str]
) -> None:
    for at in order:
        deliver(home, "kanwil-jabar/posts.csv", POSTS, at)
        ingest(home)
    deliver(home, "kanwil-jabar/again/copy of posts.csv", POSTS, NOON)
    ingest(home)
    (row,) = ledger(home)
    assert row["captured_at"] == row["received_at"] == datetime.fromisoformat(MORNING)
    assert (row["name"], row["captured_at_source"]) == ("posts.csv", "receipt")
    assert len(lake_rows(home)["observations"]) == 3


def test_the_same_bytes_for_two_instants_are_two_deliveries(home: Home) -> None:
    for instant in ("2025-08-02T08:00:00+07:00", "2025-08-02T12:00:00.900+07:00"):
        deliver(home, "kanwil-jabar/posts.csv", POSTS, NOON, {"captured_at": instant})
        ingest(home)
    assert [row[:2] for row in identities(home)] == [
        (datetime(2025, 8, 2, 1), "sidecar"),
        (datetime(2025, 8, 2, 5), "sidecar"),
    ]
    assert len(lake_rows(home)["observations"]) == 3, "the bytes are read once"


def test_the_same_bytes_of_two_offices_or_accounts_are_two_deliveries(home: Home) -> None:
    deliver(home, "kanwil-jabar/posts.csv", POSTS, NOON)
    deliver(home, "kanwil-bali/posts.csv", POSTS, NOON)
    deliver(home, "kiriman/one.csv", POSTS, NOON, {"office_id": "djki", "account_id": "djki-1"})
    deliver(home, "kiriman/two.csv", POSTS, NOON, {"office_id": "djki", "account_id": "djki-2"})
    ingest(home)
    assert sorted((row[2], row[3]) for row in identities(home)) == [
        *(("djki", "djki-1"), ("djki", "djki-2")),
        *(("kanwil-bali", None), ("kanwil-jabar", None)),
    ]


def test_a_receipt_without_an_instant_says_nothing_new_after_a_known_capture(home: Home) -> None:
    sidecar = {"captured_at": "2025-08-02T05:00:00Z", "office_id": "kanwil-jabar"}
    deliver(home, "kanwil-jabar/told.csv", POSTS, NOON, sidecar)
    deliver(home, "kanwil-jabar/later.csv", POSTS, EVENING)
    ingest(home)
    assert [row[:2] for row in identities(home)] == [(datetime(2025, 8, 2, 5), "sidecar")]
    deliver(home, "kanwil-jabar/sooner.csv", POSTS, MORNING)  # before the capture, so it does
    ingest(home)
    assert [row[:2] for row in identities(home)] == [
        (datetime(2025, 8, 2, 1), "receipt"),
        (datetime(2025, 8, 2, 5), "sidecar"),
    ]


def test_a_sidecar_that_comes_later_tells_whose_the_same_delivery_is(home: Home) -> None:
    deliver(home, "kiriman/Table data.csv", VIDEOS, NOON)
    ingest(home)
    assert identities(home)[0][2:4] == ("kiriman", None)
    sidecar = {"office_id": "djki", "account_id": "djki-youtube", "covers_from": "2025-07-01"}
    deliver(home, "kiriman/Table data.csv", VIDEOS, NOON, sidecar)
    ingest(home)
    (row,) = ledger(home)
    assert (row["office_id"], row["account_id"]) == ("djki", "djki-youtube")
    assert (row["covers_from"], row["covers_to"]) == (date(2025, 7, 1), None)


# What the sidecar and the name say.


@pytest.mark.parametrize(
    ("name", "captured_at", "source"),
    [
        ("Content_1754100000_a.csv", datetime(2025, 8, 2, 2), "name"),
        ("Content_2025-07-05_1754100000999_a.csv", datetime(2025, 8, 2, 2), "name"),
        ("Content_17541000001_a.csv", datetime(2025, 8, 2, 5), "receipt"),
        ("Content_user1754100000.csv", datetime(2025, 8, 2, 5), "receipt"),
        ("Content.csv", datetime(2025, 8, 2, 5), "receipt"),
    ],
)
def test_tiktok_s_names_tell_the_instant(
    home: Home, name: str, captured_at: datetime, source: str
) -> None:
    deliver(home, f"a/{name}", export(TIKTOK_STUDIO), NOON)
    ingest(home)
    assert identities(home)[0][:2] == (captured_at, source)


def test_digits_in_another_platform_s_name_are_no_instant(home: Home) -> None:
    deliver(home, "a/Jul-01-2025_Jul-31-2025_1754100000.csv", POSTS, NOON)
    ingest(home)
    assert identities(home)[0][1] == "receipt"


@pytest.mark.parametrize(
    ("name", "covers"),
    [
        ("Jul-01-2025_Jul-31-2025_123.csv", (date(2025, 7, 1), date(2025, 7, 31))),
        (
            "account_analytics_content_2025-07-01_2025-07-31.csv",
            (date(2025, 7, 1), date(2025, 7, 31)),
        ),
        ("Jul-40-2025_Jul-31-2025_123.csv", (None, None)),
        ("Xyz-01-2025_Jul-31-2025_123.csv", (None, None)),
        ("posts.csv", (None, None)),
    ],
)
def test_a_range_in_the_name_is_coverage_and_no_instant(
    home: Home, name: str, covers: tuple[date | None, date | None]
) -> None:
    deliver(home, f"a/{name}", POSTS, NOON)
    ingest(home)
    (row,) = ledger(home)
    assert (row["covers_from"], row["covers_to"]) == covers
    assert row["captured_at_source"] == "receipt"


def test_the_sidecar_goes_before_the_name_and_the_folder(home: Home) -> None:
    sidecar = {
        "captured_at": "2025-08-02T08:30:00+07:00",
        "office_id": "djki",
        "account_id": "djki-tiktok",
        "covers_from": "2025-06-01",
        "covers_to": "2025-07-31",
    }
    name = "kanwil-jabar/Content_2025-07-05_2025-08-01_1754100000.csv"
    deliver(home, name, export(TIKTOK_STUDIO), NOON, sidecar)
    ingest(home)
    (row,) = ledger(home)
    assert row["captured_at"] == datetime(2025, 8, 2, 1, 30)
    assert (row["office_id"], row["account_id"]) == ("djki", "djki-tiktok")
    assert (row["covers_from"], row["covers_to"]) == (date(2025, 6, 1), date(2025, 7, 31))


def test_a_file_at_the_top_of_the_inbox_names_no_sender(home: Home) -> None:
    deliver(home, "posts.csv", POSTS, NOON)
    ingest(home)
    assert identities(home)[0][2:4] == (None, None)


@pytest.mark.parametrize(
    ("sidecar", "key"),
    [
        *(("", "the file"), ("{", "the file"), ("[]", "the file"), ("captured_at: x", "the file")),
        ('{"captured_at": "2025-08-02T08:00:00"}', "captured_at"),  # without an offset
        ('{"captured_at": "2025-08-02"}', "captured_at"),
        ('{"captured_at": 1754100000}', "captured_at"),
        ('{"captured_at": "0205-08-02T08:00:00Z"}', "captured_at"),  # a slip in the year
        ('{"captured_at": "9999-12-31T23:00:00-12:00"}', "captured_at"),
        ('{"captured_on": "2025-08-02T08:00:00Z"}', "captured_on"),
        ('{"office_id": ""}', "office_id"),
        ('{"account_id": 7}', "account_id"),
        ('{"covers_from": "1 July"}', "covers_from"),
    ],
)
def test_a_sidecar_that_can_t_be_read_quarantines_its_delivery_until_it_is_corrected(
    home: Home, sidecar: str, key: str
) -> None:
    deliver(home, "kanwil-jabar/posts.csv", POSTS, NOON, sidecar)
    deliver(home, "kanwil-bali/posts.csv", POSTS, NOON)
    assert ingest(home).quarantined == 1
    broken = [row for row in ledger(home) if row["status"] == "quarantined"]
    assert [row["folder"] for row in broken] == ["kanwil-jabar"]
    assert broken[0]["reason"].startswith(f"posts.csv.delivery.json: {key}: ")
    assert [row[2] for row in identities(home) if row[4] == "loaded"] == ["kanwil-bali"]

    corrected = {"captured_at": "2025-08-02T08:00:00+07:00"}
    deliver(home, "kanwil-jabar/posts.csv", POSTS, NOON, corrected)
    ingest(home)
    assert [(row[0], row[2], row[4]) for row in identities(home)] == [
        (datetime(2025, 8, 2, 1), "kanwil-jabar", "loaded"),
        (datetime(2025, 8, 2, 5), "kanwil-bali", "loaded"),
    ]


def test_a_sidecar_with_a_byte_order_mark_is_read(home: Home) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON, '\ufeff{"captured_at": "2025-08-02T01:00:00Z"}')
    ingest(home)
    assert identities(home)[0][:2] == (datetime(2025, 8, 2, 1), "sidecar")


def test_a_sidecar_beside_no_export_is_told(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    deliver(home, "a/posts.csv", POSTS, NOON, "{}").rename(home.inbox / "a/renamed.csv")
    assert ingest(home).not_taken == 1
    assert "a/posts.csv.delivery.json is not taken: it stands beside no export" in caplog.text


# For any receipts.

_SIDECARS = [
    *(None, "", "{}", '{"captured_at": "2025-08-02T08:00:00"}', '{"account_id": "one"}'),
    *('{"captured_at": "2025-08-02T02:00:00Z"}', '{"captured_at": "2025-08-02T04:00:00Z"}'),
    *('{"office_id": "djki", "account_id": "two"}', '{"covers_from": "2025-07-01"}'),
]
RECEIPTS = st.lists(
    st.builds(
        Receipt,
        sha256=st.sampled_from(["a" * 64, "b" * 64]),
        name=st.sampled_from(
            ["posts.csv", "Content_1754100000_a.csv", "a_2025-07-01_2025-08-01.zip/posts.csv"]
        ),
        folder=st.sampled_from(["", "djki", "kanwil-bali", "kanwil-bali/x"]),
        received_at=st.sampled_from([datetime(2025, 8, 2, hour) for hour in (1, 3, 5)]),
        sidecar=st.sampled_from(_SIDECARS),
    ),
    max_size=8,
    unique=True,
)


@given(receipts=RECEIPTS, seed=st.integers(0, 2**32))
@settings(max_examples=examples(500))
def test_receipts_in_any_order_make_the_same_deliveries(receipts: list[Receipt], seed: int) -> None:
    platforms = {"a" * 64: "tiktok", "b" * 64: None}
    found = list(deliveries_of(receipts, platforms))
    shuffled = random.Random(seed).sample(receipts, len(receipts))
    assert list(deliveries_of(shuffled, platforms)) == found
    assert list(deliveries_of(receipts * 2, platforms)) == found
    # No bytes go without a delivery, and none goes by the same name as another.
    assert {each.receipt.sha256 for each in found} == {each.sha256 for each in receipts}
    assert len({each.delivery_id for each in found}) == len(found)
    identities = [
        (each.receipt.sha256, each.captured_at, each.claims.office_id, each.claims.account_id)
        for each in found
        if each.problem is None
    ]
    assert len(set(identities)) == len(identities)
