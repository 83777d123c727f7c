"""The compiled dbt project, once for all tests of checks."""

from __future__ import annotations

import pytest

from tests.models import Models, compile_models


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("dbt"))
