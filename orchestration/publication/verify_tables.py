"""Whether an edition's tables say what its evidence says, column by column.

What belongs here: each table as it follows from the evidence, worked out without the warehouse.
What does not: whether CSV, Parquet and DuckDB agree on a table (`verify.py`), and how the rankings
follow from the evidence (`recompute.py`, whose functions of single posts serve here too).

The rows are dicts of values as `recompute.py` types them; they are compared as the CSV tells them.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.platforms import KEYS, PLATFORMS
from ingest.reference.policies import Policies, read_policies
from orchestration.publication import recompute
from orchestration.publication.evidence import policies_document
from orchestration.publication.formats import csv_bytes, json_bytes

Row = dict[str, Any]
_COUNTERS = tuple(
    f"{name}_count" for name in ("view", "impression", "reach", "like", "comment", "share", "save")
)
_COMPONENTS = _COUNTERS[3:]
#: A printed time that is further from the ID's is flagged.
_NEAR = timedelta(hours=2)
#: Columns of the lake's policies that the warehouse calls otherwise.
_NAMED_OTHERWISE = {"effective_from": "effective_from_date", "effective_to": "effective_to_date"}


def differences(folder: Path) -> Iterator[str]:
    """How the tables of an edition differ from what its evidence gives.

    Args:
        folder: an edition's public folder, of this version's format.
    """
    edition = _Edition(folder / "evidence")
    derived: dict[str, Callable[[], Iterable[Row]]] = {
        "dim_office": edition.offices,
        "dim_account": edition.accounts,
        "dim_platform": _platforms,
        "dim_post": edition.posts,
        "fct_engagement": edition.engagement,
        "fct_flag": edition.flags,
        "fct_post_month": edition.post_months,
        "fct_account_month": edition.account_months,
        "obt_post_month": edition.wide_rows,
        "fct_office_month": edition.office_months,
        "fct_office_coverage": edition.office_coverage,
        "dim_date": edition.days,
        "rank_month_state": edition.month_states,
        "rank_policy_sensitivity": edition.sensitivity,
        "fct_opinion_month": lambda: edition.e.rows("opinion"),
        "fct_opinion_agreement": lambda: edition.e.rows("opinion_agreement"),
    }
    for name, rows in derived.items():
        yield from _compare(folder / "tables" / f"{name}.csv", rows())
    yield from _policy_differences(folder, edition.e)


def _compare(path: Path, expected: Iterable[Row]) -> Iterator[str]:
    """How a table differs from the rows that are expected of it, whatever their order."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        told = [tuple(row.values()) for row in reader]
        columns = reader.fieldnames or []
    wanted = [tuple(_text(row[column]) for column in columns) for row in expected]
    if sorted(told) == sorted(wanted):
        return
    lacking, unproven = set(wanted) - set(told), set(told) - set(wanted)
    example = min(unproven or lacking or told)
    yield (
        f"tables/{path.name} has {len(unproven)} rows that the evidence does not give and lacks "
        f"{len(lacking)}, such as {dict(zip(columns, example, strict=True))}"
    )


