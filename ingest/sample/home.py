"""A world's files in a home folder: its inbox with sidecars, its registry, the demo's policies."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.sample.captions import CAMPAIGNS
from ingest.sample.platforms import FIXTURES_BY_KIND
from ingest.sample.truth import AccountRow, Export, OfficeRow, World
from ingest.sample.writing import encode, sheet
from ingest.schemas import Campaign

_POLICIES = Path(__file__).parent / "policies"


def write_world(world: World, home: Path) -> None:
    """Writes `home/inbox/…` and `home/registry/*.csv`; a file's time is that of its receipt."""
    for export in world.exports:
        write_export(export, home)
    for days in world.day_files:
        content = encode(sheet(days.export), days.export.format)
        _write(home / "inbox" / days.path, content, days.captured_at)
    for other in world.other_files:
        _write(home / "inbox" / other.path, other.text.encode(), other.received_at)
    write_registry(home, world.offices, world.accounts)
    write_campaigns(home)


def write_policies(home: Path) -> None:
    """Writes `home/policies/…`: the shipped rule with curves that fit worlds of other seeds."""
    folder = home / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    for path in _POLICIES.glob("*.yml"):
        shutil.copyfile(path, folder / path.name)


def write_correction(world: World, home: Path) -> None:
    """Writes the registry again, with the accounts that it lacked."""
    accounts = [*world.accounts, *world.left_out]
    write_registry(home, world.offices, sorted(accounts, key=_account_and_day))


def write_export(export: Export, home: Path) -> None:
    """Writes one file of the inbox, and its sidecar where it has one."""
    path = home / "inbox" / export.path
    _write(path, encode(sheet(export), export.format), export.received_at)
    if export.captured_at_source == "sidecar":
        sidecar = json.dumps(_sidecar(export), indent=1) + "\n"
        name = f"{path.name}.delivery.json"
        _write(path.with_name(name), sidecar.encode(), export.received_at)


def write_registry(
    home: Path, offices: Sequence[OfficeRow], accounts: Sequence[AccountRow]
) -> None:
    """Writes `home/registry/*.csv`."""
    folder = home / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "offices.csv", OfficeRow._fields, offices)
    _write_table(folder / "accounts.csv", AccountRow._fields, accounts)


def write_campaigns(home: Path) -> None:
    """Writes `home/registry/campaigns.csv`: what the world's captions were asked to carry."""
    rows = [
        (each.campaign_id, each.tag, "", each.first, each.last + timedelta(days=1), "", "")
        for each in CAMPAIGNS
    ]
    _write_table(home / "registry" / "campaigns.csv", Campaign.column_names(), rows)


def _write(path: Path, content: bytes, received_at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    received = received_at.replace(tzinfo=UTC).timestamp()
    os.utime(path, (received, received))


def _account_and_day(row: AccountRow) -> tuple[str, date]:
    return row.account_id, row.valid_from


def _write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])


def _sidecar(export: Export) -> dict[str, str]:
    instant = export.captured_at.replace(tzinfo=UTC)
    sidecar = {
        "captured_at": instant.astimezone(ZoneInfo(export.office.time_zone)).isoformat(),
        "office_id": export.office.office_id,
        "covers_from": str(export.covers_from),
        "covers_to": str(export.covers_to),
    }
    if not FIXTURES_BY_KIND[export.format.kind].names_account:
        sidecar["account_id"] = export.account
    return sidecar
