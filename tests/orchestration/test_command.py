"""The command as a person meets it: its page, its start, the doctor, its words when things fail."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from ingest.home import Home
from ingest.storage import exclusive, write_bytes
from orchestration.cli.errors import one_line
from orchestration.publication.unanswerable import NoMonth, NotRanked, Unknown
from tests.conftest import Call, Kurasi

KURASI = Path(sys.executable).with_name("kurasi")
CALLS = (
    "init",
    "run",
    "due",
    "rank",
    "explain",
    "deliveries",
    "rejects",
    "receipts",
    "publish",
    "verify",
    "diff",
    "audit",
    "stamp",
    "growth",
    "doctor",
    "erase",
)


@pytest.fixture
def home(tmp_path: Path, kurasi: Kurasi) -> Path:
    # Of such a path programs read parts as patterns, quotation marks or markup.
    root = tmp_path / "it's [a] *b=c {home} é"
    assert kurasi(root, "init").code == 0
    return root


def limited(home: Path, *words: str) -> Call:
    """A call on a disk where no file can grow beyond some bytes."""
    done = subprocess.run(
        [KURASI, "--home", home, *words],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)),
    )
    return Call(done.returncode, done.stdout, done.stderr)


def test_help_is_a_page_with_every_call_in_its_group_and_an_example(
    tmp_path: Path, kurasi: Kurasi
) -> None:
    page = kurasi(tmp_path, "--help").out
    places = [page.index(f"│ {name} ") for name in CALLS]
    groups = {page.rindex("╭─", 0, place) for place in places}
    assert len(groups) == 4
    assert "kurasi publish -m 2025-08" in page
    assert "130 interrupted" in page


@pytest.mark.parametrize(
    "words",
    [("--help",), ("rank", "--month", "2025-08"), ("deliveries",), ("doctor",), ("due",)],
)
def test_reading_calls_start_without_dagster_and_dbt(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    program = (
        "import atexit, sys; from orchestration.cli.main import main; "
        "atexit.register(lambda: print({m.split('.')[0] for m in sys.modules}, file=sys.stderr)); "
        f"sys.argv = ['kurasi', '--home', {str(tmp_path)!r}, *{words!r}]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    loaded = done.stderr.splitlines()[-1]
    assert "'polars'" in loaded
    assert not [name for name in ("dagster", "dagster_dbt", "dbt") if f"'{name}'" in loaded]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rnk",), "did you mean rank or run?"),
        (("rank",), "kurasi rank --help"),
        (("rank", "--months", "2025-08"), "kurasi rank --help"),
        (("rank", "-m", "2025-08", "--category", "best"), "'active', 'popular'"),
        (("run", "-m", "2025-8"), "write it as 2025-08"),
        (("due",), "run `kurasi run`"),
        (("due", "--sort", "best"), "'due', 'office'"),
        (("erase", "--reason", "r", "--by", "b"), "--account PLATFORM:NAME"),
        (("erase", "nothing", "--reason", "r", "--by", "b"), "kurasi deliveries"),
        (("diff", "2025-08-final-1", "2025-08-final-2"), "no edition"),
        (("verify", "nothing"), "name a folder such as"),
        (("verify", "nothing", "--trace", "-1"), "kurasi verify --help"),
    ],
)
def test_a_wrong_call_gets_one_line(
    home: Path, kurasi: Kurasi, words: tuple[str, ...], told: str
) -> None:
    done = kurasi(home, *words)
    assert done.code == 2
    assert done.out == ""
    assert told in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "error"),
    [((), "no call is named"), (("rnk",), "no call rnk"), (("due",), "nothing is built in")],
)
def test_a_failure_is_one_json_document_where_that_is_asked_for(
    home: Path, kurasi: Kurasi, words: tuple[str, ...], error: str
) -> None:
    done = kurasi(home, *words, "--json")
    assert done.code == 2
    assert done.json["error"].startswith(error)
    assert "kurasi" in done.json["remedy"]
    assert done.json["further"] == []


def test_an_empty_table_says_none(home: Path, kurasi: Kurasi) -> None:
    assert kurasi(home, "deliveries").out == "Deliveries (times in UTC): none\n"


def test_names_that_are_like_the_unknown_one_are_proposed() -> None:
    offices = ["kanwil-aceh", "kanwil-bali", "kanwil-jawa-barat", "kanwil-jawa-timur"]
    assert Unknown("office", "bali", offices).meant == ["kanwil-bali"]
    assert Unknown("office", "kanwil-jawabarat", offices).meant[0] == "kanwil-jawa-barat"
    assert "; there are kanwil-aceh, kanwil-bali" in str(Unknown("office", "other", offices))
    assert str(Unknown("office", "other", [])) == "no office other; there are none"
    written = ("2025-9", "09/2025", "202509", "2025-13")
    assert [NoMonth(each).meant for each in written] == ["2025-09"] * 3 + ["2025-08"]
    assert NotRanked("2024-07", ["2025-06", "2025-07"]).meant == ["2025-07"]


def test_what_the_machine_refuses_gets_one_line_with_the_remedy(
    home: Path, tmp_path: Path, kurasi: Kurasi
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    ledger = home / "lake" / "deliveries.parquet"
    ledger.parent.mkdir()
    ledger.write_text("no parquet")
    told = {
        "is a file": kurasi(file, "rank", "-m", "2025-08"),
        "the disk is full": limited(tmp_path / "new", "init"),
        "`kurasi run` makes anew": kurasi(home, "deliveries"),
        "not a directory": kurasi(file / "home", "init"),
    }
    for words, call in told.items():
        assert call.code in (1, 2)
        assert words in call.err
        assert len(call.err.splitlines()) == 1, call.err


def test_a_run_makes_anew_what_is_damaged_and_tells_it(home: Path, kurasi: Kurasi) -> None:
    damaged = {
        home / "lake" / "deliveries.parquet": "they are made anew",
        home / "warehouse" / "kurasi.duckdb": "is made anew",
        home / "dagster" / "history" / "runs.db": "a new one begins",
    }
    for path in damaged:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("neither table nor database")
    (home / "published" / ".building").mkdir(parents=True)
    done = kurasi(home, "run")
    assert done.code == 0, done.err
    for path, words in damaged.items():
        folder = path.parent if path.name == "runs.db" else path
        (told,) = [line for line in done.err.splitlines() if str(folder) in line]
        assert words in told
    assert (home / "dagster" / "history.damaged-1" / "runs.db").read_text().startswith("neither")
    assert not (home / "published" / ".building").exists()
    assert findings(kurasi(home, "doctor", "--json")) == {}


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/home/lake/x"),
            "the disk is full (/home",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/home/lake"),
            "give this user the right",
        ),
        (OSError(errno.EROFS, "Read-only file system", "/h"), "choose another --home"),
        ("duckdb.IOException: IO Error: Could not set lock on file", "close it"),
        ("sqlite3.OperationalError: database or disk is full", "free some space"),
        ("dagster._check.CheckError: YAML from file /h/dagster/dagster.yaml", "rename it and call"),
        ("builtins.PermissionError: Permission denied (os error 13): /h/x.tmp", "/h/x.tmp: perm"),
        ("sqlite3.OperationalError: disk I/O error", "free some space"),
        (KeyError("what"), "KeyError: 'what'"),
    ],
)
def test_failures_of_the_machine_have_remedies(problem: BaseException | str, remedy: str) -> None:
    line = one_line(problem)
    assert remedy in line
    assert "\n" not in line


def findings(call: Call) -> dict[str, str]:
    """What the doctor found to be done, by check."""
    told = json.loads(call.out)
    assert told["ok"] == (call.code == 0)
    return {row["check"]: row["remedy"] for row in told["checks"] if not row["ok"]}


def test_the_doctor_names_words_for_kinds_of_posts_that_nobody_knows(
    home: Path, kurasi: Kurasi
) -> None:
    state = home / "warehouse" / "states" / "1"
    state.mkdir(parents=True)
    told = [("IG image", "image"), ("IG collage", "unknown"), ("IG collage", "unknown")]
    pl.DataFrame(
        [("instagram", *words) for words in told] + [("x", None, "unknown")],
        schema=["platform", "post_type", "post_kind"],
        orient="row",
    ).write_parquet(state / "dim_post.parquet")
    (home / "warehouse" / "current").symlink_to(state)
    checks = kurasi(home, "doctor", "--json").json["checks"]
    (line,) = [check for check in checks if check["check"] == "kinds"]
    assert "2 posts of instagram" in line["detail"] and "IG collage" in line["detail"]
    assert line["ok"] and line["remedy"]


def test_what_nobody_foresaw_keeps_its_words() -> None:
    assert one_line("the folder of months is odd") == "the folder of months is odd"


def test_the_doctor_finds_a_new_home_well(home: Path, kurasi: Kurasi) -> None:
    told = kurasi(home, "doctor", "--json")
    assert findings(told) == {}
    (note,) = (row for row in told.json["checks"] if row["is_warning"])
    assert "inbox/<office_id>/, then: kurasi run" in note["remedy"]
    with exclusive(Home(home), "run"):
        page = kurasi(home, "doctor")
    assert page.code == 0
    assert "under way now: run" in page.out


def test_the_doctor_says_what_to_do(home: Path, tmp_path: Path, kurasi: Kurasi) -> None:
    assert findings(kurasi(tmp_path / "no", "doctor", "--json")) == {
        "home": "kurasi init makes a home there"
    }
    with (home / "registry" / "accounts.csv").open("a") as accounts:
        accounts.write("a,nobody,x,,h,,2025-01-01,\n")
    (home / "policies" / "kemenkum-2025-07.yml").write_text("policy_id: [")
    (home / "inbox").rmdir()
    (home / "warehouse").mkdir()
    (home / "warehouse" / "kurasi.duckdb").write_text("no database")
    (home / "lake").mkdir()
    (home / "lake" / "deliveries.parquet").write_text("no parquet")
    write_bytes(home / "archive" / "ab" / ("ab" * 32), b"other bytes")
    ended = subprocess.Popen(["true"])
    ended.wait()
    (home / "lake" / f".x.parquet.{ended.pid}.1.tmp").write_text("")
    (home / "lake" / f".x.parquet.{os.getpid()}.1.tmp").write_text("")
    found = findings(kurasi(home, "doctor", "--json"))
    assert found.keys() == {
        "home",
        "registry",
        "policies",
        "warehouse",
        "lake",
        "archive",
        "leftovers",
    }
    assert "restore this file from a backup" in found["archive"]
    assert "kurasi init" in found["home"]
    assert found["warehouse"] == "kurasi run, which makes it anew"
    assert found["leftovers"] == "kurasi run, which removes them"


def test_the_doctor_says_what_a_curve_would_change(home: Path, kurasi: Kurasi) -> None:
    path = home / "policies" / "kemenkum-2025-07.yml"
    policy = yaml.safe_load(path.read_text("utf-8"))
    del policy["growth"]
    path.write_text(yaml.safe_dump(policy), "utf-8")
    state = home / "warehouse" / "current"
    state.mkdir(parents=True)
    posts = {
        "policy_id": policy["policy_id"],
        "is_counted": True,
        "grade": ["late"] * 3 + ["exact"],
    }
    pl.DataFrame(posts).write_parquet(state / "fct_post_month.parquet")
    call = kurasi(home, "doctor", "--json")
    assert call.code == 0 and findings(call) == {}
    (note,) = (row for row in call.json["checks"] if row["check"] == "growth")
    assert note["is_warning"] and "kurasi growth" in note["remedy"]
    assert "late values count whole (3 of 4 counted posts)" in note["detail"]


def test_the_doctor_tells_the_storage_of_the_warehouse(home: Path, kurasi: Kurasi) -> None:
    (home / "warehouse").mkdir()
    with duckdb.connect(str(home / "warehouse" / "kurasi.duckdb")) as database:
        database.execute("create table t as select 1 as c")
    page = kurasi(home, "doctor").out
    assert "storage v1." in page
    assert f"duckdb {duckdb.__version__}" in page


def test_the_shell_gets_a_completion(tmp_path: Path) -> None:
    done = subprocess.run(
        [KURASI],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_KURASI_COMPLETE": "complete_bash",
            "COMP_WORDS": "kurasi d",
            "COMP_CWORD": "1",
        },
    )
    assert done.stdout.split() == ["due", "deliveries", "diff", "doctor"]


def test_a_new_home_runs_and_says_what_to_do_next(home: Path, kurasi: Kurasi) -> None:
    done = kurasi(home, "run")
    assert done.code == 0, done.err
    assert done.err.splitlines()[-1].startswith("No month is ranked yet. Put exports into ")
    assert "Traceback" not in done.out + done.err
    due = kurasi(home, "due", "--json")
    assert (due.code, due.json) == (0, [])
    assert "every account is due" in due.err
