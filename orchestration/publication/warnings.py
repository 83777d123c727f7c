"""What readers of the last finished state should know, and what an office can do about it.

What belongs here: each warning in one line with its number and its remedy, for `kurasi run` and
`kurasi doctor`. What does not: faults that stop a build or an edition (`orchestration/checks/`),
and deciding what counts, which the warehouse does.

Whether a capture lies in the future is asked of the machine's clock; no number depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

import polars as pl

from ingest.home import Home
from orchestration.publication import finished_state

#: So many examples stand in a line.
_EXAMPLES = 3
#: Clocks of machines differ a little.
_GRACE = timedelta(minutes=15)
_KINDS = ("reply", "repost", "story", "cross_post")
_PLURALS = {
    "reply": "replies",
    "repost": "reposts",
    "story": "stories",
    "cross_post": "cross_posts",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: of what kind, how many there are, what was found, and what to do."""

    kind: str
    count: int
    text: str
    remedy: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.text}; {self.remedy}"


def warnings(home: Home, now: datetime) -> list[Warned]:
    """The warnings of the last finished state; none where nothing is built by this version yet.

    Args:
        home: whose state is read.
        now: the machine's time, UTC without a zone mark.
    """
    try:
        folder = finished_state.current(home)
    except finished_state.NoState:
        return []
    if not (folder / "fct_delivery_account.parquet").exists():
        return []
    looks = (
        _posts_after_the_cut_off(home),
        _unregistered_accounts(home),
        _leagues_without_a_policy(home),
        _unmatched_accounts(home),
        _captures_in_the_future(home, now),
        _disproved_captures(home),
        _senders_of_another_office(home),
        _studio_tables_without_counters(home),
        _posts_of_no_export(home),
    )
    return [found for found in looks if found is not None]


def _official_posts(home: Home) -> pl.LazyFrame:
    """Every post under the policy in force in its month, counted or not, with that policy."""
    policies = finished_state.table(home, "dim_policy")
    return (
        finished_state.table(home, "fct_post_month")
        .join(policies, on="policy_id")
        .filter(
            pl.col("effective_from_date") <= pl.col("month"),
            pl.col("effective_to_date").is_null() | (pl.col("effective_to_date") > pl.col("month")),
        )
    )


def _posts_after_the_cut_off(home: Home) -> Warned | None:
    months = (
        _official_posts(home)
        .filter(reason="seen_after_cutoff")
        .group_by("month")
        .agg(posts=pl.len())
        .sort("month", descending=True)
        .collect()
    )
    if months.is_empty():
        return None
    count = int(months["posts"].sum())
    listed = [f"{month:%Y-%m}: {posts}" for month, posts in months.iter_rows()]
    return Warned(
        "seen_after_cutoff",
        count,
        _counted(
            count,
            f"{count} post was first seen after the cut-off, so it does not count",
            f"{count:,} posts were first seen after the cut-off, so they do not count",
            listed,
        ),
        "export before it: kurasi due",
    )


def _unregistered_accounts(home: Home) -> Warned | None:
    """With what they would have counted by all other rules of the policy in force."""
    accounts = finished_state.table(home, "fct_unregistered_account").collect()
    if accounts.is_empty():
        return None
    excluded = [pl.col(f"is_{kind}") & ~pl.col(f"counts_{_PLURALS[kind]}") for kind in _KINDS]
    posts = finished_state.table(home, "dim_post").filter(pl.col("account_id").is_null())
    would_count = (
        _official_posts(home)
        .filter(pl.col("reason") == "unregistered_account")
        .filter(pl.col("platforms").list.contains(pl.col("platform")))
        .select("post_key", "value", "cutoff_at", "^counts_.*$")
        .join(posts, on="post_key")
        .filter(~pl.any_horizontal(excluded))
        .filter(
            pl.col("cutoff_at").is_null() | (pl.col("first_observed_at") <= pl.col("cutoff_at"))
        )
        .group_by(
            "platform",
            "platform_account_id",
            pl.when(pl.col("platform_account_id").is_null()).then("account_handle"),
        )
        .agg(posts=pl.len(), value=pl.col("value").sum())
        .collect()
    )
    named = accounts.join(
        would_count,
        on=["platform", "platform_account_id", "account_handle"],
        how="left",
        nulls_equal=True,
    ).with_columns(pl.col("posts", "value").fill_null(0))
    largest = named.sort("posts", "unregistered_account_id", descending=[True, False])
    listed = [f"{_called(row)}: {row['posts']}" for row in largest.iter_rows(named=True)]
    count, missed, value = accounts.height, int(named["posts"].sum()), int(named["value"].sum())
    posts_missed = f"{missed} post" if missed == 1 else f"{missed:,} posts"
    gained = f"{value} interaction" if value == 1 else f"{value:,} interactions"
    would = f"{posts_missed} with {gained} would have counted"
    return Warned(
        "unregistered_account",
        accounts.height,
        _counted(
            count,
            f"{count} account is not in the registry; {would}",
            f"{count:,} accounts are not in the registry; {would}",
            listed,
        ),
        "name the official ones in registry/accounts.csv",
    )


