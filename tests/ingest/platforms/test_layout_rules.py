"""Each platform's own rules of times, identities, marks and counters, with answers by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ingest.parsing import not_posts
from tests.ingest.exports import (
    FACEBOOK,
    FACEBOOK_TWICE,
    INSTAGRAM,
    TIKTOK_BUSINESS,
    TIKTOK_STUDIO,
    X_1,
    YOUTUBE,
    Record,
    export,
    observations,
    only,
    quarantine,
    read,
    rejects,
    withheld,
)

#: Uploaded on 1 August 2025 at 22:29:50 in Los Angeles.
LATER = "https://www.instagram.com/p/DM10fRrgAAA/"

# Meta: the printed time is Los Angeles wall time.


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK], ids=["instagram", "facebook"])
def test_printed_times_are_los_angeles_wall_time(record: Record) -> None:
    expected = {
        "07/31/2025 09:59": datetime(2025, 7, 31, 16, 59),  # 23:59 in Jakarta, still July
        "07/31/2025 10:00": datetime(2025, 7, 31, 17, 0),  # midnight in Jakarta, August
        "01/15/2025 10:30": datetime(2025, 1, 15, 18, 30),  # without daylight saving
        "12/31/2025 23:59": datetime(2026, 1, 1, 7, 59),
        "03/09/2025 01:59": datetime(2025, 3, 9, 9, 59),  # the last minute before the gap
        "03/09/2025 03:00": datetime(2025, 3, 9, 10, 0),  # and the first after it
        "11/02/2025 00:59": datetime(2025, 11, 2, 7, 59),  # before the hour that occurs twice
        "11/02/2025 02:00": datetime(2025, 11, 2, 10, 0),  # and after it
        "02/29/2024 10:00": datetime(2024, 2, 29, 18, 0),
    }
    # Without a link, whose ID would be of another time.
    times = ({"Publish time": time, "Permalink": ""} for time in expected)
    rows = observations(export(record, *times))
    assert [row["published_at"] for row in rows] == list(expected.values())
    assert [row["printed_at"] for row in rows] == list(expected.values())


@pytest.mark.parametrize(
    ("shortcode", "instant"),
    [
        ("DQjCOIrgAAF", datetime(2025, 11, 2, 8, 30)),  # uploaded 08:29:50 UTC
        ("DQjJFlrgAAF", datetime(2025, 11, 2, 9, 30)),  # uploaded 09:29:50 UTC
    ],
)
def test_the_shortcode_resolves_the_hour_that_occurs_twice(
    shortcode: str, instant: datetime
) -> None:
    night = {"Permalink": f"https://www.instagram.com/p/{shortcode}/"}
    assert (
        only(export(INSTAGRAM, {**night, "Publish time": "11/02/2025 01:30"}))["published_at"]
        == instant
    )


@pytest.mark.parametrize(
    "change",
    [
        {"Permalink": "https://www.instagram.com/p/DQiqNRTgAAF/"},  # uploaded 05:00 UTC, scheduled
        {"Permalink": "https://www.instagram.com/stories/kemenkum_jabar/3689000000000000000/"},
        {"Permalink": ""},
    ],
)
def test_the_hour_that_occurs_twice_is_rejected_where_no_shortcode_is_near(change: Record) -> None:
    found = rejects(export(INSTAGRAM, {**change, "Publish time": "11/02/2025 01:30"}))
    detail = "publish_time = 11/02/2025 01:30 in Los Angeles, which is 08:30 or 09:30 UTC"
    assert found == [(1, "ambiguous_time", detail)]


def test_facebook_tells_no_time_that_could_resolve_the_hour_that_occurs_twice() -> None:
    found = rejects(export(FACEBOOK, {"Publish time": "11/02/2025 01:30"}))
    detail = "publish_time = 11/02/2025 01:30 in Los Angeles, which is 08:30 or 09:30 UTC"
    assert found == [(1, "ambiguous_time", detail)]


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK], ids=["instagram", "facebook"])
def test_a_time_that_never_existed_is_rejected(record: Record) -> None:
    found = rejects(export(record, {}, {"Publish time": "03/09/2025 02:30"}))
    detail = "publish_time = 03/09/2025 02:30 in Los Angeles"
    assert found == [(2, "time_never_existed", detail)]


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK], ids=["instagram", "facebook"])
def test_a_time_in_another_form_is_rejected_with_its_text(record: Record) -> None:
    times = [
        "",
        "31/07/2025 10:30",
        "02/29/2025 10:00",
        "07/31/2025",
        "07/31/2025 24:00",
        "07/31/25 10:30",
        "07/31/2025 10:30 PM",
        "2025-07-31 10:30",
        "07-31-2025 10:30",
        "07/31/2025 10.30",
        "12/31/1969 16:00",
        "45869.4375",
    ]
    assert rejects(export(record, *({"Publish time": time} for time in times))) == [
        (number, "unreadable_time", f"publish_time = {time} in Los Angeles")
        for number, time in enumerate(times, start=1)
    ]


def test_one_day_first_date_makes_the_dates_of_its_file_uncertain() -> None:
    """`31/07` can only be a day and a month, so `07/08` may be one too; `07/31` may not."""
    times = ["31/07/2025 10:30", "07/08/2025 10:30", "07/31/2025 10:30", "07/07/2025 10:30"]
    content = export(FACEBOOK, *({"Publish time": time} for time in times))
    assert [(number, rule) for number, rule, _ in rejects(content)] == [
        (1, "unreadable_time"),
        (2, "ambiguous_time"),
    ]
    assert [row["record_number"] for row in observations(content)] == [3, 4]


def test_dates_that_an_american_spreadsheet_wrote_again_are_read_where_one_shows_the_order() -> (
    None
):
    """It leaves Meta's zeros out. Alone, `7/8/2025` may be of one that puts days first."""
    times = ["7/8/2025 9:05", "12/10/2025 10:30", "7/31/2025 10:30"]
    rows = observations(export(FACEBOOK, *({"Publish time": time} for time in times)))
    assert [row["published_at"] for row in rows] == [
        datetime(2025, 7, 8, 16, 5),
        datetime(2025, 12, 10, 18, 30),
        datetime(2025, 7, 31, 17, 30),
    ]
    detail = "which is 2025-07-08 or 2025-08-07, for the file may write the day first"
    for others in ([], ["07/31/2025 10:30"]):
        ((number, rule, told),) = rejects(
            export(FACEBOOK, *({"Publish time": time} for time in [times[0], *others]))
        )
        assert (number, rule) == (1, "ambiguous_time")
        assert told == f"publish_time = 7/8/2025 9:05 in Los Angeles, {detail}"


