"""Small months in which a sentence of `RULE.md` makes a difference.

What belongs here: lakes by hand, each with the numbers of the sentences that it shows; what shows a
sentence has its number beside it. What does not: what follows from them, which the warehouse and
the stranger say, each by itself. The month is July 2025 where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.lakes import (
    BEFORE,
    KEMENKUM,
    account,
    day,
    delivery,
    lake,
    office,
    offices,
    policy,
    record,
    utc,
    video,
    whole_july,
)
from tests.reference import Lake, Row

Case = Callable[[], Lake]
Delivery = tuple[Row, list[Row]]
#: Sentence to the case that shows it.
CASES: dict[str, Case] = {}
MONTHS: dict[Case, date] = {}
JULY: dict[str, Any] = {"covers_from": day("2025-07-01"), "covers_to": day("2025-07-31")}
JULY |= {"covers_source": "sidecar"}
#: In force long before, so that it is never official.
ONCE = {"effective_from": day("2010-01-01"), "effective_to": day("2011-01-01")}
#: A column that stays, one that rises late, and hours after the last row.
CURVE = [
    [0, 0, 0, 0],
    [6, 0, 410, 510],
    [12, 1000, 700, 1000],
    [24, 1000, 1000, 1000],
    [48, 1000, 1300, 1570],
]


def shows(*sentences: str, month: str = "2025-07-01") -> Callable[[Case], Case]:
    """Names the sentences that a case shows, and its month."""

    def keep(case: Case) -> Case:
        CASES.update(dict.fromkeys(sentences, case))
        MONTHS[case] = day(month)
        return case

    return keep


def named(account_id: str | None, post_id: str, **more: Any) -> Row:
    """A record that names an account by its number."""
    return record(post_id, platform_account_id=account_id, **more)


def reject(told: Delivery, **more: Any) -> Row:
    """A rejected record of a file: its first number that no other has."""
    number = len(told[1]) + 1
    blank = dict.fromkeys(("platform", "post_id", "published_at", "published_date"))
    return {
        "sha256": told[0]["sha256"],
        "record_number": number,
        "rule": "unreadable_id",
        "detail": "",
        **blank,
        **more,
    }


def with_reject(captured_at: str, *records: Row, **more: Any) -> Delivery:
    """A file of which one more record was rejected."""
    counts = {"record_count": len(records) + 1, "rejected_count": 1}
    return delivery(captured_at, *records, **counts, **more)


@shows("3.1", "3.2", "3.3", month="2025-09-01")
def clocks() -> Lake:
    """In Santiago clocks go from 00:00 to 01:00 on 7 September, at 04:00 in UTC."""
    there = policy(time_zone="America/Santiago")
    by_clock = video("2025-09-07", post_id="V1", platform_account_id="Y1")
    return lake(
        # 3.3: half an hour before that day begins; what is seen later is another number.
        delivery("2025-09-07 03:30", {**by_clock, "like_count": 1}),
        delivery("2025-09-08 15:00", {**by_clock, "like_count": 5}),
        # 3.1: on 8 September by three hours, on 7 September by four.
        delivery("2025-09-30 00:00", record("P1", at="2025-09-08 03:30")),
        accounts=[account(), account("Y1", platform="youtube")],
        policies=[there],
    )


@shows("3.4", "3.5", "3.6", "8.16", "8.17", "9.5", "12.5")
def cutoffs() -> Lake:
    """One policy takes captures up to 7 days after the month, 17:00 in UTC, another one any."""
    late = {"late_limit_hours": None, **ONCE}
    return lake(
        # 3.4: within the last day.
        delivery("2025-08-07 10:00", record("within")),
        # 3.5: at the very end.
        delivery("2025-08-07 17:00", record("at"), record("both", 3)),
        # 3.6, 8.16, 8.17: a second later.
        delivery("2025-08-07 17:00:01", record("after"), record("both", 9)),
        # 9.5: a number of a post that was seen in time.
        delivery("2025-07-10 12:00", record("grows", 1)),
        delivery("2025-08-09 00:00", record("grows", 9)),
        # 12.5: lists the whole month, too late.
        delivery("2025-08-10 00:00", account_id="A2", **JULY),
        policies=[KEMENKUM, policy(policy_id="open", cutoff_days=None, **late)],
        **offices(2),
    )


@shows("5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "5.10", "5.11")
def records() -> Lake:
    """Posts of which several records tell different things."""
    earlier = {"received_at": utc("2025-07-14 01:00")}
    later = {"received_at": utc("2025-07-14 02:00")}
    nobody = record("sent twice", platform_account_id=None)
    minute = {"published_precision": "minute"}
    return lake(
        # 5.1: one number on two platforms.
        delivery("2025-07-11 00:00", named("A1", "same")),
        delivery("2025-07-12 00:00", named("A3", "same", platform="x", at="2025-07-11 00:00")),
        # 5.2, 5.11: the capture decides whose it is, and when it was first seen.
        delivery("2025-07-12 01:00", named("A1", "captured")),
        delivery("2025-07-13 01:00", named("A2", "captured")),
        # 5.3: then the receipt.
        delivery("2025-07-14 00:00", named("A1", "received"), **later),
        delivery("2025-07-14 00:00", named("A2", "received"), **earlier),
        # 5.4: then the hash.
        delivery("2025-07-15 00:00", named("A1", "hashed")),
        delivery("2025-07-15 00:00", named("A2", "hashed")),
        # 5.5: then the number of the record.
        delivery("2025-07-16 00:00", named("A1", "numbered"), named("A2", "numbered")),
        # 5.6: then the delivery, of which two have the same bytes.
        delivery("2025-07-17 00:00", nobody, office_id="O1"),
        delivery("2025-07-17 00:00", nobody, office_id="O2"),
        # 5.7: a second goes before a minute, also where it is later.
        delivery("2025-07-18 00:00", named("A1", "exact", at="2025-07-10 10:00", **minute)),
        delivery("2025-07-18 01:00", named("A1", "exact", at="2025-07-10 10:00:30")),
        # 5.8: the earlier of two seconds.
        delivery("2025-07-18 02:00", named("A1", "early", at="2025-07-10 10:00:30")),
        delivery("2025-07-18 03:00", named("A1", "early", at="2025-07-10 10:00:10")),
        # 5.9: only the day is known.
        delivery("2025-07-18 04:00", video("2025-07-10", post_id="day")),
        # 5.10: one of two records says so.
        delivery("2025-07-19 00:00", named("A1", "told", is_story=True)),
        delivery("2025-07-20 00:00", named("A1", "told")),
        offices=[office("O1"), office("O2")],
        accounts=[account("A1", "O1"), account("A2", "O2"), account("A3", "O1", platform="x")],
    )


@shows("6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9", "6.10")
@shows("6.11", "6.12", "6.13", "6.14")
def owners() -> Lake:
    """Accounts that begin, end, move, share handles, and files that name nobody."""
    nobody = {"platform": "tiktok", "platform_account_id": None}
    change = {"valid_from": day("2025-07-20")}
    until = {"valid_to": day("2025-07-20")}
    future = record("future", at="2025-07-13 12:00")
    return lake(
        # 6.1, 6.2: published on the day on which the row begins, or holds no longer.
        delivery("2025-07-21 00:00", named("begins", "first", at="2025-07-20 00:00")),
        delivery("2025-07-21 01:00", named("ends", "last", at="2025-07-20 00:00")),
        # 6.4: its number still names it, after its row has ended.
        delivery("2025-07-25 00:00", named("ends", "ended")),
        # 6.5: the number leads nowhere, the handle does.
        delivery("2025-07-22 00:00", named("404", "handle", account_handle="humas")),
        # 6.6: the handle went over to another account before the capture.
        delivery(
            "2025-07-25 01:00", record("over", account_handle="over", platform_account_id=None)
        ),
        # 6.7: named somebody, whom nobody knows.
        delivery(
            "2025-07-22 01:00",
            named("404", "foreign", platform="tiktok"),
            office_id="O1",
        ),
        # 6.8: sent for an account, by another one's office; and for one that does not exist.
        delivery("2025-07-22 02:00", record("claimed", **nobody), account_id="T1", office_id="O2"),
        delivery(
            "2025-07-22 03:00", record("unknown", **nobody), account_id="T404", office_id="O1"
        ),
        # 6.9: the office had another account before.
        delivery("2025-07-22 04:00", record("sole", **nobody), office_id="O2"),
        # 6.10: the office has two.
        delivery("2025-07-22 05:00", record("either", **nobody), office_id="O3"),
        # 6.11: the first record is of nobody.
        delivery("2025-07-11 00:00", named("404", "second")),
        delivery("2025-07-12 00:00", named("A1", "second")),
        # 6.12: the first file holds a post that was published after its capture.
        delivery("2025-07-12 01:00", named("A1", "doubted"), named("A1", "alone"), future),
        delivery("2025-07-14 00:00", named("A2", "doubted")),
        # 6.13, 6.14: before and after a move, and a change of league.
        delivery(
            "2025-07-31 00:00",
            named("moves", "before"),
            named("moves", "after", at="2025-07-25 00:00"),
            named("A4", "one league"),
            named("A4", "other", at="2025-07-25 00:00"),
        ),
        offices=[
            *(office(f"O{n}") for n in (1, 2, 3)),
            office("O4", **until),
            office("O4", league="unit_utama", **change),
        ],
        accounts=[
            account("A1", "O1", handle="humas"),
            account("A2", "O2"),
            account("A4", "O4"),
            account("begins", "O1", **change),
            account("ends", "O1", **until),
            account("B1", "O1", handle="over", **until),
            account("B2", "O2", handle="over", **change),
            account("moves", "O1", **until),
            account("moves", "O2", **change),
            account("T0", "O2", platform="tiktok", valid_to=day("2025-07-01")),
            account("T1", "O1", platform="tiktok"),
            account("T2", "O2", platform="tiktok"),
            account("T3", "O3", platform="tiktok"),
            account("T4", "O3", platform="tiktok"),
        ],
    )


@shows("7.1", "7.2", "7.3", "7.4", "9.6", "12.6", "12.29")
def captures() -> Lake:
    """Files that hold what was published after they were captured, by more or by less."""
    tube = {"platform_account_id": "Y1"}
    return lake(
        # 7.1: ten minutes later; and sixteen.
        delivery("2025-07-11 00:00", record("P1", 7), record("ten", at="2025-07-11 00:10")),
        # 7.4, 9.6, 12.6: it is a month older than it says.
        delivery(
            "2025-07-12 00:00",
            record("P2", 7),
            record("late", at="2025-07-12 00:16"),
            received_at=utc("2025-08-20 00:00"),
        ),
        delivery("2025-08-01 00:00", record("P2", 9)),
        delivery(
            "2025-08-02 00:00",
            record("over", platform_account_id="A2", at="2025-08-03 00:00"),
            account_id="A2",
            **JULY,
        ),
        # 7.2: that day begins an hour later.
        delivery(
            "2025-07-14 16:00",
            video("2025-07-15", post_id="V1", **tube),
            video("2025-07-13", 7, post_id="V2", **tube),
        ),
        # 7.3: that day has begun where it begins first, so the file may be right.
        delivery(
            "2025-07-19 12:00",
            video("2025-07-20", post_id="V3", **tube),
            video("2025-07-18", post_id="V4", **tube),
        ),
        delivery("2025-07-22 00:00", video("2025-07-18", post_id="V4", platform_account_id="Y2")),
        offices=[office("O1"), office("O2")],
        accounts=[
            account("A1", "O1"),
            account("A2", "O2"),
            account("Y1", "O1", platform="youtube"),
            account("Y2", "O2", platform="youtube"),
        ],
    )


@shows("8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "8.8", "8.9", "8.10", "8.11")
@shows("8.12", "8.13", "8.14", "8.15", "13.4")
def reasons() -> Lake:
    """A post for each reason, and videos on both sides of the month's edges."""
    kinds = {f"is_{kind}": True for kind in ("reply", "repost", "story", "cross_post")}
    some = policy(
        policy_id="some",
        platforms=["instagram", "youtube"],
        leagues=["kanwil"],
        counts_cross_posts=False,
        **ONCE,
    )
    every = policy(
        policy_id="every", counts_replies=True, counts_reposts=True, counts_stories=True, **ONCE
    )
    at = {"at": "2025-07-20 00:00"}
    tube = {"platform_account_id": "Y1"}
    return lake(
        # 8.1: after midnight in Jakarta.
        delivery(
            "2025-07-31 00:00",
            record("night", at="2025-07-10 18:00"),
            named("404", "nobody"),
            named("closed", "closed", **at),
            named("A2", "no office", **at),
            named("A3", "other league"),
        ),
        # 8.2: captured in the next month.
        delivery(
            "2025-08-02 00:00",
            *(record(kind) | {kind: True} for kind in kinds),
            record("all", **kinds),
            named("404", "nobody's reply", is_reply=True),
        ),
        delivery("2025-08-02 01:00", named("X1", "no platform", platform="x")),
        # 8.3, 8.4, 8.5: the days beside the edges, and the edges.
        delivery(
            "2025-08-03 00:00",
            video("2025-06-30", 1, "V1", **tube),
            video("2025-08-01", 2, "V2", **tube),
            video("2025-08-01", 4, "V3", **tube, is_cross_post=True),
            video("2025-07-01", 8, "V4", **tube),
            video("2025-07-31", 16, "V5", **tube),
        ),
        # 13.4: known from both sides, in the month alone.
        delivery("2025-07-11 00:00", record("sound"), record("also")),
        offices=[
            office("O1"),
            office("O2", valid_to=day("2025-07-15")),
            office("O3", league="unit_utama"),
        ],
        accounts=[
            account("A1", "O1"),
            account("closed", "O1", valid_to=day("2025-07-15")),
            account("A2", "O2"),
            account("A3", "O3"),
            account("X1", "O1", platform="x"),
            account("Y1", "O1", platform="youtube"),
        ],
        policies=[KEMENKUM, some, every],
    )


