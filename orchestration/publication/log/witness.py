"""Watch a log of Kurasi, so that its history can't be rewritten without being noticed.

    python3 -I witness.py LOG KEPT [--edition FOLDER] [--receipt FILE] [--sign KEY --name NAME]

LOG is a copy of the folder `published/log` of whoever publishes the rankings. KEPT is a file of
yours, somewhere the publisher can't write: this program keeps there the newest head that it saw.

A log is a list of lines; each says that a file was received, that a list of accounts or a policy is
in force, that a file was erased, or that an edition was published, with its hash. Its head, the
file `checkpoint`, is three lines: the log's name, how many lines it has, and one hash over all of
them. Lines may be added, and nothing else: if one line that your head holds is changed, moved or
left out, the hash over as many lines comes out differently, and this program refuses the log.

Each time it looks:

- whether the log is whole, and its head is that of its lines;
- whether it goes on from the head in KEPT; then the new head is kept in its place;
- with --edition, whether the edition is the one in the log, and its files are as published;
- with --receipt, whether the line of the receipt stands in the log where the receipt says;
- with --sign, it then signs the head with your SSH key (ssh-keygen), into a file beside KEPT.

Whom does it protect? Two people who keep heads and compare them find a publisher who shows each of
them another history. One who keeps a head finds a history that was rewritten later. Nobody finds
by it a file that was never taken into the log: who sends one should ask for its receipt.

It needs Python 3.9 and nothing else, only reads LOG, and uses no network. It ends with 0 where all
is as it should be, with 1 where it refuses something, and with 2 where the call is wrong.

Formats: the tree is that of RFC 6962, the head the text of https://c2sp.org/tlog-checkpoint (no
signature of the log itself), what is signed the text of https://c2sp.org/tlog-cosignature for
Ed25519, and the signature that of `ssh-keygen -Y sign` with the namespace `kurasi-log`.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

NAMESPACE = "kurasi-log"
#: What comes before the head in what a witness signs.
COSIGNED = re.compile(r"\Acosignature/v1\ntime (0|[1-9][0-9]*)\n")
#: When a line was written: UTC, so that texts are in the order of times.
INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
#: Clocks differ by so many seconds.
CLOCK_GRACE = 15 * 60


class Refused(Exception):
    """Something is not as it should be; the text says what."""


class Head(NamedTuple):
    """The head of a log: its name, its number of lines, and the hash over them in Base64."""

    origin: str
    size: int
    root: str

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{self.root}\n"


# ------------------------------------------------------------------------------ the tree (RFC 6962)


def leaf_hash(line: bytes) -> bytes:
    return hashlib.sha256(b"\0" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def left_of(count: int) -> int:
    """A tree of several leaves has so many in its left half: the largest power of two below."""
    return 1 << (count - 1).bit_length() - 1


def root_of(hashes: list[bytes]) -> bytes:
    """The hash over lines, of which these are the hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = left_of(len(hashes))
    return node_hash(root_of(hashes[:left]), root_of(hashes[left:]))


