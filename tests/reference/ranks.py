"""How offices rank: scores with hard and likely bounds, and the ranks that these allow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import isqrt

from tests.reference.coverage import coverage_of
from tests.reference.lake import GRADES, STATES, Lake, Result, Row
from tests.reference.posts import Doubts, post_row
from tests.reference.sightings import FIRST_ZONE, disproved, posts_of, sightings_of
from tests.reference.time import next_month, valid_in


def score(lake: Lake) -> Result:
    """Score and rank every month of a lake under every one of its policies."""
    seen = sightings_of(lake)
    posts = posts_of(seen)
    result = Result({}, {}, {}, {})
    everywhere = disproved(seen, FIRST_ZONE)
    doubts = {
        p["policy_id"]: Doubts(disproved(seen, p["time_zone"]), everywhere) for p in lake.policies
    }
    for policy in lake.policies:
        name = policy["policy_id"]
        for (platform, post_id), post in posts.items():
            row = post_row(post, policy, lake, doubts[name])
            result.post_month[name, platform, post_id] = row
    for policy in lake.policies:
        for month in months_ranked(result.post_month.values()):
            states = coverage_of(policy, month, seen, lake, doubts[policy["policy_id"]])
            rank_month(result, policy, month, states, lake)
    return result


def months_ranked(post_rows: Iterable[Row]) -> list[date]:
    """From the first to the last month, under any policy, of a post with a registered account."""
    named = [date.fromisoformat(f"{r['month']}-01") for r in post_rows if r["account_id"]]
    months = [min(named)] if named else []
    while months and months[-1] < max(named):
        months.append(next_month(months[-1]))
    return months


def rank_month(
    result: Result, policy: Row, month: date, states: dict[str, str], lake: Lake
) -> None:
    """Adds one policy's rows of one month to the result."""
    policy_id, name = policy["policy_id"], f"{month:%Y-%m}"
    result.coverage.update({(policy_id, name, a): state for a, state in states.items()})
    rows = [row for key, row in result.post_month.items() if key[0] == policy_id]
    posts = [row for row in rows if row["month"] == name]
    ends = policy["effective_to"]
    is_official = policy["effective_from"] <= month and (ends is None or month < ends)
    ranked: list[Row] = []
    for league in policy["leagues"]:
        spans = [o for o in lake.offices if o["league"] == league and valid_in(o, month)]
        for category in ("active", "popular"):
            scores = {}
            for office in {o["office_id"] for o in spans}:
                place = (name, office, league)
                own = [
                    p
                    for p in posts
                    if p["is_counted"] and (p["office_id"], p["league"]) == (office, league)
                ]
                neighbours = [p["neighbour"] for p in rows if p["neighbour"]]
                beside = [n for n in neighbours if n["place"] == place]
                counts = coverage_counts(office, month, states, lake)
                is_complete = counts["coverage_partial"] == counts["coverage_missing"] == 0
                scores[office] = {
                    **score_of(category, own, beside, policy, is_complete=is_complete),
                    **counts,
                    "is_complete": is_complete,
                    "is_official": is_official,
                }
                if category == "active":
                    ranked += own
            for office, total in scores.items():
                shown = {key: number for key, number in total.items() if key != "best_post"}
                result.rank_monthly[policy_id, name, league, category, office] = {
                    **ranks_of(office, scores),
                    **shown,
                }
    if not any(key[:2] == (policy_id, name) for key in result.rank_monthly):
        return
    components = sum(p["component_count"] for p in ranked)
    sound = sum(p["sound_component_count"] for p in ranked)
    result.evidence_percent[policy_id, name] = 100 * sound // components if components else 100


