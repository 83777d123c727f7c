"""A published ranking with its posts, as an edition's folder tells it.

What belongs here: reading the evidence of an edition, for one league and category under the policy
in force. What does not: drawing posts (`draw.py`); anything that is not in the folder.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from orchestration.publication.due import local
from orchestration.publication.editions import read_edition
from orchestration.publication.verify import difference_from_written

#: A component as people name it, to the evidence's name; also their order.
COMPONENTS = {"likes": "like", "comments": "comment", "shares": "share", "saves": "save"}

Row = dict[str, str]


class NotAuditable(Exception):
    """What was asked for can't be audited; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Post:
    """A counted post; times are those of the policy's zone, to the minute where known."""

    platform: str
    post_id: str
    account_id: str
    handle: str
    link: str
    published: str
    #: What it adds to its office's score: weighted interactions, or 1 where posts are counted.
    value: int
    #: Component to what one of it weighs; only those that weigh anything.
    weights: Mapping[str, int]
    #: Component to its number in the newest record that has it.
    recorded: Mapping[str, int]
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the ranking; its score is the sum of its posts' values."""

    office_id: str
    name: str
    score: int
    is_complete: bool
    #: Those of a value above 0, by platform and ID.
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One published ranking; the offices stand in its order."""

    edition_id: str
    manifest_sha256: str
    #: As `2025-08`.
    month: str
    policy_id: str
    time_zone: str
    league: str
    category: str
    offices: tuple[Office, ...]


def read(folder: Path, category: str, league: str | None) -> Ranking:
    """A ranking of an edition, under the policy that is in force in its month.

    Args:
        folder: the edition's public folder.
        category: `active` or `popular`.
        league: without it the first that the policy names and that is ranked.

    Raises:
        NotAuditable: the folder's files are not as they were published, or have no such ranking.
        DamagedEdition: its manifest is not as it was published.
    """
    edition = read_edition(folder)
    if problem := difference_from_written(folder):
        raise NotAuditable(f"{folder} is not as it was published ({problem}); get it anew")
    evidence = folder / "evidence"
    try:
        policies = json.loads((evidence / "policies.json").read_bytes())["policies"]
        official = [row for row in _rows(evidence / "rankings.csv") if row["is_official"] == "true"]
        if not official:
            raise NotAuditable(f"no policy is in force in {edition.month}, so no rank is official")
        (policy,) = (each for each in policies if each["policy_id"] == official[0]["policy_id"])
        leagues = [
            name for name in policy["leagues"] if name in {row["league"] for row in official}
        ]
        if (league or leagues[0]) not in leagues:
            known = ", ".join(leagues)
            raise NotAuditable(f"{edition.edition_id} ranks no league {league!r}; it has {known}")
        chosen = league or leagues[0]
        ranked = [row for row in official if (row["league"], row["category"]) == (chosen, category)]
        posts = _posts(evidence, policy, category, chosen)
        names = {row["office_id"]: row["office_name"] for row in _rows(evidence / "offices.csv")}
        offices = tuple(
            Office(
                row["office_id"],
                names[row["office_id"]],
                int(row["score"]),
                row["is_complete"] == "true",
                tuple(posts[row["office_id"]]),
            )
            for row in sorted(ranked, key=lambda row: (int(row["rank"]), row["office_id"]))
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        detail = f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
        raise NotAuditable(
            f"{folder} is of a version that can't be audited ({detail}); publish the month again"
        ) from None
    for office in offices:
        if office.score != sum(post.value for post in office.posts):
            raise NotAuditable(
                f"{office.office_id}'s score is not the sum of its posts; kurasi verify {folder}"
            )
    return Ranking(
        edition.edition_id,
        edition.manifest_sha256,
        edition.month,
        policy["policy_id"],
        policy["time_zone"],
        chosen,
        category,
        offices,
    )


def _posts(
    evidence: Path, policy: Mapping[str, Any], category: str, league: str
) -> dict[str, list[Post]]:
    """Office to its counted posts of the month that add to its score, by platform and ID."""
    month = json.loads((evidence / "policies.json").read_bytes())["month"]
    zone = policy["time_zone"]
    told = {_key(row): row for row in _rows(evidence / "posts.csv")}
    recorded, recorded_at = _recorded(evidence)
    handles = defaultdict(list)
    for row in _rows(evidence / "accounts.csv"):
        handles[row["account_id"]].append(row)
    found: dict[str, list[Post]] = defaultdict(list)
    for row in sorted(_rows(evidence / "decisions.csv"), key=_key):
        where = (row["policy_id"], row["month"], row["league"], row["is_counted"])
        if where != (policy["policy_id"], month, league, "true"):
            continue
        key, post = _key(row), told[_key(row)]
        value = 1 if category == "active" else int(row["value"] or 0)
        if not value:
            continue
        all_weights = policy["weights_on"][row["platform"]]
        weights = {name: all_weights[key] for name, key in COMPONENTS.items() if all_weights[key]}
        at = post["published_at"]
        found[row["office_id"]].append(
            Post(
                platform=row["platform"],
                post_id=row["post_id"],
                account_id=row["account_id"],
                handle=_handle(handles[row["account_id"]], row["local_date"]),
                link=link(post),
                published=_local(at, zone) if at else post["published_date"],
                value=value,
                weights=weights,
                recorded={name: n for name, n in recorded[key].items() if name in weights},
                recorded_at=_local(recorded_at[key], zone),
            )
        )
    return found


def link(post: Row) -> str:
    """Where a row of `posts.csv` can be seen; its ID where no link is known."""
    if not post["permalink"] and post["platform"] == "youtube":
        return f"https://www.youtube.com/watch?v={post['post_id']}"
    return post["permalink"] or post["post_id"]


def _recorded(
    evidence: Path,
) -> tuple[dict[tuple[str, str], dict[str, int]], dict[tuple[str, str], str]]:
    """Of each post the newest number of each component, and the instant of its newest record."""
    numbers: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    newest: dict[tuple[str, str], str] = {}
    observations = _rows(evidence / "observations.csv")
    for row in sorted(observations, key=itemgetter("captured_at", "sha256", "record_number")):
        newest[_key(row)] = row["captured_at"]
        for name, key in COMPONENTS.items():
            if row[f"{key}_count"]:
                numbers[_key(row)][name] = int(row[f"{key}_count"])
    return numbers, newest


def _handle(spans: list[Row], day: str) -> str:
    """The handle that an account had on a day, else the account's ID."""
    for span in spans:
        if span["valid_from_date"] <= day and day < (span["valid_to_date"] or "9999"):
            return span["handle"] or span["account_id"]
    return spans[0]["account_id"]


def _local(instant: str, zone: str) -> str:
    return local(datetime.fromisoformat(instant.removesuffix("Z")), zone)


def _key(row: Row) -> tuple[str, str]:
    return row["platform"], row["post_id"]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
