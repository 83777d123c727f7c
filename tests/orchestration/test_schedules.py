"""When runs start: files in the inbox, the 1st of a month, the day after a cut-off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from ingest import pipeline
from ingest.home import Home
from orchestration import months
from orchestration.definitions import definitions
from orchestration.resources import HomeResource
from orchestration.schedules import watch_inbox
from orchestration.shipped import ROOT

JAKARTA = ZoneInfo("Asia/Jakarta")
#: A schedule's name and an instant to what it asks for then.
Tick = Callable[[str, datetime], Any]


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """Of a home without a policy, so in the ministry's time zone."""
    return definitions(Home(tmp_path_factory.mktemp("none")))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for folder in ("policies", "registry"):
        shutil.copytree(ROOT / "ingest" / "templates" / folder, home.root / folder)
    home.inbox.mkdir()
    return home


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


class Look:
    """Looks at an inbox one after another, as the daemon does."""

    def __init__(self, home: Home, instance: dg.DagsterInstance, defs: dg.Definitions) -> None:
        self.home, self.instance, self.defs = home, instance, defs
        self.cursor: str | None = None

    def __call__(self) -> str | None:
        """The key of the run that this look asks for; None where it asks for none."""
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            resources={"home": HomeResource(root=str(self.home.root))},
            definitions=self.defs,
        )
        tick = watch_inbox.evaluate_tick(context)
        self.cursor = tick.cursor
        return tick.run_requests[0].run_key if tick.run_requests else None

    def until_quiet(self) -> list[str]:
        """The keys of as many looks as it takes until nothing is asked for twice."""
        return [key for key in (self() for _ in range(4)) if key]


@pytest.fixture
def look(home: Home, instance: dg.DagsterInstance, defs: dg.Definitions) -> Look:
    """Of an inbox whose registry and policies are known."""
    look = Look(home, instance, defs)
    assert len(set(look.until_quiet())) == 1
    return look


def put(home: Home, name: str, text: str) -> Path:
    path = home.inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_one_arrival_gives_one_run(home: Home, look: Look) -> None:
    assert look() is None
    put(home, "bali/x.csv", "a,b\n1,2\n")
    assert look() is None  # it may still be written
    key = look()
    assert key is not None
    assert look() in (None, key)  # Dagster starts no second run of a key
    pipeline.ingest(home)
    assert look() is None
    assert look() is None


def test_a_file_that_grows_waits_until_it_rests(home: Home, look: Look) -> None:
    path = put(home, "x.csv", "a,b\n")
    for number in range(3):
        assert look() is None
        with path.open("a") as file:
            file.write(f"{number},0\n")
    assert look() is None
    assert look() is not None


def test_the_same_name_with_other_bytes_is_another_run(home: Home, look: Look) -> None:
    put(home, "x.csv", "a,b\n1,2\n")
    first = set(look.until_quiet())
    pipeline.ingest(home)
    path = put(home, "x.csv", "a,b\n1,3\n")
    second = set(look.until_quiet())
    assert len(first) == len(second) == 1
    assert first != second
    # Bytes and not times make the key: touched before it was ingested, it is the same arrival.
    os.utime(path, (1754200000, 1754200000))
    assert set(look.until_quiet()) == second


def test_what_the_command_ingested_is_not_new(home: Home, look: Look) -> None:
    put(home, "x.csv", "a,b\n1,2\n")
    pipeline.ingest(home)
    assert look.until_quiet() == []


def test_a_corrected_registry_and_a_sidecar_are_news(home: Home, look: Look) -> None:
    with (home.registry / "offices.csv").open("a") as file:
        file.write("bali,Kanwil Bali,kanwil,Asia/Makassar,2025-01-01,\n")
    assert len(look.until_quiet()) == 1
    assert look() is None
    put(home, "x.csv", "a,b\n1,2\n")
    pipeline.ingest(home)
    put(home, "x.csv.delivery.json", '{"captured_at": "2025-08-02T08:00:00+07:00"}')
    assert len(set(look.until_quiet())) == 1


def test_hidden_files_and_an_empty_home_are_nothing(
    home: Home, look: Look, instance: dg.DagsterInstance, defs: dg.Definitions, tmp_path: Path
) -> None:
    put(home, ".x.csv.part", "a,b\n")
    assert look.until_quiet() == []
    nothing = Look(Home(tmp_path / "nothing"), instance, defs)
    assert len(set(nothing.until_quiet())) <= 1


@pytest.fixture
def tick(home: Home, instance: dg.DagsterInstance, defs: dg.Definitions) -> Tick:
    """`tick(schedule, instant)`: what a schedule asks for at an instant."""

    def ask(name: str, at: datetime) -> Any:
        return asked(name, at, home, instance, defs)

    return ask


