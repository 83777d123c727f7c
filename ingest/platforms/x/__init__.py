"""X: the exports of account analytics, and responses as JSON."""

from ingest.platforms.x import analytics, api
from ingest.platforms.x.analytics import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = (*analytics.LAYOUTS, *api.LAYOUTS)
