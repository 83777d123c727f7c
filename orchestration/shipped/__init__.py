"""The files that stand beside the code and are installed with it.

In a checkout they are links to where people look for them; a wheel holds the files themselves.

What belongs here: their paths. What does not: anything that is made while the program runs, for it
may not write where it is installed.
"""

from pathlib import Path

from ingest.home import Home

_HERE = Path(__file__).parent

#: The folder that holds the packages, and in a checkout everything else.
ROOT = _HERE.parents[1]
IS_CHECKOUT = (_HERE / "dbt_project").is_symlink()

DBT_PROJECT = (_HERE / "dbt_project").resolve()
#: What Dagster needs in its folder in a home, by the names that it has there.
DAGSTER_FILES = tuple(
    _HERE / name for name in ("dagster.yaml", "dagster.postgres.yaml", "workspace.yaml")
)
LOCK = _HERE / "requirements.lock"


def manifest_folder(home: Home) -> Path:
    """Where dbt's manifest lies.

    In a checkout that is beside the project, once for all homes; where the project is installed
    nobody may write, so it lies in the home.
    """
    return DBT_PROJECT / "target" if IS_CHECKOUT else home.warehouse.resolve() / "manifest"


def dbt_sources() -> list[Path]:
    """The files that decide what the warehouse's models are."""
    files = [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    for folder in ("models", "macros", "tests"):
        files += (DBT_PROJECT / folder).rglob("*.*")
    return files


def place_in_repository(path: Path) -> Path:
    """Where a file of the code or of the dbt project lies in the repository."""
    if path.is_relative_to(DBT_PROJECT):
        return Path("dbt_project") / path.relative_to(DBT_PROJECT)
    return path.relative_to(ROOT)