@pytest.mark.parametrize(
    "times",
    [
        # Half a month of posts, days first: as months they would lie over most of the year.
        [f"{day:02}/08/2025 10:30" for day in range(1, 13)],
        # Only the days that can be months were turned round.
        [f"07/{day}/2025 10:30" for day in (31, 30, 16)]
        + [f"{day:02}/07/2025 10:30" for day in (11, 8, 6, 4, 2, 1)],
    ],
)
def test_dates_that_lie_closer_together_with_the_day_first_are_rejected(times: list[str]) -> None:
    content = export(FACEBOOK, *({"Publish time": time} for time in times))
    swappable = [n for n, t in enumerate(times, start=1) if t[:2] != t[3:5] and int(t[3:5]) <= 12]
    assert [(number, rule) for number, rule, _ in rejects(content)] == [
        (number, "ambiguous_time") for number in swappable
    ]


def test_dates_that_stand_in_order_only_with_the_day_first_are_rejected() -> None:
    days = [datetime(2025, 1, 3) + timedelta(days=5 * n) for n in range(60)]
    turned = [f"{d:%d/%m/%Y} 10:30" if d.day <= 12 else f"{d:%m/%d/%Y} 10:30" for d in days]
    found = rejects(export(FACEBOOK, *({"Publish time": time} for time in turned)))
    expected = [n for n, d in enumerate(days, start=1) if d.day <= 12 and d.day != d.month]
    assert [number for number, _, _ in found] == expected
    right = export(FACEBOOK, *({"Publish time": f"{d:%m/%d/%Y} 10:30"} for d in days))
    assert rejects(right) == []


