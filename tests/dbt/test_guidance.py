"""Guidance says what is proven, by known methods, and abstains from what only rides on it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Any

import polars as pl
import pytest
from scipy import stats

from tests.guidance import POLICY, Guidance, guidance
from tests.lakes import account, ask, delivery, lake, office, offices, policy, record
from tests.models import Models

Row = Mapping[str, Any]
EDITION = date(2025, 8, 1)
MONTHS = [date(2025, month, 1) for month in range(3, 9)]
#: What is compared, and in which column of the posts it stands.
FEATURES = {
    "kind": "post_kind",
    "hour_band": "hour_band",
    "weekend": "is_weekend",
    "caption_length": "caption_length_band",
    "hashtag": "has_hashtag",
    "question": "has_question",
}


@pytest.fixture(scope="module")
def august(models: Models) -> Guidance:
    return guidance(models, EDITION)


def post(rng: random.Random, office_id: str, **more: Any) -> dict[str, Any]:
    """A post of which everything is drawn that is not given."""
    return {
        "policy_id": POLICY,
        "month": rng.choice(MONTHS),
        "platform": "instagram",
        "office_id": office_id,
        "post_kind": rng.choice(["image", "reel", "carousel"]),
        "hour_band": rng.choice(["06-10", "10-14", "18-24"]),
        "is_weekend": rng.random() < 0.3,
        "caption_length_band": rng.choice(["0-99", "100-299", "300+"]),
        "has_hashtag": rng.random() < 0.5,
        "has_question": rng.random() < 0.1,
        "window_value": 1,
        "window_ratio": ratio(rng),
        "last_ratio": None,
        **more,
    }


def ratio(rng: random.Random, times: float = 1) -> float:
    """Values over their median, of heavy tails; some are 0 and many alike."""
    return round(times * rng.lognormvariate(0, 1), rng.choice([0, 1, 4]))


def says(august: Guidance, posts: Sequence[Row]) -> list[Row]:
    rows = pl.DataFrame(posts, infer_schema_length=None)
    ratios = pl.col("window_ratio", "last_ratio").cast(pl.Decimal(18, 4))
    return august.says(rows.with_columns(ratios)).rows(named=True)


def by_hand(posts: Sequence[Row], ratio_of: str = "window_ratio") -> Iterator[dict[str, Any]]:
    """All statements on one platform, from what the decision record says."""
    kinds = sorted({each["post_kind"] for each in posts})
    for feature, column in FEATURES.items():
        for kind in [None] if feature == "kind" else kinds:
            among = [
                each
                for each in posts
                if kind in (None, each["post_kind"]) and each[ratio_of] not in (None, 1)
            ]
            levels = sorted({each[column] for each in among})
            for level in levels[-1:] if len(levels) == 2 else levels:
                yield from statement(among, feature, kind, level, ratio_of)


def statement(
    among: Sequence[Row], feature: str, kind: str | None, level: Any, ratio_of: str
) -> Iterator[dict[str, Any]]:
    sides = {each["office_id"]: ([], []) for each in among}
    for each in among:
        sides[each["office_id"]][each[FEATURES[feature]] != level].append(float(each[ratio_of]))
    both = [(at, rest) for at, rest in sides.values() if min(len(at), len(rest)) >= 2]
    posts_at, posts_beside = (sum(len(pair[side]) for pair in both) for side in (0, 1))
    if min(posts_at, posts_beside) < 30 or len(both) < 8:
        return
    medians = [(middle(at), middle(rest)) for at, rest in both]
    ratios = sorted(quotient(at, rest) for at, rest in medians)
    higher = sum(at > rest for at, rest in medians)
    lower = sum(at < rest for at, rest in medians)
    outside = max(n for n in range(len(both)) if stats.binom.cdf(n, len(both), 0.5) <= 0.025)
    yield {
        "feature": feature,
        "post_kind": kind,
        "level": {True: "yes", False: "no"}.get(level, level),
        "post_count": posts_at,
        "rest_post_count": posts_beside,
        "office_count": len(both),
        "ratio": middle(ratios),
        "ratio_low": ratios[outside],
        "ratio_high": ratios[-1 - outside],
        "higher_office_count": higher,
        "lower_office_count": lower,
        "p_value": stats.binomtest(higher, higher + lower).pvalue,
    }


def middle(numbers: Iterable[float]) -> float:
    """The median, of an even number the geometric mean of the middle two."""
    row = sorted(numbers)
    return sqrt(row[(len(row) - 1) // 2] * row[len(row) // 2])


def quotient(at: float, rest: float) -> float:
    if at == rest:
        return 1
    return min(1000, at / rest) if rest else 1000


@pytest.mark.parametrize("office_count", [8, 15, 41])
def test_every_statement_is_what_scipy_and_a_pencil_make_of_the_posts(
    august: Guidance, office_count: int
) -> None:
    rng = random.Random(office_count)
    posts = [post(rng, f"O{n % office_count}") for n in range(60 * office_count)]
    for each in posts:
        if each["post_kind"] == "reel":
            each["window_ratio"] = ratio(rng, 2)
    told = says(august, posts)
    known = {(row["feature"], row["post_kind"], row["level"]): row for row in by_hand(posts)}
    assert {(row["feature"], row["post_kind"], row["level"]) for row in told} == set(known)
    q_values = stats.false_discovery_control([float(row["p_value"]) for row in told])
    for row, q_value in zip(told, q_values, strict=True):
        expected = known[row["feature"], row["post_kind"], row["level"]]
        for name in ("ratio", "ratio_low", "ratio_high"):
            assert float(row[name]) == pytest.approx(expected[name], abs=0.0051), (row, name)
        assert float(row["p_value"]) == pytest.approx(expected["p_value"], abs=1e-6)
        assert float(row["q_value"]) == pytest.approx(q_value, abs=1e-6)
        for name in expected.keys() - {"ratio", "ratio_low", "ratio_high", "p_value"}:
            assert row[name] == expected[name], (row, name)
        is_one_sided = row["ratio_low"] > 1 or row["ratio_high"] < 1
        assert row["is_proven"] == (row["q_value"] <= Decimal("0.1") and is_one_sided)
    assert any(row["is_proven"] for row in told)


def test_of_fewer_than_eight_offices_nothing_is_said(august: Guidance) -> None:
    rng = random.Random(1)
    assert says(august, [post(rng, f"O{n % 7}") for n in range(7 * 60)]) == []


def test_a_platform_is_told_on_one_basis_and_on_the_window_where_half_of_its_posts_have_it(
    august: Guidance,
) -> None:
    rng = random.Random(1)

    def measured(platform: str, known_at_24_hours: int) -> list[Row]:
        """Of four posts so many are known at 24 hours, and all as last counted."""
        rows = [post(rng, f"O{n % 9}", platform=platform) for n in range(720)]
        for number, row in enumerate(rows):
            row["last_ratio"] = ratio(rng)
            if number // 9 % 4 >= known_at_24_hours:
                row["window_value"] = row["window_ratio"] = None
        return rows

    half, quarter = measured("facebook", 2), measured("instagram", 1)
    told = says(august, half + quarter)
    assert {(row["platform"], row["basis"]) for row in told} == {
        ("facebook", "window"),
        ("instagram", "last"),
    }
    counts = {
        (row["platform"], row["feature"], row["post_kind"], row["level"]): row["post_count"]
        for row in told
    }
    for platform, posts, column in (
        ("facebook", half, "window_ratio"),
        ("instagram", quarter, "last_ratio"),
    ):
        for row in by_hand(posts, column):
            key = (platform, row["feature"], row["post_kind"], row["level"])
            assert counts.pop(key) == row["post_count"]
    assert counts == {}


def test_what_rides_on_the_kind_is_not_told(august: Guidance) -> None:
    """Reels have four times as much, and are shown in the evening with hashtags; neither does
    anything by itself."""
    rng = random.Random(2)
    posts = []
    for number, _ in itertools.product(range(33), range(80)):
        is_reel = rng.random() < 0.5
        is_usual = rng.random() < 0.9
        posts.append(
            post(
                rng,
                f"O{number}",
                post_kind="reel" if is_reel else "image",
                hour_band="18-24" if is_reel == is_usual else "06-10",
                has_hashtag=is_reel == is_usual,
                window_ratio=ratio(rng, 4 if is_reel else 1),
            )
        )
    proven = [row for row in says(august, posts) if row["is_proven"]]
    assert [(row["feature"], row["level"]) for row in proven] == [("kind", "reel")]
    assert proven[0]["ratio_low"] < 4 < proven[0]["ratio_high"]


def test_hours_and_weekends_are_the_offices_own(models: Models) -> None:
    """Half past ten in the evening in London on a Friday in July is Saturday further east: early
    in Jakarta, morning in Jayapura. An office without a zone lives by the policy's."""
    rows = ask(
        models,
        "select office_id, hour_band, is_weekend from fct_post_baseline order by office_id, month",
        delivery(
            "2025-07-13",
            record("P1", at="2025-07-11 22:30"),
            record("P2", at="2025-07-11 22:30", platform_account_id="A2"),
            record("P3", at="2025-07-11 16:59", platform_account_id="A2"),
            record("P4", at="2025-07-11 22:30", platform_account_id="A3"),
        ),
        offices=[
            office("O1", time_zone="Asia/Jayapura"),
            office("O2"),
            office("O3", time_zone="Asia/Jakarta"),
        ],
        accounts=[account(f"A{number}", f"O{number}") for number in (1, 2, 3)],
    )
    assert sorted(rows) == [
        ("O1", "06-10", True),
        ("O2", "00-06", True),
        ("O2", "18-24", False),
        ("O3", "00-06", True),
    ]


