"""TikTok: the exports of Studio and Business Suite, and responses as JSON."""

from ingest.platforms.tiktok import api, studio
from ingest.platforms.tiktok.comments import COMMENTS
from ingest.platforms.tiktok.links import LINKS
from ingest.platforms.tiktok.studio import PLATFORM

__all__ = ["COMMENTS", "LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*studio.LAYOUTS, *api.LAYOUTS)
