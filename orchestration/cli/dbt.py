"""dbt on this project and one home, as Dagster and the tests call it: `kurasi-dbt WORDS`.

dbt runs in the home's warehouse, whose file the profile's target `folder` names as it lies there:
so the profile is the same for every home, and dbt need not parse the project anew for each. And
Dagster asks it for its version before each build; dbt takes two seconds to start for that, the
installed package none.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path

_PROJECT = Path(__file__).parents[2] / "dbt_project"
#: What dbt does without the warehouse.
_OFFLINE = {"parse", "list", "ls", "clean", "--help", "-h"}


def main() -> None:
    """Run dbt with this process's words, on the home that `KURASI_HOME` names."""
    if sys.argv[1:] == ["--version"]:
        print(f"dbt-core {version('dbt-core')}")
        return
    os.environ["KURASI_HOME"] = str(Path(os.environ.get("KURASI_HOME", "home")).resolve())
    os.environ |= {
        "DBT_PROJECT_DIR": str(_PROJECT),
        "DBT_PROFILES_DIR": str(_PROJECT),
        "DBT_TARGET": "folder",
    }
    warehouse = Path(os.environ["KURASI_HOME"]) / "warehouse"
    if warehouse.exists():
        os.chdir(warehouse)
    elif not _OFFLINE & set(sys.argv[1:]):
        sys.exit(
            f"{warehouse} does not exist; `kurasi run` makes it, or name a home by KURASI_HOME"
        )
    from dbt.cli.main import cli

    cli()
