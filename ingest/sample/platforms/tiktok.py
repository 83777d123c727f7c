"""TikTok's exports: videos and days, of Studio and of Business Suite."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ingest.sample import responses
from ingest.sample.fixture import (
    PlatformFixture,
    PostIds,
    WorldShare,
    scattered,
    seconds_since_1970,
)
from ingest.sample.formats import ExportFormat
from ingest.sample.months import (
    ENGLISH_MONTHS,
    FRENCH_MONTHS,
    GERMAN_MONTHS,
    INDONESIAN_MONTHS,
    PORTUGUESE_MONTHS,
    SPANISH_MONTHS,
)
from ingest.sample.truth import AccountRow


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """The upper 32 bits are the second of publication."""
    number = str(seconds_since_1970(instant) << 32 | scattered(serial) % 2**32)
    return PostIds(number, number, number)


def _studio(locale: str, time_form: str, months: tuple[str, ...]) -> tuple[ExportFormat, ...]:
    """Studio's exports in a language; its headers are always English, its days are not."""
    return (
        ExportFormat(
            kind="tiktok_studio_content",
            locale=locale,
            time_form=time_form,
            months=months,
            file_name="Content_{since:%Y-%m-%d}_{unix}_{handle}.csv",
            encoding="utf-8-sig",
            quotes_every_cell=True,
            ends_with_line_end=False,
            columns=(
                ("Time", "since"),
                ("Video title", "text"),
                ("Video link", "link"),
                ("Post time", "time"),
                ("Total likes", "likes"),
                ("Total comments", "comments"),
                ("Total shares", "shares"),
                ("Total views", "views"),
            ),
        ),
        ExportFormat(
            kind="tiktok_studio_overview",
            locale=locale,
            time_form=time_form,
            months=months,
            file_name="Overview_{since:%Y-%m-%d}_{unix}_{handle}.csv",
            encoding="utf-8-sig",
            quotes_every_cell=True,
            ends_with_line_end=False,
            not_reported="undefined",
            columns=(
                ("Date", "day"),
                ("Video Views", "views"),
                ("Profile Views", "profile_visits"),
                ("Likes", "likes"),
                ("Comments", "comments"),
                ("Shares", "shares"),
            ),
        ),
        ExportFormat(
            kind="tiktok_studio_viewers",
            locale=locale,
            time_form=time_form,
            months=months,
            file_name="Viewers_{since:%Y-%m-%d}_{unix}_{handle}.csv",
            encoding="utf-8-sig",
            quotes_every_cell=True,
            ends_with_line_end=False,
            not_reported="undefined",
            columns=(
                ("Date", "day"),
                ("Total Viewers", "reach"),
                ("New Viewers", "new_viewers"),
                ("Returning Viewers", "returning_viewers"),
            ),
        ),
        ExportFormat(
            kind="tiktok_studio_followers",
            locale=locale,
            time_form=time_form,
            months=months,
            file_name="FollowerHistory_{since:%Y-%m-%d}_{unix}_{handle}.csv",
            encoding="utf-8-sig",
            quotes_every_cell=True,
            ends_with_line_end=False,
            not_reported="undefined",
            columns=(
                ("Date", "day"),
                ("Followers", "followers"),
                ("Difference in followers from previous day", "follower_change"),
            ),
        ),
    )


_WORLD_FORMATS = (
    ExportFormat(
        kind="tiktok_studio_content",
        locale="en",
        time_form="{t:%B} {t.day}",
        file_name="Content_{since:%Y-%m-%d}_{unix}_{handle}.csv",
        encoding="utf-8-sig",
        quotes_every_cell=True,
        ends_with_line_end=False,
        columns=(
            ("Time", "since"),
            ("Video title", "text"),
            ("Video link", "link"),
            ("Post time", "time"),
            ("Total likes", "likes"),
            ("Total comments", "comments"),
            ("Total shares", "shares"),
            ("Total views", "views"),
        ),
    ),
    ExportFormat(
        kind="tiktok_studio_content",
        locale="id",
        time_form="{t.day} {month}",
        months=INDONESIAN_MONTHS,
        file_name="Content_{since:%Y-%m-%d}_{unix}_{handle}.csv",
        encoding="utf-8-sig",
        quotes_every_cell=True,
        ends_with_line_end=False,
        columns=(
            ("Time", "since"),
            ("Video title", "text"),
            ("Video link", "link"),
            ("Post time", "time"),
            ("Total likes", "likes"),
            ("Total comments", "comments"),
            ("Total shares", "shares"),
            ("Total views", "views"),
        ),
    ),
    ExportFormat(
        kind="tiktok_business_video",
        locale="en",
        time_zone="UTC",
        time_form="{t:%Y/%m/%d %H:%M:%S}",
        file_name="Video.csv",
        encoding="utf-8-sig",
        not_reported="--",
        can_hide_comments=True,
        unreported_on_first_day=("saves",),
        columns=(
            ("Video title", "text"),
            ("Video link", "link"),
            ("Post time", "time"),
            ("Video views", "views"),
            ("Likes", "likes"),
            ("Comments", "comments"),
            ("Shares", "shares"),
            ("Add to Favorites ", "saves"),
        ),
    ),
)

