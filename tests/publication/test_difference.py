"""What moved between two editions, and why."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.publication.difference import NotComparable, difference
from orchestration.publication.publish import Edition, Request, publish
from tests.copies import writable_copy
from tests.ingest import exports
from tests.publication.conftest import AUGUST, Change, MakeHome


def moved(make_home: MakeHome, edition: Edition, change: Change) -> dict[str, Any]:
    """The difference from the unchanged world's edition to that of a changed one."""
    other, _ = publish(make_home(change), AUGUST, Request(), "other")
    return difference(edition.path / "evidence", other.path / "evidence")


def causes(found: dict[str, Any]) -> set[str]:
    return {cause for post in found["posts"] for cause in post["causes"]}


def test_nothing_moved(edition: Edition) -> None:
    found = difference(edition.path / "evidence", edition.path / "evidence")
    assert found["definition_versions"] == [3, 3]
    moved = [found[name] for name in ("new_deliveries", "changed_policies", "offices", "posts")]
    assert moved == [[], [], [], []]


def test_a_late_delivery(make_home: MakeHome, edition: Edition) -> None:
    def without_some(root: Path) -> None:
        exports = sorted(path for path in (root / "inbox").rglob("*.csv"))
        for path in exports[::3]:
            path.unlink()

    other, _ = publish(make_home(without_some), AUGUST, Request(), "other")
    found = difference(other.path / "evidence", edition.path / "evidence")
    assert found["new_deliveries"] and not found["changed_policies"]
    assert causes(found) == {"late_delivery"}
    told = [cause for office in found["offices"] for cause in office["causes"]]
    assert {cause["cause"] for cause in told} <= {
        "late_delivery",
        "changed_coverage",
        "other_offices",
    }
    for office in found["offices"]:
        changes = [cause.get("score_change", 0) for cause in office["causes"]]
        if office["score"][0] is not None:
            assert sum(changes) == office["score"][1] - office["score"][0]


def test_a_corrected_registry(make_home: MakeHome, edition: Edition) -> None:
    def close_an_account(root: Path) -> None:
        path = root / "registry" / "accounts.csv"
        header, *rows = path.read_text().splitlines()
        names = [row.split(",")[0] for row in rows]
        at = next(
            n for n, row in enumerate(rows) if names.count(names[n]) == 1 and ",instagram," in row
        )
        rows[at] += "2025-08-10"
        path.write_text("\n".join([header, *rows]) + "\n")

    found = moved(make_home, edition, close_an_account)
    assert causes(found) == {"corrected_registry"}
    assert {post["effect"] for post in found["posts"]} == {"excluded"}
    assert {post["reason"][1] for post in found["posts"]} == {"account_not_valid"}


def test_a_changed_policy(make_home: MakeHome, edition: Edition) -> None:
    def weigh_likes_twice(root: Path) -> None:
        path = root / "policies" / "kemenkum-2025-07.yml"
        path.write_text(path.read_text().replace("{likes: 1,", "{likes: 2,"))

    found = moved(make_home, edition, weigh_likes_twice)
    assert found["changed_policies"] == ["kemenkum-2025-07"]
    assert causes(found) == {"changed_policy"}
    assert {office["policy_id"] for office in found["offices"]} == {"kemenkum-2025-07"}
    assert {office["category"] for office in found["offices"]} == {"popular"}


def test_another_cutoff_is_no_delivery(make_home: MakeHome) -> None:
    """Later captures count under the changed policy, though nothing was delivered since."""

    def with_days(days: int) -> Change:
        def change(root: Path) -> None:
            for path in (root / "policies").glob("*.yml"):
                text = path.read_text()
                assert "cutoff_days: 7" in text
                path.write_text(text.replace("cutoff_days: 7", f"cutoff_days: {days}"))

        return change

    short, long = (publish(make_home(with_days(n)), AUGUST, Request(), "one")[0] for n in (0, 7))
    for before, after in ((short, long), (long, short)):
        found = difference(before.path / "evidence", after.path / "evidence")
        listed = [rows_of(each.path / "evidence" / "deliveries.csv") for each in (before, after)]
        assert len(listed[0]) != len(listed[1])
        names = ("new_deliveries", "gone_deliveries", "corrected_deliveries")
        assert [found[name] for name in names] == [[], [], []]
        assert found["posts"] and causes(found) == {"changed_policy"}
        told = {cause["cause"] for office in found["offices"] for cause in office["causes"]}
        assert told <= {"changed_policy", "other_offices"}


