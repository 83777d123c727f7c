"""What may be summed, from dbt's semantic layer, as SQL.

What belongs here: turning `_metrics.yml` into expressions. What does not: a definition of a metric,
which stands there alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from orchestration.publication import dictionary

_MODEL = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a table."""

    name: str
    #: Its name in Indonesian.
    label: str
    #: What it means, in Indonesian.
    meaning: str
    #: SQL of DuckDB over the rows of the table.
    expression: str


@cache
def metrics() -> dict[str, list[Metric]]:
    """The metrics of each table that has some, in the order of `_metrics.yml`."""
    layer = yaml.safe_load((dictionary.MODELS / "_metrics.yml").read_text("utf-8"))
    tables: dict[str, str] = {}
    expressions: dict[str, str] = {}
    for model in layer["semantic_models"]:
        for measure in model["measures"]:
            tables[measure["name"]] = _MODEL.fullmatch(model["model"])[1]  # type: ignore[index]
            expressions[measure["name"]] = _aggregate(measure)
    found: dict[str, list[Metric]] = {}
    for metric in layer["metrics"]:
        name, parameters = metric["name"], metric["type_params"]
        if metric["type"] == "simple":
            tables[name] = tables[parameters["measure"]]
            expressions[name] = expressions[parameters["measure"]]
        elif metric["type"] == "ratio":
            above, below = parameters["numerator"], parameters["denominator"]
            tables[name] = tables[above]
            expressions[name] = f"{expressions[above]} / nullif({expressions[below]}, 0)"
        else:
            raise ValueError(f"{name}: a metric of type {metric['type']} has no SQL here")
        meaning = metric["config"]["meta"]["indonesian"]
        told = Metric(name, metric["label"], meaning, expressions[name])
        found.setdefault(tables[name], []).append(told)
    return found


def _aggregate(measure: dict[str, Any]) -> str:
    column = measure["expr"]
    match measure["agg"]:
        case "count":
            return f"count({column})"
        case "count_distinct":
            return f"count(distinct {column})"
        case "sum":
            return f"cast(sum({column}) as bigint)"
    raise ValueError(f"{measure['name']}: {measure['agg']} has no SQL here")
