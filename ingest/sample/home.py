"""A world's files in a home folder: its inbox with sidecars, and its registry."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.sample.platforms import FIXTURES_BY_KIND
from ingest.sample.truth import AccountRow, Export, OfficeRow, World
from ingest.sample.writing import encode, sheet


def write_world(world: World, home: Path) -> None:
    """Writes `home/inbox/…` and `home/registry/*.csv`; a file's time is that of its receipt."""
    for export in world.exports:
        write_export(export, home)
    write_registry(home, world.offices, world.accounts)


def write_export(export: Export, home: Path) -> None:
    """Writes one file of the inbox, and its sidecar where it has one."""
    path = home / "inbox" / export.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(sheet(export), export.format))
    paths = [path]
    if export.captured_at_source == "sidecar":
        paths.append(path.with_name(f"{path.name}.delivery.json"))
        paths[1].write_text(json.dumps(_sidecar(export), indent=1) + "\n", encoding="utf-8")
    received = export.received_at.replace(tzinfo=UTC).timestamp()
    for each in paths:
        os.utime(each, (received, received))


def write_registry(
    home: Path, offices: Sequence[OfficeRow], accounts: Sequence[AccountRow]
) -> None:
    """Writes `home/registry/*.csv`."""
    folder = home / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "offices.csv", OfficeRow._fields, offices)
    _write_table(folder / "accounts.csv", AccountRow._fields, accounts)


def _write_table(path: Path, header: Sequence[str], rows: Sequence[OfficeRow | AccountRow]) -> None:
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
