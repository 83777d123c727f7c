"""Golden cases: ranks, how certain they are, policies side by side, coverage, a month's state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.lakes import (
    KEMENKUM,
    KUANTITAS,
    account,
    ask,
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
from tests.models import Models
from tests.reference import Row

END = "2025-07-11 00:00"  # of the window of a post with the default time of publication


def of(number: int, likes: int, post_id: str = "", **more: Any) -> Row:
    """A record of a post of A1, A2, …"""
    return record(post_id or f"P{number}", likes, platform_account_id=f"A{number}", **more)


def popular(*columns: str) -> str:
    return f"""
        select {", ".join(columns)} from rank_monthly
        where category = 'popular' order by month, league, rank, office_id
    """


# Ranks


def test_ties_share_a_rank_and_an_office_without_data_is_a_row(models: Models) -> None:
    files = [
        delivery(END, of(1, 5), of(2, 9), of(3, 5), of(4, 1)),
        *whole_july("A1", "A2", "A3", "A4", "A5"),
    ]
    sql = popular("rank", "office_id", "score", "post_count", "rank_best", "rank_worst")
    assert ask(models, sql, *files, **offices(5)) == [
        (1, "O2", 9, 1, 1, 1),
        (2, "O1", 5, 1, 2, 2),
        (2, "O3", 5, 1, 2, 2),
        (4, "O4", 1, 1, 4, 4),
        (5, "O5", 0, 0, 5, 5),
    ]


def test_active_counts_posts_whatever_they_are_worth(models: Models) -> None:
    files = [delivery(END, of(1, 99), of(2, 0), of(2, 0, "P3")), *whole_july("A1", "A2")]
    sql = """
        select office_id, rank, score, score_low, score_high from rank_monthly
        where category = 'active' order by all
    """
    assert ask(models, sql, *files, **offices(2)) == [("O1", 2, 1, 1, 1), ("O2", 1, 2, 2, 2)]


def test_bounds_say_how_certain_a_rank_is(models: Models) -> None:
    # O1 late: 0 to 10. O2 exact: 7. O3 early: 3 or more.
    files = [
        delivery("2025-07-12 00:00", of(1, 10)),
        delivery(END, of(2, 7)),
        delivery("2025-07-10 12:00", of(3, 3)),
        *whole_july("A1", "A2", "A3"),
    ]
    sql = popular(
        "office_id", "score", "score_low", "score_high", "rank", "rank_best", "rank_worst"
    )
    assert ask(models, sql, *files, **offices(3)) == [
        # At worst 0: then O2's 7 and whatever O3 has are more.
        ("O1", 10, 0, 10, 1, 1, 3),
        # At most O1 has 10 and O3 anything; at least they have 0 and 3.
        ("O2", 7, 7, 7, 2, 1, 3),
        # Nothing exceeds a score without bound; at worst it is 3.
        ("O3", 3, 3, None, 3, 1, 3),
    ]


def test_an_account_that_is_not_complete_opens_the_bounds(models: Models) -> None:
    # O2 lacks a second account's export: what it holds, nobody knows.
    tables = offices(2)
    tables["accounts"].append(account("A3", "O2", platform="youtube"))
    files = [delivery(END, of(1, 10), of(2, 7)), *whole_july("A1", "A2")]
    sql = """
        select
            category, office_id, score, score_low, score_high, rank_best, rank_worst,
            score_likely_low, score_likely_high, rank_likely_best, rank_likely_worst, is_complete
        from rank_monthly order by all
    """
    assert ask(models, sql, *files, **tables) == [
        ("active", "O1", 1, 1, 1, 1, 2, 1, 1, 1, 1, True),
        ("active", "O2", 1, 1, None, 1, 1, 1, 1, 1, 1, False),
        ("popular", "O1", 10, 10, 10, 1, 2, 10, 10, 1, 1, True),
        ("popular", "O2", 7, 7, None, 1, 2, 7, 7, 2, 2, False),
    ]


#: Two late posts of 200 likes each, 24 hours after the window: each has 160, from 100 to 182.
CURVE = [[0, 0, 0, 0], [24, 1000, 1000, 1000], [48, 1100, 1250, 2000]]


@pytest.mark.parametrize(
    ("correlation", "low", "high"),
    [
        # Each by itself: 320 - ⌊√(60² + 60²)⌋ = 320 - 84 and 320 + ⌊√(22² + 22²)⌋ = 320 + 31.
        (0, 236, 351),
        # ⌊√⌊(90 * 7200 + 10 * 14400) / 100⌋⌋ = 88, ⌊√⌊(90 * 968 + 10 * 1936) / 100⌋⌋ = 32.
        (10, 232, 352),
        # All alike: 120 less and 44 more.
        (100, 200, 364),
    ],
)
def test_likely_score_by_how_alike_posts_err(
    models: Models, correlation: int, low: int, high: int
) -> None:
    growth = dict.fromkeys(("instagram", "facebook", "x", "tiktok", "youtube"), CURVE)
    files = [delivery("2025-07-12 00:00", of(1, 200), of(1, 200, "P2")), *whole_july("A1")]
    own = policy(growth=growth, growth_correlation_percent=correlation)
    sql = popular("score", "score_low", "score_high", "score_likely_low", "score_likely_high")
    assert ask(models, sql, *files, policies=[own]) == [(320, 0, 400, low, high)]


def test_posts_that_were_only_seen_early_err_the_same_way(models: Models) -> None:
    # Seen after 12 hours, half of the window: slow posts have 0.5 by then, (10 + 1) / 0.5 = 22.
    growth = dict.fromkeys(("instagram", "facebook", "x", "tiktok", "youtube"), CURVE)
    files = [delivery("2025-07-10 12:00", of(1, 10), of(1, 10, "P2")), *whole_july("A1")]
    sql = popular("score", "score_low", "score_high", "score_likely_low", "score_likely_high")
    # Comments and shares, of which 0 were seen: (0 + 1) / 0.5 = 2 each. Two posts: 2 * (12 + 4).
    found = ask(models, sql, *files, policies=[policy(growth=growth)])
    assert found == [(20, 20, None, 20, 52)]


def test_bounds_that_do_not_meet_leave_no_doubt(models: Models) -> None:
    files = [
        delivery(END, of(1, 10), of(3, 7)),
        # Between 8 and 9.
        delivery("2025-07-10 23:00", of(2, 8)),
        delivery("2025-07-11 01:00", of(2, 9)),
        *whole_july("A1", "A2", "A3"),
    ]
    sql = popular("office_id", "rank", "rank_best", "rank_worst")
    expected = [("O1", 1, 1, 1), ("O2", 2, 2, 2), ("O3", 3, 3, 3)]
    assert ask(models, sql, *files, **offices(3)) == expected


def test_evidence_is_the_score_by_grade(models: Models) -> None:
    files = [
        delivery("2025-07-10 12:00", of(1, 4, "interpolated"), of(1, 3, "early")),
        delivery(END, of(1, 5, "exact")),
        delivery("2025-07-11 12:00", of(1, 6, "interpolated"), of(1, 9, "late")),
        delivery("2025-07-09 12:00", of(1, 0, "none")),
    ]
    grades = [f"{grade}_score" for grade in ("exact", "interpolated", "late", "early", "none")]
    sql = f"select category, score, {', '.join(grades)} from rank_monthly order by all"
    # Interpolated: half of the way from 4 to 6.
    assert ask(models, sql, *files) == [
        ("active", 5, 1, 1, 1, 1, 1),
        ("popular", 22, 5, 5, 9, 3, 0),
    ]


def test_rank_without_the_best_post_shows_how_far_one_post_carries(models: Models) -> None:
    # O1 has 9 + 2, O2 has 4 + 3, O3 has 2. Without its 9, O1 is behind O2 and level with O3; O2
    # stays before O3 without its 4; O3 has nothing else.
    files = delivery(END, of(1, 9), of(1, 2, "P11"), of(2, 4), of(2, 3, "P22"), of(3, 2))
    sql = popular("office_id", "score", "rank", "rank_without_best_post")
    expected = [("O1", 11, 1, 2), ("O2", 7, 2, 2), ("O3", 2, 3, 3)]
    assert ask(models, sql, files, **offices(3)) == expected


def test_uncertain_month_lowers_only_the_lower_bound_of_active(models: Models) -> None:
    files = delivery(
        "2025-08-01 00:00",
        video("2025-07-01", 1, "P1"),
        video("2025-07-02", 1, "P2"),
        office_id="O1",
    )
    accounts = [account(platform="youtube")]
    sql = "select score, score_low, score_high from rank_monthly where category = 'active'"
    assert ask(models, sql, files, accounts=accounts) == [(2, 1, 2)]


def test_posts_of_the_neighbouring_days_may_be_of_the_month(models: Models) -> None:
    # Known to the day: each edge day's post may lie in the month beside.
    june = [video(f"2025-{at}", 5, at) for at in ("06-29", "06-30")]
    july = [video(f"2025-{at}", 5, at) for at in ("07-02", "07-31", "08-01")]
    files = [
        delivery("2025-07-06 00:00", *june, office_id="O1"),
        delivery("2025-08-03 00:00", *june, *july, office_id="O1"),
    ]
    accounts = [account(platform="youtube")]
    sql = """
        select category, score, score_low, score_high, score_likely_low, score_likely_high
        from rank_monthly where month = date '2025-07-01' order by all
    """
    # Two of July, one of them sure; one more of 30 June and of 1 August each, all of them seen late
    # and so between 0 and 5. 10 - ⌊√⌊(90 * 50 + 10 * 100) / 100⌋⌋ = 3.
    assert ask(models, sql, *files, accounts=accounts) == [
        ("active", 2, 1, 4, 1, 4),
        ("popular", 10, 0, 20, 3, 20),
    ]


def test_a_neighbouring_post_is_judged_by_the_month_that_it_may_be_of(models: Models) -> None:
    # The cut-off of June is 7 July at 17:00, that of July 7 August at 17:00. What August's posts
    # have later is no concern of July, nor is one that was seen later.
    files = [
        delivery(
            "2025-07-07 17:00",
            video("2025-06-20", 1, "own"),
            video("2025-07-01", 2),
            office_id="O1",
        ),
        delivery(
            "2025-08-07 17:00",
            video("2025-07-20", 1, "other"),
            video("2025-08-01", 3, "P2"),
            office_id="O1",
        ),
        delivery(
            "2025-08-20 00:00",
            video("2025-07-01", 5),
            video("2025-08-01", 7, "P2"),
            video("2025-08-01", 9, "P3"),
            office_id="O1",
        ),
    ]
    accounts = [account(platform="youtube", valid_from=day("2025-06-20"))]
    sql = """
        select month(month), category, score, score_likely_high
        from rank_monthly where month < date '2025-08-01' order by all
    """
    assert ask(models, sql, *files, accounts=accounts) == [
        (6, "active", 1, 2),
        (6, "popular", 1, 3),
        (7, "active", 2, 3),
        (7, "popular", 3, 6),
    ]
    sql = """
        select month(month), post_key, value, value_high from int_neighbouring_posts order by all
    """
    assert ask(models, sql, *files, accounts=accounts) == [
        (6, "youtube:P1", 2, 2),
        (7, "youtube:P2", 3, 3),
    ]
    # In its own month it is what it was by that month's cut-off.
    sql = "select post_id, value from fct_post_month where month = date '2025-08-01' order by all"
    assert ask(models, sql, *files, accounts=accounts) == [("P2", 3), ("P3", 9)]


def test_month_without_posts_between_two_others_is_ranked(models: Models) -> None:
    files = [
        delivery(END, of(1, 1)),
        delivery("2025-10-01 00:00", of(1, 1, "P2", at="2025-09-03")),
    ]
    sql = """
        select month(month), score from rank_monthly where category = 'active' order by all
    """
    assert ask(models, sql, *files) == [(7, 1), (8, 0), (9, 1)]


def test_leagues_are_ranked_apart(models: Models) -> None:
    tables = offices(2)
    tables["offices"][1]["league"] = "unit_utama"
    files = delivery(END, of(1, 1), of(2, 9))
    sql = popular("league", "office_id", "rank")
    assert ask(models, sql, files, **tables) == [("kanwil", "O1", 1), ("unit_utama", "O2", 1)]


# Policies side by side


def test_old_and_new_rule_side_by_side(models: Models) -> None:
    # After a day O1 has 10 and O2 has 5; in the end O2 has 50.
    files = [
        delivery(END, of(1, 10), of(2, 5)),
        delivery("2025-08-01 00:00", of(1, 10), of(2, 50)),
    ]
    sql = """
        select policy_id, office_id, rank, official_policy_id, official_rank, rank_gain
        from rank_policy_sensitivity where category = 'popular' order by all
    """
    new, old = KEMENKUM["policy_id"], KUANTITAS["policy_id"]
    assert ask(models, sql, *files, **offices(2), policies=[KEMENKUM, KUANTITAS]) == [
        (new, "O1", 1, new, 1, 0),
        (new, "O2", 2, new, 2, 0),
        (old, "O1", 2, new, 1, -1),
        (old, "O2", 1, new, 2, 1),
    ]


@pytest.mark.parametrize(
    ("at", "official"),
    [
        ("2024-12-10", None),
        ("2025-01-10", KUANTITAS["policy_id"]),
        ("2025-06-10", KUANTITAS["policy_id"]),
        ("2025-07-10", KEMENKUM["policy_id"]),
    ],
)
def test_the_policy_in_force_is_official_and_before_the_first_none_is(
    models: Models, at: str, official: str | None
) -> None:
    sql = """
        select distinct policy_id, policy_id = official_policy_id, is_official
        from rank_policy_sensitivity join rank_monthly using (policy_id, month) order by all
    """
    found = ask(models, sql, delivery("2025-08-01", record(at=at)), policies=[KEMENKUM, KUANTITAS])
    policies = [KEMENKUM["policy_id"], KUANTITAS["policy_id"]]
    expected = [(p, None if official is None else p == official, p == official) for p in policies]
    assert found == expected


def test_ranking_carries_the_policys_hash(models: Models) -> None:
    found = ask(models, "select distinct policy_sha256 from rank_monthly", delivery(END, of(1, 1)))
    assert found == [(KEMENKUM["policy_sha256"],)]


# Coverage of A1 in July: in Jakarta it begins on 30 June and ends on 31 July at 17:00 UTC.

JULY = {"covers_from": day("2025-07-01"), "covers_to": day("2025-07-31")}
AFTER = "2025-08-01 00:00"
REJECTED = {"status": "rejected", "record_count": 1, "rejected_count": 1}
COVERAGE: dict[str, tuple[str, tuple[str, list[Row], dict[str, Any]] | None]] = {
    "the whole month": ("complete", ("2025-07-31 17:00", [record()], JULY)),
    "a second too early": ("partial", ("2025-07-31 16:59:59", [record()], JULY)),
    "truncated": ("missing", (AFTER, [record()], {**JULY, "is_truncated": True})),
    "videos only": ("missing", (AFTER, [record()], {**JULY, "covers_posts": False})),
    "no posts but days of the account": (
        "missing",
        (AFTER, [], {**JULY, "account_id": "A1", "holds": "account_days", "covers_posts": False}),
    ),
    "from the second day": (
        "partial",
        (AFTER, [record()], {**JULY, "covers_from": day("2025-07-02")}),
    ),
    "up to the last day but one": (
        "partial",
        (AFTER, [record()], {**JULY, "covers_to": day("2025-07-30")}),
    ),
    "no range": ("partial", (AFTER, [record()], {})),
    "an older record shows where it starts": (
        "complete",
        (AFTER, [record(at="2025-06-30 16:59:59")], {}),
    ),
    "from the day of its oldest record": (
        "complete",
        (AFTER, [record(at="2025-06-30 17:00:00")], {}),
    ),
    "another month": (
        "missing",
        (AFTER, [record()], {"covers_from": day("2025-06-01"), "covers_to": day("2025-06-30")}),
    ),
    "up to the first day": (
        "partial",
        (AFTER, [record()], {"covers_from": day("2025-06-01"), "covers_to": day("2025-07-01")}),
    ),
    "from the last day": ("partial", (AFTER, [record()], {"covers_from": day("2025-07-31")})),
    "captured before the month": ("missing", ("2025-06-30 17:00", [record()], {})),
    "at the cut-off": ("complete", ("2025-08-07 17:00:00", [record()], JULY)),
    "after the cut-off": ("missing", ("2025-08-07 17:00:01", [record()], JULY)),
    "empty export of the account, a true zero": (
        "complete",
        (AFTER, [], {**JULY, "account_id": "A1"}),
    ),
    "empty export of the sender with one account": (
        "complete",
        (AFTER, [], {**JULY, "office_id": "O1"}),
    ),
    "empty export of nobody": ("missing", (AFTER, [], JULY)),
    "export whose every record is rejected": (
        "missing",
        (AFTER, [], {**JULY, **REJECTED, "office_id": "O1"}),
    ),
    "export of the account whose every record is rejected": (
        "missing",
        (AFTER, [], {**JULY, **REJECTED, "account_id": "A1"}),
    ),
    "quarantined": ("missing", (AFTER, [record()], {**JULY, "status": "quarantined"})),
    "a guest's post in another's export": ("missing", (AFTER, [record(is_guest=True)], JULY)),
    "another platform": ("missing", (AFTER, [record(platform="x")], JULY)),
    "nothing": ("missing", None),
}


@pytest.mark.parametrize("case", COVERAGE)
def test_coverage(models: Models, case: str) -> None:
    state, told = COVERAGE[case]
    files = [delivery(END, of(2, 1))]  # so that July is ranked
    if told:
        captured_at, records, more = told
        files.append(delivery(captured_at, *records, **more))
    sql = """
        select state from fct_coverage where account_id = 'A1' and month = date '2025-07-01'
    """
    assert ask(models, sql, *files, **offices(2)) == [(state,)]


def reject_of(file: tuple[Row, list[Row]], **known: Any) -> Row:
    """A rejected record of a file, and what it tells of its post."""
    return {
        "sha256": file[0]["sha256"],
        "record_number": 1,
        "rule": "post_id|nullability",
        "detail": "",
        "platform": "instagram",
        "post_id": None,
        "published_at": None,
        "published_date": None,
        **known,
    }


def test_export_that_was_captured_before_it_begins_covers_nothing(models: Models) -> None:
    # Nor does it matter what its rejected record may have been.
    whole = delivery(AFTER, record(), **JULY)
    backward = delivery(
        "2025-07-10 12:00", account_id="A1", covers_from=day("2025-07-20"), **REJECTED
    )
    rejected = replace(lake(whole, backward), rejects=[reject_of(backward)])
    with models.build(rejected) as warehouse:
        assert warehouse.execute("select state from fct_coverage").fetchall() == [("complete",)]


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({}, "partial"),
        ({"published_date": day("2025-07-02")}, "partial"),
        ({"post_id": "P1"}, "complete"),
        ({"published_date": day("2025-06-02")}, "complete"),
    ],
)
def test_records_of_an_export_that_is_rejected_whole_may_be_posts_of_its_account(
    models: Models, known: dict[str, Any], state: str
) -> None:
    whole = delivery(AFTER, record("P1"), **JULY)
    lost = delivery("2025-08-02", account_id="A1", **JULY, **REJECTED)
    rejected = replace(lake(whole, lost), rejects=[reject_of(lost, **known)])
    with models.build(rejected) as warehouse:
        assert warehouse.execute("select state from fct_coverage").fetchall() == [(state,)]
        # It is no export of the account that anybody could wait for.
        exports = warehouse.execute("select captured_at from fct_delivery_account").fetchall()
        assert exports == [(utc(AFTER),)]


def test_what_an_export_that_is_rejected_whole_says_of_other_months_is_no_proof(
    models: Models,
) -> None:
    other = delivery(END, of(2, 1))  # so that July is ranked
    lost = delivery(AFTER, account_id="A1", **JULY, **REJECTED)
    reject = reject_of(lost, published_date=day("2025-06-02"))
    rejected = replace(lake(other, lost, **offices(2)), rejects=[reject])
    sql = "select state from fct_coverage where account_id = 'A1' and month = date '2025-07-01'"
    with models.build(rejected) as warehouse:
        assert warehouse.execute(sql).fetchall() == [("missing",)]


@pytest.mark.parametrize(
    ("published", "state"), [("2025-07-01", "complete"), ("2025-07-02", "partial")]
)
def test_older_record_of_a_day_without_a_time_shows_where_an_export_starts(
    models: Models, published: str, state: str
) -> None:
    files = delivery(AFTER, video(published), video("2025-07-03", post_id="P2"), office_id="O1")
    accounts = [account(platform="youtube")]
    sql = "select state from fct_coverage where month = date '2025-07-01'"
    assert ask(models, sql, files, accounts=accounts) == [(state,)]


def test_accounts_of_an_office_are_counted_by_coverage(models: Models) -> None:
    tables = offices(3)
    for row in tables["accounts"]:
        row["office_id"] = "O1"
    files = [delivery(AFTER, of(1, 1), **JULY), delivery(END, of(2, 1))]
    states = ("complete", "partial", "missing")
    sql = popular("office_id", *(f"{state}_account_count" for state in states))
    assert ask(models, sql, *files, **tables) == [
        ("O1", 1, 1, 1),
        ("O2", 0, 0, 0),
        ("O3", 0, 0, 0),
    ]


# A month's state


def test_month_state_names_what_is_missing(models: Models) -> None:
    # Complete 1 of 3 accounts: 33 percent. Of 7 posts' likes, comments and shares those of 3 posts
    # are exact or interpolated: 42 percent.
    files = [
        delivery("2025-07-10 12:00", of(1, 2, "interpolated")),
        delivery(END, of(1, 1), of(2, 0)),
        delivery(
            AFTER,
            of(1, 2, "interpolated"),
            *(of(1, 4, f"late {number}") for number in range(4)),
            **JULY,
        ),
    ]
    sql = "select coverage_percent, evidence_percent, is_complete, state from rank_month_state"
    assert ask(models, sql, *files, **offices(3)) == [
        (
            33,
            42,
            False,
            "coverage 33 of 100 percent: A2 partial, A3 missing;"
            " evidence 42 of 50 percent of the components",
        )
    ]


def test_month_state_is_complete_where_the_policys_minimum_is_reached(models: Models) -> None:
    # Complete 1 of 2 accounts: 50 percent. One of two posts is exact: 50 percent.
    files = [delivery(END, of(1, 4)), delivery(AFTER, of(1, 4), of(1, 4, "late"), **JULY)]
    sql = "select is_complete, state from rank_month_state"
    reached = policy(minimum_coverage_percent=50)
    assert ask(models, sql, *files, **offices(2), policies=[reached]) == [(True, "complete")]
    for minimum in ({"minimum_coverage_percent": 51}, {"minimum_evidence_percent": 51}):
        found = ask(models, sql, *files, **offices(2), policies=[{**reached, **minimum}])
        assert [is_complete for is_complete, _ in found] == [False]


def test_month_state_does_not_ask_for_accounts_outside_the_policys_leagues(models: Models) -> None:
    tables = offices(2)
    tables["offices"][1] = office("O2", league="upt")
    files = delivery(AFTER, of(1, 4), **JULY)
    sql = "select account_count, coverage_percent from rank_month_state"
    assert ask(models, sql, files, **tables) == [(1, 100)]


def test_month_state_of_nothing_lacks_nothing(models: Models) -> None:
    # No account is on the policy's platforms, so there is no score either.
    sql = "select account_count, coverage_percent, evidence_percent, state from rank_month_state"
    found = ask(models, sql, delivery(END, of(1, 4)), policies=[policy(platforms=["x"])])
    assert found == [(0, 100, 100, "complete")]
