"""The record that an edition publishes, as a list of an office is held against it.

What belongs here: reading what `evidence/` says of posts, accounts, exports and rejects, and
finding a post by any key that a link may have. What does not: which reason a claim has
(`reconcile.py`). Only files of the edition are read, so its folder alone does.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from ingest.fields import links
from ingest.platforms import LINKS

#: A row of a file of the evidence; blank is None.
Row = dict[str, str | None]
#: Platform and canonical ID.
PostKey = tuple[str, str]
#: What can't be read as a whole, by its status.
UNREAD = ("quarantined", "rejected")


class NotAnEdition(Exception):
    """A folder that is no edition, or a damaged one; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a delivery lists all posts of an account (UTC, the end exclusive)."""

    starts_at: datetime
    ends_at: datetime
    delivery_id: str


@dataclass(frozen=True)
class EditionRecord:
    """What an edition says of its month, under every policy that it has."""

    edition_id: str
    #: As `2025-08`.
    month: str
    official_policy: str | None
    policies: dict[str, dict[str, Any]]
    posts: dict[PostKey, Row]
    #: By policy and post.
    decisions: dict[tuple[str, PostKey], Row]
    #: A post's earliest observation.
    first_seen: dict[PostKey, Row]
    #: What each key of a link or an ID may name; of several posts the first.
    keys: dict[PostKey, PostKey]
    offices: list[Row]
    accounts: list[Row]
    #: By policy and account: complete, partial or missing.
    coverage: dict[tuple[str, str], str]
    deliveries: dict[str, Row]
    rejects: list[Row]
    #: By policy and account; None where the edition is of a version that does not tell.
    spans: dict[tuple[str, str], list[Span]] | None = field(default=None)

    @cached_property
    def known_ids(self) -> dict[str, str]:
        """Every key on record with its platform."""
        return {key: platform for platform, key in self.keys}

    @cached_property
    def first_day(self) -> date:
        """Of the month."""
        return date.fromisoformat(f"{self.month}-01")

    @cached_property
    def next_month(self) -> date:
        """The first day of the next month."""
        return (self.first_day + timedelta(days=31)).replace(day=1)

    def find(self, platform: str, key: str) -> PostKey | None:
        """The post that a key names; None where it is not on record."""
        return self.keys.get((platform, key))

    def local(self, policy: str, instant: datetime) -> datetime:
        """A UTC instant in a policy's zone."""
        offsets = self.policies[policy]["utc_offsets"]
        starts = [str(start) for start, _ in offsets]
        place = bisect_right(starts, f"{instant.isoformat()}Z") - 1
        return instant + timedelta(seconds=offsets[max(place, 0)][1])

    def office_name(self, office: str) -> str:
        """An office's last name in the month; its ID where it has none."""
        names = [
            str(row["office_name"])
            for row in self.offices
            if row["office_id"] == office and str(row["valid_from_date"]) < str(self.next_month)
        ]
        return names[-1] if names else office

    def accounts_of(
        self, office: str, platform: str, first: date | None = None, after: date | None = None
    ) -> list[str]:
        """An office's accounts on a platform, registered on some day from `first` to before
        `after`; of the month without these."""
        start, end = str(first or self.first_day), str(after or self.next_month)
        return sorted(
            {
                str(row["account_id"])
                for row in self.accounts
                if row["office_id"] == office
                and row["platform"] == platform
                and str(row["valid_from_date"]) < end
                and (row["valid_to_date"] is None or row["valid_to_date"] > start)
            }
        )

    def last_export(self, platform: str) -> Span | None:
        """The last delivery of a platform, whoever sent it, as listing what was before it."""
        captured = [
            Span(datetime.min, captured_at, delivery_id)
            for delivery_id, row in self.deliveries.items()
            if row["platform"] == platform and (captured_at := instant(row["captured_at"]))
        ]
        return max(captured, key=lambda each: (each.ends_at, each.delivery_id), default=None)

    def delivery(self, delivery_id: str) -> dict[str, Any]:
        """A delivery as evidence."""
        row = self.deliveries.get(delivery_id, {})
        return place(row.get("sha256"), None, delivery_id)

    def observation(self, post: PostKey) -> dict[str, Any] | None:
        """Where a post was seen first: file, record number, delivery."""
        row = self.first_seen.get(post)
        return row and place(row["sha256"], row["record_number"], row["delivery_id"])


