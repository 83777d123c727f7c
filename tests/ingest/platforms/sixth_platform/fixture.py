"""Forum's exports as they are written: one kind, in two languages."""

from __future__ import annotations

from datetime import datetime

from ingest.sample.fixture import PlatformFixture, PostIds, WorldShare, seconds_since_1970
from ingest.sample.formats import ExportFormat
from ingest.sample.truth import AccountRow


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    number = f"{seconds_since_1970(instant)}{serial:09}"
    return PostIds(number, number, number)


_ENGLISH = ExportFormat(
    kind="forum_posts",
    locale="en",
    file_name="forum.csv",
    time_zone="UTC",
    time_form="{t:%Y-%m-%d %H:%M:%S}",
    columns=(
        ("Thread number", "id"),
        ("Author", "handle"),
        ("Thread", "text"),
        ("Opened (UTC)", "time"),
        ("Readers", "views"),
        ("Upvotes", "likes"),
        ("Answers", "comments"),
        ("Crossposts", "shares"),
        ("Room", ""),
    ),
)
_FRENCH = ExportFormat(
    kind="forum_posts",
    locale="fr",
    file_name="forum.csv",
    time_zone="UTC",
    time_form="{t:%Y-%m-%d %H:%M:%S}",
    columns=(
        ("Numéro du sujet", "id"),
        ("Auteur", "handle"),
        ("Sujet", "text"),
        ("Ouvert (UTC)", "time"),
        ("Lecteurs", "views"),
        ("Votes positifs", "likes"),
        ("Réponses", "comments"),
        ("Partages", "shares"),
        ("Salon", ""),
    ),
)

FIXTURE = PlatformFixture(
    platform="forum",
    world_formats=(_ENGLISH, _FRENCH),
    further_formats=(),
    post_types=("thread",),
    links={},
    ids=_ids,
    published_precision="second",
    published_source="printed",
    world=WorldShare(
        place=6,
        offices=0.5,
        posts=1.0,
        handle_prefix="kemkum",
        fates=("renamed", "early"),
    ),
)
