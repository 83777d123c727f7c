"""What stands beside the ranking and never in it: guidance, campaigns, flags, followers, tone.

What belongs here: the rows of the tables that look back over months or read captions, as the
bulletin and the cards tell them. An edition that lacks a table tells nothing of it. What does not:
computing any of it, and the sentences (`beside_words.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from ingest.platforms import LINKS
from ingest.regular_files import shown
from orchestration.publication.bulletin import beside_words, card_words, words
from orchestration.publication.bulletin.facts import Facts, Row, nearest_rank

#: So many statements that are not proven are told, those nearest to it.
_NEAR = 3
#: So many flags of all offices, and of one, are told: those that are most to a rank.
_FLAGS, _FLAGS_OF_CARD = 10, 3
#: Findings of which a campaign says that the post carries what it asks for.
_CARRIES = ("exact", "case")


class Beside:
    """The parts beside the ranking, for the bulletin as a whole and for an office's card."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.language = facts.language
        posts = facts.month.tables["dim_post"].select("post_key", "permalink")
        self._permalinks = dict(posts.iter_rows())

    def link(self, post: Row) -> str | None:
        """A post's link as an export gave it, else the one that its ID makes."""
        given: str | None = self._permalinks.get(post["post_key"])
        return given or LINKS[post["platform"]].link_of(post["post_id"])

    # Guidance

    @cached_property
    def _statements(self) -> list[Row]:
        return self.facts.rows("agg_guidance")

    def guidance(self) -> dict[str, Any]:
        """What is proven of how to post, over all offices, and what comes nearest to it."""
        rows = self._statements
        if not rows:
            sentence = beside_words.no_guidance(self.language)
            return {"sentence": sentence, "claims": [], "near": [], "note": None}
        order = sorted(rows, key=lambda row: (row["q_value"], row["p_value"], *_statement(row)))
        proven = [row for row in order if row["is_proven"]]
        unproven = [row for row in order if not row["is_proven"]]
        first = min(row["first_month"] for row in rows)
        months = f"{self.language.month(first)} – {self.language.month(self.facts.month.first_day)}"
        most = max(row["office_count"] for row in rows)
        return {
            "sentence": beside_words.guidance(self.language, len(rows), most, len(proven), months),
            "claims": [self._guide(row) for row in proven],
            "near": [self._guide(row) for row in unproven[:_NEAR]],
            "note": beside_words.guidance_note(
                self.language,
                self.facts.policy["window_hours"] or 0,
                self._platforms_on("window"),
                self._platforms_on("last"),
            ),
        }

    def _guide(self, row: Row) -> dict[str, str]:
        language = self.language
        low, high = language.hundredths(row["ratio_low"]), language.hundredths(row["ratio_high"])
        return {
            "platform": self.facts.platform(row["platform"]),
            "what": beside_words.compared(language, row["feature"], row["level"], row["post_kind"]),
            "ratio": beside_words.ratio(language, row["ratio"]),
            "range": f"{low}–{high}",
            "posts": language.number(row["post_count"]),
            "offices": language.number(row["office_count"]),
        }

    def _platforms_on(self, basis: str) -> list[str]:
        """The platforms whose statements rest on a basis."""
        found = {row["platform"] for row in self._statements if row["basis"] == basis}
        return [name for platform, name in self.facts.platforms.items() if platform in found]

    def guidance_of_card(self) -> str:
        """What a card says of how to post."""
        claims = sum(row["is_proven"] for row in self._statements)
        return card_words.guidance(
            self.language, is_tested=bool(self._statements), claim_count=claims
        )

    # Campaigns

    @cached_property
    def _campaigns(self) -> dict[str, list[Row]]:
        """Campaign to its rows."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.facts.rows("agg_campaign"):
            label = shown(row["hashtag"] or row["keyword"])
            found[row["campaign_id"]].append(row | {"label": label})
        return dict(sorted(found.items()))

    def campaigns(self) -> list[dict[str, Any]]:
        """Of each campaign how many posts carry what it asks for, and in which form."""
        return [self._campaign(campaign_id, rows) for campaign_id, rows in self._campaigns.items()]

    def _campaign(self, campaign_id: str, rows: Sequence[Row]) -> dict[str, Any]:
        carrying, known, unknown = _counts(rows)
        label = rows[0]["label"]
        by_finding = [
            (finding, sum(row["post_count"] for row in rows if row["finding"] == finding))
            for finding in beside_words.FINDINGS
        ]
        return {
            "campaign_id": campaign_id,
            "label": label,
            "sentence": beside_words.campaign(self.language, label, carrying, known, unknown),
            "findings": [
                {
                    "label": self.language.pick(*beside_words.FINDINGS[finding]),
                    "posts": self.language.number(count),
                    "share": beside_words.share(
                        self.language, count, 0 if finding == "unknown" else known
                    ),
                }
                for finding, count in by_finding
                if count
            ],
        }

    def campaigns_of(self, office_id: str) -> list[Row]:
        """An office's rows of all campaigns, each with the `label` of its campaign."""
        return [
            row
            for rows in self._campaigns.values()
            for row in rows
            if row["office_id"] == office_id
        ]

    def campaign_sentences(self, office_id: str) -> list[str]:
        """What a card says of each campaign, where one of the office's posts can be judged."""
        found = []
        for rows in self._campaigns.values():
            own = _counts([row for row in rows if row["office_id"] == office_id])
            every = _counts(rows)
            if own[1]:
                found.append(
                    beside_words.campaign_of_office(
                        self.language, rows[0]["label"], own[:2], every[:2]
                    )
                )
        return found

    # Flags

    @cached_property
    def _flags(self) -> list[dict[str, Any]]:
        """Each flagged post with all its flags, what is most to a rank first."""
        effects: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.facts.rows("agg_flag_effect"):
            effects[row["league"], row["office_id"], row["post_key"]].append(row)
        posts = {row["post_key"]: row for row in self.facts.counted}
        found = [
            self._flag(posts[place[2]], rows)
            for place, rows in sorted(effects.items())
            if place[2] in posts
        ]
        return sorted(found, key=lambda each: -each["places"])

    def _flag(self, post: Row, rows: Sequence[Row]) -> dict[str, Any]:
        language = self.language
        sizes = {row["flag"]: row["size"] for row in rows}
        effects = {row["category"]: row for row in rows}
        sentences = [beside_words.flag(language, flag, sizes[flag]) for flag in sorted(sizes)]
        sentences += [
            beside_words.rank_without(
                language,
                words.category(language, category),
                effects[category]["rank"],
                effects[category]["rank_without"],
            )
            for category in sorted(effects)
        ]
        return {
            "league": rows[0]["league"],
            "office_id": rows[0]["office_id"],
            "post": post,
            "sentence": " ".join(sentences),
            "places": max(abs(row["rank_without"] - row["rank"]) for row in rows),
        }

    def flags(self) -> list[dict[str, Any]]:
        """The flagged posts that are most to their office's rank."""
        return [
            {
                "office": self.facts.office(flag["office_id"]),
                "platform": self.facts.platform(flag["post"]["platform"]),
                "date": self.language.short_day(flag["post"]["local_date"]),
                "link": self.link(flag["post"]),
                "sentence": flag["sentence"],
            }
            for flag in self._flags[:_FLAGS]
        ]

    def flag_sentences(self, league: str, office_id: str) -> list[str]:
        """What a card says of its office's flagged posts."""
        own = [
            flag
            for flag in self._flags
            if (flag["league"], flag["office_id"]) == (league, office_id)
        ]
        return [
            beside_words.flag_of_card(
                self.language,
                self.language.short_day(flag["post"]["local_date"]),
                self.facts.platform(flag["post"]["platform"]),
                flag["sentence"],
            )
            for flag in own[:_FLAGS_OF_CARD]
        ]

    # Followers

    @cached_property
    def _followers(self) -> dict[str, dict[str, Row]]:
        """League and office to its row over all platforms, where followers are known."""
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.facts.rows("agg_office_followers"):
            if row["platform"] is None and row["per_thousand_ratio"] is not None:
                found[row["league"]][row["office_id"]] = row
        return found

    def followers(self) -> dict[str, Any] | None:
        """Interactions per thousand followers, in the order of names: it ranks nobody."""
        if not self._followers:
            return None
        leagues = [
            {
                "league": league,
                "label": words.league(self.language, league),
                "rows": list(self._followers_in(league)),
            }
            for league in self.facts.leagues
            if league in self._followers
        ]
        return {"sentence": beside_words.followers(self.language), "leagues": leagues}

    def _followers_in(self, league: str) -> Iterator[dict[str, str]]:
        rows = self._followers[league].values()
        for row in sorted(rows, key=self._by_name):
            yield {
                "office": self.facts.office(row["office_id"]),
                "followers": self.language.number(row["follower_count"]),
                "per_thousand": self.language.hundredths(row["per_thousand_ratio"]),
            }

    def _by_name(self, row: Row) -> tuple[str, str]:
        return self.facts.office(row["office_id"]), row["office_id"]

    def follower_sentence(self, league: str, office_id: str) -> str | None:
        """The same on an office's card; None where no followers are known."""
        of_league = self._followers.get(league, {})
        own = of_league.get(office_id)
        if own is None:
            return None
        ratios = sorted(row["per_thousand_ratio"] for row in of_league.values())
        return beside_words.followers_of_office(
            self.language,
            own["follower_count"],
            own["per_thousand_ratio"],
            nearest_rank(ratios, 2),
            beside_words.known_posts(self.language, own["known_post_count"], own["post_count"]),
        )

    # Tone

    @cached_property
    def _opinion(self) -> dict[str, list[Row]]:
        """Office to its rows, where they may be told, in the order of the labels."""
        found: dict[str, list[Row]] = defaultdict(list)
        order = list(beside_words.LABELS)
        rows = [row for row in self.facts.rows("fct_opinion_month") if row["is_publishable"]]
        for row in sorted(rows, key=lambda row: order.index(row["label"])):
            found[row["office_id"]].append(row)
        return found

    def opinion(self) -> dict[str, Any] | None:
        """The tone of the comments to each office of which enough was read."""
        if not self._opinion:
            return None
        kappa: Decimal = next(iter(self._opinion.values()))[0]["kappa_ratio"]
        offices = sorted(self._opinion, key=lambda office: (self.facts.office(office), office))
        return {
            "sentence": beside_words.opinion(self.language, kappa),
            "offices": [
                {
                    "office": self.facts.office(office),
                    "labelled": self._read(self._opinion[office][0]),
                    "rows": [
                        {"label": label, "range": share}
                        for label, share in self._shares(self._opinion[office])
                    ],
                }
                for office in offices
            ],
        }

    def _read(self, row: Row) -> str:
        return beside_words.labelled(self.language, row["labelled_count"], row["comment_count"])

    def _shares(self, rows: Sequence[Row]) -> list[tuple[str, str]]:
        """Each label with the range of its share."""
        return [
            (
                self.language.pick(*beside_words.LABELS[row["label"]]),
                beside_words.share_range(
                    self.language, row["low_count"], row["high_count"], row["comment_count"]
                ),
            )
            for row in rows
        ]

    def opinion_sentences(self, office_id: str) -> list[str]:
        """The same on an office's card."""
        rows = self._opinion.get(office_id)
        if not rows:
            return []
        read, shares = self._read(rows[0]), self._shares(rows)
        return [beside_words.opinion_of_office(self.language, read, shares)]


def _statement(row: Row) -> tuple[str, ...]:
    """What a statement of the guidance is known by."""
    return row["platform"], row["feature"], row["post_kind"] or "", row["level"]


def _counts(rows: Sequence[Row]) -> tuple[int, int, int]:
    """How many posts carry what a campaign asks for, can be judged, and can't be."""
    carrying = sum(row["post_count"] for row in rows if row["finding"] in _CARRIES)
    unknown = sum(row["post_count"] for row in rows if row["finding"] == "unknown")
    return carrying, sum(row["post_count"] for row in rows) - unknown, unknown
