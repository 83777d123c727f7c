"""Which account must be exported by when, against instants that were worked out by hand."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.checks.captures import overdue_exports, stale_captures
from orchestration.publication import due, finished_state, queries
from tests.conftest import Kurasi
from tests.lakes import KEMENKUM, account, day, delivery, lake, office, record, utc
from tests.models import Models
from tests.orchestration.test_checks import built
from tests.reference import Lake, Row

pytestmark = pytest.mark.xdist_group("checks")
MONTH = "2025-07"


def state(models: Models, world: Lake, folder: Path) -> Home:
    """A home with the finished state of a lake."""
    home = built(models, world, folder)
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    return home


def seen(
    account_id: str, captured_at: str, *posts: tuple[str, str], **more: object
) -> tuple[Row, list[Row]]:
    """An export of an account with posts, each with when it was published."""
    name = {"platform_account_id": account_id}
    rows = [record(f"{account_id}-{post}", 1, at, **name) for post, at in posts]
    return delivery(captured_at, *rows, account_id=account_id, **more)


def registered(account_id: str, **more: object) -> Row:
    """An account, alone in its office: A1's is O1."""
    return account(account_id, account_id.replace("A", "O"), **more)


P, Q = ("P", "2025-07-10 00:00"), ("Q", "2025-07-10 03:00")
COVERS_ALL = {"covers_from": day("2025-07-01"), "covers_to": day("2025-07-31")}
COVERS_ALL |= {"covers_source": "sidecar"}
DELIVERIES = [
    seen("A1", "2025-07-10 06:00", P),
    # Twenty hours after publication the last sixth of the window begins.
    seen("A2", "2025-07-10 20:00", P),
    seen("A3", "2025-07-10 19:59:59", P),
    seen("A4", "2025-07-10 05:00", P),
    seen("A4", "2025-07-11 01:00", P, ("R", "2025-07-10 20:00")),
    # Nothing was posted.
    seen("A6", "2025-07-10 08:00", **COVERS_ALL),
    # The post was deleted before its window ended; no export brings it back.
    seen("A7", "2025-07-10 06:00", P),
    seen("A7", "2025-07-12 06:00", **COVERS_ALL),
    # A post of the second capture was published after it.
    seen("A8", "2025-07-10 06:00", P),
    seen("A8", "2025-07-10 22:00", P, ("Q", "2025-07-10 23:00")),
    # A post of the month before can still be seen before its cut-off …
    seen("A9", "2025-06-28 12:00", ("P", "2025-06-28 10:00")),
    # … and not after it.
    seen("A10", "2025-06-28 12:00", ("P", "2025-06-28 10:00")),
    seen("A10", "2025-07-20 00:00", ("Q", "2025-07-18 00:00")),
    seen("A11", "2025-07-06 00:00", ("P", "2025-07-02 00:00")),
]
REGISTERED = [registered(f"A{n}") for n in range(1, 11)] + [
    registered("A11", valid_to=day("2025-07-05")),
    registered("A12", valid_to=day("2025-07-15")),
    registered("A12", valid_from=day("2025-07-15")) | {"office_id": "O1"},
    registered("A13", platform="x"),
    registered("A14", valid_from=day("2025-08-01")),
    registered("A15"),
]
OFFICES = [office(f"O{n}", name=f"Kanwil {n}") for n in range(1, 15)]
WORLD = lake(
    *DELIVERIES,
    offices=[*OFFICES, office("O15", league="upt")],
    accounts=REGISTERED,
)


