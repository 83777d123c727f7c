"""The evidence of a month: all that a stranger needs to decide anew and to recompute its rankings.

What belongs here: the files of an edition's folder `evidence/`, which stands alone: its program
`recompute.py` needs nothing else. What does not: anything that holds what people wrote; captions
and the delivered files are of the restricted tier (`publish.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from orchestration.publication.formats import csv_bytes, json_bytes
from orchestration.publication.month import FLAGS, Month, next_month

#: Grows when a file, a column or a meaning changes; each has a program of its own (`released.py`).
VERSION = 6
#: Of the definitions by which posts are valued and offices ranked: 1 summed what was last seen of a
#: post, 2 values it per component along a growth curve, 3 judges a neighbouring day's post by the
#: month that it may be of.
DEFINITION_VERSION = 3
_RECOMPUTE = Path(__file__).with_name("recompute.py")
_RULE = Path(__file__).with_name("rule")

_README = """\
# Evidence

RAW DATA FOR PROGRAMS. Do not open these CSV files with a spreadsheet: their text stands as it was
delivered, also where it could start a formula, and a spreadsheet spoils long numbers. For reading
there are `bulletin.xlsx` and `people/` of the edition.

DATA MENTAH UNTUK PROGRAM. Jangan buka berkas CSV ini dengan aplikasi lembar kerja; untuk dibaca ada
`bulletin.xlsx` dan `people/` pada edisi ini.

    python -I -S recompute.py

decides anew which posts count, values them, ranks the offices and compares with what was published.
It needs Python 3.11 or later and nothing else: no network, no library, no time zone database.

- `RULE.md`, in Indonesian `RULE.id.md`: the whole rule in words, and what each column means
- `policies.json`: the rules as used: what each component weighs on each platform (`weights_on`),
  the growth curves (`growth`: hours, low, typical, high), each zone's offsets from UTC (instant,
  seconds), also those of the ranges in the platforms' file names (`range_utc_offsets`); and
  `policy.*.yml`: the files as their authors wrote them, whose hashes the rankings name
- `offices.csv`, `accounts.csv`: the registry as used; `valid_to_date` is the first day not valid
- `deliveries.csv`: every file captured from the month's begin to its last cut-off, and what tells
  something later: SHA-256, capture and receipt, the days that it lists, its accounting (records =
  loaded + rejected + set aside), and what the month takes of it (`use`): `records`, no more than
  `coverage`, or nothing: it is `not_read`, its capture time can't be true (`capture_disproved`), or
  it holds `other_posts`
- `contents.csv`: what each delivery holds of which account, its oldest and its newest record, of
  any month: it tells which days an export covers, and whether its capture time can be true
- `spans.csv`: from when to when, to the second and without the last, a delivery lists all posts of
  an account, under each policy
- `rejects.csv`: the records that broke a rule, by file and number, with what they tell of their
  publication; `known_at`: since when another record is known to stand for it
- `observations.csv`: each record of each post: counters at an instant, the time that the export
  printed and the one that the post's ID tells
- `withheld.csv`: the counters of these records that are blank because they can't be read
- `posts.csv`: each post of the month, as its records tell, and those of the neighbouring months'
  adjacent days that are known to the day only and may count in this one
- `decisions.csv`: each post under each policy: its month, counted or not and why, value, hard and
  likely bounds, grade, how many components weigh and how many are known from both sides; those of
  the neighbouring months as this month judges them, up to its own cut-off
- `coverage.csv`, `month_state.csv`: how complete each account's month is, and the month
- `rankings.csv`: the rankings as published
- `opinion.csv`: the tone of the public's comments to each office, by labels that people gave to a
  sample; `opinion_agreement.csv`: what two readers said of the comments that both read. Both hold
  what may be told, and no row where that is nothing
- `SHA256SUMS`: the hash of each file; `sha256sum -c SHA256SUMS`

