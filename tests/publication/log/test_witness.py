"""Frauds against whoever kept a head: each is found by `witness.py` alone, in processes with stores
of their own, and by `kurasi verify --head`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from ingest.storage import archive_bytes
from orchestration.publication.formats import json_bytes
from orchestration.publication.log import witness as program
from orchestration.publication.log.against_head import check_head, check_witnesses
from orchestration.publication.log.receipts import receipts
from orchestration.publication.log.record import contradictions, record
from orchestration.publication.log.store import log_folder, read_log
from orchestration.publication.log.tree import Tree
from orchestration.publication.publish import Edition, Request, publish
from tests.conftest import Kurasi
from tests.copies import writable_copy
from tests.publication.conftest import AUGUST

Facts = list[dict[str, Any]]


@pytest.fixture
def home(edition: Edition, tmp_path: Path) -> Home:
    """A home from which an edition was published."""
    return Home(writable_copy(edition.path.parents[2], tmp_path / "home"))


@pytest.fixture
def published(home: Home) -> Path:
    """The folder of its edition."""
    return home.published / "2025-08" / "2025-08-provisional-1"


def look(log: Path, kept: Path, *more: str | Path) -> tuple[int, str]:
    """Run the witness's program as a stranger does, from the edition or from anywhere."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", program.__file__, log, kept, *more],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def lines_of(log: Path) -> list[bytes]:
    return [
        line
        for path in sorted((log / "leaves").iterdir())
        for line in path.read_bytes().splitlines()
    ]


def facts_of(log: Path) -> Facts:
    return [json.loads(line) for line in lines_of(log)]


def rewrite(log: Path, facts: Facts) -> None:
    """Write a log anew, sound in itself, as one does who rewrites history."""
    lines = [json.dumps(fact, sort_keys=True, separators=(",", ":")).encode() for fact in facts]
    shutil.rmtree(log)
    (log / "leaves").mkdir(parents=True)
    path = log / "leaves" / f"{0:08}-{len(lines):08}.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    root = program.as_base64(Tree(lines).root(len(lines)))
    head = program.Head(facts[0]["origin"], len(lines), root)
    (log / "checkpoint").write_text(head.text)


def without_a_delivery(facts: Facts) -> Facts:
    return facts[:5] + facts[6:]


def with_a_registry_that_was_always_there(facts: Facts) -> Facts:
    at = next(i for i, fact in enumerate(facts) if fact["kind"] == "registry")
    return [*facts[:at], {**facts[at], "sha256": "0" * 64}, *facts[at + 1 :]]


def with_another_policy_from_the_first(facts: Facts) -> Facts:
    at = next(i for i, fact in enumerate(facts) if fact["kind"] == "policy")
    return [*facts[:at], {**facts[at], "sha256": "0" * 64}, *facts[at + 1 :]]


def with_another_edition_under_its_name(facts: Facts) -> Facts:
    return [*facts[:-1], {**facts[-1], "manifest_sha256": "0" * 64}]


def with_an_earlier_capture(facts: Facts) -> Facts:
    return [*facts[:3], {**facts[3], "captured_at": "2025-08-01T00:00:00Z"}, *facts[4:]]


def in_another_order(facts: Facts) -> Facts:
    return [facts[0], facts[2], facts[1], *facts[3:]]


def as_another_log(facts: Facts) -> Facts:
    return [{**facts[0], "origin": "kurasi/0000000000000000"}, *facts[1:]]


FRAUDS: dict[Callable[[Facts], Facts], str] = {
    without_a_delivery: "rewind",
    with_a_registry_that_was_always_there: "fork",
    with_another_policy_from_the_first: "fork",
    with_another_edition_under_its_name: "fork",
    with_an_earlier_capture: "fork",
    in_another_order: "fork",
    as_another_log: "another log",
}


