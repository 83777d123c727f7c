"""Small exports for the tests of ingest: one good record per layout, and an inbox of them.

What belongs here: records written by hand, with IDs whose times were worked out by hand, and the
calls that read them. What does not: what the reading of a record should give (the tests say it).

Every post was published on 31 July 2025 at 10:30 in Los Angeles, which was on daylight saving time
(UTC-7): 17:30 UTC, and half past midnight on 1 August in Jakarta.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.home import Home
from ingest.parsing import parse
from ingest.schemas import Delivery, PostObservation
from ingest.storage import read_table

#: Header to cell. A `²` marks a header that stands a second time; the file has it without the mark.
Record = Mapping[str, str]

CAPTION = 'Kata "Pengayoman",\nbaris kedua 🇮🇩'

INSTAGRAM: Record = {
    "Post ID": "17900000000000001",
    "Account ID": "17841400000000001",
    "Account username": "Kemenkum_Jabar",
    "Account name": "Kemenkum Jawa Barat",
    "Description": CAPTION,
    "Duration (sec)": "0",
    "Publish time": "07/31/2025 10:30",
    # The ID of an upload at 17:29:50 UTC.
    "Permalink": "https://www.instagram.com/p/DMx9S9rgAAF/",
    "Post type": "IG image",
    "Data comment": "",
    "Date": "Lifetime",
    "Views": "1200",
    "Reach": "900",
    "Likes": "75",
    "Shares": "6",
    "Follows": "",
    "Comments": "8",
    "Saves": "4",
}
INSTAGRAM_ID: Record = {
    "ID Postingan": "17900000000000001",
    "ID Akun": "17841400000000001",
    "Nama pengguna akun": "Kemenkum_Jabar",
    "Nama akun": "Kemenkum Jawa Barat",
    "Deskripsi": CAPTION,
    "Durasi (detik)": "31",
    "Waktu penerbitan": "07/31/2025 10:30",
    "Permalink": "https://www.instagram.com/reel/DMx9S9rgAAF/",
    "Jenis postingan": "Reel IG",
    "Komentar data": "",
    "Tanggal": "Sepanjang Masa",
    "Tayangan": "1200",
    "Suka": "75",
    "Frekuensi dibagikan": "6",
    "Komentar": "8",
    "Frekuensi Disimpan": "4",
    "Jangkauan": "900",
    "Mengikuti": "",
}
INSTAGRAM_ES: Record = {
    "identificador de la publicación": "17900000000000001",
    "identificador de la cuenta": "17841400000000001",
    "nombre de usuario de la cuenta": "Kemenkum_Jabar",
    "nombre de la cuenta": "Kemenkum Jawa Barat",
    "descripción": CAPTION,
    "duración (segundos)": "0",
    "hora de publicación": "07/31/2025 10:30",
    "enlace permanente": "https://www.instagram.com/p/DMx9S9rgAAF/",
    "tipo de publicación": "Secuencia de Instagram",
    "comentario sobre los datos": "",
    "fecha": "Total",
    "visualizaciones": "1200",
    "alcance": "900",
    "me gusta": "75",
    "veces que se ha compartido": "6",
    "seguidores": "",
    "comentarios": "8",
    "veces guardado": "4",
}
INSTAGRAM_STORY: Record = {
    **{name: cell for name, cell in INSTAGRAM.items() if name not in ("Comments", "Saves")},
    "Permalink": "https://www.instagram.com/stories/kemenkum_jabar/3689000000000000000/",
    "Post type": "IG story",
    "Profile visits": "1",
    "Replies": "8",
    "Navigation": "44",
    "Sticker taps": "0",
}
INSTAGRAM_STORY_ID: Record = {
    **{n: c for n, c in INSTAGRAM_ID.items() if n not in ("Komentar", "Frekuensi Disimpan")},
    "Permalink": "https://www.instagram.com/stories/kemenkum_jabar/3689000000000000000/",
    "Jenis postingan": "Cerita IG",
    "Kunjungan profil": "1",
    "Balasan": "8",
    "Navigasi": "44",
    "Ketukan stiker": "0",
}
FACEBOOK: Record = {
    "Post ID": "122100000000000001",
    "Page ID": "100064000000001",
    "Page name": "Kemenkum Jawa Barat",
    "Title": CAPTION,
    "Description": "",
    "Duration (sec)": "0",
    "Publish time": "07/31/2025 10:30",
    "Caption type": "",
    "Permalink": "https://www.facebook.com/100064000000001/posts/pfbid02abc",
    "Is crosspost": "0",
    "Is share": "0",
    "Post type": "Photos",
    "Languages": "",
    "Custom labels": "",
    "Funded content status": "",
    "Data comment": "",
    "Date": "Lifetime",
    "Views": "1200",
    "Reach": "900",
    "Reactions, Comments and Shares": "89",
    "Reactions": "75",
    "Comments": "8",
    "Shares": "6",
    "Total clicks": "31",
}
FACEBOOK_TWICE: Record = {**FACEBOOK, "Views²": "0", "Reach from Organic posts": "900"}
FACEBOOK_VIDEO: Record = {
    "Video asset ID": "4388000000000001",
    "Universal video ID": "",
    "Page ID": "100064000000001",
    "Page name": "Kemenkum Jawa Barat",
    "Title": CAPTION,
    "Duration (sec)": "10",
    "Publish time": "07/31/2025 10:30",
    "Custom labels": "",
    "Data comment": "",
    "Date": "Lifetime",
    "Reach": "900",
    "3-second video views": "1100",
    "Reactions, comments and shares": "89",
    "Reactions": "75",
    "Comments": "8",
    "Shares": "6",
}
X_1: Record = {
    # The ID of 17:30:15.123 UTC.
    "Post id": "1950972286718705671",
    "Date": "Fri Aug 1 2025",
    "Post text": CAPTION,
    "Link": "https://x.com/KemenkumJabar/status/1950972286718705671",
    "Impressions": "1200",
    "Likes": "75",
    "Engagements": "93",
    "Bookmarks": "4",
    "Share": "2",
    "New follows": "0",
    "Replies": "8",
    "Reposts": "6",
    "Profile visits": "1",
    "Detail expands": "0",
    "Url clicks": "0",
    "Hashtag clicks": "0",
    "Permalink clicks": "0",
}
X_2: Record = {
    "Post id": "1950972286718705671",
    "Date": "Fri, Aug 1, 2025",
    "Post text": CAPTION,
    "Post Link": "https://x.com/KemenkumJabar/status/1950972286718705671",
    "Impressions": "1200",
    "Likes": "75",
    "Engagements": "93",
    "Bookmarks": "4",
    "Shares": "2",
    "New follows": "0",
    "Replies": "8",
    "Reposts": "6",
    "Profile visits": "1",
    "Detail Expands": "0",
    "URL Clicks": "0",
    "Hashtag Clicks": "0",
    "Permalink Clicks": "0",
}
X_ACTIVITY: Record = {
    "Tweet id": "1950972286718705671",
    "Tweet permalink": "https://twitter.com/KemenkumJabar/status/1950972286718705671",
    "Tweet text": CAPTION,
    "time": "2025-07-31 17:30 +0000",
    "impressions": "1200.0",
    "engagements": "93.0",
    "engagement rate": "0.0775",
    "retweets": "6.0",
    "replies": "8.0",
    "likes": "75.0",
    "user profile clicks": "0.0",
    "media views": "0",
    "promoted impressions": "-",
    "promoted retweets": "-",
    "promoted likes": "-",
}
TIKTOK_STUDIO: Record = {
    "Time": "July 5",
    "Video title": CAPTION,
    # The ID of 17:30:15 UTC.
    "Video link": "https://www.tiktok.com/@Kemenkum.Jabar/video/7533299687164477449",
    "Post time": "1 Agustus",
    "Total likes": "75",
    "Total comments": "8",
    "Total shares": "6",
    "Total views": "1200",
}
TIKTOK_BUSINESS: Record = {
    "Video title": CAPTION,
    "Video link": "https://www.tiktok.com/@Kemenkum.Jabar/video/7533299687164477449",
    "Post time": "2025/07/31 17:30:15",
    "Video views": "1200",
    "Likes": "75",
    "Comments": "8",
    "Shares": "6",
    "Add to Favorites ": "4",
}
YOUTUBE: Record = {
    "Content": "dQw4w9WgXcQ",
    "Video title": CAPTION,
    "Video publish time": "Aug 1, 2025",
    "Duration": "212",
    "Views": "1200",
    "Watch time (hours)": "10.5",
    "Subscribers": "-1",
    "Impressions": "5000",
    "Impressions click-through rate (%)": "5.03",
    "Unique viewers": "900",
    "Likes": "75",
    "Comments added": "8",
    "Shares": "6",
}
YOUTUBE_ID: Record = {
    "Konten": "dQw4w9WgXcQ",
    "Judul video": CAPTION,
    "Waktu publikasi video": "1 Agu 2025",
    "Durasi": "212",
    "Penayangan": "1200",
    "Waktu tonton (jam)": "10,5",
    "Subscriber": "-1",
    "Tayangan": "5000",
    "Rasio klik-tayang dari tayangan (%)": "5,0%",
    "Penonton unik": "900",
    "Suka": "75",
    "Komentar ditambahkan": "8",
    "Pembagian": "6",
}

#: Every layout, in each of its languages and generations.
GOOD = {
    "instagram_content en": INSTAGRAM,
    "instagram_content id": INSTAGRAM_ID,
    "instagram_content es": INSTAGRAM_ES,
    "instagram_stories en": INSTAGRAM_STORY,
    "instagram_stories id": INSTAGRAM_STORY_ID,
    "facebook_content en": FACEBOOK,
    "facebook_content en, Views twice": FACEBOOK_TWICE,
    "facebook_videos en": FACEBOOK_VIDEO,
    "x_content en, first": X_1,
    "x_content en, second": X_2,
    "x_tweet_activity en": X_ACTIVITY,
    "tiktok_studio_content en": TIKTOK_STUDIO,
    "tiktok_business_video en": TIKTOK_BUSINESS,
    "youtube_table en": YOUTUBE,
    "youtube_table id": YOUTUBE_ID,
}


def export(record: Record, *changes: Record, line_end: str = "\n", delimiter: str = ",") -> bytes:
    """A file with the header of `record` and, for each change to it, a record; at least one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end, delimiter=delimiter)
    writer.writerow(name.removesuffix("²") for name in record)
    for number, change in enumerate(changes or ({},)):
        assert change.keys() <= record.keys(), "a change of a column that is not there"
        writer.writerow({**another(record, number), **change}.values())
    return text.getvalue().encode()


