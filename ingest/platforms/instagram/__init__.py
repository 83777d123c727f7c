"""Instagram: the exports of Meta Business Suite."""

from ingest.platforms.instagram import content
from ingest.platforms.instagram.content import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = content.LAYOUTS
