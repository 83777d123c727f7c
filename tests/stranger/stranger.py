"""A stranger's program, written from `RULE.md` alone: stranger.py FOLDER [--invert 8.3]

It reads the evidence of an edition, concludes everything anew and prints each published row that
differs; exit 1 if there is one. Each numbered sentence of the rule is asked for at one place,
`says("8.3")`. With `--invert` that sentence is read as its opposite, or as somebody might misread
it, so that a test can see that the sentence is needed.

What belongs here: the rule as the page tells it. What does not: anything of the project, neither an
import nor a look at how it computes. Instants are seconds since 1970 (UTC), days are days since
1970, and a bound without limit is infinite.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from math import comb, floor, inf, isqrt
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any

Cells = dict[str, str]
Zone = list[tuple[int, int]]
Number = int | float
COMPONENTS = ("like", "comment", "share", "save")
FLAGS = ("is_reply", "is_repost", "is_story", "is_cross_post")
#: The conclusions, and the columns by which a row of them is known.
CONCLUSIONS = {
    "deliveries": ("delivery_id",),
    "posts": ("platform", "post_id"),
    "decisions": ("policy_id", "platform", "post_id"),
    "spans": ("policy_id", "delivery_id", "account_id"),
    "coverage": ("policy_id", "account_id"),
    "month_state": ("policy_id",),
    "rankings": ("policy_id", "league", "category", "office_id"),
}
#: The sentence that tells how a file's rows are ordered, and by which columns.
ORDERS = {
    "posts": ("16.1", ("platform", "post_id")),
    "decisions": ("16.2", ("policy_id", "platform", "post_id")),
    "coverage": ("16.3", ("policy_id", "account_id")),
    "month_state": ("16.4", ("policy_id",)),
    "rankings": ("16.5", ("policy_id", "league", "category", "rank", "office_id")),
    "spans": ("16.6", ("policy_id", "delivery_id", "account_id")),
}
#: Columns that chapter 2 only describes.
UNTOLD = {
    ("posts", column)
    for column in (
        "permalink",
        "flags",
        "platform_account_id",
        "account_handle",
        "account_name",
        "delivered_post_id",
        "post_type",
        "published_source",
    )
}
A_DAY, AN_HOUR = 86400, 3600


# Cells


@cache
def instant_of(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


@cache
def day_of(text: str) -> int:
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def as_instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_day(day: int) -> str:
    return date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()


def as_cell(value: object) -> str:
    if value is None or value == inf:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def first_of_month(day: int, later: int = 0) -> int:
    """The first day of the day's month, or of a month so many months later."""
    then = date.fromordinal(day + date(1970, 1, 1).toordinal())
    months = then.year * 12 + then.month - 1 + later
    return day_of(f"{months // 12:04}-{months % 12 + 1:02}-01")


