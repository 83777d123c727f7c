"""Which files of the dbt project decide the tables: with others, all is built anew."""

from __future__ import annotations

import pytest

from orchestration.shipped import DBT_PROJECT, dbt_sources


@pytest.mark.parametrize(
    "name",
    [
        "dbt_project.yml",
        "profiles.yml",  # the time zone is there
        "models/marts/fct_engagement.sql",
        "models/marts/fct_engagement.yml",
        "macros/months.sql",
        "tests/generic/key.sql",
    ],
)
def test_a_file_of_the_project_counts(name: str) -> None:
    assert (DBT_PROJECT / name).is_file()
    assert DBT_PROJECT / name in dbt_sources()
