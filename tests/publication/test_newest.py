"""`published/current` leads to the newest editions, whatever is published meanwhile."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import polars as pl
import pytest

from ingest.home import Home
from orchestration.cli.doctor import examine
from orchestration.publication.editions import DamagedEdition, Edition, editions
from orchestration.publication.formats import read_duckdb
from orchestration.publication.newest import current, damage, mend, refresh
from orchestration.publication.publish import Request, publish
from orchestration.publication.verify import verify
from tests.copies import writable, writable_copy
from tests.publication.conftest import AUGUST

JULY = AUGUST.replace(month=7)


def test_current_has_the_newest_edition_of_each_month(home: Home) -> None:
    publish(home, JULY, Request(), "one")
    publish(home, AUGUST, Request(), "two")
    publish(home, AUGUST, Request(final=True, despite=True, reason="due"), "three")
    folder = home.published / "current"
    ranked = pl.read_parquet(folder / "rank_monthly.parquet")
    newest = {"2025-07-provisional-1", "2025-08-final-2"}
    assert set(ranked["edition_id"]) == newest
    every = pl.read_parquet(folder / "editions.parquet")
    assert set(every["edition_id"]) == newest | {"2025-08-provisional-1"}
    assert set(every.filter("is_newest")["edition_id"]) == newest
    index = json.loads((folder / "index.json").read_bytes())
    assert index["months"] == {"2025-07": "2025-07-provisional-1", "2025-08": "2025-08-final-2"}
    tables, _ = read_duckdb(folder / "kurasi.duckdb")
    assert tables.keys() == {path.stem for path in folder.glob("*.parquet")}
    assert tables["rank_monthly"].equals(ranked)
    for each in index["editions"]:
        assert (home.published / each["path"] / "manifest.json").exists()


def test_current_is_made_anew_from_the_editions(home: Home) -> None:
    publish(home, AUGUST, Request(), "one")
    before = (home.published / "current" / "rank_monthly.parquet").read_bytes()
    (home.published / "current").unlink()
    refresh(home)
    assert (home.published / "current" / "rank_monthly.parquet").read_bytes() == before


@pytest.fixture
def published(edition: Edition, tmp_path: Path) -> Home:
    """A home with an edition."""
    return Home(writable_copy(edition.path.parents[2], tmp_path / "home"))


def _flip(path: Path) -> None:
    writable(path.parent.resolve())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _editions_found(home: Home) -> list[tuple[str, str]]:
    """What the doctor finds wrong with editions, and what to do."""
    found = (each for each in examine(home) if each.check == "editions" and not each.is_ok)
    return [(each.detail, each.remedy) for each in found]


def test_what_is_published_is_sealed(edition: Edition) -> None:
    home = Home(edition.path.parents[2])
    for folder in (current(home), edition.path):
        paths = [folder, *folder.rglob("*")]
        assert {_mode(path) for path in paths if path.is_dir()} == {0o555}
        assert {_mode(path) for path in paths if path.is_file()} == {0o444}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_damaged_current_is_told_and_made_anew(
    published: Home, caplog: pytest.LogCaptureFixture
) -> None:
    link = published.published / "current"
    assert damage(published) is None
    before = {path.name: path.read_bytes() for path in link.glob("*.parquet")}
    for name in ("dim_post.parquet", "kurasi.duckdb", "index.json"):
        caplog.clear()
        _flip(link / name)
        assert _editions_found(published) == [
            (f"{link} is damaged", "kurasi run, which makes it anew")
        ]
        mend(published)
        assert caplog.messages == [f"{link} is damaged; it is made anew from the editions"]
        assert damage(published) is None
        assert {path.name: path.read_bytes() for path in link.glob("*.parquet")} == before
    (writable(link.resolve()) / "dim_post.parquet").unlink()
    mend(published)
    link.unlink()
    mend(published)
    assert {path.name: path.read_bytes() for path in link.glob("*.parquet")} == before
    assert _editions_found(published) == []


def test_readers_keep_what_they_have_while_an_edition_is_damaged(published: Home) -> None:
    (made,) = editions(published)
    link = published.published / "current"
    before = link.resolve()
    for name in ("manifest.json", "tables/rank_monthly.parquet", "kurasi.duckdb"):
        path = made.path / name
        content = path.read_bytes()
        _flip(path)
        damaged = path.read_bytes()
        _flip(link / "index.json")
        with pytest.raises(DamagedEdition, match=f"{made.path} is damaged; restore it"):
            mend(published)
        assert link.resolve() == before
        assert path.read_bytes() == damaged
        _flip(link / "index.json")
        ((detail, remedy),) = _editions_found(published)
        assert detail.startswith(f"{made.path} is damaged (")
        assert remedy.startswith("restore it from the backup")
        path.write_bytes(content)
    assert _editions_found(published) == []


def test_an_edition_that_is_gone_is_told_and_neither_its_number_nor_its_evidence_is_reused(
    published: Home, tmp_path: Path
) -> None:
    (made,) = editions(published)
    restricted = published.published / "restricted" / made.edition_id
    made.path.rename(tmp_path / "elsewhere")
    told = (f"{made.path} was published and is gone", "restore it from the backup")
    assert _editions_found(published) == [told]
    mend(published)
    assert (published.published / "current" / "index.json").exists()
    again, is_new = publish(published, AUGUST, Request(), "two")
    assert (again.edition_id, is_new) == ("2025-08-provisional-2", True)
    assert verify(restricted)
    assert _editions_found(published) == [told]


def test_a_manifest_that_is_gone_costs_no_restricted_tier(published: Home) -> None:
    (made,) = editions(published)
    (made.path / "manifest.json").unlink()
    with pytest.raises(DamagedEdition, match="is damaged; restore it"):
        publish(published, AUGUST, Request(), "two")
    assert (published.published / "restricted" / made.edition_id / "deliveries").is_dir()
