"""Reading the delivered files of an edition anew, and comparing what they say with the evidence.

What belongs here: from the restricted tier's files and receipts to what the evidence should hold of
them, and the other way round: that no record of them is left out. What does not: what follows from
the evidence (`recompute.py`), and reading single records by other rules (`trace.py`).

The files are brought into a home that is thrown away, by the same code as any: so a replay finds
evidence that was changed after it was read, records that were dropped or added, and capture times
that no receipt bears out, but no mistake of that code; a trace may.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from ingest import batches, pipeline
from ingest.home import Home
from ingest.receipts import Receipt, deliveries, from_lines, write_receipts
from ingest.regular_files import shown
from ingest.schemas import READ, Contents, Delivery, PostObservation
from ingest.storage import make_folder, read_table
from orchestration.publication import recompute
from orchestration.publication.month import UNREGISTERED

Row = dict[str, Any]
Check = dict[str, Any]
#: A column of the evidence's deliveries, and the ledger's own name for it.
_CLAIMS = {
    "claimed_office_id": "office_id",
    "claimed_account_id": "account_id",
    "covers_from_date": "covers_from",
    "covers_to_date": "covers_to",
}
#: What the evidence says of a delivery and no file tells.
_OF_THE_MONTH = ("use",)
_NAMES = ("platform_account_id", "account_handle")
_ENDS = (
    "oldest_published_at",
    "oldest_published_date",
    "newest_published_at",
    "newest_published_date",
)
#: Evidence of older versions has no receipts beside it.
_WITH_RECEIPTS = 5


def replay(folder: Path) -> Iterator[Check]:
    """Read the delivered files of a restricted tier anew and compare.

    Yields:
        One `{check, ok, detail}` for each table of the evidence that records make.
    """
    with TemporaryDirectory(prefix="kurasi-replay-") as scratch:
        home = Home(Path(scratch))
        read_anew(home, folder)
        yield from compare(home, folder / "evidence")


def read_anew(home: Home, folder: Path) -> None:
    """Bring the files, receipts and tombstones of a restricted tier into a home of their own."""
    make_folder(home.inbox)
    for path in (folder / "deliveries").iterdir():
        _link(path, home.archived(path.name))
    for path in (folder / "tombstones").glob("*.json"):
        _link(path, home.archive / "tombstones" / path.name)
    write_receipts(home, _receipts(folder))
    pipeline.ingest(home)


def compare(home: Home, evidence: Path) -> Iterator[Check]:
    """Hold a folder of evidence against what its files say, read anew into a home."""
    read = _Read(home, evidence)
    comparisons: dict[str, Callable[[], Iterable[str]]] = {
        "replay deliveries": read.deliveries_differ,
        "replay observations": read.observations_differ,
        "replay contents": read.contents_differ,
        "replay rejects": read.rejects_differ,
        "replay withheld": read.withheld_differ,
        "replay: no record left out": read.records_left_out,
    }
    for name, differ in comparisons.items():
        found = list(differ())
        more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
        detail = "; ".join(found[:5]) + more
        yield {"check": name, "ok": not found, "detail": detail or read.told}


def receipts_differ(folder: Path) -> Iterator[str]:
    """The receipts bear out what the evidence says of each delivery: when it came, from whom."""
    evidence = folder / "evidence"
    version = json.loads((evidence / "policies.json").read_bytes())["evidence_version"]
    if version < _WITH_RECEIPTS:
        return
    e: Any = recompute.Evidence(evidence)
    platforms = {d["sha256"]: d["platform"] for d in e.deliveries}
    told = {each.delivery_id: each for each in deliveries(_receipts(folder), platforms)}
    erased = {path.stem for path in (folder / "tombstones").glob("*.json")}
    for d in e.deliveries:
        if d["delivery_id"] not in told:
            yield f"no receipt makes delivery {d['delivery_id']}"
            continue
        each = told[d["delivery_id"]]
        expected = {
            "sha256": each.receipt.sha256,
            "received_at": each.receipt.received_at,
            "captured_at": each.captured_at,
            "captured_at_source": each.captured_at_source,
            "claimed_office_id": each.claims.office_id,
            "claimed_account_id": each.claims.account_id,
            "covers_from_date": each.covers_from,
            "covers_to_date": each.covers_to,
            "covers_source": each.covers_source,
        }
        if d["sha256"] not in erased:  # else its name may have told of somebody
            expected["name"] = _normal(shown(each.receipt.name))
        for column, value in expected.items():
            if d[column] != value:
                yield (
                    f"delivery {d['delivery_id']}: {column} is {d[column]}, its receipt says "
                    f"{value}"
                )


def _receipts(folder: Path) -> list[Receipt]:
    return [
        receipt
        for path in sorted((folder / "receipts").glob("*.jsonl"))
        for receipt in from_lines(path.read_bytes())
    ]


def _link(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(path.resolve())


class _Read:
    """What was read anew, beside the evidence."""

    def __init__(self, home: Home, evidence: Path) -> None:
        self.e: Any = recompute.Evidence(evidence)
        ledger = read_table(home.table("deliveries"), Delivery)
        self.ledger = {row["delivery_id"]: row for row in _rows(ledger)}
        self.readable = {
            name
            for name, d in self.e.delivery.items()
            if d["status"] in READ and self.ledger.get(name, d)["status"] != "erased"
        }
        observations = batches.scan(home.lake / "observations", PostObservation).collect()
        self.records = {(r["sha256"], r["record_number"]): r for r in _rows(observations)}
        self.contents = _rows(batches.scan(home.lake / "contents", Contents).collect())
        self.rejects = _rows(batches.rejects(home).collect())
        self.withheld = _rows(batches.withheld(home).collect())
        erased = sum(row["status"] == "erased" for row in self.ledger.values())
        self.told = f"{len(self.records)} records of {len(self.ledger)} deliveries read anew"
        if erased:
            self.told += f"; {erased} deliveries are erased and can't be"

    def deliveries_differ(self) -> Iterator[str]:
        """The ledger says the same of each delivery."""
        for name, told in self.e.delivery.items():
            row = self.ledger.get(name)
            if row is None:
                yield f"delivery {name} can't be made of its receipt"
            elif row["status"] != "erased":
                wrong = {
                    column: (value, row[_CLAIMS.get(column, column)])
                    for column, value in told.items()
                    if column not in _OF_THE_MONTH and value != row[_CLAIMS.get(column, column)]
                }
                for column, (value, own) in wrong.items():
                    yield f"delivery {name}: {column} is {value}, read anew {own}"

    def observations_differ(self) -> Iterator[str]:
        """Each observation is the record that its delivery holds."""
        for o in self.e.observations:
            if o["delivery_id"] not in self.readable:
                continue
            place = f"record {o['record_number']} of {o['sha256']}"
            record = self.records.get((o["sha256"], o["record_number"]))
            if record is None:
                yield f"{place} is not loaded when it is read anew"
                continue
            for column, value in o.items():
                if column in ("captured_at", "delivery_id", "post_id"):
                    continue
                own = record[column]
                if column in _NAMES and self._is_stranger(o, record):
                    is_named = any(record[name] for name in _NAMES)
                    own = UNREGISTERED if is_named and column == "account_handle" else None
                if own != value:
                    yield f"{place}: {column} is {value}, read anew {own}"
            if o["post_id"] != self._post_of(record):
                yield f"{place} is of {self._post_of(record)}, not of {o['post_id']}"

    def contents_differ(self) -> Iterator[str]:
        """What each delivery holds of whom, and from when to when."""
        held: dict[tuple[Any, ...], Row] = {}
        of_file: dict[str, list[str]] = defaultdict(list)
        for name in self.readable:
            if self.e.delivery[name]["status"] == "loaded":
                of_file[self.e.delivery[name]["sha256"]].append(name)
        for row in self.contents:
            for name in of_file[row["sha256"]]:
                self._add(held, row | {"delivery_id": name})
        told = {
            _place(row): row
            for rows in self.e.contents.values()
            for row in rows
            if row["delivery_id"] in self.readable
        }
        for place in sorted(told.keys() ^ held.keys(), key=str):
            what = "is not read" if place in told else "is left out of contents.csv"
            yield f"what delivery {place[0]} holds of {place[2] or place[3] or 'nobody'} {what}"
        for place in sorted(told.keys() & held.keys(), key=str):
            if any(told[place][column] != held[place][column] for column in held[place]):
                yield f"what delivery {place[0]} holds of {place[2] or place[3]} is read otherwise"

    def _add(self, held: dict[tuple[Any, ...], Row], row: Row) -> None:
        """Join what a delivery holds of one account in several months."""
        if recompute.named_by(self.e, row) is None:
            is_named = row["platform_account_id"] or row["account_handle"]
            row |= {"platform_account_id": None}
            row |= {"account_handle": UNREGISTERED if is_named else None}
        before = held.get(_place(row))
        found = {column: row[column] for column in ("row_count", *_ENDS)}
        if before:
            found["row_count"] += before["row_count"]
            for column in _ENDS:
                ends = [each[column] for each in (before, row) if each[column] is not None]
                choose = min if column.startswith("oldest") else max
                found[column] = choose(ends) if ends else None
        held[_place(row)] = found

    def rejects_differ(self) -> Iterator[str]:
        """The same records are rejected, by the same rules."""
        columns = ("sha256", "record_number", "rule", "published_at", "published_date")
        files = {self.e.delivery[name]["sha256"] for name in self.readable}
        yield from _differ("reject", columns, files, self.e.rejects, self.rejects)

    def withheld_differ(self) -> Iterator[str]:
        """The same counters of the observations can't be read."""
        columns = ("sha256", "record_number", "field", "rule")
        files = {self.e.delivery[name]["sha256"] for name in self.readable}
        seen = {(o["sha256"], o["record_number"]) for o in self.e.observations}
        own = [row for row in self.withheld if (row["sha256"], row["record_number"]) in seen]
        yield from _differ("counter", columns, files, self.e.rows("withheld"), own)

    def records_left_out(self) -> Iterator[str]:
        """Each record of a post that is of the month stands in the evidence.

        Which posts these are follows from the records read anew, by the rule. A time that only a
        file of another month tells can't be known here; then it says what it found.
        """
        listed = {(o["delivery_id"], o["record_number"]) for o in self.e.observations}
        decided = {
            (row["policy_id"], row["platform"], row["post_id"]) for row in self.e.rows("decisions")
        }
        for key, seen in self._by_post().items():
            post = recompute.post_of(self.e, seen)
            closes = []
            for policy in self.e.policies:
                row = recompute.decide(self.e, policy, key[0], post, seen)
                if row is None:
                    continue
                closes.append(self.e.cutoff(policy))
                if (policy["policy_id"], *key) not in decided:
                    yield (
                        f"{key[0]} {key[1]} is of the month under {policy['policy_id']} "
                        f"({row['reason']}) and has no decision"
                    )
            for o in seen:
                is_listed = (o["delivery_id"], o["record_number"]) in listed
                if closes and o["captured_at"] <= max(closes) and not is_listed:
                    yield (
                        f"record {o['record_number']} of {o['sha256']}, of {key[0]} {key[1]}, is "
                        "left out of the evidence"
                    )

    def _by_post(self) -> dict[tuple[str, str], list[Row]]:
        """Post to its records in the deliveries of the evidence, the earliest capture first."""
        of_file: dict[str, list[Row]] = defaultdict(list)
        for name in self.readable:
            of_file[self.e.delivery[name]["sha256"]].append(self.e.delivery[name])
        observations = [
            record
            | {"delivery_id": d["delivery_id"], "captured_at": d["captured_at"]}
            | {"post_id": self._post_of(record)}
            for record in self.records.values()
            for d in of_file[record["sha256"]]
        ]
        self.e.observations, told = observations, self.e.observations
        found: dict[tuple[str, str], list[Row]] = recompute.records_by_post(self.e)
        self.e.observations = told
        return found

    def _is_stranger(self, o: Row, record: Row) -> bool:
        """Whether whom a record names is not registered, so that the evidence hides the name."""
        return recompute.named_by(self.e, o | {name: record[name] for name in _NAMES}) is None

    def _post_of(self, record: Row) -> str:
        """The ID of a record's post, which another record may give where this one has a number."""
        if not _is_alias_only(record):
            return str(record["post_id"])
        return self._aliases.get((record["platform"], record["post_id"]), str(record["post_id"]))

    @cached_property
    def _aliases(self) -> dict[tuple[str, str], str]:
        """A number that a record gives beside a post's own ID, to that one."""
        found: dict[tuple[str, str], str] = {}
        for record in self.records.values():
            alias = _alias(record)
            if alias and not _is_alias_only(record):
                key = (record["platform"], alias)
                found[key] = min(found.get(key, record["post_id"]), record["post_id"])
        return found


