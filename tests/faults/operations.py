"""The operations that a fault hits, each with the home that it starts from.

What belongs here: what is done to a home, in this process or by a call of the command. What does
not: faults (`trials.py`) and what must hold after (`promises.py`). An operation that is added to
Kurasi joins `OPERATIONS` or `CALLS`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from ingest import erasure, pipeline
from ingest.erasure import Order
from ingest.home import Home
from ingest.platforms import KEYS, NAMES_ACCOUNTS
from ingest.receipts import read_receipts
from ingest.reference import load
from ingest.sample import Habit, make_world, write_policies, write_world
from ingest.schemas import Delivery
from ingest.storage import read_table
from orchestration.publication import finished_state
from orchestration.publication.log.record import record
from orchestration.publication.publish import Request, publish
from tests.faults.shim import plain_environment
from tests.ingest.zips import ENCRYPTED, Packed, zipped

KURASI = Path(sys.executable).with_name("kurasi")
_INPUTS = ("inbox", "registry", "policies")


def ingest(home: Home) -> None:
    """Read what is new, and log it."""
    load.ingest_registry(home, NAMES_ACCOUNTS)
    load.ingest_policies(home, KEYS)
    pipeline.ingest(home)
    record(home)


def erase(home: Home) -> None:
    """Erase the delivery that has most records, and one of a ZIP that was kept; read the rest."""
    ledger = read_table(home.table("deliveries"), Delivery)  # also once they are erased
    largest = ledger.sort("record_count", "delivery_id", descending=[True, False], nulls_last=True)
    receipts = read_receipts(home)
    whole = {each.sha256 for each in receipts}
    in_kept = sorted({each.sha256 for each in receipts if each.zip_sha256 in whole})
    of_zip = ledger.filter(pl.col("sha256").is_in(in_kept[:1]))
    for delivery_id in [largest["delivery_id"][0], *of_zip["delivery_id"][:1]]:
        erasure.erase_delivery(home, delivery_id, Order("asked for", "the harness"))
    ingest(home)


def copy_state(home: Home) -> None:
    """Copy a finished build for readers."""
    finished_state.keep(home, home.database, "feedfeedfeedfeed")


def publish_newest(home: Home) -> None:
    """Publish the month that was ranked last."""
    publish(home, newest_month(home), Request(final=True, despite=True, reason="a try"), "run")


def newest_month(home: Home) -> date:
    """The month of most posts."""
    months = finished_state.table(home, "rank_monthly").select("month").collect()["month"]
    return max(months.mode())


#: Done in this process, under the names that the table has.
OPERATIONS: dict[str, Callable[[Home], None]] = {
    "ingest": ingest,
    "erase": erase,
    "copy of the state": copy_state,
    "publish": publish_newest,
}


class Call(NamedTuple):
    """A call of the command, and the file calls of it that count."""

    words: Callable[[Home], list[str]]
    #: The home that it starts from, by its name.
    start: str
    #: What it says when all went well: one of these.
    ends_well: tuple[str, ...]
    #: A part of the paths below the home at which calls count.
    only: str = ""
    #: A part of those at which none counts.
    but: str = ""


def _run_words(_: Home) -> list[str]:
    return ["run"]


def _publish_words(home: Home) -> list[str]:
    final = ["--final", "--despite", "--reason", "a try"]
    return ["publish", "--month", f"{newest_month(home):%Y-%m}", *final]


#: Dagster writes nine of ten calls of a run, for its history, so they count by themselves.
_DAGSTER = f"/{Home(Path()).dagster.name}/"
_RESULTS = ("Results: ",)
CALLS = {
    "first build": Call(_run_words, "read", _RESULTS, only="kurasi.duckdb"),
    "whole run": Call(_run_words, "inputs", _RESULTS, but=_DAGSTER),
    "whole run's history": Call(_run_words, "inputs", _RESULTS, only=_DAGSTER),
    "whole publish": Call(
        _publish_words, "publish", (" is published: ", " nothing was published"), but=_DAGSTER
    ),
}


def call(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the command, undisturbed."""
    return subprocess.run(
        [KURASI, "--home", home.root, *words],
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def write_inputs(root: Path, seed: int, corpus: Path | None) -> Home:
    """The inputs of a home: a small sample world, or with a corpus.

    A corpus is a folder with `inbox/`, and `registry/` and `policies/` where it has its own; or
    simply a folder of exports, which then lie beside those of the sample world.
    """
    world = make_world(seed, ("2025-08",), posts_per_account_month=2, offices=2, habit=Habit(360))
    write_world(world, root)
    write_policies(root)
    _pack(root / "inbox")
    if corpus and not (corpus / "inbox").is_dir():
        shutil.copytree(corpus, root / "inbox" / corpus.name)
    elif corpus:
        for name in _INPUTS:
            if (corpus / name).is_dir():
                shutil.rmtree(root / name)
                shutil.copytree(corpus / name, root / name)
    return Home(root)


def _pack(inbox: Path) -> None:
    """Put every other export without a sidecar into a ZIP, the last beside one with a password."""
    exports = sorted(inbox.rglob("*.csv"), key=lambda path: (-path.stat().st_size, path))
    alone = [path for path in exports if not path.with_name(f"{path.name}.delivery.json").exists()]
    locked = Packed("locked.csv", b"a", flags=ENCRYPTED)
    for path in alone[::2]:
        files = [Packed(path.name, path.read_bytes())]
        if path == alone[::2][-1]:
            files.append(locked)
        content = zipped(*files)
        target = path.with_suffix(".zip")
        target.write_bytes(content)
        made_at = path.stat().st_mtime_ns
        os.utime(target, ns=(made_at, made_at))
        path.unlink()


def prepare(folder: Path, seed: int, corpus: Path | None, *, is_quick: bool) -> dict[str, Home]:
    """The home from which each operation starts, by its name; also `inputs`, of which nothing is
    read, and `read`, of which nothing is built.

    Args:
        folder: where they are made.
        seed: of the sample world.
        corpus: what is added to it, or stands in its place.
        is_quick: only for what needs no finished build, which takes as long as all others.

    Raises:
        RuntimeError: the undisturbed run ranks nothing.
    """
    inputs = write_inputs(folder / "inputs", seed, corpus)
    homes = {name: Home(folder / name.replace(" ", "-")) for name in OPERATIONS}
    homes["inputs"] = inputs
    # Of ingest, half was read before.
    later = folder / "later"
    _copy(inputs, homes["ingest"])
    exports = sorted(path for path in homes["ingest"].inbox.rglob("*") if path.is_file())
    for path in exports[::2]:
        away = later / path.relative_to(homes["ingest"].root)
        away.parent.mkdir(parents=True, exist_ok=True)
        path.rename(away)
    ingest(homes["ingest"])
    shutil.copytree(later, homes["ingest"].root, dirs_exist_ok=True)
    _copy(inputs, homes["erase"])
    ingest(homes["erase"])
    homes["read"] = homes["erase"]
    if is_quick:
        return homes
    _copy(homes["read"], homes["publish"])
    done = call(homes["publish"], "run")
    if "Results: " not in done.stdout:
        raise RuntimeError(f"the undisturbed run ranks nothing: {done.stderr}")
    _copy(homes["publish"], homes["copy of the state"])
    # Readers have a publication, and get the next.
    publish(homes["publish"], newest_month(homes["publish"]), Request(), "run")
    return homes


def _copy(source: Home, target: Home) -> None:
    shutil.copytree(source.root, target.root, symlinks=True)
