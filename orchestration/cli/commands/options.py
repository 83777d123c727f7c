"""Options that several calls take. What does not belong here: what is done with them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from orchestration.cli import completion

MonthOption = Annotated[
    str,
    typer.Option("--month", "-m", help="The month, as 2025-08.", autocompletion=completion.months),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        help="A policy's ID; without it the one in force.", autocompletion=completion.policies
    ),
]


class Category(StrEnum):
    """The two rankings."""

    ACTIVE = "active"
    POPULAR = "popular"