def another(record: Record, number: int) -> Record:
    """A record of the same file; YouTube's table has each video once."""
    videos = [name for name, cell in record.items() if cell == YOUTUBE["Content"]]
    return {**record, **dict.fromkeys(videos, f"video{number:06}")} if number else record


def read(content: bytes) -> tuple[parse.Records, parse.Rows]:
    """Read a file of one table as ingest does."""
    (table,) = read_all(content)
    return table


def split(content: bytes, sha256: str) -> parse.Records:
    """The records of a file of one table."""
    (records,) = parse.split(content, sha256)
    return records


def read_all(content: bytes) -> list[tuple[parse.Records, parse.Rows]]:
    """Read every table of a file as ingest does."""
    tables = parse.split(content, hashlib.sha256(content).hexdigest())
    return [(records, parse.interpret([records])) for records in tables]


def observations(content: bytes) -> list[dict[str, Any]]:
    """The loaded rows of a file, without its hash."""
    return read(content)[1].observations.drop("sha256").to_dicts()


def only(content: bytes) -> dict[str, Any]:
    """The row of a file whose one record is loaded."""
    rows = read(content)[1]
    assert rows.rejects.is_empty(), rows.rejects.to_dicts()
    (row,) = rows.observations.drop("sha256").to_dicts()
    return row


