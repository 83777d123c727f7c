"""Who rewrites a part of an edition, with all hash lists, is found by what the other parts say.

The forger here reseals everything: the evidence's hash list, the manifest and `run.json`. What is
found by no file of the edition alone is told in docs/trust.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from ingest.home import Home
from orchestration.publication import verify
from orchestration.publication.formats import csv_bytes, json_bytes
from orchestration.publication.manifest import UNFORESEEN, content_hash
from orchestration.publication.publish import Edition, Request, publish
from tests.copies import writable_copy
from tests.publication.conftest import AUGUST

Forgery = Callable[[Path], None]


def failed(folder: Path) -> dict[str, str]:
    return {check["check"]: check["detail"] for check in verify.verify(folder) if not check["ok"]}


@pytest.fixture(scope="module")
def revised(pristine: Home, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A revision of a final edition: it has a reason, a predecessor and a difference."""
    root = tmp_path_factory.mktemp("revised") / "home"
    shutil.copytree(pristine.root, root)
    home = Home(root)
    despite = Request(final=True, despite=True, reason="The month is over.")
    publish(home, AUGUST, despite, "one")
    office = home.warehouse / "current" / "dim_office.parquet"
    names = pl.read_parquet(office)
    names.with_columns(office_name=pl.col("office_name") + " ").write_parquet(office)
    wide = home.warehouse / "current" / "obt_post_month.parquet"
    rows = pl.read_parquet(wide)
    rows.with_columns(office_name=pl.col("office_name") + " ").write_parquet(wide)
    made, is_new = publish(home, AUGUST, Request(reason="An office is called otherwise."), "two")
    assert is_new
    return made


@pytest.fixture
def copy(revised: Edition, tmp_path: Path) -> Path:
    """The revision beside its predecessor, as in a home."""
    return writable_copy(revised.path.parent, tmp_path / "2025-08") / revised.edition_id


