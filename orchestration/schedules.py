"""When things run: the jobs, the sensor on the inbox, the schedules of the month.

What belongs here: deciding that something is due. What does not: doing it (`assets/`). All are
stopped until somebody starts them in the interface.

Schedules run in the time zone of the policy in force when the definitions are made; a policy with
another zone needs a reload of the code location.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg

from ingest import inbox
from ingest.home import Home
from ingest.platforms import KEYS
from orchestration.assets.raw import RAW
from orchestration.months import cut_off, lacks, month_before
from orchestration.publication import editions, finished_state
from orchestration.resources import HomeResource
from orchestration.shipped import dbt_sources

#: Marks a run by the rules that held when it was asked for.
_RULES = "kurasi/rules"
_EDITION = dg.AssetSelection.assets("edition")
_BULLETIN = dg.AssetSelection.assets("bulletin")
#: All models, also those that no ranking stands on: tests compare them with one another.
_WAREHOUSE = dg.AssetSelection.all() - RAW - _EDITION - _BULLETIN

#: What is due, and how old the captures are; both can be looked at without a build.
_DUE = dg.AssetSelection.assets("exports_due") | dg.AssetSelection.checks(
    *(
        dg.AssetCheckKey(dg.AssetKey(["raw", name]), "captures_are_recent")
        for name in (*KEYS, "deliveries")
    )
)

ingest_exports = dg.define_asset_job(
    "ingest_exports",
    RAW,
    description="Bring what is new in the inbox, the registry and the policies into the lake.",
)
build_warehouse = dg.define_asset_job(
    "build_warehouse",
    _WAREHOUSE,
    description="Build, test and check all models on the lake as it is, and turn readers to them.",
)
rank_months = dg.define_asset_job(
    "rank_months",
    RAW | _WAREHOUSE,
    description="Ingest what is new, build and rank every month: what `kurasi run` does.",
)
publish_edition = dg.define_asset_job(
    "publish_edition",
    _EDITION,
    description="Publish months as the last finished state has them; a range of months is one run.",
)
make_bulletin = dg.define_asset_job(
    "make_bulletin",
    _BULLETIN,
    description="Make the bulletin, cards and pictures of the newest edition of a month anew.",
)
close_month = dg.define_asset_job(
    "close_month",
    RAW | _WAREHOUSE | _EDITION | _BULLETIN,
    description="Ingest what is new, build, rank, publish the month and make its bulletin; the "
    "schedules run this.",
)


list_due_exports = dg.define_asset_job(
    "list_due_exports",
    dg.AssetSelection.assets("exports_due") | _DUE,
    description="List which account must be exported by when, and look how old the newest captures "
    "are, whether or not anything came.",
)


@dg.sensor(
    job=rank_months,
    minimum_interval_seconds=60,
    description="Runs when files of the inbox, the registry or the policies are new or changed and "
    "have not changed from one look to the next.",
)
def watch_inbox(
    context: dg.SensorEvaluationContext, home: HomeResource
) -> dg.SensorResult | dg.SkipReason:
    """Looks at names, sizes and times; reads only what ingest has not seen.

    The run's key is a hash of what is new, so one arrival gives one run. Files that `kurasi run`
    brought in meanwhile are no longer new.
    """
    arrived = inbox.arrivals(home.home)
    rules = _rules(home.home)
    last = json.loads(context.cursor) if context.cursor else {}
    if not arrived and rules == last.get("rules"):
        return dg.SkipReason("nothing new")
    # A file that is still being written changes its size or its time from one look to the next.
    look = hashlib.sha256(json.dumps([rules, *sorted(arrived.values())]).encode()).hexdigest()
    if look != last.get("look"):
        context.update_cursor(json.dumps({**last, "look": look}))
        return dg.SkipReason(f"{len(arrived)} files are new; waiting until they no longer change")
    key = hashlib.sha256(f"{rules}{_hash(sorted(arrived))}".encode()).hexdigest()[:16]
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=key, tags={"new_files": str(len(arrived))})],
        cursor=json.dumps({"look": look, "rules": rules}),
    )


def _rules(home: Home) -> str:
    """A hash of the registry and the policies as they are written."""
    return _hash(sorted([*home.registry.glob("*"), *home.policies.glob("*")]))


def _hash(paths: list[Path]) -> str:
    """A hash of names and contents; what is no file, or went away meanwhile, is not there."""
    digest = hashlib.sha256()
    for path in paths:
        if not path.is_file():  # a pipe would wait for ever
            continue
        try:
            digest.update(f"{path}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        except OSError:
            continue
    return digest.hexdigest()


def _close(month: date, home: Home, *, final: bool) -> dg.RunRequest:
    kind = "final" if final else "provisional"
    return dg.RunRequest(
        run_key=f"{month:%Y-%m}-{kind}",
        partition_key=f"{month:%Y-%m}",
        run_config={"ops": {"edition": {"config": {"final": final}}}},
        tags={"edition": kind, _RULES: _rules(home)},
    )


def due_schedule(zone: str) -> dg.ScheduleDefinition:
    """The schedule `list_due_exports_daily` in a time zone."""
    return dg.ScheduleDefinition(
        name="list_due_exports_daily",
        job=list_due_exports,
        cron_schedule="0 8 * * *",
        execution_timezone=zone,
        description="Every morning at eight: which account must be exported by when.",
    )


def provisional_schedule(zone: str) -> dg.ScheduleDefinition:
    """The schedule `publish_provisional` in a time zone."""

    @dg.schedule(
        name="publish_provisional",
        job=close_month,
        cron_schedule="0 6 1 * *",
        execution_timezone=zone,
        description="On the 1st at six in the morning: the provisional edition of the month "
        "before.",
    )
    def schedule(context: dg.ScheduleEvaluationContext, home: HomeResource) -> dg.RunRequest:
        """The month before the one in which the tick lies, in the policy's zone."""
        today = context.scheduled_execution_time.astimezone(ZoneInfo(zone)).date()
        return _close(month_before(today), home.home, final=False)

    return schedule


