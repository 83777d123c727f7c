"""What is logged of a home, when, and what a crash or damage does to it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingest import erasure, pipeline
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.receipts import read_receipts, write_receipts
from ingest.reference import load
from ingest.sample import write_policies
from orchestration.assets.raw import raw_exports, raw_policies, raw_registry
from orchestration.checks.records import untrue_lines
from orchestration.publication.log.receipts import receipts
from orchestration.publication.log.record import contradictions, record
from orchestration.publication.log.store import DamagedLog, log_folder, read_log
from orchestration.resources import HomeResource
from tests.ingest.exports import INSTAGRAM, NOON, TIKTOK_STUDIO, X_1, deliver, export, ledger

OFFICES = "office_id,name,league,time_zone,valid_from,valid_to\na,Kantor A,kanwil,,2024-01-01,\n"
ACCOUNTS = (
    "account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to\n"
    "a-x,a,x,,kantor_a,,2024-01-01,\n"
)
EARLY, LATE = "2025-08-01 09:00", "2025-08-20 09:00"


def read(home: Home) -> None:
    load.ingest_registry(home, NAMES_ACCOUNTS)
    load.ingest_policies(home, KEYS)
    pipeline.ingest(home)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that has read two exports, and has no log yet."""
    made = Home(tmp_path / "home")
    made.registry.mkdir(parents=True)
    (made.registry / "offices.csv").write_text(OFFICES)
    (made.registry / "accounts.csv").write_text(ACCOUNTS)
    write_policies(made.root)
    deliver(made, "a/late.csv", export(X_1), LATE)
    deliver(made, "a/early.csv", export(INSTAGRAM), EARLY)
    read(made)
    return made


def facts(home: Home) -> list[dict[str, Any]]:
    log = read_log(log_folder(home))
    assert log
    return list(log.facts())


def kinds(home: Home) -> list[str]:
    return [fact["kind"] for fact in facts(home)]


def files(home: Home) -> dict[str, bytes]:
    folder = log_folder(home)
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_all_that_the_rankings_rest_on_is_logged_once_in_the_order_of_receipt(home: Home) -> None:
    record(home)
    first = files(home)
    assert kinds(home)[:3] == ["log", "delivery", "delivery"]
    assert kinds(home)[3:] == ["registry", "registry", "policy"]
    early, late = facts(home)[1:3]
    assert early["received_at"] == "2025-08-01T09:00:00Z"
    row = next(row for row in ledger(home) if row["name"] == "late.csv")
    assert {key: late[key] for key in late if key != "logged_at"} == {
        "kind": "delivery",
        "delivery_id": row["delivery_id"],
        "sha256": row["sha256"],
        "captured_at": "2025-08-20T09:00:00Z",
        "captured_at_source": "receipt",
        "received_at": "2025-08-20T09:00:00Z",
    }
    record(home)
    assert files(home) == first
    assert contradictions(home) == []
    everything = b"".join(first.values())
    assert b"late.csv" not in everything and b"Kantor A" not in everything


def test_what_is_new_is_added_and_no_file_of_leaves_is_written_again(home: Home) -> None:
    record(home)
    before = files(home)
    deliver(home, "a/tiktok.csv", export(TIKTOK_STUDIO), LATE)
    with (home.registry / "accounts.csv").open("a") as accounts:
        accounts.write("a-ig,a,instagram,,kantor.a,,2024-01-01,\n")
    read(home)
    record(home)
    after = files(home)
    assert {name: after[name] for name in before if name != "checkpoint"} == {
        name: content for name, content in before.items() if name != "checkpoint"
    }
    assert kinds(home)[6:] == ["delivery", "registry"]
    # As it was before is another change.
    (home.registry / "accounts.csv").write_text(ACCOUNTS)
    read(home)
    record(home)
    assert kinds(home)[8:] == ["registry"]
    assert facts(home)[8]["sha256"] == facts(home)[3]["sha256"]


def test_a_registry_that_no_run_took_is_not_logged(home: Home) -> None:
    record(home)
    (home.registry / "accounts.csv").write_text("nonsense\n")
    record(home)
    assert len(facts(home)) == 6


def test_a_late_sidecar_gives_a_new_line_and_the_old_delivery_is_superseded(home: Home) -> None:
    record(home)
    told = {"captured_at": "2025-08-19T09:00:00+00:00"}
    deliver(home, "a/late.csv", export(X_1), LATE, told)
    pipeline.ingest(home)
    record(home)
    new, old = facts(home)[6:]
    assert (new["kind"], new["captured_at"]) == ("delivery", "2025-08-19T09:00:00Z")
    assert new["sha256"] == facts(home)[2]["sha256"]
    assert (old["kind"], old["delivery_id"]) == ("superseded", facts(home)[2]["delivery_id"])
    assert contradictions(home) == []


def test_an_erasure_is_a_line_and_what_was_logged_of_the_file_stays(home: Home) -> None:
    record(home)
    before = facts(home)
    row = next(row for row in ledger(home) if row["name"] == "late.csv")
    erasure.erase_delivery(home, row["delivery_id"], erasure.Order("asked for", "somebody"))
    pipeline.ingest(home)
    record(home)
    assert facts(home)[:6] == before
    (stone,) = facts(home)[6:]
    assert (stone["kind"], stone["sha256"]) == ("tombstone", row["sha256"])
    assert contradictions(home) == []
    (home.archive / "tombstones" / f"{row['sha256']}.json").unlink()
    (told,) = contradictions(home)
    assert "was erased, and its tombstone is gone" in told


