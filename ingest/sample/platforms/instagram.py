"""Instagram's exports: the content of posts, and of stories alone."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from random import Random

from ingest.sample import responses
from ingest.sample.fixture import (
    PlatformFixture,
    PostIds,
    WorldShare,
    base64_digits,
    scattered,
    seconds_since_1970,
)
from ingest.sample.formats import ExportFormat
from ingest.sample.truth import AccountRow, Post

_ZONE = "America/Los_Angeles"
_TIME_FORM = "{t:%m/%d/%Y %H:%M}"
_FILE_NAME = "{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv"
_POST_TYPES_ID = {
    "IG image": "Gambar IG",
    "IG reel": "Reel IG",
    "IG carousel": "Carousel IG",
    "IG story": "Cerita IG",
}
_POST_TYPES_ES = {
    "IG image": "Imagen de Instagram",
    "IG reel": "Reel de Instagram",
    "IG carousel": "Secuencia de Instagram",
    "IG story": "Historia de Instagram",
}
#: Instagram's epoch in milliseconds.
_EPOCH_MS = 1314220021721


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """A post goes by its shortcode, a story, which has none, by its number."""
    # The ID is made as the upload starts, up to 20 seconds before publication.
    milliseconds = seconds_since_1970(instant) * 1000 - serial % 20_000 - _EPOCH_MS
    number = milliseconds << 23 | scattered(serial) % 2**23
    delivered = str(17_800_000_000_000_000 + serial * 97_000_003)
    if is_story:
        return PostIds(delivered, delivered, str(number))
    shortcode = base64_digits(number)
    return PostIds(shortcode, delivered, shortcode)


def _id_time(post: Post) -> datetime | None:
    """The start of the upload, which the shortcode tells to the second."""
    if post.is_story:
        return None
    number = int.from_bytes(base64.urlsafe_b64decode("A" + post.post_id), "big")
    return datetime(1970, 1, 1) + timedelta(seconds=((number >> 23) + _EPOCH_MS) // 1000)


def _account_number(rng: Random) -> str:
    return str(17_841_400_000_000_000 + rng.randrange(10**10))


_WORLD_FORMATS = (
    ExportFormat(
        kind="instagram_content",
        locale="en",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Lifetime"},
        columns=(
            ("Post ID", "id"),
            ("Account ID", "owner"),
            ("Account username", "handle"),
            ("Account name", "name"),
            ("Description", "text"),
            ("Duration (sec)", "seconds"),
            ("Publish time", "time"),
            ("Permalink", "link"),
            ("Post type", "type"),
            ("Data comment", ""),
            ("Date", "lifetime"),
            ("Views", "views"),
            ("Reach", "reach"),
            ("Likes", "likes"),
            ("Shares", "shares"),
            ("Follows", ""),
            ("Comments", "comments"),
            ("Saves", "saves"),
        ),
    ),
    ExportFormat(
        kind="instagram_content",
        locale="id",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Sepanjang Masa"},
        post_type_words=_POST_TYPES_ID,
        columns=(
            ("ID Postingan", "id"),
            ("ID Akun", "owner"),
            ("Nama pengguna akun", "handle"),
            ("Nama akun", "name"),
            ("Deskripsi", "text"),
            ("Durasi (detik)", "seconds"),
            ("Waktu penerbitan", "time"),
            ("Permalink", "link"),
            ("Jenis postingan", "type"),
            ("Komentar data", ""),
            ("Tanggal", "lifetime"),
            ("Tayangan", "views"),
            ("Suka", "likes"),
            ("Frekuensi dibagikan", "shares"),
            ("Komentar", "comments"),
            ("Frekuensi Disimpan", "saves"),
            ("Jangkauan", "reach"),
            ("Mengikuti", ""),
        ),
    ),
)

_FURTHER_FORMATS = (
    ExportFormat(
        kind="instagram_content",
        locale="es",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Total"},
        post_type_words=_POST_TYPES_ES,
        columns=(
            ("identificador de la publicación", "id"),
            ("identificador de la cuenta", "owner"),
            ("nombre de usuario de la cuenta", "handle"),
            ("nombre de la cuenta", "name"),
            ("descripción", "text"),
            ("duración (segundos)", "seconds"),
            ("hora de publicación", "time"),
            ("enlace permanente", "link"),
            ("tipo de publicación", "type"),
            ("comentario sobre los datos", ""),
            ("fecha", "lifetime"),
            ("visualizaciones", "views"),
            ("alcance", "reach"),
            ("me gusta", "likes"),
            ("veces que se ha compartido", "shares"),
            ("seguidores", ""),
            ("comentarios", "comments"),
            ("veces guardado", "saves"),
        ),
    ),
    ExportFormat(
        kind="instagram_content",
        locale="es",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Total"},
        post_type_words=_POST_TYPES_ES,
        columns=(
            ("Identificador de la publicación", "id"),
            ("Identificador de la cuenta", "owner"),
            ("Nombre de usuario de la cuenta", "handle"),
            ("Nombre de la cuenta", "name"),
            ("Descripción", "text"),
            ("Duración (s)", "seconds"),
            ("Hora de publicación", "time"),
            ("Enlace permanente", "link"),
            ("Tipo de publicación", "type"),
            ("Comentario sobre los datos", ""),
            ("Fecha", "lifetime"),
            ("Visualizaciones", "views"),
            ("Alcance", "reach"),
            ("Me gusta", "likes"),
            ("Veces que se compartió", "shares"),
            ("Seguimientos", ""),
            ("Comentarios", "comments"),
            ("Veces que se guardó", "saves"),
        ),
    ),
    ExportFormat(
        kind="instagram_stories",
        holds_stories=True,
        locale="en",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Lifetime"},
        columns=(
            ("Post ID", "id"),
            ("Account ID", "owner"),
            ("Account username", "handle"),
            ("Account name", "name"),
            ("Description", "text"),
            ("Duration (sec)", "seconds"),
            ("Publish time", "time"),
            ("Permalink", "link"),
            ("Post type", "type"),
            ("Data comment", ""),
            ("Date", "lifetime"),
            ("Views", "views"),
            ("Reach", "reach"),
            ("Likes", "likes"),
            ("Shares", "shares"),
            ("Profile visits", "zero"),
            ("Replies", "few"),
            ("Sticker taps", "zero"),
            ("Navigation", "few"),
            ("Link clicks", "zero"),
            ("Follows", ""),
        ),
    ),
    ExportFormat(
        kind="instagram_stories",
        holds_stories=True,
        locale="id",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Sepanjang Masa"},
        post_type_words=_POST_TYPES_ID,
        columns=(
            ("ID Postingan", "id"),
            ("ID Akun", "owner"),
            ("Nama pengguna akun", "handle"),
            ("Nama akun", "name"),
            ("Deskripsi", "text"),
            ("Durasi (detik)", "seconds"),
            ("Waktu penerbitan", "time"),
            ("Permalink", "link"),
            ("Jenis postingan", "type"),
            ("Komentar data", ""),
            ("Tanggal", "lifetime"),
            ("Tayangan", "views"),
            ("Jangkauan", "reach"),
            ("Suka", "likes"),
            ("Frekuensi dibagikan", "shares"),
            ("Kunjungan profil", "zero"),
            ("Balasan", "few"),
            ("Navigasi", "few"),
            ("Ketukan stiker", "zero"),
            ("Klik tautan", "zero"),
            ("Mengikuti", ""),
        ),
    ),
    ExportFormat(
        kind="instagram_stories",
        holds_stories=True,
        locale="es",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Total"},
        post_type_words=_POST_TYPES_ES,
        columns=(
            ("Identificador de la publicación", "id"),
            ("Identificador de la cuenta", "owner"),
            ("Nombre de usuario de la cuenta", "handle"),
            ("Nombre de la cuenta", "name"),
            ("Descripción", "text"),
            ("Duración (s)", "seconds"),
            ("Hora de publicación", "time"),
            ("Enlace permanente", "link"),
            ("Tipo de publicación", "type"),
            ("Comentario sobre los datos", ""),
            ("Fecha", "lifetime"),
            ("Visualizaciones", "views"),
            ("Alcance", "reach"),
            ("Me gusta", "likes"),
            ("Veces que se compartió", "shares"),
            ("Visitas al perfil", "zero"),
            ("Respuestas", "few"),
            ("Navegación", "few"),
            ("Toques en stickers", "zero"),
            ("Clics en el enlace", "zero"),
            ("Seguimientos", ""),
        ),
    ),
    ExportFormat(
        kind="instagram_stories",
        holds_stories=True,
        locale="es",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_columns=11,
        fixed_cells={"lifetime": "Total"},
        post_type_words=_POST_TYPES_ES,
        columns=(
            ("identificador de la publicación", "id"),
            ("identificador de la cuenta", "owner"),
            ("nombre de usuario de la cuenta", "handle"),
            ("nombre de la cuenta", "name"),
            ("descripción", "text"),
            ("duración (segundos)", "seconds"),
            ("hora de publicación", "time"),
            ("enlace permanente", "link"),
            ("tipo de publicación", "type"),
            ("comentario sobre los datos", ""),
            ("fecha", "lifetime"),
            ("visualizaciones", "views"),
            ("alcance", "reach"),
            ("me gusta", "likes"),
            ("veces que se ha compartido", "shares"),
            ("visitas al perfil", "zero"),
            ("respuestas", "few"),
            ("navegación", "few"),
            ("toques en stickers", "zero"),
            ("clics en el enlace", "zero"),
            ("seguidores", ""),
        ),
    ),
)

FIXTURE = PlatformFixture(
    platform="instagram",
    world_formats=_WORLD_FORMATS,
    further_formats=(*_FURTHER_FORMATS, *responses.INSTAGRAM),
    post_types=(
        "IG image",
        "IG reel",
        "IG carousel",
        "IG image",
        "IG reel",
        "IG carousel",
        "IG image",
        "IG reel",
        "IG carousel",
        "IG image",
        "IG reel",
        "IG carousel",
        "IG story",
    ),
    story_type="IG story",
    links={
        "IG image": "https://www.instagram.com/p/{id}/",
        "IG carousel": "https://www.instagram.com/p/{id}/",
        "IG reel": "https://www.instagram.com/reel/{id}/",
        "IG story": "https://www.instagram.com/stories/{handle}/{id}/",
    },
    ids=_ids,
    id_time=_id_time,
    account_number=_account_number,
    published_precision="minute",
    published_source="printed",
    names_account_by_number=True,
    lists_guests=True,
    world=WorldShare(
        place=1,
        offices=1.0,
        posts=1.4,
        handle_prefix="kemkum_",
        fates=("unregistered", "renamed", "moved"),
    ),
)