def root_by_proof(found: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The hash over `size` lines, of which the one at `index` has the hash `found`.

    The proof has the hashes of the other halves, the smallest first.
    """
    if not 0 <= index < size or bool(proof) != (size > 1):
        raise Refused("the receipt's proof is no proof of its place")
    if size == 1:
        return found
    left = left_of(size)
    *inner, beside = proof
    if index < left:
        return node_hash(root_by_proof(found, index, left, inner), beside)
    return node_hash(beside, root_by_proof(found, index - left, size - left, inner))


def as_base64(found: bytes) -> str:
    return base64.b64encode(found).decode()


# ----------------------------------------------------------------------------------- heads, the log


def read_head(path: Path) -> Head:
    """The head in a file; of a cosignature the one that it signs."""
    return head_of(_text(path), path)


def head_of(text: str, path: Path) -> Head:
    lines = COSIGNED.sub("", text, count=1).split("\n")
    is_size = len(lines) == 4 and re.fullmatch("0|[1-9][0-9]{0,15}", lines[1])
    if not is_size or not lines[0] or lines[3]:
        raise Refused(f"{path} holds no head of a log")
    try:
        is_hash = len(base64.b64decode(lines[2], validate=True)) == 32
    except binascii.Error:
        is_hash = False
    if not is_hash:
        raise Refused(f"{path} holds no head of a log")
    return Head(lines[0], int(lines[1]), lines[2])


class Log:
    """The lines of a log's folder, and its newest head."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.head = read_head(folder / "checkpoint")
        lines: list[bytes] = []
        for path in sorted((folder / "leaves").glob("*.jsonl")):
            content = path.read_bytes()
            found = content.split(b"\n")[:-1]
            name = f"{len(lines):08}-{len(lines) + len(found):08}.jsonl"
            if path.name != name or not content.endswith(b"\n"):
                raise Refused(f"{path} is not what its name says: lines are missing, or too many")
            lines += found
        if len(lines) < self.head.size:
            raise Refused(
                f"{folder} has {len(lines)} lines, and its own head says {self.head.size}"
            )
        # What comes after the head is being written.
        self.lines = lines[: self.head.size]
        self._hashes = [leaf_hash(line) for line in self.lines]
        if not self.holds(self.head):
            raise Refused(f"{folder}: its head is not that of its lines")
        self.facts = [self._fact(index, line) for index, line in enumerate(self.lines)]
        if not self.facts or self.facts[0].get("origin") != self.head.origin:
            raise Refused(f"{folder}: its first line names another log than its head")
        times = [fact["logged_at"] for fact in self.facts]
        if times != sorted(times):
            raise Refused(f"{folder}: a line says that it was written before the line above it")

    def _fact(self, index: int, line: bytes) -> dict[str, Any]:
        try:
            fact = dict(json.loads(line))
            if not INSTANT.fullmatch(fact["logged_at"]):
                raise ValueError
            return fact
        except (ValueError, KeyError, TypeError):
            raise Refused(f"{self.folder}: line {index} says nothing that is known") from None

    def holds(self, head: Head) -> bool:
        """Whether a head is that of this log's first lines."""
        return head.size <= len(self._hashes) and head.root == as_base64(
            root_of(self._hashes[: head.size])
        )

    def goes_on_from(self, kept: Head) -> None:
        """Refuse a log that is not the one of a kept head with lines added."""
        if kept.origin != self.head.origin:
            raise Refused(
                f"another log: the head you kept is of {kept.origin}, and this one is "
                f"{self.head.origin}"
            )
        if kept.size > self.head.size:
            raise Refused(
                f"rewind: the head you kept has {kept.size} lines, and the log has "
                f"{self.head.size} now; it must never shrink"
            )
        if not self.holds(kept):
            raise Refused(
                f"fork: the first {kept.size} lines of the log are not those of the head you kept; "
                "its history was rewritten"
            )

    def edition_at(self, edition_id: str) -> tuple[int, str]:
        """Where an edition stands in the log, and the hash of the manifest with which it does."""
        for index, fact in enumerate(self.facts):
            if fact.get("kind") == "edition" and fact.get("edition_id") == edition_id:
                return index, str(fact["manifest_sha256"])
        raise Refused(f"{edition_id} is not in the log")


def seconds_of(instant: str) -> float:
    """An instant of the log in seconds since 1970."""
    try:
        return datetime.strptime(instant, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError:
        raise Refused(f"the log's newest line was written at no time: {instant}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "it is no text"
        raise Refused(f"{path} can't be read: {why}") from None


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused(f"{path} is not what it should be")
    return found


# ------------------------------------------------------------------------------- what is looked at


def check(log: Log, kept: Path) -> str:
    """Hold the log to the head that was kept, and keep its newest one."""
    if not kept.exists():
        _keep(kept, log.head.text)
        return f"first look at {log.head.origin}: its head of {log.head.size} lines is kept"
    before = read_head(kept)
    log.goes_on_from(before)
    _keep(kept, log.head.text)
    return (
        f"{log.head.origin} goes on from the head you kept: {before.size} lines then, "
        f"{log.head.size} now"
    )


def check_edition(log: Log, folder: Path) -> str:
    """Hold an edition to the log, and its files to its manifest."""
    manifest = _document(folder / "manifest.json")
    edition_id = str(manifest.get("edition_id"))
    index, expected = log.edition_at(edition_id)
    if hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() != expected:
        raise Refused(
            f"{edition_id} is not the edition that was published under this name: line {index} of "
            "the log has another hash of its manifest"
        )
    for name, entry in manifest["files"].items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            found = None
        if found != entry["sha256"]:
            raise Refused(f"{edition_id}: {name} is not the file that was published")
    return f"{edition_id} is line {index} of the log, and its files are as published"


def check_receipt(log: Log, path: Path) -> str:
    """Hold a receipt to itself and to the log."""
    receipt = _document(path)
    try:
        head = Head(str(receipt["origin"]), int(receipt["size"]), str(receipt["root"]))
        line = str(receipt["leaf"]).encode()
        index = int(receipt["index"])
        proof = [base64.b64decode(each, validate=True) for each in receipt["proof"]]
        fact = json.loads(line)
    except (KeyError, TypeError, ValueError):
        raise Refused(f"{path} is no receipt, or was not in the log yet when it was made") from None
    if as_base64(root_by_proof(leaf_hash(line), index, head.size, proof)) != head.root:
        raise Refused(f"{path}: its line is not part of the head that it names")
    try:
        log.goes_on_from(head)
    except Refused as problem:
        raise Refused(f"{path}: for the head of this receipt the log is a {problem}") from None
    what = fact.get("edition_id") or f"the file with SHA-256 {fact.get('sha256')}"
    later = _since(log, index, fact)
    return f"{what} is line {index} of the log, written {fact['logged_at']}{later}"


def _since(log: Log, index: int, fact: dict[str, Any]) -> str:
    """What the log says of the same delivery or file after a line."""
    for number in range(len(log.facts) - 1, index, -1):
        other = log.facts[number]
        if "delivery_id" in fact and other.get("delivery_id") == fact["delivery_id"]:
            return f"; since line {number} it says of it: {other['kind']}"
        if other.get("kind") == "tombstone" and other.get("sha256") == fact.get("sha256"):
            return f"; by line {number} it was erased"
    return ""


def cosign(log: Log, folder: Path, key: Path, name: str) -> str:
    """Sign the log's head, with the time by this machine's clock; returns what was written."""
    if not re.fullmatch(r"[A-Za-z0-9._@-]+", name):
        raise Refused("--name takes letters, digits, `.`, `_`, `-` and `@`")
    now = int(time.time())
    if seconds_of(log.facts[-1]["logged_at"]) > now + CLOCK_GRACE:
        raise Refused("the log's newest line says it was written later than it is by your clock")
    path = folder / f"{log.head.size:08}.{name}.cosignature"
    signature = path.with_name(f"{path.name}.sig")
    _keep(path, f"cosignature/v1\ntime {now}\n{log.head.text}")
    signature.unlink(missing_ok=True)
    try:
        done = subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)],
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise Refused("ssh-keygen is not there; it comes with OpenSSH") from None
    if done.returncode or not signature.exists():
        path.unlink()
        raise Refused(f"ssh-keygen did not sign: {' '.join(done.stderr.split())}")
    return f"signed by {name}: {path} and {signature.name}"


def _keep(path: Path, text: str) -> None:
    """Write a file so that it is the old one or the new one, whatever happens."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def main() -> int:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("log", type=Path, metavar="LOG")
    words.add_argument("kept", type=Path, metavar="KEPT")
    words.add_argument("--edition", type=Path, metavar="FOLDER", action="append", default=[])
    words.add_argument("--receipt", type=Path, metavar="FILE", action="append", default=[])
    words.add_argument("--sign", type=Path, metavar="KEY", help="your private SSH key")
    words.add_argument("--name", metavar="NAME", help="who signs, as in allowed_signers")
    asked = words.parse_args()
    if bool(asked.sign) != bool(asked.name):
        words.error("--sign and --name belong together")
    if not asked.log.is_dir():
        words.error(f"{asked.log} is no folder; LOG is a copy of published/log")
    try:
        log = Log(asked.log)
        print("ok:", check(log, asked.kept))
        for folder in asked.edition:
            print("ok:", check_edition(log, folder))
        for path in asked.receipt:
            print("ok:", check_receipt(log, path))
        if asked.sign:
            print("ok:", cosign(log, asked.kept.parent, asked.sign, asked.name))
    except (Refused, OSError) as problem:
        print("REFUSED:", problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