def _called(account: dict[str, Any]) -> str:
    """An account as a person can look it up; a number alone tells nobody whose it is."""
    if account["platform_account_id"] is None and account["account_handle"] is None:
        return f"{account['platform']}, where the export names none"
    name = account["account_name"] if account["account_handle"] is None else None
    return f"{account['unregistered_account_id']}{f' {name}' if name else ''}"


def _leagues_without_a_policy(home: Home) -> Warned | None:
    judged = finished_state.table(home, "dim_policy").select("leagues").collect()["leagues"]
    known = judged.explode().unique().to_list()
    offices = (
        finished_state.table(home, "dim_office")
        .filter(~pl.col("league").is_in(known))
        .group_by("league")
        .agg(offices=pl.col("office_id").n_unique())
        .sort("league")
        .collect()
    )
    if offices.is_empty():
        return None
    listed = [
        f"{league}: {offices_of_it:,} {'office' if offices_of_it == 1 else 'offices'}"
        for league, offices_of_it in offices.rows()
    ]
    return Warned(
        "unknown_league",
        offices.height,
        _counted(
            offices.height,
            f"{offices.height} league is in no policy, so nobody in it is ranked",
            f"{offices.height:,} leagues are in no policy, so nobody in them is ranked",
            listed,
        ),
        "correct registry/offices.csv, or name the league in a policy",
    )


def _unmatched_accounts(home: Home) -> Warned | None:
    """Registered handles of accounts of which no export says anything."""
    seen = pl.concat(
        [
            finished_state.table(home, name).select("account_id").unique()
            for name in ("fct_delivery_account", "dim_post", "fct_account_day")
        ]
    ).collect()
    if finished_state.table(home, "stg_deliveries").filter(status="loaded").collect().is_empty():
        return None  # nothing could match yet
    silent = (
        finished_state.table(home, "dim_account")
        .filter(pl.col("handle").is_not_null())
        .join(seen.lazy(), on="account_id", how="anti")
        .select("account_id", "platform", "handle")
        .unique()
        .sort("account_id", "handle")
        .collect()
    )
    if silent.is_empty():
        return None
    strangers = finished_state.table(home, "fct_unregistered_account").collect()
    listed = [
        _with_alike(row["platform"], row["handle"], strangers)
        for row in silent.iter_rows(named=True)
    ]
    # One that an export spells otherwise is mended at once, so it comes first.
    listed.sort(key=lambda text: "perhaps" not in text)
    return Warned(
        "unmatched_handle",
        silent.height,
        _counted(
            silent.height,
            f"{silent.height} handle of the registry matches nothing in any export",
            f"{silent.height:,} handles of the registry match nothing in any export",
            listed,
        ),
        "correct registry/accounts.csv, or export these accounts",
    )


def _with_alike(platform: str, handle: str, strangers: pl.DataFrame) -> str:
    """A handle, with the one that exports spell nearly so."""
    others = strangers.filter(platform=platform)["account_handle"].drop_nulls().to_list()
    alike = get_close_matches(handle, others, n=1, cutoff=0.8)
    return f"{platform} @{handle}" + (f", perhaps @{alike[0]}" if alike else "")


def _captures_in_the_future(home: Home, now: datetime) -> Warned | None:
    found = (
        finished_state.table(home, "stg_deliveries")
        .filter(pl.col("status") == "loaded", pl.col("captured_at") > now + _GRACE)
        .sort("captured_at", "delivery_id", descending=[True, False])
        .collect()
    )
    if found.is_empty():
        return None
    listed = [
        f"{row['delivery_id']}: {row['captured_at']:%Y-%m-%d %H:%M} UTC"
        for row in found.iter_rows(named=True)
    ]
    return Warned(
        "capture_in_the_future",
        found.height,
        _counted(
            found.height,
            f"{found.height} delivery says that it was captured in the future",
            f"{found.height:,} deliveries say that they were captured in the future",
            listed,
        ),
        "correct the sidecar or the clock of the machine that exported",
    )


def _disproved_captures(home: Home) -> Warned | None:
    found = (
        finished_state.table(home, "fct_flag")
        .filter(flag="capture_disproved")
        # An observation is named by its delivery and record.
        .select(delivery_id=pl.col("observation_id").str.split("-").list.first())
        .unique()
        .sort("delivery_id")
        .collect()
    )
    if found.is_empty():
        return None
    return Warned(
        "capture_disproved",
        found.height,
        _counted(
            found.height,
            f"{found.height} delivery holds a post that was published after its capture, so what "
            "it counted is no evidence",
            f"{found.height:,} deliveries hold a post that was published after its capture, so "
            "what it counted is no evidence",
            found["delivery_id"].to_list(),
        ),
        "deliver it again with the right captured_at in its sidecar",
    )


