"""What is told of a caption without the caption."""

from __future__ import annotations

import polars as pl
import pytest

from ingest.fields import captions


@pytest.mark.parametrize(
    ("text", "hashtags", "length", "has_question"),
    [
        ("Layanan #Hukum dan #AHU, lalu #hukum lagi", "#hukum #ahu", 41, False),
        (
            "#LayananHukum_2025#Kemenkum (#satu) '#dua'",
            "#layananhukum_2025 #kemenkum #satu #dua",
            42,
            False,
        ),
        ("#IPO/#KI #１２３ #日本 ＃lebar", "#ipo #ki #日本 #lebar", 24, False),
        # No hashtags: numbers, a sign alone, behind a word, entities, keycaps.
        ("No #1, # dua, C#tiga, &#39;, #️⃣empat", "", 37, False),
        # Links hold signs that say nothing.
        ("lihat https://kemenkum.go.id/?q=a#b www.a.id/?x#y #satu", "#satu", 55, False),
        ("sudah https://kemenkum.go.id/layanan?", "", 37, True),
        ("Tahukah kamu？", "", 13, True),
        ("🇮🇩?", "", 3, True),
        ("", "", 0, False),
        (None, "", 0, False),
    ],
)
def test_what_a_caption_holds(
    text: str | None, hashtags: str, length: int, has_question: bool
) -> None:
    others = ["#lain?", text, None]
    posts = pl.DataFrame({"post": [1, 2, 3], "text": others}, schema_overrides={"text": pl.String})
    told = captions.with_facts(posts)
    assert told["post"].to_list() == [1, 2, 3]
    row = told.row(1, named=True)
    assert (row["hashtags"], row["caption_length"], row["has_question"]) == (
        hashtags,
        length,
        has_question,
    )
    assert told["hashtags"].to_list()[::2] == ["#lain", ""]