def rejects(content: bytes) -> list[tuple[int, str, str]]:
    """The rejected records of a file: number, rule, detail."""
    return read(content)[1].rejects.select("record_number", "rule", "detail").rows()


def withheld(content: bytes) -> list[tuple[int, str, str, str]]:
    """The counters of a file without rejects that are withheld: number, field, rule, detail."""
    rows = read(content)[1]
    assert rows.rejects.is_empty(), rows.rejects.to_dicts()
    return rows.withheld.select("record_number", "field", "rule", "detail").rows()


def quarantine(content: bytes) -> str:
    """Why a file is quarantined."""
    with pytest.raises(parse.Quarantine) as problem:
        read(content)
    return str(problem.value)


def observation(**told: Any) -> dict[str, Any]:
    """A whole row: what is not told is null, or no; what its text holds follows from that."""
    schema = PostObservation.create_empty().drop("sha256").schema
    blank = {name: False if dtype == pl.Boolean else None for name, dtype in schema.items()}
    assert told.keys() <= blank.keys(), "a column that the contract does not have"
    text = told.get("text") or ""
    return {**blank, "record_number": 1, "post_kind": "unknown", **_held(text), **told}


def _held(text: str) -> dict[str, Any]:
    """What a caption holds, found character by character."""
    plain = re.sub(r"(?i)(https?://|www\.)\S*[^\s?]", " ", text)
    tags: list[str] = []
    last_end = 0
    for place, character in enumerate(plain):
        before, rest = plain[place - 1 : place], plain[place + 1 :]
        is_behind_a_tag = place == last_end and bool(tags)
        if character not in "#＃" or ((_is_word(before) or before == "&") and not is_behind_a_tag):
            continue
        word = "".join(takewhile(_is_word, rest))
        if word and unicodedata.category(word[0])[0] != "M":
            tags.append(unicodedata.normalize("NFC", f"#{word}").lower())
            last_end = place + 1 + len(word)
    named = [tag for tag in tags if any(unicodedata.category(each)[0] == "L" for each in tag)]
    return {
        "hashtags": " ".join(dict.fromkeys(named)),
        "caption_length": len(text),
        "has_question": bool({*"?？؟"} & {*plain}),
    }


