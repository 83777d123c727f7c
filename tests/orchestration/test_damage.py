"""What can be made anew is found to be damaged, and nothing else is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from orchestration import damage


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a working database."""
    home = Home(tmp_path)
    home.database.parent.mkdir()
    with duckdb.connect(str(home.database)) as database:
        database.execute("create table numbers as select hash(range) as n from range(300000)")
    return home


def test_a_sound_database_is_left_alone(home: Home) -> None:
    assert damage.of_database(home.database, is_thorough=True) is None
    assert not damage.remove_all(home)
    assert home.database.exists()


@pytest.mark.parametrize("size", [0, 4096, 8192])
def test_a_database_that_a_kill_left_unfinished_is_removed(home: Home, size: int) -> None:
    """Such sizes a database has after the second to the fourth file call of its creation."""
    content = home.database.read_bytes()[:size]
    home.database.write_bytes(content)
    assert damage.remove_database_if_damaged(home)
    assert not home.database.exists()


def test_damage_inside_a_database_is_found_by_reading_all_of_it(home: Home) -> None:
    content = bytearray(home.database.read_bytes())
    content[len(content) // 2] ^= 0xFF
    home.database.write_bytes(content)
    assert damage.of_database(home.database) is None
    assert damage.remove_all(home)


def test_a_damaged_history_is_set_aside_and_a_sound_one_is_not(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for name in ("history", "schedules"):
        (home.dagster / name).mkdir(parents=True)
        with sqlite3.connect(home.dagster / name / "own.db") as database:
            database.execute("create table t (c)")
    assert not damage.set_history_aside(home)
    (home.dagster / "history" / "own.db").write_text("no database, however long it may be")
    assert damage.set_history_aside(home)
    assert (home.dagster / "history.damaged-1" / "own.db").exists()
    assert (home.dagster / "schedules" / "own.db").exists()


def test_a_database_lies_elsewhere_only_where_duckdb_can_t_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("it's [a] *", "b=c é {x}", "what?"):
        home = Home(tmp_path / name)
        home.database.parent.mkdir(parents=True)
        with duckdb.connect(str(home.database)) as database:
            database.execute("create table t as select 1 as c")
        assert home.database.is_relative_to(home.root) == ("?" not in name)
