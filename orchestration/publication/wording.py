"""How a rank is told: its ranges, the state of its month, what moved, and what it means.

English, unless the caller says it in another language.

What belongs here: words and rules of telling that the terminal and Dagster share. What does not:
the officers' words, which are Indonesian (`labels.py`), and how a page looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

TITLES = {"active": "Akun Teraktif (posts)", "popular": "Akun Terpopuler (interactions)"}
#: Beside an office of which exports are missing or have gaps.
MARK = "*"
#: What each word of a ranking means.
LEGEND = {
    "likely": "the ranks that the office probably has. What was seen before or after the policy's "
    "window is reckoned along its growth curve. It says nothing of missing exports.",
    "possible": "the ranks that no record rules out.",
    MARK: "exports of this office are missing or have gaps; it may have more than is counted.",
    "evidence": "how many of the counted posts' likes, comments and shares were seen on both sides "
    "of the window's end.",
}


def short_name(name: str) -> str:
    """An office's name without the words that all regional offices of the ministry share."""
    return name.replace("Kantor Wilayah Kementerian Hukum", "Kanwil")


#: Gives a sentence in the reader's language; what stands in braces stays.
Say = Callable[[str], str]


def likely_ranks(row: Mapping[str, Any], say: Say = str) -> str:
    """The ranks that an office probably has; one number where there is one."""
    return _ranks(row["rank_likely_best"], row["rank_likely_worst"], say)


def possible_ranks(row: Mapping[str, Any], say: Say = str) -> str:
    """The ranks that no record rules out; one number where there is one."""
    return _ranks(row["rank_best"], row["rank_worst"], say)


def _ranks(best: int, worst: int, say: Say) -> str:
    if best == worst:
        return str(best)
    return say("{first} to {last}").format(first=best, last=worst)


def mark(row: Mapping[str, Any]) -> str:
    """The mark of an office that is not complete, else nothing."""
    return "" if row["is_complete"] else MARK


def publication(edition: Mapping[str, Any] | None, say: Say = str) -> str:
    """Whether and how a month is published, from `queries.newest_edition`."""
    if edition is None:
        return say("not published")
    since = "" if edition["is_current"] else say(", changed since")
    return f"{say(edition['status'])} ({edition['edition_id']}){since}"


def completeness(state: Mapping[str, Any], say: Say = str) -> str:
    """What a month has under a policy, from `queries.month_states`."""
    told = say(
        "complete exports of {complete} of {all} accounts ({coverage} %) · evidence {evidence} %"
    )
    return told.format(
        complete=state["complete_account_count"],
        all=state["account_count"],
        coverage=state["coverage_percent"],
        evidence=state["evidence_percent"],
    )


def places_gained(row: Mapping[str, Any], before: Mapping[str, Any]) -> int | None:
    """How many places an office has gained since another month; negative: lost.

    None where that is not known: the likely ranks of the two months overlap, or exports of the
    office are missing in one of them, so that it may only seem to have moved.

    Args:
        row: the office's row in a ranking, as `queries.rank` gives it.
        before: its row in the same ranking of the month before.
    """
    overlap = (
        row["rank_likely_best"] <= before["rank_likely_worst"]
        and before["rank_likely_best"] <= row["rank_likely_worst"]
    )
    if overlap or not row["is_complete"] or not before["is_complete"]:
        return None
    return int(before["rank"] - row["rank"])
