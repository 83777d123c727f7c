"""Golden cases: what stands out in a post, how much, and its office's rank without it.

Nothing of it decides what counts. The sizes are worked out by hand.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.lakes import account, ask, day, delivery, lake, office, offices, policy, record, utc
from tests.models import Models
from tests.reference import Row

SIZES = "select post_key, flag, cast(size as varchar) from fct_post_flag order by all"
MINUTE = timedelta(minutes=1)
TEXT = "Tahukah kamu? Layanan apostille kini daring."
CURVE = [(0, 0, 0, 0), (24, 1000, 1000, 1000), (48, 1200, 1300, 1500)]


def series(number: int, values: list[int]) -> list[Row]:
    """Posts of A1, A2, …, a minute after each other, with these likes."""
    begin = utc("2025-07-10 00:00")
    return [
        record(
            f"{number}-{n:03}", likes, platform_account_id=f"A{number}", at=str(begin + n * MINUTE)
        )
        for n, likes in enumerate(values)
    ]


def test_a_post_far_above_its_own_accounts_last_hundred_stands_out(models: Models) -> None:
    usual, mixed = [9] * 100, [0, 99] * 5
    accounts = {
        # Alike, so a unit is 0.5: ln(75 / 10) / 0.5 = 4.03. What lies before the last hundred is
        # forgotten, else the median were that.
        1: [*[2] * 150, *usual, 74],
        2: [*usual, 73],  # ln(74 / 10) / 0.5 = 4.00
        3: [*[9] * 9, 1000],  # nine tell nothing
        # The median is ln(100) / 2 = 2.303 and so is the deviation: (16.118 - 2.303) / (1.4826 *
        # 2.303) = 4.05.
        4: [*mixed, 9_999_999],
        5: [*mixed, 6_999_999],  # (15.761 - 2.303) / 3.414 = 3.94
    }
    rows = [row for number, values in accounts.items() for row in series(number, values)]
    files = [delivery("2025-07-11 00:00", *rows), delivery("2025-07-12 00:00", *rows)]
    assert ask(models, SIZES, *files, **offices(5)) == [
        ("instagram:1-250", "outstanding", "4.03"),
        ("instagram:4-010", "outstanding", "4.05"),
    ]


def test_a_late_file_of_an_earlier_month_changes_what_stands_out_after_it(models: Models) -> None:
    july = delivery("2025-07-12 00:00", *series(1, [*[9] * 10, 1000]))
    begin = utc("2025-06-20 00:00")
    june = delivery(
        "2025-06-25 00:00",
        *(record(f"J{n}", 1000, at=str(begin + n * MINUTE)) for n in range(10)),
    )
    models.write(lake(july, **offices(1)))
    with models.run() as warehouse:
        found = warehouse.execute(SIZES).fetchall()
        assert found == [("instagram:1-010", "outstanding", "9.21")]
        # Beside ten as high the usual lies between: (6.909 - 4.606) / (1.4826 * 2.303) = 0.67.
        models.write(lake(june, july, **offices(1)))
        models.update(warehouse)
        rebuilt = "select cast(post_month as varchar) from int_months where is_rebuilt"
        assert warehouse.execute(rebuilt).fetchall() == [("2025-06-01",)]
        assert warehouse.execute(SIZES).fetchall() == []


def test_posts_seen_early_only_tell_nothing_of_what_is_usual(models: Models) -> None:
    rows = series(1, [*[9] * 10, 1000])
    early = delivery("2025-07-10 12:00", *rows)
    assert ask(models, SIZES, early) == []
    # ln(1001 / 10) / 0.5 = 9.21; the post itself may be seen early.
    found = ask(models, SIZES, early, delivery("2025-07-12 00:00", *rows[:10]))
    assert found == [("instagram:1-010", "outstanding", "9.21")]


def test_what_one_observation_or_two_contradict_is_told_up_to_the_cut_off(models: Models) -> None:
    files = [
        delivery(
            "2025-07-12 00:00",
            record("views", 5, comment_count=1, view_count=3, reach_count=6),
            record("reach", 5, save_count=2, view_count=7, reach_count=4),
            record("shown", 5, view_count=3, impression_count=5),
            record("fell", 8, comment_count=3),
            record("later", 8, view_count=9),
        ),
        # From 8 to 6, a quarter; from 3 to 2, a third.
        delivery("2025-07-13 00:00", record("fell", 6, comment_count=2)),
        # The cut-off is on 7 August, 17:00 UTC.
        delivery("2025-08-07 17:00:01", record("later", 4, view_count=0)),
    ]
    assert ask(models, SIZES, *files) == [
        ("instagram:fell", "counter_fell", "33.33"),
        ("instagram:reach", "interactions_above_reach", "3.00"),
        ("instagram:views", "interactions_above_views", "3.00"),
    ]


def test_the_same_text_again_within_a_day_or_after_a_post_vanished(models: Models) -> None:
    again = TEXT.upper().replace(" ", "\n ")
    seen = delivery(
        "2025-07-20 00:00",
        record("first", text=TEXT, at="2025-07-10 00:00"),
        record("day", text=again, at="2025-07-11 00:00"),
        record("more", text=TEXT, at="2025-07-12 00:00:01"),
        record("short", text="Selamat pagi", at="2025-07-10 00:00"),
        record("short too", text="Selamat pagi", at="2025-07-10 01:00"),
        record("gone", text=f"{TEXT} Simak!", at="2025-07-10 00:00"),
        record("beside", text=f"{TEXT} Simak!", at="2025-07-15 00:00"),
        record("other", text=TEXT, at="2025-07-10 01:00", platform_account_id="A2"),
    )
    # All but `gone`, and one of its text that was published after it was seen last.
    later = delivery(
        "2025-07-26 00:00",
        record("new", text=f"{TEXT} Simak!", at="2025-07-21 12:00"),
        *[row for row in seen[1] if row["post_id"] != "gone"],
        covers_from=day("2025-07-01"),
        covers_to=day("2025-07-25"),
    )
    assert ask(models, SIZES, seen, later, **offices(2)) == [
        ("instagram:day", "same_text_within_day", "24.00"),
        ("instagram:gone", "post_vanished", None),
        ("instagram:new", "same_text_after_vanishing", "276.00"),
    ]


@pytest.mark.parametrize(
    ("seen_at", "likes", "last", "found"),
    [
        # At most (99 + 1) * 1.5 = 150 two days after publication.
        ("2025-07-11 00:00", 99, 300, []),
        ("2025-07-11 00:00", 99, 303, [("instagram:P1", "late_burst", "2.02")]),
        # Half a day old, a slow post has half of what it has at the window's end.
        ("2025-07-10 12:00", 49, 303, [("instagram:P1", "late_burst", "2.02")]),
        # Seen after the window's end alone, nobody knows when it grew.
        ("2025-07-11 00:01", 1, 303, []),
    ],
)
def test_growth_after_the_window_beyond_the_curve_is_a_late_burst(
    models: Models, seen_at: str, likes: int, last: int, found: list[Row]
) -> None:
    growth = dict.fromkeys(("instagram", "facebook", "x", "tiktok", "youtube"), CURVE)
    files = [
        delivery(seen_at, record(likes=likes)),
        delivery("2025-07-12 00:00", record(likes=last)),
    ]
    assert ask(models, SIZES, *files, policies=[policy(growth=growth)]) == found


def test_the_rank_without_a_flagged_post_is_as_if_it_never_was(models: Models) -> None:
    files = delivery(
        "2025-07-11 00:00",
        record("P1", 6, view_count=1),
        record("P2", 4),
        record("P3", 8, platform_account_id="A2"),
        record("P4", 4, platform_account_id="A3"),
        record("P5", 99, platform_account_id="A4"),
    )
    accounts = [account(f"A{n}", f"O{n}") for n in range(1, 5)]
    kantor = [office("O1"), office("O2"), office("O3"), office("O4", league="unit_utama")]
    sql = "select category, flag, rank, rank_without from agg_flag_effect order by all"
    # Popular: 10 before 8 and 4; without it 4, behind 8 and level with 4.
    assert ask(models, sql, files, offices=kantor, accounts=accounts) == [
        ("active", "interactions_above_views", 1, 1),
        ("popular", "interactions_above_views", 1, 2),
    ]
