"""The registry: what is accepted, how it is normalised, and how each mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import ingest
from ingest.platforms import NAMES_ACCOUNTS
from ingest.reference.errors import InputProblem, InputProblems
from ingest.reference.registry import read_registry
from ingest.schemas import Account, Office

TEMPLATES = Path(ingest.__file__).parent / "templates"
OFFICES = "office_id,name,league,time_zone,valid_from,valid_to"
ACCOUNTS = "account_id,office_id,platform,platform_account_id,handle,name,valid_from,valid_to"
JABAR = "jabar,Kanwil Jawa Barat,kanwil,Asia/Jakarta,2025-01-01,"
JATIM = "jatim,Kanwil Jawa Timur,kanwil,,2025-01-01,"
JABAR_IG = "jabar-ig,jabar,instagram,101,kumjabar,Kum Jabar,2025-01-01,"


def write(folder: Path, offices: str | bytes, accounts: str | bytes) -> Path:
    folder = folder / "registry"
    folder.mkdir()
    for name, content in (("offices.csv", offices), ("accounts.csv", accounts)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems_of(folder: Path) -> list[InputProblem]:
    with pytest.raises(InputProblems) as raised:
        read_registry(folder, NAMES_ACCOUNTS)
    return raised.value.problems


def table(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def test_rows_are_typed_normalised_and_ordered(tmp_path: Path) -> None:
    offices, accounts = read_registry(
        write(
            tmp_path,
            table(OFFICES, JATIM, JABAR),
            table(
                ACCOUNTS,
                "jatim-x, jatim ,x,,@KumJatim,  ,2025-01-01,2025-08-01",
                '"jabar-ig",jabar,instagram,101,KUMJABAR,"Kum, Jabar",2025-01-01,',
            ),
        ),
        NAMES_ACCOUNTS,
    )
    assert Office.is_valid(offices)
    assert Account.is_valid(accounts)
    assert offices["office_id"].to_list() == ["jabar", "jatim"]
    assert offices["time_zone"].to_list() == ["Asia/Jakarta", None]
    assert accounts.rows() == [
        ("jabar-ig", "jabar", "instagram", "101", "kumjabar", "Kum, Jabar", date(2025, 1, 1), None),
        ("jatim-x", "jatim", "x", None, "kumjatim", None, date(2025, 1, 1), date(2025, 8, 1)),
    ]


def test_the_order_of_rows_and_columns_makes_no_difference(tmp_path: Path) -> None:
    moved = "jabar-ig,jatim,instagram,101,kumjabar,,2025-07-01,"
    first = JABAR_IG + "2025-07-01"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    a = read_registry(
        write(tmp_path / "a", table(OFFICES, JABAR, JATIM), table(ACCOUNTS, first, moved)),
        NAMES_ACCOUNTS,
    )
    b = read_registry(
        write(
            tmp_path / "b",
            table(
                "valid_to,Valid_From,NAME,office_id,time_zone,league",
                ",2025-01-01,Kanwil Jawa Timur,jatim,,kanwil",
                ",2025-01-01,Kanwil Jawa Barat,jabar,Asia/Jakarta,kanwil",
            ),
            table(ACCOUNTS, moved, first),
        ),
        NAMES_ACCOUNTS,
    )
    assert a[0].equals(b[0])
    assert a[1].equals(b[1])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + table(OFFICES, JABAR), id="byte order mark"),
        pytest.param(table(OFFICES, JABAR).replace(",", ";"), id="semicolons"),
        pytest.param(table(OFFICES, JABAR).replace("\n", "\r\n"), id="CRLF"),
        pytest.param(table("# a, b", "", OFFICES, "  # c", JABAR, ""), id="comments and blanks"),
        pytest.param(
            table('"# a, ""b""",,,,,,,', OFFICES + ",,", ",,,,,,,", JABAR + ",,"),
            id="saved by a spreadsheet",
        ),
    ],
)
def test_ways_to_write_the_same_file(tmp_path: Path, content: str) -> None:
    offices, _ = read_registry(write(tmp_path, content, table(ACCOUNTS)), NAMES_ACCOUNTS)
    assert offices.rows() == [
        ("jabar", "Kanwil Jawa Barat", "kanwil", "Asia/Jakarta", date(2025, 1, 1), None)
    ]


