"""Instagram: the content export of Meta Business Suite (posts, reels, carousels, stories).

Seen: English 2025-03 to 2026-03, Spanish 2026-01 (es-LA and es-ES), Indonesian in working parsers.
The metric columns stand in varying order. The file holds collaborators' posts too, under their own
account ID and with a blank reach. `Publish time` is Los Angeles wall time in every locale; the
permalink's shortcode encodes the time of upload.
"""

from __future__ import annotations

import polars as pl

from ingest.layouts import cells, numbers
from ingest.layouts.cells import Cell
from ingest.layouts.layout import Column, Counter, Layout, Platform, unread

PLATFORM = Platform("instagram", "Instagram", published_precision="minute")

#: Instagram's epoch in milliseconds; the ID's upper 41 bits count from here.
_EPOCH_MS = 1314220021721
#: A shortcode is the base64url of the 64-bit media ID, most significant first: 11 characters of 6
#: bits; one more in front makes whole bytes. Private accounts append a key, which is cut off, so
#: that a post has one ID whatever its account was on the day.
_SHORTCODE_LENGTH = 11
_SHORTCODE = cells.text("permalink").str.extract(
    rf"instagram\.com/(?:[^/]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{{1,{_SHORTCODE_LENGTH}}})"
)
#: A row is a lifetime total. A dated row is one day's gain and not the post's counters.
LIFETIME = ("lifetime", "total", "sepanjang masa")


def shortcode_time(shortcode: pl.Expr) -> pl.Expr:
    """The instant (UTC, whole seconds) that a shortcode encodes; null where it is no shortcode."""
    standard = shortcode.str.replace_many(["-", "_"], ["+", "/"])
    octets = standard.str.pad_start(_SHORTCODE_LENGTH + 1, "A").str.decode("base64", strict=False)
    media_id = octets.bin.slice(1, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big")
    instant = (media_id // 2**23).cast(pl.Int64) + _EPOCH_MS
    return cells.plausible(cells.seconds(instant))


def lifetime(field: str) -> Cell:
    """The `Date` column of Meta's content exports: passes where the row is a lifetime total."""
    raw = cells.text(field)
    is_lifetime = raw.str.to_lowercase().is_in(LIFETIME).fill_null(value=False)
    problem = pl.when(~is_lifetime).then(pl.lit("not_a_lifetime_total"))
    return Cell(raw, problem, pl.format("{} = {}", pl.lit(field), raw.fill_null("")), is_lifetime)


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    shortcode, id_at = pl.col("shortcode"), pl.col("id_at")
    published = cells.meta_time("publish_time", id_at)
    delivered = cells.identifier("post_id", "[0-9]+")
    # The shortcode is intact where a spreadsheet has eaten the number's digits.
    post_id = pl.coalesce(shortcode, delivered.value)
    unidentified = pl.when(post_id.is_null()).then(delivered.problem)
    post_type = cells.word("post_type")
    counts = {
        column: numbers.count(field)
        for column, field in {
            "view_count": "views",
            "reach_count": "reach",
            "like_count": "likes",
            "comment_count": "comments",
            "share_count": "shares",
            "save_count": "saves",
        }.items()
        if field in fields
    }
    named = {"account_name": Cell(cells.prose("account_name"))} if "account_name" in fields else {}
    return {
        "platform_account_id": cells.identifier("account_id", "[0-9]+"),
        "account_handle": Cell(cells.word("username").str.to_lowercase().str.strip_prefix("@")),
        # Only where the column is there: a customised export without reach says nothing of guests.
        "is_guest": Cell(
            counts["reach_count"].value.is_null() if "reach" in fields else pl.lit(value=False)
        ),
        "post_id": Cell(post_id, unidentified, delivered.text, post_id.is_not_null()),
        "delivered_post_id": Cell(cells.text("post_id")),
        "permalink": Cell(cells.text("permalink")),
        "post_type": Cell(cells.prose("post_type")),
        "text": Cell(cells.prose("description")),
        "published_at": published,
        "published_precision": Cell(pl.lit("minute")),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(published.value),
        "id_at": Cell(id_at),
        "is_story": Cell(
            post_type.str.contains(r"(?i)\b(story|stories|cerita|historia)\b").fill_null(
                value=False
            )
        ),
        "date": lifetime("date"),
        **named,
        **counts,
    }


_DERIVED = (
    ("shortcode", _SHORTCODE),
    ("id_at", shortcode_time(pl.col("shortcode"))),
    *cells.meta_steps("publish_time"),
    *cells.roundings("post_id", "account_id"),
)
_COLUMNS = (
    Column("post_id", en="Post ID", id="ID Postingan", es="Identificador de la publicación"),
    Column("account_id", en="Account ID", id="ID Akun", es="Identificador de la cuenta"),
    Column(
        "username",
        en="Account username",
        id="Nama pengguna akun",
        es="Nombre de usuario de la cuenta",
    ),
    Column(
        "account_name", required=False, en="Account name", id="Nama akun", es="Nombre de la cuenta"
    ),
    Column("description", en="Description", id="Deskripsi", es="Descripción"),
    Column("publish_time", en="Publish time", id="Waktu penerbitan", es="Hora de publicación"),
    Column("permalink", en="Permalink", id="Permalink", es="Enlace permanente"),
    Column("post_type", en="Post type", id="Jenis postingan", es="Tipo de publicación"),
    Column("date", en="Date", id="Tanggal", es="Fecha"),
    Counter("views", required=False, en="Views", id="Tayangan", es="Visualizaciones"),
    Counter("reach", required=False, en="Reach", id="Jangkauan", es="Alcance"),
    Counter("likes", en="Likes", id="Suka", es="Me gusta"),
    Counter(
        "shares",
        en="Shares",
        id="Frekuensi dibagikan",
        es=("Veces que se ha compartido", "Veces que se compartió"),
    ),
)
_COMMENTS = Counter("comments", en="Comments", id="Komentar", es="Comentarios")
_SAVES = Counter(
    "saves", en="Saves", id="Frekuensi Disimpan", es=("Veces guardado", "Veces que se guardó")
)
_NAVIGATION = Column("navigation", en="Navigation", id="Navigasi", es="Navegación")
_UNREAD = unread(
    *("Duration (sec)", "Durasi (detik)", "Duración (segundos)", "Duración (s)"),
    *("Data comment", "Komentar data", "Comentario sobre los datos"),
    *("Follows", "Mengikuti", "Seguidores", "Seguimientos"),
    *("Profile visits", "Kunjungan profil", "Visitas al perfil"),
    *("Replies", "Balasan", "Respuestas", "Link clicks", "Klik tautan"),
    *("Clics en el enlace", "Sticker taps", "Ketukan stiker", "Toques en stickers"),
)

CONTENT = Layout(
    platform=PLATFORM,
    kind="instagram_content",
    seen="2025-03 to 2026-04",
    read=_read,
    derived=_DERIVED,
    columns=(*_COLUMNS, _COMMENTS, _SAVES),
    unread=_UNREAD | frozenset(_NAVIGATION.locales),
)

#: The export of stories alone: they have replies and steps from one to the next instead of comments
#: and saves.
STORIES = Layout(
    platform=PLATFORM,
    kind="instagram_stories",
    seen="2025, in working parsers",
    read=_read,
    covers_posts=False,
    derived=_DERIVED,
    columns=(*_COLUMNS, _NAVIGATION),
    never=frozenset(_COMMENTS.locales) | frozenset(_SAVES.locales),
    unread=_UNREAD,
)

LAYOUTS = (CONTENT, STORIES)
