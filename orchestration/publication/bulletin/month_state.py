"""The state of the month: what it lacks, whose exports are missing, what a post is worth.

What belongs here: the parts of the bulletin that tell how far the rankings may be trusted, and the
typical values of posts. What does not: the rankings (`rankings.py`) and single offices
(`cards.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from ingest.regular_files import shown
from orchestration.publication.bulletin import words
from orchestration.publication.bulletin.facts import Facts, nearest_rank
from orchestration.publication.month import next_month


def edition(facts: Facts, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the edition is, in words."""
    language, month = facts.language, facts.month
    return {
        "edition_id": manifest["edition_id"],
        "status": manifest["status"],
        "status_label": words.status(language, manifest["status"]),
        "month": month.name,
        "month_label": language.month(month.first_day),
        "month_end": str(next_month(month.first_day) - timedelta(days=1)),
        "policy_id": facts.policy_id,
        "policy_title": facts.policy_title,
        "notes": list(_notes(facts, manifest)),
        "coverage_line": words.coverage_line(
            language, facts.state["complete_account_count"], facts.state["account_count"]
        ),
    }


def _notes(facts: Facts, manifest: Mapping[str, Any]) -> Iterator[str]:
    """What a reader has to know before the ranks: what the month lacks, and what was decided."""
    language, state, policy = facts.language, facts.state, facts.policy
    reason = shown(manifest["reason"]) if manifest["reason"] else None
    if facts.month.official_policy is None:
        yield words.no_policy(language, facts.policy_title)
    if state["coverage_percent"] < policy["minimum_coverage_percent"]:
        yield words.lacks_coverage(
            language, state["coverage_percent"], policy["minimum_coverage_percent"]
        )
    if state["evidence_percent"] < policy["minimum_evidence_percent"]:
        yield words.lacks_evidence(
            language, state["evidence_percent"], policy["minimum_evidence_percent"]
        )
    if manifest["status"] == "provisional":
        yield words.may_change(language)
    if manifest["despite"]:
        yield words.published_despite(language, reason)
    if manifest["replaces"]:
        told_already = manifest["despite"]
        yield words.replaces(language, manifest["replaces"], None if told_already else reason)


def totals(facts: Facts) -> list[dict[str, str]]:
    """How much the month holds: offices, accounts, posts that count."""
    language = facts.language
    offices = {row["office_id"] for rows in facts.rankings.values() for row in rows}
    counts = {
        language.pick("satuan kerja", "offices"): len(offices),
        language.pick("akun resmi", "official accounts"): facts.state["account_count"],
        language.pick("unggahan dihitung", "posts counted"): len(facts.counted),
    }
    return [{"label": label, "value": language.number(count)} for label, count in counts.items()]


def typical(facts: Facts) -> list[dict[str, Any]]:
    """What a post is worth on each platform of each league: quartiles by nearest rank."""
    return [
        {
            "league": league,
            "label": words.league(facts.language, league),
            "rows": list(_typical_of(facts, league)),
        }
        for league in facts.leagues
    ]


def _typical_of(facts: Facts, league: str) -> Iterator[dict[str, str]]:
    number = facts.language.number
    for platform, name in facts.platforms.items():
        values = facts.known_values.get((league, platform))
        if values:
            yield {
                "platform": name,
                "posts": number(len(values)),
                "lower": number(nearest_rank(values, 1)),
                "median": number(nearest_rank(values, 2)),
                "upper": number(nearest_rank(values, 3)),
            }


def coverage(facts: Facts) -> dict[str, Any]:
    """Which accounts' exports are missing or have gaps, and of which offices nothing arrived."""
    ranked = sorted(
        {row["office_id"] for rows in facts.rankings.values() for row in rows},
        key=lambda office_id: (facts.office(office_id), office_id),
    )
    gaps = []
    silent = []
    for office_id in ranked:
        accounts = facts.accounts_of.get(office_id, [])
        gaps += [
            {
                "office": facts.office(office_id),
                "platform": facts.platform(account["platform"]),
                "account": account["account"],
                "why": facts.language.pick(*words.GAPS[account["state"]]),
            }
            for account in accounts
            if account["state"] != "complete"
        ]
        if accounts and all(account["state"] == "missing" for account in accounts):
            silent.append(facts.office(office_id))
    return {
        "sentence": words.coverage(
            facts.language, facts.state, facts.policy["minimum_coverage_percent"]
        ),
        "gaps": gaps,
        "missing_offices": silent,
    }
