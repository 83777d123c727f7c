"""Three sample months from exports to editions, with the command as a user runs it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import polars as pl
import pytest

from ingest.sample import (
    Counters,
    Post,
    World,
    make_world,
    story,
    write_correction,
    write_policies,
    write_world,
)
from tests.conftest import Call, Kurasi
from tests.orchestration import truth

pytestmark = pytest.mark.xdist_group("sample")
MONTHS = ("2025-07", "2025-08", "2025-09")


@dataclass(frozen=True)
class Run:
    world: World
    home: Path
    first: Call


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, kurasi: Kurasi) -> Run:
    home = tmp_path_factory.mktemp("sample") / "home"
    world = make_world(seed=20)
    write_world(world, home)
    write_policies(home)
    assert kurasi(home, "init").code == 0
    return Run(world, home, kurasi(home, "run", "--json"))


@pytest.fixture(scope="module")
def official(run: Run, kurasi: Kurasi) -> dict[str, list[dict[str, Any]]]:
    """Each month's rankings under the policy in force."""
    return {month: kurasi(run.home, "rank", "--month", month, "--json").json for month in MONTHS}


def test_every_record_is_accounted_for(run: Run, kurasi: Kurasi) -> None:
    counts = run.first.json
    assert run.first.code == 1, run.first.err  # for a file is quarantined
    assert counts["quarantined"] == len(run.world.other_files) == 1
    assert counts["records"] == counts["loaded"] + counts["rejected"] + counts["set_aside"]
    days = sum(len(file.export.days) for file in run.world.day_files)
    assert counts["loaded"] == days + sum(len(export.told) for export in run.world.exports)
    assert counts["rejected"] == sum(len(export.unread) for export in run.world.exports) == 1
    ledger = kurasi(run.home, "deliveries", "--json").json
    assert len(ledger) == counts["deliveries"]
    assert sum(row["records"] or 0 for row in ledger) == counts["records"]
    (quarantined,) = [row for row in ledger if row["status"] != "loaded"]
    assert quarantined["name"] == Path(run.world.other_files[0].path).name


def test_a_counter_that_nobody_can_read_is_withheld_and_its_record_counts(run: Run) -> None:
    (spoilt,) = [
        (export, cell)
        for export in run.world.exports
        for cell in export.spoilt
        if cell.field in Counters._fields
    ]
    export, cell = spoilt
    (row,) = (
        pl.read_parquet(run.home / "warehouse" / "current" / "fct_engagement.parquet")
        .filter(pl.col("captured_at") == export.captured_at)
        .filter(pl.col("post_key") == f"{cell.post.platform}:{cell.post.post_id}")
        .to_dicts()
    )
    assert row["like_count"] is None
    assert row["comment_count"] == cell.post.counters_at(export.captured_at).comments
    (line,) = [line for line in run.first.err.splitlines() if "withheld" in line]
    assert line.startswith("warning: 1 counter of new records can't be read")
    assert line.endswith("kurasi rejects")


@pytest.mark.parametrize("policy", list(truth.WINDOWS))
@pytest.mark.parametrize("month", MONTHS)
def test_the_rankings_follow_from_the_world(
    run: Run, kurasi: Kurasi, month: str, policy: str
) -> None:
    curves = truth.curves_of(run.home / "policies" / "kemenkum-2025-07.yml")
    expected = truth.scores(run.world, month, policy, curves)
    rows = kurasi(run.home, "rank", "--month", month, "--policy", policy, "--json").json
    assert {(row["category"], row["office_id"]): row["score"] for row in rows} == expected
    leagues = {office.office_id: office.league for office in run.world.offices}
    for category in ("active", "popular"):
        for league in set(leagues.values()):
            scores = {
                office: score
                for (kind, office), score in expected.items()
                if kind == category and leagues[office] == league
            }
            found = [r for r in rows if r["category"] == category and r["league"] == league]
            assert {row["office_id"]: row["rank"] for row in found} == truth.ranks(scores)
            order = [(row["rank"], row["office_id"]) for row in found]
            assert order == sorted(order)


