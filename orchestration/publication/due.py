"""Which account must be exported by when, so that no post loses its 24 hours.

What belongs here: reading off the last finished state what each registered account of a month
still needs, in which order to show it, and the list that offices are sent. What does not: grading
evidence or judging coverage, which the warehouse does, and how a terminal shows it
(`cli/commands/due.py`).

The machine's clock has no say: whether an instant has passed is for the reader to see. All instants
are UTC without a zone mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ingest.home import Home
from ingest.schemas import PlatformRow
from ingest.storage import read_table
from orchestration.publication import finished_state, queries
from orchestration.publication.formats import people_csv
from orchestration.publication.month import next_month, start_of
from orchestration.publication.unanswerable import Unknown

#: Offices export daily, so that an observation lies on both sides of nearly every window's end.
_DAILY = timedelta(days=1)
#: What is seen within the last sixth of the window, or after it, is evidence for its end.
_LAST_PART = 6
#: Only seen before the window's end, or not at all.
_UNSEEN_GRADES = ("early", "none")
_POOR_GRADES = ("late", "early", "none")

#: What the list can be sorted by; ties stand in the order of office and account.
SORTS = ("due", "office", "platform", "captured", "lacking", "evidence")

#: The headings of the list that offices are sent.
_HEADINGS = (
    "Kode kantor",
    "Kantor",
    "Platform",
    "Akun",
    "Nama pengguna",
    "Ekspor terakhir ({zone})",
    "Ekspor berikutnya paling lambat ({zone})",
    "Pilih tanggal mulai",
    "Pilih tanggal akhir",
    "Zona hari pada platform",
    "Kelengkapan bulan ini",
    "Unggahan terhitung",
    "Unggahan tanpa bukti cukup",
    "Bukti akun (%)",
    "Bukti kantor (%)",
)
_COVERAGE = {"complete": "lengkap", "partial": "sebagian", "missing": "tidak ada"}
_AT_ONCE, _NOTHING = "segera", "tidak perlu"


@dataclass(frozen=True, slots=True)
class DueExport:
    """What one account of an office needs for a month.

    `last_captured_at` is None where no export of it is known. `due_at` is None where there is
    nothing to wait for: it was never exported and is due at once, or it is registered no more and
    all its posts were seen. `range_from` and `range_to` are days of `range_time_zone`, both
    inclusive, as the platform's export page asks for them.
    """

    office_id: str
    office_name: str
    account_id: str
    platform: str
    handle: str | None
    last_captured_at: datetime | None
    due_at: datetime | None
    posts_without_evidence: int
    post_count: int
    evidence_percent: int
    office_evidence_percent: int
    coverage: str
    range_from: date
    range_to: date
    range_time_zone: str

    def is_overdue(self, at: datetime) -> bool:
        """Whether its next export, or its first, should have come before an instant (UTC)."""
        if self.last_captured_at is None:
            return True
        return self.due_at is not None and self.due_at < at

    def document(self) -> dict[str, Any]:
        """As JSON has it: instants as ISO 8601 in UTC, days as they are."""
        return {
            "office_id": self.office_id,
            "account_id": self.account_id,
            "last_captured_at": _iso(self.last_captured_at),
            "due_at": _iso(self.due_at),
            "posts_without_evidence": self.posts_without_evidence,
            "office_name": self.office_name,
            "platform": self.platform,
            "handle": self.handle,
            "post_count": self.post_count,
            "evidence_percent": self.evidence_percent,
            "office_evidence_percent": self.office_evidence_percent,
            "coverage": self.coverage,
            "range_from": self.range_from.isoformat(),
            "range_to": self.range_to.isoformat(),
            "range_time_zone": self.range_time_zone,
        }


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due for a month (`YYYY-MM`) under a policy; times are shown in the policy's zone."""

    month: str
    policy_id: str
    time_zone: str
    exports: list[DueExport]


