"""Recomputes a month's rankings from the evidence in a folder: python -I -S recompute.py [FOLDER]

It needs Python 3.11 and nothing else. From the records of the files, the registry and the policies
it decides anew whose each post is, when it was published, whether it counts and why not, what it
was worth and between which bounds, and how the offices rank, and compares that with what was
published (coverage it takes as published). It prints the differences (exit 1) or one line (exit 0).
The restricted evidence holds the delivered files, and so tells whether a record stands there so.

Instants are UTC. The policies carry their zones' offsets from UTC around the month, so no time zone
database is needed. None is "not reported", "unbounded" or "still valid".
"""

# ruff: noqa: ANN001, ANN201, ANN204
# mypy: ignore-errors
import csv
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from pathlib import Path

COMPONENTS = ("like", "comment", "share", "save")
KINDS = {"reply": "replies", "repost": "reposts", "story": "stories", "cross_post": "cross_posts"}
GRADES = ("exact", "interpolated", "late", "early", "none")
KEYS = {  # what is compared, and the columns that name a row of it
    "posts": ("platform", "post_id"),
    "decisions": ("policy_id", "platform", "post_id"),
    "rankings": ("policy_id", "league", "category", "office_id"),
}
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
WHOLE = re.compile("_(count|number|score|percent)$|^(rank|score|value)")


def typed(column, text):
    """A cell's value; its type follows from its column's name."""
    if text == "":
        return None
    if column.endswith("_at"):
        return datetime.fromisoformat(text.removesuffix("Z"))
    if column.endswith("_date") or column == "month":
        return date.fromisoformat(text)
    if column.startswith("is_"):
        return {"true": True, "false": False}[text]
    return int(text) if WHOLE.search(column) else text


class Evidence:
    """The files as rows, each row a dict."""

    def __init__(self, folder):
        self.folder = folder
        rules = json.loads((folder / "policies.json").read_bytes())
        self.month, self.policies = date.fromisoformat(rules["month"]), rules["policies"]
        next_month = (self.month + 31 * DAY).replace(day=1)
        self.last_day = next_month - DAY
        for name in ("offices", "accounts", "deliveries", "rejects", "observations", "coverage"):
            setattr(self, name, self.rows(name))
        self.delivery = {d["delivery_id"]: d for d in self.deliveries}
        for p in self.policies:
            p["offsets"] = [(typed("_at", at), s * SECOND) for at, s in p["utc_offsets"]]
            p["weights"] = {c: p[f"{c}_weight"] for c in COMPONENTS if p[f"{c}_weight"]}
            days = p["cutoff_days"]
            p["cutoff"] = datetime.max if days is None else utc(p, next_month + days * DAY)

    def rows(self, name):
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *records = csv.reader(file, strict=True)
        return [dict(zip(header, map(typed, header, cells), strict=True)) for cells in records]


def valid(span, first, last=None):
    """Whether a registry row holds on some day of a range; `valid_to_date` is exclusive."""
    ends = span["valid_to_date"]
    return span["valid_from_date"] <= (last or first) and (ends is None or first < ends)


def only(names):
    """The one distinct name; None where there is none or more than one."""
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None


def local(policy, instant):
    """The wall time of a UTC instant in the policy's zone."""
    return instant + [offset for at, offset in policy["offsets"] if at <= instant][-1]


def utc(policy, day, hour=0):
    """The UTC instant of a full hour; of one that the clock skips or repeats, the first."""
    wall, offset = datetime(day.year, day.month, day.day, hour), policy["offsets"][0][1]
    for until, other in policy["offsets"][1:]:
        if wall < until + max(offset, other):
            break
        offset = other
    return wall - offset


@cache
def account_of(e, platform, number, handle, claimed, sender, day):
    """Identity first, then the handle of the day; the sender only where the record names nobody."""
    here = [a for a in e.accounts if a["platform"] == platform]
    if number or handle:
        found = [a for a in here if number and a["platform_account_id"] == number]
        found = found or [a for a in here if handle and a["handle"] == handle and valid(a, day)]
    elif claimed:
        found = [a for a in here if a["account_id"] == claimed]
    else:
        found = [a for a in here if a["office_id"] == sender and valid(a, day)]
    return only(a["account_id"] for a in found)


@cache
def place(e, account, day):
    """The office of an account on a local date, and that office's league."""
    spans = [a for a in e.accounts if a["account_id"] == account and valid(a, day)]
    office = only(a["office_id"] for a in spans)
    spans = [o for o in e.offices if o["office_id"] == office and valid(o, day)]
    return office, only(o["league"] for o in spans)


