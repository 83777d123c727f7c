"""The rows of a month as the bulletin's rooms need them: under one policy, by office and league.

What belongs here: choosing and grouping an edition's rows, order statistics of them, and how
offices and accounts are called. What does not: words and which of it is told.

Text that people wrote (names, reasons, handles) is made harmless for the eye here, once: control
and formatting characters stand in it as `\\x1b`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from ingest.regular_files import shown
from orchestration.publication.bulletin.language import Language
from orchestration.publication.month import PublishedMonth, next_month

Row = dict[str, Any]
Number = TypeVar("Number", int, Decimal)
_REGIONAL = "Kantor Wilayah Kementerian Hukum "


class Facts:
    """A month under the policy that is told, in one language."""

    def __init__(self, month: PublishedMonth, language: Language) -> None:
        self.month = month
        self.language = language
        #: The policy that is told, a row of `dim_policy`.
        self.policy = told_policy(month)
        self.policy_id = str(self.policy["policy_id"])

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, of one that knows policies those of the policy that is told.

        None of a table that the edition has not.
        """
        found = self.month.tables.get(table)
        if found is None:
            return []
        if "policy_id" in found.columns:
            found = found.filter(policy_id=self.policy_id)
        return found.to_dicts()

    @property
    def policy_title(self) -> str:
        """How the policy is called."""
        return self.title_of(self.policy)

    @staticmethod
    def title_of(policy: Row) -> str:
        """How a policy is called, which its author wrote."""
        return shown(policy["title"])

    @cached_property
    def state(self) -> Row:
        """What the month has under it, a row of `rank_month_state`."""
        return self.rows("rank_month_state")[0]

    @cached_property
    def rankings(self) -> dict[tuple[str, str], list[Row]]:
        """League and category to the rows of a ranking, in the order of ranks."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows("rank_monthly"):
            found[row["league"], row["category"]].append(row)
        return dict(found)

    @cached_property
    def leagues(self) -> list[str]:
        """The leagues that are ranked, in the order in which the policy names them."""
        ranked = {league for league, _ in self.rankings}
        return [league for league in self.policy["leagues"] if league in ranked]

    @cached_property
    def offices(self) -> dict[str, str]:
        """Office ID to its last name in the month."""
        spans = self.month.tables["dim_office"].filter(
            pl.col("valid_from_date") < next_month(self.month.first_day)
        )
        named = spans.sort("office_id", "valid_from_date").select("office_id", "office_name")
        return {office: shown(name or office) for office, name in named.iter_rows()}

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Office ID to its name without what all regional offices share, where that is enough."""
        shortened = {
            office: name.removeprefix(_REGIONAL).strip() or name
            for office, name in self.offices.items()
        }
        times = Counter(shortened.values())
        return {
            office: short if times[short] == 1 else self.offices[office]
            for office, short in shortened.items()
        }

    def office(self, office_id: str) -> str:
        """An office's short name; its ID where it has none."""
        return self.short_names.get(office_id, shown(office_id))

    @cached_property
    def platforms(self) -> dict[str, str]:
        """Platform to its name, in the order in which the policy names them."""
        named = self.month.tables["dim_platform"].select("platform", "platform_name")
        names = dict(named.iter_rows())
        return {platform: names.get(platform, platform) for platform in self.policy["platforms"]}

    def platform(self, platform: str) -> str:
        """How a platform is called."""
        return self.platforms.get(platform, platform)

    @cached_property
    def counted(self) -> list[Row]:
        """The posts that count, with their values."""
        return [row for row in self.rows("fct_post_month") if row["is_counted"]]

    @cached_property
    def posts_of(self) -> dict[tuple[str, str], list[Row]]:
        """League and office to all its posts, counted or not."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows("fct_post_month"):
            if row["office_id"]:
                found[row["league"], row["office_id"]].append(row)
        return found

    @cached_property
    def known_values(self) -> dict[tuple[str, str], list[int]]:
        """League and platform to the values of its counted posts, ascending; a post of which
        nothing was seen has none."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.counted:
            if row["value"] is not None:
                found[row["league"], row["platform"]].append(row["value"])
        return {group: sorted(values) for group, values in found.items()}

    @cached_property
    def accounts_of(self) -> dict[str, list[Row]]:
        """Office to its accounts of the policy's platforms in the month: `account_id`, `platform`,
        `account` (as people call it) and the `state` of its exports."""
        states = {row["account_id"]: row["state"] for row in self.rows("fct_coverage")}
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for span in self.month.tables["dim_account"].iter_rows(named=True):
            account = span["account_id"]
            if account in states and self._touches_the_month(span):
                found[span["office_id"]][account] = {
                    "account_id": account,
                    "platform": span["platform"],
                    "account": shown(span["handle"] or span["account_name"] or account),
                    "state": states[account],
                }
        order = list(self.platforms)
        return {
            office: sorted(
                accounts.values(), key=lambda row: (order.index(row["platform"]), row["account_id"])
            )
            for office, accounts in found.items()
        }

    @cached_property
    def unregistered_posts_of(self) -> Counter[str]:
        """Office to how many posts did not count, for its account was registered to nobody then."""
        spans = self.month.tables["dim_account"].sort("account_id", "valid_from_date")
        office_of = dict(spans.select("account_id", "office_id").iter_rows())
        return Counter(
            office_of[row["account_id"]]
            for row in self.rows("fct_post_month")
            if row["reason"] == "account_not_valid" and row["account_id"] in office_of
        )

    def _touches_the_month(self, span: Row) -> bool:
        ends: date | None = span["valid_to_date"]
        begins_in_time: bool = span["valid_from_date"] < next_month(self.month.first_day)
        return begins_in_time and (ends is None or ends > self.month.first_day)


def told_policy(month: PublishedMonth) -> Row:
    """The policy in force, a row of `dim_policy`; where there is none the first that ranks it."""
    policy_id = month.official_policy or month.tables["rank_monthly"]["policy_id"][0]
    return month.tables["dim_policy"].row(by_predicate=pl.col("policy_id") == policy_id, named=True)


def nearest_rank(values: Sequence[Number], quarter: int) -> Number:
    """The quartile of ascending values: the smallest that so many quarters do not exceed.

    Args:
        values: ascending, at least one.
        quarter: 1 the lower quartile, 2 the median, 3 the upper quartile.
    """
    position = -(-len(values) * quarter // 4)  # rounded up, counted from 1
    return values[position - 1]