def test_the_templates_are_an_empty_registry() -> None:
    offices, accounts = read_registry(TEMPLATES / "registry", NAMES_ACCOUNTS)
    assert offices.is_empty()
    assert accounts.is_empty()
    assert Office.is_valid(offices)
    assert Account.is_valid(accounts)


@pytest.mark.parametrize(
    "accounts",
    [
        pytest.param([JABAR_IG, "jabar-yt,jabar,youtube,,,,2025-01-01,"], id="YouTube, unnamed"),
        pytest.param([JABAR_IG, "jabar-ig,jabar,instagram,102,kumjabar,,2025-01-01,"], id="alias"),
        pytest.param(
            [
                JABAR_IG + "2025-07-01",
                "jabar-ig,jatim,instagram,101,kumjatim,,2025-07-01,",
                "other,jabar,instagram,102,kumjabar,,2025-07-01,",
            ],
            id="move, rename and a handle that passes on",
        ),
        pytest.param(
            ["a,jabar,x,101,same,,2025-01-01,", "b,jatim,tiktok,101,same,,2025-01-01,"],
            id="same names on two platforms",
        ),
        pytest.param(["a,jabar,x,101,,,2019-01-01,2030-01-01"], id="longer than its office"),
        pytest.param(
            [
                "a,jabar,x,1,,,2025-01-01,",
                "a,jabar,x,2,,,2025-02-01,2025-03-01",
                "a,jabar,x,3,,,2025-06-01,",
            ],
            id="short span inside an open one",
        ),
    ],
)
def test_registries_that_do_not_contradict_themselves(tmp_path: Path, accounts: list[str]) -> None:
    folder = write(tmp_path, table(OFFICES, JABAR, JATIM), table(ACCOUNTS, *accounts))
    assert read_registry(folder, NAMES_ACCOUNTS)[1].height == len(accounts)


def ig(**changes: str) -> str:
    """A sound row of accounts.csv but for the changes."""
    cells = dict(zip(ACCOUNTS.split(","), JABAR_IG.split(","), strict=True)) | changes
    return ",".join(cells.values())


