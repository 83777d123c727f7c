"""What a bulletin tells, on a month of which every answer is known (`small_month.py`)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from orchestration.publication.bulletin.contents import bulletin, documents
from orchestration.publication.bulletin.facts import nearest_rank
from orchestration.publication.bulletin.language import LANGUAGES
from tests.publication.bulletin.small_month import (
    HOSTILE,
    MANIFEST,
    NO_OBJECTIONS,
    OLD,
    PREVIOUS,
    small_month,
)

Document = dict[str, Any]


def told(language: int = 0, previous: Document | None = PREVIOUS, **changed: Any) -> Document:
    """The bulletin of the small month; `changed` are keys of the manifest."""
    manifest = MANIFEST | changed
    return bulletin(small_month(), manifest, NO_OBJECTIONS, previous, LANGUAGES[language])


@pytest.fixture(scope="module")
def indonesian() -> Document:
    return told()


def ranking(document: Document, category: str) -> dict[str, Document]:
    """Office to its row."""
    (league,) = document["leagues"]
    (found,) = (each for each in league["rankings"] if each["category"] == category)
    return {row["office_id"]: row for row in found["rows"]}


def card(document: Document, office_id: str) -> Document:
    (found,) = (each for each in document["cards"] if each["office_id"] == office_id)
    return dict(found)


def test_only_what_the_ranges_prove_is_told_as_moved(indonesian: Document) -> None:
    moved = {office: row["movement"] for office, row in ranking(indonesian, "popular").items()}
    assert moved == {
        "aceh": {"sign": "up", "text": "▲ 1"},
        "bali": {"sign": "unproven", "text": "≈"},
        "riau": {"sign": "down", "text": "▼ 2"},
        "papua": {"sign": "new", "text": "baru"},
    }
    assert "2025-07-final-1" in indonesian["movement_sentence"]


def test_without_an_edition_before_nothing_moves_and_that_is_said() -> None:
    document = told(previous=None)
    assert {row["movement"]["sign"] for row in ranking(document, "active").values()} == {"none"}
    assert "belum ada edisi Juli 2025 yang terbit" in document["movement_sentence"]
    changed_rule = told(previous=PREVIOUS | {"ranks": []})
    assert {r["movement"]["sign"] for r in ranking(changed_rule, "active").values()} == {"none"}
    assert "tidak memuat peringkat menurut aturan yang sama" in changed_rule["movement_sentence"]


def test_an_office_with_gaps_in_its_exports_has_not_provably_moved() -> None:
    before = [row | {"is_complete": row["office_id"] != "aceh"} for row in PREVIOUS["ranks"]]
    document = told(previous=PREVIOUS | {"ranks": before})
    assert ranking(document, "popular")["aceh"]["movement"]["sign"] == "unproven"


def test_a_certain_rank_that_stayed_is_told_as_the_same() -> None:
    before = [
        row | {"rank": 1, "rank_likely_best": 1, "rank_likely_worst": 1}
        for row in PREVIOUS["ranks"]
        if row["office_id"] == "aceh"
    ]
    document = told(previous=PREVIOUS | {"ranks": before})
    assert ranking(document, "active")["aceh"]["movement"] == {"sign": "same", "text": "="}


def test_a_row_tells_rank_score_and_both_ranges(indonesian: Document) -> None:
    row = ranking(indonesian, "popular")["bali"]
    assert (row["rank"], row["likely_text"], row["possible_text"]) == (2, "1–3", "1–4")
    assert (row["score"], row["score_permille"], row["old_rank"]) == ("100", 8, "1")
    first = ranking(indonesian, "popular")["aceh"]
    assert (first["score"], first["score_permille"], first["mark"]) == ("12.345", 1000, "")
    assert ranking(told(language=1), "popular")["aceh"]["score"] == "12,345"
    assert ranking(indonesian, "popular")["papua"]["mark"] == "*"


def test_a_picture_of_the_popular_is_refused_below_the_policys_evidence(
    indonesian: Document,
) -> None:
    refusals = {r["category"]: r["picture_refused"] for r in indonesian["leagues"][0]["rankings"]}
    assert refusals["active"] is None
    assert "mutu bukti bulan ini 40%, sedangkan aturan mensyaratkan 50%" in refusals["popular"]
    month = small_month()
    states = month.tables["rank_month_state"].with_columns(evidence_percent=pl.lit(50))
    enough = replace(month, tables={**month.tables, "rank_month_state": states})
    document = bulletin(enough, MANIFEST, NO_OBJECTIONS, None, LANGUAGES[0])
    assert [r["picture_refused"] for r in document["leagues"][0]["rankings"]] == [None, None]


def test_state_and_coverage_are_told_with_who_is_missing(indonesian: Document) -> None:
    assert indonesian["edition"]["coverage_line"] == "3 dari 5 akun lengkap"
    assert indonesian["edition"]["notes"] == [
        "Kelengkapan data 60%, di bawah 100% yang disyaratkan.",
        "Mutu bukti 40%, di bawah 50% yang disyaratkan.",
        "Urutan masih dapat berubah.",
    ]
    assert indonesian["coverage"]["missing_offices"] == ["Papua"]
    gaps = {gap["account"]: gap["why"] for gap in indonesian["coverage"]["gaps"]}
    assert gaps == {
        "@papua-x": "belum ada ekspor",
        "@riau-x": "ekspor belum mencakup seluruh bulan",
    }
    totals = {total["label"]: total["value"] for total in indonesian["totals"]}
    assert totals == {"satuan kerja": "4", "akun resmi": "5", "unggahan dihitung": "9"}


def test_the_reason_of_a_final_edition_stands_on_it_once() -> None:
    manifest = {"status": "final", "despite": True, "reason": "Bulan sudah lewat."}
    notes = told(**manifest)["edition"]["notes"]
    assert notes[-1] == "Ditetapkan walaupun data belum cukup. Alasan: Bulan sudah lewat."
    revised = told(status="revised", replaces="2025-08-final-1", reason="Koreksi.")
    assert revised["edition"]["notes"][-1] == "Menggantikan edisi 2025-08-final-1. Alasan: Koreksi."


def test_typical_values_are_quartiles_of_what_is_known(indonesian: Document) -> None:
    """Of 10, 10, 20, 30, 40, 50, 60, 12285; a post without any count has no value."""
    ((row,),) = (league["rows"] for league in indonesian["typical"])
    assert row == {"platform": "X", "posts": "8", "lower": "10", "median": "30", "upper": "50"}


@pytest.mark.parametrize(
    ("values", "quartiles"),
    [
        ([7], (7, 7, 7)),
        ([1, 2], (1, 1, 2)),
        ([1, 2, 3], (1, 2, 3)),
        ([1, 2, 3, 4], (1, 2, 3)),
        ([1, 2, 3, 4, 5], (2, 3, 4)),
    ],
)
def test_a_quartile_is_a_value_of_the_nearest_rank(
    values: list[int], quartiles: tuple[int, int, int]
) -> None:
    assert tuple(nearest_rank(values, quarter) for quarter in (1, 2, 3)) == quartiles


def test_both_rules_stand_side_by_side_where_they_differ(indonesian: Document) -> None:
    assert "“Aturan baru”" in indonesian["rules"]["sentence"]
    (compared,) = indonesian["rules"]["leagues"]  # both rules agree on who is most active
    assert compared["category"] == "popular"
    sides = [(row["office"], row["new"], row["old"]) for row in compared["rows"]]
    assert sides[:2] == [("Aceh", "1", "2"), ("Bali", "2", "1")]


def test_a_card_tells_what_would_help_in_the_order_of_what_it_opens(indonesian: Document) -> None:
    titles = {
        office: [each["title"] for each in card(indonesian, office)["helps"]]
        for office in ("aceh", "bali", "riau", "papua")
    }
    assert titles == {
        "aceh": [],
        "bali": [
            "Unduh ekspor setiap hari",
            "Kirim ekspor dengan semua hitungan",
            "Kirim ekspor sebelum batas waktu",
        ],
        "riau": ["Lengkapi ekspor sebulan penuh"],
        "papua": ["Kirim ekspor yang belum ada"],
    }
    daily = card(indonesian, "bali")["helps"][0]["sentence"]
    assert daily.startswith("0 dari 3 unggahan terlihat di sekitar umur 24 jam")
    assert "kemungkinan besar 1–3" in daily


def test_a_card_tells_its_posts_with_their_evidence(indonesian: Document) -> None:
    first, second = card(indonesian, "bali")["top_posts"]  # the third has no value
    assert (first["value"], first["range"], first["possible_range"]) == (
        "60",
        "55–65",
        "60 atau lebih",
    )
    assert first["grade"] == "ekspor terlalu dini"
    assert (second["value"], second["grade"]) == ("40", "ekspor terlambat")
    assert first["link_text"].startswith("x.com/") and first["date"] == "6 Agu 2025"
    assert card(indonesian, "bali")["uncounted"] == [
        {"posts": "2", "why": "balasan"},
        {"posts": "1", "why": "terlihat setelah batas waktu"},
    ]


def test_own_posts_lie_in_the_quarters_of_the_league(indonesian: Document) -> None:
    (platform,) = card(indonesian, "aceh")["platforms"]
    edges = (platform["lower"], platform["middle"], platform["upper"])
    assert edges == (10, 30, 50)
    assert (platform["median"], platform["quarters"]) == ("20", [1, 2, 0, 1])
    assert platform["most"] > 50
    assert "Unggahan Anda per seperempat, dari terbawah: 1, 2, 0, 1." in platform["alt"]


def test_an_unbounded_office_and_one_without_posts_have_their_card(indonesian: Document) -> None:
    papua = card(indonesian, "papua")
    assert papua["top_posts"] == papua["platforms"] == papua["uncounted"] == []
    assert papua["tiles"][1]["possible"] == [1, 4]
    assert "Belum dapat dipastikan: ekspor X belum lengkap" in papua["tiles"][1]["sentence"]


def test_a_hostile_name_stands_as_text_and_turns_nothing_around(indonesian: Document) -> None:
    name = card(indonesian, "riau")["office_full"]
    assert name.startswith('=1+1 #eval("x") <script>') and name.endswith("Riau" * 40)
    assert "\u202e" in HOSTILE and "\x1b" in HOSTILE
    text = json.dumps(indonesian, ensure_ascii=False)
    assert "\u202e" not in text and "\x1b" not in text


def test_short_names_stay_apart() -> None:
    month = small_month()
    offices = month.tables["dim_office"].with_columns(
        office_name=pl.when(pl.col("office_id") == "riau")
        .then(pl.lit("Bali"))
        .otherwise("office_name")
    )
    same = replace(month, tables={**month.tables, "dim_office": offices})
    document = bulletin(same, MANIFEST, NO_OBJECTIONS, None, LANGUAGES[0])
    names = {office: row["office"] for office, row in ranking(document, "active").items()}
    assert names["bali"] == "Kantor Wilayah Kementerian Hukum Bali"
    assert (names["riau"], names["aceh"]) == ("Bali", "Aceh")


def test_without_a_policy_in_force_that_is_said_first() -> None:
    month = small_month()
    rankings = month.tables["rank_monthly"].filter(policy_id=OLD)
    unofficial = replace(month, tables={**month.tables, "rank_monthly": rankings})
    document = bulletin(unofficial, MANIFEST, NO_OBJECTIONS, None, LANGUAGES[0])
    assert document["edition"]["notes"][0].startswith("Tidak ada aturan yang berlaku")
    assert document["edition"]["policy_id"] == OLD
    assert document["leagues"][0]["rankings"][1]["unit"] == "interaksi"


def shape(value: object) -> object:
    """What a document is made of, whatever it says."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    assert not isinstance(value, float)
    return type(value).__name__


def test_both_languages_have_one_shape_and_the_same_input_the_same_bytes(
    indonesian: Document,
) -> None:
    assert shape(told(language=1)) == shape(indonesian)
    made = [documents(small_month(), MANIFEST, NO_OBJECTIONS, PREVIOUS) for _ in range(2)]
    assert made[0] == made[1]
    assert json.loads(made[0]["bulletin.en.json"])["language"] == "en"
    assert json.loads(made[0]["bulletin.json"]) == indonesian