def due(
    home: Home,
    month: str | None = None,
    *,
    office: str | None = None,
    policy: str | None = None,
    sort: str = "due",
) -> DueList | None:
    """The accounts that are registered in a month to offices that the policy judges.

    Args:
        home: whose last finished state is read.
        month: as `2025-08`; without it the newest one that is ranked.
        office: only this office's accounts.
        policy: without it the one in force in that month.
        sort: one of `SORTS`; the most pressing first.

    Returns:
        None where no month is named and none is ranked yet.

    Raises:
        NoState: nothing is built yet.
        Unanswerable: there is no such policy or office, or the month is none.
    """
    if not (finished_state.current(home) / "fct_delivery_account.parquet").exists():
        raise finished_state.NoState("an older version built the last state; run `kurasi run`")
    if month is None:
        ranked = queries.months(home)
        if not ranked:
            return None
        month = ranked[-1]
    first_day = queries.first_day(month)
    rule = _policy(home, first_day, policy)
    accounts = _accounts(home, first_day, rule)
    names = queries.office_names(home, month)
    if office is not None:
        if office not in names:
            raise Unknown("office", office, names, month)
        accounts = accounts.filter(office_id=office)
        if accounts.is_empty():
            raise queries.Unanswerable(
                f"no account of {office!r} is judged by {rule['policy_id']} in {month}; "
                "compare registry/accounts.csv"
            )
    captures = _captures(home)
    waiting = _waiting(home, rule, captures)
    evidence = _evidence(home, first_day, rule)
    joined = (
        accounts.join(captures, on="account_id", how="left")
        .join(waiting, on="account_id", how="left")
        .join(evidence, on=["office_id", "account_id"], how="left")
        .join(_coverage(home, first_day, rule), on="account_id", how="left")
    )
    offices = _office_evidence(evidence)
    zones = dict(
        read_table(home.table("platforms"), PlatformRow)
        .select("platform", "range_time_zone")
        .iter_rows()
    )
    exports = [
        _export(row, first_day, rule, zones[row["platform"]], names, offices)
        for row in joined.iter_rows(named=True)
    ]
    return DueList(month, rule["policy_id"], rule["time_zone"], _sorted(exports, sort))


def csv(found: DueList) -> bytes:
    """The list as a CSV that offices are sent, in Indonesian, with times in the policy's zone."""
    return people_csv(
        headings(found.time_zone), [_line(export, found.time_zone) for export in found.exports]
    )


def headings(time_zone: str) -> list[str]:
    """The headings of that list, of which two name the zone of their times."""
    return [heading.format(zone=time_zone) for heading in _HEADINGS]


def local(instant: datetime, time_zone: str) -> str:
    """An instant (UTC) as a zone's clocks show it, to the minute: `2025-08-01 07:40`."""
    shown = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone))
    return f"{shown:%Y-%m-%d %H:%M}"


def _policy(home: Home, first_day: date, policy_id: str | None) -> dict[str, Any]:
    policies = finished_state.table(home, "dim_policy").sort("policy_id").collect()
    if policy_id is not None:
        found = policies.filter(policy_id=policy_id)
        if found.is_empty():
            raise Unknown("policy", policy_id, policies["policy_id"])
        return found.row(0, named=True)
    is_in_force = (pl.col("effective_from_date") <= first_day) & (
        pl.col("effective_to_date").is_null() | (pl.col("effective_to_date") > first_day)
    )
    found = policies.filter(is_in_force)
    if found.is_empty():
        known = ", ".join(policies["policy_id"]) or "none"
        raise queries.Unanswerable(
            f"no policy is in force in {first_day:%Y-%m}; name one with --policy: {known}"
        )
    return found.row(0, named=True)


def _accounts(home: Home, first_day: date, rule: dict[str, Any]) -> pl.DataFrame:
    """`office_id, account_id, platform, handle, last_valid_to`: accounts by office in the month.

    An account that moves within the month is asked for by both offices. `last_valid_to` is the day
    from which no row of the registry holds for it, null where one has no end.
    """
    spans = finished_state.table(home, "dim_account").collect()
    judged = (
        finished_state.table(home, "dim_office")
        .filter(pl.col("league").is_in(rule["leagues"]), _is_valid_in(first_day))
        .select("office_id")
        .unique()
        .collect()
    )
    ends = spans.group_by("account_id").agg(
        last_valid_to=pl.when(pl.col("valid_to_date").is_not_null().all()).then(
            pl.col("valid_to_date").max()
        )
    )
    return (
        spans.filter(pl.col("platform").is_in(rule["platforms"]), _is_valid_in(first_day))
        .join(judged, on="office_id", how="semi")
        .sort("valid_from_date", "handle", nulls_last=True)
        .group_by("office_id", "account_id", maintain_order=True)
        .agg(pl.col("platform").first(), pl.col("handle").last())
        .join(ends, on="account_id")
    )