def _text(value: object) -> str:
    """A value as the CSV of an edition has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value)


def _platforms() -> Iterator[Row]:
    for each in PLATFORMS:
        yield {
            "platform": each.key,
            "platform_name": each.name,
            "published_precision": each.published_precision,
        }


def _policy_differences(folder: Path, e: Any) -> Iterator[str]:
    """How the policies as used differ from the files that their authors wrote."""
    policies = _written_policies(folder / "evidence")
    tables = {}
    for name, table in {
        "dim_policy": policies.policies,
        "dim_policy_weights": policies.weights,
        "dim_policy_growth": policies.growth,
    }.items():
        told = (folder / "tables" / f"{name}.csv").read_bytes()
        table = table.rename(_NAMED_OTHERWISE, strict=False)
        tables[name] = table.select(told.decode().split("\n")[0].split(","))
        if csv_bytes(tables[name]) != told:
            yield f"tables/{name}.csv is not what the files evidence/policy.*.yml say"
    zones = {each.key: each.range_time_zone for each in PLATFORMS}
    captures = [d["captured_at"] for d in e.deliveries]
    document = policies_document(e.month, tables, captures, zones)
    if json_bytes(document) != (folder / "evidence" / "policies.json").read_bytes():
        yield "evidence/policies.json is not what the files evidence/policy.*.yml say"


def _written_policies(evidence: Path) -> Policies:
    """The policies that lie beside the evidence, read as from a home."""
    with TemporaryDirectory() as folder:
        for path in evidence.glob("policy.*.yml"):
            shutil.copyfile(path, Path(folder, path.name.removeprefix("policy.")))
        return read_policies(Path(folder), KEYS)


class _Edition:
    """The rows of an edition's tables as its evidence gives them."""

    def __init__(self, evidence: Path) -> None:
        self.e: Any = recompute.Evidence(evidence)
        self.policy = {policy["policy_id"]: policy for policy in self.e.policies}
        self.seen = recompute.records_by_post(self.e)
        self.told = {(p["platform"], p["post_id"]): p for p in self.e.rows("posts")}
        self.rankings = self.e.rows("rankings")
        self.coverage = self.e.rows("coverage")
        #: Each post of the month under each policy: policy, platform, ID, and its decision.
        self.decided = [
            (policy, key, row)
            for policy in self.e.policies
            for key, records in self.seen.items()
            if (row := self._decide(policy, key, records)) and row["month"] == self.e.month
        ]
        self.cutoffs = {name: self.e.cutoff(policy) for name, policy in self.policy.items()}
        #: Each post of the month, and up to which capture some policy judges it.
        self.own: dict[tuple[str, str], datetime] = {}
        for policy, key, _ in self.decided:
            cutoff = self.cutoffs[policy["policy_id"]]
            self.own[key] = max(cutoff, self.own.get(key, cutoff))
        self.covering = self._covering()

    def _decide(self, policy: Any, key: tuple[str, str], records: list[Row]) -> Row | None:
        post = recompute.post_of(self.e, records)
        found: Row | None = recompute.decide(self.e, policy, key[0], post, records)
        return found

    def offices(self) -> Iterator[Row]:
        for office in self.e.offices:
            span = f"{office['office_id']}@{office['valid_from_date']}"
            yield office | {"office_span_id": span}

    def accounts(self) -> Iterator[Row]:
        for account in self.e.accounts:
            parts = ("account_id", "valid_from_date", "platform_account_id", "handle")
            yield account | {"account_span_id": "@".join(_text(account[part]) for part in parts)}

    def posts(self) -> Iterator[Row]:
        for key in self.own:
            records = self.seen[key]
            yield self.told[key] | {
                "post_key": _key(key),
                "last_observed_at": max(o["captured_at"] for o in records),
                "observation_count": len(records),
            }

    def engagement(self) -> Iterator[Row]:
        for key in self.own:
            for record in self.seen[key]:
                account = recompute.named_by(self.e, record)
                ids = {"observation_id": _record_id(record), "post_key": _key(key)}
                yield record | ids | {"account_id": account}

    def post_months(self) -> Iterator[Row]:
        for policy, key, decision in self.decided:
            yield self._post_month(policy, key, decision)

    def _post_month(self, policy: Any, key: tuple[str, str], decision: Row) -> Row:
        name = policy["policy_id"]
        cutoff = self.cutoffs[name]
        return decision | {
            "post_month_id": f"{name}|{_key(key)}",
            "policy_id": name,
            "post_key": _key(key),
            "platform": key[0],
            "post_id": key[1],
            "window_ends_at": self._window_end(policy, key, decision["local_date"]),
            "cutoff_at": None if cutoff == datetime.max else cutoff,
        }

    def _window_end(self, policy: Any, key: tuple[str, str], day: date) -> datetime | None:
        if policy["window_hours"] is None:
            return None
        published = self.told[key]["published_at"] or recompute.utc(policy["offsets"], day, 12)
        end: datetime = published + timedelta(hours=policy["window_hours"])
        return end

    def account_months(self) -> Iterator[Row]:
        groups: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
        platforms = {account["account_id"]: account["platform"] for account in self.e.accounts}
        for policy, _, row in self.decided:
            if row["office_id"] and row["league"]:
                place = row["office_id"], row["league"], row["account_id"]
                groups[policy["policy_id"], *place].append(row)
        for (policy_id, office, league, account), rows in groups.items():
            yield {
                "policy_id": policy_id,
                "month": self.e.month,
                "office_id": office,
                "league": league,
                "account_id": account,
                "platform": platforms[account],
                **_summed(rows),
            }

    def wide_rows(self) -> Iterator[Row]:
        names = {each.key: each.name for each in PLATFORMS}
        for policy, key, decision in self.decided:
            told, day = self.told[key], decision["local_date"]
            at, cutoff = told["published_at"], self.cutoffs[policy["policy_id"]]
            timely = [o for o in self.seen[key] if o["captured_at"] <= cutoff]
            last = timely[-1] if timely else dict.fromkeys(_COUNTERS) | {"captured_at": None}
            row = told | self._post_month(policy, key, decision)
            row |= self._registered_as(decision["account_id"], day)
            for counter in _COUNTERS:
                row[counter] = last[counter]
            yield row | {
                "title": policy["title"],
                "is_official": _is_official(policy, self.e.month),
                "weekday_number": day.isoweekday(),
                "local_hour": at and recompute.local(policy["offsets"], at).hour,
                "platform_name": names[key[0]],
                "timely_observation_count": len(timely),
                "counted_at": last["captured_at"],
                "office_name": _only(
                    o["office_name"]
                    for o in self.e.offices
                    if o["office_id"] == decision["office_id"] and recompute.valid(o, day)
                ),
            }

    def _registered_as(self, account: str | None, day: date) -> Row:
        """How an account is called on a day; of several rows the youngest tells."""
        rows = [
            row
            for row in self.e.accounts
            if row["account_id"] == account and recompute.valid(row, day)
        ]
        rows.sort(
            key=lambda row: (
                -row["valid_from_date"].toordinal(),
                row["platform_account_id"] or "",
                row["handle"] or "",
                row["platform"],
                row["account_name"] or "",
            )
        )
        first = rows[0] if rows else {"handle": None, "account_name": None}
        return {"handle": first["handle"], "account_name": first["account_name"]}

    def office_months(self) -> Iterator[Row]:
        best: dict[tuple[str, str, str], int] = defaultdict(int)
        for policy, _, row in self.decided:
            if row["is_counted"]:
                place = policy["policy_id"], row["league"], row["office_id"]
                best[place] = max(best[place], row["value"] or 0)
        for row in self.rankings:
            is_active = row["category"] == "active"
            value = best[row["policy_id"], row["league"], row["office_id"]]
            yield row | {"best_post_score": min(row["post_count"], 1) if is_active else value}

    def office_coverage(self) -> Iterator[Row]:
        """How many accounts of each office are in each state; one that moves is of both."""
        first, last = self.e.month, self.e.last_day
        offices: dict[str, set[str]] = defaultdict(set)
        for account in self.e.accounts:
            if recompute.valid(account, first, last):
                offices[account["account_id"]].add(account["office_id"])
        states: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.coverage:
            for office in offices[row["account_id"]]:
                states[row["policy_id"], office].append(row["state"])
        for (policy_id, office), found in states.items():
            yield {
                "policy_id": policy_id,
                "month": first,
                "office_id": office,
                "complete_account_count": found.count("complete"),
                "partial_account_count": found.count("partial"),
                "missing_account_count": found.count("missing"),
            }

    def days(self) -> Iterator[Row]:
        for number in range(self.e.last_day.day):
            day = self.e.month + timedelta(days=number)
            yield {
                "date_day": day,
                "month": self.e.month,
                "year_number": day.year,
                "month_number": day.month,
                "day_number": day.day,
                "weekday_number": day.isoweekday(),
            }

    def month_states(self) -> Iterator[Row]:
        for row in self.e.rows("month_state"):
            yield row | {"state": self._state(row)}

    def _state(self, row: Row) -> str:
        """What the month lacks under a policy, in words."""
        policy = self.policy[row["policy_id"]]
        lacks = []
        if row["coverage_percent"] < policy["minimum_coverage_percent"]:
            of = f"{row['coverage_percent']} of {policy['minimum_coverage_percent']}"
            lacks.append(f"coverage {of} percent: {self._lacking(policy)}")
        if row["evidence_percent"] < policy["minimum_evidence_percent"]:
            of = f"{row['evidence_percent']} of {policy['minimum_evidence_percent']}"
            lacks.append(f"evidence {of} percent of the components")
        return "; ".join(lacks) or "complete"

    def _lacking(self, policy: Any) -> str:
        """The accounts of the policy's offices that are not complete, each with its state."""
        first, last = self.e.month, self.e.last_day
        offices = {
            o["office_id"]
            for o in self.e.offices
            if o["league"] in policy["leagues"] and recompute.valid(o, first, last)
        }
        accounts = {
            a["account_id"]
            for a in self.e.accounts
            if a["office_id"] in offices and recompute.valid(a, first, last)
        }
        return ", ".join(
            f"{row['account_id']} {row['state']}"
            for row in sorted(self.coverage, key=lambda row: str(row["account_id"]))
            if row["policy_id"] == policy["policy_id"]
            and row["account_id"] in accounts
            and row["state"] != "complete"
        )

    def sensitivity(self) -> Iterator[Row]:
        place = ("league", "category", "office_id")
        official = {
            tuple(row[column] for column in place): row
            for row in self.rankings
            if row["is_official"]
        }
        for row in self.rankings:
            beside = official.get(tuple(row[column] for column in place))
            yield row | {
                "official_policy_id": beside and beside["policy_id"],
                "official_rank": beside and beside["rank"],
                "rank_gain": beside and beside["rank"] - row["rank"],
            }

    # Flags

    def flags(self) -> Iterator[Row]:
        for key in self.own:
            records = self.seen[key]
            for flag, record, detail in self._flags_of(key, records):
                yield {
                    "flag": flag,
                    "post_key": _key(key),
                    "observation_id": record and _record_id(record),
                    "detail": detail,
                }

    def _flags_of(
        self, key: tuple[str, str], records: list[Row]
    ) -> Iterator[tuple[str, Row | None, str]]:
        """A post's flags: name, the record that is flagged or None for the post, and the detail."""
        closes = self.own[key]
        timely = [o for o in records if o["captured_at"] <= closes]
        published = self._published(key)
        for record in records:
            if record["captured_at"] < published:
                detail = f"captured {record['captured_at']}, published {published}"
                yield "capture_before_publication", record, detail
            if newest := self._disproving(record["delivery_id"]):
                detail = (
                    f"captured {record['captured_at']}; its delivery holds a post published "
                    f"{newest}"
                )
                yield "capture_disproved", record, detail
        yield from _fallen(records)
        far = {
            f"printed {o['printed_at']}, ID {o['id_at']}"
            for o in timely
            if o["printed_at"] and o["id_at"] and abs(o["printed_at"] - o["id_at"]) > _NEAR
        }
        for detail in far:
            yield "printed_time_far_from_id", None, detail
        named = {
            recompute.named_by(self.e, o)
            for o in timely
            if o["platform_account_id"] or o["account_handle"] or recompute.named_by(self.e, o)
        }
        if len(named) > 1:
            detail = "its rows name different accounts; the earliest capture decides"
            yield "account_disputed", None, detail
        if timely and self._is_vanished(key, timely[-1], closes):
            seen_at = timely[-1]["captured_at"]
            detail = (
                f"last seen {seen_at}; a later export of its account covers its day and lacks it"
            )
            yield "post_vanished", None, detail
        for office, account in self._foreign_senders(timely):
            detail = f"delivered by {office}, which does not have the account {account}"
            yield "sender_of_another_office", None, detail

    def _published(self, key: tuple[str, str]) -> datetime:
        """When the post was published; of a day its last begin in a policy's zone."""
        told = self.told[key]
        days = (
            recompute.utc(policy["offsets"], told["published_date"]) for policy in self.e.policies
        )
        at: datetime = told["published_at"] or max(days)
        return at

    def _disproving(self, delivery: str) -> datetime | None:
        """The newest record of a delivery whose capture time some policy disproves."""
        if not any(delivery in policy["disproved"] for policy in self.e.policies):
            return None
        found = [
            held["newest_published_at"] or _midnight(held["newest_published_date"])
            for held in self.e.contents[delivery]
            if held["newest_published_at"] or held["newest_published_date"]
        ]
        return max(found)

    def _covering(self) -> dict[tuple[str, str], list[Row]]:
        """Kind of file and account to the deliveries that list all posts of a range of days."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for d in self.e.deliveries:
            lists = d["status"] in recompute.READ and d["covers_posts"] and not d["is_truncated"]
            # A rejected record may be the post.
            if lists and d["rejected_count"] == 0 and d["covers_from_date"] and d["covers_to_date"]:
                for account in recompute.accounts_covered(self.e, d):
                    found[d["kind"], account].append(d)
        return found

    def _is_vanished(self, key: tuple[str, str], last: Row, closes: datetime) -> bool:
        """Whether a later export of the post's account tells its day and not the post."""
        told = self.told[key]
        day = (told["published_at"] or _midnight(told["published_date"])).date()
        kind = self.e.delivery[last["delivery_id"]]["kind"]
        return any(
            last["captured_at"] < d["captured_at"] <= closes
            and d["covers_from_date"] < day < d["covers_to_date"]
            for d in self.covering[kind, told["account_id"]]
        )

    def _foreign_senders(self, timely: list[Row]) -> set[tuple[str, str]]:
        """Offices that sent a record of an account which they did not have, and the account."""
        offices = {office["office_id"] for office in self.e.offices}
        found = set()
        for record in timely:
            delivery = self.e.delivery[record["delivery_id"]]
            office, account = delivery["claimed_office_id"], recompute.named_by(self.e, record)
            published = record["published_at"] or _midnight(record["published_date"])
            had = any(
                a["account_id"] == account
                and a["office_id"] == office
                and a["valid_from_date"] <= record["captured_at"].date()
                and (a["valid_to_date"] is None or published.date() < a["valid_to_date"])
                for a in self.e.accounts
            )
            if account and office in offices and not had and not self._is_of_guest(record):
                found.add((office, account))
        return found

    def _is_of_guest(self, record: Row) -> bool:
        """Whether the delivery holds the record's account as a collaborator's only."""
        names = ("platform_account_id", "account_handle")
        same = [
            held["is_guest"]
            for held in self.e.contents[record["delivery_id"]]
            if all(held[name] == record[name] for name in names)
        ]
        return all(same)


