"""X: the exports of account analytics."""

from ingest.platforms.x import analytics
from ingest.platforms.x.analytics import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = analytics.LAYOUTS
