"""Deliveries: every record is accounted for, and neither order nor repetition changes a row."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import polars as pl
import pytest

from ingest import batches, children, pipeline
from ingest.home import Home
from ingest.parsing import parse, recognise
from ingest.pipeline import ingest
from tests.ingest.bounds import here
from tests.ingest.exports import (
    EVENING,
    FACEBOOK,
    MORNING,
    NOON,
    POSTS,
    VIDEOS,
    X_1,
    YOUTUBE,
    deliver,
    export,
    fill,
    lake_rows,
    ledger,
)

# Accounting and archive.


def test_every_record_is_loaded_rejected_or_set_aside(home: Home) -> None:
    fill(home)
    summary = ingest(home)
    counts = {
        row["name"]: tuple(
            row[f"{fate}_count"]
            for fate in ("record", "loaded", "rejected", "set_aside", "withheld")
        )
        for row in ledger(home)
    }
    assert counts == {
        "Jul-01-2025_Jul-31-2025_1234567.csv": (4, 3, 1, 0, 1),
        "Content_1754100000_a.csv": (1, 1, 0, 0, 0),
        "Table data.csv": (3, 1, 0, 2, 0),
        "x.csv": (1, 1, 0, 0, 0),
        "nothing.csv": (None, None, None, None, None),
        "photo.csv": (None, None, None, None, None),
        "unknown.csv": (None, None, None, None, None),
    }
    assert summary == pipeline.Summary(
        deliveries=7, records=8, loaded=5, rejected=1, set_aside=2, quarantined=4, withheld=1
    )
    rows = lake_rows(home)
    assert len(rows["observations"]) == 6
    assert [(row["record_number"], row["rule"]) for row in rows["rejects"]] == [
        (4, "unreadable_time")
    ]
    assert [(row["record_number"], row["field"], row["text"]) for row in rows["withheld"]] == [
        (2, "like_count", "1.234")
    ]


def test_a_file_of_which_every_record_is_rejected_is_told_apart(home: Home) -> None:
    lost, late = {"Post id": "1.95E+18", "Link": ""}, {"Post id": "1234"}
    deliver(home, "a/lost.csv", export(X_1, lost, late), NOON)
    deliver(home, "a/some.csv", export(X_1, {}, lost), NOON)
    header, *_ = export(X_1).splitlines(keepends=True)
    deliver(home, "a/none.csv", header, NOON)
    # A totals row is no post, and the one video has no ID.
    deliver(home, "a/video.csv", export(YOUTUBE, {"Content": "Total"}, {"Content": "x"}), NOON)
    summary = ingest(home)
    assert (summary.deliveries, summary.rejected_whole, summary.quarantined) == (4, 2, 0)
    assert (summary.records, summary.loaded, summary.rejected, summary.set_aside) == (6, 1, 4, 1)
    assert {row["name"]: (row["status"], row["reason"]) for row in ledger(home)} == {
        "lost.csv": (
            "rejected",
            "none of its records can be taken (digits_lost: 1, id_differs_from_link: 1)",
        ),
        "some.csv": ("loaded", None),
        "none.csv": ("loaded", None),
        "video.csv": ("rejected", "none of its records can be taken (unreadable_id: 1)"),
    }
    assert ingest(home).rejected_whole == 0


def test_the_ledger_tells_how_many_ids_were_taken_from_links(home: Home) -> None:
    lost = [{"Post id": "1950972286718700000"}, {"Post id": "1.95E+18"}, {}]
    deliver(home, "x.csv", export(X_1, *lost), NOON)
    ingest(home)
    (row,) = ledger(home)
    assert row["repairs"] == ["post IDs that had lost digits, taken from their links: 2"]


def test_one_bad_file_never_stops_a_good_one(home: Home) -> None:
    fill(home)
    ingest(home)
    states = {row["name"]: (row["status"], row["reason"]) for row in ledger(home)}
    loaded = [name for name, (status, _) in states.items() if status == "loaded"]
    assert sorted(loaded) == [
        "Content_1754100000_a.csv",
        "Jul-01-2025_Jul-31-2025_1234567.csv",
        "Table data.csv",
    ]
    assert "0 bytes" in states["nothing.csv"][1]
    assert "unknown layout" in states["photo.csv"][1]
    assert "unknown layout" in states["unknown.csv"][1]
    assert states["x.csv"][1].startswith("x.csv.delivery.json: captured_at: ")


def test_the_ledger_tells_kind_truncation_and_unknown_columns(home: Home) -> None:
    deliver(home, "a/videos.csv", VIDEOS, NOON)
    deliver(home, "a/posts.csv", export({**FACEBOOK, "Vibes": "high"}), NOON)
    ingest(home)
    rows = {row["name"]: row for row in ledger(home)}
    assert rows["videos.csv"]["is_truncated"]
    assert rows["videos.csv"]["platform"] == "youtube"
    assert rows["videos.csv"]["kind"] == "youtube_table"
    assert not rows["posts.csv"]["is_truncated"]
    assert rows["posts.csv"]["unknown_columns"] == ["Vibes"]


def test_rejects_are_listed_by_delivery(home: Home) -> None:
    for office in ("kanwil-bali", "kanwil-jabar"):
        deliver(home, f"{office}/posts.csv", POSTS, NOON)
    ingest(home)
    first, second = (row["delivery_id"] for row in ledger(home))
    found = pipeline.rejects(home, first).rows()
    assert found == [(first, 4, "unreadable_time", "publish_time = soon in Los Angeles")]
    cells = pipeline.withheld(home, first).rows()
    said = "likes = 1.234, which is 1234 or a fraction"
    assert cells == [(first, 2, "like_count", "ambiguous_count", said, "1.234")]
    assert len(pipeline.withheld(home)) == 2
    assert len(pipeline.rejects(home)) == 2
    assert pipeline.rejects(home, second)["delivery_id"].to_list() == [second]


def test_the_archive_holds_every_file_s_bytes_under_their_hash(home: Home) -> None:
    fill(home)
    ingest(home)
    exports = [path for path in home.inbox.rglob("*.csv") if path.is_file()]
    assert len(exports) == 7
    for path in exports:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        assert (home.archive / sha256[:2] / sha256).read_bytes() == content


def test_the_archive_alone_gives_the_same_ledger_and_rows(home: Home) -> None:
    fill(home)
    ingest(home)
    before = (ledger(home), lake_rows(home))
    shutil.rmtree(home.lake)
    shutil.rmtree(home.inbox)
    ingest(home)
    assert (ledger(home), lake_rows(home)) == before


# Runs after runs.


def test_a_second_run_does_nothing_new(home: Home) -> None:
    fill(home)
    ingest(home)

    def files() -> dict[Path, tuple[int, int]]:
        found = [*home.lake.rglob("*"), *home.archive.rglob("*")]
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}

    before = files()
    assert ingest(home) == pipeline.Summary(0, 0, 0, 0, 0, 0)
    assert files() == before


def test_a_new_version_of_the_readers_reads_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    ingest(home)
    before = (ledger(home), lake_rows(home))
    read: list[str] = []
    split = parse.split

    def counted(content: bytes, sha256: str) -> tuple[parse.Records, ...]:
        read.append(sha256)
        return split(content, sha256)

    monkeypatch.setattr(parse, "split", counted)
    monkeypatch.setattr(children, "results", here)
    ingest(home)
    assert read == []
    monkeypatch.setattr(batches, "reader_version", lambda: "another")
    ingest(home)
    assert sorted(read) == sorted({row["sha256"] for row in before[0]})
    assert (ledger(home), lake_rows(home)) == before


def test_a_changed_reader_changes_the_rows_of_old_files(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, "a/posts.csv", export(X_1), NOON)
    monkeypatch.setattr(recognise, "LAYOUTS", ())
    monkeypatch.setattr(children, "results", here)
    monkeypatch.setattr(batches, "reader_version", lambda: "before X was known")
    ingest(home)
    assert ledger(home)[0]["status"] == "quarantined"
    monkeypatch.undo()
    ingest(home)
    assert ledger(home)[0]["status"] == "loaded"
    assert len(lake_rows(home)["observations"]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_arrival_does_not_matter(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(batches, "_MOST_FILES", 2)
    fill(home)
    sidecar = {"captured_at": "2025-08-02T03:00:00Z"}
    deliver(home, "kanwil-jabar/told.csv", POSTS, MORNING, sidecar)
    deliver(home, "kanwil-jabar/copy.csv", POSTS, EVENING)
    ingest(home)
    paths = sorted(home.inbox.rglob("*.csv"))
    rng = random.Random(seed)
    rng.shuffle(paths)
    other = Home(tmp_path / "other")
    for path in paths:
        target = other.inbox / path.relative_to(home.inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        sidecar = path.with_name(f"{path.name}.delivery.json")
        pair = [path, sidecar] if sidecar.exists() else [path]
        for each in rng.sample(pair, len(pair)):  # a sidecar may come a run before or after
            shutil.copy2(each, target.with_name(each.name))
            if rng.random() < 0.4:
                ingest(other)
    ingest(other)
    assert lake_rows(other) == lake_rows(home)
    assert ledger(other) == ledger(home)


@pytest.mark.parametrize(
    ("told", "is_after"),
    [
        ("2025-08-02T05:15:00Z", False),
        ("2025-08-02T05:15:01Z", True),
        ("2026-08-02T05:00:00Z", True),
        ("2025-08-01T05:00:00Z", False),
    ],
)
def test_a_capture_after_the_receipt_is_flagged(home: Home, told: str, is_after: bool) -> None:
    """Received at 05:00; a quarter of an hour is allowed for clocks."""
    deliver(home, "a/x.csv", export(X_1), NOON, {"captured_at": told})
    deliver(home, "a/plain.csv", export(FACEBOOK), NOON)
    ingest(home)
    flagged = pipeline.captured_after_receipt(home)
    assert flagged["name"].to_list() == (["x.csv"] if is_after else [])


def test_a_lake_of_an_earlier_version_is_read_anew(home: Home) -> None:
    """It knows nothing of withheld counters, reasons and captures that can't be true."""
    fill(home)
    ingest(home)
    before = (ledger(home), lake_rows(home))
    new = ["withheld_count", "set_aside_reasons", "is_captured_after_receipt"]
    for path in (*home.files("*").parent.glob("*.parquet"), home.table("deliveries")):
        table = pl.read_parquet(path, hive_partitioning=False).drop(new, strict=False)
        if "reader" in table.columns:
            table = table.with_columns(reader=pl.lit("of an earlier version"))
        table.write_parquet(path)
    shutil.rmtree(home.lake / "withheld")
    assert len(ledger(home)) == len(before[0])
    assert pipeline.withheld(home).is_empty()
    ingest(home)
    assert (ledger(home), lake_rows(home)) == before
