"""What a post's text holds, so that it is told without the text.

What belongs here: hashtags, length, whether something is asked. What does not: the text itself,
which is kept as delivered.
"""

from __future__ import annotations

import polars as pl

#: A link may hold `#` and `?`; a question mark at its end is the sentence's.
_LINK = r"(?i)(?:https?://|www\.)\S*[^\s?]"
#: A letter with its marks, a digit, `_`.
_WORD = r"[\p{L}\p{M}\p{N}_]"
_TAG = rf"#[\p{{L}}\p{{N}}_]{_WORD}*"
#: A run of hashtags, and what stands directly before it: behind a word or `&` a `#` is none. Of
#: `#a#b` both are.
_RUN = rf"(?:{_WORD}|&)?(?:[#＃][\p{{L}}\p{{N}}_]{_WORD}*)+"
_QUESTION = "[?？؟]"
#: What is looked at more closely.
_SIGNS = "[#＃?？؟]"


def with_facts(posts: pl.DataFrame) -> pl.DataFrame:
    """The posts with what their `text` holds: `hashtags`, `caption_length`, `has_question`.

    A hashtag is a `#` (or `＃`) and letters, digits and `_` behind it, a letter among them; it
    stands in no link and not behind another word. They are in small letters, each once, in order of
    first appearance, with a blank between. The length is in characters (Unicode code points) as
    delivered. A question has a question mark outside links. Without a text there is none of these.
    """
    text = pl.col("text")
    signed = posts.select(text.filter(text.str.contains(_SIGNS)).unique()).with_row_index("place")
    plain = signed.select("place", plain=text.str.replace_all(_LINK, " "))
    found = signed.with_columns(has_question=plain["plain"].str.contains(_QUESTION)).join(
        _hashtags(plain), on="place", how="left"
    )
    # The same post stands in many files, so each text is looked at once.
    told = posts.select("text").join(found, on="text", how="left", maintain_order="left")
    return posts.with_columns(
        hashtags=told["hashtags"].fill_null(""),
        caption_length=text.str.len_chars().fill_null(0).cast(pl.Int64),
        has_question=told["has_question"].fill_null(value=False),
    )


def _hashtags(texts: pl.DataFrame) -> pl.DataFrame:
    """`place` and `hashtags` of the texts that have any."""
    runs = texts.select("place", run=pl.col("plain").str.extract_all(_RUN)).explode("run")
    # Few are different.
    known = runs.select(pl.col("run").drop_nulls().unique())
    signs = pl.col("run").str.replace_all("＃", "#", literal=True)
    named = (
        known.filter(pl.col("run").str.contains("^[#＃]"))
        .select("run", tag=signs.str.normalize("NFC").str.to_lowercase().str.extract_all(_TAG))
        .explode("tag")
        .filter(pl.col("tag").str.contains(r"\p{L}"))
    )
    tags = runs.join(named, on="run", maintain_order="left_right").group_by("place").agg("tag")
    return tags.select(
        "place", hashtags=pl.col("tag").list.unique(maintain_order=True).list.join(" ")
    )
