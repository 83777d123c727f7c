"""What moved from one edition of a month to another, and why, worked out from the evidence of both.

What belongs here: the difference of two evidence folders as one document. What does not: how a
terminal or a workbook shows it. The causes:

- `late_delivery`: a delivery that the first edition did not have,
- `gone_delivery`: one that it had, and that is gone or erased,
- `corrected_delivery`: one whose capture time, office or account is told otherwise,
- `corrected_reading`: a record of a known delivery that reads otherwise, is new or is gone,
- `corrected_registry`: an office or an account is registered otherwise,
- `changed_policy`: the rule itself,
- `definition_changed`: how this software values posts and bounds scores, whatever the rule; it
  stands beside the others wherever something moved between editions of different definitions,
- `post_excluded`, `post_readmitted`: a post that counts no more or again by nothing of these,
- `changed_coverage`: an account of the office whose exports are complete now or no more,
- `other_offices`: the office's own score stayed, others passed it or fell behind.

An edition lists what was captured up to its own cut-off. Where a policy moved that, only one of the
editions lists what lies between the two, which is the policy's doing and no delivery's.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ingest.schemas import READ
from orchestration.publication.month import UNREGISTERED, next_month, start_of

Row = dict[str, str]
_CONTRIBUTION = (
    "is_counted",
    "office_id",
    "league",
    "is_month_uncertain",
    "value",
    "value_low",
    "value_high",
    "grade",
    "value_likely_low",
    "value_likely_high",
    "is_incomplete",
)
_RANK = (
    "rank",
    "rank_best",
    "rank_worst",
    "score",
    "score_low",
    "score_high",
    "post_count",
    "rank_likely_best",
    "rank_likely_worst",
    "score_likely_low",
    "score_likely_high",
)
_COVERAGE = ("complete_account_count", "partial_account_count", "missing_account_count")
_SCORE = ("score", "score_low", "score_high", "score_likely_low", "score_likely_high")
#: What a delivery is told to be, besides its bytes; a change of it makes another delivery.
_CLAIMS = ("captured_at", "claimed_office_id", "claimed_account_id")
#: Later than any instant of an edition.
_NEVER = "9999"
#: What an edition hides of an account that is not registered.
_NAMES = ("platform_account_id", "account_handle")
_PLACE = ("account_id", "office_id", "league")


class NotComparable(Exception):
    """The editions are not of one month; the text says so."""


@dataclass(frozen=True)
class _Evidence:
    """One edition's evidence by key; a cell is text as in the file."""

    month: str
    #: Of the definitions by which posts are valued and offices ranked.
    definition_version: int
    #: Policy to the hash of its file.
    policies: dict[str, str]
    #: Policy to the last instant whose captures count for the month.
    cutoffs: dict[str, str]
    registry: dict[str, set[tuple[str, ...]]]
    deliveries: dict[str, Row]
    observations: dict[tuple[str, str], dict[tuple[str, str], Row]]
    decisions: dict[tuple[str, str, str], Row]
    rankings: dict[tuple[str, str, str, str], Row]

    @property
    def reach(self) -> str:
        """Up to which capture the edition lists every delivery."""
        return max(self.cutoffs.values())

    @property
    def readable(self) -> set[str]:
        """The deliveries that are not erased, quarantined or gone."""
        return {name for name, row in self.deliveries.items() if row["status"] in READ}

    def closes_at(self, platform: str, post_id: str) -> str:
        """Up to which capture the edition lists every observation of a post."""
        keys = ((policy, platform, post_id) for policy in self.cutoffs)
        return max((self.cutoffs[key[0]] for key in keys if key in self.decisions), default="")


@dataclass(frozen=True)
class _Arrivals:
    """How the deliveries of two editions differ, where both list them."""

    new: set[str]
    gone: set[str]
    #: Bytes that both have, as deliveries with other claims.
    corrected: set[str]


def difference(before: Path, after: Path) -> dict[str, Any]:
    """What moved between two evidence folders of one month.

    Returns:
        `offices`: one entry per policy, league, category and office whose ranks, scores or bounds
        differ, each number as `[before, after]` (null: no row, unbounded, or not told by an edition
        of the former definitions), with `is_complete` likewise and `causes`: `{cause, effect,
        post_count, score_change}`. `posts`: each post that contributes otherwise, with its effect
        and causes; one of a neighbouring month that may count in this one has the effect
        `neighbouring` and is no part of a score. `new_deliveries`, `gone_deliveries` (also those of
        which only a tombstone is left), `changed_policies`: their IDs. `corrected_deliveries`: the
        SHA-256 of files that are told to be captured or sent otherwise. `definition_versions`:
        `[before, after]`.

    Raises:
        NotComparable: they are of two months.
    """
    old, new = _read(before), _read(after)
    if old.month != new.month:
        raise NotComparable(f"the editions are of two months, {old.month[:7]} and {new.month[:7]}")
    arrivals = _arrivals(old, new)
    posts = list(_posts(old, new, arrivals))
    return {
        "definition_versions": [old.definition_version, new.definition_version],
        "new_deliveries": sorted(arrivals.new),
        "gone_deliveries": sorted(arrivals.gone),
        "corrected_deliveries": sorted(arrivals.corrected),
        "changed_policies": sorted(
            policy
            for policy in old.policies.keys() | new.policies.keys()
            if old.policies.get(policy) != new.policies.get(policy)
        ),
        "offices": list(_offices(old, new, arrivals, posts)),
        "posts": posts,
    }


