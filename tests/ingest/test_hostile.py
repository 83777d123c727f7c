"""Hostile files: what is no plain file, too large or made to do harm costs nobody else anything."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ingest.erasure import Order, erase_delivery
from ingest.home import Home
from ingest.inbox import not_taken
from ingest.pipeline import ingest
from ingest.platforms import NAMES_ACCOUNTS
from ingest.reference import load
from ingest.reference.errors import InputProblems
from ingest.reference.policies import read_policies
from ingest.reference.registry import read_registry
from tests.faults.hostile import SMALL, prepare
from tests.ingest.bounds import SetBounds
from tests.ingest.exports import MORNING, X_1, deliver, export, ledger

TEMPLATES = Path(load.__file__).parents[1] / "templates"
#: What never comes into the archive, and why; all else is quarantined.
NOT_TAKEN = {
    "a line of 2 GB.csv": "more than 1,024 MiB (KURASI_MOST_ARCHIVED_MIB sets this bound)",
    "a sidecar that is a folder.csv": "its sidecar: it is a folder, not a file; move it away",
    "a sidecar that is a pipe.csv": "its sidecar: it is a pipe",
    "a sidecar that is a link to a device.csv": "its sidecar: it is a link",
    "a pipe.csv": "it is a pipe",
    "a socket.csv": "it is a socket",
    "a link to a secret.csv": "it is a link",
    "a link to a folder": "it is a link",
    "a link to a device.csv": "it is a link",
    "a link to nothing.csv": "it is a link",
}
#: Of the hostile ZIPs, those of which a good file is taken all the same.
ZIPS_WITH_A_GOOD_FILE = ("10 bytes.zip", "4 GB.zip", "elsewhere.zip", "password.zip")


def test_each_hostile_file_is_told_and_the_good_one_beside_them_loads(home: Home) -> None:
    prepare(home.root, SMALL)
    assert ingest(home).not_taken == len(NOT_TAKEN)
    status = {row["name"]: row["status"] for row in ledger(home)}
    assert status.pop("good.csv") == "loaded"
    inside = {name: status.pop(name) for name in [*status] if ".zip/" in name}
    assert set(inside.values()) == {"loaded"}
    assert len(inside) == sum(name.endswith(ZIPS_WITH_A_GOOD_FILE) for name in SMALL)
    assert status == dict.fromkeys(SMALL.keys() - NOT_TAKEN.keys(), "quarantined")
    told = {each.name.removeprefix("a/"): each.reason for each in not_taken(home)}
    assert told.keys() == NOT_TAKEN.keys()
    for name, reason in NOT_TAKEN.items():
        assert reason in told[name]
    secret = Path("/etc/passwd").read_bytes()
    archived = [path for path in home.archive.rglob("*") if path.is_file()]
    assert secret not in [path.read_bytes() for path in archived if path.stat().st_size < 2**20]


def test_what_may_not_be_read_is_told() -> None:
    with tempfile.TemporaryDirectory() as open_to_all:  # pytest's own folders are not
        Path(open_to_all).chmod(0o755)
        home = Home(Path(open_to_all) / "home")
        deliver(home, "a/good.csv", export(X_1), MORNING)
        locked = deliver(home, "a/locked.csv", export(X_1), MORNING)
        folder = deliver(home, "b/inner.csv", export(X_1), MORNING).parent
        for path in (locked, folder):
            path.chmod(0)
        is_superuser = os.geteuid() == 0
        if is_superuser:  # nothing is locked for the superuser
            os.seteuid(65534)
        try:
            told = {each.name: each.reason for each in not_taken(home)}
        finally:
            if is_superuser:
                os.seteuid(0)
            folder.chmod(0o755)
    assert told == dict.fromkeys(
        ["a/locked.csv", "b"], "it can't be read; give this user the right to it"
    )


def test_a_name_that_leaves_no_room_for_a_sidecar_s_is_taken(home: Home) -> None:
    deliver(home, f"a/{'n' * 251}.csv", export(X_1), MORNING)
    assert ingest(home).not_taken == 0
    assert [row["status"] for row in ledger(home)] == ["loaded"]


def test_folders_that_are_nested_without_end_are_told(home: Home) -> None:
    deliver(home, "/".join(["a"] * 60) + "/deep.csv", export(X_1), MORNING)
    deliver(home, "good.csv", export(X_1), MORNING)
    (told,) = not_taken(home)
    assert "nested too deep" in told.reason
    ingest(home)
    assert [row["name"] for row in ledger(home)] == ["good.csv"]


def test_a_folder_with_a_sidecar_s_name_is_told_and_not_looked_into(home: Home) -> None:
    deliver(home, "a/x.csv.delivery.json/inner.csv", export(X_1), MORNING)
    (told,) = not_taken(home)
    assert told.line.endswith(
        "x.csv.delivery.json is not taken: it is a folder, not a file; move it away"
    )
    assert ingest(home).not_taken == 1
    assert ledger(home) == []


def test_a_file_whose_path_is_too_long_is_taken_and_erased(home: Home) -> None:
    (home.inbox / "a").mkdir(parents=True)
    below = os.open(home.inbox / "a", os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=below)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=below)
        os.close(below)
        below = inner
    descriptor = os.open("deep.csv", os.O_WRONLY | os.O_CREAT, dir_fd=below)
    os.write(descriptor, export(X_1))
    os.close(descriptor)
    assert ingest(home).loaded == 1
    (row,) = ledger(home)
    erase_delivery(home, row["delivery_id"], Order("asked for", "me"))
    assert not list(os.scandir(below))
    os.close(below)
    assert ingest(home).not_taken == 0


def test_a_registry_of_more_rows_than_the_bound_is_refused(
    tmp_path: Path, set_bounds: SetBounds
) -> None:
    set_bounds(registry_rows=3)
    (tmp_path / "offices.csv").write_text(
        "office_id,name,league,time_zone,valid_from,valid_to\n" + "o,O,kanwil,,2024-01-01,\n" * 4
    )
    with pytest.raises(InputProblems, match="more rows than 3 "):
        read_registry(tmp_path, {"x": True})


def test_a_policy_larger_than_the_bound_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "endless.yml").write_text(f"platforms: [{'x,' * 2**16}x]\n")
    with pytest.raises(InputProblems) as raised:
        read_policies(tmp_path, ["x"])
    (problem,) = raised.value.problems
    assert "larger than 128 KiB (KURASI_MOST_POLICY_KIB sets this bound)" in str(problem)


def test_what_lies_beside_the_registry_is_not_taken_into_the_archive(home: Home) -> None:
    shutil.copytree(TEMPLATES / "registry", home.registry)
    (home.registry / "notes.csv").write_text("somebody's own\n")
    load.ingest_registry(home, NAMES_ACCOUNTS)
    kept = {path.read_bytes() for path in home.archive.rglob("*") if path.is_file()}
    names = ("offices.csv", "accounts.csv", "campaigns.csv")
    assert kept == {(home.registry / name).read_bytes() for name in names}
