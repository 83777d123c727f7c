"""The asset `edition` and the calls `publish` and `diff`, as Dagster and a user run them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from ingest import pipeline
from ingest.home import Home
from orchestration.assets.editions import edition_asset, months_of_editions
from orchestration.definitions import definitions
from orchestration.publication import editions, finished_state
from orchestration.publication.log.record import record
from orchestration.publication.log.store import log_folder, read_log
from orchestration.publication.log.witness import read_head
from orchestration.publication.publish import Request, publish
from orchestration.resources import HomeResource
from orchestration.shipped import dbt_sources
from tests.conftest import Kurasi
from tests.publication.conftest import AUGUST, change_rank

edition = edition_asset(months_of_editions("2025-01", "Asia/Jakarta"), "Asia/Jakarta")


def materialize(home: Home, month: str, **config: object) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [dg.AssetSpec("monthly_rankings"), edition],
        selection=[edition],
        partition_key=month,
        resources={"home": HomeResource(root=str(home.root))},
        run_config={"ops": {"edition": {"config": config}}},
        raise_on_error=False,
    )


def materialize_range(home: Home, first: str, last: str) -> dg.ExecuteInProcessResult:
    """As a backfill of a range starts it: one run, tagged with both ends."""
    return dg.materialize(
        [dg.AssetSpec("monthly_rankings"), edition],
        selection=[edition],
        tags={
            "dagster/asset_partition_range_start": first,
            "dagster/asset_partition_range_end": last,
        },
        resources={"home": HomeResource(root=str(home.root))},
        raise_on_error=False,
    )


def test_materializing_a_partition_publishes_its_month(home: Home) -> None:
    result = materialize(home, "2025-08")
    assert result.success
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    (made,) = editions.editions(home)
    assert made.edition_id == "2025-08-provisional-1"
    log = read_log(log_folder(home))
    assert log and log.fact(-1)["manifest_sha256"] == made.manifest_sha256
    refused = materialize(home, "2025-08", final=True)
    assert not refused.success
    assert len(editions.editions(home)) == 1


def test_a_range_of_months_is_one_run_and_each_month_tells_its_own(home: Home) -> None:
    result = materialize_range(home, "2025-07", "2025-08")
    assert result.success
    told = {
        event.partition: event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
    }
    assert list(told) == ["2025-07", "2025-08"]
    for month, metadata in told.items():
        assert metadata["edition"].value == f"{month}-provisional-1"
        assert Path(str(metadata["workbook"].value)).is_file()
    assert "coverage" in str(told["2025-08"]["lacks"].value)


def test_what_can_be_published_of_a_range_is(home: Home) -> None:
    result = materialize_range(home, "2025-08", "2025-10")
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    told = failed.step_failure_data.user_failure_data.description.splitlines()
    assert [line.split(" is not ranked")[0] for line in told] == ["2025-09", "2025-10"]
    made = [e.partition for e in result.all_events if e.is_step_materialization]
    assert made == ["2025-08"]
    assert [each.edition_id for each in editions.editions(home)] == ["2025-08-provisional-1"]


def test_a_refused_month_is_asked_for_again_only_when_something_is_new(
    home: Home, tmp_path: Path
) -> None:
    pipeline.ingest(home)  # the inbox as it was copied is known
    mark = finished_state.fingerprint(home, dbt_sources())
    state = finished_state.current(home)
    hashes = {
        str(path.relative_to(state)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in state.rglob("*.*")
    }
    told = {"fingerprint": mark, "rows": {}, "files": hashes}
    (state / "state.json").write_text(json.dumps(told))
    defs = definitions(home)
    publish_final = defs.resolve_schedule_def("publish_final")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def asked(day: int) -> list[dg.RunRequest]:
            with dg.build_schedule_context(
                instance=instance,
                scheduled_execution_time=datetime(2025, 9, day, tzinfo=UTC),
                repository_def=defs.get_repository_def(),
                resources={"home": HomeResource(root=str(home.root))},
            ) as context:
                return list(publish_final.evaluate_tick(context).run_requests or ())

        (request,) = asked(8)
        assert request.partition_key == "2025-08"
        instance.add_run(
            dg.DagsterRun(
                job_name="close_month",
                tags={**request.tags, "dagster/partition": "2025-08"},
                status=dg.DagsterRunStatus.FAILURE,
            )
        )
        assert asked(9) == asked(10) == []
        late = home.inbox / "late.csv"
        late.write_text("a,b\n1,2\n")
        assert [each.partition_key for each in asked(11)] == ["2025-08"]
        late.unlink()
        with (home.registry / "accounts.csv").open("a") as file:
            file.write("\n")
        assert [each.partition_key for each in asked(12)] == ["2025-08"]
        publish(home, AUGUST, Request(final=True, despite=True, reason="Batas waktu"), "run")
        assert asked(13) == []


def test_a_difference_fails_the_check_and_the_edition(home: Home) -> None:
    change_rank(home)
    result = materialize(home, "2025-08", final=True, despite=True, reason="due")
    assert not result.success
    (check,) = result.get_asset_check_evaluations()
    assert not check.passed and "score" in str(check.metadata["difference"].value)
    assert editions.editions(home) == []


def test_the_calls_publish_and_diff(home: Home, kurasi: Kurasi) -> None:
    first = kurasi(home.root, "--json", "publish", "--month", "2025-08")
    assert first.code == 0, first.err
    assert first.json["edition_id"] == "2025-08-provisional-1" and first.json["is_new"]
    head = read_head(log_folder(home) / "checkpoint")
    assert first.json["tree_head"] == head._asdict()
    refused = kurasi(home.root, "publish", "--month", "2025-08", "--final")
    assert refused.code == 1 and refused.out == ""
    assert refused.err.startswith("error: 2025-08 can't be final: coverage")
    assert refused.err.count("\n") == 1
    call = ("publish", "--month", "2025-08", "--final", "--despite")
    assert kurasi(home.root, *call).code == 2
    final = kurasi(home.root, *call, "--reason", "Batas waktu")
    assert final.code == 0 and "2025-08-final-2 is published" in final.out
    same = kurasi(home.root, "--json", "diff", "2025-08-provisional-1", "2025-08-final-2")
    assert same.code == 0 and same.json["offices"] == []
    unknown = kurasi(home.root, "diff", "2025-08-provisional-1", "2025-08-final-9")
    assert unknown.code == 2 and "2025-08-final-2" in unknown.err
    missing = kurasi(home.root, "publish", "--month", "2031-01")
    assert missing.code == 2 and "is not ranked" in missing.err


def test_beside_a_damaged_log_nothing_is_published(home: Home, kurasi: Kurasi) -> None:
    record(home)
    (log_folder(home) / "checkpoint").write_text("kurasi/another\n1\nAAAA\n")
    done = kurasi(home.root, "publish", "--month", "2025-08")
    assert done.code == 1 and done.err.count("\n") == 1
    assert "restore published/log from the newest backup" in done.err
    assert editions.editions(home) == []


def test_a_damaged_edition_is_named_and_nothing_is_published_beside_it(
    home: Home, kurasi: Kurasi
) -> None:
    made, _ = publish(home, AUGUST, Request(), "run")
    (made.path / "manifest.json").write_text("{")
    told = f"{made.path} is damaged; restore it from the backup"
    done = kurasi(home.root, "publish", "--month", "2025-08")
    assert done.code == 1
    assert done.err.startswith(f"error: {told}")
    assert done.err.count("\n") == 1
    assert told.partition("; ")[2] in kurasi(home.root, "doctor").out
    assert not materialize(home, "2025-08").success
    folders = [path.name for path in made.path.parent.iterdir() if path.is_dir()]
    assert folders == [made.edition_id]
