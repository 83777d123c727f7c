"""The same dbt project on Spark and on DuckDB: `make spark-check`, told in `docs/scale.md`.

What belongs here: a Spark cluster on this machine, dbt on it, and whether both engines say the
same. What does not: what Spark says otherwise (`dbt_project/macros/spark.sql`).
"""
