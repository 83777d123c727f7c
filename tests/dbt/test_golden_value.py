"""Golden cases: what a post is worth. Each shows one rule, with numbers worked out by hand.

The post is published on 10 July 2025 at 00:00 UTC; its window of 24 hours ends a day later.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lakes import ask, day, delivery, offices, policy, record, utc, video
from tests.models import Models
from tests.reference import Row

VALUE = "select value, value_low, value_high, grade from fct_post_month"
VALUES = "select post_id, (value, value_low, value_high, grade) from fct_post_month"
FLAGS = "select flag, post_key from fct_flag order by all"

#: Likes at instants of July 2025 (UTC), and the value, its bounds and its grade.
GRADES: dict[str, tuple[list[tuple[str, int]], tuple[Any, ...]]] = {
    "exact": ([("10 23:00", 4), ("11 00:00", 5), ("11 01:00", 9)], (5, 5, 5, "exact")),
    # 12 of 18 hours: 10 + 10 * 12 / 18 = 16.67, to the nearest.
    "interpolated": ([("10 12:00", 10), ("11 06:00", 20)], (17, 10, 20, "interpolated")),
    "interpolated between the nearest": (
        [("10 01:00", 0), ("10 12:00", 10), ("11 06:00", 20), ("12 00:00", 90)],
        (17, 10, 20, "interpolated"),
    ),
    # 10 * 12 / 18 = 6.67 less.
    "interpolated where counters fall": (
        [("10 12:00", 20), ("11 06:00", 10)],
        (13, 10, 20, "interpolated"),
    ),
    "late": ([("11 00:00:01", 7), ("12 00:00", 9)], (7, 0, 7, "late")),
    "early": ([("10 06:00", 1), ("10 23:59:59", 4)], (4, 4, None, "early")),
    "at the instant of publication": ([("10 00:00", 4)], (4, 4, None, "early")),
    "none, as every capture is older than the post": (
        [("09 23:59:59", 4)],
        (None, 0, None, "none"),
    ),
    # Of numbers that differ at one instant the smallest counts.
    "two at the window's end": ([("11 00:00", 5), ("11 00:00", 9)], (5, 5, 9, "exact")),
    # Half of the way from the smaller to the smaller: 4 + (13 - 4) / 2 = 8.5, half up.
    "two on both sides": (
        [("10 12:00", 4), ("10 12:00", 6), ("11 12:00", 13), ("11 12:00", 18)],
        (9, 4, 18, "interpolated"),
    ),
    # 4 + (1 - 4) / 2 = 2.5, half up; the bounds are over all four.
    "two falling on both sides": (
        [("10 12:00", 4), ("10 12:00", 6), ("11 12:00", 1), ("11 12:00", 5)],
        (3, 1, 6, "interpolated"),
    ),
    "two, early": ([("10 12:00", 4), ("10 12:00", 6)], (4, 4, None, "early")),
    "two, late": ([("11 12:00", 4), ("11 12:00", 6)], (4, 0, 6, "late")),
}


def july(*seen: tuple[str, Row]) -> list[tuple[Row, list[Row]]]:
    return [delivery(f"2025-07-{at}", row) for at, row in seen]


def test_grades(models: Models) -> None:
    files = [
        delivery(f"2025-07-{at}", record(case, likes))
        for case, (seen, _) in GRADES.items()
        for at, likes in seen
    ]
    assert dict(ask(models, VALUES, *files)) == {case: worth for case, (_, worth) in GRADES.items()}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([("12 00:00", 7)], (7, 0, 7, "late")),
        ([("12 00:00:01", 7)], (None, 0, None, "none")),
        # An observation that is too late is no second end of a line either.
        ([("10 12:00", 3), ("12 00:00:01", 7)], (3, 3, None, "early")),
    ],
)
def test_late_limit_is_inclusive_and_counts_from_the_windows_end(
    models: Models, seen: list[tuple[str, int]], expected: tuple[Any, ...]
) -> None:
    files = july(*((at, record(likes=likes)) for at, likes in seen))
    assert ask(models, VALUE, *files, policies=[policy(late_limit_hours=24)]) == [expected]


def test_without_a_window_the_last_observation_up_to_the_cut_off_decides(models: Models) -> None:
    # The cut-off: 8 August 00:00 in Jakarta is 7 August 17:00 UTC, inclusive.
    seen = {"2025-07-11 00:00": 5, "2025-08-07 17:00": 8, "2025-08-07 17:00:01": 9}
    files = [delivery(at, record(likes=likes)) for at, likes in seen.items()]
    found = ask(models, VALUE, *files, policies=[policy(window_hours=None)])
    assert found == [(8, 8, 8, "exact")]


def test_nothing_captured_after_the_cut_off_is_evidence(models: Models) -> None:
    # Published at 23:00 on 31 July in Jakarta; the window ends a day later, the month at midnight.
    post = {"at": "2025-07-31 16:00"}
    files = [
        delivery("2025-07-31 17:00", record(likes=3, **post)),
        delivery("2025-08-01 16:00", record(likes=9, **post)),
    ]
    found = ask(models, VALUE, *files, policies=[policy(cutoff_days=0)])
    assert found == [(3, 3, None, "early")]


def test_each_component_has_its_own_evidence(models: Models) -> None:
    # At the window's end the comments are blank: 5 likes are exact beside 2 late comments.
    files = july(
        ("11 00:00", record(likes=5, comment_count=None)),
        ("11 01:00", record(likes=7, comment_count=2)),
    )
    assert ask(models, VALUE, *files) == [(7, 5, 7, "late")]


def test_a_component_that_nobody_reports_leaves_the_value_unbounded(models: Models) -> None:
    files = july(("11 00:00", record(likes=5, comment_count=1, share_count=None)))
    sql = """
        select
            value, value_low, value_high, value_likely_low, value_likely_high, grade, is_incomplete,
            component_count, sound_component_count
        from fct_post_month
    """
    assert ask(models, sql, *files) == [(6, 6, None, 6, 6, "exact", True, 3, 2)]


def test_blank_is_not_zero(models: Models) -> None:
    blank = record(likes=None, comment_count=None, share_count=None)
    assert ask(models, VALUE, *july(("11 00:00", blank))) == [(None, 0, None, "none")]
    assert ask(models, VALUE, *july(("11 00:00", record(likes=0)))) == [(0, 0, 0, "exact")]


def test_components_count_by_the_policys_weights(models: Models) -> None:
    # 2 * 3 + 3 * 1 + 0 * 100 + 5 * 1 = 14; the blank that weighs nothing is not missed.
    weights = {"like_weight": 2, "comment_weight": 3, "share_weight": 0, "save_weight": 5}
    counters: Row = {"comment_count": 1, "share_count": None, "save_count": 1}
    files = july(("11 00:00", record(likes=3, **counters)))
    assert ask(models, VALUE, *files, policies=[policy(**weights)]) == [(14, 14, 14, "exact")]


def test_a_platforms_own_weights_replace_the_whole_set(models: Models) -> None:
    # Likes twice and nothing else: the 3 comments and 4 shares don't count here.
    own = policy(engagement_on={"instagram": {"like": 2}, "x": {"share": 9}})
    files = july(("11 00:00", record(likes=5, comment_count=3, share_count=4)))
    assert ask(models, VALUE, *files, policies=[own]) == [(10, 10, 10, "exact")]


def test_where_nothing_weighs_anything_the_value_is_0_for_certain(models: Models) -> None:
    own = policy(engagement_on={"instagram": {}})
    files = july(("12 00:00", record(likes=5)))
    assert ask(models, VALUE, *files, policies=[own]) == [(0, 0, 0, "exact")]


def test_views_impressions_and_reach_never_count(models: Models) -> None:
    seen = record(likes=1, view_count=1000, impression_count=2000, reach_count=500)
    assert ask(models, VALUE, *july(("11 00:00", seen))) == [(1, 1, 1, "exact")]


#: Half of it after 12 hours, and a quarter more after a second day; slow and fast posts beside.
CURVE = [[0, 0, 0, 0], [12, 400, 500, 800], [24, 1000, 1000, 1000], [48, 1100, 1250, 2000]]
LIKELY = """
    select post_id, (value, value_low, value_high, value_likely_low, value_likely_high, grade)
    from fct_post_month
