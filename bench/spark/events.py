"""What Spark's event log tells of the workers: how much each shuffled, and its CPU's time.

What belongs here: reading the log. What does not: writing it (`session.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Worker:
    """What the tasks of one worker did: bytes written and read for shuffles, seconds of its CPU."""

    written: int = 0
    read: int = 0
    cpu_seconds: float = 0


def workers(folder: Path) -> dict[str, Worker]:
    """The workers by the ID of their executor, those that did nothing too."""
    found: dict[str, Worker] = {}
    for event in _events(folder):
        if event["Event"] == "SparkListenerExecutorAdded":
            found.setdefault(event["Executor ID"], Worker())
        if event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            worker = found.setdefault(event["Task Info"]["Executor ID"], Worker())
            metrics = event["Task Metrics"]
            reading = metrics["Shuffle Read Metrics"]
            worker.written += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            worker.read += reading["Remote Bytes Read"] + reading["Local Bytes Read"]
            worker.cpu_seconds += metrics["Executor CPU Time"] / 1e9
    return found


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("events*")):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
