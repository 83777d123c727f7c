"""Recomputes a month's rankings from the evidence in a folder: python -I -S recompute.py [FOLDER]

It needs Python 3.11 and nothing else. From the records of the files, the registry and the policies
it decides anew whose each post is, when it was published, whether it counts and why not, what it
was worth and between which bounds, which accounts' exports are complete, and how the offices rank,
also how sure the tone of comments is, and compares that with what was published. It prints the
differences (exit 1) or one line (exit 0).
The restricted evidence holds the delivered files, and so tells whether a record stands there so.

Instants are UTC. The policies carry their zones' offsets from UTC around the month, so no time zone
database is needed. None is "not reported", "unbounded" or "still valid".
"""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204
# mypy: ignore-errors
import csv
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from math import comb, isqrt
from pathlib import Path

COMPONENTS = ("like", "comment", "share", "save")
KINDS = {"reply": "replies", "repost": "reposts", "story": "stories", "cross_post": "cross_posts"}
GRADES = ("exact", "interpolated", "late", "early", "none")
READ = ("loaded", "rejected")  # of a delivery: some record may be loaded, or each is rejected
KEYS = {  # what is compared, and the columns that name a row of it
    "deliveries": ("delivery_id",),
    "spans": ("policy_id", "delivery_id", "account_id"),
    "posts": ("platform", "post_id"),
    "decisions": ("policy_id", "platform", "post_id"),
    "coverage": ("policy_id", "account_id"),
    "month_state": ("policy_id",),
    "rankings": ("policy_id", "league", "category", "office_id"),
}
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
X_BEGINS = 1288834974657  # of the IDs of X, in milliseconds since 1970
INSTAGRAM_BEGINS = 1314220021721  # likewise
SHORTCODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SCHEDULED = 365 * DAY  # so much older than its post an ID can be, and no more
GRACE = timedelta(minutes=15)  # so much later than its capture no record can be published
FIRST_ZONE_AHEAD = 14 * HOUR  # of the zone in which a day begins first
LOW, TYPICAL, HIGH = 1, 2, 3  # columns of a row of a growth curve, behind its hour
MILLION = 1_000_000
LEAST_KAPPA = 6000  # of 10,000: below it two readers agree too little
ONE_END = 40  # each end of a range is wrong in one of so many draws at most
LARGEST_COUNT = 10**12  # beyond any count that is accepted, a number bounds nothing
WHOLE = re.compile("_(count|number|score|percent|low|high)$|^(rank|score|value)")


# Reading


def typed(column, text):
    """A cell's value; its type follows from its column's name."""
    if text == "":
        return None
    if column.endswith("_at"):
        return datetime.fromisoformat(text.removesuffix("Z"))
    if column.endswith("_date") or column == "month":
        return date.fromisoformat(text)
    if column.startswith("is_") or column == "covers_posts":
        return {"true": True, "false": False}[text]
    return int(text) if WHOLE.search(column) else text


class Evidence:
    """The files as rows, each row a dict."""

    def __init__(self, folder):
        self.folder = folder
        rules = json.loads((folder / "policies.json").read_bytes())
        self.month, self.policies = date.fromisoformat(rules["month"]), rules["policies"]
        self.next_month = (self.month + 31 * DAY).replace(day=1)
        self.last_day = self.next_month - DAY
        self.offices, self.accounts = self.rows("offices"), self.rows("accounts")
        self.deliveries, self.rejects = self.rows("deliveries"), self.rows("rejects")
        self.observations = self.rows("observations")
        self.delivery = {d["delivery_id"]: d for d in self.deliveries}
        self.contents = defaultdict(list)
        for held in self.rows("contents"):
            self.contents[held["delivery_id"]].append(held)
        #: The zones of the ranges in the names of the platforms' files.
        self.ranges = {p: offsets(pairs) for p, pairs in rules["range_utc_offsets"].items()}
        for policy in self.policies:
            zone = policy["offsets"] = offsets(policy["utc_offsets"])
            policy["disproved"] = disproved(self, lambda day, zone=zone: utc(zone, day))
        self.disproved = disproved(self, first_instant)

    def rows(self, name):
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *records = csv.reader(file, strict=True)
        return [dict(zip(header, map(typed, header, cells), strict=True)) for cells in records]

    def cutoff(self, policy):
        """The last instant, inclusive, whose captures count for the month."""
        if policy["cutoff_days"] is None:
            return datetime.max
        return utc(policy["offsets"], self.next_month + policy["cutoff_days"] * DAY)


