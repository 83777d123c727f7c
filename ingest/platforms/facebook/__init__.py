"""Facebook: the exports of Meta Business Suite and of the old Insights."""

from ingest.platforms.facebook import content, insights
from ingest.platforms.facebook.content import PLATFORM

__all__ = ["LAYOUTS", "PLATFORM"]

LAYOUTS = (*content.LAYOUTS, *insights.LAYOUTS)