def reseal(folder: Path) -> None:
    """Rewrite every list of hashes, as a forger with the operator's rights does."""
    evidence = folder / "evidence"
    paths = sorted(path for path in evidence.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{_sha256(path.read_bytes())}  {path.name}\n" for path in paths]
    (evidence / "SHA256SUMS").write_text("".join(lines))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    there = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    apart = {"manifest.json", "run.json", *UNFORESEEN}
    manifest["files"] = {path: _entry(folder / path) for path in there if path not in apart}
    rows = {
        path: (folder / path).read_bytes()
        for path in manifest["files"]
        if path.startswith(("tables/", "evidence/"))
    }
    manifest["content_sha256"] = content_hash(rows)
    (folder / "manifest.json").write_bytes(json_bytes(manifest))
    run = json.loads((folder / "run.json").read_bytes())
    run["manifest_sha256"] = _sha256((folder / "manifest.json").read_bytes())
    run["edition_id"] = manifest["edition_id"]
    run["files"] = {name: _entry(folder / name) for name in run["files"]}
    del run["sha256"]
    (folder / "run.json").write_bytes(json_bytes({**run, "sha256": _sha256(json_bytes(run))}))


def _entry(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": _sha256(content)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# What a forger changes


def told(key: str, value: object) -> Forgery:
    """A key of the manifest."""

    def forge(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_bytes())
        assert manifest[key] != value
        path.write_bytes(json_bytes({**manifest, key: value}))

    return forge


def replaced(name: str, before: str, after: str) -> Forgery:
    """A text in a file."""

    def forge(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8", newline="")

    return forge


def put_table(folder: Path, table: str, forged: pl.DataFrame) -> None:
    """Write a table anew, alike in CSV, Parquet and DuckDB."""
    path = folder / "tables" / f"{table}.parquet"
    forged.write_parquet(path)
    path.with_suffix(".csv").write_bytes(csv_bytes(forged))
    with duckdb.connect(folder / "kurasi.duckdb") as engine:
        engine.register("forged", forged.to_arrow())
        engine.execute(f"delete from {table}")
        engine.execute(f"insert into {table} from forged")


def in_table(table: str, column: str, change: Callable[[Any], Any]) -> Forgery:
    """A cell of a table, alike in CSV, Parquet and DuckDB."""

    def forge(folder: Path) -> None:
        rows = pl.read_parquet(folder / "tables" / f"{table}.parquet")
        at = next(n for n, value in enumerate(rows[column]) if change(value) != value)
        values = rows[column].to_list()
        values[at] = change(values[at])
        forged = rows.with_columns(pl.Series(column, values, dtype=rows.schema[column]))
        put_table(folder, table, forged)

    return forge


def more(value: Any) -> Any:
    return None if value is None else value + 1


def put(text: str) -> Callable[[Any], Any]:
    return lambda value: text


def a_row_less(table: str) -> Forgery:
    def forge(folder: Path) -> None:
        rows = pl.read_parquet(folder / "tables" / f"{table}.parquet")
        put_table(folder, table, rows[:-1])

    return forge


def a_flag(folder: Path) -> None:
    rows = pl.read_parquet(folder / "tables" / "fct_flag.parquet")
    post = pl.read_parquet(folder / "tables" / "dim_post.parquet")["post_key"][0]
    flag = {"flag": "post_vanished", "post_key": post, "observation_id": None, "detail": "gone"}
    forged = pl.concat([rows, pl.DataFrame([flag], schema=rows.schema)])
    put_table(folder, "fct_flag", forged)


def in_people(name: str, column: int, value: str) -> Forgery:
    """A cell of the first row of a file for people."""

    def forge(folder: Path) -> None:
        path = folder / "people" / name
        told = io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")
        rows = list(csv.reader(told, delimiter=";"))
        assert rows[1][column] != value
        rows[1][column] = value
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
        path.write_bytes(text.getvalue().encode("utf-8-sig"))

    return forge


def in_workbook(sheet: str, place: str, value: object, name: str = "bulletin.xlsx") -> Forgery:
    """A cell of the workbook, which is saved anew by another program."""

    def forge(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / name)
        assert book[sheet][place].value != value
        book[sheet][place] = value
        book.save(folder / name)

    return forge


def another_sheet(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "bulletin.xlsx")
    book.create_sheet("Catatan")["A1"] = "Kanwil Bali didiskualifikasi."
    book.save(folder / "bulletin.xlsx")


def beside_the_cells(folder: Path) -> None:
    """What no cell holds, such as a hidden sheet's name or a comment."""
    book = openpyxl.load_workbook(folder / "bulletin.xlsx")
    book["Ringkasan"]["A1"].comment = openpyxl.comments.Comment("Juara: Bali", "x")
    book.save(folder / "bulletin.xlsx")


def in_difference(change: Callable[[dict[str, Any]], object]) -> Forgery:
    def forge(folder: Path) -> None:
        path = folder / "difference.json"
        moved = json.loads(path.read_bytes())
        change(moved)
        path.write_bytes(json_bytes(moved))

    return forge


def another_file(folder: Path) -> None:
    (folder / "people" / "juara.csv").write_text("Peringkat,Kantor\n1,Bali\n")


def a_file_less(folder: Path) -> None:
    (folder / "people" / "cakupan.csv").unlink()


def a_view(folder: Path) -> None:
    with duckdb.connect(folder / "kurasi.duckdb") as engine:
        engine.execute("create view juara as select * from rank_monthly where rank = 2")


def a_comment(folder: Path) -> None:
    with duckdb.connect(folder / "kurasi.duckdb") as engine:
        engine.execute("comment on table rank_monthly is 'The second rank is the best.'")


def another_policy_file(folder: Path) -> None:
    """The file says 48 hours, and the rankings name its hash."""
    path = next((folder / "evidence").glob("policy.kemenkum*.yml"))
    before = _sha256(path.read_bytes())
    text = path.read_text()
    assert "window_hours: 24" in text
    path.write_text(text.replace("window_hours: 24", "window_hours: 48"))
    after = _sha256(path.read_bytes())
    for each in [*folder.rglob("*.csv"), *folder.rglob("*.json")]:
        each.write_bytes(each.read_bytes().replace(before.encode(), after.encode()))
    for each in folder.glob("tables/*.parquet"):
        table = pl.read_parquet(each)
        if "policy_sha256" in table.columns:
            forged = table.with_columns(pl.col("policy_sha256").str.replace(before, after))
            forged.write_parquet(each)
            with duckdb.connect(folder / "kurasi.duckdb") as engine:
                engine.register("forged", forged.to_arrow())
                engine.execute(f"delete from {each.stem}")
                engine.execute(f"insert into {each.stem} from forged")


def of_format(version: int) -> Forgery:
    """As if the edition were of a version that could not be held to so much."""

    def forge(folder: Path) -> None:
        told("edition_format", version)(folder)
        in_people("peringkat.csv", 9, "99")(folder)

    return forge


def in_bulletin(name: str, change: Callable[[dict[str, Any]], object]) -> Forgery:
    def forge(folder: Path) -> None:
        document = json.loads((folder / name).read_bytes())
        change(document)
        (folder / name).write_bytes(json_bytes(document))

    return forge


def first_row(document: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = document["leagues"][0]["rankings"][0]["rows"][0]
    return row


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "a rank for people": (in_people("peringkat.csv", 9, "99"), "words"),
    "an office for people": (in_people("unggahan.csv", 1, "Kanwil Bali"), "words"),
    "a reason for people": (in_people("unggahan.csv", 8, "balasan"), "words"),
    "a state for people": (in_people("cakupan.csv", 4, "complete"), "words"),
    "a rank in the workbook": (in_workbook("Terpopuler Kanwil", "A4", 99), "words"),
    "an office in the workbook": (in_workbook("Teraktif Kanwil", "C4", "Bali"), "words"),
    "a likely rank in the workbook": (in_workbook("Teraktif Kanwil", "E4", "99"), "words"),
    "a mark of the ten": (in_workbook("Teraktif Kanwil", "B4", "☆"), "words"),
    "a head of a sheet": (in_workbook("Teraktif Kanwil", "A2", "lengkap"), "words"),
    "a detail in the workbook": (in_workbook("Rincian Terpopuler Kanwil", "E5", 99), "words"),
    "a bar of a chart": (in_workbook("Grafik", "D5", 99), "words"),
    "a summary": (in_workbook("Ringkasan", "B6", "FINAL."), "words"),
    "a comparison": (in_workbook("Perbandingan Aturan", "E5", 99), "words"),
    "a movement": (in_workbook("Perubahan", "A1", "Tidak ada perubahan"), "words"),
    "a post in the workbook": (in_workbook("Unggahan", "F5", 99999), "words"),
    "a coverage in the workbook": (in_workbook("Kelengkapan Akun", "E5", "sebagian"), "words"),
    "a meaning": (in_workbook("Kolom", "B5", "Apa saja"), "words"),
    "the English twin": (
        in_workbook("Popular Regional", "A4", 99, "bulletin.en.xlsx"),
        "words",
    ),
    "another sheet": (another_sheet, "words"),
    "a comment in the workbook": (beside_the_cells, "words"),
    "a README": (replaced("README.md", "edition 2", "edition 1"), "words"),
    "the evidence's README": (replaced("evidence/README.md", "RAW DATA", "DATA"), "words"),
    "a month in the manifest": (told("month", "2025-07"), "manifest"),
    "a status": (told("status", "final"), "manifest"),
    "a number": (told("number", 3), "manifest"),
    "an ID": (told("edition_id", "2025-08-revised-9"), "manifest"),
    "what it replaces": (told("replaces", "2025-08-final-0"), "manifest"),
    "nothing replaced": (told("replaces", None), "manifest"),
    "a reason": (told("reason", "Nothing of note."), "words"),
    "no reason": (told("reason", None), "manifest"),
    "what the month lacks": (told("lacks", None), "manifest"),
    "despite": (told("despite", True), "words"),
    "the policy in force": (told("official_policy", "kuantitas-2025-01"), "manifest"),
    "the policies": (told("policies", {}), "manifest"),
    "the registry's hashes": (told("registry", {"office": "0", "account": "0"}), "manifest"),
    "the counts": (told("counts", {}), "manifest"),
    "the versions": (told("schema_versions", {"evidence": 4, "tables": 3}), "manifest"),
    "another key": (
        lambda folder: (
            (folder / "manifest.json").write_bytes(
                json_bytes(
                    {**json.loads((folder / "manifest.json").read_bytes()), "winner": "bali"}
                )
            )
            and None
        ),
        "manifest",
    ),
    "an earlier format": (of_format(2), "version"),
    "the format before": (of_format(3), "version"),
    "a rank in the bulletin": (
        in_bulletin("bulletin.json", lambda told: first_row(told).update(rank=9)),
        "bulletin",
    ),
    "a likely rank in English": (
        in_bulletin("bulletin.en.json", lambda told: first_row(told).update(likely_text="99")),
        "bulletin",
    ),
    "a picture that was refused": (
        in_bulletin(
            "bulletin.json",
            lambda told: told["leagues"][0]["rankings"][1].update(picture_refused="Tidak."),
        ),
        "bulletin",
    ),
    "another file": (another_file, "lists"),
    "a file less": (a_file_less, "lists"),
    "a view": (a_view, "formats"),
    "a comment": (a_comment, "words"),
    "a policy's file": (another_policy_file, "tables"),
    "an office's name": (in_table("dim_office", "office_name", put("Bali")), "tables"),
    "an office's zone": (in_table("dim_office", "time_zone", put("UTC")), "tables"),
    "an account's handle": (in_table("dim_account", "handle", put("bali")), "tables"),
    "a platform's precision": (
        in_table("dim_platform", "published_precision", put("second")),
        "tables",
    ),
    "a weight": (in_table("dim_policy_weights", "like_weight", more), "tables"),
    "a curve": (in_table("dim_policy_growth", "typical", more), "tables"),
    "a window": (in_table("dim_policy", "window_hours", more), "tables"),
    "a post's link": (in_table("dim_post", "permalink", put("https://example.org")), "tables"),
    "a post's kind": (in_table("dim_post", "post_type", put("Story")), "tables"),
    "a number of observations": (in_table("dim_post", "observation_count", more), "tables"),
    "a view count": (in_table("fct_engagement", "view_count", more), "tables"),
    "an observed account": (in_table("fct_engagement", "account_id", put("bali")), "tables"),
    "an observation less": (a_row_less("fct_engagement"), "tables"),
    "a flag more": (a_flag, "tables"),
    "a value": (in_table("fct_post_month", "value", more), "evidence_is_published"),
    "an account's value": (in_table("fct_account_month", "value", more), "tables"),
    "an account's grade": (in_table("fct_account_month", "late_value", more), "tables"),
    "a wide row's office": (in_table("obt_post_month", "office_name", put("Bali")), "tables"),
    "a wide row's counter": (in_table("obt_post_month", "like_count", more), "tables"),
    "a weekday": (in_table("obt_post_month", "weekday_number", put(9)), "tables"),  # type: ignore[arg-type]
    "an office's best post": (in_table("fct_office_month", "best_post_score", more), "tables"),
    "an office's accounts": (
        in_table("fct_office_coverage", "missing_account_count", more),
        "tables",
    ),
    "a day of the week": (in_table("dim_date", "weekday_number", lambda day: 8 - day), "tables"),
    "a state of the month": (in_table("rank_month_state", "state", put("complete")), "tables"),
    "a gain of rank": (in_table("rank_policy_sensitivity", "rank_gain", more), "tables"),
    "a coverage": (in_table("fct_coverage", "platform", put("x")), "evidence_is_published"),
    "a rank": (in_table("rank_monthly", "rank", more), "evidence_is_published"),
    "an office that moved": (
        in_difference(lambda moved: moved["posts"].append({"post_id": "1"})),
        "difference",
    ),
    "a changed policy": (
        in_difference(lambda moved: moved["changed_policies"].append("kemenkum-2025-07")),
        "difference",
    ),
    "a gone delivery": (
        in_difference(lambda moved: moved["gone_deliveries"].append("0" * 16)),
        "difference",
    ),
    "the edition before": (
        in_difference(lambda moved: moved.update(before="2025-08-final-7")),
        "manifest",
    ),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_is_found_though_all_lists_are_rewritten(copy: Path, what: str) -> None:
    forge, check = FORGERIES[what]
    forge(copy)
    reseal(copy)
    checks = verify._OF_AN_EDITION | verify._OF_THIS_FORMAT
    assert not verify._outcome(check, checks[check], copy)["ok"]


def test_resealing_alone_changes_nothing(copy: Path, revised: Edition) -> None:
    reseal(copy)
    assert failed(copy) == {}
    assert (copy / "manifest.json").read_bytes() == (revised.path / "manifest.json").read_bytes()


def test_without_its_predecessor_a_difference_is_held_on_one_side(
    copy: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone" / copy.name
    shutil.copytree(copy, alone)
    checks = {check["check"]: check for check in verify.verify(alone)}
    assert checks["difference"]["ok"]
    assert "only this side of the difference is held" in checks["difference"]["detail"]
