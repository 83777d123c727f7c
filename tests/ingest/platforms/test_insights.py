"""Facebook's legacy Insights: seven sheets about the same posts, two of which are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.ingest.exports import observation, quarantine, read_all
from tests.ingest.spreadsheets import Sheets, xlsx, xml

_POST = ["Post ID", "Permalink", "Post Message", "Type", "Countries", "Languages", "Posted"]
_POST += ["Audience Targeting"]
_TOLD: list[Any] = ["100064_122100", "https://www.facebook.com/x/posts/122100", "Halo\nsemua"]
_TOLD += ["Photo", "", "", datetime(2017, 7, 22, 5, 30, 15), " "]
_ACTIONS = ["Description", *_POST, "share", "like", "comment"]
#: The two generations of the headers that are read.
_HEADS = {
    "words": ("Lifetime Post Total Reach", "Lifetime Post Total Impressions"),
    "keys": ("post_impressions_unique:lifetime", "post_impressions:lifetime"),
}


def _book(generation: str, *others: tuple[str, list[list[Any]]]) -> Sheets:
    reach, impressions = _HEADS[generation]
    metrics = [reach, "Lifetime Post organic reach", impressions]
    described = [""] * 8 + ["Lifetime: The total number of people …"] * 3
    return {
        "Key Metrics": [[*_POST, *metrics], described, [*_TOLD, 900, 700, 1200]],
        "Lifetime Talking About This(...": [_ACTIONS, ["Lifetime: …", *_TOLD, 5, 60, 7]],
        "Lifetime Post Stories by act...": [_ACTIONS, ["Lifetime: …", *_TOLD, 6, 75, ""]],
        "Lifetime Negative Feedback": [["Description", *_POST, "hide_clicks"], ["", *_TOLD, 3]],
        **dict(others),
    }


_EXPECTED = observation(
    platform="facebook",
    platform_account_id="100064",
    post_id="122100",
    delivered_post_id="100064_122100",
    permalink="https://www.facebook.com/x/posts/122100",
    post_type="Photo",
    post_kind="image",
    text="Halo\nsemua",
    # 5:30 in the morning in Los Angeles, on daylight saving time.
    published_at=datetime(2017, 7, 22, 12, 30, 15),
    published_precision="second",
    published_source="printed",
    printed_at=datetime(2017, 7, 22, 12, 30, 15),
)


@pytest.mark.parametrize("form", [xlsx, xml], ids=["xlsx", "xml"])
@pytest.mark.parametrize("generation", _HEADS)
def test_a_post_is_told_by_two_sheets(generation: str, form: Any) -> None:
    found = read_all(form(_book(generation)))
    assert [(records.count, rows.rejects.height) for records, rows in found] == [
        (2, 0),
        *[(1, 0)] * 3,
    ]
    rows = [row for _, rows in found for row in rows.observations.drop("sha256").to_dicts()]
    assert rows == [
        {
            **_EXPECTED,
            "kind": "facebook_insights",
            "record_number": 2,
            "reach_count": 900,
            "impression_count": 1200,
        },
        {
            **_EXPECTED,
            "kind": "facebook_insights_stories",
            "record_number": 4,
            "share_count": 6,
            "like_count": 75,
            "comment_count": None,
        },
    ]
    aside = [n for _, rows in found for n in rows.set_aside["record_number"]]
    assert aside == [1, 3, 5]
    assert all(records.unknown_columns == () for records, _ in found)


def test_a_sheet_of_another_name_is_not_taken_for_total_counts() -> None:
    other = ("Rekap", [_ACTIONS, ["Lifetime: …", *_TOLD, 6, 75, 8]])
    assert "sheet Rekap: unknown layout" in quarantine(xlsx(_book("words", other)))


@pytest.mark.parametrize(
    ("posted", "published_at"),
    [
        ("7/22/17 5:30 AM", datetime(2017, 7, 22, 12, 30)),
        ("12/31/2017 12:05:00 PM", datetime(2017, 12, 31, 20, 5)),
    ],
)
def test_the_key_metrics_alone_may_come_as_text(posted: str, published_at: datetime) -> None:
    sheet = _book("words")["Key Metrics"]
    told = [*_TOLD[:6], posted, " "]
    lines = [sheet[0], sheet[1], [*told, "900", "700", "1200"]]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    ((records, rows),) = read_all(text.encode())
    assert records.layout.kind == "facebook_insights"
    (row,) = rows.observations.to_dicts()
    assert (row["published_at"], row["published_precision"]) == (published_at, "minute")


def test_seconds_that_repeat_the_day_show_that_the_form_of_the_time_was_wrong() -> None:
    def rejected(*instants: datetime) -> list[str]:
        posts = [
            [f"100064_12210{number}", *_TOLD[1:6], instant, "", 900, 700, 1200]
            for number, instant in enumerate(instants)
        ]
        head = [*_POST, _HEADS["words"][0], "Lifetime Post organic reach", _HEADS["words"][1]]
        ((_, rows),) = read_all(xlsx({"Key Metrics": [head, *posts]}))
        assert rows.observations.height + rows.rejects.height == len(instants)
        return rows.rejects["rule"].to_list()

    broken = [datetime(2017, 7, day, 5, 30, day) for day in (3, 4, 21)]
    assert rejected(*broken) == ["broken_time"] * 3
    # One sound record shows that seconds are seconds; two records, or one day, may be chance.
    assert rejected(*broken, datetime(2017, 7, 5, 5, 30, 6)) == []
    assert rejected(*broken[:2]) == []
