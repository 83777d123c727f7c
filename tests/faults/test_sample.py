"""A sample of `make faults`: some kills, errors and power cuts at file calls of ingest."""

from __future__ import annotations

from pathlib import Path

from tests.faults import __main__ as harness
from tests.faults import operations, shim, trials


def test_after_a_fault_at_any_file_call_ingest_goes_on(tmp_path: Path) -> None:
    homes = operations.prepare(tmp_path, 1, None, is_quick=True)
    rows = harness.faults(tmp_path, homes, seed=1, kills=14, cuts=3, only=["ingest"])
    assert [row for row in rows if row[2] != row[3]] == [], harness.table(rows)
    tried = {promise.split(",")[0] for promise, _, count, _ in rows if count}
    expected = {f"after a {fault}" for fault in ("kill", "full disk")} | {"after an I/O error"}
    if not shim.compiler():
        expected = set()
    elif not trials.why_no_volume():
        expected.add("after a power cut")
    assert tried == expected
