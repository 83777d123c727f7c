"""What a bulletin tells beside the rankings, from tables of which every answer is known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from orchestration.publication.bulletin.contents import bulletin
from orchestration.publication.bulletin.language import LANGUAGES
from orchestration.publication.month import PublishedMonth
from tests.publication.bulletin.small_beside import month_with_all
from tests.publication.bulletin.small_month import MANIFEST, NO_OBJECTIONS
from tests.publication.bulletin.test_contents import card, shape

Document = dict[str, Any]


def told(month: PublishedMonth, language: int = 0) -> Document:
    return bulletin(month, MANIFEST, NO_OBJECTIONS, None, LANGUAGES[language])


@pytest.fixture(scope="module")
def document() -> Document:
    return told(month_with_all())


def with_table(name: str, table: pl.DataFrame) -> PublishedMonth:
    month = month_with_all()
    return replace(month, tables=month.tables | {name: table})


def test_only_what_is_proven_is_a_claim(document: Document) -> None:
    guidance = document["guidance"]
    assert "2 pernyataan diuji pada paling banyak 10 satuan kerja" in guidance["sentence"]
    assert "Maret 2025 – Agustus 2025" in guidance["sentence"]
    assert guidance["sentence"].endswith("1 di antaranya terbukti.")
    assert guidance["claims"] == [
        {
            "platform": "Instagram",
            "what": "reel",
            "ratio": "1,50 ×",
            "range": "1,10–2,05",
            "posts": "1.234",
            "offices": "10",
        }
    ]
    (near,) = guidance["near"]
    assert (near["what"], near["range"]) == ("teks: terbit pukul 06–10", "0,63–1,09")
    assert "umur 24 jam (Instagram)" in guidance["note"]
    assert "umur 7 hari atau lebih (X)" in guidance["note"]


def test_without_a_proven_statement_nothing_is_advised() -> None:
    table = month_with_all().tables["agg_guidance"]
    nothing = told(with_table("agg_guidance", table.filter(~pl.col("is_proven"))))
    assert nothing["guidance"]["claims"] == []
    assert "Tidak ada cara mengunggah yang terbukti" in nothing["guidance"]["sentence"]
    assert "tidak ada yang dianjurkan" in card(nothing, "aceh")["guidance"]


def test_a_campaign_counts_what_can_be_judged(document: Document) -> None:
    (campaign,) = document["campaigns"]
    assert campaign["label"] == "#KemenkumPasti"
    assert campaign["sentence"] == (
        "3 dari 6 unggahan memuat #KemenkumPasti (50%). 1 unggahan tidak dapat dinilai: ekspornya "
        "tidak memuat teks."
    )
    findings = {each["label"]: (each["posts"], each["share"]) for each in campaign["findings"]}
    assert findings == {
        "tepat": ("2", "33%"),
        "huruf": ("1", "16%"),
        "ejaan": ("1", "16%"),
        "tidak ada": ("2", "33%"),
        "tidak diketahui": ("1", "–"),
    }
    assert card(document, "bali")["campaigns"] == [
        "#KemenkumPasti: 0 dari 2 unggahan memuatnya (0%); seluruh satuan kerja 50%."
    ]
    assert card(document, "papua")["campaigns"] == []


def test_a_flag_is_told_neutrally_with_the_rank_without_its_post(document: Document) -> None:
    (flag,) = document["flags"]
    assert flag["sentence"] == (
        "Jauh di atas seratus unggahan terakhir akunnya sendiri. "
        "Akun Teraktif: peringkat 1, tanpa unggahan ini tetap. "
        "Akun Terpopuler: peringkat 1, tanpa unggahan ini 2."
    )
    assert (flag["office"], flag["date"]) == ("Aceh", "4 Agu 2025")
    assert card(document, "aceh")["flags"] == [f"4 Agu 2025, X: {flag['sentence']}"]
    assert card(document, "bali")["flags"] == []


def test_followers_are_a_figure_and_no_order(document: Document) -> None:
    (league,) = document["followers"]["leagues"]
    assert [(r["office"], r["followers"], r["per_thousand"]) for r in league["rows"]] == [
        ("Aceh", "10.000", "1.234,50"),
        ("Bali", "1.000", "100,00"),
    ]
    aceh = card(document, "aceh")["followers"]
    assert "menurut 4 dari 4 unggahan (satuan kerja tengah: 100,00)" in aceh
    assert card(document, "riau")["followers"] is None


def test_tone_is_told_as_ranges_and_only_where_it_may_be(document: Document) -> None:
    (office,) = document["opinion"]["offices"]
    assert (office["office"], office["labelled"]) == ("Aceh", "60 dari 200")
    assert office["rows"][0] == {"label": "positif", "range": "12%–31%"}
    assert "0,72" in document["opinion"]["sentence"]
    assert card(document, "bali")["opinion"] == []


def test_an_edition_without_these_tables_tells_nothing_of_them() -> None:
    month = month_with_all()
    beside = ("agg_", "fct_opinion")
    plain = {name: t for name, t in month.tables.items() if not name.startswith(beside)}
    document = told(replace(month, tables=plain))
    assert document["campaigns"] == document["flags"] == []
    assert document["followers"] is document["opinion"] is None
    assert document["guidance"]["claims"] == []


def test_a_misspelt_tag_is_what_an_office_can_mend(document: Document) -> None:
    """Aceh has nothing to mend; Bali's exports come before its tags."""
    assert card(document, "aceh")["helps"] == []
    every = month_with_all().tables["agg_campaign"]
    of_aceh = every.with_columns(
        finding=pl.when(finding="absent", office_id="aceh")
        .then(pl.lit("joined"))
        .otherwise("finding")
    )
    (mend,) = card(told(with_table("agg_campaign", of_aceh)), "aceh")["helps"]
    assert mend["title"] == "Periksa penulisan #KemenkumPasti"


def test_both_languages_tell_the_same_parts(document: Document) -> None:
    english = told(month_with_all(), language=1)
    assert shape(english) == shape(document)
    assert english["guidance"]["claims"][0]["ratio"] == "1.50 ×"


@pytest.mark.parametrize(
    ("size", "shown"), [("100.00", "100"), ("2.50", "2,5"), ("1200.00", "1.200")]
)
def test_a_size_has_the_decimals_that_it_needs(size: str, shown: str) -> None:
    table = (
        month_with_all()
        .tables["agg_flag_effect"]
        .with_columns(flag=pl.lit("late_burst"), size=pl.lit(Decimal(size)).cast(pl.Decimal(18, 2)))
    )
    (flag,) = told(with_table("agg_flag_effect", table))["flags"]
    assert f"hitungannya {shown} kali dari" in flag["sentence"]
