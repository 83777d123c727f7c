"""What the same files cost others: `python -m bench.rivals floor|pandas INBOX FOLDER`.

What belongs here: the least work that gives a month's ranks, without archive, contract, ledger,
second count, windows or bounds. What does not: anything of the product.

Both rank accounts by their posts and by the likes, comments and shares of each post's last export,
per month of publication, without windows, in Jakarta.
"""

from __future__ import annotations

import sys
from pathlib import Path

_COUNTERS = ("Likes", "Comments", "Shares")


def floor(inbox: Path, folder: Path) -> None:
    """CSV to Parquet with polars, file by file, then one DuckDB query from CSV to monthly ranks."""
    import duckdb
    import polars as pl

    ids = {"Post ID": pl.String, "Account ID": pl.String}
    for number, path in enumerate(sorted(inbox.rglob("*.csv"))):
        frame = pl.read_csv(path, schema_overrides=ids)
        frame.write_parquet(folder / f"{number}.parquet")
    gained = " + ".join(f'"{name}"' for name in _COUNTERS)
    with duckdb.connect() as database:
        database.execute(f"""
            copy (
                with seen as (
                    select
                        "Post ID" as post_id, "Account ID" as account_id, filename,
                        strptime("Publish time", '%m/%d/%Y %H:%M')
                            at time zone 'America/Los_Angeles'
                            at time zone 'Asia/Jakarta' as published_at,
                        {gained} as gained
                    from read_csv(
                        '{inbox}/**/*.csv', filename = true, header = true,
                        types = {{'Post ID': 'varchar', 'Account ID': 'varchar',
                                  'Publish time': 'varchar'}}
                    )
                ),
                post as (
                    select
                        post_id, any_value(account_id) as account_id,
                        date_trunc('month', any_value(published_at)) as month,
                        max_by(gained, filename) as gained
                    from seen group by post_id
                ),
                score as (
                    select month, account_id, count(*) as posts, sum(gained) as gained
                    from post group by all
                )
                select
                    *, rank() over (partition by month order by posts desc) as active,
                    rank() over (partition by month order by gained desc) as popular
                from score order by month, account_id
            ) to '{folder}/ranks.csv'
        """)


def pandas(inbox: Path, folder: Path) -> None:
    """The same ranks with pandas, all files in memory, as notebooks do it."""
    import pandas as pd

    columns = ["Post ID", "Account ID", "Publish time", *_COUNTERS]
    ids = dict.fromkeys(("Post ID", "Account ID"), "str")
    paths = sorted(inbox.rglob("*.csv"))
    seen = pd.concat(
        [pd.read_csv(path, dtype=ids).assign(name=path.name) for path in paths], ignore_index=True
    )
    seen.to_parquet(folder / "all.parquet")
    seen = seen[[*columns, "name"]]
    published = pd.to_datetime(seen["Publish time"], format="%m/%d/%Y %H:%M")
    local = published.dt.tz_localize("America/Los_Angeles", ambiguous="NaT", nonexistent="NaT")
    local = local.dt.tz_convert("Asia/Jakarta").dt.tz_localize(None)
    seen["month"] = local.dt.to_period("M").dt.to_timestamp()
    seen["gained"] = seen[list(_COUNTERS)].sum(axis=1)
    last = seen.sort_values("name").groupby("Post ID").last()
    score = last.groupby(["month", "Account ID"]).agg(
        posts=("gained", "size"), gained=("gained", "sum")
    )
    by_month = score.groupby("month")
    score["active"] = by_month["posts"].rank(method="min", ascending=False)
    score["popular"] = by_month["gained"].rank(method="min", ascending=False)
    score.to_csv(folder / "ranks.csv")


if __name__ == "__main__":
    _, name, inbox, folder = sys.argv
    {"floor": floor, "pandas": pandas}[name](Path(inbox), Path(folder))