def _is_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character or " ")[0] in "LMN"


# An inbox.

POSTS = export(
    INSTAGRAM,
    {},
    {"Likes": "1.234"},
    {"Permalink": "https://instagram.com/p/DMx50y7gAAF/"},
    {"Publish time": "soon", "Permalink": ""},
)
VIDEOS = export(YOUTUBE, {"Content": "Total"}, {}) + b"Showing top 500 results\n"
MORNING, NOON, EVENING = "2025-08-02T01:00:00", "2025-08-02T05:00:00", "2025-08-02T11:00:00"


def deliver(
    home: Home, name: str, content: bytes, at: str, sidecar: Mapping[str, str] | str | None = None
) -> Path:
    """Put a file into the inbox, received at an instant (UTC), with the text of its sidecar."""
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    received = datetime.fromisoformat(f"{at}+00:00").timestamp()
    os.utime(path, (received, received))
    if sidecar is not None:
        text = sidecar if isinstance(sidecar, str) else json.dumps(sidecar)
        path.with_name(f"{path.name}.delivery.json").write_text(text, encoding="utf-8")
    return path


def fill(home: Home) -> None:
    """An inbox with a file of every fate."""
    deliver(home, "kanwil-jabar/Jul-01-2025_Jul-31-2025_1234567.csv", POSTS, NOON)
    deliver(home, "kanwil-jabar/tiktok/Content_1754100000_a.csv", export(TIKTOK_STUDIO), NOON)
    told = {"captured_at": "2025-08-02T08:00:00+07:00", "account_id": "bali-youtube"}
    deliver(home, "kanwil-bali/Table data.csv", VIDEOS, NOON, told)
    deliver(home, "kanwil-bali/x.csv", export(X_1), NOON, {"captured_at": "2025-08-02T08:00:00"})
    deliver(home, "kanwil-bali/nothing.csv", b"", NOON)
    deliver(home, "kanwil-bali/photo.csv", b"\x89PNG\r\n", NOON)
    deliver(home, "kiriman/unknown.csv", b"a,b\n1,2\n", NOON)


def ledger(home: Home) -> list[dict[str, Any]]:
    """The ledger's rows, in its order."""
    return read_table(home.table("deliveries"), Delivery).to_dicts()


def lake_rows(home: Home) -> dict[str, list[dict[str, Any]]]:
    """All observations, rejects and withheld counters of the lake, in an order of their own."""
    return {
        folder: pl.read_parquet(home.lake / folder / "**/*.parquet", hive_partitioning=False)
        .drop("batch", strict=False)
        .sort("sha256", "record_number")
        .to_dicts()
        for folder in ("observations", "rejects", "withheld")
    }
