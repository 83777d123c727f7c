"""Instagram: the content export of Meta Business Suite (posts, reels, carousels, stories).

Seen: English 2025-03 to 2026-03, Spanish 2026-01 (es-LA and es-ES), Portuguese 2026, Indonesian in
working parsers; the words in German and French are inferred.
The metric columns stand in varying order. The file holds collaborators' posts too, under their own
account ID and with a blank reach. `Publish time` is Los Angeles wall time in every locale; the
permalink's shortcode encodes the time of upload.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from ingest.fields import numbers, values
from ingest.fields.layout import (
    Column,
    Counter,
    Layout,
    Platform,
    Prose,
    counter_headers,
    header_set,
)
from ingest.fields.values import Cell
from ingest.platforms.meta import content_columns, counters, post_kinds, post_types, publish_time

PLATFORM = Platform(
    "instagram", "Instagram", published_precision="minute", range_time_zone="America/Los_Angeles"
)

#: Instagram's epoch in milliseconds; the ID's upper 41 bits count from here.
_EPOCH_MS = 1314220021721
#: A shortcode is the base64url of the 64-bit media ID, most significant first: 11 characters of 6
#: bits; one more in front makes whole bytes. Private accounts append a key, which is cut off, so
#: that a post has one ID whatever its account was on the day.
_SHORTCODE_LENGTH = 11
_LINK = values.text("permalink")
#: How nearly all links of posts are written; the shortcode ends them.
_USUAL = (
    rf"^https://www\.instagram\.com/(?:p|reel|reels|tv)/[A-Za-z0-9_-]{{{_SHORTCODE_LENGTH}}}/?$"
)
#: An account can be called `p`, so that a story's link looks like a post's.
LINKED_SHORTCODE = pl.when(~_LINK.str.contains(r"(?i)instagram\.com/stories/")).then(
    _LINK.str.extract(
        r"(?i:instagram\.com/(?:[^/]+/)?(?:p|reel|reels|tv))/"
        rf"([A-Za-z0-9_-]{{1,{_SHORTCODE_LENGTH}}})"
    )
)


def shortcode_time(shortcode: pl.Expr) -> pl.Expr:
    """The instant (UTC, whole seconds) that a shortcode encodes; null where it is no shortcode."""
    standard = shortcode.str.replace_many(["-", "_"], ["+", "/"])
    octets = standard.str.pad_start(_SHORTCODE_LENGTH + 1, "A").str.decode("base64", strict=False)
    media_id = octets.bin.slice(1, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big")
    instant = (media_id // 2**23).cast(pl.Int64) + _EPOCH_MS
    return values.plausible(values.seconds(instant))


def _identify(frame: pl.DataFrame) -> pl.DataFrame:
    """The shortcode of a post's link, the instant that it encodes, and `is_nameless`.

    A story has no shortcode. Another post has one, by which other exports call it.
    """
    usual = _LINK.str.strip_suffix("/").str.tail(_SHORTCODE_LENGTH)
    shortcode = values.where_rare(frame, usual, ~_LINK.str.contains(_USUAL), LINKED_SHORTCODE)
    frame = frame.with_columns(shortcode.alias("shortcode"))
    is_foreign = ~_LINK.str.contains(r"(?i)instagram\.com")
    is_nameless = values.where_rare(
        frame, pl.lit(value=False), pl.col("shortcode").is_null(), is_foreign
    )
    return frame.with_columns(
        is_nameless.alias("is_nameless"), id_at=shortcode_time(pl.col("shortcode"))
    )


def _judge_links(frame: pl.DataFrame) -> pl.DataFrame:
    """`is_far`: whether a link's post is of another time than the printed one.

    One that was cut or written in other letters names another post; the file's other links confirm
    what is printed.
    """
    id_at, printed = pl.col("id_at"), pl.col("first_at")
    apart = (printed - id_at).abs()
    is_near = (apart <= timedelta(days=1)).fill_null(value=False)
    is_far = (apart > timedelta(days=365)) | (pl.col("shortcode").is_not_null() & id_at.is_null())
    is_wrong = is_far & (is_near.mean().over("file") >= 0.5)
    return frame.with_columns(is_far=is_wrong.fill_null(value=False))


#: The contract's counter to the field that tells it.
_COUNTERS = {
    "view_count": "views",
    "like_count": "likes",
    "comment_count": "comments",
    "share_count": "shares",
    "save_count": "saves",
}


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    shortcode, id_at, link = pl.col("shortcode"), pl.col("id_at"), _LINK
    published = publish_time.read("publish_time", id_at)
    delivered = values.identifier("post_id", "[0-9]+")
    # The shortcode is intact where a spreadsheet has eaten the number's digits.
    post_id = pl.coalesce(shortcode, delivered.value)
    is_nameless = pl.col("is_nameless")
    unidentified = (
        pl.when(is_nameless)
        .then(pl.lit("unreadable_link"))
        .when(post_id.is_null())
        .then(delivered.problem)
        .when(pl.col("is_far"))
        .then(pl.lit("id_differs_from_time"))
    )
    counts = numbers.counts(_COUNTERS, fields)
    if "reach" in fields:
        counts["reach_count"] = counters.reach()
    named = {"account_name": Cell(values.prose("account_name"))} if "account_name" in fields else {}
    return {
        "platform_account_id": values.account("account_id"),
        "account_handle": Cell(values.word("username").str.to_lowercase().str.strip_prefix("@")),
        # Only where the column is there: a customised export without reach says nothing of guests.
        "is_guest": Cell(
            # A reach that can't be read is one all the same.
            values.text("reach").is_null() if "reach" in fields else pl.lit(value=False)
        ),
        "post_id": Cell(
            post_id,
            unidentified,
            pl.format("{}, permalink = {}", delivered.text, link.fill_null("")),
            post_id.is_not_null() & ~is_nameless.fill_null(value=False) & ~pl.col("is_far"),
        ),
        "is_healed": Cell(shortcode.is_not_null() & delivered.value.is_null()),
        "delivered_post_id": Cell(values.text("post_id")),
        "permalink": Cell(link),
        "post_type": Cell(values.prose("post_type")),
        "post_kind": post_kinds.of_type("post_type"),
        "text": Cell(values.prose("description")),
        "published_at": published,
        "published_precision": Cell(pl.lit("minute")),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(published.value),
        "id_at": Cell(id_at),
        "is_story": post_types.is_story("post_type"),
        "date": counters.lifetime("date"),
        **named,
        **counts,
    }


_DERIVED = (
    _identify,
    publish_time.step("publish_time", pl.col("id_at")),
    _judge_links,
    values.rounded_ids_step("post_id", "account_id"),
    values.cut_account_ids_step("account_id"),
    counters.lost_reach_step("account_id", "likes"),
)
_COLUMNS = (
    content_columns.POST_ID,
    Column(
        "account_id",
        inferred=content_columns.INFERRED,
        en="Account ID",
        id="ID Akun",
        es="Identificador de la cuenta",
        pt="Identificação da conta",
        de="Konto-ID",
        fr="Identifiant du compte",
    ),
    Prose(
        "username",
        inferred=content_columns.INFERRED,
        en="Account username",
        id="Nama pengguna akun",
        es="Nombre de usuario de la cuenta",
        pt="Nome de usuário da conta",
        de="Benutzername des Kontos",
        fr="Nom d'utilisateur du compte",
    ),
    Prose(
        "account_name",
        required=False,
        inferred=content_columns.INFERRED,
        en="Account name",
        id="Nama akun",
        es="Nombre de la cuenta",
        pt="Nome da conta",
        de="Kontoname",
        fr="Nom du compte",
    ),
    content_columns.DESCRIPTION,
    content_columns.PUBLISH_TIME,
    content_columns.PERMALINK,
    content_columns.POST_TYPE,
    content_columns.DATE,
    content_columns.VIEWS,
    content_columns.REACH,
    Counter(
        "likes",
        inferred=content_columns.INFERRED,
        en="Likes",
        id="Suka",
        es="Me gusta",
        pt="Curtidas",
        de="„Gefällt mir“-Angaben",
        fr="Mentions J'aime",
    ),
    Counter(
        "shares",
        inferred=content_columns.INFERRED,
        en="Shares",
        id="Frekuensi dibagikan",
        es=("Veces que se ha compartido", "Veces que se compartió"),
        pt="Compartilhamentos",
        de="Geteilte Inhalte",
        fr="Partages",
    ),
)
_SAVES = Counter(
    "saves",
    inferred=content_columns.INFERRED,
    en="Saves",
    id="Frekuensi Disimpan",
    es=("Veces guardado", "Veces que se guardó"),
    pt="Salvamentos",
    de="Gespeicherte Inhalte",
    fr="Enregistrements",
)
_NAVIGATION = Column("navigation", en="Navigation", id="Navigasi", es="Navegación")
#: A story's link has no ID that could prove words that are inferred.
_STORY_COLUMNS = tuple(column.only("en", "id", "es") for column in _COLUMNS)
_UNREAD = (
    content_columns.DATA_COMMENT
    | content_columns.DURATION
    | header_set(
        "Follows",
        "Mengikuti",
        "Seguidores",
        "Seguimientos",
        "Seguimentos",
        "Follower",
        "Followers",
        "Profile visits",
        "Kunjungan profil",
        "Visitas al perfil",
        "Visitas ao perfil",
        "Profilaufrufe",
        "Visites du profil",
        "Replies",
        "Balasan",
        "Respuestas",
        "Respostas",
        "Antworten",
        "Réponses",
        "Link clicks",
        "Klik tautan",
        "Clics en el enlace",
        "Cliques no link",
        "Link-Klicks",
        "Clics sur un lien",
        "Sticker taps",
        "Ketukan stiker",
        "Toques en stickers",
        "Toques em figurinhas",
        "Sticker-Antippen",
        "Appuis sur un sticker",
    )
)


def _proof(fields: frozenset[str]) -> pl.Expr:
    """The shortcode's time is that of the printed one, give or take a day."""
    apart = (pl.col("first_at") - pl.col("id_at")).abs()
    return apart <= timedelta(days=1)


CONTENT = Layout(
    platform=PLATFORM,
    kind="instagram_content",
    seen="2025-03 to 2026-04",
    read=_read,
    derived=_DERIVED,
    proof=_proof,
    columns=(*_COLUMNS, content_columns.COMMENTS, _SAVES),
    always_filled=counter_headers(*_COLUMNS, content_columns.COMMENTS, _SAVES)
    - frozenset(content_columns.REACH.locales),
    ignored_headers=_UNREAD | frozenset(_NAVIGATION.locales),
    comment_headers=content_columns.DATA_COMMENT,
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
    columns=(*_STORY_COLUMNS, _NAVIGATION),
    forbidden_headers=frozenset(content_columns.COMMENTS.locales) | frozenset(_SAVES.locales),
    always_filled=counter_headers(*_STORY_COLUMNS) - frozenset(content_columns.REACH.locales),
    ignored_headers=_UNREAD,
    comment_headers=content_columns.DATA_COMMENT,
)

LAYOUTS = (CONTENT, STORIES)