def test_a_shortcode_shows_that_a_file_writes_the_day_first() -> None:
    """The other record has no shortcode."""
    shortcode = {"Publish time": "11/02/2025 00:30", "Permalink": "https://www.instagram.com/p/%s/"}
    story = {"Publish time": "08/07/2025 10:30", "Permalink": ""}
    # 7:30 UTC on 2 November, and 8:30 UTC on 11 February: the digits in the other order.
    for code, count in (("DQi7WrrgAAA", 0), ("DF7QXIrgAAA", 2)):
        record = {**shortcode, "Permalink": shortcode["Permalink"] % code}
        assert len(rejects(export(INSTAGRAM, record, story))) == count


def test_a_link_of_another_time_is_no_post_s() -> None:
    """Cut by a letter, or written in small ones, it names another post."""
    links = ["https://www.instagram.com/p/DMx9S9rgAA/", "https://www.instagram.com/p/dmx9s9rgaaf/"]
    good = [{}] * 3
    found = rejects(export(INSTAGRAM, *good, *({"Permalink": link} for link in links)))
    assert [(number, rule) for number, rule, _ in found] == [
        (4, "id_differs_from_time"),
        (5, "id_differs_from_time"),
    ]


def test_words_that_stand_for_a_link_hide_the_post_s_name() -> None:
    (found,) = rejects(export(INSTAGRAM, {"Permalink": "Open"}))
    assert found[1:] == ("unreadable_link", "post_id = 17900000000000001, permalink = Open")


def test_hours_that_have_lost_their_half_of_the_day_are_rejected() -> None:
    instants = [datetime(2025, 7, 1, 0, 30) + timedelta(hours=7 * n) for n in range(30)]
    lost = rejects(export(FACEBOOK, *({"Publish time": f"{t:%m/%d/%Y %I:%M}"} for t in instants)))
    assert {rule for _, rule, _ in lost} == {"ambiguous_time"}
    assert lost[0][2].endswith("before or after noon, for the file has no hour above 12")
    whole = export(FACEBOOK, *({"Publish time": f"{t:%m/%d/%Y %H:%M}"} for t in instants))
    assert rejects(whole) == []
    # The ID says 17:29 UTC, which is 10:29 in the morning there.
    assert rejects(export(INSTAGRAM, {"Publish time": "07/30/2025 10:30"})) == []
    ((_, rule, _),) = rejects(
        export(INSTAGRAM, {"Publish time": "08/01/2025 10:30", "Permalink": LATER})
    )
    assert rule == "ambiguous_time"


def test_a_shortcode_confirms_a_date_in_an_uncertain_file() -> None:
    uncertain = {"Publish time": "08/07/2025 10:30"}
    confirmed = {
        "Publish time": "11/02/2025 01:30",
        "Permalink": "https://www.instagram.com/p/DQjCOIrgAAF/",
    }
    content = export(INSTAGRAM, {"Publish time": "31/07/2025 10:30"}, uncertain, confirmed)
    assert [number for number, _, _ in rejects(content)] == [1, 2]
    (row,) = observations(content)
    assert row["published_at"] == datetime(2025, 11, 2, 8, 30)


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK], ids=["instagram", "facebook"])
def test_a_dated_row_is_a_day_s_gain_and_rejected(record: Record) -> None:
    dates = ["", "07/31/2025", "2025-07-31", "Daily"]
    assert rejects(export(record, *({"Date": date} for date in dates))) == [
        (number, "not_a_lifetime_total", f"date = {date}")
        for number, date in enumerate(dates, start=1)
    ]


# Instagram.


def test_a_collaborators_post_is_marked() -> None:
    guest = {"Account ID": "17841400000000099", "Account username": "pemda", "Reach": ""}
    row = only(export(INSTAGRAM, guest))
    assert row["is_guest"]
    assert row["platform_account_id"] == "17841400000000099"
    assert row["reach_count"] is None


