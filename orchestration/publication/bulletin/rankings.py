"""The rankings as the bulletin tells them: every office with its ranges, what moved, both rules.

What belongs here: the rows of the leagues' rankings and of the comparison of rules. What does not:
the month's state (`contents.py`) and what an office's card says of its ranks (`cards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.publication.bulletin import words
from orchestration.publication.bulletin.facts import Facts, Row
from orchestration.publication.bulletin.previous import movement
from orchestration.publication.wording import mark

CATEGORIES = ("active", "popular")
#: So many ranks are told of a ranking where not all are.
FIRST = 10
_PER_MILLE = 1000


class Rankings:
    """The rankings of a month beside those of the month before and of the other rule."""

    def __init__(self, facts: Facts, previous: Mapping[str, Any] | None) -> None:
        self.facts = facts
        ranks = previous["ranks"] if previous else []
        self._is_compared = bool(ranks)
        self._before = {(row["league"], row["category"], row["office_id"]): row for row in ranks}
        self.other_policy = _other_policy(facts)
        self._others = _ranks_under(facts, self.other_policy)

    def leagues(self) -> list[dict[str, Any]]:
        """Each league with its rankings, whole, in the order of ranks."""
        return [
            {
                "league": league,
                "label": words.league(self.facts.language, league),
                "size": len(self.facts.rankings[league, "active"]),
                "rankings": [self._ranking(league, category) for category in CATEGORIES],
            }
            for league in self.facts.leagues
        ]

    def _ranking(self, league: str, category: str) -> dict[str, Any]:
        facts = self.facts
        rows = facts.rankings[league, category]
        most = max((row["score"] for row in rows), default=0)
        return {
            "category": category,
            "label": words.category(facts.language, category),
            "unit": words.unit(facts.language, category, facts.policy["window_hours"]),
            "picture_refused": _picture_refused(facts) if category == "popular" else None,
            "rows": [self.row(row, most) for row in rows],
        }

    def row(self, row: Row, most: int) -> dict[str, Any]:
        """An office's row of a ranking.

        Args:
            row: of `rank_monthly`.
            most: the largest score of the ranking.
        """
        facts = self.facts
        likely = [row["rank_likely_best"], row["rank_likely_worst"]]
        possible = [row["rank_best"], row["rank_worst"]]
        other = self._others.get((row["league"], row["category"], row["office_id"]))
        return {
            "office_id": row["office_id"],
            "office": facts.office(row["office_id"]),
            "office_full": facts.offices.get(row["office_id"], row["office_id"]),
            "rank": row["rank"],
            "score": facts.language.number(row["score"]),
            "score_permille": row["score"] * _PER_MILLE // most if most else 0,
            "likely": likely,
            "possible": possible,
            "likely_text": facts.language.range(*likely),
            "possible_text": facts.language.range(*possible),
            "movement": self.movement(row),
            "is_complete": row["is_complete"],
            "mark": mark(row),
            "old_rank": None if other is None else facts.language.number(other),
        }

    def movement(self, row: Row) -> dict[str, str]:
        """How the office of a row moved."""
        return movement(self.facts, row, self._before, is_known=self._is_compared)

    def rules(self) -> dict[str, Any]:
        """The rule in force and the other one, side by side: the ten first of each ranking.

        A ranking that both give alike is left out.
        """
        facts, other = self.facts, self.other_policy
        if other is None:
            return {
                "sentence": words.one_rule(facts.language, facts.policy_title),
                "leagues": [],
            }
        compared = [
            self._side_by_side(league, category)
            for league in facts.leagues
            for category in CATEGORIES
        ]
        differing = [ranking for ranking in compared if ranking["rows"]]
        sentence = words.rules(
            facts.language, facts.policy_title, facts.title_of(other), differ=bool(differing)
        )
        return {"sentence": sentence, "leagues": differing}

    def _side_by_side(self, league: str, category: str) -> dict[str, Any]:
        ranked = [
            (row, self._others.get((league, category, row["office_id"])))
            for row in self.facts.rankings[league, category]
        ]
        differs = any(other != row["rank"] for row, other in ranked)
        firsts = [pair for pair in ranked if pair[0]["rank"] <= FIRST] if differs else []
        label = words.league(self.facts.language, league)
        return {
            "league": league,
            "category": category,
            "label": f"{words.category(self.facts.language, category)}, {label}",
            "rows": [
                {
                    "office": self.facts.office(row["office_id"]),
                    "new": self.facts.language.number(row["rank"]),
                    "old": None if other is None else self.facts.language.number(other),
                }
                for row, other in firsts
            ],
        }


def _other_policy(facts: Facts) -> Row | None:
    """The policy beside the one that is told: the one in force before it, else the newest other."""
    others = [
        row
        for row in facts.month.tables["dim_policy"].to_dicts()
        if row["policy_id"] != facts.policy_id
    ]
    begins = facts.policy["effective_from_date"]
    return max(
        others,
        key=lambda row: (
            row["effective_from_date"] < begins,
            row["effective_from_date"],
            row["policy_id"],
        ),
        default=None,
    )


def _ranks_under(facts: Facts, policy: Row | None) -> dict[tuple[str, str, str], int]:
    """League, category and office to the rank under another policy."""
    if policy is None:
        return {}
    rows = facts.month.tables["rank_policy_sensitivity"].filter(policy_id=policy["policy_id"])
    return {
        (row["league"], row["category"], row["office_id"]): row["rank"]
        for row in rows.iter_rows(named=True)
    }


def _picture_refused(facts: Facts) -> str | None:
    """Why no picture of the popular ranking is made; None where one may be."""
    have, asked = facts.state["evidence_percent"], facts.policy["minimum_evidence_percent"]
    return words.picture_refused(facts.language, have, asked) if have < asked else None