def test_what_posts_really_had_lies_in_the_likely_bounds(
    run: Run, official: dict[str, list[dict[str, Any]]]
) -> None:
    """The curves were fitted on other worlds; offices export every few hours, weekly or once."""
    held, ranks_held, errors = [], [], []
    for month, rows in official.items():
        true = truth.true_scores(run.world, month)
        for league in ("kanwil", "unit_utama"):
            own = [row for row in rows if (row["category"], row["league"]) == ("popular", league)]
            had = {row["office_id"]: true["popular", row["office_id"]] for row in own}
            ranks = truth.ranks(had)
            for row in own:
                score, rank = had[row["office_id"]], ranks[row["office_id"]]
                high = row["score_likely_high"]
                held.append(row["score_likely_low"] <= score and (high is None or score <= high))
                ranks_held.append(row["rank_likely_best"] <= rank <= row["rank_likely_worst"])
                errors.append(abs(row["rank"] - rank))
    assert len(held) == 41 * len(MONTHS)
    assert fmean(held) >= 0.9
    assert fmean(ranks_held) >= 0.95
    assert fmean(errors) <= 0.3


def test_a_month_is_complete_but_for_the_office_that_exports_nothing(
    official: dict[str, list[dict[str, Any]]],
) -> None:
    for month, rows in official.items():
        incomplete = {row["office_id"] for row in rows if not row["is_complete"]}
        assert incomplete == ({story.EXPORTS_NOTHING} if month == MONTHS[-1] else set())


def test_without_a_policy_the_one_in_force_answers(
    run: Run, kurasi: Kurasi, official: dict[str, list[dict[str, Any]]]
) -> None:
    before = kurasi(run.home, "rank", "--month", "2025-06", "--json").json
    assert {row["policy_id"] for row in before} == {"kuantitas-2025-01"}
    assert {row["policy_id"] for row in official["2025-07"]} == {"kemenkum-2025-07"}


def test_a_second_run_does_no_work_twice(run: Run, kurasi: Kurasi) -> None:
    def files() -> dict[str, int]:
        kept = ("archive", "lake", "warehouse", "dagster")
        return {
            str(path): path.stat().st_mtime_ns
            for folder in kept
            for path in (run.home / folder).rglob("*")
            if path.is_file() and path.parent.name != "lake"  # the registry is checked anew
        }

    before = files()
    again = kurasi(run.home, "run", "--json")
    assert again.code == 0
    assert again.json == {**dict.fromkeys(again.json, 0), "months": run.first.json["months"]}
    assert "nothing new" in again.err
    assert files() == before


def test_explain_leads_to_the_records(run: Run, kurasi: Kurasi) -> None:
    best = kurasi(run.home, "rank", "--month", "2025-08", "--category", "popular", "--json").json[0]
    where = ("--month", "2025-08", "--office", best["office_id"], "--category", "popular")
    found = kurasi(run.home, "explain", *where, "--json").json
    assert {key: found[key] for key in best} == best
    counted = [post for post in found["posts"] if post["counted"]]
    assert len(counted) == best["post_count"]
    assert sum(post["value"] or 0 for post in counted) == best["score"]
    for post in counted:
        parts = [part["weight"] * (part["value"] or 0) for part in post["components"]]
        assert sum(parts) == (post["value"] or 0)
    posts = {(post.platform, post.post_id): post for post in run.world.posts}
    for post in found["posts"]:
        seen = [
            (f"{export.captured_at.isoformat()}Z", export.observation(true)["likes"])
            for true in [posts[post["platform"], post["post_id"]]]
            for export in run.world.exports
            if true in export.told
        ]
        told = [(one["captured_at"], one["likes"]) for one in post["observations"]]
        assert sorted(told, key=str) == sorted(seen, key=str)
        for one in post["observations"]:
            assert (run.home / "archive" / one["sha256"][:2] / one["sha256"]).exists()
    page = kurasi(run.home, "explain", *where).out
    assert f"Rank {best['rank']}, likely" in page.replace("*", "")
    assert f"with {best['score']:,} interactions" in page
    assert "24 hours after publication" in " ".join(page.split())


