"""An edition against a head of the log that somebody kept elsewhere, and against who signed it.

What belongs here: the checks of `kurasi verify --head`, each with its outcome. What does not: the
edition against itself (`../verify.py`), and what a stranger does without this software, which is
`witness.py`; the log is read here as it is there.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.publication.log.attested import attests
from orchestration.publication.log.facts import instant, key
from orchestration.publication.log.record import head_of as named_head
from orchestration.publication.log.witness import (
    COSIGNED,
    NAMESPACE,
    Head,
    Log,
    Refused,
    head_of,
    read_head,
)
from orchestration.publication.month import next_month, start_of

Check = dict[str, Any]
_SHOWN = 5
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
#: What the evidence and the log both say of a delivery.
_SAID = ("delivery_id", "sha256", "captured_at", "captured_at_source", "received_at")


def check_head(folder: Path, log: Path, head: Path) -> list[Check]:
    """Hold an edition, and the log that it stands in, to a head that was kept.

    Args:
        folder: an edition, or its restricted tier.
        log: the log's folder.
        head: a file with a head, or a cosignature of one.

    Returns:
        One `{check, ok, detail}` per check.
    """
    try:
        found = Log(log)
    except Refused as problem:
        return [{"check": "log", "ok": False, "detail": str(problem)}]

    def whole() -> str:
        return f"{found.head.size} lines, root {found.head.root}"

    def kept() -> str:
        before = read_head(head)
        found.goes_on_from(before)
        return f"its first {before.size} lines are those of this head"

    checks: dict[str, Callable[[], str]] = {
        "log": whole,
        "head": kept,
        "log_edition": lambda: _edition(found, folder, head),
        "log_sources": lambda: _listed(_sources(found, folder)) + _later(folder),
        "attested": lambda: _listed(_attested(found, folder)),
    }
    return [_outcome(name, check) for name, check in checks.items()]


def check_witnesses(folder: Path, log: Path, head: Path, allowed: Path, quorum: int) -> Check:
    """Whether enough witnesses signed a head of the log that holds the edition.

    Args:
        folder: an edition, or its restricted tier.
        log: the log's folder.
        head: the cosignatures lie beside it, `*.cosignature` with `*.cosignature.sig`.
        allowed: who may sign, in the format of `ssh-keygen` (`allowed_signers`).
        quorum: how many different ones must have.
    """

    def signed() -> str:
        found = Log(log)
        at, _ = found.edition_at(_manifest(folder)["edition_id"])
        counted: list[tuple[str, bytes, str]] = []
        others: list[str] = []
        for path in sorted(head.parent.glob("*.cosignature")):
            try:
                signer, public_key = _signer(path, allowed)
                of, time = _cosigned(path)
            except Refused as problem:
                others.append(str(problem))
                continue
            try:
                found.goes_on_from(of)
            except Refused as problem:
                raise Refused(
                    f"{signer} signed a head, and for that the log is a {problem}"
                ) from None
            if of.size <= at:
                others.append(f"{path.name} is of a head before the edition")
            else:
                counted.append((signer, public_key, time))
        # Nobody counts twice: neither with two keys, nor with two names for one.
        count = min(len({name for name, _, _ in counted}), len({each for _, each, _ in counted}))
        names = [f"{name} at {time}" for name, _, time in counted]
        told = f"{count} of {quorum} asked for" + "".join(f"; {each}" for each in names + others)
        if count < quorum:
            raise Refused(told)
        return told

    return _outcome("witnesses", signed)


def _outcome(name: str, check: Callable[[], str]) -> Check:
    try:
        return {"check": name, "ok": True, "detail": check()}
    except (Refused, OSError, ValueError, LookupError, TypeError) as problem:
        detail = str(problem) if isinstance(problem, Refused) else f"can't be read: {problem}"
        return {"check": name, "ok": False, "detail": " ".join(detail.split())}


def _listed(problems: Iterator[str]) -> str:
    """The outcome of a check that can find several things."""
    found = list(problems)
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise Refused("; ".join(found[:_SHOWN]) + more)
    return "as it should be"


def _edition(log: Log, folder: Path, head: Path) -> str:
    """The edition stands in the log under its name with its manifest, after the head it names."""
    edition_id = _manifest(folder)["edition_id"]
    index, expected = log.edition_at(edition_id)
    if hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() != expected:
        raise Refused(f"line {index} of the log has another manifest under the name {edition_id}")
    before = named_head(_run(folder))
    if before and (before.size > index or not log.holds(before)):
        raise Refused("run.json names a head that the log did not have before this edition")
    if index < read_head(head).size:
        return f"line {index}, which this head holds"
    return f"line {index}; it came after this head, which says nothing of it"


def _sources(log: Log, folder: Path) -> Iterator[str]:
    """What the edition is made from was logged before it, and what was logged is in it."""
    manifest, run = _manifest(folder), _run(folder)
    index, _ = log.edition_at(manifest["edition_id"])
    before = named_head(run)
    if before is None:  # of the restricted tier, or published before there was a log
        return
    policies = {
        (fact["policy_id"], fact["sha256"])
        for fact in log.facts[:index]
        if fact["kind"] == "policy"
    }
    for policy_id, sha256 in manifest["policies"].items():
        if (policy_id, sha256) not in policies:
            yield f"the policy {policy_id} was not logged before the edition"
    with (folder / "evidence" / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        listed = {tuple(row[name] for name in _SAID) for row in csv.DictReader(file)}
    logged = {
        tuple(fact[name] for name in _SAID)
        for fact in log.facts[:index]
        if fact["kind"] == "delivery"
    }
    for said in sorted(listed - logged):
        yield f"delivery {said[0]} was not logged before the edition as it is told there"
    last = {key(fact): fact for fact in log.facts[: before.size]}
    known = {said[0] for said in listed} | set(run["log"]["came_later"])
    begins, ends = _span(folder)
    for fact in last.values():
        if fact["kind"] != "delivery" or fact["delivery_id"] in known:
            continue
        if begins < fact["captured_at"] and (ends is None or fact["captured_at"] <= ends):
            yield f"delivery {fact['delivery_id']} was logged before the edition and is not in it"


def _later(folder: Path) -> str:
    """What the edition itself says to lack: it was received, and the build was of before."""
    later = _run(folder).get("log", {}).get("came_later", [])
    shown = ", ".join(later[:_SHOWN]) + (", …" if len(later) > _SHOWN else "")
    return f"; received after the build, so not in it: {shown}" if later else ""


def _span(folder: Path) -> tuple[str, str | None]:
    """The captures that an edition lists: after the month's begin in its earliest zone, up to the
    last cut-off; None where one has no limit."""
    told = json.loads((folder / "evidence" / "policies.json").read_bytes())
    first_day, policies = date.fromisoformat(told["month"]), told["policies"]
    ends = [
        start_of(next_month(first_day) + timedelta(days=policy["cutoff_days"]), policy["time_zone"])
        for policy in policies
        if policy["cutoff_days"] is not None
    ]
    begin = min(start_of(first_day, policy["time_zone"]) for policy in policies)
    return instant(begin), instant(max(ends)) if len(ends) == len(policies) else None


def _attested(log: Log, folder: Path) -> Iterator[str]:
    """`attested/` says what the log says, and what follows from it.

    The newest IDs are the delivered files', and the parts of the scores the observations'; only
    their sums and shares are held to anything here.
    """
    if not (folder / "attested").is_dir():  # the restricted tier, or of a former version
        return
    told = _table(folder / "attested" / "intervals.csv")
    deliveries = _table(folder / "evidence" / "deliveries.csv")
    if told["delivery_id"].to_list() != deliveries["delivery_id"].to_list():
        yield "intervals.csv and the evidence list other deliveries"
    for row in told.drop_nulls("log_index").iter_rows(named=True):
        fact = log.facts[int(row["log_index"])]
        if any(fact.get(name) != row[name] for name in ("delivery_id", "captured_at", "logged_at")):
            yield f"line {row['log_index']} is not what intervals.csv says of {row['delivery_id']}"
    instants = pl.col("captured_at", "newest_id_at", "logged_at").str.to_datetime(_INSTANT)
    follows = told.with_columns(instants).with_columns(follows=attests())
    for row in follows.filter((pl.col("is_attested") == "true") != pl.col("follows")).iter_rows(
        named=True
    ):
        yield f"is_attested of {row['delivery_id']} does not follow from its interval"
    yield from _shares(folder)


def _shares(folder: Path) -> Iterator[str]:
    """Each part is one of the score that was published, and its share follows from both."""
    told = _table(folder / "attested" / "shares.csv")
    ranked = _table(folder / "evidence" / "rankings.csv")
    names = ["policy_id", "league", "office_id", "category", "score"]
    if not told.select(names).equals(ranked.select(names)):
        yield "shares.csv has other scores than the rankings"
    for row in told.iter_rows(named=True):
        part, score = int(row["attested_score"]), int(row["score"])
        share = str(part * 100 // score) if score else None
        if not 0 <= part <= score or row["attested_percent"] != share:
            yield f"shares.csv: {part} of {score} is not {row['attested_percent']} percent"


def _table(path: Path) -> pl.DataFrame:
    """A CSV as text; blank is null."""
    return pl.read_csv(path, infer_schema=False)


def _cosigned(path: Path) -> tuple[Head, str]:
    """The head that a cosignature signs, and when (UTC)."""
    text = path.read_text("utf-8")
    found = COSIGNED.match(text)
    if not found:
        raise Refused(f"{path.name} is no cosignature")
    return head_of(text, path), instant(datetime.fromtimestamp(int(found[1]), UTC))


def _signer(path: Path, allowed: Path) -> tuple[str, bytes]:
    """Who signed a cosignature, and the public key.

    Raises:
        Refused: nobody who may, or the text is another one.
    """
    signature = path.with_name(f"{path.name}.sig")
    if not signature.exists():
        raise Refused(f"{path.name} has no signature beside it")
    by_file = ["-s", str(signature), "-f", str(allowed)]
    names = _ssh_keygen("find-principals", *by_file).stdout.decode().split()
    for name in names:
        asked = ["-I", name, "-n", NAMESPACE, *by_file]
        if not _ssh_keygen("verify", *asked, text=path.read_bytes()).returncode:
            return name, _public_key(signature)
    if names:
        raise Refused(f"{path.name}: the signature is not {names[0]}'s under this text")
    raise Refused(f"{path.name} is signed with a key that {allowed.name} does not name")


def _ssh_keygen(call: str, *words: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", call, *words], input=text, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise Refused("ssh-keygen is not there; it comes with OpenSSH") from None


def _public_key(signature: Path) -> bytes:
    """The public key in a signature: after `SSHSIG` and a version, with its length before it."""
    lines = signature.read_text("ascii").split("\n")
    content = base64.b64decode("".join(line for line in lines if "-----" not in line))
    return content[14 : 14 + int.from_bytes(content[10:14], "big")]


def _manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_bytes()))


def _run(folder: Path) -> dict[str, Any]:
    """What `run.json` says; nothing in the restricted tier, which has none."""
    path = folder / "run.json"
    return dict(json.loads(path.read_bytes())) if path.exists() else {}