@pytest.mark.parametrize(("fraud", "name"), FRAUDS.items())
def test_a_rewritten_history_is_found_by_whoever_kept_a_head(
    home: Home, published: Path, tmp_path: Path, fraud: Callable[[Facts], Facts], name: str
) -> None:
    log, kept = log_folder(home), tmp_path / "kept"
    assert look(log, kept)[0] == 0
    head = kept.read_bytes()
    rewrite(log, fraud(facts_of(log)))
    code, told = look(log, kept)
    assert (code, told.split(":")[0], told.split(":")[1].strip()) == (1, "REFUSED", name)
    assert kept.read_bytes() == head, "the head from before is kept"
    failed = {each["check"]: each for each in check_head(published, log, kept) if not each["ok"]}
    assert failed["head"]["detail"].startswith(name)
    # Who never looked before takes the forged log for the true one: it is sound in itself.
    assert look(log, tmp_path / "another")[0] == 0


def test_a_forged_log_that_grew_again_is_found_too(home: Home, tmp_path: Path) -> None:
    log, kept = log_folder(home), tmp_path / "kept"
    look(log, kept)
    facts = without_a_delivery(facts_of(log))
    rewrite(log, [*facts, facts[-1], facts[-1]])
    code, told = look(log, kept)
    assert code == 1 and "fork: the first" in told


def test_two_witnesses_who_are_shown_different_histories_find_out(
    home: Home, tmp_path: Path
) -> None:
    true, forged = log_folder(home), tmp_path / "forged"
    shutil.copytree(true, forged)
    rewrite(forged, with_an_earlier_capture(facts_of(forged)))
    mine, theirs = tmp_path / "mine" / "kept", tmp_path / "theirs" / "kept"
    mine.parent.mkdir()
    theirs.parent.mkdir()
    for _ in range(2):  # each is content with what it is shown
        assert look(true, mine)[0] == 0
        assert look(forged, theirs)[0] == 0
    assert "fork" in look(true, theirs)[1]
    assert "fork" in look(forged, mine)[1]


def test_an_honest_log_goes_on_and_a_shorter_one_is_a_rewind(home: Home, tmp_path: Path) -> None:
    log, kept, before = log_folder(home), tmp_path / "kept", tmp_path / "before"
    shutil.copytree(log, before)
    look(log, kept)
    with (home.registry / "accounts.csv").open("a") as accounts:
        accounts.write("\n")
    archive_bytes(home, (home.registry / "accounts.csv").read_bytes())
    size = record(home).size
    assert look(log, kept) == (
        0,
        f"ok: {read_log(log).origin} goes on from the head you kept: "  # type: ignore[union-attr]
        f"{size - 1} lines then, {size} now\n",
    )
    code, told = look(before, kept)
    assert code == 1 and "rewind" in told


def test_lines_that_no_head_counts_yet_are_no_fraud(home: Home, tmp_path: Path) -> None:
    log, kept = log_folder(home), tmp_path / "kept"
    look(log, kept)
    size = len(lines_of(log))
    extra = log / "leaves" / f"{size:08}-{size + 1:08}.jsonl"
    extra.write_bytes(lines_of(log)[-1] + b"\n")
    assert look(log, kept)[0] == 0


def test_an_edition_that_was_replaced_under_its_name_is_found(
    home: Home, published: Path, tmp_path: Path
) -> None:
    log, kept = log_folder(home), tmp_path / "kept"
    assert look(log, kept, "--edition", published)[0] == 0
    shutil.copytree(published, tmp_path / published.name)
    (published / "README.md").write_text("another")
    code, told = look(log, kept, "--edition", published)
    assert code == 1 and "README.md is not the file that was published" in told
    manifest = json.loads((published / "manifest.json").read_bytes())
    manifest["files"]["README.md"] = {"bytes": 7, "sha256": hashlib.sha256(b"another").hexdigest()}
    (published / "manifest.json").write_bytes(json_bytes(manifest))
    code, told = look(log, kept, "--edition", published)
    assert code == 1 and "is not the edition that was published under this name" in told
    (failed,) = [each for each in check_head(published, log, kept) if not each["ok"]]
    assert failed["check"] == "log_edition"
    assert [line.split(", and ")[0] for line in contradictions(home)] == [
        f"line {len(lines_of(log)) - 1} of the log says that {published.name} was published"
    ]