def exports(posts: dict[str, dict[float, Any]], published: Row) -> Iterable[Delivery]:
    """The files that show posts of one time of publication, at hours after it.

    At an hour stand the likes, or likes, comments and shares, or a list of different ones.
    """
    begins = published["published_at"] or utc(f"{published['published_date']}")
    hours = sorted({hour for seen in posts.values() for hour in seen})
    for hour in hours:
        files: list[list[Row]] = [[], []]
        for post_id, seen in posts.items():
            told = seen.get(hour)
            for place, counts in enumerate(told if isinstance(told, list) else [told]):
                if counts is not None:
                    like, comment, share = counts if isinstance(counts, tuple) else (counts, 0, 0)
                    numbers = {"like_count": like, "comment_count": comment, "share_count": share}
                    files[place].append({**published, "post_id": post_id, **numbers})
        captured_at = str(begins + timedelta(hours=hour))
        yield from (delivery(captured_at, *rows) for rows in files if rows)


def policies() -> list[Row]:
    """Evenly growing with a limit, along a curve, and by the last number."""
    curves = dict.fromkeys(KEMENKUM["platforms"], CURVE)
    weights = {"like_weight": 2}
    nothing = {"tiktok": {}}
    return [
        policy(late_limit_hours=48),
        policy(policy_id="curve", growth=curves, engagement_on=nothing, **weights, **ONCE),
        policy(policy_id="last", window_hours=None, **ONCE),
    ]


