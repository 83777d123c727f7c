"""What the sheets of a workbook are made of: an edition and the language that it is told in.

What belongs here: what every sheet tells of its month, and how columns and rows begin. What does
not: any one sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from babel.dates import format_date

from orchestration.publication.labels import HEADINGS, STATUSES, Words
from orchestration.publication.month import PublishedMonth
from orchestration.publication.workbook.page import Cell, Column
from orchestration.publication.workbook.tables import shown_policy

#: How wide a column is, in digits.
_WIDTHS = {
    "rank": 9,
    "top_ten": 7,
    "office_name": 31,
    "likely_ranks": 13,
    "likely_scores": 14,
    "possible_scores": 20,
    "score": 8,
    "post_count": 10,
    "completeness": 13,
    "league": 16,
    "category": 22,
    "platform": 11,
    "handle": 22,
    "account_id": 24,
    "office_id": 24,
    "state": 14,
    "published_local": 17,
    "post_id": 24,
    "reason": 20,
    "value": 9,
    "likely_values": 17,
    "possible_values": 19,
    "grade": 13,
    "policy_id": 20,
    "causes": 34,
    "objection_id": 21,
    "possible_ranks": 11,
    "rank_gain": 11,
    "official_rank": 11,
    "deadline_date": 13,
    "claim_count": 12,
    "filed_date": 13,
    "answered_date": 13,
    "outcome": 17,
    "answer_number": 10,
    "reasons": 28,
}
_WIDTH = 10
#: Columns of text that stands like numbers; numbers themselves stand to the right.
_CENTERED = {
    "rank",
    "top_ten",
    "likely_ranks",
    "possible_ranks",
    "likely_scores",
    "possible_scores",
    "likely_values",
    "possible_values",
    "rank_without_best_post",
    "before",
    "after",
    "official_rank",
    "rank_gain",
    "answer_number",
}
_TO_THE_RIGHT = {
    "score",
    "post_count",
    "exact_score",
    "interpolated_score",
    "late_score",
    "early_score",
    "none_score",
    "complete_account_count",
    "partial_account_count",
    "missing_account_count",
    "value",
    "score_before",
    "score_after",
    "claim_count",
}
_NONE = Words("Tidak ada.", "None.")


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What the sheets are made of."""

    month: PublishedMonth
    #: The edition's ID, status, reason and what the month lacks.
    manifest: Mapping[str, Any]
    #: The document of `difference.json`.
    moved: Mapping[str, Any]
    #: As in `objections.csv`.
    objections: pl.DataFrame
    language: str

    @property
    def month_name(self) -> str:
        """As `Agustus 2025`."""
        return str(format_date(self.month.first_day, "MMMM y", locale=self.language))

    @property
    def policy(self) -> str:
        """The policy that the sheets tell."""
        return shown_policy(self.month)

    @property
    def state(self) -> str:
        """The edition, its status, and what the month has."""
        status = STATUSES[self.manifest["status"]].told(self.language)
        edition = Words("Edisi", "Edition").told(self.language)
        return f"{edition} {self.manifest['edition_id']}, status {status} · {self.completeness}"

    @property
    def completeness(self) -> str:
        """What the month has under the policy, in words."""
        state = self.month_state
        words = Words(
            "ekspor lengkap: {complete} dari {all} akun ({coverage} %) · mutu bukti: {evidence} %",
            "complete exports: {complete} of {all} accounts ({coverage} %) · evidence: "
            "{evidence} %",
        )
        return words.told(self.language).format(
            complete=state["complete_account_count"],
            all=state["account_count"],
            coverage=state["coverage_percent"],
            evidence=state["evidence_percent"],
        )

    @property
    def month_state(self) -> dict[str, Any]:
        """The month's row of `rank_month_state` under the policy."""
        states = self.month.tables["rank_month_state"]
        return states.row(by_predicate=pl.col("policy_id") == self.policy, named=True)

    def told(self, indonesian: str, english: str) -> str:
        """One of the two, by the language."""
        return Words(indonesian, english).told(self.language)

    def columns(self, names: Sequence[str]) -> list[Column]:
        """Columns with their headings."""
        return [
            Column(HEADINGS[name].told(self.language), _WIDTHS.get(name, _WIDTH), _align(name))
            for name in names
        ]

    def rows(self, rows: Sequence[Sequence[Cell]], names: Sequence[str]) -> list[Sequence[Cell]]:
        """The rows; where there is none, one that says so."""
        nothing: list[Cell] = [_NONE.told(self.language), *[None] * (len(names) - 1)]
        return list(rows) or [nothing]


def _align(name: str) -> str:
    if name in _CENTERED:
        return "center"
    return "right" if name in _TO_THE_RIGHT else "left"