def _senders_of_another_office(home: Home) -> Warned | None:
    found = (
        finished_state.table(home, "fct_flag")
        .filter(flag="sender_of_another_office")
        .group_by("detail")
        .agg(posts=pl.col("post_key").n_unique())
        .sort("posts", "detail", descending=[True, False])
        .collect()
    )
    if found.is_empty():
        return None
    count = int(found["posts"].sum())
    listed = [
        f"{detail}: {posts:,} {'post' if posts == 1 else 'posts'}"
        for detail, posts in found.iter_rows()
    ]
    return Warned(
        "sender_of_another_office",
        count,
        _counted(
            count,
            f"{count} post comes from an office that does not have its account",
            f"{count:,} posts come from an office that does not have their account",
            listed,
        ),
        "put exports into the folder of the account's office, or correct registry/accounts.csv",
    )


def _studio_tables_without_counters(home: Home) -> Warned | None:
    """YouTube Studio leaves out what counts, unless a person chooses the columns.

    Of each account, or sender where it is not known, the newest export is looked at, so that it is
    told until one has them.
    """
    tables = finished_state.table(home, "stg_deliveries").filter(
        pl.col("status") == "loaded", kind="youtube_table"
    )
    columns = {
        "like_count": "Likes",
        "comment_count": "Comments added",
        "share_count": "Shares",
    }
    sender = pl.coalesce("account_id", pl.col("folder").str.split("/").list.first())
    found = (
        finished_state.table(home, "fct_engagement")
        .join(tables, on="delivery_id")
        .group_by("delivery_id", "folder", "name", "captured_at", sender=sender)
        .agg(pl.col(name).is_null().all() for name in columns)
        .sort("captured_at", "delivery_id")
        .group_by("sender", maintain_order=True)
        .last()
        .filter(pl.any_horizontal(list(columns)))
        .sort("captured_at", "delivery_id", descending=[True, False])
        .collect()
    )
    if found.is_empty():
        return None
    listed = [
        f"{row['folder'] or 'inbox'}/{row['name']}: "
        + " and ".join(header for name, header in columns.items() if row[name])
        for row in found.iter_rows(named=True)
    ]
    return Warned(
        "missing_counters",
        found.height,
        _counted(
            found.height,
            f"{found.height} YouTube export lacks columns that count, so what they tell is unknown "
            "and no zero",
            f"{found.height:,} YouTube exports lack columns that count, so what they tell is "
            "unknown and no zero",
            listed,
        ),
        "choose these columns in YouTube Studio (advanced mode, the plus above the table), and "
        "export again",
    )


def _posts_of_no_export(home: Home) -> Warned | None:
    """Between two responses an account grew by more posts than are on record.

    A post that was deleted in between makes it grow by fewer, so at least so many are missing.
    """
    told = (
        finished_state.table(home, "int_delivery_contents")
        .drop_nulls(["account_id", "account_post_count"])
        .group_by("account_id", "captured_at")
        .agg(pl.col("account_post_count").max())
        .sort("account_id", "captured_at")
        .with_columns(
            pl.all().exclude("account_id").shift().over("account_id").name.suffix("_before")
        )
        .drop_nulls("account_post_count_before")
        .collect()
    )
    if told.is_empty():
        return None
    posts = (
        finished_state.table(home, "dim_post")
        .filter(~pl.col("is_story"), pl.col("account_id").is_in(told["account_id"].implode()))
        .select("account_id", "published_at")
        .collect()
    )
    between = posts.join_where(
        told,
        pl.col("account_id") == pl.col("account_id_told"),
        pl.col("published_at") > pl.col("captured_at_before"),
        pl.col("published_at") <= pl.col("captured_at"),
        suffix="_told",
    )
    known = between.group_by("account_id", "captured_at").agg(posts=pl.len())
    growth = pl.col("account_post_count") - pl.col("account_post_count_before")
    found = (
        told.join(known, on=["account_id", "captured_at"], how="left")
        .with_columns(missing=growth - pl.col("posts").fill_null(0).cast(pl.Int64))
        .filter(pl.col("missing") > 0)
        .sort("missing", "account_id", "captured_at", descending=[True, False, False])
    )
    if found.is_empty():
        return None
    count = int(found["missing"].sum())
    listed = [
        f"{row['account_id']}: {row['missing']} between {row['captured_at_before']:%Y-%m-%d} and "
        f"{row['captured_at']:%Y-%m-%d}"
        for row in found.iter_rows(named=True)
    ]
    return Warned(
        "posts_of_no_export",
        count,
        _counted(
            count,
            f"{count} post is in no export, by what responses say of how many an account has",
            f"{count:,} posts are in no export, by what responses say of how many an account has",
            listed,
        ),
        "export these days of the account",
    )


def _counted(count: int, one: str, many: str, examples: Sequence[str]) -> str:
    """The sentence for a count, with examples."""
    return f"{one if count == 1 else many} ({_listing(examples)})"


def _listing(examples: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    shown = ", ".join(examples[:_EXAMPLES])
    more = len(examples) - _EXAMPLES
    return f"{shown}, and {more:,} more" if more > 0 else shown