"""
#: Likes at instants of July 2025 (UTC), and the value, its hard and likely bounds and its grade.
GROWN: dict[str, tuple[list[tuple[str, int]], tuple[Any, ...]]] = {
    # At 36 hours a typical post has 1.125 times as much, a slow one 1.5 times, a fast one 1.05.
    "late": ([("11 12:00", 90)], (80, 0, 90, 60, 86, "late")),
    # After the last row nothing grows: 1.25, 2 and 1.1 times.
    "late, after the last row": ([("14 00:00", 100)], (80, 0, 100, 50, 91, "late")),
    # Of the 60 between 12 and 36 hours: 500 / 625, 600 / 650 and 200 / 700 of them.
    "interpolated": (
        [("10 12:00", 40), ("11 12:00", 100)],
        (88, 40, 100, 57, 95, "interpolated"),
    ),
    # A counter that falls: 100 - 60 * 0.8, and so on.
    "interpolated where counters fall": (
        [("10 12:00", 100), ("11 12:00", 40)],
        (52, 40, 100, 45, 83, "interpolated"),
    ),
    # Whoever saw 40 after 12 hours saw less than 41; a slow post has 0.4 of its likes then: 102.5.
    # Of its 0 comments and 0 shares likewise: 2.5 each.
    "early": ([("10 12:00", 40)], (40, 40, None, 40, 109, "early")),
    "early, at publication": ([("10 00:00", 4)], (4, 4, None, 4, None, "early")),
    # It had more before: never below the largest number that was seen.
    "early, fallen": ([("10 06:00", 300), ("10 12:00", 40)], (40, 40, None, 40, 306, "early")),
    "exact": (
        [("10 12:00", 40), ("11 00:00", 70), ("12 00:00", 80)],
        (70, 70, 70, 70, 70, "exact"),
    ),
    # The curve takes the only interaction from nobody: 1 / 1.125 = 0.89.
    "late, of a small post": ([("11 12:00", 1)], (1, 0, 1, 1, 1, "late")),
}


def test_values_along_the_growth_curve(models: Models) -> None:
    growth = dict.fromkeys(("instagram", "facebook", "x", "tiktok", "youtube"), CURVE)
    files = [
        delivery(f"2025-07-{at}", record(case, likes))
        for case, (seen, _) in GROWN.items()
        for at, likes in seen
    ]
    found = dict(ask(models, LIKELY, *files, policies=[policy(growth=growth)]))
    assert found == {case: worth for case, (_, worth) in GROWN.items()}


def test_day_without_a_time_along_the_growth_curve(models: Models) -> None:
    growth = dict.fromkeys(("instagram", "facebook", "x", "tiktok", "youtube"), CURVE)
    files = july(("11 17:00", video("2025-07-10", 90)), ("12 05:00", video("2025-07-10", 99)))
    # 11 July 17:00 UTC is 36 hours after noon of 10 July in Jakarta, and the later edge's end.
    found = ask(models, LIKELY, *files, policies=[policy(growth=growth)])
    assert found == [("P1", (80, 0, 90, 60, 86, "late"))]


#: YouTube on 10 July in Jakarta: the window ends between 10 July 17:00 and 11 July 17:00 UTC, and
#: at 05:00 for a post of noon.
DAYS: dict[str, tuple[list[tuple[str, int]], tuple[Any, ...]]] = {
    "interpolated at noon, bounded at the edges": (
        [("10 17:00", 4), ("11 04:00", 8), ("11 06:00", 10), ("11 17:00", 20)],
        (9, 4, 20, "interpolated"),
    ),
    "never exact": ([("11 05:00", 9)], (9, 0, None, "interpolated")),
    "late, bounded by the later edge": ([("11 17:00", 9)], (9, 0, 9, "late")),
    "late, before the later edge": ([("11 16:59:59", 9)], (9, 0, None, "late")),
    "early, bounded by the earlier edge": ([("10 17:00", 9)], (9, 9, None, "early")),
    "early, after the earlier edge": ([("10 17:00:01", 9)], (9, 0, None, "early")),
    "from the day's first instant": ([("09 17:00", 9)], (9, 9, None, "early")),
    "not before the day": ([("09 16:59:59", 9)], (None, 0, None, "none")),
}


def test_day_without_a_time(models: Models) -> None:
    files = [
        delivery(f"2025-07-{at}", video("2025-07-10", likes, case))
        for case, (seen, _) in DAYS.items()
        for at, likes in seen
    ]
    assert dict(ask(models, VALUES, *files)) == {case: worth for case, (_, worth) in DAYS.items()}


def test_day_without_a_time_on_the_night_the_clock_changes(models: Models) -> None:
    # 2 November has 25 hours in Los Angeles: from 07:00 to 08:00 UTC the next day, noon at 20:00.
    seen = [("03 07:00", 1), ("03 20:00", 5), ("04 07:59:59", 7), ("04 08:00", 8)]
    files = [delivery(f"2025-11-{at}", video("2025-11-02", likes)) for at, likes in seen]
    found = ask(models, VALUE, *files, policies=[policy(time_zone="America/Los_Angeles")])
    assert found == [(5, 1, 8, "interpolated")]


def test_day_without_a_time_is_exact_where_no_window_asks_for_one(models: Models) -> None:
    files = july(("11 05:00", video("2025-07-10", 9)))
    assert ask(models, VALUE, *files, policies=[policy(window_hours=None)]) == [(9, 9, 9, "exact")]


def test_capture_before_publication_is_flagged(models: Models) -> None:
    files = july(("09 23:59:59", record(likes=5)), ("10 00:00", record(likes=6)))
    assert ask(models, FLAGS, *files) == [("capture_before_publication", "instagram:P1")]


def test_a_record_published_after_its_capture_voids_that_capture(models: Models) -> None:
    # P2 was published 15 minutes and a second after the capture, so P1's 9 likes prove nothing.
    void = delivery("2025-07-11 00:00", record(likes=9), record("P2", 1, at="2025-07-11 00:15:01"))
    sound = delivery("2025-07-12 00:00", record(likes=12))
    assert dict(ask(models, VALUES, void, sound)) == {
        "P1": (12, 0, 12, "late"),
        "P2": (None, 0, None, "none"),
    }
    # A post that only such a delivery holds is seen when it was received.
    late = ({**void[0], "received_at": utc("2025-08-07 17:00:01")}, void[1])
    reasons = dict(ask(models, "select post_id, reason from fct_post_month", late, sound))
    assert reasons == {"P1": "counted", "P2": "seen_after_cutoff"}


def test_a_record_published_15_minutes_after_its_capture_voids_nothing(models: Models) -> None:
    file = delivery("2025-07-11 00:00", record(likes=9), record("P2", 1, at="2025-07-11 00:15"))
    assert dict(ask(models, VALUES, file)) == {
        "P1": (9, 9, 9, "exact"),
        "P2": (None, 0, None, "none"),
    }


def test_capture_before_publication_goes_by_the_time_that_holds(models: Models) -> None:
    # One export prints 00:00, another knows that it was 00:10: at 00:05 it was not published.
    printed = {"at": "2025-07-10 00:00", "published_precision": "minute"}
    files = july(
        ("10 00:05", record(likes=3, **printed)),
        ("11 00:10", record(likes=5, at="2025-07-10 00:10")),
    )
    assert ask(models, FLAGS, *files) == [("capture_before_publication", "instagram:P1")]
    assert ask(models, VALUE, *files) == [(5, 5, 5, "exact")]


def test_capture_before_publication_of_a_day_goes_by_the_policys_zone(models: Models) -> None:
    # 10 July begins in Jakarta on 9 July at 17:00 UTC.
    within, before = (july((at, video("2025-07-10", 9))) for at in ("09 17:00", "09 16:59:59"))
    assert ask(models, FLAGS, *within) == []
    assert ask(models, FLAGS, *before) == [("capture_before_publication", "youtube:P1")]


@pytest.mark.parametrize("counter", ["like", "comment", "share", "save"])
def test_falling_counter_is_flagged(models: Models, counter: str) -> None:
    seen = [("11 00:00", 5), ("11 06:00", 9), ("12 00:00", None), ("13 00:00", 8)]
    files = july(*((at, {**record(), f"{counter}_count": count}) for at, count in seen))
    found = ask(models, "select flag, detail from fct_flag", *files)
    assert found == [("counter_fell", f"{counter} 9 to 8; ")]


def test_counters_that_stand_or_differ_at_one_instant_are_not_flagged(models: Models) -> None:
    seen = [("11 00:00", 5), ("11 00:00", 6), ("12 00:00", 6)]
    files = july(*((at, record(likes=likes)) for at, likes in seen))
    assert ask(models, FLAGS, *files) == []


@pytest.mark.parametrize(
    ("printed_at", "flags"),
    [
        ("2025-07-10 02:00:00", []),
        ("2025-07-10 02:00:01", [("printed_time_far_from_id", "instagram:P1")]),
        ("2025-07-09 21:59:59", [("printed_time_far_from_id", "instagram:P1")]),
    ],
)
def test_printed_time_more_than_two_hours_from_the_id_is_flagged(
    models: Models, printed_at: str, flags: list[tuple[str, str]]
) -> None:
    seen = record(printed_at=utc(printed_at), id_at=utc("2025-07-10 00:00"))
    assert ask(models, FLAGS, *july(("11 00:00", seen))) == flags


def test_printed_time_far_from_the_id_is_flagged_in_whichever_export_it_stands(
    models: Models,
) -> None:
    # As TikTok: one kind of export prints a time, the other none; both know the ID's.
    silent = record(id_at=utc("2025-07-10 00:00"))
    printing = record(id_at=utc("2025-07-10 00:00"), printed_at=utc("2025-07-11 00:00"))
    files = july(("11 00:00", silent), ("12 00:00", printing), ("13 00:00", printing))
    assert ask(models, FLAGS, *files) == [("printed_time_far_from_id", "instagram:P1")]


JULY = {"covers_from": day("2025-07-01"), "covers_to": day("2025-07-25")}


@pytest.mark.parametrize(
    ("later", "flags"),
    [
        (JULY, [("post_vanished", "instagram:P1")]),
        ({**JULY, "is_truncated": True}, []),
        ({**JULY, "kind": "stories"}, []),
        # The range is in the exporter's zone, so its edges prove nothing.
        ({**JULY, "covers_from": day("2025-07-10")}, []),
        ({**JULY, "covers_to": day("2025-07-10")}, []),
        ({}, []),
    ],
)
def test_post_that_a_later_export_lacks_is_flagged_and_counts_all_the_same(
    models: Models, later: dict[str, Any], flags: list[tuple[str, str]]
) -> None:
    files = [
        delivery("2025-07-20 00:00", record()),
        delivery("2025-07-26 00:00", record("P2"), **later),
    ]
    assert ask(models, FLAGS, *files) == flags
    assert ask(models, "select distinct is_counted from fct_post_month", *files) == [(True,)]


ID_AT = {"id_at": utc("2025-07-10 00:00")}
#: What flags a post as a whole: its first delivery, and the record and the claims of a later one.
FLAGGED_LATER: dict[str, tuple[tuple[Row, list[Row]], Row, dict[str, Any]]] = {
    "post_vanished": (delivery("2025-07-20 00:00", record()), record("P2"), JULY),
    "account_disputed": (
        delivery("2025-07-20 00:00", record()),
        record(platform_account_id="A2"),
        {},
    ),
    "printed_time_far_from_id": (
        delivery("2025-07-20 00:00", record(**ID_AT)),
        record(printed_at=utc("2025-07-11 00:00"), **ID_AT),
        {},
    ),
    "sender_of_another_office": (
        delivery("2025-07-20 00:00", record()),
        record(likes=1),
        {"office_id": "O2"},
    ),
}


@pytest.mark.parametrize("flag", FLAGGED_LATER)
def test_what_is_captured_after_the_cutoff_flags_no_post(models: Models, flag: str) -> None:
    first, later, claims = FLAGGED_LATER[flag]
    flagged = [(flag, "instagram:P1")]
    found = {
        at: ask(models, FLAGS, first, delivery(at, later, **claims), **offices(2))
        for at in ("2025-08-07 17:00:00", "2025-08-07 17:00:01")
    }
    assert found == {"2025-08-07 17:00:00": flagged, "2025-08-07 17:00:01": []}
    open_ended = policy(cutoff_days=None)
    files = first, delivery("2025-09-01 00:00", later, **claims)
    assert ask(models, FLAGS, *files, policies=[open_ended], **offices(2)) == flagged


def test_a_vanished_post_that_is_seen_again_after_the_cutoff_stays_flagged(models: Models) -> None:
    files = [
        delivery("2025-07-20 00:00", record()),
        delivery("2025-07-26 00:00", record("P2"), **JULY),
        delivery("2025-08-20 00:00", record()),
    ]
    found = ask(models, "select flag, split_part(detail, ';', 1) from fct_flag", *files)
    assert found == [("post_vanished", "last seen 2025-07-20 00:00:00")]


def test_values_are_whole_to_the_last_digit(models: Models) -> None:
    # 12 digits times 86400 of 86401 seconds, a thousand times: more than a double or 64 bits hold.
    files = july(("10 00:00", record(likes=0)), ("11 00:00:01", record(likes=10**12 - 1)))
    found = ask(models, VALUE, *files, policies=[policy(like_weight=1000)])
    # 999,999,999,999 * 86400 / 86401 = 999,988,426,059.42.
    assert found == [(999_988_426_059_000, 0, 999_999_999_999_000, "interpolated")]