def test_an_instagram_post_is_known_by_its_shortcode_else_its_number() -> None:
    expected = {
        "https://www.instagram.com/p/DMx9S9rgAAF/": "DMx9S9rgAAF",
        "https://www.instagram.com/reel/DMx9S9rgAAF": "DMx9S9rgAAF",
        "https://instagram.com/kemenkum_jabar/p/DMx9S9rgAAF/?hl=id": "DMx9S9rgAAF",
        # A private account's links bear a key after the shortcode.
        "https://www.instagram.com/p/DMx9S9rgAAFk3yk3yk3yk3yk3yk3yk3yk3yk3y/": "DMx9S9rgAAF",
        "https://www.instagram.com/p/DMxAAAAAA-_/": "DMxAAAAAA-_",
        "https://www.instagram.com/stories/kemenkum_jabar/36890/": "17900000000000001",
        "https://www.instagram.com/stories/p/36890/": "17900000000000001",
        "": "17900000000000001",
    }
    rows = observations(export(INSTAGRAM, *({"Permalink": link} for link in expected)))
    assert [row["post_id"] for row in rows] == list(expected.values())


def test_a_shortcode_outlives_a_number_that_a_spreadsheet_destroyed() -> None:
    destroyed = {"Post ID": "1.79E+16"}
    assert only(export(INSTAGRAM, destroyed))["post_id"] == "DMx9S9rgAAF"
    assert rejects(export(INSTAGRAM, {**destroyed, "Permalink": ""})) == [
        (1, "digits_lost", "post_id = 1.79E+16, permalink = ")
    ]


def test_stories_are_marked() -> None:
    stories = ["IG story", "Cerita IG", "Historia de Instagram"]
    others = ["IG reel", "Carousel IG", "Gambar IG", ""]
    rows = observations(export(INSTAGRAM, *({"Post type": name} for name in stories + others)))
    assert [row["is_story"] for row in rows] == [True] * 3 + [False] * 4


# Facebook.


def test_of_two_views_columns_the_one_that_is_not_zero_counts() -> None:
    pairs = [
        ("0", "1200"),
        ("1200", "0"),
        ("1200", "1200"),
        ("", "1200"),
        ("0", "0"),
        ("", ""),
        ("", "0"),
        ("0", ""),
    ]
    content = export(FACEBOOK_TWICE, *({"Views": one, "Views²": two} for one, two in pairs))
    views = [row["view_count"] for row in observations(content)]
    assert views == [1200, 1200, 1200, 1200, 0, None, None, None]


def test_two_views_columns_that_disagree_are_rejected() -> None:
    found = rejects(export(FACEBOOK_TWICE, {}, {"Views": "1200", "Views²": "1201"}))
    assert found == [(2, "columns_disagree", "views stands twice with different values")]


def test_a_facebook_post_is_known_by_the_part_after_the_page() -> None:
    row = only(export(FACEBOOK, {"Post ID": "100064000000001_122100000000000001"}))
    assert row["post_id"] == "122100000000000001"
    assert row["delivered_post_id"] == "100064000000001_122100000000000001"


def test_shares_and_cross_posts_are_marked() -> None:
    row = only(export(FACEBOOK, {"Is share": "1", "Is crosspost": "1"}))
    assert row["is_repost"]
    assert row["is_cross_post"]
    found = rejects(export(FACEBOOK, {"Is share": "perhaps"}))
    assert found == [(1, "unreadable_flag", "is_share = perhaps")]


def test_the_longer_of_title_and_description_is_the_caption() -> None:
    pairs = [("short", "the longer one"), ("the longer one", ""), ("", "only this"), ("", "")]
    content = export(FACEBOOK, *({"Title": one, "Description": two} for one, two in pairs))
    texts = [row["text"] for row in observations(content)]
    assert texts == ["the longer one", "the longer one", "only this", None]


# X.


def test_a_published_example_of_an_x_id_gives_its_published_time() -> None:
    """The ID that Wikipedia's article on snowflake IDs takes apart: 16:07:40.105 UTC."""
    change = {
        "Post id": "1541815603606036480",
        "Link": "https://x.com/Wikipedia/status/1541815603606036480",
        "Date": "Tue Jun 28 2022",
    }
    assert only(export(X_1, change))["published_at"] == datetime(2022, 6, 28, 16, 7, 40)


