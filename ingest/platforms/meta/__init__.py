"""What Meta's two platforms share, Instagram and Facebook.

What belongs here: the columns that their content exports have alike (`content_columns.py`), the
printed time of publication (`publish_time.py`), lifetime totals and the reach (`counters.py`), the
words for a story (`post_types.py`) and for kinds of posts (`post_kinds.py`), what CrowdTangle tells
of both (`crowdtangle.py`), and the daily series that name their platform in a title (`series.py`).
What does not: either platform's own exports.
"""

from ingest.platforms.meta.series import LAYOUTS

__all__ = ["LAYOUTS"]
