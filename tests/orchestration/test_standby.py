"""dbt that stands by: it does the one build that is asked for, as dbt itself would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psutil
import pytest

from ingest.home import Home
from ingest.storage import make_folder, write_bytes
from orchestration.standby import standing_by
from tests import worlds
from tests.lakes import delivery, lake, record

_KURASI_DBT = Path(sys.executable).with_name("kurasi-dbt")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    worlds.write_lake(lake(delivery("2025-07-11", record())), home.lake)
    make_folder(home.warehouse)
    return home


@contextmanager
def one_stands_by(home: Home) -> Iterator[psutil.Process]:
    before = psutil.Process().children()
    with standing_by(home):
        [process] = [child for child in psutil.Process().children() if child not in before]
        yield process


def start(home: Home, *words: str) -> subprocess.Popen[str]:
    models = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    folders = (f"--target-path={home.root / 'target'}", f"--log-path={home.root / 'target'}")
    return subprocess.Popen(
        [_KURASI_DBT, "--home", home.root, "build", *models, *words, *folders],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_whoever_calls_it_imports_nothing_that_takes_time() -> None:
    program = (
        "import sys; from orchestration.cli.dbt import main; sys.argv = ['dbt', '--version']; "
        "main(); print({name.split('.')[0] for name in sys.modules})"
    )
    told = subprocess.check_output([sys.executable, "-c", program], text=True)
    version, loaded = told.splitlines()
    assert version.startswith("dbt-core 1.")
    assert "'ingest'" in loaded
    assert not [name for name in ("polars", "dagster", "dbt") if f"'{name}'" in loaded]


def test_it_builds_once_and_the_next_build_is_done_without_it(home: Home) -> None:
    with one_stands_by(home) as standby:
        for models in ("+dim_office", "+dim_account"):
            build = start(home, "--select", models)
            told, _ = build.communicate()
            assert build.returncode == 0, told
            assert "Completed successfully" in told
            assert has_ended(standby)
    with duckdb.connect(home.database, read_only=True) as warehouse:
        for name in ("dim_office", "dim_account"):
            assert warehouse.table(name).aggregate("count(*)").fetchall() == [(1,)]


def test_it_ends_as_dbt_does_where_a_model_fails_or_words_are_wrong(home: Home) -> None:
    write_bytes(home.table("offices"), b"no Parquet")
    for words, code in ((("--select", "+dim_office"), 1), (("--no-such-word",), 2)):
        with one_stands_by(home) as standby:
            build = start(home, *words)
            told, _ = build.communicate()
            assert build.returncode == code, told
            assert "Runtime Error" in told if code == 1 else "No such option" in told
            standby.wait(timeout=60)


def test_one_that_is_gone_is_not_missed(home: Home) -> None:
    with one_stands_by(home) as standby:
        standby.kill()
        build = start(home, "--select", "+dim_office")
        told, _ = build.communicate()
    assert build.returncode == 0, told


def test_nobody_calls_and_it_ends(home: Home) -> None:
    with one_stands_by(home) as standby:
        pass
    assert has_ended(standby)


def test_its_caller_is_killed_and_it_ends(home: Home) -> None:
    with one_stands_by(home) as standby:
        build = start(home)
        assert build.stdout is not None
        while "Concurrency" not in build.stdout.readline():
            assert build.poll() is None
        build.send_signal(signal.SIGKILL)
        standby.wait(timeout=60)
    with duckdb.connect(home.database) as warehouse:  # nobody has it open
        assert warehouse.execute("select 1").fetchall() == [(1,)]


def test_its_parent_is_killed_before_anybody_calls_and_it_ends(home: Home) -> None:
    program = (
        "import sys, time; from pathlib import Path; from ingest.home import Home; "
        "from orchestration.standby import standing_by\n"
        "with standing_by(Home(Path(sys.argv[1]))): print('here', flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(home.root)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None and parent.stdout.readline() == "here\n"
    [standby] = psutil.Process(parent.pid).children()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    end = time.monotonic() + 60
    while not has_ended(standby):
        assert time.monotonic() < end
        time.sleep(0.1)
