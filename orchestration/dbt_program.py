"""The dbt of this virtual environment, as Dagster calls it.

Before each build Dagster asks dbt for its version. dbt takes two seconds to start for that, and the
installed package tells it at once. All else is dbt's.
"""

import sys
from importlib.metadata import version


def main() -> None:
    """Run dbt with this process's words."""
    if sys.argv[1:] == ["--version"]:
        print(f"dbt-core {version('dbt-core')}")
        return
    from dbt.cli.main import cli

    cli()