@shows("9.1", "9.2", "9.3", "9.7", "9.8", "9.9", "9.10")
@shows("10.1", "10.4", "10.5", "10.6", "10.7", "10.8", "10.9", "10.10", "10.11", "10.12")
@shows("10.13", "10.14", "10.15", "10.16", "10.17", "10.18", "10.19", "10.20")
@shows("10.25", "10.26", "10.27", "10.28", "10.29", "10.30", "10.31")
@shows("11.1", "11.2", "11.3", "11.4", "11.5", "11.6", "11.7")
@shows("14.3", "14.16", "14.17", "14.18")
def values() -> Lake:
    """Posts of one instant that were seen at different hours."""
    seen: dict[str, dict[float, Any]] = {
        "before": {-0.1: 3},  # 9.2, 11.5
        "at once": {0: 3},  # 9.3, 10.30
        "exact": {24: 10, 26: 12},  # 10.5
        "between": {6: 4, 12: 10, 30: 25, 40: 31},  # 10.6
        "after": {30: 21, 60: 30},  # 10.7
        "long after": {60: 33},  # 10.11
        "limit": {72: 7},  # 9.9
        "beyond": {72.5: 7},  # 9.8
        "early": {3: 5, 10: 3},  # 10.8
        "early, fell": {8: 9, 10: 3},  # 10.29
        "slow": {8: 40},  # 10.28
        "fell": {15: 20, 31: 13},  # 10.12, 10.18
        "huge": {7: 10**12 - 1},  # 10.31
        "told twice": {24: [10, 12]},  # 9.10
        "both told twice": {20: [10, 12], 30: [20, 23]},  # 10.18
        "late shares": {24: (10, 5, None), 60: (12, 6, 4)},  # 11.4
        "no shares": {24: (10, 5, None)},  # 9.7, 11.3
    }
    plain = record(comment_count=None, share_count=None)
    weightless = record("nothing", 5, platform="tiktok", platform_account_id="T1")
    # 11.6: on a platform where nothing weighs.
    more = delivery("2025-07-12 00:00", weightless)
    return lake(
        *exports(seen, plain),
        more,
        accounts=[account(), account("T1", platform="tiktok")],
        policies=policies(),
    )