def test_readers_have_every_mart_in_one_folder(run: Run) -> None:
    tables = {path.stem for path in (run.home / "warehouse" / "current").glob("*.parquet")}
    star = {"dim_office", "dim_account", "dim_platform", "dim_date", "dim_policy", "dim_post"}
    facts = {"fct_engagement", "fct_post_month", "fct_account_month", "fct_coverage", "fct_flag"}
    assert star | facts | {"rank_monthly", "rank_policy_sensitivity"} <= tables
    engagement = pl.read_parquet(run.home / "warehouse" / "current" / "fct_engagement.parquet")
    assert engagement.height == sum(len(export.told) for export in run.world.exports)


def test_what_the_story_planted_stands_out(run: Run) -> None:
    found = pl.read_parquet(run.home / "warehouse" / "current" / "fct_post_flag.parquet")
    flags = set(found.select("flag", "post_key").iter_rows())
    (burst,) = [post for post in run.world.posts if post.burst]
    gone = [post for post in run.world.posts if post.gone_at]
    (vanished,) = [post for post in gone if post.account == story.VANISHED]
    (first,) = [post for post in gone if post.account == story.REPEATED]
    assert ("interactions_above_views", key(burst)) in flags
    assert {("post_vanished", key(vanished)), ("post_vanished", key(first))} <= flags
    # It was published an hour after the first was gone.
    again = found.filter(flag="same_text_after_vanishing", earlier_post_key=key(first))
    assert first.gone_at
    hours = (first.gone_at - first.published_at) / timedelta(hours=1) + 1
    assert [float(size) for size in again["size"]] == [hours]


def key(post: Post) -> str:
    return f"{post.platform}:{post.post_id}"


def test_the_page_names_offices_results_and_the_next_command(run: Run, kurasi: Kurasi) -> None:
    page = kurasi(run.home, "run", "--month", "2025-08").out
    assert "Akun Teraktif" in page
    assert "Akun Terpopuler" in page
    assert "Kanwil" in page
    assert "2025-08 · not published" in page
    assert "complete exports of" in page
    assert str(run.home / "warehouse") in page
    (following,) = [line for line in page.splitlines() if line.startswith("Next: ")]
    words = following.removeprefix("Next: ").split()
    again = subprocess.run(words, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "Rank 1" in again.stdout


def test_a_corrected_registry_revises_a_final_edition(run: Run, kurasi: Kurasi) -> None:
    first = kurasi(run.home, "publish", "--month", "2025-07", "--final", "--json").json
    assert first["status"] == "final"
    write_correction(run.world, run.home)
    assert kurasi(run.home, "run").code == 0
    why = ("--reason", "The list of official accounts lacked one")
    again = kurasi(run.home, "publish", "--month", "2025-07", "--final", *why, "--json").json
    assert again["status"] == "revised"
    accounts = (*run.world.accounts, *run.world.left_out)
    curves = truth.curves_of(run.home / "policies" / "kemenkum-2025-07.yml")
    expected = truth.scores(run.world, "2025-07", "kemenkum-2025-07", curves, accounts)
    rows = kurasi(run.home, "rank", "--month", "2025-07", "--json").json
    assert {(row["category"], row["office_id"]): row["score"] for row in rows} == expected
    moved = kurasi(run.home, "diff", first["edition_id"], again["edition_id"], "--json").json
    offices = {row.office_id for row in run.world.left_out}
    assert offices <= {row["office_id"] for row in moved["offices"]}


def test_archive_registry_policies_and_editions_are_a_whole_backup(
    run: Run, kurasi: Kurasi, tmp_path: Path
) -> None:
    kurasi(run.home, "publish", "--month", "2025-08")
    restored = tmp_path / "restored"
    for folder in ("archive", "registry", "policies", "published"):
        shutil.copytree(run.home / folder, restored / folder, symlinks=True)
    kurasi(restored, "run")
    kept = (run.home / "warehouse" / "current").resolve()
    for path in sorted(path for path in kept.rglob("*.parquet") if path.is_file()):
        found = restored / "warehouse" / "current" / path.relative_to(kept)
        assert found.read_bytes() == path.read_bytes(), path.name
    # The editions are known again: publishing the same month makes no new one.
    published = kurasi(restored, "publish", "--month", "2025-08", "--json").json
    assert not published["is_new"]
    assert kurasi(restored, "verify", published["path"], "--json").json["ok"]
