"""Facebook: the exports of Meta Business Suite and of the old Insights, and responses as JSON."""

from ingest.platforms.facebook import api, content, crowdtangle, insights
from ingest.platforms.facebook.comments import COMMENTS
from ingest.platforms.facebook.content import PLATFORM
from ingest.platforms.facebook.links import LINKS

__all__ = ["COMMENTS", "LAYOUTS", "LINKS", "PLATFORM"]

LAYOUTS = (*content.LAYOUTS, *insights.LAYOUTS, *api.LAYOUTS, *crowdtangle.LAYOUTS)
