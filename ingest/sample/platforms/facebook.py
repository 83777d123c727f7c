"""Facebook's exports: posts in 20 to 212 columns, videos, and the workbooks of before 2018."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from ingest.sample import responses
from ingest.sample.fixture import PlatformFixture, PostIds, WorldShare, base64_digits, scattered
from ingest.sample.formats import ExportFormat
from ingest.sample.truth import AccountRow

_ZONE = "America/Los_Angeles"
_TIME_FORM = "{t:%m/%d/%Y %H:%M}"
_FILE_NAME = "{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv"
_INSIGHTS_NAME = "Facebook Insights Data Export (Post Level) - {handle} - {end:%Y-%m-%d}.xls"
_INSIGHTS_TIME_FORM = "{t:%Y-%m-%dT%H:%M:%S}"


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """The number of the post; one in twenty is delivered with the page's before it."""
    number = str(122_000_000_000_000 + serial * 97_000_003) + "7" * (serial % 2)
    delivered = number if serial % 20 else f"{row.platform_account_id}_{number}"
    link = number if serial % 3 else f"pfbid0{base64_digits(scattered(serial))}"
    return PostIds(number, delivered, link)


def _account_number(rng: Random) -> str:
    return str(100_060_000_000_000 + rng.randrange(10**10))


_CONTENT = ExportFormat(
    kind="facebook_content",
    locale="en",
    time_zone=_ZONE,
    time_form=_TIME_FORM,
    file_name=_FILE_NAME,
    encoding="utf-8-sig",
    fixed_cells={"lifetime": "Lifetime"},
    columns=(
        ("Post ID", "id"),
        ("Page ID", "owner"),
        ("Page name", "name"),
        ("Title", "title"),
        ("Description", "rest"),
        ("Duration (sec)", "seconds"),
        ("Publish time", "time"),
        ("Caption type", ""),
        ("Permalink", "link"),
        ("Is crosspost", "cross"),
        ("Is share", "repost"),
        ("Post type", "type"),
        ("Languages", ""),
        ("Custom labels", ""),
        ("Funded content status", ""),
        ("Data comment", ""),
        ("Date", "lifetime"),
        ("Views", "views"),
        ("Reach", "reach"),
        ("Reactions, Comments and Shares", "sum"),
        ("Reactions", "likes"),
        ("Comments", "comments"),
        ("Shares", "shares"),
        ("Total clicks", "few"),
        ("Link Clicks", ""),
        ("Other Clicks", "few"),
        ("Matched Audience Targeting Consumption (Photo Click)", ""),
        ("Seconds viewed", ""),
        ("Average Seconds viewed", ""),
        ("Estimated earnings (USD)", ""),
        ("Ad impressions", ""),
    ),
)
#: Either of the two columns of views can be the dead one.
_CONTENT_WITH_VIEWS_TWICE = ExportFormat(
    kind="facebook_content",
    locale="en",
    time_zone=_ZONE,
    time_form=_TIME_FORM,
    file_name=_FILE_NAME,
    encoding="utf-8-sig",
    fixed_cells={"lifetime": "Lifetime"},
    columns=(
        ("Post ID", "id"),
        ("Page ID", "owner"),
        ("Page name", "name"),
        ("Title", "title"),
        ("Description", "rest"),
        ("Duration (secs)", "seconds"),
        ("Publish time", "time"),
        ("Caption type", ""),
        ("Permalink", "link"),
        ("Is crosspost", "cross"),
        ("Is share", "repost"),
        ("Post type", "type"),
        ("Languages", ""),
        ("Custom labels", ""),
        ("Funded content status", ""),
        ("Data comment", ""),
        ("Date", "lifetime"),
        ("Views", "zero"),
        ("Reach", "reach"),
        ("Reactions, comments and shares", "sum"),
        ("Reactions", "likes"),
        ("Comments", "comments"),
        ("Shares", "shares"),
        ("Total clicks", "few"),
        ("Views", "views"),
        ("Reach from Organic posts", "reach"),
        ("Reach from Boosted posts", "zero"),
        ("3-second video views", "zero"),
        ("Negative feedback from users", "zero"),
        ("Other clicks", "few"),
        ("Link Clicks", ""),
    ),
)