def score_of(
    category: str, own: list[Row], beside: list[Row], policy: Row, *, is_complete: bool
) -> Row:
    """Score, bounds and evidence by grade of an office's counted posts in one of its leagues.

    Args:
        category: `active` or `popular`.
        own: the office's counted posts of the month.
        beside: posts of the neighbouring months' edge days that may be of the month.
        policy: the rule.
        is_complete: whether all registered accounts are covered; else more may be missing.
    """
    certain = [p for p in own if not p["is_month_uncertain"]]
    row: Row = {"post_count": len(own)}
    if category == "active":
        score = len(own)
        row |= {f"evidence_{g}": sum(p["grade"] == g for p in own) for g in GRADES}
        row |= {
            "score": score,
            "score_low": len(certain),
            "score_high": score + len(beside) if is_complete else None,
            "score_likely_low": len(certain),
            "score_likely_high": score + len(beside),
            "best_post": min(1, len(own)),
        }
        return row
    parts = [part for p in own for part in p["by_grade"]]
    score = sum(p["value"] or 0 for p in own)
    low = sum(p["value_low"] for p in certain)
    highs = [p["value_high"] for p in (*own, *beside)]
    high = sum(highs) if is_complete and None not in highs else None
    row |= {f"evidence_{g}": sum(value for grade, value in parts if grade == g) for g in GRADES}
    row |= {
        "score": score,
        "score_low": low,
        "score_high": high,
        "score_likely_low": likely_low(score, low, own, policy),
        "score_likely_high": likely_high(score, high, own, beside, policy),
        "best_post": max((p["value"] or 0 for p in own), default=0),
    }
    return row


def spread(differences: list[int], policy: Row) -> int:
    """How far a sum of posts may lie from its estimate, where they err partly alike."""
    r = policy["growth_correlation_percent"]
    squares = sum(x * x for x in differences)
    return isqrt(((100 - r) * squares + r * sum(differences) ** 2) // 100)


def likely_low(score: int, low: int, own: list[Row], policy: Row) -> int:
    lacking = [(p["value"] or 0) - p["value_likely_low"] for p in own]
    return min(score, max(low, score - spread(lacking, policy)))


def likely_high(
    score: int, high: int | None, own: list[Row], beside: list[Row], policy: Row
) -> int | None:
    """Posts that were only seen early all err the same way, so they are summed plainly."""
    if any(p["value_likely_high"] is None for p in (*own, *beside)):
        return None
    ordinary = [p["value_likely_high"] - (p["value"] or 0) for p in own if not p["is_early"]]
    early = [p["value_likely_high"] - (p["value"] or 0) for p in own if p["is_early"]]
    more = spread(ordinary, policy) + sum(early) + sum(p["value_likely_high"] for p in beside)
    probable: int = score + more
    return max(score, probable if high is None else min(high, probable))


def ranks_of(office: str, scores: dict[str, Row]) -> Row:
    """One plus the number of others that are, surely are, or could be strictly better."""
    mine = scores[office]
    others = [row for name, row in scores.items() if name != office]
    without_best = mine["score"] - mine["best_post"]
    return {
        "rank": 1 + sum(o["score"] > mine["score"] for o in others),
        "rank_best": best_rank(mine, others, "score_low", "score_high"),
        "rank_worst": worst_rank(mine, others, "score_low", "score_high"),
        "rank_likely_best": best_rank(mine, others, "score_likely_low", "score_likely_high"),
        "rank_likely_worst": worst_rank(mine, others, "score_likely_low", "score_likely_high"),
        "rank_without_best_post": 1 + sum(o["score"] > without_best for o in others),
    }


def best_rank(mine: Row, others: list[Row], low: str, high: str) -> int:
    """Nothing exceeds an unbounded score."""
    better = [o for o in others if mine[high] is not None and o[low] > mine[high]]
    return 1 + len(better)


def worst_rank(mine: Row, others: list[Row], low: str, high: str) -> int:
    """An unbounded score exceeds everything."""
    better = [o for o in others if o[high] is None or o[high] > mine[low]]
    return 1 + len(better)


def coverage_counts(office: str, month: date, states: dict[str, str], lake: Lake) -> Row:
    """How many of the office's accounts of the month are in each state."""
    spans = [a for a in lake.accounts if a["office_id"] == office and valid_in(a, month)]
    own = {a["account_id"] for a in spans} & states.keys()
    return {f"coverage_{state}": sum(states[a] == state for a in own) for state in STATES}