def office(**changes: str) -> str:
    cells = dict(zip(OFFICES.split(","), JABAR.split(","), strict=True)) | changes
    return ",".join(cells.values())


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([office(name="")], 3, ["name is blank"]),
        ([office(valid_from="01/07/2025")], 3, ["valid_from '01/07/2025'", "YYYY-MM-DD"]),
        ([office(valid_from="20250701")], 3, ["valid_from '20250701'", "YYYY-MM-DD"]),
        ([office(valid_to="2025-02-30")], 3, ["valid_to '2025-02-30'", "YYYY-MM-DD"]),
        ([office(valid_to="2025-01-01")], 3, ["2025-01-01 is not after valid_from"]),
        ([office(time_zone="Asia/Jakata")], 3, ["time_zone 'Asia/Jakata' is unknown"]),
        ([office(time_zone="localtime")], 3, ["time_zone 'localtime' is unknown"]),
        ([office(office_id="ja\u200bbar")], 3, [r"office_id 'ja\u200bbar'", "invisible"]),
        ([office(), office()], 4, ["repeats line 3"]),
        (
            [office(), office(name="B", valid_from="2025-06-30")],
            4,
            [
                "'jabar' overlaps itself",
                "line 3 (2025-01-01 to open)",
                "line 4 (2025-06-30 to open)",
            ],
        ),
        (
            [office(valid_from="2025-08-01"), office(valid_to="2025-07-31")],
            3,
            [
                "'jabar' has a gap",
                "line 4 (2025-01-01 to 2025-07-31)",
                "line 3 (2025-08-01 to open)",
            ],
        ),
        (["jabar,Kanwil"], 3, ["can't be split into 6 values", "','"]),
        ([JABAR + ",x"], 3, ["can't be split into 6 values"]),
        (['jabar,"Kanwil,kanwil,,2025-01-01,'], 3, ["can't be split", "quotes"]),
    ],
)
def test_mistakes_in_offices(tmp_path: Path, rows: list[str], line: int, words: list[str]) -> None:
    (problem,) = problems_of(write(tmp_path, table("# x", OFFICES, *rows), table(ACCOUNTS)))
    assert (problem.file, problem.line) == ("registry/offices.csv", line)
    assert str(problem).startswith(f"registry/offices.csv line {line}: ")
    assert [word for word in words if word not in str(problem)] == []


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([ig(account_id="")], 3, ["account_id is blank"]),
        ([ig(platform="")], 3, ["platform is blank"]),
        ([ig(platform="threads")], 3, ["platform 'threads' is unknown", ", ".join(NAMES_ACCOUNTS)]),
        ([ig(office_id="jabr")], 3, ["office_id 'jabr' is unknown", "registry/offices.csv"]),
        ([ig(platform_account_id="", handle="@")], 3, ["handle and platform_account_id are both"]),
        ([ig(platform_account_id="1.78414E+16")], 3, ["'1.78414E+16' lost digits", "as text"]),
        ([ig(platform_account_id="17841400.0")], 3, ["'17841400.0' lost digits", "as text"]),
        ([ig(platform_account_id="10\u00a01")], 3, [r"platform_account_id '10\xa01'", "invisible"]),
        ([ig(), ig(handle="@KumJabar")], 4, ["repeats line 3"]),
        (
            [ig(), ig(platform="x", handle="other")],
            4,
            ["account_id 'jabar-ig' has two platforms", "'instagram' on line 3", "'x' on line 4"],
        ),
        (
            [ig(valid_to="2025-07-02"), ig(office_id="jatim", valid_from="2025-07-01")],
            4,
            ["'jabar-ig' has two office_ids on one date", "'jabar' on line 3", "'jatim' on line 4"],
        ),
        (
            [ig(valid_to="2025-06-30"), ig(valid_from="2025-07-01")],
            4,
            ["'jabar-ig' has a gap", "line 3 (2025-01-01 to 2025-06-30)", "line 4 (2025-07-01"],
        ),
        (
            [ig(valid_to="2025-07-01"), ig(account_id="b", valid_from="2025-07-01")],
            4,
            ["platform_account_id '101' has two account_ids", "on line 3", "'b' on line 4"],
        ),
        (
            [ig(), ig(account_id="b", platform_account_id="102", handle="KUMJABAR")],
            4,
            ["handle 'kumjabar' has two account_ids on one date", "on line 3", "'b' on line 4"],
        ),
        (["jabar-ig,jabar,instagram"], 3, ["can't be split into 8 values"]),
    ],
)
def test_mistakes_in_accounts(tmp_path: Path, rows: list[str], line: int, words: list[str]) -> None:
    offices = table(OFFICES, JABAR, JATIM)
    (problem,) = problems_of(write(tmp_path, offices, table("", ACCOUNTS, *rows)))
    assert (problem.file, problem.line) == ("registry/accounts.csv", line)
    assert [word for word in words if word not in str(problem)] == []


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", None, ["there is no header", OFFICES]),
        (table("#", OFFICES.replace("league,", "")), 2, ["column 'league' is missing", OFFICES]),
        (table(OFFICES + ",note"), 1, ["column 'note' is unknown", OFFICES]),
        (table(OFFICES + ",Name"), 1, ["column 'name' stands twice", OFFICES]),
        (table(OFFICES, JABAR).encode() + b"jatim,\xe9,", 3, ["UTF-8"]),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, content: str | bytes, line: int | None, words: list[str]
) -> None:
    # What only follows is not told: the account's office can't be looked up.
    (problem,) = problems_of(write(tmp_path, content, table(ACCOUNTS, JABAR_IG)))
    assert (problem.file, problem.line) == ("registry/offices.csv", line)
    assert [word for word in words if word not in str(problem)] == []


def test_missing_files(tmp_path: Path) -> None:
    assert [str(problem) for problem in problems_of(tmp_path / "registry")] == [
        f"registry/{name}: there is no such file — `kurasi init` writes a template"
        for name in ("accounts.csv", "offices.csv")
    ]


def test_all_mistakes_are_told_at_once_one_line_each(tmp_path: Path) -> None:
    offices = table(OFFICES, office(valid_from="1 July"), JATIM + "x,")
    accounts = table(ACCOUNTS, ig(platform="threads", valid_to="soon"), ig(account_id=""))
    with pytest.raises(InputProblems) as raised:
        read_registry(write(tmp_path, offices, accounts), NAMES_ACCOUNTS)
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == [
        "registry/accounts.csv line 2",
        "registry/accounts.csv line 2",
        "registry/accounts.csv line 3",
        "registry/offices.csv line 2",
        "registry/offices.csv line 3",
    ]
