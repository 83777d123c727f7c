"""Calls that only read start without what only a run needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ingest.home import Home

_CALL = """
import json, sys
from orchestration.cli.main import main
sys.argv = ["kurasi", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print()
    print(json.dumps([end.code or 0, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize("words", [["--help"], ["rank", "--month", "2025-08"], ["deliveries"]])
def test_reading_calls_import_neither_dagster_nor_dbt(pristine: Home, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CALL, "--home", pristine.root, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    assert not {"dagster", "dagster_dbt", "dbt"} & set(modules)
