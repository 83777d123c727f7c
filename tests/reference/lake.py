"""What the reference reads and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
COMPONENTS = ("like", "comment", "share", "save")
PRECISIONS = ("second", "minute", "day")
#: From the strongest to the weakest; the last is no evidence at all.
GRADES = ("exact", "interpolated", "late", "early", "none")
STATES = ("complete", "partial", "missing")


@dataclass(frozen=True)
class Lake:
    """The lake's tables as rows with the columns of `ingest.schemas`; instants in UTC.

    A policy's row also has `engagement_on` (platform to component to weight) and `growth` (platform
    to rows of hours, low, typical, high), both null where the policy has none.
    """

    observations: list[Row]
    deliveries: list[Row]
    offices: list[Row]
    accounts: list[Row]
    policies: list[Row]
    rejects: list[Row] = field(default_factory=list)
    campaigns: list[Row] = field(default_factory=list)
    #: How many posts a response says that its accounts have, by the file's hash.
    posts_in_all: dict[str, int] = field(default_factory=dict)
    followers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What follows from a lake; months are `YYYY-MM` in the policy's time zone.

    Keys: (policy_id, platform, post_id); (policy_id, month, league, category, office_id);
    (policy_id, month, account_id); (policy_id, month).
    """

    post_month: dict[tuple[str, str, str], Row]
    rank_monthly: dict[tuple[str, str, str, str, str], Row]
    coverage: dict[tuple[str, str, str], str]
    evidence_percent: dict[tuple[str, str], int]
