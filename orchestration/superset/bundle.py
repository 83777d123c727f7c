"""The bundle: a ZIP of YAML files, as Superset 6.1 imports it.

What belongs here: the address of the database, and files in a fixed order with fixed times. What
does not: what is in the datasets, charts and the dashboard, which their own modules say.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import yaml

from orchestration.superset import charts, dashboard, datasets
from orchestration.superset.identity import identity

#: The folder inside the ZIP; Superset wants one, of any name.
_ROOT = "kurasi"
_DATABASE = "Kurasi"
#: Nothing of a bundle tells when it was made, so that the same home gives the same bytes.
_MADE_AT = "2025-01-01T00:00:00+00:00"
_ZIP_TIME = (2025, 1, 1, 0, 0, 0)
#: Read-only alone still lets SQL read and write the server's other files; no external access shuts
#: that, and the lock keeps SQL from opening it again.
_LOCK = "access_mode=read_only&enable_external_access=false&lock_configuration=true"
#: What an address would end at; DuckDB's driver takes no escape for it.
_NOT_IN_ADDRESS = "?"


class NoAddress(ValueError):
    """A path that no address of a database can hold; the text says what to do."""


def bundle(published: PurePath) -> bytes:
    """The import bundle of an installation.

    Args:
        published: the absolute path of `published/` as Superset sees it.

    Raises:
        NoAddress: the path holds a `?`.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, document in sorted(_documents(published).items()):
            entry = zipfile.ZipInfo(f"{_ROOT}/{name}.yaml", _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED
            archive.writestr(entry, _yaml(document))
    return made.getvalue()


def address(published: PurePath) -> str:
    """The SQLAlchemy address of `published/current/kurasi.duckdb`, locked.

    Raises:
        NoAddress: the path holds a `?`.
    """
    path = (published / "current" / "kurasi.duckdb").as_posix()
    if _NOT_IN_ADDRESS in path:
        raise NoAddress(f"{path} holds a ?, at which a database's address ends; rename that folder")
    return f"duckdb:///{path}?{_LOCK}"


def _documents(published: PurePath) -> dict[str, dict[str, Any]]:
    """Every file of the bundle, without its ending, and what it says."""
    found = {
        "metadata": {"version": "1.0.0", "type": "Dashboard", "timestamp": _MADE_AT},
        f"databases/{_DATABASE}": _database(published),
        "dashboards/kurasi": dashboard.document(),
    }
    for name, document in datasets.documents().items():
        database = identity("database", _DATABASE)
        found[f"datasets/{_DATABASE}/{name}"] = {**document, "database_uuid": database}
    for name, document in charts.documents().items():
        found[f"charts/{name}"] = document
    return found


def _database(published: PurePath) -> dict[str, Any]:
    return {
        "database_name": _DATABASE,
        "sqlalchemy_uri": address(published),
        # Never from a cache: a picture has one publication, the newest.
        "cache_timeout": -1,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": identity("database", _DATABASE),
        "version": "1.0.0",
    }


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=True, width=100)
