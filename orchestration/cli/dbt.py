"""dbt on this project and one home, as Dagster and the tests call it: `kurasi-dbt WORDS`.

dbt runs in the home's warehouse, whose file the profile's target `folder` names as it lies there:
so the profile is the same for every home, and dbt need not parse the project anew for each. And
Dagster asks it for its version before each build; dbt takes two seconds to start for that, the
installed package none. A build is done by the dbt that stands by, where one does.

What belongs here: handing the home to dbt. What does not: the project and its profile
(`dbt_project/`).
"""

import gc
import os
import sys
from importlib.metadata import version
from pathlib import Path

from ingest.home import Home
from orchestration import standby
from orchestration.shipped import DBT_PROJECT, IS_CHECKOUT

#: What dbt does without the warehouse.
_OFFLINE = {"parse", "list", "ls", "clean", "--help", "-h"}


def main() -> None:
    """Run dbt with this process's words, on the home of `--home FOLDER`, else of `KURASI_HOME`."""
    if sys.argv[1:] == ["--version"]:
        print(f"dbt-core {version('dbt-core')}")
        return
    home = os.environ.get("KURASI_HOME", "home")
    if sys.argv[1:2] == ["--home"] and len(sys.argv) > 2:
        home = sys.argv[2]
        del sys.argv[1:3]  # dbt reads the others
    root = Path(home).resolve()
    os.environ["KURASI_HOME"] = str(root)
    os.environ["DBT_PROJECT_DIR"] = os.environ["DBT_PROFILES_DIR"] = str(DBT_PROJECT)
    database, warehouse = Home(root).database, Home(root).warehouse
    os.environ["DBT_TARGET"] = "folder" if database.parent == warehouse else "elsewhere"
    os.environ["KURASI_DATABASE"] = str(database)
    if not IS_CHECKOUT:  # beside an installed project nobody may write
        os.environ.setdefault("DBT_TARGET_PATH", str(warehouse / "dbt"))
        os.environ.setdefault("DBT_LOG_PATH", str(warehouse / "dbt"))
    if warehouse.exists():
        os.chdir(warehouse)
    elif not _OFFLINE & set(sys.argv[1:]):
        sys.exit(
            f"{warehouse} does not exist; `kurasi run` makes it, or name a home by KURASI_HOME"
        )
    # Of what dbt imports and reads nothing goes: Python need not look through it so often.
    gc.set_threshold(100_000)
    if sys.argv[1:2] == [standby.WORD]:
        sys.exit(standby.serve(int(sys.argv[2]), Home(root)))
    code = standby.ask(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    # Late: the question for the version above is answered without it.
    from dbt.cli.main import cli

    from orchestration.dbt_events import only_what_is_written

    only_what_is_written()
    cli()