def test_replies_and_reposts_are_told_from_own_posts() -> None:
    expected = {
        "@HaloHukum terima kasih": "reply",
        "@KemenkumJabar lanjutan utas": None,  # its own thread
        "@kemenkumjabar lanjutan utas": None,
        "@kemenkumjabar2 halo": "reply",
        "Halo @HaloHukum": None,
        "@ 10.00 WIB": None,
        "RT @HaloHukum: kutipan": "repost",
        "RT terus": None,
        "": None,
    }
    rows = observations(export(X_1, *({"Post text": text} for text in expected)))
    assert [row["is_reply"] for row in rows] == [kind == "reply" for kind in expected.values()]
    assert [row["is_repost"] for row in rows] == [kind == "repost" for kind in expected.values()]


@pytest.mark.parametrize(
    "left",
    [
        "1950972286718700000",
        "1950972286718705700",
        "195097228671870",
        "1.95E+18",
        "1,95097228671871E+18",
        "",
    ],
    ids=["15 digits", "17 digits", "cut", "scientific", "comma", "none"],
)
def test_an_x_id_that_lost_its_digits_is_taken_from_its_link(left: str) -> None:
    """A spreadsheet rounds the last digits of a long number without a word; the link keeps it."""
    row = only(export(X_1, {"Post id": left}))
    assert row["post_id"] == "1950972286718705671"
    assert row["published_at"] == datetime(2025, 7, 31, 17, 30, 15)


@pytest.mark.parametrize(
    "contradicting",
    ["1950972286718705672", "1950972286718800000", "1.96E+18", "1.95E+17", "19509722"],
)
def test_an_x_id_that_contradicts_its_link_is_rejected(contradicting: str) -> None:
    ((number, rule, detail),) = rejects(export(X_1, {"Post id": contradicting}))
    assert (number, rule) == (1, "digits_lost" if "E" in contradicting else "id_differs_from_link")
    assert detail == f"post_id = {contradicting}, link = {X_1['Link']}"


def test_an_x_id_without_a_time_is_rejected() -> None:
    expected = {
        "1.95E+18": "digits_lost",
        "": "unreadable_id",
        "abc": "unreadable_id",
        "99999999999999999999": "unreadable_id",
        "20": "id_tells_no_time",  # of before the snowflakes
    }
    found = rejects(export(X_1, *({"Post id": post_id, "Link": ""} for post_id in expected)))
    assert [rule for _, rule, _ in found] == list(expected.values())
    for post_id, (_, _, detail) in zip(expected, found, strict=True):
        assert detail.startswith(f"post_id = {post_id}")


def test_an_x_link_without_a_handle_names_no_account() -> None:
    link = "https://x.com/i/web/status/1950972286718705671"
    assert only(export(X_1, {"Link": link}))["account_handle"] is None


def test_a_printed_day_far_from_the_id_is_kept_for_the_flag() -> None:
    """At the latest, 10 June ended at noon UTC on the 11th."""
    row = only(export(X_1, {"Date": "Tue Jun 10 2025"}))
    assert row["published_at"] == datetime(2025, 7, 31, 17, 30, 15)
    assert row["printed_at"] == datetime(2025, 6, 11, 12, 0)


# TikTok.


@pytest.mark.parametrize("record", [TIKTOK_STUDIO, TIKTOK_BUSINESS], ids=["studio", "business"])
def test_hidden_comments_are_not_reported(record: Record) -> None:
    column = "Total comments" if "Total comments" in record else "Comments"
    assert only(export(record, {column: "-1"}))["comment_count"] is None
    assert [rule for _, _, rule, _ in withheld(export(record, {column: "-2"}))] == [
        "negative_count"
    ]


def test_any_other_hidden_counter_of_tiktok_is_withheld() -> None:
    for column in ("Total likes", "Total shares", "Total views"):
        found = withheld(export(TIKTOK_STUDIO, {column: "-1"}))
        assert [rule for _, _, rule, _ in found] == ["negative_count"]