def _inferred(locale: str, lifetime: str, *headers: str) -> ExportFormat:
    """The content export in a language in which none was seen: 23 columns in the same order."""
    fields = [field for _, field in _CONTENT.columns]
    return replace(
        _CONTENT,
        locale=locale,
        is_inferred=True,
        fixed_cells={"lifetime": lifetime},
        columns=tuple(zip(headers, fields, strict=False)),
    )


def _with_other_words(export_format: ExportFormat, shares: str, total: str) -> ExportFormat:
    """The same with other words for what was shared, as Instagram's exports have them."""
    words = {"shares": shares, "sum": total}
    columns = tuple((words.get(field, header), field) for header, field in export_format.columns)
    return replace(export_format, columns=columns)


_INDONESIAN = _inferred(
    "id",
    "Sepanjang Masa",
    "ID Postingan",
    "ID Halaman",
    "Nama Halaman",
    "Judul",
    "Deskripsi",
    "Durasi (detik)",
    "Waktu penerbitan",
    "Jenis keterangan",
    "Permalink",
    "Apakah postingan silang",
    "Apakah dibagikan",
    "Jenis postingan",
    "Bahasa",
    "Label khusus",
    "Status konten didanai",
    "Komentar data",
    "Tanggal",
    "Tayangan",
    "Jangkauan",
    "Reaksi, komentar, dan berbagi",
    "Reaksi",
    "Komentar",
    "Dibagikan",
)
_SPANISH = _inferred(
    "es",
    "Total",
    "Identificador de la publicación",
    "Identificador de la página",
    "Nombre de la página",
    "Título",
    "Descripción",
    "Duración (segundos)",
    "Hora de publicación",
    "Caption type",
    "Enlace permanente",
    "Es publicación cruzada",
    "Es contenido compartido",
    "Tipo de publicación",
    "Languages",
    "Custom labels",
    "Funded content status",
    "Comentario sobre los datos",
    "Fecha",
    "Visualizaciones",
    "Alcance",
    "Reacciones, comentarios y veces que se compartió",
    "Reacciones",
    "Comentarios",
    "Veces que se compartió",
)
_PORTUGUESE = _inferred(
    "pt",
    "Vitalício",
    "Identificação da publicação",
    "Identificação da Página",
    "Nome da Página",
    "Título",
    "Descrição",
    "Duração (segundos)",
    "Horário de publicação",
    "Caption type",
    "Link permanente",
    "É publicação cruzada",
    "É compartilhamento",
    "Tipo de publicação",
    "Languages",
    "Custom labels",
    "Funded content status",
    "Comentário de dados",
    "Data",
    "Visualizações",
    "Alcance",
    "Reações, comentários e compartilhamentos",
    "Reações",
    "Comentários",
    "Compartilhamentos",
)
_GERMAN = _inferred(
    "de",
    "Gesamtlaufzeit",
    "Beitrags-ID",
    "Seiten-ID",
    "Seitenname",
    "Titel",
    "Beschreibung",
    "Dauer (Sek.)",
    "Veröffentlichungszeit",
    "Caption type",
    "Permalink",
    "Ist Crosspost",
    "Ist geteilter Inhalt",
    "Beitragstyp",
    "Languages",
    "Custom labels",
    "Funded content status",
    "Datenkommentar",
    "Datum",
    "Aufrufe",
    "Reichweite",
    "Reaktionen, Kommentare und geteilte Inhalte",
    "Reaktionen",
    "Kommentare",
    "Geteilte Inhalte",
)
_FRENCH = _inferred(
    "fr",
    "Durée de vie",
    "Identifiant de la publication",
    "Identifiant de la Page",
    "Nom de la Page",
    "Titre",
    "Description",
    "Durée (s)",
    "Heure de publication",
    "Caption type",
    "Permalien",
    "Est une publication croisée",
    "Est un partage",
    "Type de publication",
    "Languages",
    "Custom labels",
    "Funded content status",
    "Commentaire sur les données",
    "Date",
    "Vues",
    "Couverture",
    "Réactions, commentaires et partages",
    "Réactions",
    "Commentaires",
    "Partages",
)

