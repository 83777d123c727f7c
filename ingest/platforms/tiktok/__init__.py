"""TikTok: the exports of Studio and Business Suite, and responses as JSON."""

from ingest.platforms.tiktok import api, studio
from ingest.platforms.tiktok.links import LINKS
from ingest.platforms.tiktok.studio import PLATFORM

__all__ = ["LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*studio.LAYOUTS, *api.LAYOUTS)
