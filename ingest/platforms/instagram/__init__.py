"""Instagram: the exports of Meta Business Suite, and responses and scrapes as JSON."""

from ingest.platforms.instagram import api, apify, content, crowdtangle
from ingest.platforms.instagram.comments import COMMENTS
from ingest.platforms.instagram.content import PLATFORM
from ingest.platforms.instagram.links import LINKS

__all__ = ["COMMENTS", "LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*content.LAYOUTS, *api.LAYOUTS, *apify.LAYOUTS, *crowdtangle.LAYOUTS)
