# Superset with a driver for DuckDB files of the version that Kurasi writes.
FROM apache/superset:6.1.0
USER root
RUN uv pip install --no-cache --python /app/.venv/bin/python duckdb==1.5.6 duckdb-engine==0.17.0
USER superset
