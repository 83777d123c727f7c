"""What the models say of themselves reaches readers: in two languages, groups, pages."""

from __future__ import annotations

import base64
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration import documentation
from orchestration.publication import dictionary
from orchestration.publication.finished_state import EVIDENCE
from orchestration.publication.month import TABLES
from orchestration.publication.reports import REPORTS
from tests import worlds
from tests.lakes import account, day, delivery, lake, office, record, utc
from tests.models import Models, run_dbt
from tests.reference import Lake

EMPTY = Lake([], [], [], [], [])
#: Pages may name addresses in text, but fetch nothing: no script, style, font or frame from afar.
FETCHES = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?https?:", re.IGNORECASE)


@pytest.mark.parametrize("language", dictionary.LANGUAGES)
def test_the_data_dictionary_is_up_to_date(language: str) -> None:
    written = dictionary.path(language).read_text("utf-8")
    assert written == dictionary.page(language), "run: make dictionary"


def test_every_table_and_column_for_readers_has_a_meaning_in_both_languages() -> None:
    blocks = dictionary.blocks()
    for name, model in dictionary.tables().items():
        assert dictionary.indonesian(name), name
        for column in model["columns"]:
            assert blocks[column["name"]] != dictionary.indonesian(column["name"]) != ""
    rows = dictionary.page("id").count("\n| `")
    assert rows == dictionary.page("en").count("\n| `") > 250
    assert {name.removesuffix("__id") for name in blocks if name.endswith("__id")} == {
        *dictionary.tables(),
        *(column["name"] for model in dictionary.tables().values() for column in model["columns"]),
    }


def test_groups_and_access_follow_the_layers(models: Models) -> None:
    groups = {"staging": "preparation", "intermediate": "preparation"}
    groups |= {"marts": "star", "ranking": "rankings", "reports": "reports"}
    children = models.manifest["child_map"]
    nodes = models.nodes("model")
    for key, node in nodes.items():
        assert node["group"] == groups[node["fqn"][1]], node["name"]
        is_for_readers = node["fqn"][1] in ("marts", "ranking", "reports")
        leaves_group = any(nodes[c]["group"] != node["group"] for c in children[key] if c in nodes)
        if is_for_readers:
            assert node["access"] == "public", node["name"]
        elif leaves_group:
            assert node["access"] == "protected", node["name"]
    assert {node["access"] for node in nodes.values()} == {"private", "protected", "public"}


def test_exposures_name_what_an_edition_is_made_of(models: Models) -> None:
    exposures = {e["name"]: e for e in models.manifest["exposures"].values()}
    assert set(exposures) == {"edition", "bulletin", "bi"}
    read = {
        name: {key.split(".")[-1] for key in e["depends_on"]["nodes"]}
        for name, e in exposures.items()
    }
    assert read["edition"] == {*TABLES, *EVIDENCE}
    assert read["bulletin"] < read["edition"]
    assert read["bi"] == REPORTS.keys()


def test_the_ledger_tells_how_fresh_the_exports_are(models: Models, tmp_path: Path) -> None:
    # A ledger without any row is as stale as can be.
    worlds.write_lake(EMPTY, models.home / "lake")
    with pytest.raises(Exception, match="returned non-zero exit status 1"):
        run_dbt(models.home, "source", "freshness")
    told = json.loads((models.home / "target" / "sources.json").read_text())
    assert [r["unique_id"] for r in told["results"]] == ["source.kurasi.lake.deliveries"]
    assert told["results"][0]["criteria"]["warn_after"] == {"count": 3, "period": "day"}


def test_the_wide_table_says_what_the_star_says_and_nothing_captured_too_late(
    models: Models,
) -> None:
    lake_ = lake(
        delivery("2025-07-11 06:00", record(likes=5, at="2025-07-10 17:30")),
        delivery("2025-07-12", record(likes=7, at="2025-07-10 17:30"), record("P2", 3)),
        delivery("2025-09-30", record(likes=90, at="2025-07-10 17:30")),
        offices=[office(name="Kanwil Satu")],
        accounts=[
            account(handle="old", valid_to=day("2025-07-05")),
            account(handle="new", valid_from=day("2025-07-05")),
        ],
    )
    with models.build(lake_) as warehouse:
        same = ("post_month_id", "office_id", "league", "is_counted", "reason", "value", "grade")
        columns = ", ".join(same)
        wide = warehouse.execute(f"select {columns} from obt_post_month order by all").fetchall()
        fact = warehouse.execute(f"select {columns} from fct_post_month order by all").fetchall()
        assert wide == fact
        assert len(wide) == 2
        row = warehouse.execute(
            "select office_name, handle, platform_name, local_date, local_hour, weekday_number, "
            "is_official, like_count, counted_at, timely_observation_count "
            "from obt_post_month where post_id = 'P1' and policy_id = 'kemenkum-2025-07'"
        ).fetchone()
    # Half past midnight of a Friday in Jakarta; the capture of September is after the cut-off.
    assert row == (
        "Kanwil Satu",
        "new",
        "Instagram",
        day("2025-07-11"),
        0,
        5,
        True,
        7,
        utc("2025-07-12"),
        2,
    )


def test_docs_are_two_pages_that_open_from_the_disk(tmp_path: Path) -> None:
    models, lineage = documentation.build(tmp_path)
    for page in (models, lineage):
        text = page.read_text("utf-8")
        assert not FETCHES.search(text)
        assert str(tmp_path) not in text
    assert "obt_post_month" in models.read_text("utf-8")
    found = re.search(r'JSON.parse\(atob\("([^"]+)"', lineage.read_text("utf-8"))
    assert found
    edges = {
        (
            e["source"].split(".")[-1],
            e["sourceColumn"],
            e["target"].split(".")[-1],
            e["targetColumn"],
        )
        for e in json.loads(base64.b64decode(found[1]))["lineage"]["edges"]
        if "sourceColumn" in e
    }
    # From a cell of an export to a score, and through a union.
    path = [("posts", "like_count"), ("stg_posts", "like_count"), ("int_records", "like_count")]
    assert {(*a, *b) for a, b in pairwise(path)} <= edges
    assert ("fct_account_month", "value", "fct_office_month", "score") in edges
