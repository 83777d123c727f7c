"""`registry/campaigns.csv`: what is accepted, how it is normalised, how each mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import ingest
from ingest.home import Home
from ingest.platforms import NAMES_ACCOUNTS
from ingest.reference.campaigns import read_campaigns
from ingest.reference.errors import InputProblems
from ingest.reference.load import ingest_registry
from ingest.schemas import Campaign
from ingest.storage import read_table

HEADER = "campaign_id,hashtag,keyword,valid_from,valid_to,leagues,platforms"
LEAGUES = ("kanwil", "unit_utama")
OFFICES = "office_id,name,league,time_zone,valid_from,valid_to\na,Kantor A,kanwil,,2025-01-01,\n"
ACCOUNTS = "account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to\n"


def write(folder: Path, *lines: str) -> Path:
    (folder / "campaigns.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_rows_are_typed_normalised_and_ordered(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        HEADER.replace(",", ";"),
        "b;LayananHukum;;2025-07-01;;;",
        "# c;#Lain;;2025-07-01;;;",
        "a;＃Pe\u0301ngayoman_80;Pos   Bantuan Hukum;2025-07-01;2025-08-01;kanwil  unit_utama;x",
    )
    campaigns = read_campaigns(folder, NAMES_ACCOUNTS, LEAGUES)
    assert Campaign.is_valid(campaigns)
    july, august = date(2025, 7, 1), date(2025, 8, 1)
    wanted = "#Péngayoman_80", "Pos Bantuan Hukum"
    assert campaigns.rows() == [
        ("a", *wanted, july, august, ["kanwil", "unit_utama"], ["x"]),
        ("b", "#LayananHukum", None, july, None, None, None),
    ]


def test_a_home_without_the_file_has_no_campaigns_and_each_version_of_it_is_kept(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    home.registry.mkdir()
    (home.registry / "offices.csv").write_text(OFFICES)
    (home.registry / "accounts.csv").write_text(ACCOUNTS)
    assert ingest_registry(home, NAMES_ACCOUNTS) == {"offices": 1, "accounts": 0, "campaigns": 0}
    write(home.registry, HEADER, "a,#Satu,,2025-07-01,,,")
    first = (home.registry / "campaigns.csv").read_bytes()
    assert ingest_registry(home, NAMES_ACCOUNTS)["campaigns"] == 1
    write(home.registry, HEADER, "a,#Dua,,2025-07-01,,,")
    ingest_registry(home, NAMES_ACCOUNTS)
    assert read_table(home.table("campaigns"), Campaign)["hashtag"].to_list() == ["#Dua"]
    assert first in {path.read_bytes() for path in home.archive.rglob("*") if path.is_file()}


def test_the_template_asks_for_nothing(tmp_path: Path) -> None:
    templates = Path(ingest.__file__).parent / "templates" / "registry"
    assert read_campaigns(templates, NAMES_ACCOUNTS, ()).height == 0


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a,,,2025-07-01,,,", "hashtag and keyword are both blank — fill in at least one"),
        ("a,#Kementerian Hukum,,2025-07-01,,,", "hashtag '#Kementerian Hukum' is none — write one"),
        ("a,#2025,,2025-07-01,,,", "hashtag '#2025' is none — write one word of letters, digits"),
        ("a,,#Posbankum,2025-07-01,,,", "keyword '#Posbankum' is not made of words — write words"),
        ("a,#Satu,,2025-07-01,,Kanwil,", "leagues names 'Kanwil', which is unknown — use some of"),
        ("a,#Satu,,2025-07-01,,,ig x", "platforms names 'ig', which is unknown — use some of"),
        ("a,#Satu,,1 July,,,", "valid_from '1 July' is not a date — write it as YYYY-MM-DD"),
        ("a,#Satu,,2025-07-01,2025-07-01,,", "valid_to 2025-07-01 is not after valid_from"),
        ("b,#Satu,,2025-07-01,,,", "campaign_id 'b' stands on line 2 too — give each row a code"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, row: str, told: str
) -> None:
    folder = tmp_path / "registry"
    folder.mkdir()
    with pytest.raises(InputProblems) as raised:
        read_campaigns(write(folder, HEADER, "b,#Dua,,2025-07-01,,,", row), NAMES_ACCOUNTS, LEAGUES)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"registry/campaigns.csv line 3: {told}")


def test_rows_that_would_be_comments_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path, "hashtag,campaign_id,keyword,valid_from,valid_to,leagues,platforms")
    with pytest.raises(InputProblems, match="'hashtag' is the first"):
        read_campaigns(folder, NAMES_ACCOUNTS, LEAGUES)
