"""The asset `bulletin`: the pages of a month's newest edition.

What belongs here: the partition, and what Dagster shows of the pages. What does not: what they tell
and how they are made (`publication/bulletin/`).
"""

import base64
import warnings
from typing import Any

import dagster as dg

from orchestration.publication import editions
from orchestration.publication.bulletin import page_files, rendering
from orchestration.publication.bulletin.template_files import BadTemplate
from orchestration.publication.editions import DamagedEdition, Edition
from orchestration.resources import BUREAU, HomeResource


class BulletinConfig(dg.Config):
    """What is asked for."""

    #: `id` or `en`.
    language: str = "id"


def bulletin_asset(months: dg.TimeWindowPartitionsDefinition) -> dg.AssetsDefinition:
    """The asset, with the partitions of the editions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # of a run for a range of months
        return dg.asset(
            deps=["edition"],
            partitions_def=months,
            backfill_policy=dg.BackfillPolicy.single_run(),
            group_name="publication",
            kinds={"pdf", "html"},
            owners=BUREAU,
            tags={"layer": "publication", "access": "public"},
        )(bulletin)


def bulletin(
    context: dg.AssetExecutionContext, config: BulletinConfig, home: HomeResource
) -> dg.MaterializeResult[Any]:
    """The month told to the offices: bulletin, a card for each office, pictures for sharing.

    They follow from the month's newest edition and lie beside it; nothing in it changes.
    """
    for month in context.partition_keys:
        with home.user_errors(page_files.NoBulletin, BadTemplate, DamagedEdition):
            published = editions.editions(home.home, month)
            if not published:
                raise dg.Failure(f"{month} is not published", allow_retries=False)
            newest = published[-1]
            written = list(page_files.write_pages(home.home, newest, config.language))
            metadata = _metadata(home, newest, config.language, len(written))
        context.add_asset_metadata(metadata, partition_key=month)
    return dg.MaterializeResult()


def _metadata(
    home: HomeResource, edition: Edition, language: str, file_count: int
) -> dict[str, Any]:
    """What Dagster shows of the files, the bulletin's pages as pictures."""
    pages = rendering.on_screen(
        page_files.document(edition, language),
        page_files.stamp_of(edition),
        home.home.bulletin_templates,
    )
    pictures = [
        f"![page {number}](data:image/png;base64,{base64.b64encode(page).decode()})"
        for number, page in enumerate(pages, 1)
    ]
    return {
        "edition": edition.edition_id,
        "files": file_count,
        "pages": dg.MetadataValue.md("\n\n".join(pictures)),
        "path": dg.MetadataValue.path(page_files.folder_of(edition)),
    }
