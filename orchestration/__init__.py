"""Orchestration wires ingest, warehouse and publication together and adds nothing to the numbers.

What belongs here: Dagster's assets, checks and schedules and their assembly (`definitions.py`), one
run in process (`runner.py`), the `kurasi` command (`cli/`), and the pure functions that bring
finished tables to readers (`publication/`). What does not: reading exports (`ingest/`) and any rule
of scoring (`dbt_project/`).
"""
