"""Which policy is in force, and when a month's cut-off has passed.

What belongs here: dates that schedules need before anything is built, from the policies as they are
written. What does not: which posts a cut-off leaves out; that is the warehouse's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.lake import Home
from ingest.policies import read_policies
from ingest.problems import InputProblems
from orchestration.publication.month import next_month, start_of

_MINISTRY = "Asia/Jakarta"
#: A cut-off lies at most 366 days after its month.
_LOOK_BACK = 14


def policy_on(home: Home, day: date) -> dict[str, Any] | None:
    """The policy in force on a day, as `contract.Policy`; a month's is the one on its first day.

    None also where a policy can't be read: a run tells its mistakes, a schedule only waits.
    """
    try:
        policies = read_policies(home.policies)
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


def cut_off(home: Home, now: datetime) -> date | None:
    """The first day of the newest month whose cut-off has passed under the policy in force in it.

    Args:
        home: whose policies hold.
        now: an instant in UTC, without a zone mark.

    Returns:
        None where no month of the last year has a policy with a cut-off that passed.
    """
    month = next_month(now.date().replace(day=1))
    for _ in range(_LOOK_BACK):
        policy = policy_on(home, month)
        if policy and policy["cutoff_days"] is not None:
            day = next_month(month) + timedelta(days=policy["cutoff_days"])
            if start_of(day, policy["time_zone"]) <= now:
                return month
        month = month_before(month)
    return None


def month_before(day: date) -> date:
    """The first day of the month before the one in which the day lies."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