def _read(folder: Path) -> _Evidence:
    def rows(name: str) -> list[Row]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    observations: dict[tuple[str, str], dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in rows("observations"):
        record = row["delivery_id"], row["record_number"]
        observations[row["platform"], row["post_id"]][record] = row
    registry: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, key in (("accounts", "account_id"), ("offices", "office_id")):
        for row in rows(name):
            registry[f"{key}={row[key]}"].add(tuple(row.values()))
    rules = json.loads((folder / "policies.json").read_bytes())
    return _Evidence(
        month=rules["month"],
        definition_version=rules.get("definition_version", 1),
        policies={policy["policy_id"]: policy["policy_sha256"] for policy in rules["policies"]},
        cutoffs={
            policy["policy_id"]: _cutoff(rules["month"], policy) for policy in rules["policies"]
        },
        registry=dict(registry),
        deliveries={row["delivery_id"]: row for row in rows("deliveries")},
        observations=dict(observations),
        decisions={(r["policy_id"], r["platform"], r["post_id"]): r for r in rows("decisions")},
        rankings={
            (r["policy_id"], r["league"], r["category"], r["office_id"]): r
            for r in rows("rankings")
        },
    )


def _cutoff(month: str, policy: dict[str, Any]) -> str:
    if policy["cutoff_days"] is None:
        return _NEVER
    last_day = next_month(date.fromisoformat(month)) + timedelta(days=policy["cutoff_days"])
    return f"{start_of(last_day, policy['time_zone']):%Y-%m-%dT%H:%M:%SZ}"


def _arrivals(old: _Evidence, new: _Evidence) -> _Arrivals:
    both = min(old.reach, new.reach)
    gone = {
        name
        for name in old.readable - new.readable
        if old.deliveries[name]["captured_at"] <= both or name in new.deliveries
    }
    fresh = {
        name
        for name in new.deliveries.keys() - old.deliveries.keys()
        if not both < new.deliveries[name]["captured_at"] <= max(old.reach, new.reach)
    }
    told_anew = {old.deliveries[name]["sha256"] for name in gone - new.deliveries.keys()}
    corrected = {new.deliveries[name]["sha256"] for name in fresh} & told_anew
    return _Arrivals(
        new={name for name in fresh if new.deliveries[name]["sha256"] not in corrected},
        gone={name for name in gone if old.deliveries[name]["sha256"] not in corrected},
        corrected=corrected,
    )


def _posts(old: _Evidence, new: _Evidence, arrivals: _Arrivals) -> Iterator[dict[str, Any]]:
    """Every post that contributes otherwise than before."""
    for key in sorted(old.decisions.keys() | new.decisions.keys()):
        before, after = old.decisions.get(key, {}), new.decisions.get(key, {})
        is_counted = [row.get("is_counted") == "true" for row in (before, after)]
        if not any(is_counted) or not _differ(_CONTRIBUTION, before, after):
            continue
        moved = [before.get(column) for column in _PLACE] != [after.get(c) for c in _PLACE]
        effect = "moved" if moved else "revalued"
        if new.month not in (before.get("month"), after.get("month")):
            effect = "neighbouring"
        elif is_counted == [False, True]:
            effect = "readmitted" if before else "added"
        elif is_counted == [True, False]:
            effect = "excluded"
        policy, platform, post = key
        yield {
            "policy_id": policy,
            "platform": platform,
            "post_id": post,
            "effect": effect,
            "causes": _causes(old, new, arrivals, key),
            "office_id": _texts("office_id", before, after),
            "league": _texts("league", before, after),
            "reason": _texts("reason", before, after),
            "grade": _texts("grade", before, after),
            "value": [_number(before, "value"), _number(after, "value")],
        }


def _reads_otherwise(before: Row, after: Row) -> bool:
    """Whether a record tells something else now; a name that is only hidden or shown does not."""
    is_hidden = UNREGISTERED in (*before.values(), *after.values())
    told = [column for column in before if not (is_hidden and column in _NAMES)]
    return _differ(told, before, after)


def _causes(
    old: _Evidence, new: _Evidence, arrivals: _Arrivals, key: tuple[str, str, str]
) -> list[str]:
    """Which inputs of a post's contribution differ."""
    policy, *post = key
    before, after = old.decisions.get(key, {}), new.decisions.get(key, {})
    causes = _causes_in_records(old, new, arrivals, (post[0], post[1]))
    if old.definition_version != new.definition_version:
        causes.add("definition_changed")
    named = {
        f"{column}={row[column]}"
        for row in (before, after)
        for column in ("account_id", "office_id")
        if row.get(column)
    }
    if any(old.registry.get(name) != new.registry.get(name) for name in named):
        causes.add("corrected_registry")
    if old.policies.get(policy) != new.policies.get(policy):
        causes.add("changed_policy")
    is_counted = after.get("is_counted") == "true"
    return sorted(causes) or ["post_readmitted" if is_counted else "post_excluded"]


def _causes_in_records(
    old: _Evidence, new: _Evidence, arrivals: _Arrivals, post: tuple[str, str]
) -> set[str]:
    """Which causes the records of a post tell, among those that both editions list."""
    known, seen = old.observations.get(post, {}), new.observations.get(post, {})
    closes = old.closes_at(*post) or old.reach, new.closes_at(*post) or new.reach
    only_one = [
        (record, row)
        for record, row in [*known.items(), *seen.items()]
        if (record in known) != (record in seen)
        and not min(closes) < row["captured_at"] <= max(closes)
    ]
    causes = set()
    for (delivery, _), row in only_one:
        if row["sha256"] in arrivals.corrected:
            causes.add("corrected_delivery")
        elif delivery in arrivals.gone:
            causes.add("gone_delivery")
        elif delivery not in old.deliveries:
            causes.add("late_delivery")
        elif (known and seen) or delivery not in old.readable & new.readable:
            causes.add("corrected_reading")
    if any(_reads_otherwise(known[record], seen[record]) for record in known.keys() & seen.keys()):
        causes.add("corrected_reading")
    return causes


def _offices(
    old: _Evidence, new: _Evidence, arrivals: _Arrivals, posts: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for key in sorted(old.rankings.keys() | new.rankings.keys()):
        before, after = old.rankings.get(key, {}), new.rankings.get(key, {})
        if before and after and not _differ((*_RANK, "is_complete"), before, after):
            continue
        policy, league, category, office = key
        numbers = {column: [_number(before, column), _number(after, column)] for column in _RANK}
        yield {
            "policy_id": policy,
            "league": league,
            "category": category,
            "office_id": office,
            **numbers,
            "is_complete": [_truth(before, "is_complete"), _truth(after, "is_complete")],
            "causes": list(_all_causes(old, new, arrivals, key, posts)),
        }


def _all_causes(
    old: _Evidence,
    new: _Evidence,
    arrivals: _Arrivals,
    key: tuple[str, str, str, str],
    posts: list[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Why an office's row moved: by its posts, its coverage, the registry, or the others."""
    before, after = old.rankings.get(key), new.rankings.get(key)
    is_ruled_otherwise = old.policies.get(key[0]) != new.policies.get(key[0])
    own = _office_causes(key, posts)
    if not (before and after):
        yield {"cause": "changed_policy" if is_ruled_otherwise else "corrected_registry"}
        yield from own
        return
    yield from own
    is_delivered_otherwise = bool(arrivals.new or arrivals.gone or arrivals.corrected)
    is_covered_otherwise = _differ(_COVERAGE, before, after)
    is_by_rule = is_ruled_otherwise and not is_delivered_otherwise
    if is_covered_otherwise and not is_by_rule:
        yield {"cause": "changed_coverage"}
    elif own:
        return
    elif old.definition_version != new.definition_version:
        yield {"cause": "definition_changed"}
    elif is_ruled_otherwise and (is_covered_otherwise or _differ(_SCORE, before, after)):
        yield {"cause": "changed_policy"}
    else:
        yield {"cause": "other_offices"}


def _office_causes(
    key: tuple[str, str, str, str], posts: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The causes among an office's posts, each with its part in the change of the score."""
    policy, league, category, office = key
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for post in posts:
        if post["policy_id"] != policy:
            continue
        was, is_now = (
            (post["office_id"][side], post["league"][side]) == (office, league) for side in (0, 1)
        )
        if not was and not is_now:
            continue
        was &= post["effect"] not in ("added", "readmitted", "neighbouring")
        is_now &= post["effect"] not in ("excluded", "neighbouring")
        worth = [1, 1] if category == "active" else [value or 0 for value in post["value"]]
        total = sums[" and ".join(post["causes"]), post["effect"]]
        total[0] += 1
        total[1] += worth[1] * is_now - worth[0] * was
    return [
        {"cause": cause, "effect": effect, "post_count": count, "score_change": change}
        for (cause, effect), (count, change) in sorted(sums.items())
        if category == "popular" or change or effect == "neighbouring"
    ]


def _differ(columns: Iterable[str], before: Row, after: Row) -> bool:
    """Whether two rows differ in a column that both editions have; a row that is missing does."""
    if not (before and after):
        return bool(before or after)
    shared = [column for column in columns if column in before and column in after]
    return any(before[column] != after[column] for column in shared)


def _texts(column: str, before: Row, after: Row) -> list[str | None]:
    return [before.get(column) or None, after.get(column) or None]


def _number(row: Row, column: str) -> int | None:
    text = row.get(column)
    return int(text) if text else None


def _truth(row: Row, column: str) -> bool | None:
    text = row.get(column)
    return text == "true" if text else None
