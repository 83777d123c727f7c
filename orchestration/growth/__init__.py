"""Where growth curves come from.

What belongs here: fitting a curve on posts (`fit.py`) and finding a home's posts for it
(`observed.py`). What does not: what a curve means for a value (`ingest/reference/growth.py` and the
warehouse) and how a fit is shown (`cli/`).
"""
