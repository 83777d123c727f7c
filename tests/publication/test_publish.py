"""What an edition holds, when it is refused, and what a crash leaves."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from ingest.home import Home
from orchestration.publication import editions, verify
from orchestration.publication.formats import read_duckdb
from orchestration.publication.labels import HEADINGS
from orchestration.publication.log.store import log_folder, read_log
from orchestration.publication.month import NotPublishable
from orchestration.publication.publish import Edition, NotRecomputed, Request, publish
from tests.publication.conftest import AUGUST, FORMULA, MakeHome, change_rank

#: Times and the order of arrival stand in these; a DuckDB file is equal in content only.
VARYING = ("run.json", "kurasi.duckdb", "intervals.csv", "shares.csv")
FINAL = Request(final=True, despite=True, reason="Batas waktu telah lewat")


def contents(folder: Path, *but: str) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in but]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_an_edition_holds_the_finished_state(edition: Edition, pristine: Home) -> None:
    kept = pl.read_parquet(edition.path / "tables" / "rank_monthly.parquet")
    state = pl.read_parquet(pristine.warehouse / "current" / "rank_monthly.parquet")
    of_august = state.filter(month=AUGUST).sort(
        "policy_id", "league", "category", "rank", "office_id"
    )
    assert kept.equals(of_august)
    posts = pl.read_parquet(edition.path / "tables" / "dim_post.parquet")
    decisions = rows(edition.path / "evidence" / "decisions.csv")
    own = {(row["platform"], row["post_id"]) for row in decisions if row["month"] == "2025-08-01"}
    assert set(posts.select("platform", "post_id").rows()) == own
    assert len(own) > 50


def test_the_evidence_accounts_for_rejects_and_quarantine(edition: Edition) -> None:
    rejects = rows(edition.path / "evidence" / "rejects.csv")
    deliveries = rows(edition.path / "evidence" / "deliveries.csv")
    assert {row["rule"] for row in rejects} == {"digits_lost"}
    assert {
        row["rejected_count"] for row in deliveries if row["sha256"] == rejects[0]["sha256"]
    } == {"1"}
    (withheld,) = rows(edition.path / "evidence" / "withheld.csv")
    assert (withheld["field"], withheld["rule"]) == ("like_count", "rounded_count")
    records = [
        row
        for row in rows(edition.path / "evidence" / "observations.csv")
        if all(row[key] == withheld[key] for key in ("sha256", "record_number"))
    ]
    assert {row["like_count"] for row in records} == {""}


def test_the_public_tier_holds_no_caption_and_no_delivered_file(
    edition: Edition, pristine: Home
) -> None:
    state = pl.read_parquet(pristine.warehouse / "current" / "dim_post.parquet")
    captions = [text for text in state["caption"].drop_nulls() if len(text) > 15]
    assert captions
    public = b"\n".join(contents(edition.path).values())
    for table in (edition.path / "tables").glob("*.parquet"):
        public += str(pl.read_parquet(table).to_dicts()).encode()
    assert not [text for text in captions if text.encode() in public]
    restricted = edition.path.parents[1] / "restricted" / edition.edition_id
    hashes = {row["sha256"] for row in rows(edition.path / "evidence" / "deliveries.csv")}
    kept = {path.name: path.read_bytes() for path in (restricted / "deliveries").iterdir()}
    assert kept.keys() == hashes
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in kept.items())


def test_the_duckdb_file_has_tables_with_comments_and_no_views(edition: Edition) -> None:
    tables, described = read_duckdb(edition.path / "kurasi.duckdb")
    assert tables.keys() == {path.stem for path in (edition.path / "tables").glob("*.csv")}
    assert {name: {"", *table.columns} for name, table in tables.items()} == {
        name: set(texts) for name, texts in described.items()
    }
    score = described["rank_monthly"]["score"]
    assert score == "What is ranked: counted posts (active) or their summed value (popular)."


def test_no_text_runs_as_a_formula(edition: Edition) -> None:
    with zipfile.ZipFile(edition.path / "bulletin.xlsx") as book:
        sheets = {name: book.read(name) for name in book.namelist() if "worksheets/" in name}
        assert FORMULA.replace('"', "&quot;") in book.read("xl/sharedStrings.xml").decode() or (
            FORMULA in book.read("xl/sharedStrings.xml").decode()
        )
    assert not [name for name, content in sheets.items() if b"<f>" in content or b"<f " in content]
    for path in (edition.path / "people").iterdir():
        lines = csv.reader(path.open(encoding="utf-8-sig"), delimiter=";")
        cells = [cell for row in lines for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    people = (edition.path / "people" / "peringkat.csv").read_text("utf-8-sig")
    assert "'" + FORMULA.replace('"', '""') in people
    raw = {row["office_name"] for row in rows(edition.path / "evidence" / "offices.csv")}
    assert FORMULA in raw
    assert "spreadsheet" in (edition.path / "evidence" / "README.md").read_text()


def test_the_workbook_explains_every_column_in_both_languages(edition: Edition) -> None:
    for name, language in (("bulletin.xlsx", "Kolom"), ("bulletin.en.xlsx", "Columns")):
        book = CalamineWorkbook.from_path(edition.path / name)
        _, _, _, *rows = book.get_sheet_by_name(language).to_python()
        assert {row[2] for row in rows} == HEADINGS.keys()
        assert all(row[0] and row[1] for row in rows)


def test_the_public_tier_names_nobody_who_is_not_registered(make_home: MakeHome) -> None:
    dropped: list[str] = []

    def drop_an_account_of_x(root: Path) -> None:
        path = root / "registry" / "accounts.csv"
        header, *spans = path.read_text().splitlines()
        columns = header.split(",")
        of_x = next(line.split(",") for line in spans if ",x," in line)
        account = of_x[columns.index("account_id")]
        cells = [line.split(",") for line in spans]
        dropped.extend(
            row[columns.index("handle")]
            for row in cells
            if row[columns.index("account_id")] == account
        )
        kept = [line for line in spans if line.split(",")[columns.index("account_id")] != account]
        path.write_text("\n".join([header, *kept]) + "\n")

    home = make_home(drop_an_account_of_x)
    state = pl.read_parquet(home.warehouse / "current" / "dim_post.parquet")
    names = {name.lower().removeprefix("@") for name in dropped}
    strange = state.filter(pl.col("platform") == "x", pl.col("account_handle").is_in(names))
    assert strange.height
    handle = strange["account_handle"][0]
    assert strange["account_id"].null_count() == strange.height
    public = publish(home, AUGUST, Request(), "run")[0].path
    # The office's accounts on other platforms may bear the same handle, and are registered.
    links = [link.encode() for link in strange["permalink"]]
    assert links
    assert handle.encode() in links[0].lower()
    told = b"\n".join(contents(public).values())
    for path in (public / "tables").glob("*.parquet"):
        table = pl.read_parquet(path)
        told += str(table.to_dicts()).encode()
        if "post_key" in table.columns:
            own = table.join(strange.select("post_key"), on="post_key", how="semi")
            assert handle not in str(own.to_dicts()).lower()
    assert not [link for link in links if link in told]
    # What decides is still there: the posts, their IDs, and that they are not counted.
    decisions = rows(public / "evidence" / "decisions.csv")
    reasons = {row["reason"] for row in decisions if row["post_id"] in set(strange["post_id"])}
    assert reasons == {"unregistered_account"}
    observed = rows(public / "evidence" / "observations.csv")
    assert {
        row["account_handle"] for row in observed if row["post_id"] in set(strange["post_id"])
    } == {"(unregistered)"}


def test_an_unchanged_month_publishes_nothing(home: Home) -> None:
    first, is_new = publish(home, AUGUST, Request(), "one")
    assert is_new
    before = contents(home.published)
    again, is_new = publish(home, AUGUST, Request(), "two")
    assert (again, is_new) == (first, False)
    assert contents(home.published) == before


def test_statuses_and_refusals(home: Home) -> None:
    with pytest.raises(NotPublishable, match=r"2025-08 can't be final: coverage \d+ of 100"):
        publish(home, AUGUST, Request(final=True), "one")
    assert not editions.editions(home)
    publish(home, AUGUST, Request(), "two")
    final, _ = publish(home, AUGUST, FINAL, "three")
    assert final.edition_id == "2025-08-final-2"
    manifest = json.loads((final.path / "manifest.json").read_bytes())
    assert manifest["despite"] and manifest["reason"] == FINAL.reason
    assert manifest["replaces"] == "2025-08-provisional-1"
    assert "coverage" in manifest["lacks"]
    with zipfile.ZipFile(final.path / "bulletin.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "Batas waktu telah lewat" in words and "Kelengkapan ekspor" in words
    assert publish(home, AUGUST, Request(), "four") == (final, False)


def test_a_wrong_ranking_is_never_published(home: Home) -> None:
    change_rank(home)
    with pytest.raises(NotRecomputed, match="score"):
        publish(home, AUGUST, Request(), "one")
    assert not editions.editions(home)
    assert not (home.published / "current").exists()


def test_the_same_input_gives_the_same_bytes(home: Home, edition: Edition) -> None:
    other, _ = publish(home, AUGUST, Request(), "another run")
    assert contents(other.path, *VARYING) == contents(edition.path, *VARYING)
    mine, theirs = (read_duckdb(e.path / "kurasi.duckdb") for e in (other, edition))
    assert mine[1] == theirs[1]
    assert all(mine[0][name].equals(theirs[0][name]) for name in theirs[0])


_KILLED = """
import functools, itertools, os, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from ingest import storage
from ingest.home import Home
from orchestration.publication import publish as publishing
# One thread: two that make the same folder would both sync it, and the count would differ by run.
publishing.ThreadPoolExecutor = functools.partial(ThreadPoolExecutor, max_workers=1)
numbers, sync = itertools.count(1), storage._sync
def dying(path):
    if next(numbers) == int(sys.argv[2]):
        os._exit(9)
    sync(path)