def post_of(e, seen):
    """What the records of one post, earliest first, say of it together."""
    accounts = []
    for o in seen:
        d, names = e.delivery[o["delivery_id"]], (o["platform_account_id"], o["account_handle"])
        claims = d["claimed_account_id"], d["claimed_office_id"], d["captured_at"].date()
        account = account_of(e, o["platform"], *names, *claims)
        accounts += [account] if any((*names, account)) else []
    best = min((o["published_precision"] for o in seen), key=("second", "minute", "day").index)
    same = [o for o in seen if o["published_precision"] == best]
    return {
        "account_id": next(iter(accounts), None),
        "published_at": None if best == "day" else min(o["published_at"] for o in same),
        "published_date": min(o["published_date"] for o in same) if best == "day" else None,
        "published_precision": best,
        **{f"is_{kind}": any(o[f"is_{kind}"] for o in seen) for kind in KINDS},
        "first_observed_at": seen[0]["captured_at"],
    }


def decide(e, policy, platform, post, seen):
    """A row of `decisions.csv`; None where the post lies in another month in the policy's zone."""
    at, account = post["published_at"], post["account_id"]
    day = post["published_date"] or local(policy, at).date()
    if not e.month <= day <= e.last_day:
        return None
    office, league = place(e, account, day)
    reasons = {
        "unregistered_account": account is None,
        "platform_not_in_policy": platform not in policy["platforms"],
        "account_not_valid": office is None,
        "office_not_valid": league is None,
        "league_not_in_policy": league not in policy["leagues"],
        **{k: post[f"is_{k}"] and not policy[f"counts_{many}"] for k, many in KINDS.items()},
        "seen_after_cutoff": post["first_observed_at"] > policy["cutoff"],
    }
    reason = next((reason for reason, holds in reasons.items() if holds), "counted")
    row = {"month": e.month, "local_date": day, "account_id": account, "office_id": office}
    row |= {"league": league, "reason": reason, "is_counted": reason == "counted"}
    row["is_month_uncertain"] = at is None and day in (e.month, e.last_day)
    names = ("value", "value_low", "value_high", "grade")
    return row | dict(zip(names, value_of(policy, at, day, seen), strict=True))


def value_of(policy, at, day, seen):
    """Value, low, high and grade, from the observations since publication and up to the cut-off."""
    since, until = at or utc(policy, day), policy["cutoff"]
    used = [o for o in seen if since <= o["captured_at"] <= until]
    reported = [c for c in policy["weights"] if any(o[f"{c}_count"] is not None for o in used)]
    sums = defaultdict(list)
    for o in used:
        if reported and all(o[f"{c}_count"] is not None for c in reported):
            weighted = [policy["weights"][c] * o[f"{c}_count"] for c in reported]
            sums[o["captured_at"]].append(sum(weighted))
    value, low, high, grade = graded(policy, at, day, sums)
    # A weighted component that nobody reported may be any number.
    return value, low, high if len(reported) == len(policy["weights"]) else None, grade