def _is_valid_in(first_day: date) -> pl.Expr:
    """Whether a row of the registry holds on some day of the month."""
    return (pl.col("valid_from_date") < next_month(first_day)) & (
        pl.col("valid_to_date").is_null() | (pl.col("valid_to_date") > first_day)
    )


def _captures(home: Home) -> pl.DataFrame:
    """`account_id, last_captured_at`: each account's newest export whose time can be true."""
    return (
        finished_state.table(home, "fct_delivery_account")
        .filter(~pl.col("is_capture_disproved"))
        .group_by("account_id")
        .agg(last_captured_at=pl.col("captured_at").max())
        .collect()
    )


def _waiting(home: Home, rule: dict[str, Any], captures: pl.DataFrame) -> pl.DataFrame:
    """`account_id, window_ends_at, published_at`: the oldest post of each account that waits.

    It is a counted post, of whichever month, that has no observation within the last sixth of its
    window or after it, and of which an export could still bring one: a post that vanished brings
    none, and after the cut-off nothing counts.
    """
    if rule["window_hours"] is None:
        return pl.DataFrame(
            schema={
                "account_id": pl.String,
                "window_ends_at": pl.Datetime,
                "starts_at": pl.Datetime,
            }
        )
    window = timedelta(hours=rule["window_hours"])
    flags = finished_state.table(home, "fct_flag")
    vanished = flags.filter(flag="post_vanished").select("post_key")
    posts = (
        finished_state.table(home, "fct_post_month")
        .filter(pl.col("is_counted"), pl.col("grade").is_in(_UNSEEN_GRADES))
        .filter(policy_id=rule["policy_id"])
        .select("post_key", "account_id", "window_ends_at", "cutoff_at")
        .join(vanished, on="post_key", how="anti")
        .join(captures.lazy(), on="account_id", how="left")
        .filter(
            pl.col("cutoff_at").is_null()
            | pl.col("last_captured_at").is_null()
            | (pl.col("last_captured_at") <= pl.col("cutoff_at"))
        )
        .join(
            finished_state.table(home, "dim_post").select("post_key", "last_observed_at"),
            on="post_key",
        )
        .collect()
    )
    last_part_begins = pl.col("window_ends_at") - window / _LAST_PART
    return (
        posts.join(_believable(home, posts), on="post_key", how="left")
        .with_columns(
            seen_at=pl.when("is_doubtful").then("believable_at").otherwise("last_observed_at")
        )
        .filter(pl.col("seen_at").is_null() | (pl.col("seen_at") < last_part_begins))
        .group_by("account_id")
        .agg(
            window_ends_at=pl.col("window_ends_at").min(),
            starts_at=pl.col("window_ends_at").min() - window,
        )
    )


def _believable(home: Home, posts: pl.DataFrame) -> pl.DataFrame:
    """`post_key, is_doubtful, believable_at` of posts that stand in a capture that can't be true.

    `believable_at` is their last observation without such captures, null where there is none.
    """
    doubtful = (
        finished_state.table(home, "fct_flag")
        .filter(flag="capture_disproved")
        .join(posts.lazy().select("post_key"), on="post_key", how="semi")
        .select("post_key", "observation_id")
        .collect()
    )
    keys = doubtful.select("post_key").unique()
    sound = (
        finished_state.table(home, "fct_engagement")
        .join(keys.lazy(), on="post_key", how="semi")
        .join(doubtful.lazy(), on="observation_id", how="anti")
        .group_by("post_key")
        .agg(believable_at=pl.col("captured_at").max())
        .collect()
    )
    return keys.with_columns(is_doubtful=pl.lit(True)).join(sound, on="post_key", how="left")


def _evidence(home: Home, first_day: date, rule: dict[str, Any]) -> pl.DataFrame:
    """The month's counted posts by office and account, and how well their values are known."""
    poor = [pl.col(f"{grade}_post_count") for grade in _POOR_GRADES]
    return (
        finished_state.table(home, "fct_account_month")
        .filter(month=first_day, policy_id=rule["policy_id"])
        .group_by("office_id", "account_id")
        .agg(
            pl.col("post_count").sum(),
            pl.sum_horizontal(poor).sum().alias("posts_without_evidence"),
            pl.col("component_count").sum(),
            pl.col("sound_component_count").sum(),
        )
        .collect()
    )


