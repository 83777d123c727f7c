"""The verifier finds what was changed in an edition, by accident and by intent."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orchestration.publication import (
    bulletin,
    claim_words,
    dictionary,
    labels,
    manifest,
    month,
    recompute,
    workbook,
)
from orchestration.publication.editions import EDITION_FORMAT
from orchestration.publication.evidence import VERSION, WORDS
from orchestration.publication.publish import Edition
from orchestration.publication.released import RECOMPUTE, RELEASED
from orchestration.publication.trace import trace
from orchestration.publication.verify import NotVerifiable, verify
from tests.conftest import Kurasi
from tests.copies import writable_copy

Rows = list[dict[str, str]]


def failed(folder: Path) -> list[str]:
    return [check["check"] for check in verify(folder) if not check["ok"]]


def restricted(edition: Edition) -> Path:
    return edition.path.parents[1] / "restricted" / edition.edition_id


@pytest.fixture
def copy(edition: Edition, tmp_path: Path) -> Path:
    return writable_copy(edition.path, tmp_path / "copy")


def test_a_sound_edition_passes_without_its_home(edition: Edition, copy: Path) -> None:
    assert not failed(copy)
    assert not failed(copy / "evidence")
    assert not failed(restricted(edition))


def test_any_changed_byte_is_found(edition: Edition, copy: Path) -> None:
    draw = random.Random(11)
    paths = sorted(path for path in copy.rglob("*") if path.is_file())
    missed = []
    for path in [*paths, *draw.choices(paths, k=100)]:
        before = path.read_bytes()
        at = draw.randrange(len(before))
        changed = bytes([before[at] ^ (1 << draw.randrange(8))])
        path.write_bytes(before[:at] + changed + before[at + 1 :])
        # The seal and the hashes alone must find it: what is slower is tried below.
        if not {"seal", "files"} & set(failed_fast(copy)):
            missed.append(f"{path.relative_to(copy)} at {at}")
        path.write_bytes(before)
    assert missed == []


def failed_fast(folder: Path) -> list[str]:
    """`verify` without the checks that read what the files say."""
    from orchestration.publication import verify as module

    checks = {name: module._OF_AN_EDITION[name] for name in ("seal", "files")}
    return [
        name for name, check in checks.items() if not module._outcome(name, check, folder)["ok"]
    ]


def test_any_changed_byte_of_the_restricted_tier_is_found(edition: Edition, tmp_path: Path) -> None:
    folder = tmp_path / "restricted"
    shutil.copytree(restricted(edition), folder)
    draw = random.Random(5)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    own = [path for path in paths if path.parent == folder]
    for path in [*own, *draw.sample(paths, 8)]:
        before = path.read_bytes()
        at = draw.randrange(len(before)) if before else 0
        path.write_bytes(
            before[:at] + bytes([(before[at] if before else 0) ^ 1]) + before[at + 1 :]
        )
        assert failed(folder), path
        path.write_bytes(before)
    assert not failed(folder)


def test_missing_and_additional_files_are_found(copy: Path) -> None:
    (copy / "tables" / "more.csv").write_text("a\n")
    assert failed(copy) == ["files", "formats"]
    (copy / "tables" / "more.csv").unlink()
    (copy / "people" / "peringkat.csv").unlink()
    assert failed(copy) == ["files", "words"]


def edit(name: str, change: Callable[[Rows], object]) -> Callable[[Path], None]:
    """Changes the rows of a CSV of the evidence."""

    def apply(evidence: Path) -> None:
        path = evidence / f"{name}.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
        header = list(rows[0])
        change(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return apply


def add(
    column: str, by: int = 1, where: Callable[[dict[str, str]], bool] = bool
) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        row = next(row for row in rows if row[column] and where(row))
        row[column] = str(int(row[column]) + by)

    return change


def put(
    column: str, value: str, where: Callable[[dict[str, str]], bool] = bool
) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        row = next(row for row in rows if row[column] != value and where(row))
        row[column] = value

    return change


def put_all(column: str, value: str) -> Callable[[Rows], None]:
    return lambda rows: [row.update({column: value}) for row in rows] and None


def drop(where: Callable[[dict[str, str]], bool] = bool) -> Callable[[Rows], None]:
    return lambda rows: rows.remove(next(row for row in rows if where(row)))


def swap_offices(rows: Rows) -> None:
    first, second = (
        next(r for r in rows if r["rank"] == n and r["category"] == "popular") for n in "12"
    )
    first["office_id"], second["office_id"] = second["office_id"], first["office_id"]


def rule(key: str, value: object) -> Callable[[Path], None]:
    return reruled(lambda policy: policy.update({key: value}))


def weight(platform: str, component: str, value: int) -> Callable[[Path], None]:
    def change(policy: dict[str, Any]) -> None:
        policy["weights_on"][platform][component] = value

    return reruled(change)


def steeper(platform: str) -> Callable[[Path], None]:
    """Posts have hardly begun to grow at the window's end."""

    def change(policy: dict[str, Any]) -> None:
        for step in policy["growth"][platform]:
            if step[0] > policy["window_hours"]:
                step[2] = step[3] = 9_000

    return reruled(change)