def test_a_receipt_is_worth_something_without_the_home(
    home: Home, published: Path, tmp_path: Path
) -> None:
    office = next(path.name for path in sorted(home.inbox.iterdir()) if path.is_dir())
    given = receipts(home, office)
    assert given
    path = tmp_path / "receipt.json"
    path.write_bytes(json_bytes(given[0]))
    log, kept = log_folder(home), tmp_path / "kept"
    code, told = look(log, kept, "--receipt", path)
    assert code == 0
    assert f"the file with SHA-256 {given[0]['sha256']} is line {given[0]['index']}" in told
    for change in ({"index": given[0]["index"] + 1}, {"leaf": "{}"}, {"proof": []}):
        path.write_bytes(json_bytes({**given[0], **change}))
        code, told = look(log, kept, "--receipt", path)
        assert code == 1 and "REFUSED" in told
    # The publisher forgets the delivery and writes the log anew; nobody but the office looked.
    path.write_bytes(json_bytes(given[0]))
    facts = facts_of(log)
    rewrite(log, [fact for fact in facts if fact.get("delivery_id") != given[0]["delivery_id"]])
    code, told = look(log, tmp_path / "another", "--receipt", path)
    assert code == 1 and "for the head of this receipt the log is a rewind" in told
    of_edition = published.with_name(f"{published.name}.receipt.json")
    code, told = look(log, tmp_path / "another", "--receipt", of_edition)
    assert code == 1


def test_a_delivery_left_out_of_an_edition_is_found(
    home: Home, published: Path, tmp_path: Path
) -> None:
    """The log is honest; the evidence and the rankings of the next edition lack a delivery."""
    log, head = log_folder(home), tmp_path / "head"
    head.write_bytes((log / "checkpoint").read_bytes())
    assert all(each["ok"] for each in check_head(published, log, head))

    def sources() -> str:
        told = {each["check"]: each for each in check_head(published, log, head)}
        assert not told["log_sources"]["ok"]
        return str(told["log_sources"]["detail"])

    path = published / "evidence" / "deliveries.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    of_august = [row for row in rows if row["captured_at"] > "2025-08-10"]
    kept = [row for row in rows if row != of_august[0]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    left_out = of_august[0]["delivery_id"]
    assert sources() == f"delivery {left_out} was logged before the edition and is not in it"
    # And one that never came.
    rows[0]["sha256"] = "0" * 64
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert f"delivery {rows[0]['delivery_id']} was not logged before" in sources()


def test_what_is_told_to_be_attested_is_held_to_the_log(
    home: Home, published: Path, tmp_path: Path
) -> None:
    log = log_folder(home)

    def failed() -> list[str]:
        told = check_head(published, log, log / "checkpoint")
        return [str(each["detail"]) for each in told if not each["ok"]]

    intervals, shares = (published / "attested" / name for name in ("intervals.csv", "shares.csv"))
    first, second = intervals.read_text(), shares.read_text()
    assert ",false\n" in first and failed() == []
    intervals.write_text(first.replace(",false\n", ",true\n", 1))
    assert [text.split(" of ")[0] for text in failed()] == ["is_attested"]
    logged = facts_of(log)[1]["logged_at"]
    intervals.write_text(first.replace(logged, "2025-08-05T00:00:00Z", 1))
    assert "is not what intervals.csv says of" in failed()[0]
    intervals.write_text(first)
    shares.write_text(second.replace(",0,0\n", ",1,50\n", 1))
    assert "is not 50 percent" in failed()[0]


def test_an_older_log_beside_a_newer_edition_is_refused(home: Home, published: Path) -> None:
    """A backup of the log alone, from before the edition, must not be gone on from."""
    log = log_folder(home)
    rewrite(log, facts_of(log)[:20])
    with pytest.raises(Exception, match=f"lines that were there when {published.name} was"):
        record(home)


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """SSH keys: of two witnesses, a second one of the first, and of nobody in particular."""
    made = {}
    for name in ("ntt", "bali", "ntt-too", "stranger"):
        path = tmp_path / "keys" / name
        path.parent.mkdir(exist_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], check=True
        )
        made[name] = path
    allowed = [
        f'{name} namespaces="kurasi-log" {made[key].with_suffix(".pub").read_text()}'
        for name, key in (("ntt", "ntt"), ("bali", "bali"), ("ntt", "ntt-too"))
    ]
    made["allowed"] = tmp_path / "keys" / "allowed_signers"
    made["allowed"].write_text("".join(allowed))
    return made