def test_a_delivery_that_is_gone_is_named(make_home: MakeHome, edition: Edition) -> None:
    """The other way round than a late one: the same posts, by deliveries that are no more."""

    def without_some(root: Path) -> None:
        for path in root.glob("inbox/*/instagram/2025-08-2*/*.csv"):
            path.unlink()

    other, _ = publish(make_home(without_some), AUGUST, Request(), "other")
    found = difference(edition.path / "evidence", other.path / "evidence")
    late = difference(other.path / "evidence", edition.path / "evidence")
    assert found["gone_deliveries"] == late["new_deliveries"] != []
    assert found["new_deliveries"] == late["gone_deliveries"] == []
    assert causes(found) == {"gone_delivery"} and causes(late) == {"late_delivery"}


def test_a_corrected_capture_time_is_no_late_delivery(
    make_home: MakeHome, edition: Edition
) -> None:
    changed = []

    def capture_later(root: Path) -> None:
        for path in root.glob("inbox/*/instagram/2025-08-2*/*.csv"):
            changed.append(hashlib.sha256(path.read_bytes()).hexdigest())
            claims = {"captured_at": "2025-08-29T00:00:00+07:00"}
            path.with_name(f"{path.name}.delivery.json").write_text(json.dumps(claims))

    found = moved(make_home, edition, capture_later)
    assert changed and found["corrected_deliveries"] == sorted(changed)
    assert found["new_deliveries"] == found["gone_deliveries"] == []
    assert causes(found) == {"corrected_delivery"}


def test_a_corrected_reading(edition: Edition, tmp_path: Path) -> None:
    """The same deliveries, of which a record reads otherwise."""
    evidence = tmp_path / "evidence"
    writable_copy(edition.path / "evidence", evidence)
    path = evidence / "observations.csv"
    lines = path.read_text().splitlines(keepends=True)
    key = next(line for line in lines[1:] if line.startswith("x,")).split(",")[:2]
    lines = [_with_a_save(line) if line.split(",")[:2] == key else line for line in lines]
    path.write_text("".join(lines))
    decisions = evidence / "decisions.csv"
    text = decisions.read_text()
    row = next(line for line in text.splitlines() if line.split(",")[2:4] == key)
    cells = row.split(",")
    cells[11] = str(int(cells[11] or 0) + 1)
    decisions.write_text(text.replace(row, ",".join(cells), 1))
    found = difference(edition.path / "evidence", evidence)
    assert [(post["causes"], post["effect"]) for post in found["posts"]] == [
        (["corrected_reading"], "revalued")
    ]


def _with_a_save(line: str) -> str:
    return line.rstrip("\n").rsplit(",", 1)[0] + ",9\n"


def test_changed_coverage(make_home: MakeHome, edition: Edition) -> None:
    """An empty export of the account whose exports were missing: nothing counts otherwise."""
    lacking = []

    def add_a_true_zero(root: Path) -> None:
        accounts = rows_of(root / "registry" / "accounts.csv")
        owners = {row["office_id"] for row in accounts if row["platform"] == "tiktok"}
        folders = [root / "inbox" / office / "tiktok" for office in owners]
        (folder,) = [path for path in folders if not path.exists()]
        lacking.append(folder.parent.name)
        folder.mkdir()
        path = folder / "Content.csv"
        path.write_bytes(exports.export(exports.TIKTOK_BUSINESS).splitlines(keepends=True)[0])
        august = {"covers_from": "2025-08-01", "covers_to": "2025-08-31"}
        claims = {"captured_at": "2025-09-01T00:00:00+07:00", **august}
        path.with_name("Content.csv.delivery.json").write_text(json.dumps(claims))

    found = moved(make_home, edition, add_a_true_zero)
    assert len(found["new_deliveries"]) == 1 and found["posts"] == []
    own = [row for row in found["offices"] if row["office_id"] in lacking]
    assert {row["category"] for row in own} == {"active", "popular"}
    for row in own:
        assert row["is_complete"] == [False, True]
        assert row["score"][0] == row["score"][1]
        assert row["causes"] == [{"cause": "changed_coverage"}]
    others = [row["causes"] for row in found["offices"] if row["office_id"] not in lacking]
    assert others and all(causes == [{"cause": "other_offices"}] for causes in others)