def graded(policy, at, day, sums):
    """The value at the window's end; of several sums at one instant the largest is the value."""
    if policy["window_hours"] is None:
        last = sums[max(sums)] if sums else None
        return (max(last), min(last), max(last), "exact") if last else (None, 0, None, "none")
    window, late = policy["window_hours"] * HOUR, policy["late_limit_hours"]
    end = window + (at or utc(policy, day, 12))
    sums = {t: s for t, s in sums.items() if t <= end or late is None or t <= end + late * HOUR}
    start = max((t for t in sums if t < end), default=None)
    stop = min((t for t in sums if t > end), default=None)
    before, after = sums.get(start), sums.get(stop)
    value, low, high, grade = None, 0, None, "none"
    if end in sums:
        value, low, high, grade = max(sums[end]), min(sums[end]), max(sums[end]), "exact"
    elif before and after:
        a, b, low, high = max(before), max(after), min(before + after), max(before + after)
        value = a + (b - a) * ((end - start) // SECOND) // ((stop - start) // SECOND)
        grade = "interpolated"
    elif after:
        value, high, grade = max(after), max(after), "late"
    elif before:
        value, low, grade = max(before), min(before), "early"
    if at is None:  # known to the day: the bounds are at the window's ends of the day's two edges
        start = max((t for t in sums if t <= utc(policy, day) + window), default=None)
        stop = min((t for t in sums if t >= utc(policy, day + DAY) + window), default=None)
        low, high = min(sums.get(start, [0])), max(sums[stop]) if stop else None
        grade = "interpolated" if grade == "exact" else grade
    return value, low, high, grade


def score(category, posts):
    """Score, its bounds and its evidence by grade, and the best post's part in it."""
    worth = [(p["value"] or 0, p["value_low"], p["value_high"], p["grade"]) for p in posts]
    if category == "active":
        worth = [(1, int(not p["is_month_uncertain"]), 1, p["grade"]) for p in posts]
    values, lows, highs, _ = zip(*worth, strict=True) if worth else [()] * 4
    row = {f"{grade}_score": sum(w[0] for w in worth if w[3] == grade) for grade in GRADES}
    row |= {"score": sum(values), "score_low": sum(lows), "post_count": len(posts)}
    row["score_high"] = None if None in highs else sum(highs)
    return row, max(values, default=0)


def ranking(e, policy, decisions, states):
    """Yields the key and the columns of each row of `rankings.csv`."""
    ends = policy["effective_to_date"] or "9999-12-31"
    official = policy["effective_from_date"] <= str(e.month) < ends
    same = {"month": e.month, "policy_sha256": policy["policy_sha256"], "is_official": official}
    for league in policy["leagues"]:
        spans = [o for o in e.offices if o["league"] == league]
        posts = {o["office_id"]: [] for o in spans if valid(o, e.month, e.last_day)}
        for d in decisions:
            if d["is_counted"] and d["league"] == league:
                posts[d["office_id"]].append(d)
        for category in ("active", "popular"):
            scores = {office: score(category, own) for office, own in posts.items()}
            for office, (row, best) in scores.items():
                others = [other for name, (other, _) in scores.items() if name != office]
                low, high, mine = row["score_low"], row["score_high"], row["score"]
                surely = sum(high is not None and o["score_low"] > high for o in others)
                maybe = sum(o["score_high"] is None or o["score_high"] > low for o in others)
                ranks = {"rank": 1 + sum(o["score"] > mine for o in others)}
                ranks |= {"rank_best": 1 + surely, "rank_worst": 1 + maybe}
                ranks["rank_without_best_post"] = 1 + sum(o["score"] > mine - best for o in others)
                spans = [a for a in e.accounts if valid(a, e.month, e.last_day)]
                own = {a["account_id"] for a in spans if a["office_id"] == office}
                found = Counter(states[a] for a in own & states.keys())
                for state in ("complete", "partial", "missing"):
                    ranks[f"{state}_account_count"] = found[state]
                yield (policy["policy_id"], league, category, office), same | row | ranks


def recompute(e):
    """Table to its rows by key, as they follow from the evidence."""
    seen, found = defaultdict(list), {"decisions": {}, "rankings": {}}
    order = itemgetter("captured_at", "sha256", "record_number", "delivery_id")
    for o in sorted(e.observations, key=order):
        seen[o["platform"], o["post_id"]].append(o)
    found["posts"] = {key: post_of(e, own) for key, own in seen.items()}
    for policy in e.policies:
        name = policy["policy_id"]
        rows = {k: decide(e, policy, k[0], p, seen[k]) for k, p in found["posts"].items()}
        rows = {(name, *key): row for key, row in rows.items() if row}
        states = {c["account_id"]: c["state"] for c in e.coverage if c["policy_id"] == name}
        found["decisions"] |= rows
        found["rankings"] |= ranking(e, policy, rows.values(), states)
    return found


def faults(e):
    """Hashes that differ, records that don't add up, results that don't follow."""
    files = {p.name: p.read_bytes() for p in e.folder.iterdir()}
    listed = files.pop("SHA256SUMS").decode().split("\n")
    hashes = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in files]
    for line in set(listed) ^ {*hashes, ""}:
        yield f"{line[66:]}: not as SHA256SUMS lists it"
    rejected = Counter(r["sha256"] for r in e.rejects)
    for d in (d for d in e.deliveries if d["status"] == "loaded"):
        counts = d["loaded_count"], rejected[d["sha256"]], d["set_aside_count"]
        if d["record_count"] != sum(counts) or d["rejected_count"] != counts[1]:
            yield f"delivery {d['delivery_id']}: its records don't add up"
    for o in e.observations:
        d = e.delivery[o["delivery_id"]]
        if d["status"] != "loaded" or any(d[c] != o[c] for c in ("sha256", "captured_at")):
            yield f"observation {o}: not of its delivery"
    for name, rows in recompute(e).items():
        published = {itemgetter(*KEYS[name])(row): row for row in e.rows(name)}
        for key in sorted(rows.keys() | published.keys()):
            mine, told = rows.get(key, {"row": None}), published.get(key, {})
            if wrong := {c: v for c, v in mine.items() if told.get(c, "no row") != v}:
                yield f"{name} {key}: published {[told.get(c) for c in wrong]}, recomputed {wrong}"


if __name__ == "__main__":
    evidence = Evidence(Path(*sys.argv[1:]) if sys.argv[1:] else Path(__file__).parent)
    found = list(faults(evidence))
    print(*found or [f"{len(evidence.observations)} observations: no difference"], sep="\n")
    sys.exit(1 if found else 0)