def signed(log: Path, folder: Path, key: Path, name: str) -> tuple[int, str]:
    """Look and sign, in a process with a store of its own, and put the signature beside."""
    own = folder.parent / f"of-{name}-{key.name}"
    own.mkdir(exist_ok=True)
    code, told = look(log, own / "kept", "--sign", key, "--name", name)
    for path in own.glob("*.cosignature*"):
        shutil.copy(path, folder)
    return code, told


def test_a_quorum_is_of_different_witnesses_with_the_right_keys(
    home: Home, published: Path, tmp_path: Path, keys: dict[str, Path]
) -> None:
    log, folder = log_folder(home), tmp_path / "signatures"
    folder.mkdir()
    head = folder / "head"
    head.write_bytes((log / "checkpoint").read_bytes())

    def counted(quorum: int) -> tuple[bool, str]:
        found = check_witnesses(published, log, head, keys["allowed"], quorum)
        return found["ok"], found["detail"]

    assert counted(1) == (False, "0 of 1 asked for")
    assert signed(log, folder, keys["ntt"], "ntt")[0] == 0
    ok, told = counted(1)
    assert ok and told.startswith("1 of 1 asked for; ntt at 2")
    # The same person with a second key, and somebody else under the name of a witness.
    signed(log, folder, keys["ntt-too"], "ntt-again")
    signed(log, folder, keys["stranger"], "bali")
    ok, told = counted(2)
    assert not ok and told.startswith("1 of 2 asked for")
    assert "is signed with a key that allowed_signers does not name" in told
    signed(log, folder, keys["bali"], "bali")
    assert counted(2)[0]
    # A signature is of one text.
    path = next(folder.glob("*.bali.cosignature"))
    path.write_text(path.read_text().replace("time 1", "time 2", 1))
    ok, told = counted(2)
    assert not ok and "the signature is not bali's under this text" in told


def test_a_head_from_before_the_edition_says_nothing_of_it(
    home: Home, published: Path, tmp_path: Path, keys: dict[str, Path]
) -> None:
    log, folder, before = log_folder(home), tmp_path / "signatures", tmp_path / "before"
    folder.mkdir()
    shutil.copytree(log, before)
    rewrite(before, facts_of(before)[:-1])
    signed(before, folder, keys["ntt"], "ntt")
    (head,) = folder.glob("*.cosignature")
    told = {each["check"]: each for each in check_head(published, log, head)}
    assert all(each["ok"] for each in told.values())
    assert "came after this head, which says nothing of it" in told["log_edition"]["detail"]
    found = check_witnesses(published, log, head, keys["allowed"], 1)
    assert not found["ok"] and "is of a head before the edition" in found["detail"]