class Stranger:
    """An evidence folder, read once, and what follows from it."""

    def __init__(self, folder: Path, inverted: str | None = None) -> None:
        self.folder, self.inverted = folder, inverted
        rules = json.loads((folder / "policies.json").read_text(encoding="utf-8"))
        self.first_day = day_of(rules["month"])
        self.next_month = first_of_month(self.first_day, 1)
        self.days = range(self.first_day, self.next_month)
        self.policies = rules["policies"]
        for policy in self.policies:
            policy["zone"] = [(instant_of(at), ahead) for at, ahead in policy["utc_offsets"]]
        self.printed_zones: dict[str, Zone] = {
            platform: [(instant_of(at), ahead) for at, ahead in pairs]
            for platform, pairs in rules["range_utc_offsets"].items()
        }
        self.accounts, self.offices = self.table("accounts"), self.table("offices")
        self.deliveries = {row["delivery_id"]: row for row in self.table("deliveries")}
        self.rejects, self.observations = self.table("rejects"), self.table("observations")
        self.contents: dict[str, list[Cells]] = {name: [] for name in self.deliveries}
        for row in self.table("contents"):
            self.contents[row["delivery_id"]].append(row)

    def table(self, name: str) -> list[Cells]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def says(self, sentence: str) -> bool:
        """Whether a sentence of the rule is taken as it stands."""
        return sentence != self.inverted

    # 3. Days, clocks and the cut-off

    def ahead(self, zone: Zone, instant: int) -> int:
        """How many seconds the clocks of a zone are ahead of UTC at an instant."""
        if not self.says("3.1"):
            return zone[0][1]
        passed = bisect_right([since for since, _ in zone], instant)
        return zone[max(passed, 1) - 1][1]

    def local_day(self, zone: Zone, instant: int) -> int:
        return (instant + self.ahead(zone, instant)) // A_DAY

    def instant_at(self, zone: Zone, day: int, hour: int = 0) -> int:
        """The instant of a local hour of a day."""
        wall = day * A_DAY + hour * AN_HOUR
        if not self.says("3.2"):
            return wall
        seconds = {ahead for _, ahead in zone}
        fitting = [wall - s for s in seconds if self.ahead(zone, wall - s) == s]
        if len(fitting) == 1:
            return fitting[0]
        for (_, before), (at, after) in pairwise(zone):
            if at + min(before, after) <= wall < at + max(before, after):
                return wall - (before if self.says("3.3") else after)
        return wall - zone[0][1]

    def begins(self, policy: Any, day: int) -> int:
        """When a day begins in a policy's zone."""
        return self.instant_at(policy["zone"], day)

    def in_time(self, policy: Any, instant: int) -> bool:
        """Whether a capture is not after the cut-off."""
        days = policy["cutoff_days"]
        if days is None:
            if self.says("3.6"):
                return True
            days = 0
        cutoff = self.begins(policy, self.next_month + days - (not self.says("3.4")))
        return instant <= cutoff if self.says("3.5") else instant < cutoff

    # 4. What must add up

    def complaints(self) -> Iterator[str]:
        names = sorted(path.name for path in self.folder.iterdir() if path.name != "SHA256SUMS")
        blanks = "  " if self.says("4.1") else " "
        hashes = {
            hashlib.sha256((self.folder / name).read_bytes()).hexdigest() + blanks + name
            for name in names
        }
        listed = set((self.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
        yield from (f"SHA256SUMS: {line}" for line in sorted(hashes ^ listed))
        for name, row in self.deliveries.items():
            if row["status"] not in ("loaded", "rejected"):
                continue
            parts = ["loaded_count", "rejected_count"]
            parts += ["set_aside_count"] * self.says("4.2")
            if int(row["record_count"]) != sum(int(row[part]) for part in parts):
                yield f"deliveries {name}: its records do not add up"
            rejected = sum(reject["sha256"] == row["sha256"] for reject in self.rejects)
            rejected += 0 if self.says("4.3") else int(row["set_aside_count"])
            if rejected != int(row["rejected_count"]):
                yield f"deliveries {name}: its rejected records do not add up"
        for record in self.observations:
            row = self.deliveries[record["delivery_id"]]
            captured_at = row["captured_at" if self.says("4.4") else "received_at"]
            mine = row["sha256"], captured_at, row["status"]
            if mine != (record["sha256"], record["captured_at"], "loaded"):
                yield f"observations {record['delivery_id']} {record['record_number']}: not so"
        withheld = self.table("withheld")
        for record in self.observations:
            for cell in withheld:
                is_it = all(record[key] == cell[key] for key in ("sha256", "record_number"))
                if is_it and cell["field"] in record:
                    told = record[cell["field"]]
                    if told != ("" if self.says("4.5") else "0"):
                        yield f"observations {record['sha256']} {cell['field']}: is withheld"
        for record in self.observations:
            if not self.is_of_its_time(record):
                place = record["delivery_id"], record["record_number"]
                yield f"observations {place}: not of the time that its ID tells"

    def is_of_its_time(self, record: Cells) -> bool:
        platform = record["platform"]
        made = self.made_at(platform, record["post_id"])
        told = record["id_at"]
        if made is None:
            expected = "" if self.says("4.9") else record["published_at"]
            return told == expected
        if platform == "instagram":
            if not told or not record["published_at"]:
                return not told or instant_of(told) == made
            apart = abs(instant_of(record["published_at"]) - made)
            is_near = apart <= 365 * A_DAY if self.says("4.11") else apart > 365 * A_DAY
            return instant_of(told) == made and is_near
        if self.says("4.10"):
            published = record["published_at"], record["published_precision"]
        else:
            published = record["printed_at"], "minute"
        return told == as_instant(made) and published == (told, "second")

    def made_at(self, platform: str, post_id: str) -> int | None:
        """The instant that a post's ID tells."""
        if platform == "x":
            since = 1288834974657 if self.says("4.6") else 0
            return (int(post_id) // 4194304 + since) // 1000
        if platform == "tiktok":
            return int(post_id) // 4294967296 + (0 if self.says("4.7") else 1288834974)
        if platform == "instagram" and len(post_id) == 11 and not post_id.isdigit():
            digits = ascii_uppercase + ascii_lowercase + "0123456789-_"
            if not self.says("4.8"):
                digits = "0123456789" + ascii_uppercase + ascii_lowercase + "-_"
            number = 0
            for letter in post_id:
                number = 64 * number + digits.index(letter)
            return (number // 8388608 + 1314220021721) // 1000
        return None

    # 5. From records to posts

    @cached_property
    def records(self) -> dict[tuple[str, str], list[Cells]]:
        """The records of each post, in their order."""
        ordered = list(self.observations)
        # The last key first: each sorting keeps what the ones before did among equal ones.
        keys: list[tuple[str, Callable[[Cells], Any]]] = [
            ("5.6", lambda r: r["delivery_id"]),
            ("5.5", lambda r: int(r["record_number"])),
            ("5.4", lambda r: r["sha256"]),
            ("5.3", lambda r: self.deliveries[r["delivery_id"]]["received_at"]),
            ("5.2", lambda r: r["captured_at"]),
        ]
        for sentence, key in keys:
            ordered.sort(key=key, reverse=not self.says(sentence))
        found: dict[tuple[str, str], list[Cells]] = {}
        for record in ordered:
            found.setdefault((record["platform"], record["post_id"]), []).append(record)
        if not self.says("5.1"):
            found = {key: [r for r in ordered if r["post_id"] == key[1]] for key in found}
        return found

    @cached_property
    def posts(self) -> dict[tuple[str, str], Cells]:
        """Each post's row of `posts.csv`, without its link and flags."""
        return {key: self.post(records) for key, records in self.records.items()}

    def post(self, records: list[Cells]) -> Cells:
        best = ["second", "minute", "day"]
        if not self.says("5.7"):
            best.reverse()
        precision = min((r["published_precision"] for r in records), key=best.index)
        column = "published_date" if precision == "day" else "published_at"
        told = [r[column] for r in records if r["published_precision"] == precision]
        post = {"published_at": "", "published_date": "", "published_precision": precision}
        post[column] = min(told) if self.says("5.8") else max(told)
        if precision == "day" and not self.says("5.9"):
            post["published_at"] = f"{post['published_date']}T00:00:00Z"
        agree = any if self.says("5.10") else all
        for flag in FLAGS:
            post[flag] = as_cell(agree(r[flag] == "true" for r in records))
        post["first_observed_at"] = records[0 if self.says("5.11") else -1]["captured_at"]
        post["account_id"] = self.owner(records)
        return post

    # 6. Whose a post is

    def holds(self, row: Cells, first: int, last: int | None = None) -> bool:
        """Whether a row of the registry holds on a day, or on some day of a range."""
        since, until = day_of(row["valid_from_date"]), row["valid_to_date"]
        begun = since + (not self.says("6.1"))
        if not until:
            ended: Number = inf if self.says("6.3") else since
        else:
            ended = day_of(until) + (not self.says("6.2"))
        return begun <= (first if last is None else last) and first < ended

    def named(self, record: Cells, published: int | None = None) -> str:
        """The account of a record, or of a row of `contents.csv`; blank where it is nobody's."""
        delivery = self.deliveries[record["delivery_id"]]
        platform, number = record["platform"], record["platform_account_id"]
        handle = record["account_handle"]
        here = [row for row in self.accounts if row["platform"] == platform]
        captured = instant_of(delivery["captured_at"]) // A_DAY
        if number:
            by_number = [row for row in here if row["platform_account_id"] == number]
            if not self.says("6.4"):
                by_number = [row for row in by_number if self.holds(row, captured)]
            if by_number:
                return by_number[0]["account_id"]
        if handle and (not number or self.says("6.5")):
            asked = captured if self.says("6.6") or published is None else published
            for row in here:
                if row["handle"] == handle and self.holds(row, asked):
                    return row["account_id"]
        if (number or handle) and self.says("6.7"):
            return ""
        return self.claimed(delivery)

    def claimed(self, delivery: Cells) -> str:
        """The account that a delivery was sent for, or its sender's only one."""
        here = [row for row in self.accounts if row["platform"] == delivery["platform"]]
        claim = delivery["claimed_account_id"]
        if claim and self.says("6.8"):
            return claim if any(row["account_id"] == claim for row in here) else ""
        captured = instant_of(delivery["captured_at"]) // A_DAY
        own = {
            row["account_id"]
            for row in here
            if row["office_id"] == delivery["claimed_office_id"]
            and (self.holds(row, captured) or not self.says("6.9"))
        }
        return min(own, default="") if len(own) == 1 or not self.says("6.10") else ""

    def owner(self, records: list[Cells]) -> str:
        days = [r["published_date"] or r["published_at"][:10] for r in records]
        told = [
            (self.is_disproved(r["delivery_id"]), self.named(r, day_of(day)))
            for r, day in zip(records, days, strict=True)
        ]
        if not self.says("6.11"):
            return told[0][1]
        if self.says("6.12"):
            told.sort(key=lambda pair: pair[0])
        return next((account for _, account in told if account), "")

    def office_on(self, account: str, day: int) -> str:
        own = [row for row in self.accounts if row["account_id"] == account]
        holding = [row for row in own if self.holds(row, day) or not self.says("6.13")]
        return holding[0]["office_id"] if holding else ""

    def league_on(self, office: str, day: int) -> str:
        own = [row for row in self.offices if row["office_id"] == office]
        holding = [row for row in own if self.holds(row, day) or not self.says("6.14")]
        return holding[0]["league"] if holding else ""

    # 7. Captures that can't be true

    def is_disproved(self, name: str, policy: Any = None) -> bool:
        """Whether a delivery's capture is disproved, under a policy or whatever the zone."""
        latest = instant_of(self.deliveries[name]["captured_at"]) + 15 * 60
        for row in self.contents[name]:
            at, day = row["newest_published_at"], row["newest_published_date"]
            grace = 0 if self.says("7.1") else 15 * 60
            if at and instant_of(at) > latest - grace:
                return True
            if not day:
                continue
            if policy is None:
                begins = day_of(day) * A_DAY - (14 * AN_HOUR if self.says("7.3") else 0)
            elif not self.says("7.2"):
                continue
            else:
                begins = self.begins(policy, day_of(day))
            if begins > latest:
                return True
        return False

    def first_seen(self, policy: Any, records: list[Cells]) -> int:
        seen = []
        for record in records:
            doubted = self.is_disproved(record["delivery_id"], policy) and self.says("7.4")
            delivery = self.deliveries[record["delivery_id"]]
            seen.append(instant_of(delivery["received_at" if doubted else "captured_at"]))
        return min(seen)

    # 8. Which posts count

    def decide(self, policy: Any, key: tuple[str, str]) -> dict[str, Any] | None:
        """A row of `decisions.csv`, with its `components`; None where the month has none."""
        post, records = self.posts[key], self.records[key]
        by_day = post["published_precision"] == "day"
        if by_day:
            local = day_of(post["published_date"])
        elif self.says("8.1"):
            local = self.local_day(policy["zone"], instant_of(post["published_at"]))
        else:
            local = instant_of(post["published_at"]) // A_DAY
        judged = local
        if by_day and self.says("8.3"):
            judged = {self.days[0] - 1: self.days[0], self.days[-1] + 1: self.days[-1]}.get(
                local, local
            )
        is_neighbour = judged != local
        deciding = judged if self.says("8.2") else instant_of(records[0]["captured_at"]) // A_DAY
        if deciding not in self.days:
            return None
        row: dict[str, Any] = {"month": as_day(first_of_month(local)), "local_date": as_day(local)}
        row |= self.place(policy, key, judged)
        if is_neighbour and row["reason"] != "counted" and self.says("8.4"):
            return None
        is_edge = by_day and judged in (self.days[0], self.days[-1])
        row["is_month_uncertain"] = is_neighbour or (is_edge and self.says("8.5"))
        row["is_neighbour"] = is_neighbour
        return row | self.worth(policy, key, row["is_month_uncertain"])

    def place(self, policy: Any, key: tuple[str, str], day: int) -> dict[str, Any]:
        """Account, office and league of a post as of a day, and whether it counts."""
        post, platform = self.posts[key], key[0]
        account = post["account_id"]
        office = self.office_on(account, day)
        league = self.league_on(office, day)
        seen = self.first_seen(policy, self.records[key])
        applies = [
            ("8.7", "unregistered_account", not account),
            ("8.8", "platform_not_in_policy", platform not in policy["platforms"]),
            ("8.9", "account_not_valid", not office),
            ("8.10", "office_not_valid", not league),
            ("8.11", "league_not_in_policy", league not in policy["leagues"]),
            ("8.12", "reply", post["is_reply"] == "true" and not policy["counts_replies"]),
            ("8.13", "repost", post["is_repost"] == "true" and not policy["counts_reposts"]),
            ("8.14", "story", post["is_story"] == "true" and not policy["counts_stories"]),
            (
                "8.15",
                "cross_post",
                post["is_cross_post"] == "true" and not policy["counts_cross_posts"],
            ),
            ("8.16", "seen_after_cutoff", not self.in_time(policy, seen)),
        ]
        reasons = [reason for sentence, reason, does in applies if does and self.says(sentence)]
        reason = "counted"
        if reasons:
            reason = reasons[0 if self.says("8.6") else -1]
        counting = ("counted",) if self.says("8.17") else ("counted", "seen_after_cutoff")
        return {
            "account_id": account,
            "office_id": office,
            "league": league,
            "reason": reason,
            "is_counted": reason in counting,
        }

    # 9. Which numbers are evidence

    def weights(self, policy: Any, platform: str) -> dict[str, int]:
        """What each component weighs that is valued."""
        every = policy["weights_on"].get(platform, {})
        return {c: w for c, w in every.items() if w > 0 or not self.says("9.1")}

    def usable(
        self, policy: Any, key: tuple[str, str], component: str, window_ends: int | None
    ) -> dict[int, list[int]]:
        """The usable numbers of a component by instant, in the order of time."""
        post = self.posts[key]
        numbers: dict[int, list[int]] = {}
        for record in self.records[key]:
            text = record[f"{component}_count"]
            if not text and self.says("9.7"):
                continue
            at = instant_of(record["captured_at"])
            if post["published_precision"] == "day":
                day = day_of(post["published_date"])
                noon = 0 if self.says("9.4") else 12
                if at < self.instant_at(policy["zone"], day, noon):
                    continue
            else:
                published = instant_of(post["published_at"])
                if at < published and self.says("9.2"):
                    continue
                if at == published and not self.says("9.3"):
                    continue
            if not self.in_time(policy, at) and self.says("9.5"):
                continue
            if self.is_disproved(record["delivery_id"], policy) and self.says("9.6"):
                continue
            if window_ends is not None and policy["late_limit_hours"] is not None:
                limit = window_ends + policy["late_limit_hours"] * AN_HOUR
                if at > limit and self.says("9.8"):
                    continue
                if at == limit and not self.says("9.9"):
                    continue
            numbers.setdefault(at, []).append(int(text or 0))
        return dict(sorted(numbers.items()))

    # 10. What a component is worth

    def component(self, policy: Any, key: tuple[str, str], name: str) -> dict[str, Any]:
        """Grade, value, hard and likely bounds of a component of a post."""
        post = self.posts[key]
        day = None
        if post["published_precision"] == "day":
            day = day_of(post["published_date"])
            start = self.instant_at(policy["zone"], day, 12 if self.says("10.2") else 0)
        else:
            start = instant_of(post["published_at" if self.says("10.1") else "first_observed_at"])
        if policy["window_hours"] is None:
            numbers = self.usable(policy, key, name, None)
            if not numbers:
                return self.unseen()
            instants = list(numbers)
            return self.certain(numbers[instants[-1 if self.says("10.4") else 0]])
        window = policy["window_hours"] * AN_HOUR
        end = start + window
        numbers = self.usable(policy, key, name, end)
        if not numbers:
            return self.unseen()
        curve = policy["growth"][key[0]] if policy["growth"] else None

        before = [at for at in numbers if at < end]
        after = [at for at in numbers if at > end]
        if end in numbers and not self.says("10.5"):
            before.append(end)
        if end in numbers and self.says("10.5"):
            found = self.certain(numbers[end])
            estimates = [found["value"]] * 2
        elif before and after:
            one = before[-1 if self.says("10.6") else 0]
            found, estimates = self.between(curve, numbers, one, after[0], start, window)
        elif after:
            other = after[0 if self.says("10.7") else -1]
            found, estimates = self.back(curve, numbers[other], other - start, window)
        else:
            one = before[-1 if self.says("10.8") else 0]
            u = self.number(numbers[one])
            found = {"grade": "early", "value": u, "low": u}
            found["high"] = inf if self.says("10.20") else u
            estimates = []
        if day is not None:
            self.bound_a_day(policy, found, numbers, day, window)
        self.bound_likely(curve, found, estimates, numbers, start)
        return found

    def number(self, numbers: list[int], *, is_high: bool = False) -> int:
        """The number that stands for an instant."""
        return min(numbers) if is_high != self.says("9.10") else max(numbers)

    def unseen(self) -> dict[str, Any]:
        if self.says("10.9"):
            return {"grade": "none"}
        return self.certain([0])

    def certain(self, numbers: list[int]) -> dict[str, Any]:
        low, high = self.number(numbers), self.number(numbers, is_high=True)
        hard = {"low": low, "high": high, "likely_low": low, "likely_high": high}
        return {"grade": "exact", "value": low, **hard}

    def age(self, start: int, at: int) -> int:
        return max(0, at - start) if self.says("10.3") else at - start

    def grown(self, curve: list[list[int]], column: int, age: int) -> int:
        """What a post has at an age, in millionths of what it has at the window's end."""
        last = curve[-1]
        if age >= last[0] * AN_HOUR:
            if self.says("10.11") or len(curve) == 1:
                return 1000 * last[column]
            one, two = curve[-2:]
        else:
            place = bisect_right([row[0] * AN_HOUR for row in curve], age)
            one, two = curve[max(place, 1) - 1], curve[max(place, 1)]
        if not self.says("10.10"):
            return 1000 * one[column]
        rise = Fraction(two[column] - one[column], (two[0] - one[0]) * AN_HOUR)
        return 1000 * one[column] + floor(1000 * rise * (age - one[0] * AN_HOUR))

    def rounded(self, number: Fraction) -> int:
        return floor(number + Fraction(1, 2)) if self.says("10.12") else floor(number)

    def between(
        self,
        curve: list[list[int]] | None,
        numbers: dict[int, list[int]],
        one: int,
        other: int,
        start: int,
        window: int,
    ) -> tuple[dict[str, Any], list[int]]:
        """A component that was seen on both sides of the window's end."""
        u, v = self.number(numbers[one]), self.number(numbers[other])
        a, b = self.age(start, one), self.age(start, other)
        estimates = []
        for column in (1, 2, 3):
            if curve is None:
                part = Fraction(window - a, b - a) if self.says("10.15") else Fraction(0)
            else:
                at_a, at_b = self.grown(curve, column, a), self.grown(curve, column, b)
                rest = 10**6 - at_a if self.says("10.13") else at_b - 10**6
                part = Fraction(rest, at_b - at_a) if at_a != at_b else Fraction(0)
            estimates.append(u + self.rounded((v - u) * part))
        low, typical, high = estimates
        seen = numbers[one] + numbers[other] if self.says("10.18") else [u, v]
        found = {"grade": "interpolated", "value": typical if self.says("10.17") else low}
        if self.says("10.18"):
            found |= {"low": self.number(seen), "high": self.number(seen, is_high=True)}
        else:
            found |= {"low": u, "high": v}
        return found, [low, high]

    def back(
        self, curve: list[list[int]] | None, seen: list[int], since: int, window: int
    ) -> tuple[dict[str, Any], list[int]]:
        """A component that was seen after the window's end only, from its beginning so long."""
        v = self.number(seen)
        estimates = []
        for column in (1, 2, 3):
            if curve is None:
                estimates.append(v if self.says("10.16") else v * window // since)
            elif self.says("10.14"):
                estimates.append(
                    self.rounded(Fraction(v * 10**6, self.grown(curve, column, since)))
                )
            else:
                estimates.append(v)
        low, typical, high = estimates
        value = typical if self.says("10.17") else low
        found = {"grade": "late", "value": value, "high": self.number(seen, is_high=True)}
        found["low"] = 0 if self.says("10.19") else value
        return found, [low, high]

    def bound_a_day(
        self,
        policy: Any,
        found: dict[str, Any],
        numbers: dict[int, list[int]],
        day: int,
        window: int,
    ) -> None:
        """The hard bounds of a post that is known to the day."""
        if found["grade"] == "exact" and self.says("10.21"):
            found["grade"] = "interpolated"
        zone = policy["zone"]
        first = self.begins(policy, day) if self.says("10.22") else self.instant_at(zone, day, 12)
        last = (
            self.begins(policy, day + 1) if self.says("10.23") else self.instant_at(zone, day, 12)
        )
        until = [at for at in numbers if at <= first + window]
        since = [at for at in numbers if at >= last + window]
        low = self.number(numbers[until[-1]]) if until else 0
        high: Number = self.number(numbers[since[0]], is_high=True) if since else inf
        found["low"], found["high"] = low, high
        if self.says("10.24"):
            found["low"] = min(low, high, found["value"])
            found["high"] = max(low, high, found["value"])

    def bound_likely(
        self,
        curve: list[list[int]] | None,
        found: dict[str, Any],
        estimates: list[int],
        numbers: dict[int, list[int]],
        start: int,
    ) -> None:
        low, high, value = found["low"], found["high"], found["value"]
        if found["grade"] == "exact":
            return
        if found["grade"] == "early":
            age = self.age(start, max(numbers))
            share = self.grown(curve, 1, age) if curve else 0
            largest = max(self.number(each, is_high=True) for each in numbers.values())
            found["likely_low"], found["likely_high"] = low, inf
            if not share:
                found["likely_high"] = inf if self.says("10.30") else largest
                return
            more = 1 if self.says("10.28") else 0
            most = self.rounded(Fraction((value + more) * 10**6, share))
            most = max(most, largest) if self.says("10.29") else most
            if most <= 10**12 or not self.says("10.31"):
                found["likely_high"] = most
        elif curve is None:
            found["likely_low"], found["likely_high"] = low, high
            if not self.says("10.27"):
                found["likely_low"] = found["likely_high"] = value
        else:
            smaller, larger = sorted(estimates)
            found["likely_low"] = min(max(smaller, low), value) if self.says("10.25") else low
            found["likely_high"] = max(min(larger, high), value) if self.says("10.26") else high

    # 11. What a post is worth

    def worth(self, policy: Any, key: tuple[str, str], is_uncertain: bool) -> dict[str, Any]:
        weights = self.weights(policy, key[0])
        every = {name: self.component(policy, key, name) for name in weights}
        known = {name: parts for name, parts in every.items() if parts["grade"] != "none"}
        grades = ["exact", "interpolated", "late", "early"]
        row: dict[str, Any] = {"components": [], "grade": "none"}
        for name, parts in known.items():
            weight = weights[name] if self.says("11.1") else 1
            row["components"].append((parts["grade"], weight * parts["value"]))
            for column in ("value", "low", "high", "likely_low", "likely_high"):
                more = weight * parts[column]
                if more == inf and not self.says("11.2"):
                    more = 0
                row[column] = row.get(column, 0) + more
        for column in ("value", "low", "high", "likely_low", "likely_high"):
            row.setdefault(column, 0)
        lacks = len(known) < len(every)
        row["is_incomplete"] = lacks and self.says("11.3")
        if row["is_incomplete"]:
            row["high"] = inf
        if known:
            pick = max if self.says("11.4") else min
            row["grade"] = pick((parts["grade"] for parts in known.values()), key=grades.index)
        elif every and self.says("11.5"):
            row["value"] = None
        if not every:
            row["grade"] = "exact" if self.says("11.6") else "none"
            row["value"] = 0 if self.says("11.6") else None
        sound = grades[: 2 if self.says("11.7") else 1]
        row["component_count"] = len(every)
        row["sound_component_count"] = sum(p["grade"] in sound for p in known.values())
        if is_uncertain and self.says("11.8"):
            row["likely_low"] = 0
        return row

    # 12. Whether the exports cover the month

    def stretches(self, policy: Any) -> Iterator[tuple[Cells, str, int, int]]:
        """Which delivery lists all posts of which account from when to when."""
        for name, row in self.deliveries.items():
            if row["status"] not in ("loaded", "rejected") and self.says("12.2"):
                continue
            if row["is_truncated"] == "true" and self.says("12.3"):
                continue
            if row["covers_posts"] == "false" and self.says("12.4"):
                continue
            if not self.in_time(policy, instant_of(row["captured_at"])) and self.says("12.5"):
                continue
            if self.is_disproved(name, policy) and self.says("12.6"):
                continue
            for account in sorted(self.listed(row)):
                stretch = self.stretch(policy, row, account)
                if stretch:
                    yield row, account, *stretch

    def listed(self, row: Cells) -> set[str]:
        """The accounts whose posts a delivery lists."""
        here = {a["account_id"] for a in self.accounts if a["platform"] == row["platform"]}
        claim = row["claimed_account_id"]
        if claim and self.says("12.7"):
            return {claim} & here
        if not claim and {row["loaded_count"], row["rejected_count"]} <= {"0", ""}:
            return ({self.claimed(row)} if self.says("12.8") else set()) - {""}
        own = [
            held
            for held in self.contents[row["delivery_id"]]
            if held["is_guest"] == "false" or not self.says("12.9")
        ]
        return {self.named(held) for held in own} - {""}

    def stretch(self, policy: Any, row: Cells, account: str) -> tuple[int, int] | None:
        zone = policy["zone"]
        if row["covers_source"] == "name" and self.says("12.14"):
            zone = self.printed_zones[row["platform"]]
        starts, captured = None, instant_of(row["captured_at"])
        if row["covers_from_date"]:
            first = day_of(row["covers_from_date"])
            starts = self.instant_at(zone, first if self.says("12.10") else first + 1)
        oldest = list(self.oldest(policy, row, account))
        older = [day for at, day, ends in oldest if starts is None or min(at, ends) <= starts]
        if starts is None and not self.says("12.11"):
            starts = min((at for at, _, _ in oldest), default=None)
        elif older and (starts is None or self.says("12.12")):
            starts = self.begins(policy, min(older))
        ends = captured
        if row["covers_to_date"]:
            ends = self.instant_at(zone, day_of(row["covers_to_date"]) + 1)
            ends = min(ends, captured) if self.says("12.13") else ends
        if starts is None and not self.says("12.15"):
            starts = self.begins(policy, self.days[0])
        return (starts, ends) if starts is not None and starts < ends else None

    def oldest(self, policy: Any, row: Cells, account: str) -> Iterator[tuple[int, int, Number]]:
        """Of the oldest records of an account: from when, on which day, and by when for certain."""
        for held in self.contents[row["delivery_id"]]:
            if self.named(held) != account:
                continue
            if held["oldest_published_at"]:
                at = instant_of(held["oldest_published_at"])
                yield at, self.local_day(policy["zone"], at), at
            if held["oldest_published_date"]:
                day = day_of(held["oldest_published_date"])
                ends = self.begins(policy, day + 1)
                yield ends, day, ends

    def coverage(self, policy: Any) -> dict[str, str]:
        """The state of each account that is asked for."""
        spans = list(self.stretches(policy))
        doubtful = {r["sha256"] for r in self.rejects if self.may_be_of_month(policy, r)}
        asked_for = {
            row["account_id"] for row in self.accounts if row["platform"] in policy["platforms"]
        }
        states = {}
        for account in sorted(asked_for):
            rows = [row for row in self.accounts if row["account_id"] == account]
            days = [day for day in self.days if any(self.holds(row, day) for row in rows)]
            if days and not self.says("12.1"):
                days = list(self.days)
            if days:
                own = [span for span in spans if span[1] == account]
                states[account] = self.state(policy, days, own, doubtful)
        return states

    def state(
        self,
        policy: Any,
        days: list[int],
        spans: list[tuple[Cells, str, int, int]],
        doubtful: set[str],
    ) -> str:
        edges = [(self.begins(policy, day), self.begins(policy, day + 1)) for day in days]
        joined: list[list[int]] = []
        for row, _, starts, ends in sorted(spans, key=lambda span: span[2:]):
            if row["status"] == "rejected" and self.says("12.16"):
                continue
            if joined and starts <= joined[-1][1] and self.says("12.17"):
                joined[-1][1] = max(joined[-1][1], ends)
            else:
                joined.append([starts, ends])
        covered = [any(s <= begin and end <= e for s, e in joined) for begin, end in edges]
        touching = {
            row["sha256"]
            for row, _, starts, ends in spans
            if any(starts < end and begin < ends for begin, end in edges)
            and (row["status"] == "loaded" or self.says("12.21"))
        }
        if not any(covered):
            return "missing" if self.says("12.18") else "partial"
        if all(covered) and not (touching & doubtful and self.says("12.19")):
            return "complete"
        return "partial" if self.says("12.20") else "missing"

    def may_be_of_month(self, policy: Any, reject: Cells) -> bool:
        """Whether a rejected record may be a post of the month that nothing else shows."""
        known = reject["known_at"]
        if known and self.in_time(policy, instant_of(known)) and self.says("12.22"):
            return False
        if reject["published_at"]:
            day = self.local_day(policy["zone"], instant_of(reject["published_at"]))
        elif reject["published_date"]:
            day = day_of(reject["published_date"])
        else:
            return self.says("12.24")
        return day in self.days or not self.says("12.23")

    def spans(self, policy: Any, asked: Iterable[str]) -> Iterator[dict[str, str]]:
        """The rows of `spans.csv` under a policy."""
        begin, end = self.begins(policy, self.days[0]), self.begins(policy, self.next_month)
        for row, account, starts, ends in self.stretches(policy):
            is_of_month = starts < end and begin < ends
            if account in asked and (is_of_month or not self.says("12.25")):
                yield {
                    "delivery_id": row["delivery_id"],
                    "account_id": account,
                    "starts_at": as_instant(starts),
                    "ends_at": as_instant(ends),
                }

    def use(self, row: Cells, covering: set[str]) -> str:
        """What the month takes of a delivery."""
        name = row["delivery_id"]
        doubted = [self.is_disproved(name, policy) for policy in self.policies]
        applies = [
            ("12.26", "not_read", row["status"] not in ("loaded", "rejected")),
            ("12.27", "records", name in {r["delivery_id"] for r in self.observations}),
            ("12.28", "coverage", name in covering),
            ("12.29", "capture_disproved", all(doubted)),
        ]
        uses = [use for sentence, use, does in applies if does and self.says(sentence)]
        return [*uses, "other_posts" if self.says("12.30") else "after_cutoff"][0]

    # 13. Whether the month is complete

    def month_state(
        self, policy: Any, decisions: list[dict[str, Any]], states: dict[str, str]
    ) -> dict[str, Any]:
        competing = {office for office, _ in self.members(policy)}
        accounts = {
            row["account_id"]
            for row in self.accounts
            if self.holds(row, self.days[0], self.days[-1])
            and (row["office_id"] in competing or not self.says("13.1"))
        }
        asked = {account: states[account] for account in sorted(accounts & states.keys())}
        complete = sum(state == "complete" for state in asked.values())
        covered = 100 if self.says("13.3") else 0
        if asked:
            covered = 100 * complete // len(asked)
            if not self.says("13.2"):
                covered = -(-100 * complete // len(asked))
        counted = [
            d
            for d in decisions
            if d["is_counted"] and not (d["is_neighbour"] and self.says("13.4"))
        ]
        every = sum(d["component_count"] for d in counted)
        sound = sum(d["sound_component_count"] for d in counted)
        known = 100 if self.says("13.5") else 0
        known = 100 * sound // every if every else known
        least = policy["minimum_coverage_percent"], policy["minimum_evidence_percent"]
        lacking = []
        if covered < least[0]:
            names = [
                f"{account} {state}" for account, state in asked.items() if state != "complete"
            ]
            if not self.says("13.7"):
                names.reverse()
            lacking.append(f"coverage {covered} of {least[0]} percent: {', '.join(names)}")
        if known < least[1]:
            lacking.append(f"evidence {known} of {least[1]} percent of the components")
        is_complete = not lacking
        if not self.says("13.6"):
            is_complete = covered > least[0] and known > least[1]
        return {
            "month": as_day(self.first_day),
            "account_count": len(asked),
            "complete_account_count": complete,
            "coverage_percent": covered,
            "evidence_percent": known,
            "is_complete": is_complete,
            "state": "; ".join(lacking) or "complete",
        }

    def members(self, policy: Any) -> list[tuple[str, str]]:
        """The offices that compete in the month, each with its league."""
        return sorted(
            {
                (row["office_id"], row["league"])
                for row in self.offices
                if row["league"] in policy["leagues"]
                and self.holds(row, self.days[0], self.days[-1])
            }
        )

    # 14. Scores

    def scores(
        self, policy: Any, decisions: list[dict[str, Any]], states: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        since, until = policy["effective_from_date"], policy["effective_to_date"]
        month = as_day(self.first_day)
        in_force = since <= month and (until is None or month < until)
        if not self.says("14.19"):
            in_force = since <= month and (until is None or month <= until)
        for office, league in self.members(policy):
            own = [
                d
                for d in decisions
                if d["is_counted"]
                and d["office_id"] == office
                and (d["league"] == league or not self.says("14.2"))
            ]
            posts = [d for d in own if not d["is_neighbour"]]
            near = [d for d in own if d["is_neighbour"]]
            if not posts and not self.says("14.1"):
                continue
            found = self.states_of(office, states)
            for category in ("active", "popular"):
                row = self.active(posts, near)
                if category == "popular":
                    row = self.popular(policy, posts, near)
                row |= found
                row["is_complete"] = (
                    not found["partial_account_count"] + found["missing_account_count"]
                )
                if not self.says("14.10"):
                    row["is_complete"] = not found["missing_account_count"]
                if not row["is_complete"] and self.says("14.11"):
                    row["score_high"] = inf
                row |= {"office_id": office, "league": league, "category": category}
                row |= {"month": month, "policy_sha256": policy["policy_sha256"]}
                yield row | {"is_official": in_force, "post_count": len(posts)}

    def states_of(self, office: str, states: dict[str, str]) -> dict[str, int]:
        last = self.days[-1]
        own = {
            row["account_id"]
            for row in self.accounts
            if row["office_id"] == office
            and self.holds(row, self.days[0] if self.says("14.9") else last, last)
        }
        found = [states[account] for account in own if account in states]
        return {
            f"{state}_account_count": found.count(state)
            for state in ("complete", "partial", "missing")
        }

    def active(self, posts: list[dict[str, Any]], near: list[dict[str, Any]]) -> dict[str, Any]:
        scored = posts if self.says("14.3") else [p for p in posts if p["value"] is not None]
        sure = [p for p in posts if not (p["is_month_uncertain"] and self.says("14.4"))]
        most = len(posts) + (len(near) if self.says("14.5") else 0)
        row: dict[str, Any] = {"score": len(scored), "score_low": len(sure), "score_high": most}
        row |= {"score_likely_low": len(sure), "score_likely_high": most}
        for grade in ("exact", "interpolated", "late", "early", "none"):
            of_grade = [p for p in posts if p["grade"] == grade]
            if not self.says("14.17"):
                of_grade = [p for p in posts if grade in [own for own, _ in p["components"]]]
            row[f"{grade}_score"] = len(of_grade)
        return row | {"best": min(1, len(posts))}

    def popular(
        self, policy: Any, posts: list[dict[str, Any]], near: list[dict[str, Any]]
    ) -> dict[str, Any]:
        def value(post: dict[str, Any]) -> int:
            return int(post["value"] or 0)

        scored = [p for p in posts if self.says("14.6") or not p["is_month_uncertain"]]
        score = sum(map(value, scored))
        sure = [p for p in posts if not (p["is_month_uncertain"] and self.says("14.7"))]
        row: dict[str, Any] = {"score": score, "score_low": sum(p["low"] for p in sure)}
        highs = [p["high"] for p in posts + (near if self.says("14.8") else [])]
        row["score_high"] = inf if inf in highs else sum(highs)
        below = [value(p) - p["likely_low"] for p in posts]
        row["score_likely_low"] = score - self.spread(policy, below, "14.13")
        likely = [p["likely_high"] for p in posts + near]
        early: list[int] = []
        other: list[int] = []
        for post in posts:
            is_early = "early" in [grade for grade, _ in post["components"]]
            more = post["likely_high"] - value(post)
            if more != inf:
                (early if is_early and self.says("14.14") else other).append(more)
        row["score_likely_high"] = score + self.spread(policy, other) + sum(early)
        if self.says("14.15"):
            row["score_likely_high"] += sum(p["likely_high"] for p in near)
        if inf in likely and self.says("14.16"):
            row["score_likely_high"] = inf
        for grade in ("exact", "interpolated", "late", "early", "none"):
            parts = [
                number
                for post in posts
                for own, number in post["components"]
                if (own if self.says("14.18") else post["grade"]) == grade
            ]
            row[f"{grade}_score"] = sum(parts)
        return row | {"best": max(map(value, posts), default=0)}

    def spread(self, policy: Any, differences: list[int], sentence: str = "14.12") -> int:
        """How far a sum may be off, where its parts err partly alike."""
        if not self.says("14.13") and sentence == "14.13":
            return sum(differences)
        r = policy["growth_correlation_percent"]
        if not self.says("14.12"):
            r = 100 - r
        squares, total = sum(x * x for x in differences), sum(differences)
        return isqrt(((100 - r) * squares + r * total * total) // 100)

    # 15. Ranks

    def ranked(self, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            others = [
                other
                for other in rows
                if other["office_id"] != row["office_id"]
                and all(other[key] == row[key] for key in ("league", "category"))
            ]
            score = row["score"]
            better = [o for o in others if o["score"] > score]
            if not self.says("15.1"):
                better = [o for o in others if o["score"] >= score]
            row["rank"] = 1 + len(better)
            column = "score_low" if self.says("15.2") else "score"
            best = [o for o in others if self.above(o[column], row["score_high"])]
            column = "score_low" if self.says("15.3") else "score"
            worst = [o for o in others if self.above(o["score_high"], row[column])]
            row["rank_best"], row["rank_worst"] = 1 + len(best), 1 + len(worst)
            likely = "_likely" if self.says("15.5") else ""
            low, high = f"score{likely}_low", f"score{likely}_high"
            best = [o for o in others if self.above(o[low], row[high])]
            worst = [o for o in others if self.above(o[high], row[low])]
            row["rank_likely_best"], row["rank_likely_worst"] = 1 + len(best), 1 + len(worst)
            rest = score - (row["best"] if self.says("15.6") else 0)
            row["rank_without_best_post"] = 1 + sum(o["score"] > rest for o in others)
            yield row

    def above(self, one: Number, other: Number) -> bool:
        if not self.says("15.4") and inf in (one, other):
            return False
        return one > other

    # 17. The tone of comments

    def tone_complaints(self) -> Iterator[str]:
        """Figures of tone that do not follow."""
        rows = self.table("opinion")
        kappa = self.kappa()
        told = "" if kappa is None else f"{kappa / 10000:.4f}"
        for row in rows:
            place = f"opinion {row['office_id']} {row['label']}"
            if row["kappa_ratio"] != told:
                yield f"{place}: kappa {told}"
            own = [each for each in rows if each["office_id"] == row["office_id"]]
            drawn, comments = int(row["sampled_count"]), int(row["comment_count"])
            if (int(row["labelled_count"]) == drawn) != self.says("17.2"):
                yield f"{place}: not all is labelled"
            if (kappa is not None and kappa >= 6000) != self.says("17.3"):
                yield f"{place}: the readers agree too little"
            total = drawn if self.says("17.4") else comments
            if sum(int(each["label_count"]) for each in own) != total:
                yield f"{place}: the labels do not add up"
            published = int(row["low_count"]), int(row["high_count"])
            if published != self.range_of(int(row["label_count"]), drawn, comments):
                yield f"{place}: another range"

    def kappa(self) -> int | None:
        """Of 10,000; None where nothing tells."""
        rows = self.table("opinion_agreement")
        read = sum(int(row["comment_count"]) for row in rows)
        alike = sum(
            int(row["comment_count"]) for row in rows if row["first_label"] == row["second_label"]
        )
        by_chance = sum(
            int(row["comment_count"]) * int(other["comment_count"])
            for row in rows
            for other in rows
            if row["first_label"] == other["second_label"]
        )
        if not self.says("17.1"):
            by_chance = 0
        if read * read == by_chance:
            return None
        return 10000 * (read * alike - by_chance) // (read * read - by_chance)

    def range_of(self, seen: int, drawn: int, comments: int) -> tuple[int, int]:
        """Between how many of all comments have a label that so many of those drawn have."""
        draws = comb(comments, drawn)

        def chance(labelled: int, counts: Iterable[int]) -> Fraction:
            ways = (comb(labelled, x) * comb(comments - labelled, drawn - x) for x in counts)
            return Fraction(sum(ways), draws)

        possible = range(seen, comments - drawn + seen + 1)
        rare_low = Fraction(1, 40 if self.says("17.5") else 10)
        rare_high = Fraction(1, 40 if self.says("17.6") else 10)
        more, less = range(seen, drawn + 1), range(seen + 1)
        low = min(number for number in possible if chance(number, more) > rare_low)
        high = max(number for number in possible if chance(number, less) > rare_high)
        return low, high

    # Everything, and how it compares

    def conclusions(self) -> dict[str, list[Cells]]:
        """The rows of each file that follow, as cells, in the order of 16."""
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in CONCLUSIONS}
        for (platform, post_id), post in self.posts.items():
            rows["posts"].append({"platform": platform, "post_id": post_id, **post})
        for policy in self.policies:
            for name, found in self.under(policy).items():
                rows[name] += [{"policy_id": policy["policy_id"], **row} for row in found]
        covering = {row["delivery_id"] for row in rows["spans"]}
        for delivery in self.deliveries.values():
            rows["deliveries"].append({**delivery, "use": self.use(delivery, covering)})
        for name, (sentence, columns) in ORDERS.items():
            keyed = [([row[column] for column in columns], row) for row in rows[name]]
            keyed.sort(key=lambda pair: pair[0], reverse=not self.says(sentence))
            rows[name] = [row for _, row in keyed]
        return {
            name: [{c: as_cell(v) for c, v in row.items()} for row in table]
            for name, table in rows.items()
        }

    def under(self, policy: Any) -> dict[str, list[dict[str, Any]]]:
        """The rows of each file that follow under a policy."""
        decisions = []
        for platform, post_id in self.posts:
            row = self.decide(policy, (platform, post_id))
            if row:
                bounds = ("low", "high", "likely_low", "likely_high")
                told = {f"value_{bound}": row[bound] for bound in bounds}
                decisions.append({"platform": platform, "post_id": post_id, **row, **told})
        states = self.coverage(policy)
        platforms = {row["account_id"]: row["platform"] for row in self.accounts}
        month = {"month": as_day(self.first_day)}
        rankings = list(self.ranked(list(self.scores(policy, decisions, states))))
        is_ranked = bool(rankings) or not self.says("13.8")
        return {
            "decisions": decisions,
            "spans": list(self.spans(policy, states)),
            "coverage": [
                {"account_id": account, "platform": platforms[account], "state": state, **month}
                for account, state in states.items()
            ],
            "month_state": [self.month_state(policy, decisions, states)] if is_ranked else [],
            "rankings": rankings,
        }


def differences(stranger: Stranger) -> Iterator[str]:
    """What was published and does not follow, a line each."""
    for name, own in stranger.conclusions().items():
        yield from compared(name, stranger.table(name), own)


def compared(name: str, published: list[Cells], own: list[Cells]) -> Iterator[str]:
    """How the published rows of a file differ from one's own."""

    def keys(rows: Iterable[Cells]) -> list[tuple[str, ...]]:
        return [tuple(row[column] for column in CONCLUSIONS[name]) for row in rows]

    told = dict(zip(keys(published), published, strict=True))
    found = dict(zip(keys(own), own, strict=True))
    for key in sorted(told.keys() ^ found.keys()):
        yield f"{name} {key}: {'only published' if key in told else 'not published'}"
    for key in sorted(told.keys() & found.keys()):
        wrong = {
            column: (cell, found[key].get(column))
            for column, cell in told[key].items()
            if (name, column) not in UNTOLD and cell != found[key].get(column)
        }
        if wrong:
            yield f"{name} {key}: published and found {wrong}"
    if told.keys() == found.keys() and keys(published) != keys(own):
        yield f"{name}: its rows stand in another order"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an edition's evidence against its rule.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--invert", metavar="SENTENCE")
    called = parser.parse_args()
    stranger = Stranger(called.folder, called.invert)
    found = [*stranger.complaints(), *differences(stranger), *stranger.tone_complaints()]
    print(*(found or ["no difference"]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
