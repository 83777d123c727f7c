"""Which policy is in force, when a month's cut-off has passed, what keeps it from being final.

What belongs here: what schedules and the command need to know before they start a run. What does
not: which posts a cut-off leaves out; that is the warehouse's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.platforms import KEYS
from ingest.reference.errors import InputProblems
from ingest.reference.policies import read_policies
from ingest.storage import HomeIsNewer
from orchestration.publication import editions, finished_state
from orchestration.publication.month import next_month, start_of

#: Editions begin with it: long before any policy.
FIRST_MONTH = "2020-01"
_MINISTRY = "Asia/Jakarta"
#: A cut-off lies at most 366 days after its month.
_LOOK_BACK = 14


def policy_on(home: Home, day: date) -> dict[str, Any] | None:
    """The policy in force on a day, as `schemas.Policy`; a month's is the one on its first day.

    None also where a policy can't be read: a run names its mistakes, a schedule only waits.
    """
    try:
        policies = read_policies(home.policies, KEYS).policies
    except InputProblems:
        return None
    for policy in policies.iter_rows(named=True):
        end = policy["effective_to"]
        if policy["effective_from"] <= day and (end is None or day < end):
            return policy
    return None


def zone_of(home: Home) -> str:
    """The time zone of the policy in force today, the ministry's where none is."""
    policy = policy_on(home, datetime.now(UTC).date())
    return str(policy["time_zone"]) if policy else _MINISTRY


def cut_off(home: Home, now: datetime) -> list[date]:
    """The first days of the months whose cut-off has passed, newest first.

    Args:
        home: whose policies hold; each month has the cut-off of the policy in force in it.
        now: an instant in UTC, without a zone mark.

    Returns:
        Those of the last year that have a policy with a cut-off.
    """
    months = []
    month = next_month(now.date().replace(day=1))
    for _ in range(_LOOK_BACK):
        policy = policy_on(home, month)
        if policy and policy["cutoff_days"] is not None:
            day = next_month(month) + timedelta(days=policy["cutoff_days"])
            if start_of(day, policy["time_zone"]) <= now:
                months.append(month)
        month = month_before(month)
    return months


def lacks(home: Home, month: date) -> str | None:
    """What a month lacks to be final, as the last finished state has it; None where nothing.

    None also where nothing is built yet or the month is not ranked: nobody knows then.
    """
    policy = policy_on(home, month)
    try:
        states = finished_state.table(home, "rank_month_state").collect()
    except finished_state.NoState:
        return None
    found = states.filter(month=month, policy_id=policy and policy["policy_id"], is_complete=False)
    return str(found["state"].item()) if found.height else None


def first_month(home: Home) -> str:
    """The first month that is ranked or published in a home, as `2025-07`; where nothing is, the
    first that can be, for whoever looks at a home before its first run."""
    months = [folder.parent.name for folder in editions.folders(home)[:1]]
    try:
        ranked = finished_state.table(home, "rank_month_state").select(pl.col("month").min())
        first = ranked.collect().item()
    except (finished_state.NoState, HomeIsNewer, pl.exceptions.PolarsError, OSError):
        first = None  # whoever runs on such a home is told, or it is mended
    if first:
        months.append(f"{first:%Y-%m}")
    return max(FIRST_MONTH, min(months, default=FIRST_MONTH))


def month_before(day: date) -> date:
    """The first day of the month before the one in which the day lies."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