#: Videos; the second form has a link and views, as offices can choose.
_VIDEOS = (
    ExportFormat(
        kind="facebook_videos",
        locale="en",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_cells={"lifetime": "Lifetime"},
        columns=(
            ("Video asset ID", "plain"),
            ("Universal video ID", ""),
            ("Page ID", "owner"),
            ("Page name", "name"),
            ("Title", "title"),
            ("Description", "rest"),
            ("Duration (sec)", "seconds"),
            ("Publish time", "time"),
            ("Custom labels", ""),
            ("Data comment", ""),
            ("Date", "lifetime"),
            ("Reach", "reach"),
            ("3-second video views", "few"),
            ("1-minute video views", "few"),
            ("Seconds viewed", "few"),
            ("Average Seconds viewed", "few"),
            ("Reactions, comments and shares", "sum"),
            ("Reactions", "likes"),
            ("Comments", "comments"),
            ("Shares", "shares"),
            ("Estimated earnings (USD)", ""),
            ("Ad CPM (USD)", ""),
            ("Ad impressions", ""),
        ),
    ),
    ExportFormat(
        kind="facebook_videos",
        locale="en",
        time_zone=_ZONE,
        time_form=_TIME_FORM,
        file_name=_FILE_NAME,
        encoding="utf-8-sig",
        fixed_cells={"lifetime": "Lifetime"},
        columns=(
            ("Video asset ID", "plain"),
            ("Universal video ID", ""),
            ("Page ID", "owner"),
            ("Page name", "name"),
            ("Title", "text"),
            ("Duration (sec)", "seconds"),
            ("Publish time", "time"),
            ("Permalink", "link"),
            ("Custom labels", ""),
            ("Data comment", ""),
            ("Date", "lifetime"),
            ("Views", "views"),
            ("Reach", "reach"),
            ("3-second video views", "few"),
            ("Reactions, comments and shares", "sum"),
            ("Reactions", "likes"),
            ("Comments", "comments"),
            ("Shares", "shares"),
        ),
    ),
)


def _insights(file_type: str, reach: str, impressions: str) -> tuple[ExportFormat, ...]:
    """The sheets of the old workbook in one form and with one generation of headers."""
    return (
        ExportFormat(
            kind="facebook_insights",
            locale="en",
            time_zone=_ZONE,
            time_form=_INSIGHTS_TIME_FORM,
            file_name=_INSIGHTS_NAME,
            file_type=file_type,
            sheet="Key Metrics",
            has_typed_cells=True,
            has_description_row=True,
            columns=(
                ("Post ID", "page_post"),
                ("Permalink", "link"),
                ("Post Message", "text"),
                ("Type", "type"),
                ("Countries", ""),
                ("Languages", ""),
                ("Posted", "time"),
                ("Audience Targeting", ""),
                (reach, "reach"),
                ("Lifetime Post organic reach", "few"),
                (impressions, "impressions"),
            ),
        ),
        ExportFormat(
            kind="facebook_insights_stories",
            locale="en",
            time_zone=_ZONE,
            time_form=_INSIGHTS_TIME_FORM,
            file_name=_INSIGHTS_NAME,
            file_type=file_type,
            sheet="Lifetime Post Stories by act...",
            has_typed_cells=True,
            columns=(
                ("Description", ""),
                ("Post ID", "page_post"),
                ("Permalink", "link"),
                ("Post Message", "text"),
                ("Type", "type"),
                ("Countries", ""),
                ("Languages", ""),
                ("Posted", "time"),
                ("Audience Targeting", ""),
                ("share", "shares"),
                ("like", "likes"),
                ("comment", "comments"),
            ),
        ),
        ExportFormat(
            kind="facebook_insights_others",
            loads_nothing=True,
            locale="en",
            file_name=_INSIGHTS_NAME,
            file_type=file_type,
            sheet="Lifetime Negative Feedback",
            has_typed_cells=True,
            columns=(
                ("Description", "text"),
                ("Post ID", ""),
                ("Permalink", ""),
                ("Post Message", ""),
                ("Type", ""),
                ("Countries", ""),
                ("Languages", ""),
                ("Posted", ""),
                ("Audience Targeting", ""),
                ("hide_clicks", "zero"),
            ),
        ),
    )