_BUSINESS_FORMATS = (
    ExportFormat(
        kind="tiktok_business_account",
        locale="en",
        time_form="{t:%Y/%m/%d}",
        file_name="Overview.csv",
        encoding="utf-8-sig",
        ends_with_line_end=False,
        not_reported="NAN",
        columns=(
            ("Date", "day"),
            ("Video views", "views"),
            ("Reached audience", "reach"),
            ("Profile views", "profile_visits"),
            ("Likes", "likes"),
            ("Shares", "shares"),
            ("Comments", "comments"),
            ("Phone number clicks ", "zero"),
            ("Leads submission", "zero"),
            ("Net growth", "follower_change"),
            ("New followers", "new_followers"),
            ("Lost followers", "lost_followers"),
        ),
    ),
    ExportFormat(
        kind="tiktok_business_audience",
        locale="en",
        time_form="{t:%Y/%m/%d}",
        file_name="Follower.csv",
        encoding="utf-8-sig",
        ends_with_line_end=False,
        not_reported="--",
        columns=(
            ("Date", "day"),
            ("New followers", "zero"),
            ("Total followers", "followers"),
            ("Reached audience", "reach"),
            ("Engaged audience", "engaged_viewers"),
        ),
    ),
)

_STUDIO_FORMATS = (
    *_studio("en", "{t:%B} {t.day}", ENGLISH_MONTHS),
    *_studio("en", "{t.day} {t:%B}", ENGLISH_MONTHS),
    *_studio("id", "{t.day} {month}", INDONESIAN_MONTHS),
    *_studio("es", "{t.day} de {month}", SPANISH_MONTHS),
    *_studio("pt", "{t.day} de {month}", PORTUGUESE_MONTHS),
    *_studio("de", "{t.day}. {month}", GERMAN_MONTHS),
    *_studio("fr", "{t.day} {month}", FRENCH_MONTHS),
)


def _followers(kind: str, file_name: str, *columns: tuple[str, str]) -> ExportFormat:
    """Studio's tables of followers."""
    return ExportFormat(
        kind=kind,
        locale="en",
        time_form="{t:%B} {t.day}",
        file_name=file_name,
        encoding="utf-8-sig",
        quotes_every_cell=True,
        ends_with_line_end=False,
        loads_nothing=True,
        columns=columns,
    )


_FOLLOWER_FORMATS = (
    _followers(
        "tiktok_studio_follower_activity",
        "FollowerActivity.csv",
        ("Date", "day"),
        ("Hour", "zero"),
        ("Active followers", "zero"),
    ),
    _followers(
        "tiktok_studio_follower_gender",
        "FollowerGender.csv",
        ("Gender", "text"),
        ("Distribution", "rate"),
    ),
    _followers(
        "tiktok_studio_follower_territories",
        "FollowerTopTerritories.csv",
        ("Top territories", "country"),
        ("Distribution", "rate"),
    ),
)


def _as_workbook(export_format: ExportFormat) -> ExportFormat:
    """Studio's workbook, a choice beside the CSV, with texts in its cells."""
    return replace(
        export_format,
        file_type="xlsx",
        file_name=export_format.file_name.replace(".csv", ".xlsx"),
        encoding="utf-8",
        quotes_every_cell=False,
        ends_with_line_end=True,
    )


FIXTURE = PlatformFixture(
    platform="tiktok",
    world_formats=_WORLD_FORMATS,
    further_formats=(
        *_BUSINESS_FORMATS,
        *_STUDIO_FORMATS,
        *[_as_workbook(each) for each in _STUDIO_FORMATS],
        *_FOLLOWER_FORMATS,
        *responses.TIKTOK,
    ),
    post_types=("video",),
    links={"video": "https://www.tiktok.com/@{handle}/video/{id}"},
    ids=_ids,
    id_time=lambda post: post.published_at,
    published_precision="second",
    published_source="id",
    has_line_ends=False,
    world=WorldShare(
        place=4,
        offices=0.2,
        posts=0.8,
        handle_prefix="kemkum.",
        fates=("renamed",),
    ),
)
