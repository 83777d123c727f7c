"""Keeping the log up to date with its home, and what of it is not true of the home any more.

What belongs here: the one call that adds to the log, whoever makes it, and the comparison. What
does not: the files (`store.py`) and what each fact says (`facts.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.home import Home
from ingest.schemas import Delivery
from ingest.storage import exclusive, read_table, write_bytes
from orchestration.publication import editions, finished_state
from orchestration.publication.formats import json_bytes
from orchestration.publication.log import receipts
from orchestration.publication.log.facts import Fact, Key, facts, key, superseded
from orchestration.publication.log.store import (
    Log,
    append,
    begin,
    damaged,
    log_folder,
    read_log,
)
from orchestration.publication.log.witness import Head


def record(home: Home) -> Log:
    """Log what is true of the home and not in its log yet; nothing is ever taken out of it.

    Waits while another process adds to the log. Whatever a crash left undone is done: leaves are
    counted by a head, and editions get their receipt.

    Raises:
        DamagedLog: the log is not as it was written; nothing was added to it.
        HomeIsNewer: a newer program has written to the home.
    """
    folder = log_folder(home)
    with exclusive(home, "log", waits=True):
        for path in (*folder.rglob(".*.tmp"), *home.published.glob("*/.*.receipt.json.*.tmp")):
            path.unlink(missing_ok=True)  # of a crash: nobody else writes these
        log = read_log(folder)
        written = log.size if log else 0
        _refuse_older(home, log)
        log = log or begin(folder)
        append(log, _new(home, log), written)
        _write_receipts(home, log)
    return log


def contradictions(home: Home) -> list[str]:
    """What the log says and is not true of the home any more: a line each, with what to do.

    Raises:
        DamagedLog: the log is not as it was written.
    """
    log = read_log(log_folder(home))
    _refuse_older(home, log)
    if log is None:
        return []
    now = {key(fact): fact for fact in facts(home)}
    return [
        *_dropped_deliveries(home, log, now),
        *_lost_tombstones(log, now),
        *_other_editions(log, now),
    ]


def came_later(home: Home) -> list[str]:
    """The deliveries that are in the ledger and that the last finished state does not know yet.

    Raises:
        NoState: nothing is built yet.
    """
    built = finished_state.table(home, "stg_deliveries").select("delivery_id").collect()
    ledger = read_table(home.table("deliveries"), Delivery)
    return ledger.join(built, on="delivery_id", how="anti")["delivery_id"].sort().to_list()


def head_of(run: Mapping[str, Any]) -> Head | None:
    """The head of the log that the `run.json` of an edition names; None where it names none."""
    named = run.get("log")
    if not isinstance(named, dict):
        return None
    return Head(str(named["origin"]), int(named["size"]), str(named["root"]))


def _refuse_older(home: Home, log: Log | None) -> None:
    """An edition names the head of the log before it; one that lacks that is older, or another."""
    for folder in editions.folders(home):
        try:
            head = head_of(json.loads((folder / "run.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a damaged edition, which `kurasi doctor` names
        if head and (log is None or not log.is_prefix(head)):
            raise damaged(
                f"it lacks lines that were there when {folder.name} was published, or has others",
                log_folder(home),
            )


def _new(home: Home, log: Log) -> Iterator[Fact]:
    """The facts that the log does not say yet, or says otherwise; an edition is never another."""
    now: dict[Key, Fact] = {}
    for fact in facts(home):
        now[key(fact)] = fact
        said = log.last_fact(key(fact))
        if said is None or (fact["kind"] != "edition" and _without_time(said) != fact):
            yield fact
    yield from superseded(home, _gone(home, log, now))


def _gone(home: Home, log: Log, now: Mapping[Key, Fact]) -> dict[Key, dict[str, Any]]:
    """The last facts of deliveries that the ledger does not hold any more, nor was that logged."""
    if not home.table("deliveries").exists():  # the next run makes it anew
        return {}
    gone = {
        of: log.fact(index)
        for of, index in log.last.items()
        if of[0] == "delivery" and of not in now
    }
    return {of: fact for of, fact in gone.items() if fact["kind"] != "superseded"}


def _dropped_deliveries(home: Home, log: Log, now: Mapping[Key, Fact]) -> Iterator[str]:
    gone = _gone(home, log, now)
    benign = {key(fact) for fact in superseded(home, gone)}
    for of, fact in gone.items():
        if of not in benign:
            yield (
                f"line {log.last[of]} of the log holds delivery {of[1]}, and the ledger does not "
                f"any more; restore archive/ ({fact['sha256'][:2]}/{fact['sha256']} and receipts/) "
                "from the backup"
            )


def _lost_tombstones(log: Log, now: Mapping[Key, Fact]) -> Iterator[str]:
    for of, index in log.last.items():
        if of[0] == "tombstone" and of not in now:
            yield (
                f"line {index} of the log says that the file {of[1]} was erased, and its tombstone "
                "is gone, so its bytes could come back; restore archive/tombstones from the backup"
            )


def _other_editions(log: Log, now: Mapping[Key, Fact]) -> Iterator[str]:
    for of, index in log.last.items():
        if of[0] != "edition":
            continue
        found = now.get(of)
        if found and found["manifest_sha256"] == log.fact(index)["manifest_sha256"]:
            continue
        what = "is another now" if found else "is gone or damaged"
        yield (
            f"line {index} of the log says that {of[1]} was published, and it {what}; restore "
            f"published/{of[1][:7]}/{of[1]} from the backup"
        )


def _without_time(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fact.items() if name != "logged_at"}


def _write_receipts(home: Home, log: Log) -> None:
    """Write the receipts of editions that have none yet, each beside its edition."""
    for folder in editions.folders(home):
        index = log.last.get(("edition", folder.name))
        path = receipts.of_edition(folder)
        if index is not None and not path.exists():
            write_bytes(path, json_bytes(receipts.receipt(log, index)))