def asked(
    name: str, at: datetime, home: Home, instance: dg.DagsterInstance, defs: dg.Definitions
) -> Any:
    schedule = defs.resolve_schedule_def(name)
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=at,
        repository_def=defs.get_repository_def(),
        resources={"home": HomeResource(root=str(home.root))},
    ) as context:
        data = schedule.evaluate_tick(context)
    return data.run_requests[0] if data.run_requests else None


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2025, 9, 1, 6, tzinfo=JAKARTA), "2025-08"),
        (datetime(2026, 1, 1, 6, tzinfo=JAKARTA), "2025-12"),
        # Still August in UTC, already September in Jakarta.
        (datetime(2025, 8, 31, 18, tzinfo=UTC), "2025-08"),
    ],
)
def test_the_provisional_edition_is_of_the_month_before(
    at: datetime, month: str, tick: Tick
) -> None:
    request = tick("publish_provisional", at)
    assert request.partition_key == month
    assert request.run_config["ops"]["edition"]["config"] == {"final": False}


@pytest.mark.parametrize(
    ("at", "month"),
    [
        # August ends on 1 September 00:00 in Jakarta, the cut-off is 8 September 00:00 there.
        (datetime(2025, 9, 7, 16, 59, 59, tzinfo=UTC), "2025-07"),
        (datetime(2025, 9, 7, 17, 0, 0, tzinfo=UTC), "2025-08"),
        (datetime(2025, 9, 30, 7, tzinfo=JAKARTA), "2025-08"),
        (datetime(2026, 1, 8, 7, tzinfo=JAKARTA), "2025-12"),
        (datetime(2026, 3, 8, 7, tzinfo=JAKARTA), "2026-02"),
    ],
)
def test_the_final_edition_waits_for_the_cut_off(at: datetime, month: str, tick: Tick) -> None:
    request = tick("publish_final", at)
    assert request.partition_key == month
    assert request.run_key == f"{month}-final"
    assert request.run_config["ops"]["edition"]["config"] == {"final": True}


def test_each_month_has_the_cut_off_of_its_own_policy(home: Home) -> None:
    old = home.policies / "kuantitas-2025-01.yml"
    old.write_text(old.read_text().replace("cutoff_days: 7", "cutoff_days: 45"))
    # June, under the old policy, is cut off on 15 August; July, under the new, on 8 August.
    assert months.cut_off(home, datetime(2025, 8, 7, 18))[0] == date(2025, 7, 1)
    until_may = [date(2025, month, 1) for month in (5, 4, 3, 2, 1)]
    assert months.cut_off(home, datetime(2025, 8, 1)) == until_may
    new = home.policies / "kemenkum-2025-07.yml"
    new.write_text(new.read_text().replace("cutoff_days: 7", "cutoff_days:"))
    assert months.cut_off(home, datetime(2025, 12, 1))[0] == date(2025, 6, 1)


def test_without_a_policy_nothing_becomes_final(home: Home, tick: Tick) -> None:
    assert tick("publish_final", datetime(2024, 9, 30, tzinfo=JAKARTA)) is None
    shutil.rmtree(home.policies)
    assert tick("publish_final", datetime(2025, 9, 30, tzinfo=JAKARTA)) is None
    assert months.zone_of(home) == "Asia/Jakarta"


def test_the_schedules_run_where_the_policy_is(home: Home) -> None:
    policy = home.policies / "kemenkum-2025-07.yml"
    policy.write_text(policy.read_text().replace("Asia/Jakarta", "Asia/Jayapura"))
    assert months.zone_of(home) == "Asia/Jayapura"
    defs = definitions(home)
    for name in ("list_due_exports_daily", "publish_provisional", "publish_final"):
        schedule = defs.resolve_schedule_def(name)
        assert schedule.execution_timezone == "Asia/Jayapura"
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    partitions = defs.resolve_job_def("publish_edition").partitions_def
    assert isinstance(partitions, dg.MonthlyPartitionsDefinition)
    assert partitions.timezone == "Asia/Jayapura"


def test_jobs_are_named_by_what_they_do(defs: dg.Definitions) -> None:
    def assets(job: str) -> set[str]:
        found = defs.resolve_job_def(job).asset_layer.selected_asset_keys
        return {key.to_user_string() for key in found}

    raw = assets("ingest_exports")
    assert {name.split("/")[0] for name in raw} == {"raw"}
    built = assets("build_warehouse")
    # Tests compare models, so a build of some of them fails on a warehouse that is not there yet.
    every = {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()}
    assert built == every - raw - {"edition", "bulletin"}
    assert {"dim_platform", "fct_flag", "rank_monthly", "monthly_rankings"} <= built
    assert assets("rank_months") == raw | built
    assert assets("list_due_exports") == {"exports_due"}
    assert assets("publish_edition") == {"edition"}
    assert assets("make_bulletin") == {"bulletin"}
    assert assets("close_month") == raw | built | {"edition", "bulletin"}
    editions = defs.resolve_assets_def("edition").partitions_def
    assert isinstance(editions, dg.MonthlyPartitionsDefinition)
    for job in ("publish_edition", "make_bulletin", "close_month"):
        assert defs.resolve_job_def(job).partitions_def == editions
