"""From comments in the inbox to the workbook, with the command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from ingest import batches, pipeline
from ingest.home import Home
from ingest.schemas import Comment
from orchestration.publication import finished_state
from tests.conftest import Kurasi

TEXT = "Kapan buka?"
SAMPLE = ("opinion", "sample", "-m", "2025-08", "--seed", "1 2 3", "--per-office", "5")


@pytest.fixture
def commented(home: Home) -> Home:
    """A home in which each TikTok post of August has two comments, and one post is unknown."""
    posts = (
        finished_state.table(home, "fct_post_month")
        .filter(pl.col("month") == date(2025, 8, 1), pl.col("office_id").is_not_null())
        .filter(platform="tiktok")
        .select("post_id", "post_key", "office_id")
        .unique()
        .sort("post_id")
        .collect()
    )
    items = [
        {
            "videoWebUrl": f"https://www.tiktok.com/@kanwil/video/{post_id}",
            "cid": f"{post_id}{number}",
            "uniqueId": "rahasia",
            "text": TEXT,
            "diggCount": 0,
        }
        for post_id in [*posts["post_id"], "7533299687164477449"]
        for number in range(2)
    ]
    (home.inbox / "komentar.json").write_text(json.dumps(items))
    pipeline.ingest(home)
    # What a build makes of them; `tests/dbt/test_opinion.py` shows the rules.
    state = batches.scan(home.lake / "comments", Comment).join(
        posts.lazy(), on="post_id", how="left"
    )
    state.with_columns(
        comment_key=pl.format("tiktok:{}", "comment_id"),
        month=pl.lit(date(2025, 8, 1)),
        has_text=pl.lit(value=True),
        is_answered=pl.lit(None, dtype=pl.Boolean),
    ).drop("text").collect().write_parquet(home.warehouse / "current" / "int_comments.parquet")
    return home


def test_comments_are_drawn_once_and_written_into_a_workbook(
    commented: Home, kurasi: Kurasi, tmp_path: Path
) -> None:
    book = tmp_path / "opini.xlsx"
    drawn = kurasi(commented.root, "--json", *SAMPLE, "--out", str(book))
    assert drawn.code == 0, drawn.err
    assert drawn.json["comments_without_post"] == 2
    assert drawn.json["offices"]
    for row in drawn.json["offices"]:
        assert row["sampled_count"] == min(5, row["comment_count"])
    sheet = openpyxl.load_workbook(book)["Label"]
    assert sheet.max_row - 1 == drawn.json["drawn"]
    assert {row[3] for row in sheet.iter_rows(min_row=2, values_only=True)} == {TEXT}

    again = kurasi(commented.root, *SAMPLE, "--out", str(tmp_path / "again.xlsx"))
    assert again.code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()
    other = kurasi(commented.root, *SAMPLE[:-1], "6", "--out", str(tmp_path / "other.xlsx"))
    assert other.code == 2
    assert "was drawn with --seed 1 2 3 --per-office 5" in other.err
    shown = kurasi(commented.root, "opinion", "show", "-m", "2025-08")
    assert shown.code == 2
    assert "kurasi run takes in what was drawn" in shown.err
