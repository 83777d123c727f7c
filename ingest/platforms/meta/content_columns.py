"""The columns that the content exports of Instagram and of Facebook have alike.

What belongs here: their words, as Instagram's exports were seen or, where `inferred`, as Meta's
pages have them. What does not: a column that one of them names otherwise, and in which languages a
platform's export was seen (that platform's `content.py`).
"""

from __future__ import annotations

from ingest.fields.layout import Column, Counter, Prose, header_set

#: No export in these languages was seen.
INFERRED = ("de", "fr")

POST_ID = Column(
    "post_id",
    inferred=INFERRED,
    en="Post ID",
    id="ID Postingan",
    es="Identificador de la publicación",
    pt="Identificação da publicação",
    de="Beitrags-ID",
    fr="Identifiant de la publication",
)
DESCRIPTION = Prose(
    "description",
    inferred=INFERRED,
    en="Description",
    id="Deskripsi",
    es="Descripción",
    pt="Descrição",
    de="Beschreibung",
    fr="Description",
)
PUBLISH_TIME = Column(
    "publish_time",
    inferred=INFERRED,
    en="Publish time",
    id="Waktu penerbitan",
    es="Hora de publicación",
    pt="Horário de publicação",
    de="Veröffentlichungszeit",
    fr="Heure de publication",
)
PERMALINK = Column(
    "permalink",
    inferred=INFERRED,
    en="Permalink",
    id="Permalink",
    es="Enlace permanente",
    pt="Link permanente",
    de="Permalink",
    fr="Permalien",
)
POST_TYPE = Prose(
    "post_type",
    inferred=INFERRED,
    en="Post type",
    id="Jenis postingan",
    es="Tipo de publicación",
    pt="Tipo de publicação",
    de="Beitragstyp",
    fr="Type de publication",
)
DATE = Column(
    "date",
    inferred=INFERRED,
    en="Date",
    id="Tanggal",
    es="Fecha",
    pt="Data",
    de="Datum",
    fr="Date",
)
VIEWS = Counter(
    "views",
    required=False,
    inferred=INFERRED,
    en="Views",
    id="Tayangan",
    es="Visualizaciones",
    pt="Visualizações",
    de="Aufrufe",
    fr="Vues",
)
REACH = Counter(
    "reach",
    required=False,
    inferred=INFERRED,
    en="Reach",
    id="Jangkauan",
    es="Alcance",
    pt="Alcance",
    de="Reichweite",
    fr="Couverture",
)
COMMENTS = Counter(
    "comments",
    inferred=INFERRED,
    en="Comments",
    id="Komentar",
    es="Comentarios",
    pt="Comentários",
    de="Kommentare",
    fr="Commentaires",
)

#: In which Meta says why it could not compute a record.
DATA_COMMENT = header_set(
    "Data comment",
    "Komentar data",
    "Comentario sobre los datos",
    "Comentário de dados",
    "Datenkommentar",
    "Commentaire sur les données",
)
DURATION = header_set(
    "Duration (sec)",
    "Duration (secs)",
    "Durasi (detik)",
    "Duración (segundos)",
    "Duración (s)",
    "Duração (segundos)",
    "Dauer (Sek.)",
    "Durée (s)",
)
