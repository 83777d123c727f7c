"""YouTube: the exports of Studio."""

from ingest.platforms.youtube import studio
from ingest.platforms.youtube.studio import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = studio.LAYOUTS
