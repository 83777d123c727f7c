"""Golden cases: whose comment it is, which label holds, and when figures may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import dataframely as dy
import polars as pl
import pytest

from ingest.schemas import (
    Comment,
    OpinionDraw,
    OpinionInterval,
    OpinionLabel,
    OpinionOffice,
)
from tests.lakes import delivery, lake, record, utc
from tests.models import Models
from tests.reference import Row

JULY = date(2025, 7, 1)
COMMENTS = {"holds": "comments", "covers_posts": False, "kind": "comments", "platform": None}
LABELS = {**COMMENTS, "holds": "labels", "kind": "opinion_labels"}
#: Pairs of labels of two readers; kappa worked out by hand, 0.7980 and 0.4.
ALIKE = {("p", "p"): 25, ("p", "n"): 3, ("n", "p"): 2, ("n", "n"): 20}
UNLIKE = {("p", "p"): 20, ("p", "n"): 5, ("n", "p"): 10, ("n", "n"): 15}
WORDS = {"p": "positive", "n": "negative"}


def build(
    models: Models,
    sql: str,
    *deliveries: tuple[Row, list[Row]],
    **tables: tuple[type[dy.Schema], Sequence[Row]],
) -> list[Any]:
    """What the warehouse answers where a post P1 and these deliveries and tables are."""
    posts = delivery("2025-07-11", record(delivered_post_id="17900"))
    folder = models.write(lake(posts, *((told, []) for told, _ in deliveries)))
    for name, (schema, rows) in tables.items():
        path = folder / (f"{name}/some.parquet" if name in ("comments", "labels") else name)
        frame = pl.DataFrame(list(rows), schema=schema.create_empty().schema)
        schema.validate(frame).write_parquet(path.with_suffix(".parquet"))
    with models.run() as database:
        return database.execute(sql).fetchall()


def received(at: str, kind: Mapping[str, Any], *rows: Row) -> tuple[Row, list[Row]]:
    """A delivery of comments or labels, and its rows."""
    told, numbered = delivery(at, *({"platform": "instagram", **row} for row in rows), **kind)
    return told, numbered


def comment(comment_id: str, text: str | None = "Kapan?", **more: Any) -> Row:
    return {
        "platform": "instagram",
        "source": "instagram_api_comments",
        "comment_id": comment_id,
        "post_id": "P1",
        "published_at": utc("2025-07-12"),
        "text": text,
        "like_count": 0,
        "parent_comment_id": None,
        "is_by_account": False,
        **more,
    }


def test_a_comment_is_of_its_posts_office_and_month_and_answered_in_its_thread(
    models: Models,
) -> None:
    first = received(
        "2025-07-13",
        COMMENTS,
        comment("1"),
        comment("2", post_id="17900", is_by_account=None),
        comment("3", text=" "),
        comment("4", post_id="elsewhere"),
    )
    later = utc("2025-07-13")
    second = received(
        "2025-07-14",
        COMMENTS,
        comment("1", text="Kapan buka?", like_count=5, is_by_account=None),
        comment("5", parent_comment_id="1", published_at=later, is_by_account=True),
        comment("6", parent_comment_id="1", published_at=utc("2025-07-14")),
    )
    rows = [*first[1], *second[1]]
    found = build(
        models,
        "select comment_id, post_key, month, office_id, has_text, like_count, is_by_account, "
        "is_answered from int_comments order by comment_id",
        first,
        second,
        comments=(Comment, rows),
    )
    post = ("instagram:P1", JULY, "O1")
    assert found == [
        ("1", *post, True, 5, False, True),
        ("2", *post, True, 0, None, None),
        ("3", *post, False, 0, False, False),
        ("4", None, None, None, True, 0, False, False),
        ("5", *post, True, 0, True, True),
        # The account wrote before it, not after.
        ("6", *post, True, 0, False, False),
    ]


def test_no_table_of_the_warehouse_holds_what_the_public_wrote(models: Models) -> None:
    told, rows = received("2025-07-13", COMMENTS, comment("1", text="rahasia"))
    columns = build(
        models,
        "select table_name, column_name from information_schema.columns "
        "where column_name = 'text' or column_name like '%comment_text%'",
        (told, rows),
        comments=(Comment, rows),
    )
    assert columns == []


def drawn(pairs: Mapping[tuple[str, str], int]) -> tuple[list[Row], list[Row]]:
    """A sample of fifty comments, all read twice, and their labels."""
    each = [pair for pair, count in pairs.items() for _ in range(count)]
    codes = [f"{number:016x}" for number in range(len(each))]
    draws = [{"month": JULY, "code": code, "office_id": "O1", "is_twice": True} for code in codes]
    labels = [
        {"code": code, "reading": reading, "label": WORDS[label]}
        for code, pair in zip(codes, each, strict=True)
        for reading, label in zip(("first", "second"), pair, strict=True)
    ]
    return draws, labels


def figures(models: Models, draws: list[Row], *deliveries: tuple[Row, list[Row]]) -> list[Any]:
    """Label, counts, interval, kappa and whether they may be told, of labels that somebody gave."""
    office = {"month": JULY, "office_id": "O1", "comment_count": 400, "sampled_count": len(draws)}
    interval = {"comment_count": 400, "sampled_count": len(draws)}
    intervals = [
        {**interval, "label_count": n, "low_count": n, "high_count": 400 - 50 + n}
        for n in range(len(draws) + 1)
    ]
    return build(
        models,
        "select label, comment_count, labelled_count, label_count, low_count, high_count, "
        "kappa_ratio, is_publishable from fct_opinion_month order by label_count desc, label",
        *deliveries,
        labels=(OpinionLabel, [row for _, rows in deliveries for row in rows]),
        opinion_offices=(OpinionOffice, [office]),
        opinion_draws=(OpinionDraw, draws),
        opinion_intervals=(OpinionInterval, intervals),
    )


def test_figures_are_told_with_intervals_where_two_readers_agree(models: Models) -> None:
    draws, labels = drawn(ALIKE)
    rows = figures(models, draws, received("2025-08-20", LABELS, *labels))
    kappa = Decimal("0.7980")
    assert rows[:2] == [
        ("positive", 400, 50, 28, 28, 378, kappa, True),
        ("negative", 400, 50, 22, 22, 372, kappa, True),
    ]
    assert rows[2:] == [
        (label, 400, 50, 0, 0, 350, kappa, True)
        for label in ("neutral", "not_about_office", "question_or_complaint")
    ]


def test_nothing_is_told_where_two_readers_agree_too_little(models: Models) -> None:
    draws, labels = drawn(UNLIKE)
    rows = figures(models, draws, received("2025-08-20", LABELS, *labels))
    assert {row[1:] for row in rows} == {(400, 50, None, None, None, Decimal("0.4"), False)}


@pytest.mark.parametrize("missing", ["first", "second"])
def test_nothing_is_told_before_all_that_was_drawn_is_labelled(
    models: Models, missing: str
) -> None:
    draws, labels = drawn(ALIKE)
    place = next(n for n, row in enumerate(labels) if row["reading"] == missing)
    labels[place]["label"] = None
    rows = figures(models, draws, received("2025-08-20", LABELS, *labels))
    assert {row[-1] for row in rows} == {False}
    assert {row[2] for row in rows} == {49 if missing == "first" else 50}


def test_the_last_label_holds_and_labels_of_nobody_drawn_say_nothing(models: Models) -> None:
    draws, labels = drawn(ALIKE)
    wrong = [{**row, "label": "neutral"} for row in labels]
    stray = {"code": "f" * 16, "reading": "first", "label": "neutral"}
    rows = figures(
        models,
        draws,
        received("2025-08-21", LABELS, *labels, stray),
        received("2025-08-20", LABELS, *wrong),
    )
    assert [row[:4] for row in rows[:2]] == [("positive", 400, 50, 28), ("negative", 400, 50, 22)]