def test_definition_changed(edition: Edition, tmp_path: Path) -> None:
    """By former definitions a post and its office had one more, and another office's bound."""
    before = tmp_path / "evidence"
    writable_copy(edition.path / "evidence", before)
    rules = json.loads((before / "policies.json").read_bytes())
    (before / "policies.json").write_text(json.dumps({**rules, "definition_version": 1}))
    policy = rules["policies"][0]["policy_id"]
    counted = [row for row in rows_of(before / "decisions.csv") if row["is_counted"] == "true"]
    post = next(row for row in counted if row["policy_id"] == policy and row["value"])
    other = next(row for row in counted if row["office_id"] != post["office_id"])
    _add_one(before / "decisions.csv", "value", policy_id=policy, post_id=post["post_id"])
    popular = {"policy_id": policy, "category": "popular"}
    _add_one(before / "rankings.csv", "score", office_id=post["office_id"], **popular)
    _add_one(before / "rankings.csv", "score_low", office_id=other["office_id"], **popular)
    found = difference(before, edition.path / "evidence")
    assert found["definition_versions"] == [1, 3]
    assert [(each["post_id"], each["causes"]) for each in found["posts"]] == [
        (post["post_id"], ["definition_changed"])
    ]
    told = {row["office_id"]: row["causes"] for row in found["offices"]}
    revalued = {"effect": "revalued", "post_count": 1, "score_change": -1}
    assert told == {
        post["office_id"]: [{"cause": "definition_changed", **revalued}],
        other["office_id"]: [{"cause": "definition_changed"}],
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _add_one(path: Path, column: str, **key: str) -> None:
    """Let a number be one more in the row of this key."""
    rows = rows_of(path)
    (row,) = [row for row in rows if key.items() <= row.items()]
    row[column] = str(int(row[column]) + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_two_months_are_not_compared(home: Home) -> None:
    august, _ = publish(home, AUGUST, Request(), "one")
    july, _ = publish(home, AUGUST.replace(month=7), Request(), "two")
    with pytest.raises(NotComparable, match="two months"):
        difference(july.path / "evidence", august.path / "evidence")


def test_an_edition_tells_what_moved_since_the_one_before(make_home: MakeHome, home: Home) -> None:
    first, _ = publish(home, AUGUST, Request(), "one")

    def weigh_likes_twice(root: Path) -> None:
        path = root / "policies" / "kemenkum-2025-07.yml"
        path.write_text(path.read_text().replace("{likes: 1,", "{likes: 2,"))

    changed = make_home(weigh_likes_twice)
    shutil.copytree(home.published, changed.published, symlinks=True)
    second, is_new = publish(changed, AUGUST, Request(), "two")
    assert is_new and second.edition_id == "2025-08-provisional-2"
    told = json.loads((second.path / "difference.json").read_bytes())
    assert told["before"] == first.edition_id
    assert (
        told["offices"] == difference(first.path / "evidence", second.path / "evidence")["offices"]
    )
    assert told["offices"]
    with zipfile.ZipFile(second.path / "bulletin.xlsx") as book:
        assert 'name="Perubahan"' in book.read("xl/workbook.xml").decode()
        assert "aturan berubah" in book.read("xl/sharedStrings.xml").decode()
