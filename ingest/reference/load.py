"""The registry and the policies on their way into the archive and the lake.

What belongs here: keeping each version of these files, and their tables. What does not: what the
files may say (`registry.py`, `campaigns.py`, `policies.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ingest.home import Home
from ingest.reference.campaigns import FILE, read_campaigns
from ingest.reference.policies import policy_files, read_policies
from ingest.reference.registry import read_registry
from ingest.storage import archive_bytes, write_table


def ingest_registry(home: Home, platforms: Mapping[str, bool]) -> dict[str, int]:
    """Check and keep the registry; returns the rows of `offices`, `accounts` and `campaigns`.

    Raises:
        InputProblems: with every mistake; then the lake keeps the last sound registry.
    """
    offices, accounts = read_registry(home.registry, platforms)
    campaigns = read_campaigns(home.registry, platforms, set(offices["league"]))
    for name in ("offices.csv", "accounts.csv", FILE):
        path = home.registry / name
        if path.exists():
            archive_bytes(home, path.read_bytes())
    tables = {"offices": offices, "accounts": accounts, "campaigns": campaigns}
    for name, rows in tables.items():
        write_table(home.table(name), rows)
    return {name: rows.height for name, rows in tables.items()}


def ingest_policies(home: Home, platforms: Collection[str]) -> dict[str, int]:
    """Check and keep the policies; returns the rows of each of their tables.

    Raises:
        InputProblems: with every mistake; then the lake keeps the last sound policies.
    """
    found = read_policies(home.policies, platforms)
    for path in policy_files(home.policies):
        archive_bytes(home, path.read_bytes())
    tables = {
        "policy_weights": found.weights,
        "policy_growth": found.growth,
        "policies": found.policies,
    }
    for name, rows in tables.items():
        write_table(home.table(name), rows)
    return {name: rows.height for name, rows in tables.items()}
