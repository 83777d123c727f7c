"""What Dagster materializes: raw tables, the warehouse, the finished state, editions.

What belongs here: calling `ingest/`, dbt and `publication/`, and telling Dagster what came of it.
What does not: any rule, and when things run (`schedules.py`).
"""