def test_a_tiktok_link_without_a_whole_id_is_rejected() -> None:
    expected = {
        "": "unreadable_id",
        "https://vm.tiktok.com/ZM8abcdef/": "unreadable_id",
        "https://www.tiktok.com/@kemenkum.jabar/video/12345": "id_tells_no_time",
        "https://www.tiktok.com/@kemenkum.jabar/video/75332996871644774490": "id_tells_no_time",
    }
    assert rejects(export(TIKTOK_STUDIO, *({"Video link": link} for link in expected))) == [
        (number, rule, f"link = {link}")
        for number, (link, rule) in enumerate(expected.items(), start=1)
    ]


def test_a_tiktok_photo_is_a_post_too() -> None:
    link = "https://www.tiktok.com/@kemenkum.jabar/photo/7533299687164477449?lang=id"
    assert only(export(TIKTOK_STUDIO, {"Video link": link}))["post_id"] == "7533299687164477449"


def test_studio_s_printed_day_without_a_year_is_not_needed() -> None:
    days = ["Juli 31", "8 de marzo", "", "nonsense"]
    rows = observations(export(TIKTOK_STUDIO, *({"Post time": day} for day in days)))
    assert {row["published_at"] for row in rows} == {datetime(2025, 7, 31, 17, 30, 15)}
    assert len(rows) == 4


def test_business_suite_s_printed_time_is_kept_beside_the_id_s() -> None:
    row = only(export(TIKTOK_BUSINESS, {"Post time": "2025/08/01 00:30:15"}))
    assert row["published_at"] == datetime(2025, 7, 31, 17, 30, 15)
    assert row["printed_at"] == datetime(2025, 8, 1, 0, 30, 15)
    # Written as nobody has seen it, it does not matter: the ID tells the time.
    odd = only(export(TIKTOK_BUSINESS, {"Post time": "01/08/2025 00:30"}))
    assert odd == {**row, "printed_at": None}


# YouTube.


def test_the_total_is_set_aside_and_need_not_be_the_sum() -> None:
    total = {**dict.fromkeys(YOUTUBE, ""), "Content": "Total", "Views": "999999"}
    records, rows = read(export(YOUTUBE, total, {}, {"Content": "aaaaaaaaaaa"}))
    assert records.count == 3
    assert rows.observations["record_number"].to_list() == [2, 3]
    assert rows.set_aside.drop("sha256").rows() == [(1, not_posts.TOTALS, None)]
    assert rows.rejects.is_empty()


@pytest.mark.parametrize("notice", ["Showing top 500 results", "Menampilkan 500 hasil teratas"])
@pytest.mark.parametrize("is_padded", [True, False])
def test_the_notice_of_the_cap_is_set_aside(notice: str, is_padded: bool) -> None:
    quoted = f'"{notice}"'.encode()
    last = quoted + b"," * (len(YOUTUBE) - 1) if is_padded else quoted
    records, rows = read(export(YOUTUBE, {}) + last + b"\n")
    assert records.count == 2
    assert rows.observations["record_number"].to_list() == [1]
    assert rows.set_aside.drop("sha256").rows() == [(2, not_posts.CAP_NOTICE, None)]


def test_a_day_is_read_by_the_name_of_its_month() -> None:
    expected = {
        "Dec 18, 2022": date(2022, 12, 18),
        "18 Des 2022": date(2022, 12, 18),
        "5 Mei 2025": date(2025, 5, 5),
        "5 Agt 2025": date(2025, 8, 5),
        "1 Oktober 2025": date(2025, 10, 1),
        "Sept 3, 2025": date(2025, 9, 3),
    }
    rows = observations(export(YOUTUBE, *({"Video publish time": day} for day in expected)))
    assert [row["published_date"] for row in rows] == list(expected.values())
    assert {row["published_at"] for row in rows} == {None}


def test_a_day_that_is_missing_or_unclear_is_rejected() -> None:
    days = ["", "07/08/2025", "Feb 30, 2025", "18-Dec-22", "Dec 18, 0022", "2025-13-01"]
    assert rejects(export(YOUTUBE, *({"Video publish time": day} for day in days))) == [
        (number, "unreadable_date" if day else "missing_date", f"publish_time = {day}")
        for number, day in enumerate(days, start=1)
    ]


