"""The only assembly: everything that Dagster knows of this project."""

from __future__ import annotations

import dagster as dg

from orchestration.assets import ASSETS
from orchestration.publish import edition
from orchestration.resources import RESOURCES

defs = dg.Definitions(assets=[*ASSETS, edition], resources=RESOURCES)
