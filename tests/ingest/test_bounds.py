"""Bounds: documented as they are, and changed by the environment."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from ingest.bounds import Bounds, InvalidBound, bounds
from tests.ingest.bounds import SetBounds


def test_every_bound_is_documented_with_its_default() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    documented = dict(re.findall(r"^\| `KURASI_MOST_(\w+)` \| (\d+) \|", text, re.MULTILINE))
    assert documented == {name.upper(): str(value) for name, value in asdict(Bounds()).items()}


def test_a_variable_changes_a_bound_and_no_other(set_bounds: SetBounds) -> None:
    set_bounds(cells=7)
    assert bounds() == Bounds(cells=7)


@pytest.mark.parametrize("text", ["0", "-1", "12 MiB", "1e3", "١", "1" * 30])
def test_what_is_no_bound_is_told(
    monkeypatch: pytest.MonkeyPatch, set_bounds: SetBounds, text: str
) -> None:
    set_bounds()
    monkeypatch.setenv("KURASI_MOST_CELLS", text)
    with pytest.raises(InvalidBound, match="KURASI_MOST_CELLS is "):
        bounds()
