"""The reports for BI say what the newest editions say, each thing once, and explain themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from ingest.home import Home
from orchestration.publication import dictionary, labels
from orchestration.publication.bulletin.beside_words import LABELS
from orchestration.publication.editions import Edition
from orchestration.publication.newest import refresh
from orchestration.publication.reports import OWN_COLUMNS, REPORTS, reports
from orchestration.publication.wording import places_gained, short_name

JULY, AUGUST, SEPTEMBER = (date(2025, month, 1) for month in (7, 8, 9))


@pytest.fixture(scope="module")
def current(edition: Edition) -> dict[str, pl.DataFrame]:
    """The tables of `published/current` after one publication, in which exports are missing."""
    folder = refresh(Home(edition.path.parents[2]))
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def test_a_report_of_posts_counts_what_ranks(current: dict[str, pl.DataFrame]) -> None:
    posts = current["rpt_post"]
    ranking = current["rank_monthly"].filter("is_official")
    for category, told in {
        "active": pl.len().cast(pl.Int64),
        "popular": pl.col("value").sum(),
    }.items():
        summed = posts.group_by("office_id").agg(score=told)
        ranked = ranking.filter(pl.col("post_count") > 0, category=category)
        expected = ranked.select("office_id", "score")
        assert summed.sort("office_id").equals(expected.sort("office_id"))
    assert posts.height < current["obt_post_month"].height
    assert posts["post_key"].is_unique().all()
    for grade, indonesian, english in posts.select("^grade.*$").unique().iter_rows():
        assert labels.GRADES[grade] == labels.Words(indonesian, english)


def test_a_report_has_names_beside_codes(current: dict[str, pl.DataFrame]) -> None:
    ranking = current["rpt_ranking"]
    official = current["rank_monthly"].filter("is_official")
    same = ["league", "category", "office_id", "rank", "rank_likely_worst", "rank_worst", "score"]
    assert ranking.select(same).sort(same).equals(official.select(same).sort(same))
    names = dict(current["dim_office"].select("office_id", "office_name").iter_rows())
    for row in ranking.iter_rows(named=True):
        name = names[row["office_id"]]
        assert (row["office_name"], row["office_short_name"]) == (name, short_name(name))
        assert row["category_name"] == labels.CATEGORIES[row["category"]].indonesian
        assert row["league_name"] == labels.LEAGUES[row["league"]].indonesian
        complete = labels.COMPLETE if row["is_complete"] else labels.INCOMPLETE
        assert row["completeness_name"] == complete.indonesian
        assert row["edition_id"] == "2025-08-provisional-1"
        assert row["status_name"] == labels.STATUSES["provisional"].indonesian
        assert row["status_name_en"] == "provisional"
        assert row["category_name_en"] == labels.CATEGORIES[row["category"]].english
        assert row["league_name_en"] == labels.LEAGUES[row["league"]].english
        assert row["completeness_name_en"] == ("complete" if row["is_complete"] else "incomplete")
        parts = [row[f"{grade}_percent"] for grade in labels.GRADES]
        assert parts == [None] * 5 if row["score"] == 0 else 96 <= sum(parts) <= 100


def test_an_office_month_has_both_rankings(current: dict[str, pl.DataFrame]) -> None:
    ranking = current["rank_monthly"].filter("is_official")
    keys = ["month", "league", "office_id"]
    expected = ranking.filter(category="active").select(*keys, "score", "rank")
    popular = ranking.filter(category="popular").select(*keys, "score", "rank")
    both = expected.join(popular, on=keys, suffix="_popular").sort("office_id").rows()
    told = current["rpt_office_month"].sort("office_id")
    columns = [*keys, "post_count", "active_rank", "interaction_score", "popular_rank"]
    assert told.select(columns).rows() == both


def test_a_report_of_coverage_names_the_account_without_exports(
    current: dict[str, pl.DataFrame],
) -> None:
    coverage = current["rpt_coverage"]
    missing = coverage.filter(state="missing")
    assert missing.select("platform", "platform_name", "state_name", "state_name_en").rows() == [
        ("tiktok", "TikTok", labels.STATES["missing"].indonesian, "no data")
    ]
    states = current["fct_coverage"].filter(policy_id="kemenkum-2025-07")
    told = coverage.select("account_id", "state").unique().sort("account_id")
    assert told.equals(states.select("account_id", "state").sort("account_id"))
    # An account that moved is of both offices.
    assert coverage.height == states.height + 1
    by_office = coverage.group_by("office_id").agg(
        (pl.col("state") == state).sum().alias(f"{state}_account_count") for state in labels.STATES
    )
    counts = current["fct_office_coverage"].filter(policy_id="kemenkum-2025-07")
    expected = counts.select(by_office.columns)
    assert by_office.sort("office_id").rows() == expected.sort("office_id").rows()


def test_everything_in_a_set_is_explained(edition: Edition) -> None:
    folder = refresh(Home(edition.path.parents[2]))
    with duckdb.connect(str(folder / "kurasi.duckdb"), read_only=True) as base:
        unexplained = base.execute(
            "with told as (select table_name, '' as column_name, comment from duckdb_tables() "
            "where not internal union all select table_name, column_name, comment "
            "from duckdb_columns() where not internal) "
            "select table_name, column_name from told where comment is null"
        ).fetchall()
    assert unexplained == []


def test_reports_have_the_columns_of_their_models_and_explain_them(edition: Edition) -> None:
    folder = refresh(Home(edition.path.parents[2]))
    with duckdb.connect(str(folder / "kurasi.duckdb"), read_only=True) as base:
        for name in REPORTS:
            rows = base.execute(
                "select column_name, lower(data_type), comment from duckdb_columns() "
                "where table_name = ? order by column_index",
                [name],
            ).fetchall()
            described = [(column, "varchar", meaning) for column, meaning in OWN_COLUMNS.items()]
            for column in dictionary.tables()[name]["columns"]:
                meaning = dictionary.meanings()[name][column["name"]]
                described.append((column["name"], column["data_type"], meaning))
            twins = [row for row in rows if row[0].endswith("_name_en")]
            named = [(f"{row[0]}_en", "varchar") for row in rows if row[0] in _NAMES]
            assert [(column, type_) for column, type_, _ in twins] == named
            assert [row for row in rows if row not in twins] == described, name
            told = {column: meaning for column, _, meaning in rows}
            assert _told_in_parquet(folder / f"{name}.parquet") == told


#: The names of codes; offices and platforms are called alike in both languages.
_NAMES = (
    "status_name",
    "league_name",
    "category_name",
    "completeness_name",
    "grade_name",
    "state_name",
    "label_name",
)


def _told_in_parquet(path: Path) -> dict[str, str]:
    schema = pq.read_schema(path)
    return {field.name: field.metadata[b"description"].decode() for field in schema}


def _rank(month: date, office: str, rank: int, likely: tuple[int, int], **changed: Any) -> Any:
    """A row of an edition that has no more than this."""
    row = {
        "edition_id": f"{month:%Y-%m}-final-1",
        "month": month,
        "policy_id": "p",
        "policy_sha256": "file",
        "is_official": True,
        "league": "kanwil",
        "category": "popular",
        "office_id": office,
        "rank": rank,
        "rank_likely_best": likely[0],
        "rank_likely_worst": likely[1],
        "is_complete": True,
    }
    return {**row, **changed}


def test_only_a_certain_move_is_told() -> None:
    of_july = [
        _rank(JULY, "risen", 4, (4, 5)),
        _rank(JULY, "fallen", 1, (1, 1)),
        _rank(JULY, "unsure", 3, (2, 3)),
        _rank(JULY, "incomplete", 5, (5, 5), is_complete=False),
        _rank(JULY, "same", 2, (2, 2)),
    ]
    of_august = [
        _rank(AUGUST, "risen", 1, (1, 2)),
        _rank(AUGUST, "fallen", 5, (4, 5)),
        _rank(AUGUST, "unsure", 2, (2, 3)),
        _rank(AUGUST, "incomplete", 1, (1, 1)),
        _rank(AUGUST, "same", 2, (2, 2)),
        _rank(AUGUST, "new", 6, (6, 6)),
    ]
    of_september = [_rank(SEPTEMBER, "risen", 6, (6, 6), policy_sha256="other file")]
    editions = [f"{month:%Y-%m}-final-1" for month in (JULY, AUGUST, SEPTEMBER)]
    tables = {
        "rank_monthly": pl.DataFrame([*of_july, *of_august, *of_september]),
        "dim_policy": pl.DataFrame({"edition_id": editions, "policy_id": ["p"] * 3}),
    }
    newest = {name[:7]: _edition(name) for name in editions}
    told = reports(newest, tables)["rpt_ranking"]
    moves = {
        (row["month"], row["office_id"]): (row["previous_rank"], row["places_gained_count"])
        for row in told.iter_rows(named=True)
    }
    moves_of_july = [told for (month, _), told in moves.items() if month == JULY]
    assert moves_of_july == [(None, None)] * len(of_july)
    later = {place: told for place, told in moves.items() if place[0] != JULY}
    assert later == {
        (AUGUST, "risen"): (4, 3),
        (AUGUST, "fallen"): (1, -4),
        (AUGUST, "unsure"): (3, None),
        (AUGUST, "incomplete"): (5, None),
        (AUGUST, "same"): (2, 0),
        (AUGUST, "new"): (None, None),
        (SEPTEMBER, "risen"): (None, None),
    }
    before = {row["office_id"]: row for row in of_july}
    for row in of_august[:4]:  # as the terminal tells it
        gained = moves[AUGUST, row["office_id"]][1]
        assert gained == places_gained(row, before[row["office_id"]])


def _edition(edition_id: str) -> Edition:
    return Edition(edition_id, edition_id[:7], "final", 1, "", "", "", Path(), 3)


def test_opinion_is_told_where_it_may_be() -> None:
    edition = _edition("2025-08-final-1")
    rows = [
        {"edition_id": edition.edition_id, "month": AUGUST, "office_id": office, "label": label}
        | {"comment_count": 9, "is_publishable": office == "agreed"}
        for office in ("agreed", "disputed")
        for label in LABELS
        if label in _TONES
    ]
    tables = {"fct_opinion_month": pl.DataFrame(rows)}
    told = reports({"2025-08": edition}, tables)["rpt_opinion"]
    assert set(told["office_id"]) == {"agreed"}
    named = {label: names for label, *names in told.select("^label(_name.*)?$").iter_rows()}
    assert named == {label: list(LABELS[label]) for label in _TONES}


def test_every_league_is_named() -> None:
    edition = _edition("2025-08-final-1")
    leagues = [*labels.LEAGUES, "other"]
    tables = {
        "rank_monthly": pl.DataFrame(
            [_rank(AUGUST, "office", 1, (1, 1), league=league) for league in leagues]
        ),
        "dim_policy": pl.DataFrame({"edition_id": [edition.edition_id], "policy_id": ["p"]}),
    }
    told = reports({"2025-08": edition}, tables)["rpt_ranking"]
    assert set(told.select("league", "league_name", "league_name_en").iter_rows()) == {
        ("kanwil", "Kantor Wilayah", "Regional offices"),
        ("unit_utama", "Unit Utama", "Central units"),
        ("upt", "Unit Pelaksana Teknis", "Technical units"),
        ("other", "other", "other"),
    }


_TONES = ("positive", "neutral", "negative", "question_or_complaint", "not_about_office")
