"""A rank as people are told it: its ranges, its month, what is missing, what it is made of."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from ingest.home import Home
from orchestration.cli import tables
from orchestration.cli.explanation_page import explanation_page
from orchestration.publication import explanation, finished_state, queries
from orchestration.publication.wording import places_gained, publication
from tests.lakes import delivery, lake, policy, record
from tests.models import Models
from tests.orchestration.test_checks import built

NAMES = {
    "O1": "Kantor Wilayah Kementerian Hukum Kepulauan Bangka Belitung",
    "O2": "Direktorat Jenderal Administrasi [Hukum] Umum dan Perundang-undangan",
}
STATES = {
    "kemenkum-2025-07": {
        "account_count": 128,
        "complete_account_count": 117,
        "coverage_percent": 91,
        "evidence_percent": 9,
    }
}
#: What the interface promises of a row and of a post.
ROW = {
    "month",
    "policy_id",
    "league",
    "category",
    "rank",
    "rank_best",
    "rank_worst",
    "rank_likely_best",
    "rank_likely_worst",
    "office_id",
    "score",
    "score_low",
    "score_high",
    "score_likely_low",
    "score_likely_high",
    "is_complete",
    "post_count",
    "coverage",
    "evidence",
}
POST = {
    "platform",
    "post_id",
    "permalink",
    "published_at",
    "counted",
    "reason",
    "value",
    "value_low",
    "value_high",
    "value_likely_low",
    "value_likely_high",
    "grade",
    "is_incomplete",
    "components",
    "observations",
}


def row(office_id: str, **more: Any) -> dict[str, Any]:
    """A row of a ranking as `queries.rank` gives it."""
    return {
        "month": "2025-08",
        "policy_id": "kemenkum-2025-07",
        "league": "kanwil",
        "category": "popular",
        "office_id": office_id,
        "rank": 1,
        "rank_best": 1,
        "rank_worst": 33,
        "rank_likely_best": 1,
        "rank_likely_worst": 4,
        "score": 1234567,
        "post_count": 345,
        "is_complete": True,
        **more,
    }


@pytest.mark.parametrize("width", [80, 120])
def test_a_ranking_fits_the_terminal_and_tells_likely_before_possible(width: int) -> None:
    rows = [
        row("O1"),
        row("O2", rank=2, rank_likely_best=2, rank_likely_worst=2, is_complete=False),
    ]
    console = Console(width=width, record=True, file=io.StringIO())
    for part in tables.rankings(rows, NAMES, STATES, None):
        console.print(part, soft_wrap=isinstance(part, str))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= width
    assert lines[0] == "Akun Terpopuler (interactions) · kanwil · 2025-08 · not published"
    assert lines[1].endswith("complete exports of 117 of 128 accounts (91 %) · evidence 9 %")
    first, second = (line for line in lines if "1,234,567" in line)
    assert first.split()[-8:] == ["1,234,567", "1", "to", "4", "1", "to", "33", "345"]
    assert "*" not in first
    assert second.split()[-7:] == ["*", "1,234,567", "2", "1", "to", "33", "345"]
    # Names are whole, and brackets in them are no markup.
    assert "[Hukum]" in " ".join(lines)
    meanings = {line.split()[0] for line in lines[lines.index(second) :] if line[:1].strip()}
    assert {"likely", "possible", "*", "evidence"} <= meanings


@pytest.mark.parametrize(
    ("now", "before", "places"),
    [
        ((1, 2, True), (5, 9, True), 4),
        ((5, 9, True), (1, 4, True), -4),
        ((1, 4, True), (4, 9, True), None),
        ((3, 3, True), (1, 9, True), None),
        ((1, 2, False), (5, 9, True), None),
        ((1, 2, True), (5, 9, False), None),
    ],
)
def test_only_likely_ranks_that_do_not_overlap_have_moved(
    now: tuple[int, int, bool], before: tuple[int, int, bool], places: int | None
) -> None:
    later, earlier = (
        row("O1", rank=best, rank_likely_best=best, rank_likely_worst=worst, is_complete=complete)
        for best, worst, complete in (now, before)
    )
    assert places_gained(later, earlier) == places


@pytest.fixture
def home(models: Models, tmp_path: Path) -> Home:
    """One post: likes seen at the window's end (and few views), shares a day later, saves never."""
    likes = record("P1", 5, share_count=None, comment_count=None, view_count=1)
    shares = record("P1", None, share_count=7, comment_count=None)
    rule = policy(comment_weight=0, share_weight=2, save_weight=1, late_limit_hours=None)
    world = lake(
        delivery("2025-07-11 00:00", likes), delivery("2025-07-12 00:00", shares), policies=[rule]
    )
    home = built(models, world, tmp_path)
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    return home


def test_explain_tells_which_component_was_late(home: Home) -> None:
    found = explanation.explain(home, "2025-07", "O1", "popular")
    assert found.keys() >= ROW
    (post,) = found["posts"]
    assert post.keys() >= POST
    names = ("component", "weight", "grade", "value", "value_low", "value_high")
    assert [tuple(each[name] for name in names) for each in post["components"]] == [
        ("likes", 1, "exact", 5, 5, 5),
        ("shares", 2, "late", 7, 0, 7),
        ("saves", 1, "none", None, 0, None),
    ]
    assert (post["value"], post["value_low"], post["value_high"]) == (19, 5, None)
    assert (post["grade"], post["is_incomplete"]) == ("late", True)
    state = queries.month_states(home, "2025-07")[found["policy_id"]]
    rule = queries.policy(home, found["policy_id"])
    page = "\n".join(explanation_page(found, rule, "Satu", state, None))
    assert "likes 5 exact, shares 7 × 2 late, saves never seen" in page
    assert "Rank 1*[/], likely 1, possible 1" in page
    (flag,) = post["flags"]
    assert (flag["flag"], flag["size"]) == ("interactions_above_views", 4)
    assert "4 interactions more than views in one capture; without the post: rank 1" in page


def test_the_state_is_that_of_the_newest_edition(home: Home) -> None:
    assert publication(queries.newest_edition(home, "2025-07")) == "not published"
    ranks = finished_state.table(home, "rank_monthly").collect()
    folder = home.published / "2025-07" / "2025-07-final-1"
    (folder / "tables").mkdir(parents=True)
    # As an edition of an earlier version holds them.
    ranks.drop("is_complete").write_parquet(folder / "tables" / "rank_monthly.parquet")
    told = {
        "edition_id": folder.name,
        "month": "2025-07",
        "status": "final",
        "number": 1,
        "content_sha256": "",
    }
    manifest = json.dumps(told).encode()
    (folder / "manifest.json").write_bytes(manifest)
    sealed = {"published_at": "", "manifest_sha256": hashlib.sha256(manifest).hexdigest()}
    (folder / "run.json").write_text(json.dumps(sealed))
    assert publication(queries.newest_edition(home, "2025-07")) == "final (2025-07-final-1)"
    changed = ranks.with_columns(pl.col("score") + 1)
    changed.write_parquet(folder / "tables" / "rank_monthly.parquet")
    assert (
        publication(queries.newest_edition(home, "2025-07"))
        == "final (2025-07-final-1), changed since"
    )