@shows("9.4", "10.2", "10.3", "10.21", "10.22", "10.23", "10.24", "11.8", "14.6")
def days() -> Lake:
    """Videos of 10 July, which lasts from -7 to 17 hours of UTC; their window ends at 29 hours."""
    seen: dict[str, dict[float, Any]] = {
        "morning": {-4: 3, 40: 30},  # 9.4, 10.3
        "noon": {29: 20, 45: 25},  # 10.21
        "near": {10: 5, 20: 9, 35: 14, 45: 30},  # 10.22, 10.23
        "fell": {10: 50, 35: 20, 45: 10},  # 10.24
    }
    tube = video("2025-07-10", platform_account_id="Y1")
    edge = video("2025-07-31", post_id="edge", platform_account_id="Y1")
    return lake(
        *exports(seen, tube),
        # 11.8: it may be of the next month.
        *exports({"edge": {10: 5, 45: 9}}, edge),
        accounts=[account("Y1", platform="youtube")],
        policies=policies(),
    )


@shows("14.12", "14.13", "14.14")
def spreads() -> Lake:
    """Posts that may be worth more or less, two of which were only seen early."""
    seen: dict[str, dict[float, Any]] = {
        "between": {13: 40, 40: 100},
        "after": {40: 130},
        "early": {10: 30},
        "also early": {10: 50},
    }
    return lake(*exports(seen, record()), policies=policies()[1:2])


