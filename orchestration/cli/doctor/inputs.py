"""Whether what people give can be taken: the inbox, the registry, the policies.

What belongs here: looks at what people write or put there. What does not: what was made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import polars as pl

from ingest import inbox
from ingest.home import Home
from ingest.platforms import NAMES_ACCOUNTS
from ingest.reference.campaigns import read_campaigns
from ingest.reference.errors import InputProblems
from ingest.reference.policies import read_policies
from ingest.reference.registry import read_registry
from orchestration.cli.doctor.finding import Finding
from orchestration.cli.language import _, number
from orchestration.publication import finished_state


def inbox_files(home: Home) -> Iterator[Finding]:
    """What lies in the inbox and is not taken; each is told, for nobody else tells of it."""
    found = list(inbox.not_taken(home))
    for each in found:
        detail, _separator, remedy = each.reason.partition("; ")
        told = _("{name} is not taken: {reason}").format(name=each.name, reason=detail)
        yield Finding("inbox", told, remedy or _("look at it"))
    if not found:
        yield Finding("inbox", _("everything in it can be taken"))


def registry_and_policies(home: Home) -> Iterator[Finding]:
    readers = {
        "registry": (home.registry, _registry),
        "policies": (home.policies, _policies),
    }
    for name, (folder, read) in readers.items():
        if not folder.is_dir():
            continue
        try:
            found = read(folder, NAMES_ACCOUNTS)
        except InputProblems as problems:
            for problem in problems.problems:
                place = problem.file
                if problem.line is not None:
                    told = _("{file} line {line}")
                    place = told.format(file=problem.file, line=problem.line)
                yield Finding(name, f"{place}: {problem.problem}", problem.remedy)
            continue
        rows = " + ".join(str(table.height) for table in found)
        yield Finding(name, _("valid, {rows} rows").format(rows=rows))


def _registry(folder: Path, platforms: Mapping[str, bool]) -> tuple[pl.DataFrame, ...]:
    offices, accounts = read_registry(folder, platforms)
    return offices, accounts, read_campaigns(folder, platforms, set(offices["league"]))


def _policies(folder: Path, platforms: Collection[str]) -> tuple[pl.DataFrame]:
    return (read_policies(folder, platforms).policies,)


def curves(home: Home) -> Iterator[Finding]:
    """Without a growth curve a policy with a window takes late values whole: late exports pay."""
    if not home.policies.is_dir():
        return
    try:
        policies = read_policies(home.policies, NAMES_ACCOUNTS)
    except InputProblems:  # told with the inputs
        return
    has_window = policies.policies.filter(pl.col("window_hours").is_not_null())["policy_id"]
    lacking = [each for each in has_window if each not in policies.growth["policy_id"]]
    for policy_id in lacking:
        told = _("{policy} has no growth curve, so late values count whole")
        yield Finding(
            "growth",
            told.format(policy=policy_id) + _late(home, policy_id),
            _(
                "add growth to the policy of a coming month: kurasi growth fits it from your "
                "exports, and ingest/templates/policies has curves with their sources"
            ),
            is_warning=True,
        )
    if not lacking:
        yield Finding("growth", _("every policy with a window has growth curves"))


def _late(home: Home, policy_id: str) -> str:
    """How many values a curve would change, where something is built."""
    try:
        posts = finished_state.table(home, "fct_post_month").filter(policy_id=policy_id)
        counted = posts.filter("is_counted").select("grade").collect()["grade"]
    except (finished_state.NoState, OSError, pl.exceptions.PolarsError):
        return ""
    told = _(" ({late} of {all} counted posts)")
    return told.format(late=number(int((counted == "late").sum())), all=number(counted.len()))
