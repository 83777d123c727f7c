"""Publication: pure functions that bring finished tables to readers. No Dagster in here.

What belongs here: the last finished state of the warehouse, and what the calls read from it. What
does not: computing anything that the warehouse has not computed.
"""
