"""TikTok: the exports of Studio and Business Suite."""

from ingest.platforms.tiktok import studio
from ingest.platforms.tiktok.studio import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = studio.LAYOUTS
