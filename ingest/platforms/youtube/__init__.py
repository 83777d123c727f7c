"""YouTube: the exports of Studio, and responses as JSON."""

from ingest.platforms.youtube import api, studio
from ingest.platforms.youtube.comments import COMMENTS
from ingest.platforms.youtube.links import LINKS
from ingest.platforms.youtube.studio import PLATFORM

__all__ = ["COMMENTS", "LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*studio.LAYOUTS, *api.LAYOUTS)
