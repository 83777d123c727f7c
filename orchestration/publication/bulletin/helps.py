"""The three things that would help an office most next month, by what its record shows.

What belongs here: the rules by which they are found, in their order. What does not: advice on what
to post: that is told only where it is proven, over all offices (`beside.py`).

The order is how much each opens the office's rank. What is not exported at all leaves the score
without an upper bound; a gap in exports does too, but some of it is seen; posts that were not seen
around the window's end make the likely ranks wide; posts that do not count, or that a campaign
does not count, cost themselves alone, so more of them come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from orchestration.publication.bulletin import card_words
from orchestration.publication.bulletin.facts import Facts, Row

_MOST = 3
_SOUND = ("exact", "interpolated")
#: Tags in a form that a campaign does not count, and that its office can mend.
_MENDABLE = ("misspelt", "joined", "spaced", "without_hash")


def helps(
    facts: Facts, office_id: str, posts: Sequence[Row], popular: Row, campaigns: Sequence[Row]
) -> list[dict[str, str]]:
    """At most three things, the most useful first.

    Args:
        facts: of the month.
        office_id: the office.
        posts: all its posts of the league, counted or not.
        popular: its row in the popular ranking.
        campaigns: its rows of `agg_campaign`, each with the `label` of its campaign.
    """
    found = list(_of_accounts(facts, office_id))
    found += _of_evidence(facts, posts, popular)
    # What costs single posts: more of them come first, else as they are listed.
    single = [*_of_uncounted(facts, office_id, posts), *_of_campaigns(facts, campaigns)]
    found += [told for _, told in sorted(single, key=lambda each: -each[0])]
    return [{"title": title, "sentence": sentence} for title, sentence in found[:_MOST]]


def _of_accounts(facts: Facts, office_id: str) -> Iterator[tuple[str, str]]:
    accounts = facts.accounts_of.get(office_id, [])
    if not accounts:
        yield card_words.no_account(facts.language)
    for state, say in (("missing", card_words.send_missing), ("partial", card_words.send_whole)):
        platforms = [facts.platform(row["platform"]) for row in accounts if row["state"] == state]
        if platforms:
            yield say(facts.language, list(dict.fromkeys(platforms)))


def _of_evidence(facts: Facts, posts: Sequence[Row], popular: Row) -> Iterator[tuple[str, str]]:
    counted = [row for row in posts if row["is_counted"]]
    sound = sum(row["grade"] in _SOUND for row in counted)
    hours = facts.policy["window_hours"]
    if hours is not None and sound < len(counted):
        likely = (popular["rank_likely_best"], popular["rank_likely_worst"])
        yield card_words.export_daily(facts.language, sound, len(counted), hours, likely)
    lacking = [row for row in counted if row["is_incomplete"]]
    if lacking:
        platforms = [name for key, name in facts.platforms.items() if key in _platforms(lacking)]
        yield card_words.incomplete_components(facts.language, len(lacking), platforms)


def _platforms(posts: Sequence[Row]) -> set[str]:
    return {row["platform"] for row in posts}


def _of_uncounted(
    facts: Facts, office_id: str, posts: Sequence[Row]
) -> Iterator[tuple[int, tuple[str, str]]]:
    reasons = Counter(row["reason"] for row in posts)
    if late := reasons["seen_after_cutoff"]:
        yield late, card_words.export_sooner(facts.language, late)
    if unregistered := facts.unregistered_posts_of[office_id]:
        yield unregistered, card_words.register_account(facts.language, unregistered)


def _of_campaigns(facts: Facts, campaigns: Sequence[Row]) -> Iterator[tuple[int, tuple[str, str]]]:
    by_tag: Counter[str] = Counter()
    for row in campaigns:
        if row["finding"] in _MENDABLE:
            by_tag[row["label"]] += row["post_count"]
    for label, count in sorted(by_tag.items()):
        yield count, card_words.mend_tags(facts.language, label, count)