@shows("12.1", "12.2", "12.3", "12.4", "12.7", "12.8", "12.9", "12.10", "12.11", "12.12")
@shows("12.13", "12.14", "12.15", "12.16", "12.17", "12.18", "12.19", "12.20", "12.21", "12.22")
@shows(
    "12.23",
    "12.24",
    "12.25",
    "12.26",
    "12.27",
    "12.28",
    "12.30",
    "13.1",
    "13.2",
    "13.3",
    "13.5",
    "13.6",
    "13.7",
    "13.8",
)
@shows("14.10", "14.11")
def coverage() -> Lake:
    """An account for each sentence, named by what its files are."""
    after = "2025-08-01 00:00"
    names = [
        "joined",
        "truncated",
        "videos",
        "quarantined",
        "claimed",
        "contents",
        "guest",
        "empty",
        "oldest",
        "older",
        "short",
        "name",
        "rangeless",
        "lost",
        "met",
        "dark",
        "known",
        "june",
        "whole",
        "upt",
    ]
    found = [
        # 12.1: registered from the middle of the month.
        delivery(
            after, account_id="joined", covers_from=day("2025-07-15"), covers_to=day("2025-07-31")
        ),
        # 12.2, 12.3, 12.4: no export that lists all posts.
        delivery(after, account_id="quarantined", status="quarantined", **JULY),
        delivery(after, account_id="truncated", is_truncated=True, **JULY),
        delivery(after, account_id="videos", covers_posts=False, **JULY),
        # 12.7: sent for one account, and holds another one's post.
        delivery(after, named("contents", "C1"), account_id="claimed", **JULY),
        # 12.8, 12.10: a sender's only account, and no post.
        delivery(after, office_id="O-empty", **JULY),
        # 12.9: a post of a guest stands in the export of a known account.
        delivery(after, named("guest", "G1", is_guest=True), named("upt", "G2"), **JULY),
        # 12.11: the oldest record is of the first day, ten hours after it began.
        delivery(after, named("oldest", "D1", at="2025-07-01 03:00")),
        # 12.12: it is older than the range.
        delivery(
            after,
            named("older", "D2", at="2025-06-30 20:00"),
            account_id="older",
            **(JULY | {"covers_from": day("2025-07-05")}),
        ),
        # 12.13: captured before the end of its range.
        delivery("2025-07-20 00:00", account_id="short", **JULY),
        # 12.14: in Los Angeles July begins later.
        delivery(after, account_id="name", **(JULY | {"covers_source": "name"})),
        # 12.25, 12.30: lists another month only.
        delivery(
            "2025-07-02 00:00",
            account_id="known",
            covers_from=day("2025-06-01"),
            covers_to=day("2025-06-30"),
        ),
        # 12.15: tells nothing of when it begins.
        delivery(after, account_id="rangeless"),
        # 12.17: one ends in the middle of a day, as the other one begins.
        delivery("2025-07-15 07:00", account_id="met", **JULY),
        delivery(after, account_id="met", covers_source="name", covers_from=day("2025-07-15")),
        delivery(after, account_id="known", **JULY),
        delivery(after, named("known", "K1"), **JULY),
    ]
    rejected = {"status": "rejected", **JULY}
    # Files without records would have the same bytes.
    lost = with_reject(after, account_id="lost", sha256="a" * 64, **rejected)  # 12.16
    # 12.19, 12.24: a record that tells nothing.
    dark = with_reject(after, named("dark", "E1"), **JULY)
    known = with_reject(after, named("known", "E2"), **JULY)  # 12.22
    june = with_reject(after, named("june", "E3"), **JULY)  # 12.23
    whole = with_reject(after, account_id="whole", sha256="b" * 64, **rejected)  # 12.21
    found += [lost, dark, known, june, whole, delivery(after, named("whole", "E4"), **JULY)]
    rejects = [
        reject(lost),
        reject(whole),
        reject(dark),
        reject(known, platform="instagram", post_id="K1"),
        reject(june, published_date=day("2025-06-20")),
    ]
    alone = {"platforms": ["facebook"], "minimum_evidence_percent": 100, **ONCE}
    built = lake(
        *found,
        offices=[
            office(f"O-{name}", league="upt" if name == "upt" else "kanwil") for name in names
        ],
        accounts=[
            account(name, f"O-{name}", valid_from=day("2025-07-15") if name == "joined" else BEFORE)
            for name in names
        ],
        policies=[
            policy(minimum_coverage_percent=100),
            # 13.3, 13.5: there is nobody and nothing.
            policy(policy_id="alone", **alone),
            # 13.8: no office is in its league.
            policy(policy_id="nobody", leagues=["unit_utama"], **ONCE),
        ],
    )
    return replace(built, rejects=rejects)


