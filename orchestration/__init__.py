"""Orchestration wires ingest, warehouse and publication together and adds nothing to the numbers.

What belongs here: Dagster's assets and their assembly (`definitions.py`), the `kurasi` command
(`cli.py`), and the pure functions that bring finished tables to readers (`publication/`). What does
not: reading exports (`ingest/`) and any rule of scoring (`dbt_project/`).
"""
