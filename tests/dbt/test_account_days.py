"""Golden cases: whose an account's day is, which year it lies in, and which capture holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from ingest.schemas import AccountDay
from tests.lakes import account, day, delivery, lake, record
from tests.models import Models
from tests.reference import Row

DAYS = {"holds": "account_days", "covers_posts": False, "kind": "days"}
FACTS = "select account_id, date_day, metric, metric_value from fct_account_day order by all"


def told(captured_at: str, *values: Row, **more: Any) -> tuple[Row, list[Row]]:
    """A delivery of account days, and its rows."""
    ledger, _ = delivery(captured_at, **{**DAYS, "record_count": len(values), **more})
    ledger["loaded_count"] = len(values)
    ledger["sha256"] = f"{hash((captured_at, str(values))):064x}"[-64:].replace("-", "0")
    common = {"platform": ledger["platform"], "kind": "days", "sha256": ledger["sha256"]}
    return ledger, [
        {**dict.fromkeys(AccountDay.column_names()), **common, "record_number": n, **value}
        for n, value in enumerate(values, 1)
    ]


def facts(models: Models, *deliveries: tuple[Row, list[Row]], sql: str = FACTS) -> list[Any]:
    """What the warehouse says of deliveries of account days."""
    accounts = [account("A1"), account("A2", platform="facebook", platform_account_id="F2")]
    folder = models.write(lake(*((ledger, []) for ledger, _ in deliveries), accounts=accounts))
    rows = [row for _, found in deliveries for row in found]
    frame = pl.DataFrame(rows, schema=AccountDay.create_empty().schema)
    AccountDay.validate(frame).write_parquet(folder / "account_days" / "some.parquet")
    with models.run() as database:
        return database.execute(sql).fetchall()


def followers(on: str, value: int | None, **more: Any) -> Row:
    return {"metric": "followers", "value": value, "date": day(on), **more}


def test_latest_capture_that_reports_a_value_holds(models: Models) -> None:
    found = facts(
        models,
        told("2025-08-02 00:00", followers("2025-08-01", 10), office_id="O1"),
        told("2025-08-03 00:00", followers("2025-08-01", 12), office_id="O1"),
        told("2025-08-04 00:00", followers("2025-08-01", None), office_id="O1"),
    )
    assert found == [("A1", date(2025, 8, 1), "followers", 12)]


def test_days_of_nobody_stay_out_of_the_fact(models: Models) -> None:
    nobody = told("2025-08-02 00:00", followers("2025-08-01", 10))
    assert facts(models, nobody) == []
    rows = facts(models, nobody, sql="select account_id, metric_value from int_account_days")
    assert rows == [(None, 10)]


def test_platform_that_no_export_tells_is_the_named_account_s(models: Models) -> None:
    row = followers("2025-08-01", 10, platform=None)
    told_of_account = told("2025-08-02 00:00", row, account_id="A2", platform=None)
    sql = "select account_id, platform from fct_account_day"
    assert facts(models, told_of_account, sql=sql) == [("A2", "facebook")]
    sender_only = told("2025-08-02 00:00", row, office_id="O1", platform=None)
    assert facts(models, sender_only, sql=sql) == []


@pytest.mark.parametrize(
    ("captured_at", "month", "number", "expected"),
    [
        ("2026-03-01 00:00", 2, 28, date(2026, 2, 28)),
        ("2026-02-27 12:00", 3, 1, date(2025, 3, 1)),
        ("2026-02-27 12:00", 2, 28, date(2026, 2, 28)),  # had begun east of UTC
        ("2026-02-27 12:00", 2, 29, date(2024, 2, 29)),
        ("2025-12-31 23:00", 1, 1, date(2026, 1, 1)),
        ("2026-01-01 00:00", 12, 31, date(2025, 12, 31)),
    ],
)
def test_day_without_a_year_is_the_last_before_the_capture(
    models: Models, captured_at: str, month: int, number: int, expected: date
) -> None:
    row = {"metric": "views", "value": 1, "month": month, "day": number}
    sql = "select date_day, is_year_inferred from fct_account_day"
    assert facts(models, told(captured_at, row, office_id="O1"), sql=sql) == [(expected, True)]


def test_video_of_facebook_is_the_post_whose_link_bears_its_number(models: Models) -> None:
    post = record("900", platform="facebook", permalink="https://www.facebook.com/reel/4388/")
    video = record("4388", platform="facebook", kind="facebook_videos")
    other = record("777", platform="facebook", kind="facebook_videos")
    files = [delivery("2025-07-11 00:00", post), delivery("2025-07-12 00:00", video, other)]
    with models.build(lake(*files)) as database:
        found = database.execute("select post_id from dim_post order by all").fetchall()
    assert found == [("777",), ("900",)]