UTF-8, `\\n`, in a total order; blank is null; instants are UTC; integers only. A `record_number`
counts the data records of a file from 1, without the header. An observation captured after the
last cut-off of its post is left out, unless it alone tells whose the post is, when it was published
or what it is. Of an account that is not registered neither name, handle, number nor link is told:
`(unregistered)` stands where a record named one.
"""

_COMPONENTS = ("like", "comment", "share", "save")
_RECORD = (
    "platform",
    "post_id",
    "captured_at",
    "sha256",
    "record_number",
    "delivery_id",
    "platform_account_id",
    "account_handle",
    "published_at",
    "published_date",
    "published_precision",
    *FLAGS,
    "like_count",
    "comment_count",
    "share_count",
    "save_count",
    "view_count",
    "impression_count",
    "reach_count",
    "printed_at",
    "id_at",
)
_POST = (
    "platform",
    "post_id",
    "permalink",
    "account_id",
    "published_at",
    "published_date",
    "published_precision",
    *FLAGS,
    "first_observed_at",
    "flags",
    "platform_account_id",
    "account_handle",
    "account_name",
    "delivered_post_id",
    "post_type",
    "published_source",
)
_DECISION = (
    "policy_id",
    "month",
    "platform",
    "post_id",
    "local_date",
    "account_id",
    "office_id",
    "league",
    "is_counted",
    "reason",
    "is_month_uncertain",
    "value",
    "value_low",
    "value_high",
    "grade",
    "value_likely_low",
    "value_likely_high",
    "is_incomplete",
    "component_count",
    "sound_component_count",
)
_DELIVERY = (
    "delivery_id",
    "sha256",
    "name",
    "platform",
    "kind",
    "status",
    "received_at",
    "captured_at",
    "captured_at_source",
    "claimed_office_id",
    "claimed_account_id",
    "covers_from_date",
    "covers_to_date",
    "covers_source",
    "covers_posts",
    "is_truncated",
    "record_count",
    "loaded_count",
    "rejected_count",
    "set_aside_count",
    "use",
)
_ACCOUNT = (
    "account_id",
    "office_id",
    "platform",
    "platform_account_id",
    "handle",
    "account_name",
    "valid_from_date",
    "valid_to_date",
)


#: The files of words of the folder, by name.
WORDS = {
    "README.md": _README.encode(),
    "RULE.md": (_RULE / "RULE.md").read_bytes(),
    "RULE.id.md": (_RULE / "RULE.id.md").read_bytes(),
}
_TABLES = (
    "rankings",
    "month_state",
    "coverage",
    "decisions",
    "posts",
    "observations",
    "deliveries",
    "contents",
    "spans",
    "rejects",
    "withheld",
    "offices",
    "accounts",
    "opinion",
    "opinion_agreement",
)


def names_of(policies: Iterable[str]) -> set[str]:
    """The names of the files of the folder, where these policies are its."""
    rules = {f"policy.{policy}.yml" for policy in policies}
    tables = {f"{name}.csv" for name in _TABLES}
    return {*rules, *tables, *WORDS, "policies.json", "recompute.py", "SHA256SUMS"}


def evidence(month: Month, rules: dict[str, bytes]) -> dict[str, bytes]:
    """The files of the folder `evidence/`, by name; `rules` are the policies' own files."""
    tables = month.tables
    files = {
        "rankings.csv": csv_bytes(tables["rank_monthly"]),
        "month_state.csv": csv_bytes(tables["rank_month_state"]),
        "coverage.csv": csv_bytes(tables["fct_coverage"]),
        "decisions.csv": csv_bytes(month.decisions.select(_DECISION)),
        "posts.csv": csv_bytes(month.posts.select(_POST)),
        "observations.csv": csv_bytes(month.observations.select(_RECORD)),
        "deliveries.csv": csv_bytes(month.deliveries.select(_DELIVERY)),
        "contents.csv": csv_bytes(month.contents),
        "spans.csv": csv_bytes(month.spans),
        "rejects.csv": csv_bytes(month.rejects),
        "withheld.csv": csv_bytes(month.withheld),
        "offices.csv": csv_bytes(tables["dim_office"].drop("office_span_id")),
        "accounts.csv": csv_bytes(tables["dim_account"].select(_ACCOUNT)),
        "opinion.csv": csv_bytes(tables["fct_opinion_month"]),
        "opinion_agreement.csv": csv_bytes(tables["fct_opinion_agreement"]),
        "policies.json": json_bytes(
            policies_document(month.first_day, tables, month.deliveries["captured_at"], month.zones)
        ),
        "recompute.py": _RECOMPUTE.read_bytes(),
        **WORDS,
        **rules,
    }
    return {**files, "SHA256SUMS": sums(files)}


