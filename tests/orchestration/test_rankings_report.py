"""What Dagster shows beside the rankings."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ingest.home import Home
from orchestration.assets.rankings_report import page, top_tens
from orchestration.publication import finished_state
from tests.lakes import delivery, lake, office, offices, policy, record, utc
from tests.models import Models
from tests.orchestration.test_checks import built
from tests.reference import Row

LONG = "Kantor Wilayah Kementerian Hukum <Bali> | Nusa & Tenggara"


def whole(captured_at: str, account_id: str, office_id: str) -> tuple[Row, list[Row]]:
    """An export of two months that shows that an account has no further posts."""
    captured = utc(captured_at)
    return delivery(
        captured_at,
        account_id=account_id,
        office_id=office_id,
        covers_from=captured.date() - timedelta(days=62),
        covers_to=captured.date(),
    )


@pytest.fixture
def home(models: Models, tmp_path: Path) -> Home:
    """Two months: in July O1 leads O2 and O3 has nothing; in August O3 leads and O1 follows.

    Of O2 exports are missing.
    """
    july, august = "2025-07-10 00:00", "2025-08-10 00:00"
    posts = [
        record("P1", 9, july, platform_account_id="A1"),
        record("P2", 4, july, platform_account_id="A2"),
        record("P3", 5, august, platform_account_id="A1"),
        record("P4", 8, august, platform_account_id="A3"),
    ]
    world = lake(
        delivery("2025-07-11 00:00", *posts[:2]),
        delivery("2025-08-11 00:00", *posts[2:]),
        whole("2025-08-02 00:00", "A1", "O1"),
        whole("2025-08-02 00:00", "A3", "O3"),
        whole("2025-09-02 00:00", "A1", "O1"),
        whole("2025-09-02 00:00", "A3", "O3"),
        offices=[office("O1", name=LONG), office("O2"), office("O3")],
        accounts=offices(3)["accounts"],
        policies=[policy(late_limit_hours=None)],
    )
    home = built(models, world, tmp_path)
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    return home


def test_the_first_ten_say_likely_first_what_is_missing_and_what_moved(home: Home) -> None:
    month, _, header, _, *popular = top_tens(home)["top_ten_popular_kanwil"].splitlines()
    assert month == "2025-08 · not published · 66 % covered"
    assert header == "|rank|likely|possible|moved|office|score|"
    # O2 may have more than is known, so it may stand above the others and only seems to have moved.
    assert popular == [
        "|1|1|1 to 2|▲ 2|O3|8|",
        "|2|2|2 to 3|▼ 1|Kanwil \\<Bali\\> \\| Nusa & Tenggara|5|",
        "|3|3|1 to 3||O2\\*|0|",
    ]
    # Longer text is hidden behind a link.
    assert all(len(text) < 1000 for text in top_tens(home).values())


def test_the_chart_is_a_picture_of_the_scores(home: Home) -> None:
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page(home))
    assert len(pictures) == 2  # both categories of the one league
    popular = ElementTree.fromstring(base64.b64decode(pictures[1]))
    space = "{http://www.w3.org/2000/svg}"
    texts = [text.text for text in popular.findall(f"{space}text")]
    assert texts == ["O3", "8", "Kanwil <Bali> | Nusa & Tenggara", "5", "O2*", "0"]
    widths = [float(bar.attrib["width"]) for bar in popular.findall(f"{space}rect")[1:]]
    assert widths[1] / widths[0] == pytest.approx(5 / 8, abs=0.01) and widths[2] == 0


def test_the_page_tells_month_state_and_coverage_and_what_its_words_mean(home: Home) -> None:
    told = page(home)
    assert told.startswith("# 2025-08 · not published\n")
    assert "complete exports of 2 of 3 accounts (66 %)" in told
    assert "| 3 | 3 | 1 to 3 |  | O2 \\* | 0 | 0 |" in told
    for word in ("likely", "possible", "\\*", "moved", "evidence"):
        assert "**" + word + "**: " in told


def test_an_empty_home_says_so(models: Models, tmp_path: Path) -> None:
    home = built(models, lake(), tmp_path)
    finished_state.keep(home, home.warehouse / "kurasi.duckdb", "state")
    assert "No month is ranked yet" in page(home)
    assert top_tens(home) == {}