def _is_alias_only(record: Row) -> bool:
    """Whether a record gives no more than a number beside its post's own ID."""
    if record["kind"] == "facebook_videos":
        return True
    return bool(
        record["platform"] == "instagram" and record["post_id"] == record["delivered_post_id"]
    )


def _alias(record: Row) -> str | None:
    """The other ID that a record gives of its post: Instagram's number, a Facebook video's."""
    if record["platform"] == "instagram":
        told: str | None = record["delivered_post_id"]
        return told
    if record["platform"] == "facebook":
        found = re.search(r"/(?:reel|videos)/(?:[^/?]+/)?([0-9]+)", record["permalink"] or "")
        return found[1] if found else None
    return None


def _differ(
    what: str, columns: tuple[str, ...], files: set[str], told: list[Row], own: list[Row]
) -> Iterator[str]:
    """The rows of some files that only one side has."""
    before, after = (
        {tuple(row[column] for column in columns) for row in rows if row["sha256"] in files}
        for rows in (told, own)
    )
    for row in sorted(before ^ after, key=str):
        side = "is none" if row in before else "is left out"
        yield f"{what} {row[2]} of record {row[1]} of {row[0]} {side}, read anew"


def _place(row: Row) -> tuple[Any, ...]:
    names = ("delivery_id", "platform", *_NAMES, "is_guest")
    return tuple(row[name] for name in names)


def _rows(table: pl.DataFrame) -> list[Row]:
    return table.with_columns(pl.col(pl.String).str.normalize("NFC")).to_dicts()


def _normal(text: str) -> str:
    return str(pl.select(pl.lit(text).str.normalize("NFC")).item())