@shows("14.1", "14.2", "14.4", "14.5", "14.7", "14.8", "14.9", "14.15", "14.19")
@shows("15.1", "15.2", "15.3", "15.4", "15.5", "15.6")
@shows("16.1", "16.2", "16.3", "16.4", "16.5", "16.6")
def ranks() -> Lake:
    """Offices whose scores are near each other, by posts that are known well or less well."""
    change, until = {"valid_from": day("2025-07-20")}, {"valid_to": day("2025-07-20")}
    tube = {"platform_account_id": "Y1"}
    known = offices(6)
    return lake(
        # 15.1: equal scores. 15.2, 15.3: between wide bounds.
        delivery("2025-07-10 12:00", named("A1", "P1", likes=10), named("A2", "P2", likes=2)),
        delivery(
            "2025-07-11 00:00",
            named("A3", "P3", likes=14),
            named("A4", "P4", likes=14),
            named("A3", "P5", likes=4),
        ),
        delivery("2025-07-11 12:00", named("A1", "P1", likes=20), named("A2", "P2", likes=40)),
        # 14.1: A5 has no post. 15.4: A6 is not complete.
        *whole_july("A1", "A2", "A3", "A4", "A5", "moves", "L1"),
        # 14.2: an office that changes its league.
        delivery(
            "2025-07-31 00:00", named("L1", "L1"), named("L1", "L2", at="2025-07-25 00:00", likes=5)
        ),
        # 14.4, 14.5, 14.7, 14.8, 14.15: on the month's edge, and beside it.
        delivery("2025-07-31 10:00", video("2025-07-31", 4, "V1", **tube)),
        delivery("2025-08-01 00:00", video("2025-07-31", 6, "V1", **tube)),
        delivery(
            "2025-08-03 00:00",
            video("2025-07-31", 9, "V1", **tube),
            video("2025-08-01", 5, "V2", **tube),
            account_id="Y1",
            **JULY,
        ),
        # 14.9: an account that moves, and is not complete.
        offices=[
            *known["offices"],
            office("O7", **until),
            office("O7", league="unit_utama", **change),
        ],
        accounts=[
            *known["accounts"],
            account("moves", "O4", **until),
            account("moves", "O5", **change),
            account("Y1", "O2", platform="youtube"),
            account("L1", "O7"),
        ],
        policies=[
            KEMENKUM,
            policy(
                policy_id="former",
                effective_from=day("2025-01-01"),
                effective_to=day("2025-07-01"),
                time_zone="Asia/Jayapura",
            ),
        ],
    )
