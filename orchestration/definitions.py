"""The only assembly: everything that Dagster knows of this project."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any

import dagster as dg

from orchestration.assets.editions import edition
from orchestration.assets.warehouse import ASSETS, CHECKS
from orchestration.resources import RESOURCES, ROOT
from orchestration.schedules import JOBS, SCHEDULES, SENSORS


def linked(assets: Sequence[Any]) -> Sequence[Any]:
    """The assets, each with a link to its source.

    To the file on this machine, or to a repository where `KURASI_REPOSITORY` names one, as
    `https://github.com/<owner>/<name>` or of a GitLab, with `KURASI_BRANCH` (else `main`).
    """
    with warnings.catch_warnings():
        # Dagster calls links a beta feature, on every start and for every call.
        warnings.simplefilter("ignore", dg.BetaWarning)
        found = dg.with_source_code_references(assets)
        if repository := os.environ.get("KURASI_REPOSITORY"):
            found = dg.link_code_references_to_git(
                found,
                git_url=repository,
                platform="github" if "github" in repository else "gitlab",
                git_branch=os.environ.get("KURASI_BRANCH", "main"),
                file_path_mapping=dg.AnchorBasedFilePathMapping(ROOT / "README.md", "README.md"),
            )
    return found


defs = dg.Definitions(
    assets=linked([*ASSETS, edition]),
    asset_checks=CHECKS,
    jobs=JOBS,
    sensors=SENSORS,
    schedules=SCHEDULES,
    resources=RESOURCES,
    # One step at a time may write anyway, and a process for each costs more than most steps do.
    executor=dg.in_process_executor,
)