def final_schedule(zone: str) -> dg.ScheduleDefinition:
    """The schedule `publish_final` in a time zone."""

    @dg.schedule(
        name="publish_final",
        job=close_month,
        cron_schedule="0 7 * * *",
        execution_timezone=zone,
        description="Every morning: the final edition of the newest month whose cut-off has "
        "passed, and of earlier ones that are still provisional, until each is published. A month "
        "that lacks exports or evidence is refused once, and asked for again when something new "
        "can change that.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext, home: HomeResource
    ) -> list[dg.RunRequest] | dg.SkipReason:
        """Final under the policy in force in the month; never despite what a month lacks."""
        now = context.scheduled_execution_time.astimezone(UTC).replace(tzinfo=None)
        return _close_what_is_due(home.home, now, context.instance)

    return schedule


def _close_what_is_due(
    home: Home, now: datetime, instance: dg.DagsterInstance
) -> list[dg.RunRequest] | dg.SkipReason:
    due, waiting = [], []
    for place, month in enumerate(cut_off(home, now)):
        published = editions.editions(home, f"{month:%Y-%m}")
        if any(each.is_settled for each in published):
            if place == 0:
                waiting.append(f"{published[-1].edition_id} is published")
        elif place and not published:  # from before anybody published in this home
            continue
        elif lack := _still_lacks(instance, home, month):
            waiting.append(f"{month:%Y-%m} was refused and nothing new has come since: {lack}")
        else:
            due.append(_close(month, home, final=True))
    nothing = "no month's cut-off has passed under a policy in force"
    return due or dg.SkipReason("; ".join(waiting) or nothing)


def _still_lacks(instance: dg.DagsterInstance, home: Home, month: date) -> str | None:
    """What a month lacks, where its final edition was asked for and would be refused again."""
    asked = {
        "dagster/partition": f"{month:%Y-%m}",
        "edition": "final",
        _RULES: _rules(home),
    }
    refused = dg.RunsFilter(
        job_name=close_month.name, statuses=[dg.DagsterRunStatus.FAILURE], tags=asked
    )
    lack = lacks(home, month)
    if not lack or not instance.get_runs(refused, limit=1):
        return None
    is_news = inbox.arrivals(home) or (
        finished_state.fingerprint(home, dbt_sources()) != finished_state.built_from(home)
    )
    return None if is_news else lack


JOBS = [
    ingest_exports,
    build_warehouse,
    rank_months,
    list_due_exports,
    publish_edition,
    make_bulletin,
    close_month,
]
