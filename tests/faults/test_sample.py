"""A sample of `make faults`: some kills, errors and power cuts at file calls of ingest."""

from __future__ import annotations

from tests.faults import __main__ as harness
from tests.faults import operations, shim, trials


def test_after_a_fault_at_any_file_call_ingest_goes_on() -> None:
    with harness.place() as folder:
        homes = operations.prepare(folder, 1, None, is_quick=True)
        rows = harness.faults(folder, homes, seed=1, kills=8, cuts=2, only=["ingest"])
    assert [row for row in rows if row[2] != row[3]] == [], harness.table(rows)
    tried = {promise.split(",")[0] for promise, _, count, _ in rows if count}
    expected = {f"after a {fault}" for fault in ("kill", "full disk")} | {"after an I/O error"}
    if not shim.compiler():
        expected = set()
    elif not trials.why_no_volume():
        expected.add("after a power cut")
    assert tried == expected
