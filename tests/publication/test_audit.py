"""The audit of a published edition, as somebody carries it out who has the edition alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from orchestration.publication.publish import Edition
from tests.conftest import Kurasi
from tests.copies import writable_copy

SEED = "20237331128159211123"
MONTH = ("audit", "--month", "2025-08", "--seed", SEED)


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _fill_in(path: Path, without: int | None = None) -> None:
    """Fill in a form as somebody does who sees today what was recorded last."""
    rows = _rows(path, delimiter=";")
    for row in rows:
        if row["Nomor halaman"] == str(without):
            continue
        for name in row:
            if name.startswith(("Halaman ada", "Akun dan waktu")):
                row[name] = "ya"
            elif name.startswith("Terlihat: "):
                row[name] = row[name.replace("Terlihat", "Tercatat")]
            elif name.startswith("Tanggal kunjungan"):
                row[name] = "2025-10-01"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def test_an_audit_goes_from_a_seed_to_a_verdict(
    edition: Edition, tmp_path: Path, kurasi: Kurasi
) -> None:
    elsewhere = (*MONTH, "--edition", str(edition.path))
    form = tmp_path / "form.csv"
    plan = kurasi(tmp_path / "no home", *elsewhere, "--out", str(form), "--json")
    assert plan.code == 0, plan.err
    assert plan.json["confirmed"] is None
    assert [claim["k"] for claim in plan.json["claims"]] == [1, 2, 3]
    again = kurasi(tmp_path / "no home", *elsewhere, "--out", str(tmp_path / "again.csv"))
    assert form.read_bytes() == (tmp_path / "again.csv").read_bytes()
    # Of each page it is told where it is and what should be seen there.
    for page in plan.json["pages"]:
        assert page["link"].startswith("https://")
        assert f"{page['page']}  {page['platform']} {page['handle']}" in again.out
        assert f"at least {page['value']:,}\n       {page['link']}\n" in again.out
    nothing = kurasi(tmp_path, *elsewhere, "--findings", str(form), "--json")
    assert (nothing.code, nothing.json["confirmed"]) == (1, None)
    _fill_in(form, without=10001)
    some = kurasi(tmp_path, *elsewhere, "--findings", str(form), "--json")
    assert (some.code, some.json["confirmed"]) == (1, None)
    assert some.json["claims"][-1]["further_pages"] == 1
    _fill_in(form)
    done = kurasi(tmp_path, *elsewhere, "--findings", str(form), "--json")
    assert (done.code, done.json["confirmed"], done.json["faults"]) == (0, 3, [])
    assert all(claim["p_value"] <= 0.05 for claim in done.json["claims"][-1:])
    # What was filled in by hand is never written over.
    over = kurasi(tmp_path, *elsewhere, "--out", str(form))
    assert (over.code, over.out) == (2, "")
    assert "name another file with --out" in over.err
    told = kurasi(tmp_path, *elsewhere, "--findings", str(form)).out
    assert "The top 3 is confirmed at 5 % risk." in told
    assert "not when they were gained" in told
    assert "posts that the ranking lacks" in told


def test_the_first_draw_of_each_office_follows_from_the_evidence_alone(
    edition: Edition, tmp_path: Path, kurasi: Kurasi
) -> None:
    """As the decision describes it, by a program of a few lines."""
    plan = kurasi(tmp_path, *MONTH, "--edition", str(edition.path), "--json").json
    decisions = [
        row
        for row in _rows(edition.path / "evidence" / "decisions.csv")
        if (row["policy_id"], row["month"], row["is_counted"])
        == (plan["policy_id"], "2025-08-01", "true")
    ]
    for office in plan["offices"]:
        name = office["office_id"]
        units = [
            (row["platform"], row["post_id"])
            for row in sorted(decisions, key=lambda row: (row["platform"], row["post_id"]))
            if row["office_id"] == name and row["league"] == plan["league"]
            for _ in range(int(row["value"] or 0))
        ]
        assert len(units) == office["score"]
        text = f"{SEED},{plan['league']},popular,{name},1"
        drawn = units[int(hashlib.sha256(text.encode()).hexdigest(), 16) % len(units)]
        first = next(page for page in plan["pages"] if page["office_id"] == name)
        assert (first["platform"], first["post_id"]) == drawn


def test_posts_are_audited_too(edition: Edition, tmp_path: Path, kurasi: Kurasi) -> None:
    words = (*MONTH, "--edition", str(edition.path), "--category", "active", "--top", "2")
    form = tmp_path / "form.csv"
    assert kurasi(tmp_path, *words, "--out", str(form)).code == 0
    _fill_in(form)
    done = kurasi(tmp_path, *words, "--findings", str(form), "--json")
    assert (done.code, done.json["confirmed"]) == (0, 2)
    # A form of another audit is no evidence for this one.
    other = kurasi(tmp_path, *words[:-1], "1", "--findings", str(form), "--json")
    assert (other.code, other.json["confirmed"]) == (1, None)
    assert len(other.json["faults"]) == len(_rows(form, delimiter=";"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--league", "none"), "ranks no league 'none'; it has kanwil, unit_utama"),
        (("--league", "unit_utama"), "name another --league"),
        (("--month", "2025-07"), "is of 2025-08, not of 2025-07"),
        (("--edition", "2025-08-final-9"), "no edition 2025-08-final-9 in 2025-08; there are none"),
        (("--seed", " "), "--seed is a line of visible characters"),
        (("--top", "0"), "kurasi audit --help"),
        (("--out", "form.pdf"), "a form is .xlsx or .csv"),
        (("--findings", "nowhere.csv"), "kurasi audit --help"),
    ],
)
def test_a_wrong_call_gets_one_line(
    edition: Edition, tmp_path: Path, kurasi: Kurasi, words: tuple[str, ...], told: str
) -> None:
    done = kurasi(tmp_path, *MONTH, "--edition", str(edition.path), *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_a_changed_edition_is_not_audited(edition: Edition, tmp_path: Path, kurasi: Kurasi) -> None:
    copy = tmp_path / edition.path.name
    writable_copy(edition.path, copy)
    path = copy / "evidence" / "decisions.csv"
    path.write_bytes(path.read_bytes().replace(b",true,counted,", b",false,reply,", 1))
    done = kurasi(tmp_path, *MONTH, "--edition", str(copy))
    assert done.code == 2
    assert "evidence/decisions.csv was changed" in done.err
    assert json.loads((copy / "manifest.json").read_bytes())["edition_id"] in done.err