def test_a_post_is_worth_its_value_over_its_accounts_median_on_each_basis(models: Models) -> None:
    """Five posts at 24 hours and as last counted; one more is told too early for either, and one
    is of the next month where the policy counts, but not in UTC."""
    posted = "2025-07-10 00:00"
    first = [record(f"P{likes}", likes, posted) for likes in (2, 4, 6, 8, 40)]
    later = [record(f"P{likes}", 2 * likes, posted) for likes in (2, 4, 6, 8, 40)]
    rows = ask(
        models,
        "select post_key, window_value, window_ratio, last_value, last_ratio, window_post_count, "
        "last_median from fct_post_baseline order by window_value nulls last",
        delivery("2025-07-11 00:00", *first),
        delivery("2025-07-17 00:00", *later, record("P9", 5, "2025-07-16 20:00")),
        delivery("2025-08-02 00:00", record("Q1", 5, "2025-07-31 18:00")),
    )
    ratios = ["0.3333", "0.6667", "1.0000", "1.3333", "6.6667"]
    assert rows == [
        *(
            (f"instagram:P{n}", n, Decimal(part), 2 * n, Decimal(part), 5, Decimal("12.0"))
            for n, part in zip((2, 4, 6, 8, 40), ratios, strict=True)
        ),
        ("instagram:P9", None, None, None, None, 5, Decimal("12.0")),
    ]


