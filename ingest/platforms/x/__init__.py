"""X: the exports of account analytics, and responses as JSON."""

from ingest.platforms.x import analytics, api
from ingest.platforms.x.analytics import PLATFORM
from ingest.platforms.x.links import LINKS

__all__ = ["LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*analytics.LAYOUTS, *api.LAYOUTS)
