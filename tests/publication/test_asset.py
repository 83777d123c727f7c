"""The asset `edition` and the calls `publish` and `diff`, as Dagster and a user run them."""

from __future__ import annotations

import dagster as dg

from ingest.lake import Home
from orchestration.publication import editions
from orchestration.publish import edition
from orchestration.resources import HomeResource
from tests.conftest import Kurasi
from tests.publication.conftest import change_rank


def materialize(home: Home, month: str, **config: object) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [dg.AssetSpec("monthly_rankings"), edition],
        selection=[edition],
        partition_key=month,
        resources={"home": HomeResource(root=str(home.root))},
        run_config={"ops": {"edition": {"config": config}}},
        raise_on_error=False,
    )


def test_materializing_a_partition_publishes_its_month(home: Home) -> None:
    result = materialize(home, "2025-08")
    assert result.success
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    assert [each.edition_id for each in editions.editions(home)] == ["2025-08-provisional-1"]
    refused = materialize(home, "2025-08", final=True)
    assert not refused.success
    assert len(editions.editions(home)) == 1


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
