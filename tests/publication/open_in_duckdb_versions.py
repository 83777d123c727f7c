"""Opens a published DuckDB file in each DuckDB that readers may have, each in its own environment.

    python tests/publication/open_in_duckdb_versions.py published/current/kurasi.duckdb

Not part of the tests: it installs packages.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

VERSIONS = ("1.2.*", "1.3.*", "1.4.*", "1.5.*")
_OPEN = """
import sys, duckdb
base = duckdb.connect(sys.argv[1], read_only=True)
tables = [name for (name,) in base.execute("show tables").fetchall()]
rows = sum(base.execute(f'select count(*) from "{name}"').fetchone()[0] for name in tables)
described = base.execute(
    "select count(*) from duckdb_columns() where comment is not null").fetchone()[0]
print(duckdb.__version__, len(tables), "tables,", rows, "rows,", described, "columns described")
"""


def main(path: str) -> None:
    for version in VERSIONS:
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            python = Path(folder) / "bin" / "python"
            install = [python, "-m", "pip", "install", "--quiet", f"duckdb=={version}"]
            subprocess.run(install, check=True)
            subprocess.run([python, "-c", _OPEN, path], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
