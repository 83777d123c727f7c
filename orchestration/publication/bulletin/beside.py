"""What stands beside the ranking and never in it: guidance, campaigns, flags, followers, tone.

What belongs here: the rows of the tables that look back over months or read captions, as the
bulletin and the cards tell them. An edition whose tables lack one tells nothing of it. What does
not: computing any of it, and the sentences (`beside_words.py`).
"""

from __future__ import annotations

from typing import Any

from orchestration.publication.bulletin import beside_words, card_words
from orchestration.publication.bulletin.facts import Facts, Row


class Beside:
    """The parts beside the ranking, for the bulletin as a whole and for an office's card."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def guidance(self) -> dict[str, Any]:
        return {
            "sentence": beside_words.no_guidance(self.facts.language),
            "claims": [],
            "near": [],
            "note": None,
        }

    def campaigns(self) -> list[dict[str, Any]]:
        return []

    def flags(self) -> list[dict[str, Any]]:
        return []

    def followers(self) -> dict[str, Any] | None:
        return None

    def opinion(self) -> dict[str, Any] | None:
        return None

    def guidance_of_card(self) -> str:
        return card_words.guidance(self.facts.language, is_tested=False, claim_count=0)

    def campaigns_of(self, office_id: str) -> list[Row]:
        return []

    def campaign_sentences(self, office_id: str) -> list[str]:
        return []

    def flag_sentences(self, league: str, office_id: str) -> list[str]:
        return []

    def follower_sentence(self, league: str, office_id: str) -> str | None:
        return None

    def opinion_sentences(self, office_id: str) -> list[str]:
        return []
