"""The calls of the `kurasi` command, in the groups of its help page.

What belongs here: what each call takes, and words for the terminal. What does not: any work, which
`runner.py`, `ingest/` and `publication/` do. A call that needs Dagster or another large library
imports it when it is called, so that the reading calls start at once; each such import says so.
"""
