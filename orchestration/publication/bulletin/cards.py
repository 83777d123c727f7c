"""An office's card: its month on one page.

What belongs here: which rows of the edition a card tells. What does not: their sentences
(`card_words.py`), the three things that would help (`helps.py`), and what offices say: questions
and complaints stay at home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from ingest.regular_files import shown
from orchestration.publication.bulletin import beside, card_words, words
from orchestration.publication.bulletin.facts import Facts, Row, nearest_rank
from orchestration.publication.bulletin.helps import helps
from orchestration.publication.bulletin.rankings import CATEGORIES, Rankings
from orchestration.publication.claim_words import REASONS
from orchestration.publication.labels import GRADES

_TOP_POSTS = 3


class Cards:
    """The cards of a month's offices; one that changed its league has one for each."""

    def __init__(self, facts: Facts, rankings: Rankings, objections: pl.DataFrame) -> None:
        self.facts = facts
        self.rankings = rankings
        self.beside = beside.Beside(facts)
        self.objections = objections.to_dicts()

    def cards(self) -> list[dict[str, Any]]:
        """Of every ranked office, in the order of leagues and of IDs."""
        return [
            self._card(league, office_id)
            for league in self.facts.leagues
            for office_id in sorted(
                row["office_id"] for row in self.facts.rankings[league, "active"]
            )
        ]

    def _card(self, league: str, office_id: str) -> dict[str, Any]:
        facts = self.facts
        posts = facts.posts_of[league, office_id]
        counted = [row for row in posts if row["is_counted"]]
        gaps = self._gaps(office_id)
        ranks = {category: self._rank(league, category, office_id) for category in CATEGORIES}
        return {
            "office_id": office_id,
            "office": facts.office(office_id),
            "office_full": facts.offices.get(office_id, office_id),
            "league": league,
            "league_label": words.league(facts.language, league),
            "tiles": [self._tile(row, gaps) for row in ranks.values()],
            "helps": helps(
                facts, office_id, posts, ranks["popular"], self.beside.campaigns_of(office_id)
            ),
            "platforms": list(self._platforms(league, counted)),
            "top_posts": [self._post(row) for row in _best(counted)],
            "uncounted": self._uncounted(office_id, posts),
            "gaps": [{"platform": gap["platform"], "why": gap["why"]} for gap in gaps],
            "guidance": self.beside.guidance_of_card(),
            "campaigns": self.beside.campaign_sentences(office_id),
            "flags": self.beside.flag_sentences(league, office_id),
            "followers": self.beside.follower_sentence(league, office_id),
            "opinion": self.beside.opinion_sentences(office_id),
            "objections": self._objections(office_id),
        }

    def _rank(self, league: str, category: str, office_id: str) -> Row:
        rows = self.facts.rankings[league, category]
        return next(row for row in rows if row["office_id"] == office_id)

    def _gaps(self, office_id: str) -> list[dict[str, str]]:
        facts = self.facts
        return [
            {
                "platform": facts.platform(row["platform"]),
                "account": row["account"],
                "why": facts.language.pick(*words.GAPS[row["state"]]),
            }
            for row in facts.accounts_of.get(office_id, [])
            if row["state"] != "complete"
        ]

    def _tile(self, row: Row, gaps: Sequence[dict[str, str]]) -> dict[str, Any]:
        """A rank with its ranges, and in a sentence how sure it is."""
        facts, language = self.facts, self.facts.language
        size = len(facts.rankings[row["league"], row["category"]])
        likely = [row["rank_likely_best"], row["rank_likely_worst"]]
        possible = [row["rank_best"], row["rank_worst"]]
        if gaps:
            platforms = list(dict.fromkeys(gap["platform"] for gap in gaps))
            sentences = [card_words.undecided(language, platforms, possible)]
        else:
            sentences = [card_words.rank(language, likely, possible)]
        if row["rank_without_best_post"] is not None:
            sentences.append(
                card_words.without_a_post(language, row["category"], row["rank_without_best_post"])
            )
        unit = words.unit(language, row["category"], facts.policy["window_hours"])
        return {
            "category": row["category"],
            "label": words.category(language, row["category"]),
            "rank": language.number(row["rank"]),
            "of": card_words.of_size(language, size),
            "movement": self.rankings.movement(row),
            "score": card_words.counted(language, row["score"], unit),
            "rank_at": row["rank"],
            "size": size,
            "likely": likely,
            "possible": possible,
            "likely_text": language.range(*likely),
            "possible_text": language.range(*possible),
            "sentence": " ".join(sentences),
        }

    def _platforms(self, league: str, counted: Sequence[Row]) -> Iterator[dict[str, Any]]:
        """The office's posts of each platform within the league's quartiles."""
        language = self.facts.language
        for platform, name in self.facts.platforms.items():
            own = sorted(
                row["value"]
                for row in counted
                if row["platform"] == platform and row["value"] is not None
            )
            if not own:
                continue
            of_league = self.facts.known_values[league, platform]
            lower, middle, upper = (nearest_rank(of_league, quarter) for quarter in (1, 2, 3))
            median = nearest_rank(own, 2)
            quarters = [
                sum(value <= lower for value in own),
                sum(lower < value <= middle for value in own),
                sum(middle < value <= upper for value in own),
                sum(value > upper for value in own),
            ]
            quartiles = (lower, middle, upper)
            yield {
                "platform": name,
                "posts": language.number(len(own)),
                "median": language.number(median),
                "median_value": median,
                "lower": lower,
                "middle": middle,
                "upper": upper,
                # The picture's right end: a third beyond what it has to show.
                "most": max(upper, median) * 4 // 3 + 1,
                "quarters": quarters,
                "alt": card_words.platform_picture(language, name, quartiles, median, quarters),
            }

    def _post(self, row: Row) -> dict[str, Any]:
        """A post with its evidence."""
        language = self.facts.language
        link = self.beside.link(row)
        day: date = row["local_date"]
        return {
            "date": language.short_day(day),
            "platform": self.facts.platform(row["platform"]),
            "value": language.number(row["value"]),
            "grade": GRADES[row["grade"]].told(language.code),
            "range": language.range(row["value_likely_low"], row["value_likely_high"]),
            "possible_range": language.range(row["value_low"], row["value_high"]),
            "link": link,
            "link_text": None if link is None else link_text(link),
        }

    def _uncounted(self, office_id: str, posts: Sequence[Row]) -> list[dict[str, str]]:
        """How many posts did not count, by reason, the most frequent first."""
        reasons = Counter(row["reason"] for row in posts if not row["is_counted"])
        if unregistered := self.facts.unregistered_posts_of[office_id]:
            reasons["account_not_valid"] += unregistered
        ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
        language = self.facts.language
        return [
            {
                "posts": language.number(count),
                "why": language.pick(REASONS[reason].kata, REASONS[reason].words),
            }
            for reason, count in ordered
        ]

    def _objections(self, office_id: str) -> list[str]:
        language = self.facts.language
        return [
            words.objection(language, row)
            for row in self.objections
            if row["office_id"] == office_id
        ]


def _best(counted: Sequence[Row]) -> list[Row]:
    """The posts of the largest value, the oldest first where they are worth the same."""
    valued = [row for row in counted if row["value"] is not None]
    valued.sort(key=lambda row: (-row["value"], row["local_date"], row["post_key"]))
    return valued[:_TOP_POSTS]


def link_text(link: str) -> str:
    """A link as it is printed: without what every link begins with."""
    text = shown(link).removeprefix("https://").removeprefix("http://")
    return text.removeprefix("www.")