@pytest.fixture(scope="module")
def home(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return state(models, WORLD, tmp_path_factory.mktemp("due"))


@pytest.fixture(scope="module")
def exports(home: Home) -> dict[tuple[str, str], due.DueExport]:
    found = due.due(home, MONTH)
    assert found is not None
    return {(each.office_id, each.account_id): each for each in found.exports}


@pytest.mark.parametrize(
    ("account_id", "last", "due_at"),
    [
        ("A1", "2025-07-10 06:00", "2025-07-11 00:00"),
        ("A2", "2025-07-10 20:00", "2025-07-11 20:00"),
        ("A3", "2025-07-10 19:59:59", "2025-07-11 00:00"),
        ("A4", "2025-07-11 01:00", "2025-07-11 20:00"),
        ("A5", None, None),
        ("A6", "2025-07-10 08:00", "2025-07-11 08:00"),
        ("A7", "2025-07-12 06:00", "2025-07-13 06:00"),
        ("A8", "2025-07-10 06:00", "2025-07-11 00:00"),
        ("A9", "2025-06-28 12:00", "2025-06-29 10:00"),
        ("A10", "2025-07-20 00:00", "2025-07-21 00:00"),
        ("A11", "2025-07-06 00:00", None),
    ],
)
def test_an_account_is_due_before_its_oldest_unseen_post_ends_and_within_a_day(
    exports: dict[tuple[str, str], due.DueExport],
    account_id: str,
    last: str | None,
    due_at: str | None,
) -> None:
    found = exports[account_id.replace("A", "O"), account_id]
    assert found.last_captured_at == (utc(last) if last else None)
    assert found.due_at == (utc(due_at) if due_at else None)


def test_accounts_are_those_that_the_policy_judges_in_the_month(
    exports: dict[tuple[str, str], due.DueExport],
) -> None:
    expected = {(f"O{n}", f"A{n}") for n in range(1, 14)}
    assert set(exports) == expected | {("O1", "A12")}


def test_posts_that_are_late_early_or_unseen_lack_evidence(
    exports: dict[tuple[str, str], due.DueExport],
) -> None:
    lacking = {
        name: (each.posts_without_evidence, each.post_count, each.evidence_percent)
        for (_, name), each in exports.items()
    }
    assert lacking["A1"] == (1, 1, 0)  # early
    assert lacking["A4"] == (1, 2, 50)  # seen on both sides, and early
    assert lacking["A5"] == (0, 0, 100)
    assert lacking["A8"] == (2, 2, 0)  # early, and none
    assert lacking["A10"] == (1, 1, 0)  # late
    assert exports["O4", "A4"].office_evidence_percent == 50
    # Nothing of O12's account counts; O1 has a post of another account.
    assert exports["O12", "A12"].office_evidence_percent == 100
    assert exports["O1", "A12"].office_evidence_percent == 0


def test_the_range_to_choose_is_in_the_platforms_days(
    exports: dict[tuple[str, str], due.DueExport],
) -> None:
    # July begins in Jakarta at 10:00 of 30 June in Los Angeles, and at 17:00 of 30 June in UTC.
    ranges = {name: (each.range_from, each.range_to) for (_, name), each in exports.items()}
    assert ranges["A1"] == (day("2025-06-30"), day("2025-07-31"))
    assert ranges["A13"] == (day("2025-06-30"), day("2025-07-31"))
    # The post that waits was published at 03:00 of 28 June in Los Angeles.
    assert ranges["A9"] == (day("2025-06-28"), day("2025-07-31"))
    assert exports["O1", "A1"].range_time_zone == "America/Los_Angeles"


def test_who_never_was_exported_comes_first_and_who_has_nothing_to_do_last(home: Home) -> None:
    found = due.due(home, MONTH)
    assert found is not None
    names = [each.account_id for each in found.exports]
    assert names[:5] == ["A12", "A12", "A13", "A5", "A9"]
    assert names[-1] == "A11"
    by_evidence = due.due(home, MONTH, sort="evidence", office="O4")
    assert by_evidence is not None
    assert [each.account_id for each in by_evidence.exports] == ["A4"]
    with pytest.raises(queries.Unanswerable, match=r"registry/accounts\.csv"):
        due.due(home, MONTH, office="O15")
    with pytest.raises(queries.Unanswerable, match="name one with --policy"):
        due.due(home, "2025-05")


def test_the_command_tells_it_in_utc_and_writes_the_list_for_offices(
    home: Home, tmp_path: Path, kurasi: Kurasi
) -> None:
    path = tmp_path / "jatuh tempo.csv"
    told = kurasi(home.root, "due", "-m", MONTH, "--office", "O1", "--csv", str(path), "--json")
    assert told.code == 0, told.err
    first = told.json[1]
    assert first["account_id"] == "A1"
    assert first["last_captured_at"] == "2025-07-10T06:00:00Z"
    assert first["due_at"] == "2025-07-11T00:00:00Z"
    assert first["posts_without_evidence"] == 1
    assert first["coverage"] == "missing"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    assert rows[1]["Ekspor berikutnya paling lambat (Asia/Jakarta)"] == "2025-07-11 07:00"
    assert rows[0]["Ekspor berikutnya paling lambat (Asia/Jakarta)"] == "segera"
    page = kurasi(home.root, "due", "-m", MONTH)
    assert "times in Asia/Jakarta" in page.out
    assert "07-11 07:00" in page.out


def test_an_account_whose_time_has_come_is_told(models: Models, tmp_path: Path) -> None:
    home = state(models, lake(seen("A1", "2025-08-01 12:00", P, **COVERS_ALL)), tmp_path)
    due_at = utc("2025-08-02 12:00")
    assert overdue_exports(home, due_at).is_empty()
    told = overdue_exports(home, due_at + timedelta(seconds=1))
    assert told.select("account_id", "export_by").rows() == [("A1", due_at)]


def test_a_missing_account_is_told_at_any_time(home: Home) -> None:
    assert "A5" in overdue_exports(home, utc("2025-07-01 00:00"))["account_id"]


@pytest.mark.parametrize(
    ("now", "days"),
    [("2025-07-28 00:00", None), ("2025-07-28 00:01", 8), ("2025-08-30 00:00", 41)],
)
def test_captures_grow_old_whether_or_not_anything_runs(
    home: Home, now: str, days: int | None
) -> None:
    found = stale_captures(home, "instagram", utc(now))
    assert found.to_dicts() == (
        [{"newest_capture": utc("2025-07-20 00:00"), "days": days}] if days else []
    )
    assert stale_captures(home, "youtube", utc(now)).is_empty()


def test_a_home_without_exports_has_nothing_fresh(tmp_path: Path) -> None:
    nothing = stale_captures(Home(tmp_path), None, utc("2025-07-28 00:00"))
    assert nothing.rows() == [(None, None)]


def test_a_policy_without_a_window_asks_for_a_capture_a_day(models: Models, tmp_path: Path) -> None:
    counting = KEMENKUM | {"policy_id": "c", "window_hours": None, "growth": []}
    world = lake(seen("A1", "2025-07-10 06:00", P), policies=[counting])
    found = due.due(state(models, world, tmp_path), MONTH)
    assert found is not None
    assert [each.due_at for each in found.exports] == [utc("2025-07-11 06:00")]
