"""Golden cases: whose a post is, in which month, and whether it counts. Each shows one rule."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.parsing.parse import interpret, split
from tests.lakes import (
    KUANTITAS,
    account,
    ask,
    day,
    delivery,
    office,
    offices,
    policy,
    record,
    utc,
    video,
)
from tests.models import Models
from tests.reference import Row

MONTH = "select strftime(month, '%Y-%m') from fct_post_month"
REASON = "select reason from fct_post_month"
ACCOUNT = "select account_id, reason from fct_post_month"
OFFICE = "select post_id, office_id, reason from fct_post_month order by all"
FLAGS = "select flag from fct_flag"
SEEN = "2025-07-20 00:00"


# The month


EXPORT = (
    b"Post ID,Account ID,Account username,Account name,Description,Publish time,Permalink,"
    b"Post type,Date,Likes,Shares,Comments,Saves\n"
    b"178,101,humas,Humas,,07/31/2025 10:30,,IG image,Lifetime,5,0,0,0\n"
)


def test_half_past_midnight_in_jakarta_that_meta_prints_as_the_day_before(models: Models) -> None:
    # 31 July 10:30 in Los Angeles (UTC-7) is 17:30 UTC and 1 August 00:30 in Jakarta (UTC+7).
    (post,) = interpret(split(EXPORT, "0" * 64)).observations.to_dicts()
    assert post["published_at"] == utc("2025-07-31 17:30")
    assert ask(models, MONTH, delivery("2025-08-02 00:00", post)) == [("2025-08",)]


@pytest.mark.parametrize(
    ("zone", "at", "month"),
    [
        ("Asia/Jakarta", "2025-07-31 16:59:59", "2025-07"),
        ("Asia/Jakarta", "2025-07-31 17:00:00", "2025-08"),
        ("Asia/Jayapura", "2025-07-31 15:00:00", "2025-08"),
        # The clock was put back on 2 November, so November ends at 08:00 and not at 07:00 UTC.
        ("America/Los_Angeles", "2025-11-01 06:59:59", "2025-10"),
        ("America/Los_Angeles", "2025-11-01 07:00:00", "2025-11"),
        ("America/Los_Angeles", "2025-12-01 07:59:59", "2025-11"),
        ("America/Los_Angeles", "2025-12-01 08:00:00", "2025-12"),
    ],
)
def test_month_is_that_of_the_policys_zone(models: Models, zone: str, at: str, month: str) -> None:
    files = delivery("2025-12-02 00:00", record(at=at))
    assert ask(models, MONTH, files, policies=[policy(time_zone=zone)]) == [(month,)]


@pytest.mark.parametrize(
    ("published", "is_uncertain"),
    [("2025-07-01", True), ("2025-07-02", False), ("2025-07-30", False), ("2025-07-31", True)],
)
def test_month_of_a_day_without_a_time_is_uncertain_on_its_first_and_last_day(
    models: Models, published: str, is_uncertain: bool
) -> None:
    sql = "select strftime(month, '%Y-%m'), is_month_uncertain from fct_post_month"
    files = delivery("2025-08-01 00:00", video(published))
    assert ask(models, sql, files) == [("2025-07", is_uncertain)]


def test_most_precise_time_holds_then_the_earliest(models: Models) -> None:
    minute: Row = {"published_precision": "minute"}
    files = [
        delivery("2025-08-02 00:00", record(at="2025-07-31 16:00", **minute)),
        delivery("2025-08-03 00:00", record(at="2025-07-31 17:00:20")),
        delivery("2025-08-04 00:00", record(at="2025-07-31 17:00:10")),
    ]
    sql = "select published_at, published_precision from dim_post"
    assert ask(models, sql, *files) == [(utc("2025-07-31 17:00:10"), "second")]
    assert ask(models, MONTH, *files) == [("2025-08",)]


@pytest.mark.parametrize(
    ("seen_at", "cutoff_days", "reason"),
    [
        # Seven days after July in Jakarta: 8 August 00:00, which is 7 August 17:00 UTC.
        ("2025-08-07 17:00:00", 7, "counted"),
        ("2025-08-07 17:00:01", 7, "seen_after_cutoff"),
        ("2025-07-31 17:00:01", 0, "seen_after_cutoff"),
        ("2026-07-31 00:00:00", None, "counted"),
    ],
)
def test_cut_off_is_inclusive_to_the_second(
    models: Models, seen_at: str, cutoff_days: int | None, reason: str
) -> None:
    files = delivery(seen_at, record())
    assert ask(models, REASON, files, policies=[policy(cutoff_days=cutoff_days)]) == [(reason,)]


# Whose post it is

NAMELESS: Row = {"platform_account_id": None}


def test_export_that_names_no_account_is_the_only_one_of_its_sender(models: Models) -> None:
    files = delivery(SEEN, record(**NAMELESS), office_id="O1")
    elsewhere = account("A2", platform="x")
    ended = account("A3", valid_to=day("2025-07-20"))
    found = ask(models, ACCOUNT, files, accounts=[account(), elsewhere, ended])
    assert found == [("A1", "counted")]
    found = ask(models, ACCOUNT, files, accounts=[account(), account("A4")])
    assert found == [(None, "unregistered_account")]


def test_export_that_names_no_account_is_the_deliverys(models: Models) -> None:
    files = delivery(SEEN, record(**NAMELESS), office_id="O1", account_id="A4")
    found = ask(models, ACCOUNT, files, accounts=[account(), account("A4")])
    assert found == [("A4", "counted")]


def test_named_but_unknown_account_is_never_the_senders(models: Models) -> None:
    stranger = record(platform_account_id="999")
    files = delivery(SEEN, stranger, office_id="O1", account_id="A1")
    assert ask(models, ACCOUNT, files) == [(None, "unregistered_account")]


def test_unregistered_account_is_kept_and_listed_and_not_counted(models: Models) -> None:
    files = delivery(SEEN, record("P1"), record("P2", 9, platform_account_id="999"))
    found = ask(models, OFFICE, files)
    assert found == [("P1", "O1", "counted"), ("P2", None, "unregistered_account")]
    listed = "select platform, platform_account_id, post_count from fct_unregistered_account"
    assert ask(models, listed, files) == [("instagram", "999", 1)]
    ranked = "select score, post_count from rank_monthly where category = 'popular'"
    assert ask(models, ranked, files) == [(0, 1)]


def test_identity_names_an_account_at_any_date_and_comes_before_the_handle(models: Models) -> None:
    files = delivery(SEEN, record(account_handle="humas"))
    late = account(valid_from=day("2025-08-01"))
    other = account("A2", "O2", handle="humas")
    found = ask(models, ACCOUNT, files, offices=[office(), office("O2")], accounts=[late, other])
    assert found == [("A1", "account_not_valid")]


def handles() -> list[Row]:
    """A1 was called `lama` until 14 July and is called `baru` since; A2 took the old name over."""
    change = day("2025-07-15")
    return [
        account(handle="lama", valid_to=change),
        account(handle="baru", valid_from=change),
        account("A2", "O2", handle="lama", valid_from=change),
    ]


@pytest.mark.parametrize(
    ("handle", "seen_at", "account_id"),
    [
        ("lama", "2025-07-14 23:59:59", "A1"),
        ("baru", "2025-07-15 00:00:00", "A1"),
        ("lama", "2025-07-15 00:00:00", "A2"),
        ("baru", "2025-07-14 23:59:59", None),
    ],
)
def test_handle_is_that_of_the_utc_day_of_the_export(
    models: Models, handle: str, seen_at: str, account_id: str | None
) -> None:
    files = delivery(seen_at, record(platform_account_id=None, account_handle=handle))
    sql = "select account_id from fct_post_month"
    found = ask(models, sql, files, offices=[office(), office("O2")], accounts=handles())
    assert found == [(account_id,)]


def test_renamed_account_stays_one(models: Models) -> None:
    files = [
        delivery(
            "2025-07-14 00:00", record("P1", 3, platform_account_id=None, account_handle="lama")
        ),
        delivery(
            "2025-07-16 00:00", record("P2", 4, platform_account_id=None, account_handle="baru")
        ),
    ]
    sql = "select account_id, post_count, value from fct_account_month"
    tables = {"offices": [office(), office("O2")], "accounts": handles()}
    assert ask(models, sql, *files, **tables) == [("A1", 2, 7)]


def test_aliases_are_one_account(models: Models) -> None:
    files = delivery(SEEN, record("P1", 3), record("P2", 4, platform_account_id="alias"))
    sql = "select account_id, post_count, value from fct_account_month"
    accounts = [account(), account(platform_account_id="alias")]
    assert ask(models, sql, files, accounts=accounts) == [("A1", 2, 7)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("A1", "A2", ("A1", "counted")),
        ("A2", "A1", ("A2", "counted")),
        # What the registry does not know decides nothing where another row's account is known.
        ("999", "A1", ("A1", "counted")),
    ],
)
def test_where_exports_name_different_accounts_the_earliest_decides_and_it_is_flagged(
    models: Models, first: str, second: str, expected: tuple[str | None, str]
) -> None:
    files = [
        delivery("2025-07-12 00:00", record(platform_account_id=second)),
        delivery("2025-07-11 00:00", record(platform_account_id=first)),
    ]
    assert ask(models, ACCOUNT, *files, **offices(2)) == [expected]
    assert ask(models, FLAGS, *files, **offices(2)) == [("account_disputed",)]


def test_export_that_names_nobody_disputes_nothing(models: Models) -> None:
    files = [delivery("2025-07-11 00:00", record(**NAMELESS)), delivery(SEEN, record())]
    assert ask(models, ACCOUNT, *files) == [("A1", "counted")]
    assert ask(models, FLAGS, *files) == []


# Where it belonged then


def test_account_that_moves_in_mid_month_takes_no_post_along(models: Models) -> None:
    # 15 July begins in Jakarta on 14 July at 17:00 UTC.
    move = day("2025-07-15")
    files = delivery(
        SEEN, record("P1", 5, "2025-07-14 16:59:59"), record("P2", 7, "2025-07-14 17:00:00")
    )
    tables = {
        "offices": [office("O1"), office("O2")],
        "accounts": [account(valid_to=move), account(office_id="O2", valid_from=move)],
    }
    assert ask(models, OFFICE, files, **tables) == [
        ("P1", "O1", "counted"),
        ("P2", "O2", "counted"),
    ]
    ranked = "select office_id, score from rank_monthly where category = 'popular' order by all"
    assert ask(models, ranked, files, **tables) == [("O1", 5), ("O2", 7)]


def test_office_that_changes_its_league_is_a_row_in_each(models: Models) -> None:
    change = day("2025-07-15")
    files = delivery(
        SEEN, record("P1", 5, "2025-07-14 16:59:59"), record("P2", 7, "2025-07-14 17:00:00")
    )
    spans = [office(valid_to=change), office(valid_from=change, league="unit_utama")]
    ranked = "select league, score from rank_monthly where category = 'popular' order by all"
    assert ask(models, ranked, files, offices=spans) == [("kanwil", 5), ("unit_utama", 7)]


@pytest.mark.parametrize("closed", ["offices", "accounts"])
def test_nothing_counts_after_an_office_closed_or_an_account_ended(
    models: Models, closed: str
) -> None:
    end = day("2025-07-15")
    files = delivery(
        SEEN, record("P1", at="2025-07-14 16:59:59"), record("P2", at="2025-07-14 17:00:00")
    )
    tables = {
        "offices": [office(valid_to=end if closed == "offices" else None)],
        "accounts": [account(valid_to=end if closed == "accounts" else None)],
    }
    sql = "select post_id, reason from fct_post_month order by all"
    reason = {"offices": "office_not_valid", "accounts": "account_not_valid"}[closed]
    assert ask(models, sql, files, **tables) == [("P1", "counted"), ("P2", reason)]


def test_closed_office_is_ranked_up_to_its_last_month(models: Models) -> None:
    # It closes on 1 August: its last day is 31 July. A post of O2 brings August about.
    tables = offices(2)
    tables["offices"][0]["valid_to"] = day("2025-08-01")
    files = delivery(
        "2025-08-05 00:00", record("P1"), record("P2", at="2025-08-03", platform_account_id="A2")
    )
    ranked = """
        select strftime(month, '%Y-%m'), office_id from rank_monthly
        where category = 'active' order by all
    """
    expected = [("2025-07", "O1"), ("2025-07", "O2"), ("2025-08", "O2")]
    assert ask(models, ranked, files, **tables) == expected


# What a policy leaves out


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("replies", "reply"),
        ("reposts", "repost"),
        ("stories", "story"),
        ("cross_posts", "cross_post"),
    ],
)
def test_kind_of_post_counts_by_its_key_of_the_policy(
    models: Models, kind: str, reason: str
) -> None:
    # One export says so and the other does not: it holds where any says so.
    files = [delivery(SEEN, {**record(), f"is_{reason}": True}), delivery("2025-07-21", record())]
    key = f"counts_{kind}"
    assert ask(models, REASON, *files, policies=[policy(**{key: True})]) == [("counted",)]
    assert ask(models, REASON, *files, policies=[policy(**{key: False})]) == [(reason,)]


def test_the_ministry_leaves_out_replies_reposts_and_stories_but_not_cross_posts(
    models: Models,
) -> None:
    kinds = ("reply", "repost", "story", "cross_post")
    files = delivery(SEEN, *({**record(kind), f"is_{kind}": True} for kind in kinds))
    sql = "select post_id, is_counted from fct_post_month order by all"
    expected = [("cross_post", True), ("reply", False), ("repost", False), ("story", False)]
    assert ask(models, sql, files) == expected
    assert ask(models, sql, files, policies=[KUANTITAS]) == expected


def test_collaborators_post_counts_for_the_account_that_owns_it(models: Models) -> None:
    files = delivery(SEEN, record(), record("P2", platform_account_id="A2", is_guest=True))
    found = ask(models, OFFICE, files, **offices(2))
    assert found == [("P1", "O1", "counted"), ("P2", "O2", "counted")]


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({"policies": [policy(platforms=["x"])]}, "platform_not_in_policy"),
        ({"offices": [office(league="upt")]}, "league_not_in_policy"),
        # The first reason that applies is the one that is told.
        ({"policies": [policy(platforms=["x"])], "accounts": []}, "unregistered_account"),
    ],
)
def test_platform_and_league_are_the_policys(
    models: Models, tables: dict[str, Any], reason: str
) -> None:
    assert ask(models, REASON, delivery(SEEN, record(is_reply=True)), **tables) == [(reason,)]


# One post, seen often


def test_same_post_in_many_exports_counts_once_and_keeps_every_observation(models: Models) -> None:
    file = (record(likes=5), record("P2", 1))
    files = [
        delivery("2025-07-11 00:00", *file),
        delivery("2025-07-12 00:00", *file),  # the same bytes, captured again
        delivery("2025-07-12 00:00", record(likes=9)),
    ]
    sql = "select post_id, observation_count from dim_post order by all"
    assert ask(models, sql, *files) == [("P1", 3), ("P2", 2)]
    assert ask(models, "select count(*) from fct_engagement", *files) == [(5,)]
    ranked = "select category, score from rank_monthly order by all"
    assert ask(models, ranked, *files) == [("active", 2), ("popular", 6)]


def test_instagram_post_with_and_without_its_shortcode_is_one(models: Models) -> None:
    files = [
        delivery("2025-07-11 00:00", record("178", 5, delivered_post_id="178")),
        delivery("2025-07-12 00:00", record("DLx", 9, delivered_post_id="178")),
    ]
    sql = "select post_id, value, grade from fct_post_month"
    assert ask(models, sql, *files) == [("DLx", 5, "exact")]


def test_same_number_on_two_platforms_is_two_posts(models: Models) -> None:
    files = [
        delivery(SEEN, record("178", delivered_post_id="178")),
        delivery(SEEN, record("9", delivered_post_id="178", platform="facebook")),
        delivery(SEEN, record("178", delivered_post_id="178", platform="x")),
    ]
    sql = "select post_key from dim_post order by all"
    assert ask(models, sql, *files) == [("facebook:9",), ("instagram:178",), ("x:178",)]


def test_quarantined_file_is_not_evidence(models: Models) -> None:
    files = [
        delivery("2025-07-11 00:00", record(likes=5)),
        delivery("2025-07-11 00:00", record(likes=99), status="quarantined", reason="binary"),
    ]
    assert ask(models, "select value from fct_post_month", *files) == [(5,)]