# Time


def offsets(pairs):
    """A zone: from which UTC instant on it is how far ahead of UTC."""
    return [(typed("_at", at), seconds * SECOND) for at, seconds in pairs]


def local(zone, instant):
    """The wall time of a UTC instant in a zone."""
    return instant + [offset for at, offset in zone if at <= instant or at == zone[0][0]][-1]


def utc(zone, day, hour=0):
    """The UTC instant of a full hour; of one that the clock skips or repeats, the first."""
    wall, offset = datetime(day.year, day.month, day.day, hour), zone[0][1]
    for until, other in zone[1:]:
        if wall < until + max(offset, other):
            break
        offset = other
    return wall - offset


def first_instant(day):
    """When a day begins somewhere."""
    return datetime(day.year, day.month, day.day) - FIRST_ZONE_AHEAD


def disproved(e, start_of):
    """The deliveries that hold a record which was published after their capture time."""
    found = set()
    for name, contents in e.contents.items():
        until = e.delivery[name]["captured_at"] + GRACE
        for held in contents:
            at, day = held["newest_published_at"], held["newest_published_date"]
            if (at and at > until) or (day and start_of(day) > until):
                found.add(name)
    return found


def valid(span, first, last=None):
    """Whether a registry row holds on some day of a range; `valid_to_date` is exclusive."""
    ends = span["valid_to_date"]
    return span["valid_from_date"] <= (last or first) and (ends is None or first < ends)


def only(names):
    """The one distinct name; None where there is none or more than one."""
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None


# Whose a post is


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


def owner_of(e, seen):
    """The account that the first record names which the registry knows.

    A delivery whose capture time is disproved decides only where no other delivery does.
    """
    for doubtful in (False, True):
        for o in seen:
            if (o["delivery_id"] in e.disproved) == doubtful:
                account = named_by(e, o)
                if account:
                    return account
    return None


def named_by(e, record):
    """The account that a record names, or a row of `contents.csv`."""
    names = record["platform_account_id"], record["account_handle"]
    d = e.delivery[record["delivery_id"]]
    claims = d["claimed_account_id"], d["claimed_office_id"], d["captured_at"].date()
    return account_of(e, record["platform"], *names, *claims)


@cache
def place(e, account, day):
    """The office of an account on a local date, and that office's league."""
    spans = [a for a in e.accounts if a["account_id"] == account and valid(a, day)]
    office = only(a["office_id"] for a in spans)
    spans = [o for o in e.offices if o["office_id"] == office and valid(o, day)]
    return office, only(o["league"] for o in spans)


def post_of(e, seen):
    """What the records of one post, earliest first, say of it together."""
    best = min((o["published_precision"] for o in seen), key=("second", "minute", "day").index)
    same = [o for o in seen if o["published_precision"] == best]
    post = {
        "account_id": owner_of(e, seen),
        "published_at": None if best == "day" else min(o["published_at"] for o in same),
        "published_date": min(o["published_date"] for o in same) if best == "day" else None,
        "published_precision": best,
        "first_observed_at": seen[0]["captured_at"],
    }
    for kind in KINDS:
        post[f"is_{kind}"] = any(o[f"is_{kind}"] for o in seen)
    return post


# Whether a post counts


def judge(e, policy, platform, post, seen, day):
    """Office, league and reason of a post, as if it had been published on a day of the month."""
    account = post["account_id"]
    office, league = place(e, account, day)
    reasons = {
        "unregistered_account": account is None,
        "platform_not_in_policy": platform not in policy["platforms"],
        "account_not_valid": office is None,
        "office_not_valid": league is None,
        "league_not_in_policy": league not in policy["leagues"],
    }
    for kind, many in KINDS.items():
        reasons[kind] = post[f"is_{kind}"] and not policy[f"counts_{many}"]
    reasons["seen_after_cutoff"] = first_seen(e, policy, seen) > e.cutoff(policy)
    reason = next((reason for reason, applies in reasons.items() if applies), "counted")
    return office, league, reason