#: The headers of reach and impressions, in words and as the metrics' own names.
_REACH, _IMPRESSIONS = "Lifetime Post Total Reach", "Lifetime Post Total Impressions"
_REACH_KEY, _IMPRESSIONS_KEY = "post_impressions_unique:lifetime", "post_impressions:lifetime"

#: What the widest exports add: the same counters by where they came from.
_WIDE_COUNTERS = (
    "Seconds viewed",
    "Reach",
    "3-second video views",
    "1-minute video views",
    "Video impressions",
    "Unique viewers",
    "Average seconds viewed",
    "Ad impressions",
    "Link clicks",
    "Photo clicks",
    "Video clicks",
    "Other clicks",
    "Profile visits",
)
_WIDE_SOURCES = (
    "Recommendations",
    "Shares",
    "Followers",
    "Boosted posts",
    "Organic posts",
    "Notifications",
    "Search",
    "Pages",
    "Groups",
    "Stories",
    "Watch",
    "Reels",
    "Explore",
    "Feed",
)
_WIDE_HEADERS = tuple(
    f"{counter} from {source}" for counter in _WIDE_COUNTERS for source in _WIDE_SOURCES
)
#: The widest export seen.
_WIDEST = 212


def _widest() -> ExportFormat:
    room = _WIDEST - len(_CONTENT.columns)
    more = tuple((header, "few") for header in _WIDE_HEADERS[:room])
    return replace(_CONTENT, columns=(*_CONTENT.columns, *more))


FIXTURE = PlatformFixture(
    platform="facebook",
    world_formats=(_CONTENT, _CONTENT_WITH_VIEWS_TWICE),
    further_formats=(
        *_VIDEOS,
        *_insights("xlsx", _REACH, _IMPRESSIONS),
        *_insights("xlsx", _REACH_KEY, _IMPRESSIONS_KEY),
        *_insights("xml", _REACH, _IMPRESSIONS),
        *_insights("xml", _REACH_KEY, _IMPRESSIONS_KEY),
        _widest(),
        _INDONESIAN,
        _with_other_words(
            _INDONESIAN,
            "Frekuensi dibagikan",
            "Reaksi, komentar, dan frekuensi dibagikan",
        ),
        _SPANISH,
        _with_other_words(
            _SPANISH,
            "Veces que se ha compartido",
            "Reacciones, comentarios y veces que se ha compartido",
        ),
        _PORTUGUESE,
        _GERMAN,
        _FRENCH,
        *responses.FACEBOOK,
    ),
    post_types=("Photos", "Reels", "Photos", "Videos"),
    cross_posted_type="Videos",
    links={
        "Photos": "https://www.facebook.com/{handle}/posts/{id}",
        "Reels": "https://www.facebook.com/reel/{id}/",
        "Videos": "https://www.facebook.com/{handle}/videos/{id}/",
    },
    ids=_ids,
    account_number=_account_number,
    published_precision="minute",
    published_source="printed",
    names_account_by_number=True,
    names_account_by_handle=False,
    marks_shares=True,
    world=WorldShare(
        place=2,
        offices=0.4,
        posts=1.2,
        handle_prefix="kemkum",
        fates=("alias", "quiet", "alias"),
    ),
)
