"""Ingest turns a delivery (one export file as it was received) into typed rows in the lake.

What belongs here: recognising a file by its header, reading it, holding every row to the contract,
the archive and the ledger, the registry's and the policies' files, and the sample world that is the
inverse of the readers. What does not: whose post a row is, whether it counts, and any number that
ranks; those are decided in the warehouse (`dbt_project/`). Nothing here knows Dagster, dbt or
DuckDB's warehouse; a lint rule keeps it so.
"""