def reruled(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(evidence: Path) -> None:
        document = json.loads((evidence / "policies.json").read_bytes())
        before = json.dumps(document)
        change(document["policies"][0])
        assert json.dumps(document) != before
        (evidence / "policies.json").write_text(json.dumps(document))

    return apply


def a_second_later(platform: str) -> Callable[[Path], None]:
    """Posts of a platform are published a second later, wherever that is told."""

    def change(rows: Rows) -> None:
        for row in rows:
            if row["platform"] == platform and row["published_at"]:
                later = datetime.fromisoformat(row["published_at"]) + timedelta(seconds=1)
                row["published_at"] = f"{later:%Y-%m-%dT%H:%M:%SZ}"

    def apply(evidence: Path) -> None:
        for name in ("observations", "posts"):
            edit(name, change)(evidence)

    return apply


def counted(row: dict[str, str]) -> bool:
    return row["is_counted"] == "true" and row["grade"] != "none"


def official(row: dict[str, str]) -> bool:
    return row["is_official"] == "true" and row["category"] == "popular"


def used(row: dict[str, str]) -> bool:
    return row["captured_at"] < "2025-09-05" and int(row["like_count"] or 0) > 0


MEANINGFUL: dict[str, Callable[[Path], None]] = {
    "a score": edit("rankings", add("score")),
    "a rank": edit("rankings", add("rank")),
    "a best rank": edit("rankings", add("rank_best", where=official)),
    "a worst rank": edit("rankings", add("rank_worst", -1, where=official)),
    "a likely rank": edit("rankings", add("rank_likely_worst", where=official)),
    "a likely score": edit("rankings", add("score_likely_low", where=official)),
    "an incomplete office": edit("rankings", put("is_complete", "true")),
    "a low bound": edit("rankings", add("score_low")),
    "a high bound": edit("rankings", put("score_high", "", official)),
    "a number of posts": edit("rankings", add("post_count")),
    "a share of evidence": edit("rankings", add("late_score", where=official)),
    "a rank without the best post": edit("rankings", add("rank_without_best_post", where=official)),
    "a coverage count": edit("rankings", add("complete_account_count")),
    "the official policy": edit("rankings", put("is_official", "false")),
    "a policy's hash": edit("rankings", put("policy_sha256", "0" * 64)),
    "two offices swapped": edit("rankings", swap_offices),
    "an office left out": edit("rankings", drop()),
    "a post's value": edit("decisions", add("value", where=counted)),
    "a post's bound": edit("decisions", add("value_low", where=counted)),
    "a post's likely bound": edit("decisions", add("value_likely_low", where=counted)),
    "a post that lacks something": edit("decisions", put("is_incomplete", "true", counted)),
    "a post's grade": edit("decisions", put("grade", "exact", counted)),
    "a post not counted": edit("decisions", put("is_counted", "false", counted)),
    "a post's office": edit("decisions", put("office_id", "kanwil-bali", counted)),
    "a post left out": edit("posts", drop()),
    "a decision left out": edit("decisions", drop(counted)),
    "a post's publication": edit("posts", put("published_at", "2025-08-02T00:00:00Z")),
    "a post turned to a reply": edit("posts", put("is_reply", "true")),
    "a counter": edit("observations", add("like_count", 1000, used)),
    "a capture": edit("observations", put("captured_at", "2025-08-09T00:00:00Z")),
    "an observation left out": edit("observations", lambda rows: rows.__delitem__(slice(0, 40))),
    "every record's account": edit("observations", put_all("platform_account_id", "1")),
    "a reject left out": edit("rejects", drop()),
    "a delivery's count": edit("deliveries", add("loaded_count")),
    "a delivery left out": edit(
        "deliveries", drop(lambda row: row["loaded_count"] not in ("", "0"))
    ),
    "a weight": weight("instagram", "like", 2),
    "a growth curve": steeper("instagram"),
    "a correlation": rule("growth_correlation_percent", 90),
    "a window": rule("window_hours", 48),
    "a league": rule("leagues", ["kanwil"]),
    "a zone": rule("utc_offsets", [["2025-06-01T00:00:00Z", 14 * 3600]]),
    "a state of coverage": edit(
        "coverage", put("state", "missing", lambda r: r["state"] == "complete")
    ),
    "what an export covers": edit("deliveries", put_all("is_truncated", "true")),
    "captures that can not be": edit(
        "contents", put_all("newest_published_at", "2026-01-01T00:00:00Z")
    ),
    "a withheld counter": edit("withheld", put("field", "share_count")),
    "a moved office": edit(
        "offices", put("league", "unit_utama", lambda r: r["league"] == "kanwil")
    ),
    "a moved account": edit("accounts", put("valid_from_date", "2025-08-20")),
    "what a delivery lists": edit("spans", put("ends_at", "2025-08-02T00:00:00Z")),
    "a list of nobody's": edit("spans", drop()),
    "the use of a delivery": edit("deliveries", put("use", "other_posts")),
    "what an ID tells": edit(
        "observations", put("id_at", "2025-08-02T00:00:00Z", lambda row: row["id_at"] != "")
    ),
    "a time of TikTok that its ID does not tell": a_second_later("tiktok"),
}


@pytest.mark.parametrize("what", MEANINGFUL)
def test_a_meaningful_change_is_found(edition: Edition, tmp_path: Path, what: str) -> None:
    """Though the hash list was made anew: what is published must follow from the evidence."""
    evidence = tmp_path / "evidence"
    writable_copy(edition.path / "evidence", evidence)
    MEANINGFUL[what](evidence)
    relist(evidence)
    assert _faults(evidence)


def _faults(evidence: Path) -> list[str]:
    """What the program tells; where a row leads to none, it stops there."""
    try:
        told = recompute.Evidence(evidence)
        faults = [
            recompute.faults_of_files,
            recompute.faults_of_times,
            recompute.faults_of_results,
            recompute.faults_of_tone,
        ]
        return [fault for find in faults for fault in find(told)]
    except KeyError as problem:
        return [repr(problem)]


def test_sound_evidence_has_no_faults(edition: Edition) -> None:
    assert _faults(edition.path / "evidence") == []


def test_the_program_tells_what_differs(edition: Edition, tmp_path: Path) -> None:
    """Alone in an interpreter, by its exit code and its lines."""
    evidence = tmp_path / "evidence"
    writable_copy(edition.path / "evidence", evidence)
    told = [_run(evidence)]
    MEANINGFUL["a score"](evidence)
    told.append(_run(evidence))
    relist(evidence)
    told.append(_run(evidence))
    assert [each.returncode for each in told] == [0, 1, 1]
    assert told[0].stdout.endswith("observations: no difference\n")
    assert "rankings.csv: not as SHA256SUMS lists it" in told[1].stdout
    assert told[2].stdout.startswith("rankings (")


def _run(evidence: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-I", "-S", evidence / "recompute.py"]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def relist(evidence: Path) -> None:
    paths = sorted(path for path in evidence.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (evidence / "SHA256SUMS").write_text("".join(lines))


def test_a_hash_list_rewritten_but_not_the_files_is_found(copy: Path) -> None:
    path = copy / "evidence" / "SHA256SUMS"
    path.write_text(path.read_text().replace("a", "b"))
    assert {"files", "recompute"} <= set(failed(copy))


def test_a_format_that_disagrees_is_found(copy: Path) -> None:
    """Even where the manifest was sealed anew around it."""
    path = copy / "tables" / "rank_monthly.parquet"
    table = pl.read_parquet(path)
    table.with_columns(pl.col("score") + 1).write_parquet(path)
    assert "formats" in failed(copy)


def test_a_recompute_that_was_tampered_with_does_not_help(copy: Path) -> None:
    evidence = copy / "evidence"
    MEANINGFUL["a score"](evidence)
    (evidence / "recompute.py").write_text("print('no difference')\n")
    relist(evidence)
    assert failed(evidence) == ["recompute"]


def test_an_unknown_program_is_not_run_and_told(edition: Edition, tmp_path: Path) -> None:
    evidence, trace_of_it = tmp_path / "evidence", tmp_path / "it ran"
    writable_copy(edition.path / "evidence", evidence)
    program = f"from pathlib import Path; Path({str(trace_of_it)!r}).touch()\n"
    (evidence / "recompute.py").write_text(program)
    relist(evidence)
    (check,) = verify(evidence)
    assert not check["ok"] and "is not a released program" in check["detail"]
    assert not trace_of_it.exists()


def test_the_program_of_this_version_is_listed() -> None:
    """So that its editions verify in later versions too; a changed program replaces its line."""
    last = RELEASED[-1]
    assert last.sha256 == hashlib.sha256(RECOMPUTE.read_bytes()).hexdigest()
    assert last.evidence_version == VERSION


#: Of all words that people read in an edition, by format; see `editions.EDITION_FORMAT`.
_WORDS = {4: "510c9c23b1c46b69eef65849e59edaa508b4f588f05011a2b99007baa1f24ff4"}


#: The modules that hold the texts of the workbook's sheets, and of the bulletin.
_SHEETS = Path(workbook.__file__).parent
_BULLETIN = Path(bulletin.__file__).parent


def _texts(module: Path) -> list[str]:
    """The texts in a module's code, but for what explains it."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    explaining = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in explaining
    ]


def test_the_words_of_an_edition_are_those_of_its_format() -> None:
    """Who changes one raises `EDITION_FORMAT`, or editions of this one are held to other words.

    A format that no landing has published yet may have its hash replaced here.
    """
    labels_of = {name: value for name, value in vars(labels).items() if name.isupper()}
    columns = {name: dictionary.indonesian(name) for name in sorted(labels.HEADINGS)}
    terms = {name: list(term) for name, term in claim_words.REASONS.items()}
    sheets = {path.name: _texts(path) for path in sorted(_SHEETS.glob("*.py"))}
    told_too = {path.name: _texts(path) for path in sorted(_BULLETIN.glob("*words.py"))}
    tables = {*month.TABLES, *month.DERIVED}
    meanings = {name: told for name, told in dictionary.meanings().items() if name in tables}
    texts = [labels_of, columns, meanings, manifest._README, terms, sheets, told_too]
    told = json.dumps(texts, sort_keys=True) + repr(sorted(WORDS.items()))
    assert hashlib.sha256(told.encode()).hexdigest() == _WORDS[EDITION_FORMAT]


def test_an_edition_of_a_newer_format_is_refused_in_one_line(copy: Path, kurasi: Kurasi) -> None:
    path = copy / "manifest.json"
    manifest = json.loads(path.read_bytes())
    assert manifest["edition_format"] == EDITION_FORMAT
    path.write_text(json.dumps({**manifest, "edition_format": EDITION_FORMAT + 1}))
    refused = kurasi(copy, "verify", str(copy))
    assert refused.code == 2
    assert refused.err.count("\n") == 1 and "verify it with a newer one" in refused.err


def test_thirty_posts_lead_to_the_delivered_bytes(edition: Edition, tmp_path: Path) -> None:
    archive = restricted(edition) / "deliveries"
    checks = list(trace(edition.path / "evidence", archive, 30, seed=4))
    assert len(checks) == 30 and all(check["ok"] for check in checks)
    evidence = tmp_path / "evidence"
    writable_copy(edition.path / "evidence", evidence)
    edit(
        "observations", lambda rows: [add("like_count")([row]) for row in rows if row["like_count"]]
    )(evidence)
    told = list(trace(evidence, archive, 30, seed=4))
    # An export of YouTube need not report likes.
    assert not [c for c in told if c["ok"] and not c["check"].startswith("trace youtube")]


def test_the_command_verifies_from_anywhere(
    edition: Edition, copy: Path, tmp_path: Path, kurasi: Kurasi
) -> None:
    nowhere = tmp_path / "nowhere"
    sound = kurasi(nowhere, "--json", "verify", str(copy))
    assert (sound.code, sound.json["ok"]) == (0, True), sound.err
    traced = kurasi(
        nowhere, "--json", "verify", str(restricted(edition)), "--trace", "3", "--seed", "1"
    )
    assert (traced.code, len(traced.json["checks"])) == (0, 7)
    (copy / "README.md").write_text("changed")
    changed = kurasi(nowhere, "--json", "verify", str(copy))
    assert (changed.code, changed.json["ok"]) == (1, False)
    assert "README.md was changed" in str(changed.json["checks"])
    none = kurasi(nowhere, "verify", str(tmp_path))
    assert none.code == 2 and none.err.count("\n") == 1


def test_a_folder_that_is_no_edition_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotVerifiable, match="no edition"):
        verify(tmp_path)
