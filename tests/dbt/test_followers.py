"""Golden cases: followers at posting time, and interactions per thousand of them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ingest.schemas import AccountDay
from tests.dbt.test_account_days import followers, told
from tests.lakes import account, delivery, lake, record
from tests.models import Models

SQL = """
    select platform, post_count, known_post_count, follower_count, interaction_count,
        cast(per_thousand_ratio as varchar)
    from agg_office_followers
    order by platform nulls last
"""


def test_followers_are_those_told_last_within_the_week_up_to_the_cut_off(models: Models) -> None:
    posts = [
        record("before", 5, at="2025-07-03 05:00"),  # nobody told any yet
        record("last day", 6, at="2025-07-10 05:00"),  # 1,000 six days before
        record("that day", 9, at="2025-07-11 05:00"),  # 2,001
        record("a week later", 7, at="2025-07-18 05:00"),  # too old
    ]
    days = [
        told("2025-07-05 00:00", followers("2025-07-04", 1000), account_id="A1"),
        told("2025-07-12 00:00", followers("2025-07-11", 2001), account_id="A1"),
        # The cut-off is on 7 August, 17:00 UTC.
        told("2025-08-07 17:00:01", followers("2025-07-11", 9999), account_id="A1"),
    ]
    page = record("page", 3, platform="facebook", platform_account_id="F2", at="2025-07-15 05:00")
    # A response, which tells how many follow the page on that day.
    response = delivery("2025-07-15 06:00", page, platform="facebook")
    files = [delivery("2025-07-20 00:00", *posts), response]
    deliveries = [*files, *((ledger, []) for ledger, _ in days)]
    accounts = [account("A1"), account("A2", platform="facebook", platform_account_id="F2")]
    world = lake(*deliveries, accounts=accounts)
    folder = models.write(replace(world, followers={response[0]["sha256"]: 500}))
    rows = [row for _, found in days for row in found]
    frame = pl.DataFrame(rows, schema=AccountDay.create_empty().schema)
    AccountDay.validate(frame).write_parquet(folder / "account_days" / "some.parquet")
    with models.run() as warehouse:
        found = warehouse.execute(SQL).fetchall()
    # The mean of 1,000 and 2,001, half up; 15 interactions: 1,000 * 15 / 1,501 = 9.993.
    assert found == [
        ("facebook", 1, 1, 500, 3, "6.00"),
        ("instagram", 4, 2, 1501, 15, "9.99"),
        (None, 5, 3, 2001, 18, "9.00"),  # 8.996
    ]
