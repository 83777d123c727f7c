"""A month whose cut-off is over stays as it was published, whatever is exported later."""

from __future__ import annotations

import csv
import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.publication import finished_state
from orchestration.publication.publish import Request, publish
from tests.ingest import exports
from tests.publication.conftest import MakeHome

JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 1)
OFFICES = """\
office_id,name,league,time_zone,valid_from,valid_to
O1,Satu,kanwil,,2024-01-01,
O2,Dua,kanwil,,2024-01-01,
"""
ACCOUNTS = """\
account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to
channel,O1,youtube,,,Satu,2024-01-01,
"""


def export(
    root: Path, office: str, captured_at: datetime, videos: dict[str, tuple[str, int]], **more: Any
) -> None:
    """YouTube's table as an office sent it: video to its day and its likes."""
    path = root / "inbox" / office / f"Table data {captured_at:%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    changes = [
        {"Content": video, "Video publish time": day, "Likes": str(likes)}
        for video, (day, likes) in videos.items()
    ]
    path.write_bytes(exports.export(exports.YOUTUBE, *changes))
    os.utime(path, (captured_at.timestamp(), captured_at.timestamp()))
    told = {"captured_at": captured_at.isoformat(), "account_id": "channel", **more}
    path.with_name(f"{path.name}.delivery.json").write_text(json.dumps(told))


def export_july(root: Path) -> None:
    """Up to July's cut-off, 8 August in Jakarta; of August its first day is known by then."""
    shutil.rmtree(root / "inbox")
    (root / "registry" / "offices.csv").write_text(OFFICES)
    (root / "registry" / "accounts.csv").write_text(ACCOUNTS)
    videos = {
        "july-01-abc": ("Jul 1, 2025", 5),
        "july-15-abc": ("Jul 15, 2025", 5),
        "july-31-abc": ("Jul 31, 2025", 5),
        "aug--01-abc": ("Aug 1, 2025", 5),
    }
    export(root, "O1", datetime(2025, 8, 3, 5, tzinfo=UTC), videos, covers_from="2025-06-01")


def export_august_too(root: Path) -> None:
    """After July's cut-off the posts have more likes, one is gone, one of 1 August is new, and
    another office delivers what is not its own."""
    export_july(root)
    videos = {
        "july-01-abc": ("Jul 1, 2025", 9),
        "july-31-abc": ("Jul 31, 2025", 9),
        "aug--01-abc": ("Aug 1, 2025", 9),
        "aug--01-def": ("Aug 1, 2025", 9),
    }
    span = {"covers_from": "2025-06-01", "covers_to": "2025-08-31"}
    export(root, "O1", datetime(2025, 9, 2, 5, tzinfo=UTC), videos, **span)
    export(root, "O2", datetime(2025, 9, 3, 5, tzinfo=UTC), videos)


def neighbours(folder: Path) -> dict[str, tuple[str, str]]:
    """Video to its value and its upper bound, of those beside July that may be of it."""
    with (folder / "evidence" / "decisions.csv").open(newline="") as file:
        return {
            row["post_id"]: (row["value"], row["value_high"])
            for row in csv.DictReader(file)
            if row["month"] != "2025-07-01" and row["policy_id"] == "kuantitas-2025-01"
        }


def test_a_final_month_is_unchanged_by_exports_after_its_cutoff(make_home: MakeHome) -> None:
    request = Request(final=True, despite=True, reason="likes of one day are not known")
    before = make_home(export_july)
    final, _ = publish(before, JULY, request, "one")
    # Without a window a post is worth what was seen last: likes, comments and shares.
    assert neighbours(final.path) == {"aug--01-abc": ("19", "19")}

    after = make_home(export_august_too)
    shutil.copytree(before.published, after.published, symlinks=True)
    newest, is_new = publish(after, JULY, request, "two")
    assert (newest.edition_id, is_new) == (final.edition_id, False)

    # What is new is told of August, and what flags it too.
    posts = finished_state.table(after, "fct_post_month").filter(month=AUGUST).collect()
    assert posts["post_id"].unique().sort().to_list() == ["aug--01-abc", "aug--01-def"]
    flags = finished_state.table(after, "fct_flag").select("flag", "post_key").unique().collect()
    assert flags.sort("post_key").rows() == [
        ("sender_of_another_office", "youtube:aug--01-abc"),
        ("sender_of_another_office", "youtube:aug--01-def"),
    ]