def place(
    sha256: str | None, record_number: str | int | None, delivery_id: str | None
) -> dict[str, Any]:
    """Where evidence stands: a file, a record of it, and the delivery."""
    number = None if record_number is None else int(record_number)
    return {"sha256": sha256, "record_number": number, "delivery_id": delivery_id}


def instant(text: str | None) -> datetime | None:
    """An instant (UTC) as the evidence writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def read_record(folder: Path) -> EditionRecord:
    """The record of an edition.

    Args:
        folder: an edition's, its restricted tier's, or its evidence's alone.

    Raises:
        NotAnEdition: its evidence is not there, or not as it is written.
    """
    evidence = folder / "evidence" if (folder / "evidence").is_dir() else folder
    try:
        return _read(folder, evidence)
    except (OSError, ValueError, KeyError, TypeError, IndexError, csv.Error) as problem:
        what = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
        raise NotAnEdition(
            f"{folder} can't be read as an edition ({what}); name an edition's ID or its folder, "
            "and see what `kurasi verify` says of it"
        ) from None


def _read(folder: Path, evidence: Path) -> EditionRecord:
    policies = json.loads((evidence / "policies.json").read_bytes())
    posts = {_post(row): row for row in _rows(evidence / "posts.csv")}
    first_seen: dict[PostKey, Row] = {}
    for row in _rows(evidence / "observations.csv"):  # in order of capture
        first_seen.setdefault(_post(row), row)
    official = {
        str(row["policy_id"])
        for row in _rows(evidence / "rankings.csv")
        if row["is_official"] == "true"
    }
    manifest = folder / "manifest.json"
    return EditionRecord(
        edition_id=(
            str(json.loads(manifest.read_bytes())["edition_id"])
            if manifest.is_file()
            else folder.resolve().name
        ),
        month=str(policies["month"])[:7],
        official_policy=min(official, default=None),
        policies={policy["policy_id"]: policy for policy in policies["policies"]},
        posts=posts,
        decisions={
            (str(row["policy_id"]), _post(row)): row for row in _rows(evidence / "decisions.csv")
        },
        first_seen=first_seen,
        keys=_keys(posts, folder / "tables" / "dim_post.csv"),
        offices=list(_rows(evidence / "offices.csv")),
        accounts=list(_rows(evidence / "accounts.csv")),
        coverage={
            (str(row["policy_id"]), str(row["account_id"])): str(row["state"])
            for row in _rows(evidence / "coverage.csv")
        },
        deliveries={str(row["delivery_id"]): row for row in _rows(evidence / "deliveries.csv")},
        rejects=list(_rows(evidence / "rejects.csv")),
        spans=_spans(evidence / "spans.csv"),
    )


def _keys(posts: dict[PostKey, Row], table: Path) -> dict[PostKey, PostKey]:
    """A post's ID, the key of the link that an export gave, and the ID that it was delivered with.

    The last stands in a table that evidence alone does not have.
    """
    keys = {post: post for post in posts}
    for post, row in posts.items():
        if row["permalink"]:
            for reading in links.name(row["permalink"], LINKS).readings:
                keys.setdefault((reading.platform, reading.key), post)
    for row in _rows(table) if table.is_file() else ():
        if row["delivered_post_id"] and _post(row) in posts:
            keys.setdefault((str(row["platform"]), row["delivered_post_id"]), _post(row))
    return keys


def _spans(path: Path) -> dict[tuple[str, str], list[Span]] | None:
    """By policy and account; None where the edition has no such file."""
    if not path.is_file():
        return None
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in _rows(path):
        starts_at, ends_at = instant(row["starts_at"]), instant(row["ends_at"])
        if starts_at and ends_at:
            span = Span(starts_at, ends_at, str(row["delivery_id"]))
            found[str(row["policy_id"]), str(row["account_id"])].append(span)
    return dict(found)


def _post(row: Row) -> PostKey:
    return str(row["platform"]), str(row["post_id"])


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield {name: text or None for name, text in row.items()}