def first_seen(e, policy, seen):
    """When a post was first seen; in a delivery with a disproved capture, at its receipt."""
    return min(
        e.delivery[o["delivery_id"]]["received_at"]
        if o["delivery_id"] in policy["disproved"]
        else o["captured_at"]
        for o in seen
    )


def decide(e, policy, platform, post, seen):
    """A row of `decisions.csv`; None where the post has nothing to do with the month.

    A day's post of a neighbouring month may be of this one, if it would count on the adjacent day.
    """
    at = post["published_at"]
    day = post["published_date"] or local(policy["offsets"], at).date()
    month, judged = day.replace(day=1), day
    if at is None:
        judged = {e.month - DAY: e.month, e.next_month: e.last_day}.get(day, day)
    if judged.replace(day=1) != e.month:
        return None
    office, league, reason = judge(e, policy, platform, post, seen, judged)
    if month != e.month and reason != "counted":
        return None
    row = {"month": month, "local_date": day, "account_id": post["account_id"]}
    row |= {"office_id": office, "league": league}
    row |= {"reason": reason, "is_counted": reason == "counted"}
    row["is_month_uncertain"] = at is None and judged in (e.month, e.last_day)
    row |= value_of(policy, platform, at, day, seen, e.cutoff(policy))
    if row["is_month_uncertain"]:
        row["value_likely_low"] = 0
    return row


# What a post was worth


def value_of(policy, platform, at, day, seen, cutoff):
    """A post's value, bounds and grade: its components by their weights."""
    since = at or utc(policy["offsets"], day)
    used = [
        o
        for o in seen
        if since <= o["captured_at"] <= cutoff and o["delivery_id"] not in policy["disproved"]
    ]
    weights = {c: w for c, w in policy["weights_on"].get(platform, {}).items() if w}
    components = {c: component(policy, platform, at, day, used, f"{c}_count") for c in weights}
    known = {c: parts for c, parts in components.items() if parts["grade"] != "none"}
    row = {"grade": max((v["grade"] for v in known.values()), key=GRADES.index, default="none")}
    for name in ("value", "value_low", "value_high", "value_likely_low", "value_likely_high"):
        parts = [(weights[c], v[name]) for c, v in known.items()]
        unbounded = any(number is None for _, number in parts)
        row[name] = None if unbounded else sum(weight * number for weight, number in parts)
    if not weights:
        row["grade"] = "exact"
    elif not known:
        row["value"] = None
    row["is_incomplete"] = len(known) < len(weights)
    if row["is_incomplete"]:
        row["value_high"] = None
    row["component_count"] = len(weights)
    sound = [v for v in known.values() if v["grade"] in ("exact", "interpolated")]
    row["sound_component_count"] = len(sound)
    row["is_early"] = any(v["grade"] == "early" for v in known.values())
    row["by_grade"] = [(v["grade"], weights[c] * v["value"]) for c, v in known.items()]
    return row


