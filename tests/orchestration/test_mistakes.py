"""A user's mistake ends in one line that says what to do, and everything else goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.storage import exclusive
from tests.conftest import Kurasi

OFFICES = """office_id,name,league,time_zone,valid_from,valid_to
bali,Kanwil Bali,kanwil,Asia/Makassar,2025-01-01,
aceh,Kanwil Aceh,kanwil,Asia/Jakarta,2025-01-01,
"""
ACCOUNTS = """account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to
bali-x,bali,x,,kumham_bali,,2025-01-01,
"""
X_EXPORT = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,"
    "Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks\n"
    # 1951211722106068992 is 2025-08-01 09:13:59 UTC.
    '1951211722106068992,"Fri, Aug 1, 2025",Selamat pagi,'
    "https://x.com/Kumham_Bali/status/1951211722106068992,9,5,9,0,0,0,2,1,0,0,0,0,0\n"
    '1.95121E+18,"Fri, Aug 1, 2025",Hilang angka,'
    "https://x.com/Kumham_Bali,9,5,9,0,0,0,2,1,0,0,0,0,0\n"
)


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (1754200000, 1754200000))  # 2025-08-03 05:46:40 UTC
    return path


@pytest.fixture
def home(tmp_path: Path, kurasi: Kurasi) -> Path:
    home = tmp_path / "home"
    assert kurasi(home, "init").code == 0
    written(home / "registry" / "offices.csv", OFFICES)
    written(home / "registry" / "accounts.csv", ACCOUNTS)
    return home


def test_what_is_understood_is_listed_without_a_home(tmp_path: Path, kurasi: Kurasi) -> None:
    listed = kurasi(tmp_path / "none", "layouts", "--json")
    assert listed.code == 0
    (content,) = (row for row in listed.json if row["kind"] == "x_overview")
    assert content["platform"] == "x"
    assert content["holds"] == "account_days"
    assert content["headers"]["en"][:3] == ["Date", "Impressions", "Likes"]
    assert not (tmp_path / "none").exists()
    shown = kurasi(tmp_path / "none", "layouts")
    assert shown.code == 0
    assert "tiktok · tiktok_business_video · en · 2025-10 to 2025-12\n" in shown.out
    # Each header in its own lines, which no terminal has to fold.
    assert "\n  id: ID Postingan, ID Akun, Nama pengguna akun, " in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_bad_files_are_told_and_good_ones_ranked(home: Path, kurasi: Kurasi) -> None:
    inbox = home / "inbox" / "bali"
    written(inbox / "x.csv", X_EXPORT)
    written(inbox / "empty.csv", b"")
    written(inbox / "photo.csv", b"\x89PNG\x00\x01")
    written(inbox / "plan.csv", "Tanggal rapat,Tempat\n1 Agustus,Denpasar\n")
    # Of a file in which a spreadsheet rounded every ID nothing can be taken.
    lines = X_EXPORT.splitlines(keepends=True)
    written(inbox / "rounded.csv", f"{lines[0]}{lines[2]}")
    # A good file whose sidecar is broken: its records are read, and stay out.
    written(inbox / "later.csv", "".join(X_EXPORT.splitlines(keepends=True)[:2]))
    written(inbox / "later.csv.delivery.json", '{"captured_at": "yesterday"}')
    done = kurasi(home, "run", "--json")
    assert done.code == 1
    assert done.json == {
        "deliveries": 6,
        "records": 3,
        "loaded": 1,
        "rejected": 2,
        "set_aside": 0,
        "quarantined": 4,
        "rejected_whole": 1,
        "withheld": 0,
        "damaged": 0,
        "not_taken": 0,
        "months": ["2025-08"],
    }
    assert "Traceback" not in done.err
    told = {
        row["name"]: row["reason"]
        for row in kurasi(home, "deliveries", "--quarantined", "--json").json
    }
    assert "0 bytes" in told["empty.csv"]
    assert "unknown layout" in told["plan.csv"]
    assert "captured_at" in told["later.csv"]
    assert set(told) == {"empty.csv", "photo.csv", "plan.csv", "later.csv"}
    (whole,) = kurasi(home, "deliveries", "--rejected", "--json").json
    assert (whole["name"], whole["status"]) == ("rounded.csv", "rejected")
    assert whole["reason"] == "none of its records can be taken (digits_lost: 1)"
    assert "kurasi deliveries --rejected" in done.err
    checks = kurasi(home, "doctor", "--json").json["checks"]
    (line,) = [check for check in checks if check["check"] == "rejected"]
    assert "rounded.csv" in line["detail"] and whole["delivery_id"] in line["remedy"]
    rejects = kurasi(home, "rejects", "--json").json
    assert {row["delivery_id"] for row in rejects} > {whole["delivery_id"]}
    assert sorted((row["record_number"], row["rule"]) for row in rejects) == [
        (1, "digits_lost"),
        (2, "digits_lost"),
    ]
    rows = kurasi(home, "rank", "--month", "2025-08", "--category", "popular", "--json").json
    assert [(row["office_id"], row["rank"], row["score"]) for row in rows] == [
        ("bali", 1, 8),
        ("aceh", 2, 0),
    ]
    # Nothing new is nothing to complain about.
    assert kurasi(home, "run", "--json").code == 0


def test_a_clash_in_the_registry_names_both_rows_and_stops_the_ranking_only(
    home: Path, kurasi: Kurasi
) -> None:
    written(home / "inbox" / "bali" / "x.csv", X_EXPORT)
    clash = ACCOUNTS + "bali-x,aceh,x,,kumham_bali,,2025-06-01,\n"
    written(home / "registry" / "accounts.csv", clash)
    done = kurasi(home, "run", "--json")
    assert done.code == 1
    (line,) = [line for line in done.err.splitlines() if "registry/accounts.csv" in line]
    assert "line 2" in line
    assert "line 3" in line
    assert "Traceback" not in done.err
    assert len(kurasi(home, "deliveries", "--json").json) == 1
    written(home / "registry" / "accounts.csv", ACCOUNTS)
    assert kurasi(home, "run", "--json").json["months"] == ["2025-08"]


def test_a_policy_with_an_unknown_key_is_named(home: Path, kurasi: Kurasi) -> None:
    policy = home / "policies" / "kemenkum-2025-07.yml"
    written(policy, policy.read_text() + "bonus: 3\n")
    done = kurasi(home, "run")
    assert done.code == 1
    (line,) = [line for line in done.err.splitlines() if "policies/kemenkum-2025-07.yml" in line]
    assert "bonus" in line


def test_two_runs_at_once_never_both_write(home: Path, kurasi: Kurasi) -> None:
    with exclusive(Home(home), "run"):
        done = kurasi(home, "run")
    assert done.code == 1
    assert "another process" in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run",), "kurasi init"),
        (("rank", "--month", "2025-08"), "kurasi run"),
        (("rank", "--month", "August"), "kurasi run"),
        (("rejects", "0123456789abcdef"), "kurasi deliveries"),
    ],
)
def test_a_call_that_cannot_be_answered_says_what_to_do(
    tmp_path: Path, kurasi: Kurasi, words: tuple[str, ...], told: str
) -> None:
    done = kurasi(tmp_path / "nothing", *words, "--json")
    assert done.code == 2
    assert told in f"{done.json['error']} {done.json['remedy']}"
    assert told in done.err
    assert len(done.err.strip().splitlines()) == 1