storage._sync = dying
home, month = Home(Path(sys.argv[1])), date(2025, 8, 1)
publishing.publish(home, month, publishing.Request(), "killed")
print(next(numbers) - 1)
"""


def publish_killed(home: Home, write: int) -> subprocess.CompletedProcess[str]:
    """Publish in a process that ends like a machine without power before a write reaches disk."""
    call = [sys.executable, "-c", _KILLED, str(home.root), str(write)]
    return subprocess.run(call, capture_output=True, text=True, check=False)


def test_killed_at_any_write_and_run_again_it_is_the_same(
    pristine: Home, edition: Edition, tmp_path: Path
) -> None:
    counting = Home(tmp_path / "counting")
    shutil.copytree(pristine.root, counting.root)
    last = int(publish_killed(counting, 10**9).stdout)
    # The writes at the end give the edition and `current` their names; of the others some.
    for write in (2, last // 3, last - 40, last - 6, last - 4, last - 2, last):
        home = Home(tmp_path / f"home{write}")
        shutil.copytree(pristine.root, home.root)
        assert publish_killed(home, write).returncode == 9
        seen = editions.editions(home)
        assert [each.edition_id for each in seen] in ([], ["2025-08-provisional-1"])
        again, _ = publish(home, AUGUST, Request(), "again")
        assert contents(again.path, *VARYING) == contents(edition.path, *VARYING)
        assert len(editions.editions(home)) == 1
        folders = {path.name for path in home.published.iterdir()}
        assert folders == {"2025-08", "log", "restricted", "current", ".sets"}
        assert not list(home.published.rglob("*.tmp"))
        log = read_log(log_folder(home))
        assert log and [fact["kind"] for fact in log.facts()].count("edition") == 1
        assert again.path.with_name(f"{again.edition_id}.receipt.json").exists()
        restricted = [path.name for path in (home.published / "restricted").iterdir()]
        assert restricted == ["2025-08-provisional-1"]


def test_a_home_may_lie_at_any_path(pristine: Home, tmp_path: Path) -> None:
    """Programs read parts of this one as patterns, options or quotation marks."""
    root = tmp_path / "it's [a] *? b=c home"
    shutil.copytree(pristine.root, root)
    made, _ = publish(Home(root), AUGUST, Request(), "run")
    assert [check for check in verify.verify(made.path) if not check["ok"]] == []