def component(policy, platform, at, day, used, column):
    """Grade, value and bounds of one component; of numbers at one instant the smallest counts."""
    numbers = defaultdict(list)
    for o in used:
        if o[column] is not None:
            numbers[o["captured_at"]].append(o[column])
    if policy["window_hours"] is None:
        if not numbers:
            return {"grade": "none"}
        last = numbers[max(numbers)]
        return bounded("exact", min(last), (min(last), max(last)), (min(last), max(last)))
    start, window = at or utc(policy["offsets"], day, 12), policy["window_hours"] * HOUR
    if policy["late_limit_hours"] is not None:
        limit = start + window + policy["late_limit_hours"] * HOUR
        numbers = {t: n for t, n in numbers.items() if t <= limit}
    ages = {t: max(0, (t - start) // SECOND) for t in numbers}
    curve = policy["growth"] and policy["growth"][platform]
    found = around(curve, numbers, ages, start, start + window)
    if found is None:
        return {"grade": "none"}
    grade, low, high, worth = found
    value = worth[TYPICAL]
    if at is None:
        low, high = bounds_of_a_day(policy, day, window, numbers, value)
        grade = "interpolated" if grade == "exact" else grade
    if grade == "exact":
        likely = low, high
    elif grade == "early":
        grown = part(curve, LOW, max(ages.values())) if curve else 0
        largest = max(max(each) for each in numbers.values())
        most = max(largest, nearest((value + 1) * MILLION, grown)) if grown else None
        likely = min(low, value), most if grown and most <= LARGEST_COUNT else None
    elif not curve:
        likely = min(low, value), None if high is None else max(high, value)
    else:
        smaller, larger = sorted((worth[LOW], worth[HIGH]))
        larger = larger if high is None else min(high, larger)
        likely = min(value, max(low, smaller)), max(value, larger)
    return bounded(grade, value, (low, high), likely)


def around(curve, numbers, ages, start, end):
    """Grade, hard bounds, and the number at the window's end after each column of the curve."""
    before = max((t for t in numbers if t < end), default=None)
    after = min((t for t in numbers if t > end), default=None)
    window = (end - start) // SECOND
    if end in numbers:
        low, high = min(numbers[end]), max(numbers[end])
        return "exact", low, high, dict.fromkeys((LOW, TYPICAL, HIGH), low)
    if before and after:
        both = numbers[before] + numbers[after]
        u, v = min(numbers[before]), min(numbers[after])
        worth = {}
        for k in (LOW, TYPICAL, HIGH):
            a, middle, b = (part(curve, k, age) for age in (ages[before], window, ages[after]))
            worth[k] = u if a == b else u + nearest((v - u) * (middle - a), b - a)
        return "interpolated", min(both), max(both), worth
    if after:
        v = min(numbers[after])
        worth = dict.fromkeys((LOW, TYPICAL, HIGH), v)
        if curve:
            worth = {k: nearest(v * MILLION, part(curve, k, ages[after])) for k in worth}
        return "late", 0, max(numbers[after]), worth
    if before:
        u = min(numbers[before])
        return "early", u, None, dict.fromkeys((LOW, TYPICAL, HIGH), u)
    return None


def bounds_of_a_day(policy, day, window, numbers, value):
    """The hard bounds of a post that is known to the day: at the windows of the day's two edges."""
    first = utc(policy["offsets"], day) + window
    last = utc(policy["offsets"], day + DAY) + window
    floor = max((t for t in numbers if t <= first), default=None)
    ceiling = min((t for t in numbers if t >= last), default=None)
    low = min(numbers[floor]) if floor else 0
    if ceiling is None:
        return min(low, value), None
    high = max(numbers[ceiling])
    return min(low, high, value), max(low, high, value)


def bounded(grade, value, hard, likely):
    """A component's columns; each pair is the lowest and the highest, None is unbounded."""
    row = {"grade": grade, "value": value}
    row["value_low"], row["value_high"] = hard
    row["value_likely_low"], row["value_likely_high"] = likely
    return row


def part(curve, column, age):
    """What a post has at an age, in millionths of what it has at the window's end.

    Without a curve it grows evenly, so that the age itself, in seconds, is the measure.
    """
    if not curve:
        return age
    for first, second in pairwise(curve):
        start, stop = first[0] * 3600, second[0] * 3600
        if start <= age < stop:
            rise = 1000 * (second[column] - first[column])
            return 1000 * first[column] + rise * (age - start) // (stop - start)
    return 1000 * curve[-1][column]


def nearest(dividend, divisor):
    """A quotient to the nearest whole number, half up."""
    return (2 * dividend + divisor) // (2 * divisor)


# Which accounts' exports are complete


def spans_covered(e, policy):
    """Yields a delivery, an account, and from when to when it lists all posts of that one."""
    for d in e.deliveries:
        if d["status"] not in READ or d["is_truncated"] or not d["covers_posts"]:
            continue
        if d["captured_at"] <= e.cutoff(policy) and d["delivery_id"] not in policy["disproved"]:
            for account in accounts_covered(e, d):
                starts, ends = span_covered(e, policy["offsets"], d, account)
                if starts and starts < ends:
                    yield d, account, starts, ends


def coverage(e, policy, covered):
    """The state of each account of the policy's platforms that is registered in the month."""
    zone, cutoff = policy["offsets"], e.cutoff(policy)
    # What was rejected whole lists nothing, but its records may be posts.
    spans, rejected = defaultdict(list), defaultdict(list)
    for d, account, starts, ends in covered:
        found = rejected if d["status"] == "rejected" else spans
        found[account].append((starts, ends, d["sha256"]))
    unknown = {r["sha256"] for r in e.rejects if may_be_of_month(e, zone, r, cutoff)}
    days = [e.month + n * DAY for n in range((e.next_month - e.month).days)]
    states = {}
    for account in {a["account_id"] for a in e.accounts if a["platform"] in policy["platforms"]}:
        registered = [a for a in e.accounts if a["account_id"] == account]
        asked = [day for day in days if any(valid(a, day) for a in registered)]
        edges = [(utc(zone, day), utc(zone, day + DAY)) for day in asked]
        held = [is_held(spans[account], begins, ends) for begins, ends in edges]
        used = {
            sha256
            for starts, stops, sha256 in spans[account] + rejected[account]
            if any(starts < ends and stops > begins for begins, ends in edges)
        }
        if asked and not any(held):
            states[account] = "missing"
        elif asked:
            states[account] = "complete" if all(held) and not used & unknown else "partial"
    return states


def accounts_covered(e, d):
    """Whose export it is: the account that it was sent for, else those whose own posts it holds.

    Where it holds nothing at all, its sender's only account on the platform: a true zero.
    """
    claimed = d["claimed_account_id"]
    if claimed or not d["loaded_count"] + d["rejected_count"]:
        claims = claimed, d["claimed_office_id"], d["captured_at"].date()
        found = {account_of(e, d["platform"], None, None, *claims)}
    else:
        found = {named_by(e, c) for c in e.contents[d["delivery_id"]] if not c["is_guest"]}
    return found - {None}


def span_covered(e, zone, d, account):
    """From when to when a delivery lists all posts of an account; None where nothing tells."""
    printed = e.ranges[d["platform"]] if d["covers_source"] == "name" else zone
    starts = d["covers_from_date"] and utc(printed, d["covers_from_date"])
    older = []  # days of the oldest records, where these are older than the range
    for held in e.contents[d["delivery_id"]]:
        if named_by(e, held) == account:
            at, day = held["oldest_published_at"], held["oldest_published_date"]
            if at and (starts is None or at <= starts):
                older.append(local(zone, at).date())
            if day and (starts is None or utc(zone, day + DAY) <= starts):
                older.append(day)
    if older:
        starts = utc(zone, min(older))
    ends = d["covers_to_date"] and utc(printed, d["covers_to_date"] + DAY)
    return starts, min(ends or d["captured_at"], d["captured_at"])


def is_held(spans, begins, ends):
    """Whether spans, joined where they touch, hold all of a day."""
    reached = begins
    for starts, stops, _ in sorted(spans):
        if starts > reached:
            break
        reached = max(reached, stops)
    return reached >= ends


def may_be_of_month(e, zone, reject, cutoff):
    """Whether a rejected record may be a post of the month that no other record stands for."""
    day = reject["published_date"]
    if reject["published_at"]:
        day = local(zone, reject["published_at"]).date()
    is_known = reject["known_at"] is not None and reject["known_at"] <= cutoff
    return not is_known and (day is None or day.replace(day=1) == e.month)


def month_state(e, policy, decisions, states):
    """How complete the month is: the accounts of the leagues, and the evidence of counted posts."""
    leagues = [o for o in e.offices if o["league"] in policy["leagues"]]
    offices = {o["office_id"] for o in leagues if valid(o, e.month, e.last_day)}
    spans = [a for a in e.accounts if a["office_id"] in offices and valid(a, e.month, e.last_day)]
    accounts = {a["account_id"] for a in spans} & states.keys()
    complete = [a for a in accounts if states[a] == "complete"]
    counted = [d for d in decisions if d["is_counted"]]
    sound, every = (
        sum(d[column] for d in counted) for column in ("sound_component_count", "component_count")
    )
    row = {"account_count": len(accounts), "complete_account_count": len(complete)}
    row["coverage_percent"] = 100 * len(complete) // len(accounts) if accounts else 100
    row["evidence_percent"] = 100 * sound // every if every else 100
    row["is_complete"] = all(
        row[f"{name}_percent"] >= policy[f"minimum_{name}_percent"]
        for name in ("coverage", "evidence")
    )
    return row


# How offices rank


def score(category, posts, neighbours, policy, is_complete):
    """Score, bounds and evidence by grade of an office, and the best post's part in it."""
    certain = [p for p in posts if not p["is_month_uncertain"]]
    row = {"post_count": len(posts), "is_complete": is_complete}
    if category == "active":
        for grade in GRADES:
            row[f"{grade}_score"] = sum(p["grade"] == grade for p in posts)
        most = len(posts) + len(neighbours)
        row |= {"score": len(posts), "score_low": len(certain)}
        row |= {"score_high": most if is_complete else None}
        row |= {"score_likely_low": len(certain), "score_likely_high": most}
        return row, min(1, len(posts))
    for grade in GRADES:
        parts = [number for p in posts for own, number in p["by_grade"] if own == grade]
        row[f"{grade}_score"] = sum(parts)
    value, low = sum(p["value"] or 0 for p in posts), sum(p["value_low"] for p in certain)
    highs = [p["value_high"] for p in posts + neighbours]
    high = sum(highs) if is_complete and None not in highs else None
    lacking = [(p["value"] or 0) - p["value_likely_low"] for p in posts]
    row |= {"score": value, "score_low": low, "score_high": high}
    row["score_likely_low"] = min(value, max(low, value - spread(policy, lacking)))
    row["score_likely_high"] = likely_high(policy, value, high, posts, neighbours)
    return row, max((p["value"] or 0 for p in posts), default=0)


def likely_high(policy, value, high, posts, neighbours):
    """Posts that were only seen early all err the same way, so they are summed plainly."""
    if any(p["value_likely_high"] is None for p in posts + neighbours):
        return None
    more = [(p["is_early"], p["value_likely_high"] - (p["value"] or 0)) for p in posts]
    probable = value + spread(policy, [number for is_early, number in more if not is_early])
    probable += sum(number for is_early, number in more if is_early)
    probable += sum(p["value_likely_high"] for p in neighbours)
    return max(value, probable if high is None else min(high, probable))


def spread(policy, differences):
    """How far a sum of posts may lie from its estimate, where they err partly alike."""
    r = policy["growth_correlation_percent"]
    squares, total = sum(x * x for x in differences), sum(differences)
    return isqrt(((100 - r) * squares + r * total * total) // 100)


def ranking(e, policy, decisions, neighbours, states):
    """Yields the key and the columns of each row of `rankings.csv`."""
    ends = policy["effective_to_date"] or "9999-12-31"
    official = policy["effective_from_date"] <= str(e.month) < ends
    same = {"month": e.month, "policy_sha256": policy["policy_sha256"], "is_official": official}
    own, near, accounts = defaultdict(list), defaultdict(list), defaultdict(set)
    for d in decisions:
        if d["is_counted"]:
            own[d["office_id"], d["league"]].append(d)
    for d in neighbours:
        near[d["office_id"], d["league"]].append(d)
    for a in e.accounts:
        if a["account_id"] in states and valid(a, e.month, e.last_day):
            accounts[a["office_id"]].add(a["account_id"])
    for league in policy["leagues"]:
        members = [o for o in e.offices if o["league"] == league]
        offices = {o["office_id"] for o in members if valid(o, e.month, e.last_day)}
        found = {office: Counter(states[a] for a in accounts[office]) for office in offices}
        for category in ("active", "popular"):
            scores = {}
            for office in offices:
                posts, others = own[office, league], near[office, league]
                is_complete = not found[office]["partial"] + found[office]["missing"]
                scores[office] = score(category, posts, others, policy, is_complete)
            for office, (row, best) in scores.items():
                others = [other for name, (other, _) in scores.items() if name != office]
                ranks = ranks_of(row, best, others)
                for state in ("complete", "partial", "missing"):
                    ranks[f"{state}_account_count"] = found[office][state]
                yield (policy["policy_id"], league, category, office), same | row | ranks


def ranks_of(row, best, others):
    """One plus the number of others that are, surely or probably are, or could be better."""
    mine = row["score"]
    ranks = {"rank": 1 + sum(o["score"] > mine for o in others)}
    ranks["rank_without_best_post"] = 1 + sum(o["score"] > mine - best for o in others)
    for name, low, high in (
        ("rank", "score_low", "score_high"),
        ("rank_likely", "score_likely_low", "score_likely_high"),
    ):
        surely = [o for o in others if row[high] is not None and o[low] > row[high]]
        maybe = [o for o in others if o[high] is None or o[high] > row[low]]
        ranks |= {f"{name}_best": 1 + len(surely), f"{name}_worst": 1 + len(maybe)}
    return ranks


# All together


def records_by_post(e):
    """Post to its records, as their captures count: the earliest first."""
    seen = defaultdict(list)

    def order(o):
        received_at = e.delivery[o["delivery_id"]]["received_at"]
        ties = o["sha256"], o["record_number"], o["delivery_id"]
        return o["captured_at"], received_at, *ties

    for o in sorted(e.observations, key=order):
        seen[o["platform"], o["post_id"]].append(o)
    return seen


def recompute(e):
    """Table to its rows by key, as they follow from the evidence."""
    seen = records_by_post(e)
    found = {name: {} for name in KEYS}
    found["posts"] = {key: post_of(e, own) for key, own in seen.items()}
    for policy in e.policies:
        name = policy["policy_id"]
        decisions, neighbours = [], []
        for key, post in found["posts"].items():
            row = decide(e, policy, key[0], post, seen[key])
            if row:
                (decisions if row["month"] == e.month else neighbours).append(row)
                published = {c: v for c, v in row.items() if c not in ("is_early", "by_grade")}
                found["decisions"][name, *key] = published
        covered = list(spans_covered(e, policy))
        states = coverage(e, policy, covered)
        first, last = (utc(policy["offsets"], day) for day in (e.month, e.next_month))
        for d, account, starts, ends in covered:
            if account in states and starts < last and ends > first:
                row = {"starts_at": starts, "ends_at": ends}
                found["spans"][name, d["delivery_id"], account] = row
        found["coverage"] |= {(name, a): {"state": state} for a, state in states.items()}
        ranked = dict(ranking(e, policy, decisions, neighbours, states))
        found["rankings"] |= ranked
        if ranked:
            found["month_state"][name,] = month_state(e, policy, decisions, states)
    telling = {o["delivery_id"] for o in e.observations}
    covering = {delivery for _, delivery, _ in found["spans"]}
    for name, d in e.delivery.items():
        found["deliveries"][name,] = {"use": use_of(e, d, telling, covering)}
    return found


def use_of(e, d, telling, covering):
    """What the month takes of a delivery."""
    name = d["delivery_id"]
    if d["status"] not in READ:
        return "not_read"
    if name in telling:
        return "records"
    if name in covering:
        return "coverage"
    is_disproved = all(name in policy["disproved"] for policy in e.policies)
    return "capture_disproved" if is_disproved else "other_posts"


# When a post was published by its ID


def id_time(platform, post_id):
    """The instant that a post's ID tells; None where it tells none."""
    if platform == "x":
        return since_1970((int(post_id) >> 22) + X_BEGINS)
    if platform == "tiktok":
        return since_1970((int(post_id) >> 32) * 1000)
    if platform == "instagram" and len(post_id) == 11 and not post_id.isdecimal():
        number = 0
        for character in post_id:
            number = number * 64 + SHORTCODE.index(character)
        return since_1970((number >> 23) + INSTAGRAM_BEGINS)
    return None


def since_1970(milliseconds):
    """An instant in whole seconds."""
    return datetime(1970, 1, 1) + milliseconds // 1000 * SECOND


def faults_of_times(e):
    """Times of publication that the posts' IDs rule out."""
    for o in e.observations:
        by_id = id_time(o["platform"], o["post_id"])
        # A record that gives Instagram's number alone tells no time by it.
        is_number_alone = o["platform"] == "instagram" and o["id_at"] is None
        if by_id != o["id_at"] and not is_number_alone:
            yield f"observation {o}: its ID tells {by_id}"
        elif by_id is None:
            continue
        elif o["platform"] == "instagram":
            apart = abs((o["published_at"] or by_id) - by_id)
            if apart > SCHEDULED:
                yield f"observation {o}: published {apart} from its ID's time"
        elif o["published_at"] != by_id or o["published_precision"] != "second":
            yield f"observation {o}: not published at its ID's time"


# The tone of the public's comments


def kappa(agreement):
    """How far two readers agree beyond chance, of 10,000; None where nothing tells.

    The counts are by the first reader's label and the second's.
    """
    read = sum(agreement.values())
    firsts, seconds = Counter(), Counter()
    for (first, second), count in agreement.items():
        firsts[first] += count
        seconds[second] += count
    alike = sum(count for (first, second), count in agreement.items() if first == second)
    by_chance = sum(firsts[label] * seconds[label] for label in firsts)
    if by_chance == read * read:
        return None
    return 10_000 * (read * alike - by_chance) // (read * read - by_chance)


def fewest(seen, drawn, comments):
    """The fewest labelled comments with which a draw shows so many, or more, not too rarely."""
    labelled = seen
    while True:
        most = min(drawn, labelled)
        draws = sum(
            comb(labelled, count) * comb(comments - labelled, drawn - count)
            for count in range(seen, most + 1)
        )
        if draws * ONE_END > comb(comments, drawn):
            return labelled
        labelled += 1


def faults_of_tone(e):
    """Figures of tone that the labels do not give."""
    agreement = {}
    for row in e.rows("opinion_agreement"):
        agreement[row["first_label"], row["second_label"]] = row["comment_count"]
    alike = kappa(agreement)
    rows, labelled = e.rows("opinion"), Counter()
    for row in rows:
        labelled[row["office_id"]] += row["label_count"]
    for row in rows:
        place = f"opinion {row['office_id']} {row['label']}"
        seen, drawn, comments = row["label_count"], row["sampled_count"], row["comment_count"]
        if alike is None or alike < LEAST_KAPPA or not row["is_publishable"]:
            yield f"{place}: may not be told"
        elif row["kappa_ratio"] != f"{alike / 10_000:.4f}":
            yield f"{place}: published kappa {row['kappa_ratio']}, recomputed {alike} of 10,000"
        if not labelled[row["office_id"]] == row["labelled_count"] == drawn:
            yield f"{place}: the labels don't add up to what was drawn"
        low = fewest(seen, drawn, comments)
        high = comments - fewest(drawn - seen, drawn, comments)
        if (row["low_count"], row["high_count"]) != (low, high):
            published = f"{row['low_count']} to {row['high_count']}"
            yield f"{place}: published {published}, recomputed {low} to {high}"


def faults_of_files(e):
    """Hashes that differ, records that don't add up."""
    files = {p.name: p.read_bytes() for p in e.folder.iterdir()}
    listed = files.pop("SHA256SUMS").decode().split("\n")
    hashes = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in files]
    for line in set(listed) ^ {*hashes, ""}:
        yield f"{line[66:]}: not as SHA256SUMS lists it"
    rejected = Counter(r["sha256"] for r in e.rejects)
    for d in (d for d in e.deliveries if d["status"] in READ):
        counts = d["loaded_count"], rejected[d["sha256"]], d["set_aside_count"]
        if d["record_count"] != sum(counts) or d["rejected_count"] != counts[1]:
            yield f"delivery {d['delivery_id']}: its records don't add up"
    for o in e.observations:
        d = e.delivery[o["delivery_id"]]
        if d["status"] != "loaded" or any(d[c] != o[c] for c in ("sha256", "captured_at")):
            yield f"observation {o}: not of its delivery"
    withheld = {(w["sha256"], w["record_number"], w["field"]) for w in e.rows("withheld")}
    for o in e.observations:
        for component in COMPONENTS:
            cell = o["sha256"], o["record_number"], f"{component}_count"
            if cell in withheld and o[f"{component}_count"] is not None:
                yield f"observation {o}: {component}_count is withheld"


def faults_of_results(e):
    """What was published and does not follow."""
    for name, rows in recompute(e).items():
        published = {tuple(row[column] for column in KEYS[name]): row for row in e.rows(name)}
        for key in sorted(rows.keys() | published.keys()):
            mine, told = rows.get(key, {"row": None}), published.get(key, {})
            if wrong := {c: v for c, v in mine.items() if told.get(c, "no row") != v}:
                yield f"{name} {key}: published {[told.get(c) for c in wrong]}, recomputed {wrong}"


if __name__ == "__main__":
    evidence = Evidence(Path(*sys.argv[1:]) if sys.argv[1:] else Path(__file__).parent)
    found = [*faults_of_files(evidence), *faults_of_times(evidence), *faults_of_results(evidence)]
    found += faults_of_tone(evidence)
    print(*found or [f"{len(evidence.observations)} observations: no difference"], sep="\n")
    sys.exit(1 if found else 0)