def test_a_table_of_countries_or_of_days_is_no_table_of_videos() -> None:
    assert rejects(export(YOUTUBE, {"Content": "ID"})) == [(1, "unreadable_id", "content = ID")]
    records, rows = read(export({"Date": "2025-08-01", **YOUTUBE}))
    assert records.layout.kind == "youtube_chart"
    assert (rows.observations.height, rows.set_aside.height) == (0, 1)


def test_a_video_that_stands_twice_is_in_no_table_by_video() -> None:
    """Days under a header that nobody knows: views of a day are no post's views."""
    chart = {"Day": "first", **YOUTUBE}
    first = {"Content": "aaaaaaaaaaa", "Day": "second"}
    content = export(chart, {"Views": "0"}, {**first, "Content": "dQw4w9WgXcQ"}, first)
    twice = ("video_stands_twice", "content = dQw4w9WgXcQ")
    assert rejects(content) == [(1, *twice), (2, *twice)]
    assert [row["post_id"] for row in observations(content)] == ["aaaaaaaaaaa"]


@pytest.mark.parametrize("day", ["2025-08-01", "8/1/2025", "Aug 1, 2025", "1 Agu 2025"])
def test_a_column_of_days_that_nobody_knows_makes_no_table_by_video(day: str) -> None:
    """A chart of one day alone has each video once."""
    chart = {"Day": day, **YOUTUBE}
    reason = "the column day holds days, so that this may be a table by day"
    assert quarantine(export(chart, {}, {"Content": "aaaaaaaaaaa"})).startswith(reason)


def test_negative_likes_are_withheld() -> None:
    found = withheld(export(YOUTUBE, {"Likes": "-27"}))
    assert found == [(1, "like_count", "negative_count", "likes = -27")]


#: What Meta's exports of early 2024 printed for these instants of Los Angeles.
MINUTELESS = ["08/05/2025 08:08", "08/07/2025 03:08", "08/12/2025 09:08"]


@pytest.mark.parametrize("record", [INSTAGRAM, FACEBOOK], ids=["instagram", "facebook"])
def test_a_file_that_prints_the_month_for_the_minutes_is_refused_by_name(record: Record) -> None:
    changes = {"Permalink": ""} if record is INSTAGRAM else {}
    found = rejects(export(record, *({**changes, "Publish time": time} for time in MINUTELESS)))
    assert [(number, rule) for number, rule, _ in found] == [
        (1, "broken_time"),
        (2, "broken_time"),
        (3, "broken_time"),
    ]
    assert "the file prints the month for the minutes, on a clock of 12 hours" in found[0][2]


def test_one_sound_time_shows_that_the_minutes_are_minutes() -> None:
    for sound in ("08/13/2025 09:09", "08/13/2025 21:08", "08/13/2025 00:08"):
        times = [*MINUTELESS, sound]
        content = export(FACEBOOK, *({"Publish time": time} for time in times))
        assert rejects(content) == []


def test_one_record_alone_is_doubted_only_where_such_an_export_may_hold_it() -> None:
    assert rejects(export(FACEBOOK, {"Publish time": "08/05/2025 08:08"})) == []
    ((_, rule, _),) = rejects(export(FACEBOOK, {"Publish time": "02/05/2024 08:02"}))
    assert rule == "broken_time"


def test_the_shortcode_tells_the_time_whose_minutes_are_lost() -> None:
    """It was uploaded at 17:29 UTC on 31 July, at 10:29 there; `10:07` may be that hour."""
    late = {"Permalink": "", "Publish time": "07/12/2025 03:07"}
    for printed, count in (
        ("07/31/2025 10:07", 1),
        ("07/31/2025 09:07", 2),
        ("07/30/2025 10:07", 2),
    ):
        content = export(INSTAGRAM, {"Publish time": printed}, late)
        assert len(rejects(content)) == count
    (found,) = observations(export(INSTAGRAM, {"Publish time": "07/31/2025 10:07"}, late))
    assert found["published_at"].replace(second=0) == datetime(2025, 7, 31, 17, 29)