def test_a_post_is_valued_by_the_rule_of_every_edition_that_looks_at_it(models: Models) -> None:
    """A policy from December on looks back at July, and not at June; one that ended before June
    looks at neither."""
    rows = ask(
        models,
        "select policy_id, month from fct_post_baseline order by all",
        delivery("2025-06-12", record("J", at="2025-06-10")),
        delivery("2025-07-12", record("P1")),
        policies=[
            policy(policy_id="old", effective_from=date(2025, 1, 1), effective_to=date(2025, 6, 1)),
            policy(policy_id="now", effective_from=date(2025, 6, 1), effective_to=None),
            policy(policy_id="next", effective_from=date(2025, 12, 1), effective_to=None),
        ],
    )
    assert rows == [
        ("next", date(2025, 7, 1)),
        ("now", date(2025, 6, 1)),
        ("now", date(2025, 7, 1)),
    ]


def test_an_edition_is_built_anew_with_the_months_that_it_looks_back_at(models: Models) -> None:
    def export(month: int, factor: int) -> tuple[Any, list[Any]]:
        """Reels of eight offices with so many times as much as images."""
        records = [
            record(
                f"{month}-{account_number}-{number}",
                (10 + number) * (factor if number % 2 else 1),
                f"2025-{month:02}-{number + 1:02} 00:00",
                platform_account_id=f"A{account_number}",
                post_type="IG reel" if number % 2 else "IG image",
                post_kind="reel" if number % 2 else "image",
            )
            for account_number in range(1, 9)
            for number in range(10)
        ]
        return delivery(f"2025-{month + 1:02}-05", *records)

    eight = offices(8)
    ever = [policy(window_hours=None, growth=None, late_limit_hours=None, effective_from=MONTHS[0])]
    before, after = (
        lake(export(3, factor), export(5, 2), policies=ever, **eight) for factor in (1, 9)
    )
    told = (
        "select month, first_month, post_count, ratio from agg_guidance "
        "where feature = 'kind' order by all"
    )
    models.write(before)
    with models.run() as warehouse:
        first = warehouse.execute(told).fetchall()
        assert [row[:3] for row in first] == [
            (MONTHS[0], MONTHS[0], 40),
            (MONTHS[2], MONTHS[0], 80),
        ]
        models.write(after)
        models.update(warehouse)
        second = warehouse.execute(told).fetchall()
        with models.run() as full:
            assert second == full.execute(told).fetchall()
        assert [a[3] < b[3] for a, b in zip(first, second, strict=True)] == [True, True]
