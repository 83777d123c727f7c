"""Small homes with a finished state: real exports, ingest and models, built in seconds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ingest import pipeline
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.reference import load
from ingest.sample import Habit, make_world, write_world
from orchestration.publication import finished_state
from orchestration.publication.publish import Edition, Request, publish
from orchestration.shipped import ROOT
from tests.models import Models, compile_models

AUGUST = date(2025, 8, 1)
#: Renames an office so that a spreadsheet would run its name.
FORMULA = '=HYPERLINK("http://example.org","x")'

Change = Callable[[Path], None]
MakeHome = Callable[..., Home]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """The compiled dbt project."""
    return compile_models(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def make_home(models: Models, tmp_path_factory: pytest.TempPathFactory) -> MakeHome:
    """`make_home(change)`: a home of its own with a finished state; `change` edits its input."""
    source = tmp_path_factory.mktemp("source")
    world = make_world(6, ("2025-08",), posts_per_account_month=4, offices=5, habit=Habit(240))
    write_world(world, source)
    shutil.copytree(ROOT / "ingest" / "templates" / "policies", source / "policies")
    (source / "inbox" / "notes.csv").write_text("not,an,export\n1,2,3\n")
    _rename_first_office(source / "registry" / "offices.csv")
    _break_two_records(source / "inbox")
    # The exports of one account are missing.
    shutil.rmtree(min((source / "inbox").glob("*/tiktok")))

    def make(change: Change | None = None) -> Home:
        home = Home(models.home)
        for path in (home.inbox, home.registry, home.policies, home.archive, home.lake):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(source, home.root, dirs_exist_ok=True)
        if change:
            change(home.root)
        load.ingest_registry(home, NAMES_ACCOUNTS)
        load.ingest_policies(home, KEYS)
        pipeline.ingest(home)
        with models.run() as database:
            names = [name for (name,) in database.execute("show tables").fetchall()]
            for name in names:
                for_readers = (*finished_state.EVIDENCE, *finished_state.AT_HOME)
                if name.startswith(finished_state.PUBLIC) or name in for_readers:
                    path = home.warehouse / "current" / f"{name}.parquet"
                    path.parent.mkdir(exist_ok=True)
                    database.execute(f"from {name} order by all").pl().write_parquet(path)
        copy = tmp_path_factory.mktemp("home")
        shutil.copytree(home.root, copy, dirs_exist_ok=True)
        return Home(copy)

    return make


@pytest.fixture(scope="session")
def pristine(make_home: MakeHome) -> Home:
    """A home that nothing was published from; copy it, don't publish in it."""
    return make_home()


@pytest.fixture
def home(pristine: Home, tmp_path: Path) -> Home:
    """A home to publish from."""
    shutil.copytree(pristine.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def edition(pristine: Home, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A published edition to look at; copy it before you change it."""
    folder = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(pristine.root, folder)
    return publish(Home(folder), AUGUST, Request(), "run")[0]


def change_rank(home: Home) -> None:
    """Add one to a score in the finished state, as a fault in the warehouse would."""
    path = home.warehouse / "current" / "rank_monthly.parquet"
    table = pl.read_parquet(path)
    last = table.filter(month=AUGUST)["office_id"].max()
    is_last = (pl.col("office_id") == last) & (pl.col("month") == AUGUST)
    table.with_columns(pl.col("score") + is_last.cast(pl.Int64)).write_parquet(path)


def _rename_first_office(path: Path) -> None:
    header, first, *others = path.read_text().splitlines()
    cells = first.split(",")
    cells[1] = '"' + FORMULA.replace('"', '""') + '"'
    path.write_text("\n".join([header, ",".join(cells), *others]) + "\n")


def _break_two_records(inbox: Path) -> None:
    """Of an export of X, one record has its ID rounded and another one its likes."""
    for path in sorted(inbox.rglob("account_analytics*.csv")):
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
        plain = [n for n, line in enumerate(lines) if n and _is_plain(line, lines[0])]
        if len(plain) < 2:
            continue
        header = lines[0].split(",")
        for number, (column, cell) in zip(
            plain, {"Post id": "1.79E+18", "Likes": "1.2K"}.items(), strict=False
        ):
            cells = lines[number].split(",")
            cells[header.index(column)] = cell
            lines[number] = ",".join(cells)
        captured_at = path.stat().st_mtime
        path.write_text("\n".join(lines), newline="")
        os.utime(path, (captured_at, captured_at))
        return
    raise LookupError("no export of X has two plain records")


def _is_plain(line: str, header: str) -> bool:
    return line.count(",") == header.count(",") and '"' not in line