def drop(home: Home, name: str) -> str:
    """Take a delivery out of a home with its bytes, as one who wants it forgotten would."""
    row = next(row for row in ledger(home) if row["name"] == name)
    kept = [receipt for receipt in read_receipts(home) if receipt.name != name]
    write_receipts(home, kept, instead=True)
    (home.inbox / "a" / name).unlink()
    home.archived(row["sha256"]).unlink()
    shutil.rmtree(home.lake)
    read(home)
    return str(row["delivery_id"])


def test_a_delivery_that_was_dropped_is_told(home: Home) -> None:
    record(home)
    dropped = drop(home, "late.csv")
    assert [row["name"] for row in ledger(home)] == ["early.csv"]
    for _ in range(2):
        record(home)
        (told,) = contradictions(home)
        assert f"line 2 of the log holds delivery {dropped}, and the ledger does not" in told
        assert "restore archive/" in told


def materialize(home: Home) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [raw_exports, raw_registry, raw_policies],
        resources={"home": HomeResource(root=str(home.root))},
    )


def test_dagster_logs_what_it_reads_and_reads_on_beside_a_damaged_log(home: Home) -> None:
    deliver(home, "a/tiktok.csv", export(TIKTOK_STUDIO), LATE)
    result = materialize(home)
    assert result.success
    assert kinds(home).count("delivery") == 3
    assert untrue_lines(home).is_empty()
    (log_folder(home) / "checkpoint").write_text("nonsense")
    deliver(home, "a/more.csv", export(TIKTOK_STUDIO, {"Total likes": "77"}), LATE)
    result = materialize(home)
    assert result.success
    assert len(ledger(home)) == 4
    (row,) = untrue_lines(home).to_dicts()
    assert "holds no head of a log" in row["problem"]
    assert row["remedy"].startswith("restore published/log")


def cut_leaves(folder: Path) -> None:
    path = min((folder / "leaves").iterdir())
    path.write_bytes(path.read_bytes()[:-20])


def change_a_line(folder: Path) -> None:
    path = min((folder / "leaves").iterdir())
    path.write_bytes(path.read_bytes().replace(b"2025-08-20T", b"2025-08-02T"))


def lose_leaves(folder: Path) -> None:
    shutil.rmtree(folder / "leaves")


def spoil_the_head(folder: Path) -> None:
    (folder / "checkpoint").write_text("nonsense\n")


@pytest.mark.parametrize("damage", [cut_leaves, change_a_line, lose_leaves, spoil_the_head])
def test_a_damaged_log_is_told_and_nothing_is_added_to_it(
    home: Home, damage: Callable[[Path], None]
) -> None:
    record(home)
    damage(log_folder(home))
    before = files(home)
    deliver(home, "a/tiktok.csv", export(TIKTOK_STUDIO), LATE)
    pipeline.ingest(home)
    with pytest.raises(DamagedLog, match="restore published/log from the newest backup"):
        record(home)
    with pytest.raises(DamagedLog):
        contradictions(home)
    assert files(home) == before


_KILLED = """
import itertools, os, sys
from pathlib import Path
from ingest import storage
from ingest.home import Home
from orchestration.publication.log.record import record
numbers, sync = itertools.count(1), storage._sync  # files are synced by several threads
def dying(path):
    if next(numbers) == int(sys.argv[2]):
        os._exit(9)
    sync(path)
storage._sync = dying
record(Home(Path(sys.argv[1])))
print(next(numbers) - 1)
"""


def record_killed(home: Home, write: int) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", _KILLED, str(home.root), str(write)]
    return subprocess.run(call, capture_output=True, text=True, check=False)


def test_killed_at_any_write_the_next_run_logs_the_rest_once(home: Home, tmp_path: Path) -> None:
    counting = Home(tmp_path / "counting")
    shutil.copytree(home.root, counting.root)
    last = int(record_killed(counting, 10**9).stdout)
    assert last >= 6
    expected = [_said(fact) for fact in facts(counting)[1:]]
    for write in range(1, last + 1):
        copy = Home(tmp_path / f"home{write}")
        shutil.copytree(home.root, copy.root)
        assert record_killed(copy, write).returncode == 9
        log = record(copy)
        assert [_said(fact) for fact in log.facts()][1:] == expected
        assert (log_folder(copy) / "checkpoint").read_text() == log.head.text
        assert not list(copy.published.rglob("*.tmp"))


def _said(fact: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in fact.items() if key != "logged_at"})


def test_processes_at_once_wait_for_each_other_and_log_each_thing_once(home: Home) -> None:
    call = [sys.executable, "-c", _KILLED, str(home.root), "0"]
    running = [subprocess.Popen(call, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait() for each in running] == [0, 0, 0]
    assert len(facts(home)) == 6


def test_receipts_are_of_the_office_and_say_what_is_not_logged(home: Home) -> None:
    deliver(home, "b/other.csv", export(TIKTOK_STUDIO), NOON)
    pipeline.ingest(home)
    assert {each["index"] for each in receipts(home, "a")} == {None}
    record(home)
    found = receipts(home, "a")
    assert [each["name"] for each in found] == ["early.csv", "late.csv"]
    assert all(each["sha256"] in each["leaf"] for each in found)
    assert {each["size"] for each in found} == {7}
