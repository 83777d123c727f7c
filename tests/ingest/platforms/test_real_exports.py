"""Real exports: the files below the folder that `KURASI_REAL_EXPORTS` names, read as delivered.

They belong to others and are no part of the project; without them these tests are skipped, and say
so. Of each file that is known here, the table tells what was counted apart; of any other, records
must balance, or a reason must be given.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from ingest.home import Home
from ingest.pipeline import ingest
from ingest.schemas import READ
from tests.ingest.exports import ledger

pytestmark = pytest.mark.xdist_group("real exports")

_FB = "meta_fb/content/LeonMpofu__Oigetit-Social-Media-Reports/"
_IG = "meta_ig/content/"
_TIKTOK = "tiktok/studio/htupycollabs-spec__Analytics/"
_X = "x/account_analytics_content/"
_YOUTUBE = "youtube/studio/"
_LEON = _IG + "LeonMpofu__Oigetit-Social-Media-Reports/"
_HESTEY = _X + "hestey-star__hestys-stock-screener/"


def _loaded(kind: str, count: int) -> tuple[str, int, int, int, int]:
    """A file whose every record is loaded."""
    return kind, count, count, 0, 0


#: File to kind, records, loaded, rejected, set aside.
KNOWN = {
    # Ends in 5 records cut to 27 of 31 fields.
    _FB + "Jan-14-2025_Apr-14-2025_1396269028466733.csv": ("facebook_content", 261, 256, 5, 0),
    _FB + "Mar-18-2025_Apr-14-2025_553302954456165.csv": ("facebook_content", 48, 48, 0, 0),
    _LEON + "Mar-18-2025_Apr-14-2025_1019826952924933.csv": _loaded("instagram_content", 78),
    _IG + "SGC140__Kairos/Dec-31-2025_Mar-22-2026_932527802818110.csv": _loaded(
        "instagram_content", 15
    ),
    _IG + "SGC140__Kairos/Jan-01-2026_Apr-01-2026_1987289668829141.csv": _loaded(
        "instagram_content", 20
    ),
    _IG + "SGC140__Kairos/Jan-01-2026_Mar-26-2026_1888590108521750.csv": _loaded(
        "instagram_content", 19
    ),
    _IG + "SGC140__Kairos/Mar-26-2025_Mar-26-2026_949104527769166.csv": _loaded(
        "instagram_content", 53
    ),
    _TIKTOK + "Content.csv": ("tiktok_studio_content", 13, 13, 0, 0),
    _TIKTOK + "Content_2.csv": ("tiktok_studio_content", 12, 12, 0, 0),
    _TIKTOK + "Content_3.csv": ("tiktok_studio_content", 6, 6, 0, 0),
    _TIKTOK + "Content_4.csv": ("tiktok_studio_content", 12, 12, 0, 0),
    _X + "FG-SC__Wormhole-analytics/account_analytics_content_2024-11-21_2025-02-19.csv": _loaded(
        "x_content", 141
    ),
    _HESTEY + "account_analytics_content_2026-07-06_2026-08-02.csv": _loaded("x_content", 201),
    # Each with a total; rejected are videos without a date. Negative likes are withheld.
    _YOUTUBE + "OisinQueva__YouTube_Channel_essay/Table data.csv": (
        "youtube_table",
        103,
        102,
        0,
        1,
    ),
    _YOUTUBE + "Pune-Tech-Community__Website/Table data.csv": ("youtube_table", 221, 217, 3, 1),
    _YOUTUBE + "areikher__YouTube_Channel_Repo/Table data.csv": ("youtube_table", 72, 68, 3, 1),
    _YOUTUBE + "billmengg__YTAnalytics/Content.csv": ("youtube_table", 239, 232, 6, 1),
    _YOUTUBE + "journohindi__Test-HND/Table data.csv": ("youtube_table", 485, 473, 11, 1),
    _YOUTUBE + "ligardoisaghost__timaghostresonance/Table data.csv": (
        "youtube_table",
        318,
        317,
        0,
        1,
    ),
}
_FB_DAYS = "meta_fb/page_daily/LeonMpofu__Oigetit-Social-Media-Reports/"
_VINTAGE = "vsbperoto__vintage-analytics-dashboard/"
_BANKLESS = "BanklessDAO__analytics/"
KNOWN |= {
    "meta_fb/video_content/" + _VINTAGE + "Oct-31-2025_Dec-30-2025_1664278361210560.csv": _loaded(
        "facebook_videos", 45
    ),
    **{
        _FB_DAYS + f"{name}.csv": ("meta_daily", 105, 105, 0, 0)
        for name in (
            "Follows",
            "Interactions",
            "Interactions (1)",
            "Reach",
            "Views",
            "Visits",
            "Visits (1)",
        )
    },
    _FB_DAYS + "Audience.csv": ("meta_tables", 8, 0, 0, 8),
    **{
        "meta_fb/page_daily/" + _VINTAGE + f"{name}.csv": ("meta_daily", 62, 62, 0, 0)
        for name in ("Follows", "Viewers", "Views")
    },
    "meta_fb/page_daily/" + _VINTAGE + "Top content formats.csv": ("meta_tables", 3, 0, 0, 3),
    "meta_ig/page_daily/" + _VINTAGE + "IG_FOLLOWS.csv": ("meta_daily", 40, 40, 0, 0),
    "meta_ig/page_daily/" + _VINTAGE + "IG_REACH.csv": ("meta_daily", 62, 62, 0, 0),
    "meta_ig/page_daily/" + _VINTAGE + "IG_VIEWS.csv": ("meta_daily", 62, 62, 0, 0),
    "tiktok/business_suite/" + _VINTAGE + "TIKTOK_AUDIENCE_RAW.csv": _loaded(
        "tiktok_business_audience", 62
    ),
    "tiktok/business_suite/" + _VINTAGE + "TIKTOK_RAW.csv": _loaded("tiktok_business_account", 62),
    "tiktok/studio/BossZY27__tiktok-analytics/Overview.csv": _loaded("tiktok_studio_overview", 7),
    "tiktok/studio/BossZY27__tiktok-analytics/temp_data_1777023477746.csv": _loaded(
        "tiktok_studio_overview", 7
    ),
    _TIKTOK + "FollowerHistory.csv": ("tiktok_studio_followers", 365, 365, 0, 0),
    _TIKTOK + "Overview.csv": ("tiktok_studio_overview", 365, 365, 0, 0),
    _TIKTOK + "Viewers.csv": ("tiktok_studio_viewers", 365, 365, 0, 0),
    "x/account_overview/FG-SC__Wormhole-analytics/account_overview_analytics.csv": _loaded(
        "x_overview", 50
    ),
    "x/account_overview/vianarafael__koe/account_overview_analytics.csv": _loaded("x_overview", 7),
    "x/daily_tweet_activity_metrics/"
    + _BANKLESS
    + "daily_tweet_activity_metrics_banklessDAO_20210508_20210608_en.csv": _loaded(
        "x_daily_activity", 31
    ),
    **{
        f"x/tweet_activity_metrics/{path}_en.csv": ("x_tweet_activity", count, count, 0, 0)
        for path, count in {
            _BANKLESS + "tweet_activity_metrics_banklessDAO_20210508_20210608": 234,
            "pmaier1971__TwitterPredictiveAnalytics/"
            "tweet_activity_metrics_EconomicsShiny_20220201_20220301": 160,
            "ropensci-org__ropensci-tweets/tweet_activity_metrics_rOpenSci_20161201_20170101": 37,
            "ropensci-org__ropensci-tweets/tweet_activity_metrics_rOpenSci_20180901_20181001": 46,
            "ropensci-org__ropensci-tweets/tweet_activity_metrics_rOpenSci_20211101_20211201": 33,
        }.items()
    },
    **{
        _YOUTUBE + path: (f"youtube_{kind}", count, 0, 0, count)
        for path, kind, count in (
            ("CodingTrain__Happy-New-Year-2022/Chart data.csv", "chart_by_country", 73365),
            ("CodingTrain__Happy-New-Year-2022/Table data.csv", "by_country", 202),
            ("CodingTrain__Happy-New-Year-2022/Totals.csv", "by_day", 365),
            ("billmengg__YTAnalytics/Date.csv", "by_day", 451),
            ("billmengg__YTAnalytics/Traffic source.csv", "by_source", 17),
            ("ligardoisaghost__timaghostresonance/Chart data.csv", "chart", 6802),
            ("ligardoisaghost__timaghostresonance/Totals.csv", "by_day", 6802),
        )
    },
}
_INSIGHTS = (
    "meta_fb/insights_post_level_legacy/viethngn__LACDA/"
    "Facebook_Insights_Data_Export_(Post_Level)_-_LOK_-_"
)
#: Seven sheets each. `Key Metrics` has a row that describes its columns, and a row per post; posts
#: are loaded from it and from `Lifetime Post Stories …`; five sheets and that row are set aside.
KNOWN |= {
    _INSIGHTS + f"{name}": ("facebook_insights", 7 * posts + 1, 2 * posts, 0, 5 * posts + 1)
    for name, posts in {
        "2017-07-27.xls": 7,
        "2017-07-27.xlsx": 7,
        "2017-10-22.xls": 12,
        "2017-11-19.xlsx": 47,
    }.items()
}
KNOWN["tiktok/studio/BossZY27__tiktok-analytics/Overview.xlsx"] = _loaded(
    "tiktok_studio_overview", 7
)
KNOWN |= {
    "apify/mustafaozturk0614__GurelYonetimNextJs/"
    "dataset_instagram-scraper_2025-06-10_14-16-25-957.json": _loaded("instagram_apify_posts", 157),
    "crowdtangle/danielkingori__phoenix/crowdtangle_mock_data.json": _loaded(
        "facebook_crowdtangle", 2
    ),
}
#: The columns of ID and likes, in the languages and generations of the files above.
_ID = ("post id", "tweet id", "identificador de la publicación", "video link", "content")
_LIKES = ("likes", "reactions", "total likes", "me gusta")


@dataclass(frozen=True)
class Read:
    """All files of the folder, ingested at once."""

    folder: Path
    ledger: dict[str, dict[str, Any]]
    rows: pl.DataFrame


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = os.environ.get("KURASI_REAL_EXPORTS")
    if not folder:
        pytest.skip("KURASI_REAL_EXPORTS names no folder of real exports")
    home = Home(tmp_path_factory.mktemp("real") / "home")
    shutil.copytree(folder, home.inbox)
    ingest(home)
    rows = pl.read_parquet(home.lake / "observations/**/*.parquet", hive_partitioning=False)
    return Read(Path(folder), {f"{row['folder']}/{row['name']}": row for row in ledger(home)}, rows)


def test_every_file_is_loaded_with_balanced_accounts_or_quarantined_with_a_reason(
    real: Read,
) -> None:
    files = [path for path in real.folder.rglob("*") if path.is_file()]
    # The same bytes in the same folder are one delivery, so some files may share one.
    hashes = {(row["sha256"], row["office_id"]) for row in real.ledger.values()}
    assert len(hashes) == len(real.ledger) <= len(files)
    for name, row in real.ledger.items():
        if row["status"] in READ:
            parts = (row["loaded_count"], row["rejected_count"], row["set_aside_count"])
            assert row["record_count"] == sum(parts), name
        if row["status"] == "loaded":
            # What holds nothing that is read says what it is, a whole file or some sheets of it.
            has_notes = row["holds"] == "nothing" or row["kind"] == "facebook_insights"
            assert (row["reason"] is None) != has_notes, name
        else:
            assert row["reason"], name


def test_known_files_are_read_as_counted_by_hand(real: Read) -> None:
    columns = ("kind", "record_count", "loaded_count", "rejected_count", "set_aside_count")
    found = {
        name: tuple(row[column] for column in columns)
        for name, row in real.ledger.items()
        if row["status"] in READ
    }
    present = {name: counts for name, counts in KNOWN.items() if (real.folder / name).is_file()}
    assert {name: found.get(name) for name in present} == present
    if present:  # the folder that the table was made from: nothing else in it is of these kinds
        assert found.keys() == present.keys()


def test_ids_likes_and_numbers_of_records_are_those_of_an_independent_parser(real: Read) -> None:
    for name, delivery in real.ledger.items():
        is_text = name.endswith(".csv")
        if delivery["holds"] != "posts" or delivery["repairs"] or not is_text:
            continue
        text = (real.folder / name).read_bytes().decode("utf-8-sig")
        header, *records = (
            record for record in csv.reader(io.StringIO(text, newline="")) if record
        )
        assert delivery["record_count"] == len(records), name
        heads = [" ".join(head.lower().split()) for head in header]
        id_place = next(place for place, head in enumerate(heads) if head in _ID)
        likes = next((place for place, head in enumerate(heads) if head in _LIKES), None)
        rows = real.rows.filter(pl.col("sha256") == delivery["sha256"])
        assert rows.height == delivery["loaded_count"]
        for row in rows.iter_rows(named=True):
            record = records[row["record_number"] - 1]
            assert record[id_place].rstrip("/").endswith(row["delivered_post_id"]), name
            if likes is None:
                assert row["like_count"] is None, name
            else:
                told = record[likes].strip()
                is_told = bool(told) and not told.startswith("-")
                assert row["like_count"] == (int(float(told)) if is_told else None), name


def test_likes_of_json_are_those_of_python_s_parser(real: Read) -> None:
    """Of a scrape -1 and 3 stand for hidden likes."""
    for name, delivery in real.ledger.items():
        if delivery["kind"] != "instagram_apify_posts":
            continue
        records = json.loads((real.folder / name).read_bytes())
        rows = real.rows.filter(pl.col("sha256") == delivery["sha256"]).sort("record_number")
        told = [each["likesCount"] for each in records]
        assert rows["like_count"].to_list() == [n if n not in (-1, 3) else None for n in told]
        assert rows["post_id"].to_list() == [each["shortCode"] for each in records]
        assert delivery["received_sha256"] is not None


def test_instagram_s_printed_time_and_shortcode_agree_within_an_hour(real: Read) -> None:
    rows = real.rows.filter((pl.col("platform") == "instagram") & pl.col("id_at").is_not_null())
    apart = (pl.col("printed_at") - pl.col("id_at")).abs()
    assert rows.filter(apart > timedelta(hours=1)).is_empty()
    near = rows.filter(apart <= timedelta(minutes=5))
    assert near.height >= rows.height * 0.95


def test_x_s_printed_day_is_the_id_s_in_some_zone(real: Read) -> None:
    rows = real.rows.filter(kind="x_content")
    assert rows.filter(pl.col("printed_at") != pl.col("published_at")).is_empty()


def test_x_s_printed_minute_is_the_id_s(real: Read) -> None:
    rows = real.rows.filter(kind="x_tweet_activity")
    minute = pl.col("published_at").dt.truncate("1m")
    assert rows.filter(pl.col("printed_at") != minute).is_empty()


@pytest.mark.parametrize("name", ["2017-07-27.xlsx", "2017-11-19.xlsx"])
def test_insights_are_what_openpyxl_reads_in_the_sheets(real: Read, name: str) -> None:
    path = real.folder / f"{_INSIGHTS}{name}"
    sheets = {
        sheet.title: list(sheet.iter_rows(values_only=True))
        for sheet in openpyxl.load_workbook(path)
    }
    metrics = {row[0]: row for row in sheets["Key Metrics"] if "_" in str(row[0])}
    stories = sheets["Lifetime Post Stories by act..."]
    actions = {row[1]: dict(zip(stories[0], row, strict=True)) for row in stories[1:]}
    sha256 = real.ledger[f"{_INSIGHTS}{name}"]["sha256"]
    rows = real.rows.filter(sha256=sha256)
    assert rows.height == 2 * len(metrics) == 2 * len(actions)
    for row in rows.iter_rows(named=True):
        post_id = row["delivered_post_id"]
        if row["kind"] == "facebook_insights":
            told = metrics[post_id]
            assert (row["reach_count"], row["impression_count"]) == (told[8], told[11])
        else:
            told = [actions[post_id][name] for name in ("like", "comment", "share")]
            found = [row[f"{name}_count"] for name in ("like", "comment", "share")]
            assert found == [value if value != "" else None for value in told]


def test_a_page_that_posts_at_half_past_seven_in_hanoi_shows_the_zone_of_insights(
    real: Read,
) -> None:
    """In summer and in winter: 4:30 and 5:30 in Los Angeles, so daylight saving time holds."""
    rows = real.rows.filter(kind="facebook_insights")
    hanoi = rows["published_at"].dt.offset_by("7h").dt.to_string("%H:%M")
    assert rows.is_empty() or hanoi.value_counts(sort=True)["published_at"][0] == "19:30"