def _fallen(records: list[Row]) -> Iterator[tuple[str, Row, str]]:
    """The records in which a counter is lower than at an earlier instant."""
    for record in records:
        earlier = [o for o in records if o["captured_at"] < record["captured_at"]]
        parts = []
        for counter in _COMPONENTS:
            before = max((o[counter] for o in earlier if o[counter] is not None), default=None)
            if before is not None and record[counter] is not None and record[counter] < before:
                parts.append(f"{counter.removesuffix('_count')} {before} to {record[counter]}; ")
        if parts:
            yield "counter_fell", record, "".join(parts)


def _summed(rows: list[Row]) -> Row:
    """What an account's posts add up to."""
    counted = [row for row in rows if row["is_counted"]]
    certain = [row for row in counted if not row["is_month_uncertain"]]
    highs = [row["value_high"] for row in counted]
    values = [row["value"] or 0 for row in counted]
    found = {
        "post_count": len(counted),
        "uncertain_post_count": len(counted) - len(certain),
        "uncounted_post_count": len(rows) - len(counted),
        "value": sum(values),
        "value_low": sum(row["value_low"] for row in certain),
        "value_high": None if None in highs else sum(highs),
        "best_value": max(values, default=0),
        "component_count": sum(row["component_count"] for row in counted),
        "sound_component_count": sum(row["sound_component_count"] for row in counted),
    }
    for grade in recompute.GRADES:
        parts = [number for row in counted for own, number in row["by_grade"] if own == grade]
        found[f"{grade}_value"] = sum(parts)
        found[f"{grade}_post_count"] = sum(row["grade"] == grade for row in counted)
    return found


def _is_official(policy: Any, month: date) -> bool:
    ends = policy["effective_to_date"] or "9999-12-31"
    return bool(policy["effective_from_date"] <= str(month) < ends)


def _key(post: tuple[str, str]) -> str:
    return ":".join(post)


def _record_id(record: Row) -> str:
    return f"{record['delivery_id']}-{record['record_number']}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _only(names: Iterable[str]) -> str | None:
    found: str | None = recompute.only(names)
    return found
