"""Each asset check passes on a sound home, and fails where its very thing is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from ingest import batches
from ingest.batches import File
from ingest.home import Home
from ingest.schemas import Reject, Withheld
from ingest.storage import write_table
from orchestration.assets.warehouse import monthly_rankings, warehouse_assets
from orchestration.checks.rankings import check_rankings
from orchestration.checks.records import check_records
from orchestration.publication import finished_state
from orchestration.resources import HomeResource, dbt, dbt_project, prepare_manifest
from tests.copies import writable
from tests.lakes import KEMENKUM, account, day, delivery, lake, office, offices, policy, record
from tests.models import Models
from tests.reference import Lake

pytestmark = pytest.mark.xdist_group("checks")
END, MONTH_OVER = "2025-07-11 00:00", "2025-08-02 00:00"
ROWS = (record("P1", 5), record("P2", 9, platform_account_id="A2"))
#: What the sound home received.
SOUND_FILES = [delivery(END, *ROWS), delivery(MONTH_OVER, *ROWS[::-1])]
FIRST_POST_ONLY = [delivery(END, ROWS[0]), delivery(MONTH_OVER, ROWS[0])]
LENIENT = [policy(minimum_coverage_percent=0, minimum_evidence_percent=0)]
SOUND = lake(*SOUND_FILES, **offices(2), policies=LENIENT)


def built(models: Models, world: Lake, folder: Path) -> Home:
    """A home whose warehouse was built from a lake, as dbt leaves it."""
    home = Home(folder)
    models.write(world)
    shutil.copytree(models.home / "lake", home.lake, dirs_exist_ok=True)
    home.rejects("_empty").parent.mkdir(exist_ok=True)
    write_files(home, pl.read_parquet(home.table("deliveries")))
    Reject.create_empty().write_parquet(home.rejects("_empty"))
    home.warehouse.mkdir(exist_ok=True)
    (home.warehouse / "kurasi.duckdb").unlink(missing_ok=True)
    with models.run() as database:
        database.execute(f"attach '{home.warehouse / 'kurasi.duckdb'}' as file")
        for (name,) in database.execute("show tables").fetchall():
            database.execute(f"create table file.{name} as from {name}")
    return home


def write_files(home: Home, ledger: pl.DataFrame) -> None:
    """The table of files that goes with a ledger."""
    known = [name for name in File.column_names() if name in ledger.columns]
    files = ledger.select(known).unique("sha256", maintain_order=True)
    lacking = {name: pl.lit("any") for name in File.column_names() if name not in known}
    lacking["reader"] = pl.lit(batches.reader_version())
    table = files.with_columns(each.alias(name) for name, each in lacking.items())
    write_table(home.files("any"), File.validate(table, cast=True))


def break_warehouse(home: Home, sql: str) -> None:
    with duckdb.connect(str(home.warehouse / "kurasi.duckdb")) as database:
        database.execute(sql)


def checked(home: Home) -> dict[str, dg.AssetCheckEvaluation]:
    """The checks of a home by name, as Dagster evaluates them."""
    result = dg.materialize(
        [
            dg.AssetSpec(["raw", "deliveries"]),
            dg.AssetSpec("rank_monthly"),
            dg.AssetSpec("rank_month_state"),
            dg.AssetSpec("dim_account"),
            check_records,
            check_rankings,
        ],
        selection=dg.AssetSelection.all_asset_checks(),
        resources={"home": HomeResource(root=str(home.root))},
        raise_on_error=False,
    )
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def failed(home: Home) -> dict[str, dg.AssetCheckSeverity]:
    return {name: check.severity for name, check in checked(home).items() if not check.passed}


def told(check: dg.AssetCheckEvaluation) -> str:
    """What a failed check says, with the rows to look at."""
    return str(check.description)


@pytest.fixture(scope="module")
def sound(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return built(models, SOUND, tmp_path_factory.mktemp("sound"))


@pytest.fixture
def home(sound: Home, tmp_path: Path) -> Home:
    """A sound home to break."""
    shutil.copytree(sound.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_a_sound_home_passes_every_check(home: Home) -> None:
    checks = checked(home)
    assert set(checks) == {
        "inbox_is_taken",
        "no_file_is_rejected_whole",
        "archive_is_sound",
        "log_is_true",
        "records_reconcile",
        "all_offices_present",
        "months_do_not_shrink",
        "months_are_covered",
        "accounts_are_exported",
    }
    assert all(check.passed for check in checks.values())


def test_what_is_not_taken_from_the_inbox_is_counted_and_warns(home: Home) -> None:
    home.inbox.mkdir()
    (home.inbox / "link.csv").symlink_to("/etc/passwd")
    (home.inbox / "alone.csv.delivery.json").write_text("{}")
    check = checked(home)["inbox_is_taken"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.WARN
    assert check.metadata["found"].value == 2
    assert "| link.csv | it is a link" in told(check)


def test_a_file_that_is_rejected_whole_is_named_and_warns(home: Home) -> None:
    ledger = pl.read_parquet(home.table("deliveries"))
    is_first = pl.int_range(pl.len()) == 0
    status = pl.when(is_first).then(pl.lit("rejected")).otherwise("status")
    ledger.with_columns(status=status).write_parquet(home.table("deliveries"))
    check = checked(home)["no_file_is_rejected_whole"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.WARN
    assert check.metadata["found"].value == 1
    assert ledger["delivery_id"][0] in told(check)


def test_what_is_damaged_of_the_archive_is_counted_and_fails(home: Home) -> None:
    lost = pl.read_parquet(home.table("deliveries"))["sha256"].unique().sort()[0]
    for part in home.files("").parent.glob("*.parquet"):
        files = pl.read_parquet(part)
        is_lost = pl.col("sha256") == lost
        # As ingest leaves it where the archived bytes are not those of the name.
        reader = pl.when(is_lost).then(pl.lit("nobody")).otherwise("reader")
        files.with_columns(reader=reader).write_parquet(part)
    for folder, name in (("receipts", "0123456789abcdef.jsonl"), ("tombstones", "x.json")):
        (home.archive / folder).mkdir(parents=True)
        (home.archive / folder / name).write_text("{")
    check = checked(home)["archive_is_sound"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    assert check.metadata["found"].value == 3
    for name in (lost, "0123456789abcdef.jsonl", "x.json"):
        assert name in told(check)


def test_a_row_that_is_gone_from_the_lake_does_not_reconcile(home: Home) -> None:
    paths = home.lake.glob("observations/*/*/*.parquet")
    path = next(path for path in paths if pl.read_parquet(path).height)
    pl.read_parquet(path).head(1).write_parquet(path)
    check = checked(home)["records_reconcile"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    assert "| posts | 2 | 1 |" in told(check)


def test_rows_that_no_ledger_names_do_not_reconcile(home: Home) -> None:
    write_files(home, pl.read_parquet(home.table("deliveries")).head(1))
    assert "| posts | 0 | 2 |" in told(checked(home)["records_reconcile"])


def test_a_file_whose_records_are_not_all_accounted_for_does_not_reconcile(home: Home) -> None:
    ledger = pl.read_parquet(home.table("deliveries"))
    write_files(home, ledger.with_columns(record_count=pl.lit(3, pl.Int64)))
    rows = told(checked(home)["records_reconcile"])
    assert rows.count("| records in the file | 2 | 3 |") == 2


def test_withheld_counters_that_the_lake_does_not_name_do_not_reconcile(home: Home) -> None:
    ledger = pl.read_parquet(home.table("deliveries"))
    write_files(home, ledger.with_columns(withheld_count=pl.lit(2, pl.Int64)))
    cell = {"sha256": ledger["sha256"][0], "record_number": 1, "field": "like_count"}
    rows = pl.DataFrame([{**cell, "rule": "not_a_number", "detail": "", "text": "1.2K"}])
    home.withheld("any").parent.mkdir(exist_ok=True)
    Withheld.validate(rows, cast=True).write_parquet(home.withheld("any"))
    said = told(checked(home)["records_reconcile"])
    assert "| withheld counters | 2 | 1 |" in said
    assert "| withheld counters | 2 | 0 |" in said


def test_an_office_without_a_row_is_absent(home: Home) -> None:
    break_warehouse(home, "delete from rank_monthly where office_id = 'O2' and category = 'active'")
    check = checked(home)["all_offices_present"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    assert check.metadata["found"].value == 1
    assert "| kanwil | active | O2 | 1 | 0 |" in told(check)


def test_an_office_that_the_registry_does_not_hold_is_one_too_many(home: Home) -> None:
    table = pl.read_parquet(home.table("offices")).filter(office_id="O1")
    table.write_parquet(home.table("offices"))
    assert checked(home)["all_offices_present"].metadata["found"].value == 2


def test_a_month_that_is_over_and_lacks_exports_is_a_warning(
    models: Models, tmp_path: Path
) -> None:
    whole = policy(minimum_evidence_percent=0)
    lacking = lake(
        delivery(MONTH_OVER, record("P1", 5)),
        offices=[office()],
        accounts=[account(), account("A2", platform="x")],
        policies=[whole],
    )
    home = built(models, lacking, tmp_path)
    check = checked(home)["months_are_covered"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.WARN
    assert "A2 missing" in told(check)


def test_a_month_that_still_runs_lacks_nothing_yet(models: Models, tmp_path: Path) -> None:
    running = lake(delivery(END, record("P1", 5)), policies=[KEMENKUM])
    assert "months_are_covered" not in failed(built(models, running, tmp_path))


def test_an_account_that_is_silent_is_named_while_there_is_time(
    models: Models, tmp_path: Path
) -> None:
    spans = offices(3)
    gone, silent = spans["accounts"][2], spans["accounts"][1]
    registered = [*spans["accounts"][:2], {**gone, "valid_to": day("2025-07-20")}]
    files = [
        delivery("2025-07-24 00:00", record("P2", 9, platform_account_id="A2")),
        delivery("2025-08-02 00:00", record("P1", 5)),
    ]
    lacking = lake(*files, offices=spans["offices"], accounts=registered, policies=LENIENT)
    check = checked(built(models, lacking, tmp_path))["accounts_are_exported"]
    assert not check.passed and check.severity is dg.AssetCheckSeverity.WARN
    assert check.metadata["found"].value == 1
    assert f"{silent['account_id']} |" in told(check)
    assert "2025-07-24" in told(check)


class TestMonthsDoNotShrink:
    """After a finished state of the sound home."""

    @pytest.fixture
    def after(self, home: Home) -> Home:
        finished_state.keep(home, home.warehouse / "kurasi.duckdb", "before")
        return home

    def test_the_same_build_again_is_sound(self, after: Home) -> None:
        assert failed(after) == {}

    def test_what_a_crash_left_is_no_file_of_a_state(self, after: Home) -> None:
        left = writable(finished_state.current(after)) / ".state.json.1.1.tmp"
        left.write_text("{")
        finished_state.keep(after, after.warehouse / "kurasi.duckdb", "before")
        writable(left.parent)
        left.unlink(missing_ok=True)
        assert finished_state.built_from(after) == "before"

    @pytest.mark.parametrize("text", ["", "{", "{}"])
    def test_a_state_that_lost_its_mark_is_built_anew(self, after: Home, text: str) -> None:
        assert finished_state.built_from(after) == "before"
        (writable(finished_state.current(after)) / "state.json").write_text(text)
        assert finished_state.built_from(after) is None

    def test_a_post_that_vanished_with_its_delivery_fails(
        self, after: Home, models: Models
    ) -> None:
        built(models, lake(*FIRST_POST_ONLY, **offices(2), policies=LENIENT), after.root)
        check = checked(after)["months_do_not_shrink"]
        assert not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
        assert "P2" in told(check)

    def test_a_post_that_counts_no_longer_has_its_reason(self, after: Home, models: Models) -> None:
        only = {"offices": offices(2)["offices"], "accounts": offices(1)["accounts"]}
        built(models, lake(*SOUND_FILES, **only, policies=LENIENT), after.root)
        check = checked(after)["months_do_not_shrink"]
        assert check.passed
        assert "| 2 | 1 | 1 unregistered account |" in str(check.metadata["shrunken_months"].value)

    def test_files_that_are_quarantined_now_are_a_reason(self, after: Home, models: Models) -> None:
        unread = dict.fromkeys(("loaded_count", "record_count", "rejected_count"))
        refused = {"status": "quarantined", "reason": "damaged", "holds": None, **unread}
        gone = [({**told, **refused}, []) for told, _ in SOUND_FILES]
        kept = delivery(END, record("P3", 1))
        built(models, lake(*gone, kept, **offices(2), policies=LENIENT), after.root)
        check = checked(after)["months_do_not_shrink"]
        assert check.passed
        assert "2 not in the lake any more" in str(check.metadata["shrunken_months"].value)

    def test_readers_keep_the_state_before(self, after: Home, models: Models) -> None:
        built(models, lake(*FIRST_POST_ONLY, **offices(2), policies=LENIENT), after.root)
        result = dg.materialize(
            [
                dg.AssetSpec("rank_monthly"),
                dg.AssetSpec("rank_policy_sensitivity"),
                dg.AssetSpec("rank_month_state"),
                check_rankings,
                monthly_rankings,
            ],
            selection=dg.AssetSelection.assets("monthly_rankings")
            | dg.AssetSelection.checks_for_assets("rank_monthly", "rank_month_state"),
            resources={"home": HomeResource(root=str(after.root))},
            raise_on_error=False,
        )
        assert not result.success
        assert result.get_asset_materialization_events() == []
        assert finished_state.built_from(after) == "before"


def test_dbt_finds_a_hole_in_the_ranks(home: Home) -> None:
    project = dbt_project(home)
    warehouse = warehouse_assets(project, prepare_manifest(project, dbt(home)))

    def ranks_are_sound() -> bool:
        result = dg.materialize(
            [warehouse],
            selection=dg.AssetSelection.checks(
                dg.AssetCheckKey(dg.AssetKey("rank_monthly"), "ranks_have_no_holes")
            ),
            resources={"home": HomeResource(root=str(home.root)), "dbt": dbt(home)},
            raise_on_error=False,
        )
        (check,) = result.get_asset_check_evaluations()
        return check.passed

    assert ranks_are_sound()
    break_warehouse(
        home, "update rank_monthly set rank = 3 where rank = 2 and category = 'popular'"
    )
    assert not ranks_are_sound()


def test_a_month_whose_build_never_ended_is_in_the_finished_state_with_all_its_rows(
    models: Models, tmp_path: Path
) -> None:
    home = built(models, SOUND, tmp_path)
    break_warehouse(home, "delete from built_months")
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    kept = finished_state.table(home, "fct_engagement").collect()
    assert kept.height == sum(len(rows) for _, rows in SOUND_FILES) == 4