def sums(files: dict[str, bytes]) -> bytes:
    """The hash list of files, as `sha256sum` writes and reads it."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def policies_document(
    first_day: date,
    tables: Mapping[str, pl.DataFrame],
    captures: Iterable[datetime],
    zones: Mapping[str, str],
) -> dict[str, Any]:
    """What `policies.json` says.

    Args:
        first_day: of the month.
        tables: `dim_policy`, `dim_policy_weights` and `dim_policy_growth`.
        captures: of the deliveries of the evidence, UTC.
        zones: platform to the zone of the ranges in the names of its files.
    """
    margin = timedelta(days=40)
    start = datetime.combine(first_day, datetime.min.time()) - margin
    ends = datetime.combine(next_month(first_day), datetime.min.time())
    cutoff_days = tables["dim_policy"]["cutoff_days"].drop_nulls().to_list()
    ends += timedelta(days=max(cutoff_days, default=0))
    # Without a cut-off, captures of any time count.
    stop = max([ends, *captures]) + margin
    return {
        "evidence_version": VERSION,
        "definition_version": DEFINITION_VERSION,
        "month": str(first_day),
        "range_utc_offsets": {
            platform: list(_offsets(ZoneInfo(zone), start, stop))
            for platform, zone in sorted(zones.items())
        },
        "policies": [
            {
                **_policy(tables, policy),
                "utc_offsets": list(_offsets(ZoneInfo(policy["time_zone"]), start, stop)),
            }
            for policy in tables["dim_policy"].iter_rows(named=True)
        ],
    }


def _policy(tables: Mapping[str, pl.DataFrame], policy: dict[str, Any]) -> dict[str, Any]:
    """A policy as its file says it, with the weights and the curve of each platform."""
    weights_on = {
        row["platform"]: {name: row[f"{name}_weight"] for name in _COMPONENTS}
        for row in tables["dim_policy_weights"]
        .filter(policy_id=policy["policy_id"])
        .iter_rows(named=True)
    }
    curves = tables["dim_policy_growth"].filter(policy_id=policy["policy_id"])
    growth = {
        platform: rows.select("hours", "low", "typical", "high").rows()
        for (platform,), rows in curves.group_by("platform", maintain_order=True)
    }
    # What a component weighs stands once, by platform.
    weights = {f"{name}_weight" for name in _COMPONENTS}
    plain = {
        key: str(value) if isinstance(value, date) else value
        for key, value in policy.items()
        if key not in weights
    }
    return {**plain, "weights_on": weights_on, "growth": growth or None}


def _offsets(zone: ZoneInfo, start: datetime, stop: datetime) -> Iterator[tuple[str, int]]:
    """The zone's offset from UTC in seconds at `start`, and at each change up to `stop` (UTC)."""
    hour = timedelta(hours=1)
    known = _offset(zone, start)
    yield f"{start.isoformat()}Z", known
    for step in range((stop - start) // hour):
        before, after = start + step * hour, start + (step + 1) * hour
        if _offset(zone, after) == known:
            continue
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // 2 // timedelta(seconds=1) * timedelta(seconds=1)
            before, after = (middle, after) if _offset(zone, middle) == known else (before, middle)
        known = _offset(zone, after)
        yield f"{after.isoformat()}Z", known


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    """Seconds that the zone's clocks are ahead of UTC at a UTC instant."""
    local = instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    return int((local - instant).total_seconds())