def _office_evidence(evidence: pl.DataFrame) -> dict[str, int]:
    """Office to the share of its posts' components that are known, in percent, rounded down."""
    sums = evidence.group_by("office_id").agg(
        pl.col("component_count").sum(), pl.col("sound_component_count").sum()
    )
    return {
        row["office_id"]: _percent(row["sound_component_count"], row["component_count"])
        for row in sums.iter_rows(named=True)
    }


def _percent(sound: int, of: int) -> int:
    """100 where there is nothing to lack."""
    return 100 * sound // of if of else 100


def _coverage(home: Home, first_day: date, rule: dict[str, Any]) -> pl.DataFrame:
    return (
        finished_state.table(home, "fct_coverage")
        .filter(month=first_day, policy_id=rule["policy_id"])
        .select("account_id", "state")
        .collect()
    )


def _export(
    row: dict[str, Any],
    first_day: date,
    rule: dict[str, Any],
    range_zone: str,
    names: dict[str, str],
    offices: dict[str, int],
) -> DueExport:
    range_from, range_to = _range(first_day, rule["time_zone"], range_zone, row["starts_at"])
    return DueExport(
        office_id=row["office_id"],
        office_name=names.get(row["office_id"], row["office_id"]),
        account_id=row["account_id"],
        platform=row["platform"],
        handle=row["handle"],
        last_captured_at=row["last_captured_at"],
        due_at=_due_at(row, rule["time_zone"]),
        posts_without_evidence=row["posts_without_evidence"] or 0,
        post_count=row["post_count"] or 0,
        evidence_percent=_percent(row["sound_component_count"] or 0, row["component_count"] or 0),
        office_evidence_percent=offices.get(row["office_id"], 100),
        coverage=row["state"] or "missing",
        range_from=range_from,
        range_to=range_to,
        range_time_zone=range_zone,
    )


def _due_at(row: dict[str, Any], time_zone: str) -> datetime | None:
    """The window's end of the oldest post that waits, or a day after the last capture."""
    last, end = row["last_captured_at"], row["last_valid_to"]
    is_over = last is not None and end is not None and start_of(end, time_zone) <= last
    daily = last + _DAILY if last is not None and not is_over else None
    return min((each for each in (row["window_ends_at"], daily) if each), default=None)


def _range(
    first_day: date, time_zone: str, range_zone: str, starts_at: datetime | None
) -> tuple[date, date]:
    """The days of the platform's zone that hold the policy's month, and the post that waits."""
    start = start_of(first_day, time_zone)
    if starts_at is not None:
        start = min(start, starts_at)
    end = start_of(next_month(first_day), time_zone) - timedelta(seconds=1)
    first, last = (
        instant.replace(tzinfo=UTC).astimezone(ZoneInfo(range_zone)).date()
        for instant in (start, end)
    )
    return first, last


def _sorted(exports: list[DueExport], sort: str) -> list[DueExport]:
    """The most pressing first."""
    by_office = sorted(exports, key=lambda each: (each.office_id, each.account_id))
    if sort == "office":
        return by_office
    if sort == "platform":
        return sorted(by_office, key=lambda each: each.platform)
    if sort == "captured":
        return sorted(by_office, key=lambda each: each.last_captured_at or datetime.min)
    if sort == "lacking":
        return sorted(by_office, key=lambda each: -each.posts_without_evidence)
    if sort == "evidence":
        return sorted(by_office, key=lambda each: each.evidence_percent)
    if sort == "due":
        return sorted(by_office, key=_urgency)
    raise ValueError(f"{sort} is none of {', '.join(SORTS)}")


def _urgency(export: DueExport) -> datetime:
    """Never exported comes first, nothing to wait for last."""
    if export.last_captured_at is None:
        return datetime.min
    return export.due_at or datetime.max


def _line(export: DueExport, time_zone: str) -> Sequence[Any]:
    last = export.last_captured_at
    return (
        export.office_id,
        export.office_name,
        export.platform,
        export.account_id,
        export.handle,
        local(last, time_zone) if last else "belum pernah",
        _deadline(export, time_zone),
        export.range_from.isoformat(),
        export.range_to.isoformat(),
        export.range_time_zone,
        _COVERAGE[export.coverage],
        export.post_count,
        export.posts_without_evidence,
        export.evidence_percent,
        export.office_evidence_percent,
    )


def _deadline(export: DueExport, time_zone: str) -> str:
    if export.last_captured_at is None:
        return _AT_ONCE
    return local(export.due_at, time_zone) if export.due_at else _NOTHING


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.isoformat()}Z"