def test_a_fork_that_a_witness_signed_is_told_whatever_the_quorum(
    home: Home, published: Path, tmp_path: Path, keys: dict[str, Path]
) -> None:
    log, folder, forged = log_folder(home), tmp_path / "signatures", tmp_path / "forged"
    folder.mkdir()
    shutil.copytree(log, forged)
    rewrite(forged, with_an_earlier_capture(facts_of(forged)))
    signed(log, folder, keys["ntt"], "ntt")
    signed(forged, folder, keys["bali"], "bali")
    head = folder / "head"
    head.write_bytes((log / "checkpoint").read_bytes())
    found = check_witnesses(published, log, head, keys["allowed"], 1)
    assert (
        not found["ok"]
        and "bali signed a head, and for that the log is a fork" in (found["detail"])
    )


def test_a_witness_signs_no_line_of_the_future(
    home: Home, tmp_path: Path, keys: dict[str, Path]
) -> None:
    log = log_folder(home)
    facts = facts_of(log)
    rewrite(log, [*facts[:-1], {**facts[-1], "logged_at": "2099-01-01T00:00:00Z"}])
    code, told = look(log, tmp_path / "kept", "--sign", keys["ntt"], "--name", "ntt")
    assert code == 1 and "later than it is by your clock" in told
    assert not list(tmp_path.glob("*.cosignature*"))
    rewrite(log, [*facts[:-1], {**facts[-1], "logged_at": "2001-01-01T00:00:00Z"}])
    code, told = look(log, tmp_path / "another")
    assert code == 1 and "written before the line above it" in told


def test_the_calls_of_the_command(
    home: Home, published: Path, tmp_path: Path, keys: dict[str, Path], kurasi: Kurasi
) -> None:
    head = tmp_path / "head"
    head.write_bytes((log_folder(home) / "checkpoint").read_bytes())
    done = kurasi(home.root, "verify", published.name, "--head", str(head), "--json")
    assert done.code == 0
    assert [each["check"] for each in done.json["checks"]][-5:] == [
        "log",
        "head",
        "log_edition",
        "log_sources",
        "attested",
    ]
    allowed = str(keys["allowed"])
    done = kurasi(home.root, "verify", published.name, "--head", str(head), "--witnesses", allowed)
    assert done.code == 1 and "0 of 1 asked for" in done.out
    done = kurasi(home.root, "verify", published.name, "--witnesses", allowed)
    assert done.code == 2 and "--witnesses needs --head" in done.err
    done = kurasi(home.root, "verify", str(published / "evidence"), "--head", str(head))
    assert done.code == 2 and "only an edition stands in the log" in done.err
    restricted = home.published / "restricted" / published.name
    assert kurasi(home.root, "verify", str(restricted), "--head", str(head)).code == 0

    office = next(path.name for path in sorted(home.inbox.iterdir()) if path.is_dir())
    out = tmp_path / "for the office"
    done = kurasi(home.root, "receipts", "--office", office, "--out", str(out), "--json")
    assert done.code == 0 and done.json == receipts(home, office)
    assert {path.stem for path in out.iterdir()} == {each["delivery_id"] for each in done.json}
    done = kurasi(home.root, "receipts", "--office", "nobody")
    assert done.code == 2 and "no delivery of nobody" in done.err
    rewrite(log_folder(home), facts_of(log_folder(home))[:-2])
    done = kurasi(home.root, "doctor")
    assert done.code == 1 and "restore published/log from the newest backup" in done.out


def test_an_edition_tells_its_head_and_brings_the_program(home: Home, published: Path) -> None:
    assert (published / "witness.py").read_bytes() == Path(program.__file__).read_bytes()
    run = json.loads((published / "run.json").read_bytes())
    log = read_log(log_folder(home))
    assert log and run["log"] == {**log.head_at(log.size - 1)._asdict(), "came_later": []}
    again, is_new = publish(home, AUGUST, Request(), "again")
    assert not is_new and again.path == published
    assert read_log(log_folder(home)).lines == log.lines  # type: ignore[union-attr]
